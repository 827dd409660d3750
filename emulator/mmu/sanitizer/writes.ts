import { RAM_OFFSET } from "../phys-memory.js";
import { Aliases, type Alias } from "./aliases.js";
import {
  addressIn,
  isCacheable,
  isContiguous,
  isGlobal,
  isSameTranslation,
  kindOf,
  needsBreak,
  spanOf,
  type Descriptor,
} from "./descriptor.js";
import type { Place } from "./report.js";
import type { Reporter } from "./reporter.js";
import { mayKeep, type Path, type Table } from "./tables.js";

/** What can go wrong where a descriptor is written, and what has to follow. */
export class Writes {
  readonly #r: Reporter;
  readonly #aliases = new Aliases();
  /** Nothing was announced since the inline TLB was emptied. */
  isInlineEmpty = false;
  /** Who made what is being discovered reachable. */
  discoverer: Place | null = null;

  constructor(reporter: Reporter) {
    this.#r = reporter;
  }

  /** Memory types are others now. */
  remap(): void {
    this.#aliases.clear();
    this.#r.contiguous = 0;
    for (const table of this.#r.tables.all()) {
      for (let i = 0; i < table.entries; i++) {
        const d = this.#r.tables.descriptor(table, i);
        const isLeaf = kindOf(d, table.geometry) === "leaf" && isCacheable(d, table.geometry);
        if (isLeaf) this.leafAdded(table, i);
      }
    }
  }

  written(pa: number, bytes: number): void {
    for (const table of [...this.#r.tables.at(pa)]) {
      // A write to one table of the page may have ended another: the page pointed to itself.
      const first = Math.max(0, Math.floor((pa - table.pa) / 8));
      const last = Math.min(table.entries - 1, Math.floor((pa + bytes - 1 - table.pa) / 8));
      for (let i = first; i <= last; i++) {
        if (this.#r.tables.at(pa).includes(table)) this.#slotWritten(table, i, bytes);
      }
    }
  }

  #slotWritten(table: Table, index: number, bytes: number): void {
    const tables = this.#r.tables;
    const { geometry } = table;
    const old = tables.descriptor(table, index);
    const next = tables.read(table, index);
    if (old.lo === next.lo && old.hi === next.hi) return;
    const place = this.#r.here();
    const paths = tables.paths(table, index).filter(({ root }) => mayKeep(root, old, geometry));
    if (table.zombies > 0 && (next.lo & 1) !== 0) this.#reportReuse(table, index, old, place);
    if (paths.length === 0) {
      this.#take(table, index);
      return;
    }
    const isData = (place.kind === "guest" && place.el === 0) || bytes > 16;
    if (isData && (next.lo & 1) !== 0) this.#reportInUse(table, index, old, place, paths[0]!);
    else this.#checkBreak(table, index, old, next, place, paths[0]!);
    this.#r.writers.set(table.pa + 8 * index, place);

    const below = isCacheable(old, geometry) ? this.#reachableThrough(table, index) : [];
    this.discoverer = place;
    const child = tables.update(table, index);
    this.discoverer = null;
    const { pending } = this.#r.maintenance;
    for (const earlier of [...pending.of(table, index)]) {
      const restored =
        earlier.old !== null &&
        isCacheable(next, geometry) &&
        isSameTranslation(earlier.old, next, geometry);
      if (restored || earlier.old === null) this.#r.maintenance.finish(earlier);
    }
    if (isCacheable(old, geometry)) {
      if (isCacheable(next, geometry) && isSameTranslation(old, next, geometry)) {
        if (child !== undefined) tables.unhold(child);
        return;
      }
      // Taking the Access flag away takes no translation away: only the next fault is put off.
      const onlyAged = isSameTranslation({ ...old, lo: old.lo & ~(1 << 10) }, next, geometry);
      if (onlyAged) return;
      this.#r.maintenance.add(table, index, old, old, paths, place, child ?? null);
      for (const entry of below) this.#unreachable(entry, place);
      this.#emptyInline();
    } else {
      if (child !== undefined) tables.unhold(child);
      if (isCacheable(next, geometry)) {
        this.#r.maintenance.add(table, index, null, old, paths, place, null);
      }
    }
  }

  /** Follow a write that no walk can see. */
  #take(table: Table, index: number): void {
    const child = this.#r.tables.update(table, index);
    if (child !== undefined) this.#r.tables.unhold(child);
  }

