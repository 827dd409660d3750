import {
  KERN_INVALID_ADDRESS,
  KERN_INVALID_ARGUMENT,
  KERN_SUCCESS,
  PAGE_SHIFT,
  VM_BEHAVIOR_ZERO,
  VM_INHERIT_NONE,
  VM_PROT_ALL,
  type KernError,
  type KernReturn,
  type RawU64,
  type VmBehavior,
  type VmInherit,
  type VmOffset,
  type VmProt,
} from "./types.js";

/**
 * Raw arguments in, typed ones out, or the right refusal. XNU: vm_sanitize.c. Every entry point
 * that takes arguments from a program passes them through here before anything looks at them.
 *
 * Addresses are computed modulo 2^64 and then become numbers as the map at hand sees them: for a
 * map of the lower half an address of the upper half is a number above all of its own, for the
 * kernel's map it is negative (sign-extended). A page-aligned one is exact either way.
 */

/** A register's contents as a raw argument. */
export function rawU64(value: bigint | number): RawU64 {
  return BigInt.asUintN(64, BigInt(value)) as RawU64;
}

/** Go on with these values, or return `kr` now (KERN_SUCCESS where XNU has VM_ERR_RETURN_NOW). */
export type Sanitized<T extends object> =
  ({ readonly proceed: true } & T) | { readonly proceed: false; readonly kr: KernReturn };

/** [start, end), and end - start in bytes. */
export interface SanitizedRange {
  readonly start: VmOffset;
  readonly end: VmOffset;
  readonly size: number;
}

/** What the sanitizer must know of a map: the page size and which half it lies in. */
export interface RangeSpace {
  readonly pageShift: number;
  readonly minOffset: VmOffset;
}

/** Without a map: the kernel's pages, addresses from 0. */
export const KERNEL_PAGES: RangeSpace = { pageShift: PAGE_SHIFT, minOffset: 0 as VmOffset };

/** How a range that wraps around came about: by its sum, or only by rounding its end up. */
export interface RangeOverflow {
  readonly kind: "sum" | "rounding";
  readonly address: bigint;
  /** As given. */
  readonly size: bigint;
  /** log2 of the page size that was used. */
  readonly pageShift: number;
}

/** What one caller of the range sanitizer asks for (vm_sanitize_flags_t) and returns. */
export interface RangeRules {
  /** Zero bytes: return success, refuse, or go on with an empty range. */
  readonly zeroSize: "succeeds" | "fails" | "fallthrough";
  /** Keep the exact bytes instead of widening to whole pages. */
  readonly unaligned?: boolean;
  /** Add the size to the truncated start, so the last page touched may be missed. */
  readonly realignStart?: boolean;
  readonly checkAlignedStart?: boolean;
  /** Both ends must agree in bits 63:48. */
  readonly checkAddressBits?: boolean;
  /** The code for a range that wraps, where it isn't KERN_INVALID_ARGUMENT for compatibility. */
  readonly onOverflow?: (overflow: RangeOverflow) => KernReturn;
}

const U64 = 1n << 64n;
const U48 = 1n << 48n;

/** XNU: vm_sanitize_addr_size. */
export function sanitizeRange(
  space: RangeSpace,
  address: RawU64,
  size: RawU64,
  rules: RangeRules,
): Sanitized<SanitizedRange> {
  const { pageShift } = space;
  const page = 1n << BigInt(pageShift);
  const trunc = (x: bigint): bigint => x - (x % page);
  const refuse = (kr: KernReturn): Sanitized<SanitizedRange> => ({ proceed: false, kr });
  const overflow = (kind: RangeOverflow["kind"]): Sanitized<SanitizedRange> =>
    refuse(rules.onOverflow?.({ kind, address, size, pageShift }) ?? KERN_INVALID_ARGUMENT);

  if (rules.checkAlignedStart === true && address % page !== 0n) {
    return refuse(KERN_INVALID_ARGUMENT);
  }
  if (size === 0n) {
    if (rules.zeroSize === "succeeds") return refuse(KERN_SUCCESS);
    if (rules.zeroSize === "fails") return refuse(KERN_INVALID_ARGUMENT);
    const at = toAddress(space, rules.unaligned === true ? address : trunc(address));
    return { proceed: true, start: at, end: at, size: 0 };
  }
  const from = rules.realignStart === true ? trunc(address) : address;
  const sum = from + size;
  if (sum >= U64) return overflow("sum");
  const end = trunc(sum + page - 1n) % U64;
  if (end <= trunc(from)) return overflow("rounding");
  if (rules.checkAddressBits === true && from >> 48n !== sum >> 48n && sum !== U48) {
    return refuse(KERN_INVALID_ADDRESS);
  }
  const [low, high] = rules.unaligned === true ? [from, sum] : [trunc(from), end];
  return {
    proceed: true,
    start: toAddress(space, low),
    end: toAddress(space, high),
    size: Number(high - low),
  };
}

