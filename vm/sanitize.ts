import {
  KERN_INVALID_ADDRESS,
  KERN_INVALID_ARGUMENT,
  KERN_INVALID_VALUE,
  KERN_SUCCESS,
  MAP_MEM_FLAGS_MASK,
  MAP_MEM_FLAGS_USER,
  PAGE_SHIFT,
  VM_BEHAVIOR_ZERO,
  VM_INHERIT_NONE,
  VM_PROT_ALL,
  VM_PROT_IS_MASK,
  VM_PROT_STRIP_READ,
  VM_PROT_TRUSTED,
  type KernError,
  type KernReturn,
  type RawBehavior,
  type RawInherit,
  type RawProt,
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
  return BigInt.asUintN(64, BigInt(value)) as unknown as RawU64;
}

export function rawProt(value: number): RawProt {
  return (value >>> 0) as unknown as RawProt;
}

export function rawInherit(value: number): RawInherit {
  return (value >>> 0) as unknown as RawInherit;
}

export function rawBehavior(value: number): RawBehavior {
  return (value >>> 0) as unknown as RawBehavior;
}

/** What a raw argument holds. The way in for the functions below, and for nobody else. */
function bitsOf(raw: RawU64): bigint {
  return raw as unknown as bigint;
}

function wordOf(raw: RawProt | RawInherit | RawBehavior): number {
  return raw as unknown as number;
}

/** No bytes: most calls ask that before anything else. */
export function isZeroSize(size: RawU64): boolean {
  return bitsOf(size) === 0n;
}

/** More than `limit` bytes or elements. */
export function exceeds(size: RawU64, limit: number): boolean {
  return bitsOf(size) > BigInt(limit);
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
  readonly checkAlignedSize?: boolean;
  /** Both ends must agree in bits 63:48. */
  readonly checkAddressBits?: boolean;
  /** The code for a range that wraps, where it isn't KERN_INVALID_ARGUMENT for compatibility. */
  readonly onOverflow?: (overflow: RangeOverflow) => KernReturn;
}

const U64 = 1n << 64n;
const U48 = 1n << 48n;

/** The vetting of copies: exact bytes, one half of the address space, a range that wraps is bad. */
export const EXACT_BYTES: RangeRules = {
  zeroSize: "fallthrough",
  unaligned: true,
  checkAddressBits: true,
  onOverflow: overflowIsBadAddress,
};

/** XNU: vm_sanitize_addr_size. */
export function sanitizeRange(
  space: RangeSpace,
  rawAddress: RawU64,
  rawSize: RawU64,
  rules: RangeRules,
): Sanitized<SanitizedRange> {
  const address = bitsOf(rawAddress);
  const size = bitsOf(rawSize);
  const { pageShift } = space;
  const page = 1n << BigInt(pageShift);
  const trunc = (x: bigint): bigint => x - (x % page);
  const refuse = (kr: KernReturn): Sanitized<SanitizedRange> => ({ proceed: false, kr });
  const overflow = (kind: RangeOverflow["kind"]): Sanitized<SanitizedRange> =>
    refuse(rules.onOverflow?.({ kind, address, size, pageShift }) ?? KERN_INVALID_ARGUMENT);

  const misaligned =
    (rules.checkAlignedStart === true && address % page !== 0n) ||
    (rules.checkAlignedSize === true && size % page !== 0n);
  if (misaligned) return refuse(KERN_INVALID_ARGUMENT);
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
  return sanitizeRange(space, start, rawU64(bitsOf(end) - bitsOf(start)), rules);
}

/** One address, cut down to its page. XNU: vm_sanitize_addr. Never refused. */
export function sanitizeAddress(space: RangeSpace, raw: RawU64): VmOffset {
  const address = bitsOf(raw);
  const page = 1n << BigInt(space.pageShift);
  return toAddress(space, address - (address % page));
}

/** XNU: vm_sanitize_offset_in_map and its kind: an address that need not be aligned. */
export function sanitizeExactAddress(space: RangeSpace, address: RawU64): VmOffset {
  return toAddress(space, bitsOf(address));
}

/** The offset of an address within its page, which a rounded address has lost. */
export function sanitizeInPage(space: RangeSpace, address: RawU64): number {
  return Number(bitsOf(address) % (1n << BigInt(space.pageShift)));
}

/**
 * Bytes at an offset, widened to whole pages. XNU: vm_sanitize_size.
 * @returns the size in whole pages, and offset and size as given (`exact`); KERN_INVALID_ARGUMENT when the sum wraps or rounds to nothing
 */
