import { startLevel } from "../../arch/descriptor.js";
import type { SysregName } from "../../arch/sysreg.js";
import type { CpuState } from "../../cpu/state.js";
import { newRegime, readRegime, type Half, type Regime } from "../regime.js";
import { copyRegime } from "./outcome.js";
import type { Place } from "./report.js";
import type { Root, Tables } from "./tables.js";

/** A write of a control register. */
export interface ContextChange {
  readonly name: SysregName;
  readonly old: bigint;
  readonly value: bigint;
  readonly place: Place;
}

/** Which tables are in use under which ASID, and what has not been synchronized yet. */
export class ContextWatch {
  /** The registers as they are. */
  readonly regime: Regime = newRegime();
  /** The registers at the last context synchronization event; null before any. */
  synced: Regime | null = null;
  /** Writes since then. */
  changes: ContextChange[] = [];
  /** The last write of a register, synchronized or not. */
  lastChange: ContextChange | null = null;
  /** Tables not in use whose entries would match under the ASID in use. */
  rivals: Root[] = [];
  /** The tables of the low half in use. */
  low: Root | null = null;
  readonly #cpu: CpuState;
  readonly #tables: Tables;

  constructor(cpu: CpuState, tables: Tables) {
    this.#cpu = cpu;
    this.#tables = tables;
  }

  /** Nothing here can make an access go wrong. */
  get isQuiet(): boolean {
    return this.changes.length === 0 && this.rivals.length === 0;
  }

  written(change: ContextChange, before: Readonly<Regime>): void {
    if (this.changes.length === 0) this.synced = copyRegime(before);
    this.changes.push(change);
    this.lastChange = change;
    this.#use();
  }

  /** Walks may begin at the registers' tables from now on. */
  #use(): Root[] {
    const { regime } = this;
    readRegime(this.#cpu, this.#cpu.config.model, regime);
    const used: Root[] = [];
    if (regime.enabled) {
      for (const half of [regime.low, regime.high]) {
        const root = this.#rootOf(half, half === regime.high);
        if (root !== null) used.push(root);
      }
    }
    for (const root of used) {
      root.isCurrent = true;
      root.cached = "all";
    }
    return used;
  }

  #rootOf(half: Half, isHigh: boolean): Root | null {
    const { geometry, txsz } = half;
    if (half.walksDisabled || geometry === null) return null;
    return this.#tables.addRoot({
      pa: half.table,
      isHigh,
      asid: isHigh ? null : this.regime.asid,
      geometry,
      startLevel: startLevel(geometry, txsz),
      mask: half.rootMask,
      base: isHigh ? -(2 ** (64 - txsz)) : 0,
    });
  }

  synchronized(): void {
    if (this.synced !== null && this.changes.length === 0) return;
    this.changes = [];
    const used = this.#use();
    this.synced = copyRegime(this.regime);
    for (const root of this.#tables.roots) root.isCurrent = used.includes(root);
    this.low = used.find((root) => !root.isHigh) ?? null;
    this.#findRivals();
  }

  #findRivals(): void {
    const { low } = this;
    this.rivals = [];
    if (low === null) return;
    for (const root of this.#tables.roots) {
      if (root.isHigh || root.pa === low.pa || root.cached === "nothing") continue;
      const same = root.cached === "all" && root.asid === low.asid && this.#tables.hasLeaves(root);
      if (same || this.#tables.hasGlobals(root, (other) => other === low)) this.rivals.push(root);
    }
  }

  /** Said once is enough. */
  forgive(rival: Root): void {
    this.rivals = this.rivals.filter((root) => root !== rival);
  }
}
