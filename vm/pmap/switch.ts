import { check } from "../../emulator/arch/check.js";
import type { VmOffset } from "../types.js";
import { COMMPAGE_ADDRESSES } from "./commpage-layout.js";
import { flushRangeAsync, syncFlush } from "./flush.js";
import { PMAP_TYPE_USER } from "./options.js";
import type { Pmap } from "./pmap.js";

/** The registers that select a user's address space, as the CPU's owner lets them be written. */
export interface TranslationRegisters {
  /** TTBR0_EL1 := a table that maps nothing, ASID 0. */
  parkTtbr0(): void;
  /** TCR_EL1.TG0 := granule code, if it is another one now. */
  setTg0(code: number): void;
  setTtbr0(lo: number, hi: number): void;
}

/** What TTBR0_EL1 holds while this pmap is active: root table and ASID, as 32-bit halves. */
export function pmapTtbr(pmap: Pmap): { readonly lo: number; readonly hi: number } {
  return {
    lo: pmap.root % 2 ** 32,
    hi: Math.floor(pmap.root / 2 ** 32) + pmap.hwAsid * 2 ** 16,
  };
}

/**
 * Make a pmap the active one. What the TLB holds under tags that now mean something else goes first,
 * with TTBR0 parked: global entries of another shared region or of the other page size's commpage, and
 * entries of another pmap with the same hardware ASID. XNU: pmap_switch.
 */
export function pmapSwitch(pmap: Pmap, registers: TranslationRegisters): void {
  const { system } = pmap;
  const { last, tlb } = system;
  check(pmap.type === PMAP_TYPE_USER, "this pmap is never active", pmap.type);
  const nested = pmap.nested?.pmap ?? null;
  const otherRegion = last.nested !== null && last.nested !== nested;
  const lastSw = last.swAsid[pmap.hwAsid]!;
  const reusedAsid = lastSw >= 0 && lastSw !== pmap.swAsid;
  const otherCommpage = last.commpage !== null && last.commpage !== pmap.commpage;
  if (otherRegion || reusedAsid || otherCommpage) {
    registers.parkTtbr0();
    tlb.isb();
    if (otherRegion && last.nested !== null) flushRegion(last.nested);
    if (reusedAsid) tlb.tlbiAsid(pmap.hwAsid);
    if (otherCommpage) for (const va of COMMPAGE_ADDRESSES) tlb.tlbiVaAllAsid(va, true);
    syncFlush(system);
  }
  last.swAsid[pmap.hwAsid] = pmap.swAsid;
  if (nested !== null || otherRegion) last.nested = nested;
  if (pmap.commpage !== null || otherCommpage) last.commpage = pmap.commpage;
  registers.setTg0(pmap.attr.geometry.tg0);
  const { lo, hi } = pmapTtbr(pmap);
  registers.setTtbr0(lo, hi);
}

/** Global entries of a shared region: by its bounds if those are known. */
function flushRegion(nested: Pmap): void {
  const bounds = nested.nested;
  if (bounds === null) nested.system.tlb.tlbiAll();
  else flushRangeAsync(nested, bounds.start, (bounds.start + bounds.bytes) as VmOffset);
}
