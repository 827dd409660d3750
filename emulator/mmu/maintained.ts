import type { SysregFile } from "../arch/sysreg.js";
import { tlbiVaName, type TlbiRequest } from "../arch/tlbi.js";
import { countTlbi, newMmuCounters, type MmuCounters } from "./counters.js";
import { ObservableMmu } from "./observable.js";
import type { TlbiOperation } from "./observer.js";
import type { PhysMemory } from "./phys-memory.js";
import type { TlbOptions } from "./tlb-options.js";
import { Tlb, type TlbListener } from "./tlb.js";

/** The TLB with its maintenance, and the caches that lose what it loses. */
export abstract class MaintainedMmu extends ObservableMmu implements TlbListener {
  readonly counters: MmuCounters = newMmuCounters();
  readonly tlb: Tlb;
  /** A translation of `2^sizeShift` bytes is gone; for an engine that keeps translations of its own. */
  onDropped: ((vaLo: number, vaHi: number, sizeShift: number) => void) | null = null;

  constructor(memory: PhysMemory, sysregs: SysregFile, options: TlbOptions) {
    super(memory, sysregs);
    this.tlb = new Tlb(this, this.counters, options);
  }

  /** Do what a TLBI instruction asks for. */
  tlbi(request: TlbiRequest): void {
    countTlbi(this.counters, request);
    if (this.watcher?.invalidated(operationOf(request)) !== true) this.tlb.invalidate(request);
  }

  /** Let an invalidation that the observer withheld take effect. */
  apply(operation: TlbiOperation): void {
    this.tlb.invalidate({ ...NO_OPERANDS, ...operation });
  }

  /**
   * TLBI VAE1IS (`asid`) and VAAE1IS (null); VALE1IS and VAALE1IS with `lastLevel`, which leave what is cached of the
   * walk. @param level what the TTL field promises; no hint by default
   */
  tlbiVa(
    vaLo: number,
    vaHi: number,
    asid: number | null,
    lastLevel = false,
    level: number | null = null,
  ): void {
    this.tlbi({
      name: tlbiVaName(false, asid === null, lastLevel),
      kind: "va",
      broadcast: "inner",
      lastLevel,
      asid,
      vaLo,
      vaHi,
      bytes: 0,
      level,
      granule: null,
    });
  }

  /** TLBI RVAE1IS and its kin: `bytes` from the address on. */
  tlbiRange(
    vaLo: number,
    vaHi: number,
    bytes: number,
    asid: number | null,
    lastLevel = false,
    level: number | null = null,
  ): void {
    this.tlbi({
      name: tlbiVaName(true, asid === null, lastLevel),
      kind: "range",
      broadcast: "inner",
      lastLevel,
      asid,
      vaLo,
      vaHi,
      bytes,
      level,
      granule: null,
    });
  }

  /** TLBI ASIDE1IS. */
  tlbiAsid(asid: number): void {
    this.tlbi({ ...NO_OPERANDS, name: "ASIDE1", kind: "asid", asid, broadcast: "inner" });
  }

  /** TLBI VMALLE1IS. */
  tlbiAll(): void {
    this.tlbi({ ...NO_OPERANDS, name: "VMALLE1", kind: "all", broadcast: "inner" });
  }

  /** @internal The TLB lost an entry. */
  dropped(vaLo: number, vaHi: number, sizeShift: number, wasExecuted: boolean): void {
    this.inline.drop(vaLo, vaHi, sizeShift);
    this.watcher?.evicted?.(vaLo, vaHi, sizeShift);
    this.onDropped?.(vaLo, vaHi, sizeShift);
    if (wasExecuted) this.onExecutedDropped?.(vaLo, vaHi);
  }

  /** Lose what the TLB has of an address, whatever its ASID. */
  evict(vaLo: number, vaHi: number): void {
    this.tlb.invalidate({ ...NO_OPERANDS, kind: "va", vaLo, vaHi, lastLevel: true });
  }
}

/** A TLBI as an observer is told of it. */
function operationOf({ kind, asid, vaLo, vaHi, ...operands }: TlbiRequest): TlbiOperation {
  if (kind === "all") return { kind };
  if (kind === "asid") return { kind, asid: asid! };
  const { bytes, lastLevel, level } = operands;
  return { kind, vaLo, vaHi, bytes, asid, lastLevel, level };
}

const NO_OPERANDS = {
  ...{ asid: null, vaLo: 0, vaHi: 0, bytes: 0 },
  ...{ lastLevel: false, level: null, granule: null },
} as const;
