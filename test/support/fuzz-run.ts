import { expect } from "vitest";
import { prepareDisassembler } from "../../kernel-sim/disassembler.js";
import {
  CODE,
  CODE_BYTES,
  CRASHED,
  type FuzzCase,
  type Judge,
  type Outcome,
  type Registers,
  type Verdict,
} from "./fuzz-case.js";
import { describeCase, shrink, wholeStateLines } from "./fuzz-compare.js";
import type { FuzzMachine, OurOutcome } from "./fuzz-machine.js";
import type { Prng } from "./fp-operands.js";

/** Batches of cases on our machine and on the judge. */

/** What was done, for the reader of a test's output. */
export interface Tally {
  cases: number;
  instructions: number;
  /** Cases the judge did not survive. */
  readonly crashed: FuzzCase[];
}

export const newTally = (): Tally => ({ cases: 0, instructions: 0, crashed: [] });

/** A case the judge does not survive, made small. */
export async function describeCrash(
  judge: Judge,
  machine: FuzzMachine,
  one: FuzzCase,
): Promise<string> {
  await prepareDisassembler();
  const small = await shrink(one, async (candidate) => {
    if (differences(machine, candidate, [], () => [], null) === null) return false;
    return (await judge.run([candidate]))[0] === CRASHED;
  });
  return describeCase(small);
}

/** Lay programs out in the code memory, one after the other with gaps, as long as there is room. */
export function layOut(
  rng: Prng,
  make: () => Pick<FuzzCase, "words" | "end" | "inputs"> | null,
  most: number,
): FuzzCase[] {
  const cases: FuzzCase[] = [];
  let at = CODE;
  while (cases.length < most) {
    const program = make();
    if (program === null) break;
    if (at + 4 * program.words.length > CODE + CODE_BYTES) break;
    cases.push({ ...program, at });
    at += 4 * (program.words.length + rng.below(4));
  }
  return cases;
}

/** What of an outcome of ours the judge disagrees with. */
export type Disagreement = (
  ours: OurOutcome,
  theirs: Outcome,
  one: FuzzCase,
  input: Registers,
) => string[];

/** Everything at the end. Where both stop before it nothing is said: that is for tests of faults. */
export const wholeState: Disagreement = (ours, theirs) => {
  if (ours.stop === "fault" && theirs.stop === "fault") return [];
  return wholeStateLines(ours, theirs);
};

/** Run the case from every input and compare. @returns differences; null if it does not end */
function differences(
  machine: FuzzMachine,
  one: FuzzCase,
  verdict: readonly Outcome[],
  disagree: Disagreement,
  tally: Tally | null,
): string[] | null {
  machine.load(one);
  for (const [i, input] of one.inputs.entries()) {
    const ours = machine.run(one, input);
    if (ours === null) return null;
    if (tally !== null) tally.instructions += ours.instructions;
    const found = disagree(ours, verdict[i]!, one, input);
    if (found.length > 0) return found;
  }
  return [];
}

/**
 * Run cases here and there and fail at the first difference with the smallest case that shows it.
 * @param also a further test of each case on our machine alone: the differences it finds
 */
export async function compareBatch(
  machine: FuzzMachine,
  judge: Judge,
  cases: readonly FuzzCase[],
  tally: Tally,
  { disagree = wholeState, also = (_: FuzzCase): string[] => [] } = {},
): Promise<void> {
  const verdicts = await judge.run(cases);
  for (const [i, one] of cases.entries()) {
    const verdict = verdicts[i] as Verdict;
    tally.cases++;
    if (verdict === CRASHED) {
      tally.crashed.push(one);
      continue;
    }
    const found = differences(machine, one, verdict, disagree, tally);
    if (found === null) await failWith(one, ["does not end"], () => Promise.resolve(false));
    else if (found.length > 0) {
      await failWith(one, found, async (candidate) => {
        const mine = differences(machine, candidate, [], () => [], null);
        if (mine === null) return null;
        const [theirs] = await judge.run([candidate]);
        if (theirs === CRASHED || theirs === undefined) return null;
        return differences(machine, candidate, theirs, disagree, null);
      });
    }
    const alone = also(one);
    if (alone.length > 0) await failWith(one, alone, (c) => Promise.resolve(also(c)));
  }
  machine.forget();
}

async function failWith(
  one: FuzzCase,
  found: readonly string[],
  again: (candidate: FuzzCase) => Promise<string[] | null | false>,
): Promise<void> {
  await prepareDisassembler();
  const ask = async (candidate: FuzzCase): Promise<string[]> => (await again(candidate)) || [];
  const small = await shrink(one, async (candidate) => (await ask(candidate)).length > 0);
  const lines = await ask(small);
  const shown = lines.length > 0 ? lines : found;
  expect.fail(["differences, ours / the judge's:", ...shown, describeCase(small)].join("\n"));
}
