import type { FuzzCase } from "./fuzz-case.js";
import { sameState, stateDifferences } from "./fuzz-compare.js";
import type { FuzzMachine } from "./fuzz-machine.js";

/**
 * The engine against itself: where a run is cut must not matter. A case run at once, in sevens and in
 * single steps ends in the same state after the same number of instructions; and after the first N
 * instructions N steps and one run have brought the same.
 */

/** Longer runs are not stepped through. */
const MAX_STEPS = 400;

/**
 * @param cut chooses where to compare in the middle: a number below `instructions`
 * @returns differences, or none
 */
export function cutDifferences(
  machine: FuzzMachine,
  one: FuzzCase,
  cut: (instructions: number) => number,
): string[] {
  machine.load(one);
  const input = one.inputs[0]!;
  const whole = machine.run(one, input);
  if (whole === null || whole.instructions > MAX_STEPS) return [];
  for (const slice of [7, 1]) {
    const parts = machine.run(one, input, slice);
    if (parts === null) return [`does not end in slices of ${slice}`];
    if (parts.instructions !== whole.instructions) {
      return [`instructions: ${whole.instructions} / ${parts.instructions} in slices of ${slice}`];
    }
    if (!sameState(whole, parts)) {
      return [`run / slices of ${slice}`, ...stateDifferences(whole, parts)];
    }
    const faults = [whole, parts].map(({ stop, fault }) => {
      return `${stop} ${fault?.esr ?? ""} ${fault?.far ?? ""}`;
    });
    if (faults[0] !== faults[1]) return [`run / slices of ${slice}: ${faults.join(" / ")}`];
  }
  const middle = cut(whole.instructions);
  const states = [middle, 1].map((slice) => {
    machine.start(one, input);
    machine.advance(middle, Math.max(slice, 1));
    return machine.state();
  });
  const [run, stepped] = [states[0]!, states[1]!];
  return sameState(run, stepped)
    ? []
    : [`after ${middle} instructions: run / stepped`, ...stateDifferences(run, stepped)];
}
