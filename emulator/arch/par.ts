import { bit, field, layout, placeLo } from "./bits.js";
import type { Halves } from "./id-registers.js";

/** PAR_EL1 after a translation that succeeded, and after one that failed. Arm ARM D23 PAR_EL1. */
export const ParSuccess = layout({
  f: bit(0),
  sh: field(8, 7),
  ns: bit(9),
  one: bit(11),
  pa: field(51, 12),
  attr: field(63, 56),
});
export const ParFault = layout({
  f: bit(0),
  fst: field(6, 1),
  ptw: bit(8),
  s: bit(9),
  one: bit(11),
});

const SH_OUTER = 2;
/** Normal memory that is cacheable neither inner nor outer. */
const NORMAL_NC = 0x44;

/**
 * @param physical the address AT translated to
 * @param attr the memory type's byte in MAIR_EL1
 * @param sh of the descriptor: what is not cacheable is outer shareable whatever that says
 */
export function parSuccess(physical: number, attr: number, sh: number): Halves {
  const isUncached = (attr & 0xf0) === 0 || attr === NORMAL_NC;
  const page = physical - (physical % 2 ** ParSuccess.pa.lo);
  // NS has no meaning without a Secure state: it reads as one.
  const low = placeLo(ParSuccess.ns, 1) | placeLo(ParSuccess.one, 1);
  return {
    lo: ((page % 2 ** 32) | low | placeLo(ParSuccess.sh, isUncached ? SH_OUTER : sh)) >>> 0,
    hi: (Math.floor(page / 2 ** 32) | (attr << (ParSuccess.attr.lo - 32))) >>> 0,
  };
}

/** @param status as in DFSC. PTW and S are zero: there is no stage 2. */
export function parFault(status: number): Halves {
  return { lo: 1 | placeLo(ParFault.fst, status) | placeLo(ParFault.one, 1), hi: 0 };
}
