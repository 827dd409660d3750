/**
 * Whether the engine offers relaxed_madd (the relaxed SIMD proposal) and computes it with one rounding. The
 * proposal lets a host without a fused multiply-add round twice, so it has to be tried out.
 */

export const RELAXED_MADD_F32X4 = 0x105;
export const RELAXED_MADD_F64X2 = 0x107;

let relaxedIsFused: boolean | null = null;

/** Whether relaxed_madd exists here and rounds once, in both formats. Asked once. */
export function hasFusedMadd(): boolean {
  relaxedIsFused ??=
    probeFused("f64x2", RELAXED_MADD_F64X2) && probeFused("f32x4", RELAXED_MADD_F32X4);
  return relaxedIsFused;
}

/** (1 + u)(1 - u) - 1 is -u * u if fused and 0 if the product is rounded first. */
function probeFused(shape: "f64x2" | "f32x4", opcode: number): boolean {
  const isDouble = shape === "f64x2";
  const type = isDouble ? 0x7c : 0x7d;
  const [splat, extract] = isDouble ? [0x14, 0x21] : [0x13, 0x1f];
  const operand = (n: number): number[] => [0x20, n, 0xfd, splat];
  const relaxed = [0xfd, (opcode & 0x7f) | 0x80, opcode >> 7];
  const body = [0, ...operand(0), ...operand(1), ...operand(2), ...relaxed, 0xfd, extract, 0, 0x0b];
  const bytes = new Uint8Array(
    [
      [0x00, 0x61, 0x73, 0x6d, 1, 0, 0, 0],
      [1, 8, 1, 0x60, 3, type, type, type, 1, type],
      [3, 2, 1, 0],
      [7, 5, 1, 1, 0x66, 0, 0],
      [10, body.length + 2, 1, body.length, ...body],
    ].flat(),
  );
  if (!WebAssembly.validate(bytes)) return false;
  const { f } = new WebAssembly.Instance(new WebAssembly.Module(bytes)).exports;
  const u = isDouble ? 2 ** -40 : 2 ** -20;
  const madd = f as (a: number, b: number, c: number) => number;
  return madd(1 + u, 1 - u, -1) === -u * u;
}