/** As sanitizeRange for [start, end); an end below the start wraps. XNU: vm_sanitize_addr_end. */
export function sanitizeAddressEnd(
  space: RangeSpace,
  start: RawU64,
  end: RawU64,
  rules: RangeRules,
): Sanitized<SanitizedRange> {
  return sanitizeRange(space, start, rawU64(end - start), rules);
}

/** One address, cut down to its page. XNU: vm_sanitize_addr. Never refused. */
export function sanitizeAddress(space: RangeSpace, address: RawU64): VmOffset {
  const page = 1n << BigInt(space.pageShift);
  return toAddress(space, address - (address % page));
}

/** XNU: vm_sanitize_offset_in_map and its kind: an address that need not be aligned. */
export function sanitizeExactAddress(space: RangeSpace, address: RawU64): VmOffset {
  return toAddress(space, address);
}

/**
 * Bytes at an offset, widened to whole pages. XNU: vm_sanitize_size.
 * @returns KERN_INVALID_ARGUMENT when the sum wraps or rounds to nothing
 */
export function sanitizeSize(
  space: RangeSpace,
  offset: RawU64,
  size: RawU64,
  zeroSize: RangeRules["zeroSize"],
): Sanitized<{ readonly size: number }> {
  if (size === 0n) {
    if (zeroSize === "fallthrough") return { proceed: true, size: 0 };
    return { proceed: false, kr: zeroSize === "succeeds" ? KERN_SUCCESS : KERN_INVALID_ARGUMENT };
  }
  const refused = { proceed: false, kr: KERN_INVALID_ARGUMENT } as const;
  const sum = offset + size;
  if (sum >= U64) return refused;
  const roundUp = (x: bigint, shift: bigint): bigint =>
    ((x + (1n << shift) - 1n) >> shift) << shift;
  if (roundUp(sum, BigInt(PAGE_SHIFT)) % U64 === 0n) return refused;
  const shift = BigInt(space.pageShift);
  const widened = roundUp(sum - ((offset >> shift) << shift), shift) % U64;
  return widened === 0n ? refused : { proceed: true, size: Number(widened) };
}

/**
 * An alignment mask. Never refused. Bits no address has are dropped; a mask that asks for more
 * alignment than there are addresses still does. XNU: vm_sanitize_mask.
 */
export function sanitizeMask(mask: RawU64): number {
  return Number(BigInt.asUintN(52, mask));
}

/** XNU: vm_sanitize_prot. @param extra bits allowed besides READ, WRITE and EXECUTE */
export function sanitizeProt(prot: VmProt, extra: VmProt = 0): KernReturn {
  return (prot & ~(VM_PROT_ALL | extra)) === 0 ? KERN_SUCCESS : KERN_INVALID_ARGUMENT;
}

/**
 * A current and a maximum protection. XNU: vm_sanitize_cur_and_max_prots.
 * @param reduce cut the current protection down to the maximum instead of refusing (vm_map)
 */
export function sanitizeCurAndMax(
  cur: VmProt,
  max: VmProt,
  extra: VmProt,
  reduce: boolean,
): Sanitized<{ readonly cur: VmProt; readonly max: VmProt }> {
  const bad =
    sanitizeProt(cur, extra) !== KERN_SUCCESS || sanitizeProt(max, extra) !== KERN_SUCCESS;
  if (bad || ((cur & max) !== cur && !reduce)) return { proceed: false, kr: KERN_INVALID_ARGUMENT };
  return { proceed: true, cur: cur & max, max };
}

/** XNU: vm_sanitize_inherit. */
export function sanitizeInherit(inheritance: VmInherit): KernReturn {
  return inheritance >>> 0 <= VM_INHERIT_NONE ? KERN_SUCCESS : KERN_INVALID_ARGUMENT;
}

/** XNU: vm_sanitize_behavior. */
export function sanitizeBehavior(behavior: VmBehavior): KernReturn {
  return behavior >>> 0 <= VM_BEHAVIOR_ZERO ? KERN_SUCCESS : KERN_INVALID_ARGUMENT;
}

/** Copies and msync have always called a range that wraps a bad address. */
export function overflowIsBadAddress(): KernError {
  return KERN_INVALID_ADDRESS;
}

/** A fixed allocation: a bad address, unless the size itself rounds to nothing. */
export function overflowOfAllocate({ size, pageShift }: RangeOverflow): KernError {
  const page = 1n << BigInt(pageShift);
  return (size + page - 1n) / page === U64 / page ? KERN_INVALID_ARGUMENT : KERN_INVALID_ADDRESS;
}

/** vm_protect: a bad address only for the range from page 0 that rounding alone makes wrap. */
export function overflowOfProtect({ kind, address, pageShift }: RangeOverflow): KernError {
  const fromPageZero = address < 1n << BigInt(pageShift);
  return kind === "rounding" && fromPageZero ? KERN_INVALID_ADDRESS : KERN_INVALID_ARGUMENT;
}

function toAddress(space: RangeSpace, address: bigint): VmOffset {
  return Number(space.minOffset < 0 ? BigInt.asIntN(64, address) : address) as VmOffset;
}
