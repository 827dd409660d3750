import {
  availableMemory,
  availableNonCompressed,
  compressorThresholds,
} from "../compressor/limits.js";
import type { VmContext } from "../context.js";

/** How short memory is (vm_pressure_level_t): what processes are told, and how eagerly is purged. */
export const VM_PRESSURE_NORMAL = 0;
export const VM_PRESSURE_WARNING = 1;
export const VM_PRESSURE_URGENT = 2;
export const VM_PRESSURE_CRITICAL = 3;
export type PressureLevel = 0 | 1 | 2 | 3;

/** Purgeable groups below this are emptied without a ripe token, by level. */
const FORCE_BELOW_GROUP: Readonly<Record<PressureLevel, number>> = { 0: 0, 1: 2, 2: 5, 3: 8 };

/** Purgeable groups that may go now although their owners may want them again soon. */
export function purgeForceOf(level: PressureLevel): number {
  return FORCE_BELOW_GROUP[level];
}

/**
 * Find the level memory is at now, from the one it was at: it takes more memory to leave a level than
 * it took to stay out of it. A change is told to the context. URGENT is for embedders to set; nothing
 * here goes there. XNU: vm_pageout.c vm_pressure_response, VM_PRESSURE_*_TO_*.
 */
export function vmPressureUpdate(ctx: VmContext): PressureLevel {
  const { pageout } = ctx;
  const old = pageout.pressureLevel;
  const now = nextLevel(ctx, old);
  if (now !== old) {
    pageout.pressureLevel = now;
    ctx.pressureChanged(now, old);
  }
  return now;
}

function nextLevel(ctx: VmContext, old: PressureLevel): PressureLevel {
  const available = availableNonCompressed(ctx);
  const { compact, unthrottle } = compressorThresholds(availableMemory(ctx));
  const critical = ctx.compressor.lowOnSpace || available < 1.2 * unthrottle;
  const normal = available > 1.2 * compact;
  switch (old) {
    case VM_PRESSURE_NORMAL:
      if (critical) return VM_PRESSURE_CRITICAL;
      return available < compact ? VM_PRESSURE_WARNING : old;
    case VM_PRESSURE_WARNING:
    case VM_PRESSURE_URGENT:
      if (normal) return VM_PRESSURE_NORMAL;
      return critical ? VM_PRESSURE_CRITICAL : old;
    case VM_PRESSURE_CRITICAL:
      if (normal) return VM_PRESSURE_NORMAL;
      return available > 1.4 * unthrottle ? VM_PRESSURE_WARNING : old;
  }
}
