import {
  dataAbortIss,
  EC_DATA_ABORT_LOWER,
  FSC_PERMISSION_L0,
  FSC_TRANSLATION_L0,
  makeEsr,
} from "../../emulator/arch/esr.js";
import { hex } from "../../emulator/arch/hex.js";
import type { Row } from "../../emulator/isa/pattern.js";
import { decoderFor } from "../../emulator/isa/table.js";
import type { Prng } from "./fp-operands.js";
import { BRK, DATA, DATA_BYTES, HOLE, PC, READ_ONLY, SP, UNIT, UNITS } from "./fuzz-case.js";
import type { FuzzCase, Outcome, Registers } from "./fuzz-case.js";
import { sameState, stateDifferences, stopDifference, wholeStateLines } from "./fuzz-compare.js";
import { DC_ZVA, footprint, isZva, type Footprint } from "./fuzz-footprint.js";
import { blockRegisters } from "./fuzz-inputs.js";
import type { FuzzMachine, OurOutcome } from "./fuzz-machine.js";
import {
  accessWord,
  computeWord,
  INTEGER_ROWS,
  isAligned,
  LOAD_EXCLUSIVE,
  STORE_EXCLUSIVE,
  VECTOR_ROWS,
} from "./fuzz-words.js";
import { withField } from "./integer-cases.js";

/** Accesses at the edges of what is mapped, and what their faults must look like. */

const CLREX = 0xd503_3f5f;
const JUDGE = "unicorn";
const BASE = 16;
const LEVEL = 3;
const INPUTS = 3;

/** Where something begins or ends that an access may not touch. */
const EDGES = [HOLE, HOLE + UNIT, READ_ONLY, READ_ONLY + UNIT, DATA, DATA + DATA_BYTES];

/** A row or DC ZVA. */
export type Accessor = Row | "DC ZVA";

function near(rng: Prng, aligned: boolean): number {
  const reach = rng.below(3) === 0 ? 1200 : 40;
  const address = rng.pick(EDGES) + rng.below(2 * reach) - reach;
  return aligned ? address - (address % 16) : address;
}

/** Some computation, one access by the row, some computation. */
export function faultCase(rng: Prng, accessor: Accessor): Omit<FuzzCase, "at"> {
  const data = [0, 2, 3, 5, 31];
  const words = [CLREX];
  const compute = (most: number): void => {
    for (let n = rng.below(most); n > 0; n--) {
      words.push(computeWord(JUDGE, rng, rng.below(3) === 0 ? VECTOR_ROWS : INTEGER_ROWS, data));
    }
  };
  compute(4);
  const base = accessor !== "DC ZVA" && rng.below(5) === 0 ? SP : BASE;
  if (accessor === "DC ZVA") words.push((DC_ZVA | base) >>> 0);
  else {
    const { word } = accessWord(JUDGE, rng, [accessor], base, data);
    if (STORE_EXCLUSIVE.includes(accessor)) words.push(armingLoad(rng, accessor, word, base));
    words.push(word);
  }
  compute(3);
  words.push(BRK);
  const aligned = accessor !== "DC ZVA" && isAligned(accessor);
  const inputs = Array.from({ length: INPUTS }, () => {
    const registers = blockRegisters(rng);
    registers.x[base] = BigInt(near(rng, aligned));
    return registers;
  });
  return { words, end: words.length - 1, inputs };
}

/** The load exclusive that lets a store exclusive go ahead. */
function armingLoad(rng: Prng, store: Row, word: number, base: number): number {
  const load = LOAD_EXCLUSIVE[STORE_EXCLUSIVE.indexOf(store)]!;
  const f = store.extract(word);
  const first = accessWord(JUDGE, rng, [load], base, [7, 8, 9]).word;
  return withField(load, first, /^(size|sz)$/, () => f["size"] ?? f["sz"] ?? 0);
}

/** The first byte that the access may not touch, with the syndrome of the fault; null if it may touch all. */
export function expectedFault(access: Footprint): { esr: bigint; far: bigint } | null {
  for (let i = 0; i < access.bytes; i++) {
    const address = Number(access.address) + i;
    const rights = UNITS[Math.floor((address - DATA) / UNIT)] ?? "none";
    const isMissing = rights === "none";
    if (!isMissing && (rights === "rw" || !access.writes)) continue;
    // An access that does both faults as a read where a read alone would (ESR_EL1.WnR).
    const isWrite = access.writes && !(access.reads && isMissing);
    const status = (isMissing ? FSC_TRANSLATION_L0 : FSC_PERMISSION_L0) + LEVEL;
    return {
      esr: BigInt(makeEsr(EC_DATA_ABORT_LOWER, dataAbortIss(status, isWrite))),
      far: access.given ?? BigInt(address),
    };
  }
  return null;
}

/**
 * What is wrong with an outcome: a fault must leave the state just before its instruction, say where and
 * why, and happen where the judge's does; without one everything equals the judge's.
 */
export function faultDifferences(
  machine: FuzzMachine,
  ours: OurOutcome,
  theirs: Outcome,
  one: FuzzCase,
  input: Registers,
): string[] {
  const stops = stopDifference(ours, theirs);
  if (stops.length > 0) return stops;
  if (ours.fault === null) return wholeStateLines(ours, theirs);
  machine.start(one, input);
  machine.advance(ours.instructions, 1);
  const before = machine.state();
  if (!sameState(ours, before)) {
    return ["at the fault / before the instruction", ...stateDifferences(ours, before)];
  }
  const word = one.words[(Number(ours.x[PC]) - one.at) / 4]!;
  const row = decoderFor("max").decode(word)!;
  const lines = stateDifferences(ours, judgeAtFault(ours, theirs, row, word));
  if (lines.length > 0) return lines;
  const access = footprint(row, word, before);
  const expected = access === null ? null : expectedFault(access);
  if (expected === null) return ["a fault where everything is allowed"];
  const text = ({ esr, far }: { esr: bigint; far: bigint }): string => {
    return `ESR ${hex(Number(esr))} FAR ${hex(Number(far))}`;
  };
  const [is, should] = [text(ours.fault), text(expected)];
  return is === should ? [] : [`${is} / ${should} by the manual`];
}

/**
 * The judge's state at a fault where it can be trusted, ours elsewhere: its PC is that of some earlier
 * instruction, the first part of an access may have been done, and after a faulting DC ZVA or store
 * exclusive of a pair it goes on a little.
 */
function judgeAtFault(ours: OurOutcome, theirs: Outcome, row: Row, word: number): Outcome {
  if (isZva(word) || row.name.startsWith("STXP")) return ours;
  const x = theirs.x.slice();
  x[PC] = ours.x[PC]!;
  const v = /^LD[1-4]|pair, .*SIMD/.test(row.name) ? ours.v : theirs.v;
  return { stop: theirs.stop, x, v, changes: ours.changes };
}
