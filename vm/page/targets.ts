/** Memory targets, in pages (vm_page.h vm_page_free_target and its neighbours). */
export interface FreeTargets {
  /** Ordinary allocations fail below this many free pages (vm_page_free_reserved). */
  readonly reserved: number;
  /** Below this the pageout scan is woken. */
  readonly min: number;
  /** The scan stops here, if nobody waits. */
  readonly target: number;
  /** Page creation is slowed down below this (vm_page_throttle_limit). */
  readonly throttleLimit: number;
  /** What the compressor keeps of the reserve (COMPRESSOR_FREE_RESERVED_LIMIT): page tables leave it. */
  readonly compressorReserve: number;
}

/** What one kind of machine has (vm_pageout.h, vm_page.h); pages. */
export interface TargetConstants {
  /** VM_PAGE_LAUNDRY_MAX: what pageout asks for, times 6. */
  readonly laundryMax: number;
  /** COMPRESSOR_FREE_RESERVED_LIMIT. */
  readonly compressor: number;
  /** VM_PAGE_FREE_RESERVED_LIMIT. */
  readonly reservedLimit: number;
  readonly minDivisor: number;
  readonly minLimit: number;
  readonly targetDivisor: number;
  readonly targetLimit: number;
}

export const MACOS_TARGETS: TargetConstants = {
  laundryMax: 128,
  compressor: 128,
  reservedLimit: 1700,
  minDivisor: 100,
  minLimit: 3500,
  targetDivisor: 80,
  targetLimit: 4000,
};

export const EMBEDDED_TARGETS: TargetConstants = {
  laundryMax: 128,
  compressor: 28,
  reservedLimit: 100,
  minDivisor: 200,
  minLimit: 1500,
  targetDivisor: 100,
  targetLimit: 2000,
};

/**
 * The reserve after `pages` more are asked for. With a compressor its share is added at each call,
 * until the limit. XNU: vm_page_free_reserve.
 */
export function raiseReserve(reserved: number, pages: number, c: TargetConstants): number {
  return Math.min(reserved + pages + c.compressor, c.reservedLimit + c.compressor);
}

/** Targets for a given reserve. XNU: vm_page_free_reserve. @param initialFree pages free at start */
export function targetsFor(reserved: number, initialFree: number, c: TargetConstants): FreeTargets {
  const spare = initialFree - reserved;
  const min = Math.min(reserved + 10 + Math.floor(spare / c.minDivisor), c.minLimit);
  const target = Math.max(
    Math.min(reserved + 15 + Math.floor(spare / c.targetDivisor), c.targetLimit),
    min + 5,
  );
  return {
    reserved,
    min,
    target,
    throttleLimit: target - Math.floor(target / 2),
    compressorReserve: Math.min(c.compressor, Math.floor(reserved / 2)),
  };
}

/** A reserve is at most this share of a machine ... */
const RESERVE_SHARE = 64;
/** ... but enough for the compressor to make its first page from. */
const SMALL_RESERVE = 8;
const SMALL_RESERVE_SHARE = 8;

/**
 * The targets a machine starts with: those of embedded ones, which ask for 6 laundries' worth and end
 * at the limit. Differs from XNU: machines below 128 MiB have a smaller reserve, in proportion.
 */
export function freeTargets(initialFree: number): FreeTargets {
  const c = EMBEDDED_TARGETS;
  const full = raiseReserve(0, 6 * c.laundryMax + 1, c);
  const small = Math.min(SMALL_RESERVE, Math.floor(initialFree / SMALL_RESERVE_SHARE));
  const scaled = Math.max(Math.floor(initialFree / RESERVE_SHARE), small);
  return targetsFor(Math.min(full, scaled), initialFree, c);
}
