import type { SysregName } from "../../arch/sysreg.js";
import type { CpuState } from "../../cpu/state.js";
import type { Access } from "../access.js";
import type { Mmu } from "../mmu.js";
import type { Barrier, MmuObserver, Synchronization, TlbiOperation } from "../observer.js";
import { RAM_OFFSET } from "../phys-memory.js";
import { Aliases, type Alias } from "./aliases.js";
import { ContextWatch, type ContextChange } from "./context.js";
import {
  addressIn,
  describeDescriptor,
  isCacheable,
  isContiguous,
  isSameTranslation,
  kindOf,
  needsBreak,
  spanOf,
  type Descriptor,
} from "./descriptor.js";
import { findConflict, type Conflict } from "./contiguous.js";
import { Maintenance, type Hazard } from "./maintenance.js";
import { Outcomes, vaNumber, type Use } from "./outcome.js";
import {
  MMU_RULES,
  reportKey,
  type MmuReport,
  type MmuRule,
  type Place,
  type ReportedAccess,
  type ReportedDescriptor,
  type ReportedValue,
} from "./report.js";
import { Tables, type Path, type Root, type Table } from "./tables.js";

export interface SanitizerOptions {
  /** Told of each report once, when it is new. */
  readonly onReport?: (report: MmuReport) => void;
  /** What the host, playing the kernel, is doing right now: a name, worked out when it is wanted. */
  readonly hostRoutine?: () => () => string;
}

const WHAT = ["read", "write", "fetch"] as const;

/**
 * Watches software keep translation tables, TLB and context in step, and reports where it relies on hardware
 * not using the freedom the architecture gives it: to keep any translation that is reachable, and every
 * table on the way, until a TLBI that covers it is complete.
 *
 * Not seen: writes to tables before anything leads to them, and what other observers of memory
 * would see (there is one CPU).
 */
export class MmuSanitizer implements MmuObserver {
  readonly #mmu: Mmu;
  readonly #cpu: CpuState;
  readonly #options: SanitizerOptions;
  readonly #tables: Tables;
  readonly #maintenance: Maintenance;
  readonly #context: ContextWatch;
  readonly #aliases = new Aliases();
  readonly #outcomes: Outcomes;
  readonly #reports = new Map<string, MmuReport>();
  /** Who wrote a descriptor last. */
  readonly #writers = new Map<number, Place>();
  /** Leaves with the Contiguous bit. */
  #contiguous = 0;
  /** Nothing was announced since the inline TLB was emptied. */
  #isInlineEmpty = false;
  /** Who made what is being discovered reachable. */
  #discoverer: Place | null = null;

  constructor(mmu: Mmu, cpu: CpuState, options: SanitizerOptions = {}) {
    this.#mmu = mmu;
    this.#cpu = cpu;
    this.#options = options;
    this.#outcomes = new Outcomes(mmu.memory);
    this.#tables = new Tables(mmu.memory, {
      leafAdded: (table, index) => {
        this.#leafAdded(table, index);
      },
      leafRemoved: (table, index) => {
        if (isContiguous(this.#tables.descriptor(table, index))) this.#contiguous--;
        this.#aliases.remove(this.#tables, table, index);
      },
      watch: (pa, isWatched) => {
        mmu.watch(pa, isWatched);
      },
    });
    this.#maintenance = new Maintenance(this.#tables);
    this.#context = new ContextWatch(cpu, this.#tables);
    this.#context.synchronized();
  }