export function sanitizeSize(
  space: RangeSpace,
  rawOffset: RawU64,
  rawSize: RawU64,
  zeroSize: RangeRules["zeroSize"],
): Sanitized<{ readonly size: number; readonly offset: number; readonly exact: number }> {
  const offset = bitsOf(rawOffset);
  const size = bitsOf(rawSize);
  if (size === 0n) {
    if (zeroSize === "fallthrough") {
      return { proceed: true, size: 0, offset: Number(offset), exact: 0 };
    }
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
  if (widened === 0n) return refused;
  return { proceed: true, size: Number(widened), offset: Number(offset), exact: Number(size) };
}

/**
 * A count of elements for the caller's buffer. @returns null when the buffer would wrap around
 */
export function sanitizeArray(buffer: RawU64, count: RawU64, elementBytes: number): number | null {
  const end = bitsOf(buffer) + BigInt(elementBytes) * bitsOf(count);
  return end >= U64 ? null : Number(bitsOf(count));
}

/**
 * An alignment mask. Never refused. Bits no address has are dropped; a mask that asks for more
 * alignment than there are addresses still does. XNU: vm_sanitize_mask.
 */
export function sanitizeMask(mask: RawU64): number {
  return Number(BigInt.asUintN(52, bitsOf(mask)));
}

/** XNU: vm_sanitize_prot. @param extra bits allowed besides READ, WRITE and EXECUTE */
export function sanitizeProt(
  raw: RawProt,
  extra: VmProt = 0,
): Sanitized<{ readonly prot: VmProt }> {
  const prot = wordOf(raw);
  if ((prot & ~(VM_PROT_ALL | extra)) !== 0) return { proceed: false, kr: KERN_INVALID_ARGUMENT };
  return { proceed: true, prot };
}

/**
 * The permission word of a memory entry: protections (unknown ones are dropped) and MAP_MEM_* flags.
 * XNU: vm_sanitize_memory_entry_perm.
 * @returns KERN_INVALID_VALUE for unknown flags
 */
export function sanitizeMemoryEntryPerm(
  raw: RawProt,
): Sanitized<{ readonly flags: number; readonly prot: VmProt; readonly isMask: boolean }> {
  const word = wordOf(raw);
  const flags = word & MAP_MEM_FLAGS_MASK;
  if ((flags & ~MAP_MEM_FLAGS_USER) !== 0) return { proceed: false, kr: KERN_INVALID_VALUE };
  return {
    proceed: true,
    flags,
    prot: word & VM_PROT_ALL,
    isMask: (word & VM_PROT_IS_MASK) !== 0,
  };
}

/** The BSD calls' protections: bits nobody knows are dropped. XNU: vm_sanitize_prot_bsd. */
export function sanitizeProtBsd(raw: RawProt): VmProt {
  return wordOf(raw) & (VM_PROT_ALL | VM_PROT_TRUSTED | VM_PROT_STRIP_READ);
}

/**
 * A current and a maximum protection. XNU: vm_sanitize_cur_and_max_prots.
 * @param reduce cut the current protection down to the maximum instead of refusing (vm_map)
 */
export function sanitizeCurAndMax(
  rawCur: RawProt,
  rawMax: RawProt,
  extra: VmProt,
  reduce: boolean,
): Sanitized<{ readonly cur: VmProt; readonly max: VmProt }> {
  const cur = sanitizeProt(rawCur, extra);
  if (!cur.proceed) return cur;
  const max = sanitizeProt(rawMax, extra);
  if (!max.proceed) return max;
  const both = cur.prot & max.prot;
  if (both !== cur.prot && !reduce) return { proceed: false, kr: KERN_INVALID_ARGUMENT };
  return { proceed: true, cur: both, max: max.prot };
}

/** XNU: vm_sanitize_inherit. */
export function sanitizeInherit(raw: RawInherit): Sanitized<{ readonly inheritance: VmInherit }> {
  const inheritance = wordOf(raw);
  if (inheritance > VM_INHERIT_NONE) return { proceed: false, kr: KERN_INVALID_ARGUMENT };
  return { proceed: true, inheritance };
}

/** XNU: vm_sanitize_behavior. */
export function sanitizeBehavior(raw: RawBehavior): Sanitized<{ readonly behavior: VmBehavior }> {
  const behavior = wordOf(raw);
  if (behavior > VM_BEHAVIOR_ZERO) return { proceed: false, kr: KERN_INVALID_ARGUMENT };
  return { proceed: true, behavior };
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
