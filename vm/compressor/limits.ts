import type { VmContext } from "../context.js";
import { PAGE_SIZE } from "../types.js";
import { C_SEG_BUFSIZE } from "./segment.js";

const GIB = 2 ** 30;
const MAX_POOL_BYTES = 192 * GIB;

/** What the compressor may hold, swapped or not. */
export interface CompressorLimits {
  readonly segments: number;
  /** Pages as they were before they were compressed. */
  readonly pages: number;
}

/** XNU: vm_compressor_init, macOS. @param ramPages frames of the machine */
export function compressorLimits(ramPages: number): CompressorLimits {
  const ram = ramPages * PAGE_SIZE;
  const times = ram <= 4 * GIB ? 16 : ram <= 8 * GIB ? 8 : ram <= 32 * GIB ? 4 : 2;
  const multiplier = ram <= 8 * GIB ? 1 : ram <= 32 * GIB ? 2 : 4;
  const pool = Math.min(times * ram, MAX_POOL_BYTES);
  const segments = Math.floor(pool / (C_SEG_BUFSIZE + PAGE_SIZE));
  const pages = segments * (C_SEG_BUFSIZE / PAGE_SIZE) * multiplier;
  return { segments, pages: Math.max(pages, ramPages) };
}

/**
 * Divisors of the thresholds below (vm_compressor_minorcompact_threshold_divisor and its neighbours),
 * macOS with more than 3 GiB and fast storage.
 */
const MINOR_DIVISOR = 20;
const MAJOR_DIVISOR = 25;
const UNTHROTTLE_DIVISOR = 35;
const CATCHUP_DIVISOR = 50;

/** Pages that are not compressed: AVAILABLE_NON_COMPRESSED_MEMORY. */
export function availableNonCompressed(ctx: VmContext): number {
  const { active, inactiveCount, free, speculative } = ctx.pages;
  return active.count + inactiveCount + free.count + speculative.count;
}

/** Those and the pages of the compressor: AVAILABLE_MEMORY. */
export function availableMemory(ctx: VmContext): number {
  return availableNonCompressed(ctx) + ctx.compressor.poolPages;
}

/** Below these numbers of pages not compressed something is done, in pages. */
export interface CompressorThresholds {
  readonly compact: number;
  readonly swap: number;
  readonly unthrottle: number;
  readonly rethrottle: number;
  readonly catchup: number;
  readonly caughtUp: number;
  readonly hardThrottle: number;
}

export function compressorThresholds(totalPages: number): CompressorThresholds {
  const share = (tenths: number, divisor: number): number =>
    Math.floor((totalPages * tenths) / divisor);
  return {
    compact: share(10, MINOR_DIVISOR),
    swap: share(10, MAJOR_DIVISOR),
    unthrottle: share(10, UNTHROTTLE_DIVISOR),
    rethrottle: share(11, UNTHROTTLE_DIVISOR),
    catchup: share(10, CATCHUP_DIVISOR),
    caughtUp: share(11, CATCHUP_DIVISOR),
    hardThrottle: share(9, CATCHUP_DIVISOR),
  };
}

/** Segments should leave memory. XNU: compressor_needs_to_swap. */
export function needsToSwap(ctx: VmContext): boolean {
  const { compressor, pages } = ctx;
  if (compressor.store === null || compressor.swapFailed) return false;
  if (compressor.swapForced) return true;
  if (availableNonCompressed(ctx) < compressorThresholds(availableMemory(ctx)).swap) return true;
  return pages.free.count < pages.targets.reserved - 2 * pages.targets.compressorReserve;
}

/** Holes are worth closing. XNU: vm_compressor_needs_to_minor_compact. */
export function needsToMinorCompact(ctx: VmContext): boolean {
  const { compressor } = ctx;
  if (compressor.minorQueue.size === 0) return false;
  if (availableNonCompressed(ctx) >= compressorThresholds(availableMemory(ctx)).compact) {
    return false;
  }
  const pool = compressor.poolPages * PAGE_SIZE;
  return pool - compressor.bytesUsed > pool / 10;
}

/** Many segments, and much of them holes. XNU: vm_compressor_needs_to_major_compact. */
export function needsToMajorCompact(ctx: VmContext): boolean {
  const { compressor } = ctx;
  const pool = compressor.poolPages * PAGE_SIZE;
  return (
    compressor.segmentCount >= (compressor.limits.segments * 0.98) / 8 &&
    pool - compressor.bytesUsed > pool / 8
  );
}
