import type { SysregName } from "../../arch/sysreg.js";
import type { CpuState } from "../../cpu/state.js";
import type { Access } from "../access.js";
import type { Mmu } from "../mmu.js";
import type { Barrier, MmuObserver, Synchronization, TlbiOperation } from "../observer.js";
import type { MmuReport } from "./report.js";
import { Reporter, type SanitizerOptions } from "./reporter.js";
import type { Tables } from "./tables.js";
import { Uses } from "./uses.js";
import { Writes } from "./writes.js";

/**
 * Watches software keep translation tables, TLB and context in step, and reports where it relies on hardware
 * not using the freedom the architecture gives it: to keep any translation that is reachable, and every
 * table on the way, until a TLBI that covers it is complete.
 *
 * Not seen: writes to tables before anything leads to them, and what other observers of memory
 * would see (there is one CPU).
 */
export class MmuSanitizer implements MmuObserver {
  readonly #r: Reporter;
  readonly #uses: Uses;
  readonly #writes: Writes;

  constructor(mmu: Mmu, cpu: CpuState, options: SanitizerOptions = {}) {
    this.#r = new Reporter(mmu, cpu, options, {
      leafAdded: (table, index) => {
        this.#writes.leafAdded(table, index);
      },
      leafRemoved: (table, index) => {
        this.#writes.leafRemoved(table, index);
      },
      watch: (pa, isWatched) => {
        mmu.watch(pa, isWatched);
      },
    });
    this.#uses = new Uses(this.#r);
    this.#writes = new Writes(this.#r);
    this.#r.context.synchronized();
  }

  /** What was found so far, each once. */
  get reports(): readonly MmuReport[] {
    return this.#r.reports;
  }

  /** Tables that are followed. */
  get tables(): Tables {
    return this.#r.tables;
  }

  accessed(
    vaLo: number,
    vaHi: number,
    access: Access,
    el: 0 | 1,
    pan: boolean,
    exact: boolean,
  ): boolean {
    this.#writes.isInlineEmpty = false;
    return this.#uses.check({ vaLo, vaHi, access, el, pan }, exact);
  }

  invalidated(operation: TlbiOperation): boolean {
    this.#r.maintenance.invalidated(operation, this.#r.here());
    return false;
  }

  barrier(barrier: Barrier): void {
    this.#r.maintenance.barrier(barrier);
  }

  synchronized(_by: Synchronization): void {
    this.#r.maintenance.synchronized();
    this.#r.context.synchronized();
  }

  contextWritten(name: SysregName, old: bigint, value: bigint): void {
    const place = this.#r.here();
    const writes = this.#writes;
    writes.discoverer = place;
    this.#r.context.written({ name, old, value, place }, this.#r.mmu.regime);
    if (name === "MAIR_EL1") writes.remap();
    writes.discoverer = null;
    // The host's writes take effect at once.
    if (place.kind === "host") this.synchronized("host");
  }

  written(pa: number, bytes: number): void {
    this.#writes.written(pa, bytes);
  }

  /** Report what software should have completed by now, whether an access shows it or not. */
  settle(): void {
    const { maintenance } = this.#r;
    for (const hazard of [...maintenance.due()]) {
      this.#uses.reportHazard(hazard, null);
      maintenance.pending.dropPath(hazard.pending, hazard.path);
      if (hazard.pending.paths.length === 0) maintenance.finish(hazard.pending);
    }
  }
}
