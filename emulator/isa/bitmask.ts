/** A 64-bit constant as two signed 32-bit halves. */
export interface Mask {
  readonly lo: number;
  readonly hi: number;
}

const cache = new Map<number, Mask | null>();

/**
 * The immediate of a logical instruction (Arm ARM, DecodeBitMasks): a run of ones rotated within
 * elements of 2 to 64 bits that repeat.
 * @returns null for a reserved combination
 */
export function decodeBitMask(n: number, imms: number, immr: number, sf: number): Mask | null {
  const key = (sf << 13) | (n << 12) | (immr << 6) | imms;
  let mask = cache.get(key);
  if (mask === undefined) cache.set(key, (mask = compute(n, imms, immr, sf)));
  return mask;
}

function compute(n: number, imms: number, immr: number, sf: number): Mask | null {
  if (sf === 0 && n === 1) return null;
  const length = 31 - Math.clz32((n << 6) | (~imms & 0x3f));
  if (length < 1) return null;
  const size = 1 << length;
  const ones = (imms & (size - 1)) + 1;
  if (ones === size) return null;
  const rotate = BigInt(immr & (size - 1));
  const element = (1n << BigInt(ones)) - 1n;
  const width = BigInt(size);
  const rotated = BigInt.asUintN(size, (element >> rotate) | (element << (width - rotate)));
  let value = 0n;
  for (let at = 0n; at < 64n; at += width) value |= rotated << at;
  return { lo: Number(BigInt.asIntN(32, value)), hi: Number(BigInt.asIntN(32, value >> 32n)) };
}
