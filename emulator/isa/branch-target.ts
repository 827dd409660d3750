/** Branch target identification: what BTYPE a branch leaves and where it may land (Arm ARM D8.4.5 and C6.2.41). */

const HINT = 0xd503_201f;
const hint = (number: number): number => (HINT | (number << 5)) >>> 0;

const PACIASP = hint(25);
const PACIBSP = hint(27);
const BTI = hint(32);
const BTI_C = hint(34);
const BTI_J = hint(36);
const BTI_JC = hint(38);

/** Values of PSTATE.BTYPE. */
export const BTYPE_NONE = 0;
/** BR by X16 or X17, or from a page that is not guarded. */
export const BTYPE_TAIL = 1;
/** BLR. */
export const BTYPE_CALL = 2;
/** BR by another register from a guarded page. */
export const BTYPE_JUMP = 3;

/**
 * PSTATE.BTYPE after a branch was taken.
 * @param word an instruction of BR, BRAA, BLR, BLRAA and their kin; of anything else, 0
 * @param guarded whether the page it was fetched from is
 */
export function branchType(word: number, guarded: boolean): 0 | 1 | 2 | 3 {
  // 1101011 Z op:3 11111 0000 A M: BR 000, BLR 001, and with Z the forms that have a modifier.
  if (((word & 0xfe1f_f000) | 0) !== (0xd61f_0000 | 0)) return BTYPE_NONE;
  const op = (word >>> 21) & 7;
  if (op === 1) return BTYPE_CALL;
  if (op !== 0) return BTYPE_NONE;
  const rn = (word >>> 5) & 31;
  return !guarded || rn === 16 || rn === 17 ? BTYPE_TAIL : BTYPE_JUMP;
}

/**
 * Whether the first instruction after a branch, fetched from a guarded page, accepts it.
 * @param btype PSTATE.BTYPE, 1 to 3
 * @param bt SCTLR_EL1.BT0 or BT1: PACIASP and PACIBSP do not accept jumps (BTYPE 3)
 */
export function isLandingPad(word: number, btype: number, bt: boolean): boolean {
  switch (word >>> 0) {
    case PACIASP:
    case PACIBSP:
      return btype !== BTYPE_JUMP || !bt;
    case BTI:
      return false;
    case BTI_C:
      return btype !== BTYPE_JUMP;
    case BTI_J:
      return btype !== BTYPE_CALL;
    case BTI_JC:
      return true;
    default:
      // BRK and HLT come first: their exceptions are what a debugger put there.
      return ((word & 0xffe0_001f) | 0) === (0xd420_0000 | 0) || isHlt(word);
  }
}

function isHlt(word: number): boolean {
  return ((word & 0xffe0_001f) | 0) === (0xd440_0000 | 0);
}
