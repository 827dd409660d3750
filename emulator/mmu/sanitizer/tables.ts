import type { Geometry } from "../../arch/descriptor.js";
import type { PhysMemory } from "../phys-memory.js";
import { RAM_OFFSET } from "../phys-memory.js";
import { addressIn, isCacheable, isGlobal, kindOf, spanOf, type Descriptor } from "./descriptor.js";
import { below, NO_HIERARCHY, type Hierarchy } from "./outcome.js";

/**
 * The translation tables that hardware may know: everything that can be reached from a table base
 * register, or could be when the last TLBI of its ASID was complete. Each is kept as a copy, so that a write shows
 * what was there before.
 */

/** A first table under an ASID. */
export interface Root {
  readonly pa: number;
  readonly isHigh: boolean;
  /** Null for the high half: its entries are matched by the ASID of their use. */
  readonly asid: number | null;
  readonly geometry: Geometry;
  readonly startLevel: number;
  /** Entries, minus one. */
  readonly mask: number;
  /** First address of its half. */
  readonly base: number;
  /** A register holds it, synchronized or not: walks may begin here at any time. */
  isCurrent: boolean;
  /**
   * What was walked before may be in the TLB: an ASID's entries, and walks, or only the global leaves. What
   * overwrites the tables then takes those leaves out of sight.
   */
  cached: "all" | "global" | "nothing";
}

/** One way to a descriptor: the address it translates there. */
export interface Path {
  readonly root: Root;
  readonly va: number;
  readonly above: Hierarchy;
}

interface Link {
  readonly table: Table;
  readonly index: number;
}

export interface Table {
  readonly pa: number;
  readonly level: number;
  readonly geometry: Geometry;
  readonly entries: number;
  readonly lo: Int32Array;
  readonly hi: Int32Array;
  parents: Link[];
  roots: Root[];
  /** Unlinked, but a walk cache may lead here: how many such entries. */
  zombies: number;
}

/** Whether hardware may keep a descriptor that was found from a root, or walk through it. */
export function mayKeep(root: Root, d: Descriptor, geometry: Geometry): boolean {
  if (root.cached !== "global") return root.cached === "all";
  return kindOf(d, geometry) === "leaf" && isGlobal(d);
}

/** Told what becomes reachable and what ceases to be. */
export interface TableListener {
  leafAdded(table: Table, index: number): void;
  leafRemoved(table: Table, index: number): void;
  watch(pa: number, isWatched: boolean): void;
}

const PAGE = 4096;
/**
 * Copies kept at most, in bytes. A guest may point a base register anywhere; what does not fit is not
 * looked at.
 */
const MAX_BYTES = 64 * 2 ** 20;

export class Tables {
  readonly roots: Root[] = [];
  readonly #memory: PhysMemory;
  readonly #listener: TableListener;
  readonly #byPage = new Map<number, Table[]>();
  #bytes = 0;

  constructor(memory: PhysMemory, listener: TableListener) {
    this.#memory = memory;
    this.#listener = listener;
  }

  /** Tables that have bytes in the 4 KiB page of an address. */
  at(pa: number): readonly Table[] {
    return this.#byPage.get(Math.floor(pa / PAGE)) ?? [];
  }

  /** Every table, in the order they were found. */
  *all(): Generator<Table> {
    for (const [page, tables] of this.#byPage) {
      for (const table of tables) if (Math.floor(table.pa / PAGE) === page) yield table;
    }
  }

  descriptor(table: Table, index: number): Descriptor {
    return { lo: table.lo[index]!, hi: table.hi[index]!, level: table.level };
  }

