import * as cryptoAes from "./crypto-aes.js";
import * as cryptoSha from "./crypto-sha.js";
import * as cryptoSha512 from "./crypto-sha512.js";
import * as cryptoSm from "./crypto-sm.js";
import * as fpArith from "./fp-arith.js";
import * as fpCompare from "./fp-compare.js";
import * as fpConvert from "./fp-convert.js";
import * as fpFused from "./fp-fused.js";
import * as fpMove from "./fp-move.js";
import * as fpRound from "./fp-round.js";
import * as simdAcross from "./simd-across.js";
import * as simdArith from "./simd-arith.js";
import * as simdBfloat from "./simd-bfloat.js";
import * as simdByElement from "./simd-by-element.js";
import * as simdCompare from "./simd-compare.js";
import * as simdCopy from "./simd-copy.js";
import * as simdCount from "./simd-count.js";
import * as simdDot from "./simd-dot.js";
import * as simdDoubling from "./simd-doubling.js";
import * as simdFp from "./simd-fp.js";
import * as simdFpCompare from "./simd-fp-compare.js";
import * as simdFpComplex from "./simd-fp-complex.js";
import * as simdFpConvert from "./simd-fp-convert.js";
import * as simdFpFused from "./simd-fp-fused.js";
import * as simdFpLong from "./simd-fp-long.js";
import * as simdImmediate from "./simd-immediate.js";
import * as simdLoadStore from "./simd-load-store.js";
import * as simdLoadStoreLane from "./simd-load-store-lane.js";
import * as simdLogic from "./simd-logic.js";
import * as simdPermute from "./simd-permute.js";
import * as simdPolynomial from "./simd-polynomial.js";
import * as simdSaturate from "./simd-saturate.js";
import * as simdShift from "./simd-shift.js";
import * as simdShiftRegister from "./simd-shift-register.js";
import * as simdWiden from "./simd-widen.js";
import type { Row } from "./pattern.js";

const SCALAR_FP = [fpArith, fpCompare, fpConvert, fpFused, fpMove, fpRound];
const VECTOR_FP = [simdFp, simdFpCompare, simdFpComplex, simdFpConvert, simdFpFused, simdFpLong];

/** The rows that FPCR and FPSR are about. */
export const FP_ROWS: readonly Row[] = [...SCALAR_FP, ...VECTOR_FP].flatMap((file) => file.ROWS);

/** Every floating-point and Advanced SIMD row but the register loads and stores. */
export const FP_SIMD_ROWS: readonly Row[] = [
  cryptoAes,
  cryptoSha,
  cryptoSha512,
  cryptoSm,
  ...SCALAR_FP,
  simdAcross,
  simdArith,
  simdBfloat,
  simdByElement,
  simdCompare,
  simdCopy,
  simdCount,
  simdDot,
  simdDoubling,
  ...VECTOR_FP,
  simdImmediate,
  simdLoadStore,
  simdLoadStoreLane,
  simdLogic,
  simdPermute,
  simdPolynomial,
  simdSaturate,
  simdShift,
  simdShiftRegister,
  simdWiden,
].flatMap((file) => file.ROWS);
