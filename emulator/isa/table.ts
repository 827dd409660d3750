import { cpuModel, type CpuModelName } from "../arch/cpu-model.js";
import * as branch from "./branch.js";
import * as branchPauth from "./branch-pauth.js";
import { buildDecoder, type Decoder } from "./decode.js";
import { FP_SIMD_ROWS } from "./fp-simd-table.js";
import * as hints from "./hints.js";
import * as integerArithmetic from "./integer-arithmetic.js";
import * as integerFlags from "./integer-flags.js";
import * as integerImmediate from "./integer-immediate.js";
import * as integerRegister from "./integer-register.js";
import * as maintenance from "./maintenance.js";
import * as memoryAtomic from "./memory-atomic.js";
import * as memoryExclusive from "./memory-exclusive.js";
import * as memoryOrdered from "./memory-ordered.js";
import * as memoryPair from "./memory-pair.js";
import * as memoryPauth from "./memory-pauth.js";
import * as memorySingle from "./memory-single.js";
import * as memoryUnprivileged from "./memory-unprivileged.js";
import * as pauth from "./pauth.js";
import type { Row } from "./pattern.js";
import * as system from "./system.js";
import * as systemRegisters from "./system-registers.js";

/** Every encoding the CPU has. What is not here is UNDEFINED. */
export const ROWS: readonly Row[] = [
  ...[
    integerImmediate,
    integerRegister,
    integerArithmetic,
    integerFlags,
    pauth,
    branch,
    branchPauth,
    memorySingle,
    memoryPair,
    memoryExclusive,
    memoryOrdered,
    memoryAtomic,
    memoryUnprivileged,
    memoryPauth,
    hints,
    maintenance,
    system,
    systemRegisters,
  ].flatMap((file) => file.ROWS),
  ...FP_SIMD_ROWS,
];

const decoders = new Map<CpuModelName, Decoder>();

/** The decoder of a CPU model over the whole table, built when it is first asked for. */
export function decoderFor(model: CpuModelName): Decoder {
  let decoder = decoders.get(model);
  if (decoder === undefined) {
    decoder = buildDecoder(ROWS, cpuModel(model).features);
    decoders.set(model, decoder);
  }
  return decoder;
}
