import type { Row } from "../../emulator/isa/pattern.js";
import { BLOCK_FPCR, BLOCK_NZCV } from "./fp-simd-cases.js";

/**
 * The one list of floating-point and SIMD instructions that an outside judge gets wrong. Each entry says what the Arm
 * ARM says and puts the judge's registers right, so that comparisons stay exact.
 */

export type Judge = "libunicorn 2.0.1" | "qemu-aarch64 7.2";

interface JudgeError {
  readonly rows: RegExp;
  /** Which words of those rows; all of them by default. */
  readonly words?: (fields: Readonly<Record<string, number>>) => boolean;
  readonly judges: readonly Judge[];
  readonly why: string;
  /** Correct one block after the instruction, in place. */
  readonly repair: (
    fields: Readonly<Record<string, number>>,
    before: DataView,
    after: DataView,
  ) => void;
}

const FZ = 1 << 24;
const Z = 1 << 30;

export const JUDGE_ERRORS: readonly JudgeError[] = [
  {
    rows: /^FCVTZS \(vector, fixed-point, scalar\)$/,
    words: ({ immh = 0 }) => immh < 4,
    judges: ["libunicorn 2.0.1", "qemu-aarch64 7.2"],
    why: "a half becomes an integer of 16 bits (esize), zero above; both sign-extend it to 32",
    repair: ({ rd = 0 }, _before, after) => {
      after.setUint16(16 * rd + 2, 0, true);
    },
  },
  {
    rows: /^FJCVTZS$/,
    judges: ["libunicorn 2.0.1", "qemu-aarch64 7.2"],
    why: "FPToFixedJS clears Z for a positive subnormal that FPCR.FZ makes zero (op<51:0> is not zero)",
    repair: ({ rn = 0 }, before, after) => {
      const magnitude = before.getBigUint64(16 * rn, true) & ((1n << 63n) - 1n);
      const isSubnormal = magnitude !== 0n && magnitude < 1n << 52n;
      if (!isSubnormal || (before.getUint32(BLOCK_FPCR, true) & FZ) === 0) return;
      after.setUint32(BLOCK_NZCV, after.getUint32(BLOCK_NZCV, true) & ~Z, true);
    },
  },
];

/** Whether a word is one that a judge gets wrong. */
export function isJudgeError({ rows, words }: JudgeError, row: Row, word: number): boolean {
  return rows.test(row.name) && (words?.(row.extract(word)) ?? true);
}

/** Put right what `judge` is known to get wrong about a word of `row`, in the block at `at`. */
export function repairJudged(
  judge: Judge,
  row: Row,
  word: number,
  before: Uint8Array,
  after: Uint8Array,
  at: number,
): void {
  for (const error of JUDGE_ERRORS) {
    if (!error.judges.includes(judge) || !isJudgeError(error, row, word)) continue;
    const view = (bytes: Uint8Array): DataView => new DataView(bytes.buffer, bytes.byteOffset + at);
    error.repair(row.extract(word), view(before), view(after));
  }
}