  /** What was found so far, each once. */
  get reports(): readonly MmuReport[] {
    return [...this.#reports.values()];
  }

  /** Tables that are followed, for adversaries and checkers. */
  get tables(): Tables {
    return this.#tables;
  }

  get root(): Root | null {
    return this.#context.low;
  }

  #here(): Place {
    const instruction = this.#cpu.instructionCount;
    if (this.#mmu.position !== "host") {
      const pc = vaNumber(this.#cpu.pcLo, this.#cpu.pcHi);
      return { kind: "guest", pc, instruction, el: this.#cpu.el };
    }
    return new HostPlace(instruction, this.#options.hostRoutine?.() ?? (() => "host"));
  }

  // Reports

  #report(
    rule: MmuRule,
    parts: Partial<Omit<MmuReport, "rule" | "count" | "advice">> & { readonly advice?: string },
  ): void {
    const report: MmuReport = {
      rule,
      descriptor: null,
      writer: null,
      register: null,
      maintenance: null,
      access: null,
      detail: "",
      advice: MMU_RULES[rule].advice,
      count: 1,
      ...parts,
    };
    const key = reportKey(report);
    const known = this.#reports.get(key);
    if (known !== undefined) {
      known.count++;
      return;
    }
    this.#reports.set(key, report);
    this.#options.onReport?.(report);
  }

  #value(d: Descriptor, table: Table): ReportedValue {
    const value = (BigInt(d.hi >>> 0) << 32n) | BigInt(d.lo >>> 0);
    return { value, text: describeDescriptor(d, table.geometry, this.#context.regime) };
  }

  #reported(
    table: Table,
    index: number,
    va: number,
    asid: number | null,
    old: Descriptor | null,
  ): ReportedDescriptor {
    return {
      pa: table.pa + 8 * index,
      level: table.level,
      va,
      asid,
      old: old === null ? null : this.#value(old, table),
      now: this.#value(this.#tables.read(table, index), table),
    };
  }

  #access(use: Use, stale: string, now: string): ReportedAccess {
    const { access, el } = use;
    const va = vaNumber(use.vaLo, use.vaHi);
    return { place: this.#here(), va, what: WHAT[access], el, stale, now };
  }

  // Uses of translations

  accessed(
    vaLo: number,
    vaHi: number,
    access: Access,
    el: 0 | 1,
    pan: boolean,
    exact: boolean,
  ): boolean {
    this.#isInlineEmpty = false;
    const context = this.#context;
    const quiet = this.#maintenance.pending.size === 0 && context.isQuiet && this.#contiguous === 0;
    if (quiet) return false;
    const use: Use = { vaLo, vaHi, access, el, pan };
    // What is fetched is where the CPU is: that position is always exact.
    return [
      this.#checkContext(use, exact),
      this.#checkMaintenance(use, exact),
      this.#checkRivals(use, exact),
      this.#checkContiguous(use, exact),
    ].includes(true);
  }

  /** @returns true to be asked again with an exact position */
  #checkContext(use: Use, exact: boolean): boolean {
    const { changes, synced, regime } = this.#context;
    const change = changes.at(-1);
    if (change === undefined || synced === null) return false;
    let stale = this.#outcomes.underRegime(use, synced);
    let now = this.#outcomes.underRegime(use, regime);
    if (synced.enabled !== regime.enabled) {
      // An identity mapping is what makes switching translation on and off possible.
      if (stale.split(" as ")[0] === now.split(" as ")[0]) return false;
    }
    if (stale === now) return false;
    if (!exact) return true;
    stale += " (before)";
    now += " (after)";
    this.#report("context-without-isb", {
      ...ofRegister(change),
      access: this.#access(use, stale, now),
    });
    return false;
  }

  #checkMaintenance(use: Use, exact: boolean): boolean {
    const { regime } = this.#context;
    const maintenance = this.#maintenance;
    if (maintenance.pending.size === 0 || !regime.enabled) return false;
    const va = vaNumber(use.vaLo, use.vaHi);
    for (const hazard of [...maintenance.hazards(va, regime.asid, use.access)]) {
      const now = this.#outcomes.underRegime(use, regime);
      const stale = this.#staleOutcome(hazard, use);
      if (stale === now) continue;
      if (!exact) return true;
      this.#reportHazard(hazard, this.#access(use, stale, now));
      maintenance.pending.dropPath(hazard.pending, hazard.path);
      if (hazard.pending.paths.length === 0) maintenance.finish(hazard.pending);
    }
    return false;
  }

  #staleOutcome({ pending, path }: Hazard, use: Use): string {
    const { regime } = this.#context;
    const { old, table, was } = pending;
    if (old === null) {
      const what = (was.lo & 1) === 0 ? "translation fault" : "access flag fault";
      return `${what}, level ${was.level}`;
    }
    const { geometry } = table;
    if (kindOf(old, geometry) === "leaf") {
      return this.#outcomes.throughLeaf(use, regime, old, geometry, path.above);
    }
    return this.#outcomes.fromTable(use, regime, addressIn(old, geometry), old.level + 1);
  }

  #reportHazard({ pending, path, rule, shortfall }: Hazard, access: ReportedAccess | null): void {
    const { table, index, old, was, writer } = pending;
    this.#report(rule, {
      descriptor: this.#reported(table, index, path.va, path.asid, old ?? was),
      writer,
      maintenance: shortfall,
      access,
    });
  }

  /** Tables of before, whose entries still match. */
  #checkRivals(use: Use, exact: boolean): boolean {
    const { rivals, changes, regime, lastChange } = this.#context;
    if (rivals.length === 0 || changes.length > 0 || !regime.enabled) return false;
    for (const rival of rivals) {
      if (rival.cached === "nothing" || (use.vaHi & (1 << 23)) !== 0) continue;
      const outcomes = this.#outcomes;
      const stale = outcomes.fromTable(use, regime, rival.pa, rival.startLevel, rival.mask);
      const { fault, ptePa, pteLo, pteHi, level } = outcomes.last;
      if (fault >= 0) continue;
      const global = (pteLo & (1 << 11)) === 0;
      if (!global && (rival.cached !== "all" || rival.asid !== regime.asid)) continue;
      const now = outcomes.underRegime(use, regime);
      if (stale === now) continue;
      if (!exact) return true;
      const table = this.#tables.at(ptePa).find((t) => t.level === level);
      if (table === undefined) continue;
      const va = Math.floor(vaNumber(use.vaLo, use.vaHi) / spanOf(table.geometry, level));
      const index = (ptePa - table.pa) / 8;
      const old: Descriptor = { lo: pteLo, hi: pteHi, level };
      this.#report(global ? "tlb-conflict" : "asid-reuse", {
        ...(lastChange === null ? {} : ofRegister(lastChange)),
        descriptor: this.#reported(
          table,
          index,
          va * spanOf(table.geometry, level),
          global ? null : rival.asid,
          old,
        ),
        access: this.#access(use, stale, now),
        detail: global
          ? "a global entry of other tables matches under every ASID"
          : "entries of other tables carry the same ASID",
      });
      this.#context.forgive(rival);
    }
    return false;
  }

  #checkContiguous(use: Use, exact: boolean): boolean {
    const { regime } = this.#context;
    if (this.#contiguous === 0 || !regime.enabled) return false;
    const now = this.#outcomes.underRegime(use, regime);
    const { fault, ptePa, level } = this.#outcomes.last;
    if (fault >= 0) return false;
    const table = this.#tables.at(ptePa).find((t) => t.level === level);
    if (table === undefined) return false;
    const conflict = findConflict(this.#tables, table, (ptePa - table.pa) / 8);
    if (conflict === null) return false;
    if (!exact) return true;
    this.#reportContiguous(conflict, use, now);
    return false;
  }

  #reportContiguous({ table, index, why }: Conflict, use: Use, now: string): void {
    const path = this.#tables.paths(table, index)[0];
    this.#report("tlb-conflict", {
      descriptor: this.#reported(table, index, path?.va ?? 0, path?.root.asid ?? null, null),
      writer: this.#writers.get(table.pa + 8 * index) ?? null,
      access: this.#access(use, "either entry, or a TLB conflict abort", now),
      detail: why,
      advice:
        "give all entries of the group the bit, consecutive addresses and the same attributes",
    });
  }

  // Maintenance

  invalidated(operation: TlbiOperation): boolean {
    this.#maintenance.invalidated(operation, this.#here());
    return false;
  }

  barrier(barrier: Barrier): void {
    this.#maintenance.barrier(barrier);
  }

  synchronized(_by: Synchronization): void {
    this.#maintenance.synchronized();
    this.#context.synchronized();
  }

  contextWritten(name: SysregName, old: bigint, value: bigint): void {
    const place = this.#here();
    this.#discoverer = place;
    this.#context.written({ name, old, value, place }, this.#mmu.regime);
    if (name === "MAIR_EL1") this.#remap();
    this.#discoverer = null;
    // The host's writes take effect at once.
    if (place.kind === "host") this.synchronized("host");
  }

  /** Memory types are others now. */
  #remap(): void {
    this.#aliases.clear();
    this.#contiguous = 0;
    for (const table of this.#tables.all()) {
      for (let i = 0; i < table.entries; i++) {
        const d = this.#tables.descriptor(table, i);
        const isLeaf = kindOf(d, table.geometry) === "leaf" && isCacheable(d, table.geometry);
        if (isLeaf) this.#leafAdded(table, i);
      }
    }
  }

  /** Report what software should have completed by now, whether an access shows it or not. */
  settle(): void {
    const { pending } = this.#maintenance;
    for (const hazard of [...this.#maintenance.due()]) {
      this.#reportHazard(hazard, null);
      pending.dropPath(hazard.pending, hazard.path);
      if (hazard.pending.paths.length === 0) this.#maintenance.finish(hazard.pending);
    }
  }

  // Tables

  written(pa: number, bytes: number): void {
    for (const table of [...this.#tables.at(pa)]) {
      const first = Math.max(0, Math.floor((pa - table.pa) / 8));
      const last = Math.min(table.entries - 1, Math.floor((pa + bytes - 1 - table.pa) / 8));
      for (let i = first; i <= last; i++) this.#slotWritten(table, i, bytes);
    }
  }

  #slotWritten(table: Table, index: number, bytes: number): void {
    const tables = this.#tables;
    const { geometry } = table;
    const old = tables.descriptor(table, index);
    const next = tables.read(table, index);
    if (old.lo === next.lo && old.hi === next.hi) return;
    const place = this.#here();
    const paths = tables.paths(table, index).filter(({ root }) => root.cached !== "nothing");
    if (table.zombies > 0 && (next.lo & 1) !== 0) this.#reportReuse(table, index, old, place);
    if (paths.length === 0) {
      this.#take(table, index);
      return;
    }
    const isData = (place.kind === "guest" && place.el === 0) || bytes > 16;
    if (isData && (next.lo & 1) !== 0) this.#reportInUse(table, index, old, place, paths[0]!);
    else this.#checkBreak(table, index, old, next, place, paths[0]!);
    this.#writers.set(table.pa + 8 * index, place);

    const below = isCacheable(old, geometry) ? this.#reachableThrough(table, index) : [];
    this.#discoverer = place;
    const child = tables.update(table, index);
    this.#discoverer = null;
    const { pending } = this.#maintenance;
    for (const earlier of [...pending.of(table, index)]) {
      const restored =
        earlier.old !== null &&
        isCacheable(next, geometry) &&
        isSameTranslation(earlier.old, next, geometry);
      if (restored || earlier.old === null) this.#maintenance.finish(earlier);
    }
    if (isCacheable(old, geometry)) {
      if (isCacheable(next, geometry) && isSameTranslation(old, next, geometry)) {
        if (child !== undefined) tables.unhold(child);
        return;
      }
      // Taking the Access flag away takes no translation away: only the next fault is put off.
      const onlyAged = isSameTranslation({ ...old, lo: old.lo & ~(1 << 10) }, next, geometry);
      if (onlyAged) return;
      this.#maintenance.add(table, index, old, old, paths, place, child ?? null);
      for (const entry of below) this.#unreachable(entry, place);
      this.#emptyInline();
    } else {
      if (child !== undefined) tables.unhold(child);
      if (isCacheable(next, geometry)) {
        this.#maintenance.add(table, index, null, old, paths, place, null);
      }
    }
  }

  /** Follow a write that no walk can see. */
  #take(table: Table, index: number): void {
    const child = this.#tables.update(table, index);
    if (child !== undefined) this.#tables.unhold(child);
  }

  #emptyInline(): void {
    if (this.#isInlineEmpty) return;
    this.#mmu.forgetInline();
    this.#isInlineEmpty = true;
  }

  /** Everything below a table descriptor, with the ways to it. */
  #reachableThrough(
    table: Table,
    index: number,
  ): { readonly table: Table; readonly index: number; readonly paths: readonly Path[] }[] {
    const d = this.#tables.descriptor(table, index);
    if (kindOf(d, table.geometry) !== "table") return [];
    const found: { table: Table; index: number; paths: readonly Path[] }[] = [];
    const pa = addressIn(d, table.geometry);
    const child = this.#tables.at(pa).find((t) => t.pa === pa && t.level === table.level + 1);
    if (child === undefined) return [];
    this.#tables.forEachBelow(child, (at, i) => {
      found.push({ table: at, index: i, paths: this.#tables.paths(at, i) });
    });
    return found;
  }

  /** A table above was unlinked: what can no longer be reached on some way may still be in the TLB. */
  #unreachable(
    entry: { readonly table: Table; readonly index: number; readonly paths: readonly Path[] },
    place: Place,
  ): void {
    const { table, index } = entry;
    const left = this.#tables.paths(table, index);
    const gone = entry.paths.filter(
      (path) =>
        path.root.cached !== "nothing" &&
        !left.some(({ root, va }) => root === path.root && va === path.va),
    );
    const d = this.#tables.descriptor(table, index);
    if (gone.length > 0) this.#maintenance.add(table, index, d, d, gone, place, null);
  }

  #leafAdded(table: Table, index: number): void {
    if (isContiguous(this.#tables.descriptor(table, index))) this.#contiguous++;
    const found = this.#aliases.add(this.#tables, table, index, this.#context.regime);
    if (found !== null) this.#reportAlias(found.added, found.other);
  }

  #reportAlias(added: Alias, other: Alias): void {
    const name = ({ table, index }: Alias): string => {
      const va = this.#tables.paths(table, index)[0]?.va;
      return `the descriptor at 0x${(table.pa + 8 * index).toString(16)}${
        va === undefined ? "" : ` for 0x${BigInt.asUintN(64, BigInt(va)).toString(16)}`
      }`;
    };
    const path = this.#tables.paths(added.table, added.index)[0];
    const asid = path?.root.asid ?? null;
    this.#report("mismatched-attributes", {
      descriptor: this.#reported(added.table, added.index, path?.va ?? 0, asid, null),
      writer: this.#discoverer,
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
    const kept = this.#maintenance.keptOf(table, index);
    for (const d of isCacheable(old, geometry) ? [old, ...kept] : kept) {
      const same = (): boolean => this.#sameContents(table, d, next);
      const why = needsBreak(d, next, geometry, this.#context.regime, same);
      if (why === null) continue;
      const asid = path.root.asid;
      this.#report("break-before-make", {
        descriptor: this.#reported(table, index, path.va, asid, d),
        writer: place,
        detail: d === old ? why : `${why}, and the invalidation of the old entry is not complete`,
      });
      return;
    }
  }

  #sameContents(table: Table, a: Descriptor, b: Descriptor): boolean {
    const { geometry } = table;
    const { memory } = this.#mmu;
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
    this.#report("table-in-use", {
      descriptor: this.#reported(table, index, path.va, path.root.asid, old),
      writer: place,
      detail: "data was written over a table that a walk can reach",
    });
  }

  #reportReuse(table: Table, index: number, old: Descriptor, place: Place): void {
    for (const pending of this.#maintenance.pending) {
      const path = pending.paths.find((p) => !p.complete);
      if (pending.child !== table || path === undefined) continue;
      const { pa } = table;
      this.#report("table-in-use", {
        descriptor: this.#reported(
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
}

/** A routine of the host by a name that is worked out when it is wanted. */
class HostPlace {
  readonly kind = "host";
  readonly instruction: number;
  readonly #nameOf: () => string;
  #name: string | null = null;

  constructor(instruction: number, nameOf: () => string) {
    this.instruction = instruction;
    this.#nameOf = nameOf;
  }

  get name(): string {
    this.#name ??= this.#nameOf();
    return this.#name;
  }
}

function ofRegister(change: ContextChange): Pick<MmuReport, "register" | "writer"> {
  const { name, old, value, place } = change;
  return { register: { name, old, now: value }, writer: place };
}
