/**
 * Arithmetic on virtual addresses and byte offsets. Both are plain doubles with up to 53 bits, so
 * the 32-bit operators `& | >>` must never touch them.
 */

/** `n` rounded down to a multiple of `unit`, a power of two. Works for the kernel half as well. */
export function alignDown<T extends number>(n: T, unit: number): T {
  return (Math.floor(n / unit) * unit) as T;
}

/** `n` rounded up to a multiple of `unit`, a power of two. */
export function alignUp<T extends number>(n: T, unit: number): T {
  return (Math.floor((n + (unit - 1)) / unit) * unit) as T;
}

/** True if `n` is a multiple of `unit`, a power of two. */
export function isAligned(n: number, unit: number): boolean {
  return n % unit === 0;
}

/** The address `bytes` further on. */
export function advance<T extends number>(at: T, bytes: number): T {
  return (at + bytes) as T;
}

/**
 * `n` rounded up until it has none of the bits of `mask`, as `(n + mask) & ~mask` does; the mask is
 * usually 2^k - 1, but a caller may ask for any (below 2^52).
 */
export function roundUpToMask<T extends number>(n: T, mask: number): T {
  if (isLowMask(mask)) return alignUp(n, mask + 1);
  const bits = BigInt(mask);
  return Number((BigInt(n) + bits) & ~bits) as T;
}

/** `n` with the bits of `mask` cleared: `n & ~mask`. */
export function clearMask<T extends number>(n: T, mask: number): T {
  if (isLowMask(mask)) return alignDown(n, mask + 1);
  return Number(BigInt(n) & ~BigInt(mask)) as T;
}

function isLowMask(mask: number): boolean {
  return Number.isInteger(Math.log2(mask + 1));
}
