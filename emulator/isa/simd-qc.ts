import type { Emitter } from "./emitter.js";
import { raiseQc } from "./fp-flags.js";

/** FPSR.QC, the cumulative saturation flag, of vector results. */

/** How many bytes from the bottom of a vector count: all, those of a 64-bit vector, or lane 0 of a scalar. */
export type Extent = 1 | 2 | 4 | 8 | 16;

export function vectorExtent(q: number): Extent {
  return q === 0 ? 8 : 16;
}

/** @param size log2 of the lane's bytes */
export function scalarExtent(size: number): Extent {
  return (1 << size) as Extent;
}

/**
 * Raise QC if the v128 that `push` pushes has a bit set within the extent. Emits nothing where FPSR's
 * flags are not kept.
 */
export function saturatedWhere(e: Emitter, extent: Extent, push: () => void): void {
  if (!e.mode.fpsrExact) return;
  const { w } = e;
  push();
  if (extent === 16) w.v128_any_true();
  else if (extent === 8) {
    w.i64x2_extract_lane(0);
    w.i64_const(0, 0);
    w.i64_ne();
  } else if (extent === 4) w.i32x4_extract_lane(0);
  else if (extent === 2) w.i16x8_extract_lane_u(0);
  else w.i8x16_extract_lane_u(0);
  raiseQc(e);
}
