import { addressIn, kindOf, spanOf, type Descriptor } from "./descriptor.js";
import { findConflict, type Conflict } from "./contiguous.js";
import type { Hazard } from "./maintenance.js";
import { vaNumber, type Use } from "./outcome.js";
import type { ReportedAccess } from "./report.js";
import { ofRegister, type Reporter } from "./reporter.js";

/** What can go wrong where an address is used. */
export class Uses {
  readonly #r: Reporter;

  constructor(reporter: Reporter) {
    this.#r = reporter;
  }

  /**
   * Check one use of a translation.
   * @param exact whether the position is that of the instruction
   * @returns true to be asked again with an exact position
   */
  check(use: Use, exact: boolean): boolean {
    const { maintenance, context, contiguous } = this.#r;
    if (maintenance.pending.size === 0 && context.isQuiet && contiguous === 0) return false;
    return [
      this.#checkContext(use, exact),
      this.#checkMaintenance(use, exact),
      this.#checkRivals(use, exact),
      this.#checkContiguous(use, exact),
    ].includes(true);
  }

  #checkContext(use: Use, exact: boolean): boolean {
    const { changes, synced, regime } = this.#r.context;
    const change = changes.at(-1);
    if (change === undefined || synced === null) return false;
    let stale = this.#r.outcomes.underRegime(use, synced);
    let now = this.#r.outcomes.underRegime(use, regime);
    if (synced.enabled !== regime.enabled) {
      // An identity mapping is what makes switching translation on and off possible.
      if (stale.split(" as ")[0] === now.split(" as ")[0]) return false;
    }
    if (stale === now) return false;
    if (!exact) return true;
    stale += " (before)";
    now += " (after)";
    this.#r.report("context-without-isb", {
      ...ofRegister(change),
      access: this.#r.access(use, stale, now),
    });
    return false;
  }

  #checkMaintenance(use: Use, exact: boolean): boolean {
    const { regime } = this.#r.context;
    const maintenance = this.#r.maintenance;
    if (maintenance.pending.size === 0 || !regime.enabled) return false;
    const va = vaNumber(use.vaLo, use.vaHi);
    for (const hazard of [...maintenance.hazards(va, regime.asid, use.access)]) {
      const now = this.#r.outcomes.underRegime(use, regime);
      const stale = this.#staleOutcome(hazard, use);
      if (stale === now) continue;
      if (!exact) return true;
      this.reportHazard(hazard, this.#r.access(use, stale, now));
      maintenance.pending.dropPath(hazard.pending, hazard.path);
      if (hazard.pending.paths.length === 0) maintenance.finish(hazard.pending);
    }
    return false;
  }

  #staleOutcome({ pending, path }: Hazard, use: Use): string {
    const { regime } = this.#r.context;
    const { old, table, was } = pending;
    if (old === null) {
      const what = (was.lo & 1) === 0 ? "translation fault" : "access flag fault";
      return `${what}, level ${was.level}`;
    }
    const { geometry } = table;
    if (kindOf(old, geometry) === "leaf") {
      return this.#r.outcomes.throughLeaf(use, regime, old, geometry, path.above);
    }
    return this.#r.outcomes.fromTable(use, regime, addressIn(old, geometry), old.level + 1);
  }

  /** Report a change that is not complete. @param access null: no access shows it */
  reportHazard({ pending, path, rule, shortfall }: Hazard, access: ReportedAccess | null): void {
    const { table, index, old, was, writer } = pending;
    this.#r.report(rule, {
      descriptor: this.#r.descriptor(table, index, path.va, path.asid, old ?? was),
      writer,
      maintenance: shortfall,
      access,
    });
  }

  /** Tables of before, whose entries still match. */
  #checkRivals(use: Use, exact: boolean): boolean {
    const { rivals, changes, regime, lastChange } = this.#r.context;
    if (rivals.length === 0 || changes.length > 0 || !regime.enabled) return false;
    for (const rival of rivals) {
      if (rival.cached === "nothing" || (use.vaHi & (1 << 23)) !== 0) continue;
      if (rival.geometry !== regime.low.geometry) continue;
      const outcomes = this.#r.outcomes;
      const stale = outcomes.fromTable(use, regime, rival.pa, rival.startLevel, rival.mask);
      const { fault, ptePa, pteLo, pteHi, level } = outcomes.last;
      if (fault >= 0) continue;
      const global = (pteLo & (1 << 11)) === 0;
      if (!global && (rival.cached !== "all" || rival.asid !== regime.asid)) continue;
      const now = outcomes.underRegime(use, regime);
      if (stale === now) continue;
      if (!exact) return true;
      const table = this.#r.tables.at(ptePa).find((t) => t.level === level);
      if (table === undefined) continue;
      const va = Math.floor(vaNumber(use.vaLo, use.vaHi) / spanOf(table.geometry, level));
      const index = (ptePa - table.pa) / 8;
      const old: Descriptor = { lo: pteLo, hi: pteHi, level };
      this.#r.report(global ? "tlb-conflict" : "asid-reuse", {
        ...(lastChange === null ? {} : ofRegister(lastChange)),
        descriptor: this.#r.descriptor(
          table,
          index,
          va * spanOf(table.geometry, level),
          global ? null : rival.asid,
          old,
        ),
        access: this.#r.access(use, stale, now),
        detail: global
          ? "a global entry of other tables matches under every ASID"
          : "entries of other tables carry the same ASID",
      });
      this.#r.context.forgive(rival);
    }
    return false;
  }

  #checkContiguous(use: Use, exact: boolean): boolean {
    const { regime } = this.#r.context;
    if (this.#r.contiguous === 0 || !regime.enabled) return false;
    const now = this.#r.outcomes.underRegime(use, regime);
    const { fault, ptePa, level } = this.#r.outcomes.last;
    if (fault >= 0) return false;
    const table = this.#r.tables.at(ptePa).find((t) => t.level === level);
    if (table === undefined) return false;
    const conflict = findConflict(this.#r.tables, table, (ptePa - table.pa) / 8);
    if (conflict === null) return false;
    if (!exact) return true;
    this.#reportContiguous(conflict, use, now);
    return false;
  }

  #reportContiguous({ table, index, why }: Conflict, use: Use, now: string): void {
    const path = this.#r.tables.paths(table, index)[0];
    this.#r.report("tlb-conflict", {
      descriptor: this.#r.descriptor(table, index, path?.va ?? 0, path?.root.asid ?? null, null),
      writer: this.#r.writers.get(table.pa + 8 * index) ?? null,
      access: this.#r.access(use, "either entry, or a TLB conflict abort", now),
      detail: why,
      advice:
        "give all entries of the group the bit, consecutive addresses and the same attributes",
    });
  }
}