  /** The descriptor as memory has it now. */
  read(table: Table, index: number): Descriptor {
    const at = (table.pa + 8 * index - this.#memory.ramBase + RAM_OFFSET) / 4;
    return { lo: this.#memory.i32[at]!, hi: this.#memory.i32[at + 1]!, level: table.level };
  }

  /** All ways to an entry; `limit` bounds a tree that branches back into itself. */
  paths(table: Table, index: number, limit = 64): Path[] {
    const offset = index * spanOf(table.geometry, table.level);
    const found: Path[] = table.roots.map((root) => ({
      root,
      va: root.base + offset,
      above: NO_HIERARCHY,
    }));
    for (const parent of table.parents) {
      if (found.length >= limit) break;
      const link = this.descriptor(parent.table, parent.index);
      for (const { root, va, above } of this.paths(parent.table, parent.index, limit)) {
        found.push({ root, va: va + offset, above: below(above, link.hi) });
      }
    }
    return found;
  }

  // Roots

  /** The root that is like `wanted`, new or known. */
  addRoot(wanted: Omit<Root, "isCurrent" | "cached">): Root {
    const known = this.roots.find(
      (r) =>
        r.pa === wanted.pa &&
        r.isHigh === wanted.isHigh &&
        r.asid === wanted.asid &&
        r.geometry === wanted.geometry &&
        r.mask === wanted.mask,
    );
    if (known !== undefined) return known;
    const root: Root = { ...wanted, isCurrent: false, cached: "nothing" };
    this.roots.push(root);
    const { pa, startLevel, geometry, mask } = wanted;
    const table = this.#reach(pa, startLevel, geometry, mask + 1);
    table?.roots.push(root);
    return root;
  }

  /** Nothing of the root can be in a TLB, and no register holds it. */
  dropRoot(root: Root): void {
    this.roots.splice(this.roots.indexOf(root), 1);
    for (const table of [...this.at(root.pa)]) {
      if (!table.roots.includes(root)) continue;
      table.roots = table.roots.filter((r) => r !== root);
      this.release(table);
    }
  }

  /**
   * Whether a tree has entries that belong to every ASID, but for those that other trees have, too, the same entry
   * for the same address.
   */
  hasGlobals(root: Root, others: (other: Root) => boolean): boolean {
    return this.#hasLeaf(root, (leaf, table, index) => {
      if (!isGlobal(leaf)) return false;
      const paths = this.paths(table, index);
      const elsewhere = paths.filter((path) => path.root !== root && others(path.root));
      return paths.some(
        (path) => path.root === root && !elsewhere.some(({ va }) => va === path.va),
      );
    });
  }

  /** Whether a tree translates anything. */
  hasLeaves(root: Root): boolean {
    return this.#hasLeaf(root, () => true);
  }

