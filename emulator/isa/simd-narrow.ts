import type { Emitter } from "./emitter.js";
import { extend, pushSplat, pushZero, shuffleLanes } from "./simd-lanes.js";
import { saturatedWhere, type Extent } from "./simd-qc.js";

/** From wide lanes to lanes half as wide, with saturation. `size` is that of the narrow lanes. */

/** Signed to signed, unsigned to unsigned, signed to unsigned. */
export type Narrowing = "SQXTN" | "UQXTN" | "SQXTUN";

/**
 * Pop wide lanes, push them narrowed in the low half of a v128, and raise QC.
 * @param extent bytes of the wide lanes that count
 */
export function saturatedNarrow(e: Emitter, size: number, kind: Narrowing, extent: Extent): void {
  if (!e.mode.fpsrExact) {
    pushNarrow(e, size, kind);
    return;
  }
  const wide = e.popTemp("v128");
  e.w.local_get(wide);
  pushNarrow(e, size, kind);
  const narrow = e.popTemp("v128");
  saturatedWhere(e, extent, () => {
    e.w.local_get(narrow);
    extend(e, size, 0, kind === "SQXTN");
    e.w.local_get(wide);
    e.w.v128_xor();
  });
  e.w.local_get(narrow);
  e.free(wide, narrow);
}

function pushNarrow(e: Emitter, size: number, kind: Narrowing): void {
  if (size === 2) {
    clampDoublewords(e, kind);
    pushZero(e);
    e.w.i8x16_shuffle(shuffleLanes(2, (lane) => (2 * lane) % 4));
    return;
  }
  if (kind === "UQXTN") {
    // WebAssembly narrows from signed lanes: bring large ones below its limit first.
    pushSplat(e, size + 1, (1n << BigInt(8 << size)) - 1n);
    if (size === 0) e.w.i16x8_min_u();
    else e.w.i32x4_min_u();
  }
  pushZero(e);
  const sign = kind === "SQXTN" ? "s" : "u";
  if (size === 0) e.w[`i8x16_narrow_i16x8_${sign}`]();
  else e.w[`i16x8_narrow_i32x4_${sign}`]();
}

/** Clamp 64-bit lanes to the 32-bit range; there are no 64-bit minimum and maximum instructions. */
function clampDoublewords(e: Emitter, kind: Narrowing): void {
  const { w } = e;
  const limit = (bound: bigint, beyond: () => void): void => {
    const v = e.popTemp("v128");
    pushSplat(e, 3, bound);
    w.local_get(v);
    w.local_get(v);
    pushSplat(e, 3, bound);
    beyond();
    w.v128_bitselect();
    e.free(v);
  };
  if (kind === "UQXTN") {
    // As unsigned, a negative number is beyond too.
    const v = e.popTemp("v128");
    w.local_get(v);
    pushSplat(e, 3, 0xffff_ffffn);
    w.local_get(v);
    pushSplat(e, 3, 0xffff_ffff_0000_0000n);
    w.v128_and();
    pushZero(e);
    w.i64x2_eq();
    w.v128_bitselect();
    e.free(v);
    return;
  }
  const isSigned = kind === "SQXTN";
  limit(isSigned ? 0x7fff_ffffn : 0xffff_ffffn, () => w.i64x2_gt_s());
  limit(isSigned ? -0x8000_0000n : 0n, () => w.i64x2_lt_s());
}