  #emptyInline(): void {
    if (this.isInlineEmpty) return;
    this.#r.mmu.forgetInline();
    this.isInlineEmpty = true;
  }

  /** Everything below a table descriptor, with the ways to it. */
  #reachableThrough(
    table: Table,
    index: number,
  ): { readonly table: Table; readonly index: number; readonly paths: readonly Path[] }[] {
    const d = this.#r.tables.descriptor(table, index);
    if (kindOf(d, table.geometry) !== "table") return [];
    const found: { table: Table; index: number; paths: readonly Path[] }[] = [];
    const pa = addressIn(d, table.geometry);
    const child = this.#r.tables.at(pa).find((t) => t.pa === pa && t.level === table.level + 1);
    if (child === undefined) return [];
    this.#r.tables.forEachBelow(child, (at, i) => {
      found.push({ table: at, index: i, paths: this.#r.tables.paths(at, i) });
    });
    return found;
  }

  /** A table above was unlinked: what can no longer be reached on some way may still be in the TLB. */
  #unreachable(
    entry: { readonly table: Table; readonly index: number; readonly paths: readonly Path[] },
    place: Place,
  ): void {
    const { table, index } = entry;
    const left = this.#r.tables.paths(table, index);
    const d = this.#r.tables.descriptor(table, index);
    const gone = entry.paths.filter(
      (path) =>
        mayKeep(path.root, d, table.geometry) &&
        !left.some(({ root, va }) => root === path.root && va === path.va),
    );
    if (gone.length > 0) this.#r.maintenance.add(table, index, d, d, gone, place, null);
  }

  /** A leaf became reachable. */
  leafAdded(table: Table, index: number): void {
    if (isContiguous(this.#r.tables.descriptor(table, index))) this.#r.contiguous++;
    const found = this.#aliases.add(this.#r.tables, table, index, this.#r.context.regime);
    if (found !== null) this.#reportAlias(found.added, found.other);
  }

  #reportAlias(added: Alias, other: Alias): void {
    const name = ({ table, index }: Alias): string => {
      const va = this.#r.tables.paths(table, index)[0]?.va;
      return `the descriptor at 0x${(table.pa + 8 * index).toString(16)}${
        va === undefined ? "" : ` for 0x${BigInt.asUintN(64, BigInt(va)).toString(16)}`
      }`;
    };
    const path = this.#r.tables.paths(added.table, added.index)[0];
    const asid = path?.root.asid ?? null;
    this.#r.report("mismatched-attributes", {
      descriptor: this.#r.descriptor(added.table, added.index, path?.va ?? 0, asid, null),
      writer: this.discoverer,
      detail: `${name(other)} maps the same memory as ${other.type}`,
    });
  }

  #checkBreak(
    table: Table,
    index: number,
    old: Descriptor,
    next: Descriptor,
    place: Place,
    path: Path,
  ): void {
    const { geometry } = table;
    if (!isCacheable(next, geometry)) return;
    const kept = this.#r.maintenance.keptOf(table, index);
    for (const d of isCacheable(old, geometry) ? [old, ...kept] : kept) {
      const same = (): boolean => this.#sameContents(table, d, next);
      const why = needsBreak(d, next, geometry, this.#r.context.regime, same);
      if (why === null) continue;
      const global = kindOf(d, geometry) === "leaf" && isGlobal(d);
      const asid = global ? null : path.root.asid;
      this.#r.report("break-before-make", {
        descriptor: this.#r.descriptor(table, index, path.va, asid, d),
        writer: place,
        detail: d === old ? why : `${why}, and the invalidation of the old entry is not complete`,
      });
      return;
    }
  }

  #sameContents(table: Table, a: Descriptor, b: Descriptor): boolean {
    const { geometry } = table;
    const { memory } = this.#r.mmu;
    const isTable = kindOf(a, geometry) === "table";
    const bytes = isTable ? geometry.pageBytes : spanOf(geometry, a.level);
    const at = [addressIn(a, geometry), addressIn(b, geometry)];
    if (!at.every((pa) => memory.contains(pa, bytes))) return false;
    const [x, y] = at.map((pa) => pa - memory.ramBase + RAM_OFFSET) as [number, number];
    for (let i = 0; i < bytes; i += 4)
      if (memory.i32[(x + i) / 4] !== memory.i32[(y + i) / 4]) return false;
    return true;
  }

  #reportInUse(table: Table, index: number, old: Descriptor, place: Place, path: Path): void {
    this.#r.report("table-in-use", {
      descriptor: this.#r.descriptor(table, index, path.va, path.root.asid, old),
      writer: place,
      detail: "data was written over a table that a walk can reach",
    });
  }

  #reportReuse(table: Table, index: number, old: Descriptor, place: Place): void {
    for (const pending of this.#r.maintenance.pending) {
      const path = pending.paths.find((p) => !p.complete);
      if (pending.child !== table || path === undefined) continue;
      const { pa } = table;
      this.#r.report("table-in-use", {
        descriptor: this.#r.descriptor(
          table,
          index,
          path.va + index * spanOf(table.geometry, table.level),
          path.asid,
          old,
        ),
        writer: place,
        maintenance: pending.narrow ?? pending.early,
        detail: `the table at 0x${pa.toString(16)} was unlinked, but walk caches may still lead to it`,
      });
      return;
    }
  }

  /** And is no longer. */
  leafRemoved(table: Table, index: number): void {
    if (isContiguous(this.#r.tables.descriptor(table, index))) this.#r.contiguous--;
    this.#aliases.remove(this.#r.tables, table, index);
  }
}