  #hasLeaf(root: Root, test: (leaf: Descriptor, table: Table, index: number) => boolean): boolean {
    const top = this.#rootTable(root);
    let found = false;
    if (top === undefined) return false;
    this.forEachBelow(top, (table, i) => {
      if (found) return;
      const d = this.descriptor(table, i);
      found = kindOf(d, table.geometry) === "leaf" && test(d, table, i);
    });
    return found;
  }

  #rootTable(root: Root): Table | undefined {
    return this.at(root.pa).find((table) => table.roots.includes(root));
  }

  // Links

  #childOf(table: Table, d: Descriptor): Table | undefined {
    const pa = addressIn(d, table.geometry);
    return this.#known(pa, table.level + 1, table.geometry, 2 ** table.geometry.indexBits);
  }

  #known(pa: number, level: number, geometry: Geometry, entries: number): Table | undefined {
    return this.at(pa).find(
      (t) => t.pa === pa && t.level === level && t.geometry === geometry && t.entries === entries,
    );
  }

  /** The table at an address, with all that it leads to; undefined if it is not RAM. */
  #reach(pa: number, level: number, geometry: Geometry, entries: number): Table | undefined {
    const known = this.#known(pa, level, geometry, entries);
    if (known !== undefined) return known;
    const bytes = 8 * entries;
    if (!this.#memory.contains(pa, bytes) || this.#bytes + bytes > MAX_BYTES) return undefined;
    const at = (pa - this.#memory.ramBase + RAM_OFFSET) / 4;
    const words = this.#memory.i32.subarray(at, at + 2 * entries);
    const table: Table = {
      pa,
      level,
      geometry,
      entries,
      lo: Int32Array.from({ length: entries }, (_, i) => words[2 * i]!),
      hi: Int32Array.from({ length: entries }, (_, i) => words[2 * i + 1]!),
      parents: [],
      roots: [],
      zombies: 0,
    };
    this.#bytes += bytes;
    for (const page of pagesOf(table)) {
      const there = this.#byPage.get(page);
      if (there === undefined) {
        this.#byPage.set(page, [table]);
        this.#listener.watch(page * PAGE, true);
      } else there.push(table);
    }
    for (let i = 0; i < entries; i++) this.#attach(table, i);
    return table;
  }

  #attach(table: Table, index: number): void {
    const d = this.descriptor(table, index);
    const kind = kindOf(d, table.geometry);
    if (kind === "leaf" && isCacheable(d, table.geometry)) this.#listener.leafAdded(table, index);
    if (kind !== "table") return;
    const { geometry, level } = table;
    const child = this.#reach(addressIn(d, geometry), level + 1, geometry, 2 ** geometry.indexBits);
    child?.parents.push({ table, index });
  }

  /** @returns the table the entry led to, if it is one we know: the caller releases it */
  #detach(table: Table, index: number): Table | undefined {
    const d = this.descriptor(table, index);
    const kind = kindOf(d, table.geometry);
    if (kind === "leaf" && isCacheable(d, table.geometry)) this.#listener.leafRemoved(table, index);
    if (kind !== "table") return undefined;
    const child = this.#childOf(table, d);
    if (child === undefined) return undefined;
    const at = child.parents.findIndex((p) => p.table === table && p.index === index);
    if (at >= 0) child.parents.splice(at, 1);
    return child;
  }

  /**
   * Take over what memory has in an entry.
   * @returns the table it no longer leads to: held as a zombie until `unhold`
   */
  update(table: Table, index: number): Table | undefined {
    const next = this.read(table, index);
    const child = this.#detach(table, index);
    if (child !== undefined) child.zombies++;
    table.lo[index] = next.lo;
    table.hi[index] = next.hi;
    this.#attach(table, index);
    return child;
  }

  /** No walk cache leads to the table any more. */
  unhold(table: Table): void {
    table.zombies--;
    this.release(table);
  }

  /** Forget a table that nothing leads to, and what only it leads to. */
  release(table: Table): void {
    if (table.parents.length > 0 || table.roots.length > 0 || table.zombies > 0) return;
    for (const page of pagesOf(table)) {
      const there = this.#byPage.get(page);
      const at = there?.indexOf(table) ?? -1;
      if (there === undefined || at < 0) return;
      there.splice(at, 1);
      if (there.length > 0) continue;
      this.#byPage.delete(page);
      this.#listener.watch(page * PAGE, false);
    }
    this.#bytes -= 8 * table.entries;
    for (let i = 0; i < table.entries; i++) {
      const child = this.#detach(table, i);
      if (child !== undefined) this.release(child);
    }
  }

  /** Visit every entry below a table that hardware may keep, once each. */
  forEachBelow(
    table: Table,
    visit: (table: Table, index: number) => void,
    seen = new Set<Table>(),
  ): void {
    if (seen.has(table)) return;
    seen.add(table);
    for (let i = 0; i < table.entries; i++) {
      const d = this.descriptor(table, i);
      if (!isCacheable(d, table.geometry)) continue;
      visit(table, i);
      if (kindOf(d, table.geometry) !== "table") continue;
      const child = this.#childOf(table, d);
      if (child !== undefined) this.forEachBelow(child, visit, seen);
    }
  }
}

function* pagesOf(table: Table): Generator<number> {
  const last = Math.floor((table.pa + 8 * table.entries - 1) / PAGE);
  for (let page = Math.floor(table.pa / PAGE); page <= last; page++) yield page;
}
