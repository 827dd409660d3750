import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { THREAD_AWAKENED, THREAD_INTERRUPTED, THREAD_UNINT } from "../../vm/blocking.js";
import { scaled } from "../support/scale.js";
import { TwinWorld } from "../support/twin-world.js";
import { shrinkHistory, StepSource } from "../support/vm-histories.js";
import { anyStep, opening, type VmStep } from "../support/vm-steps.js";

const histories = fc.array(anyStep, { minLength: 1, maxLength: 50, size: "max" });

/** Histories of 200 steps over maps of both page sizes: many where there is time for it. */
const HISTORIES = scaled(5000, 120);
const STEPS = 200;
const FIRST_SEED = Number(process.env.VM_SEED ?? scaled(1, Date.now() % 1e9));

function run(steps: readonly VmStep[], checkEvery: number): void {
  const twin = new TwinWorld({ pages: 256, checkEvery });
  for (const step of opening) twin.apply(step);
  for (const step of steps) twin.apply(step);
  twin.w.checkNow();
}

/** Run one history; if it fails, find the steps that matter and report those. */
function tryHistory(seed: number): void {
  const steps = new StepSource(seed).steps(STEPS);
  try {
    run(steps, STEPS);
  } catch {
    let last: unknown = new Error("it does not fail when it is checked after every step");
    const minimal = shrinkHistory(steps, (some) => {
      try {
        run(some, 1);
        return false;
      } catch (error) {
        last = error;
        return true;
      }
    });
    const told = minimal.map((step) => JSON.stringify(step)).join("\n");
    throw new Error(`seed ${seed}; all that matters:\n${told}`, { cause: last });
  }
}

describe("the VM against a flat model", () => {
  it(`agrees after every step of long histories in maps of both page sizes (seeds from ${FIRST_SEED} on, ${HISTORIES} histories of ${STEPS} steps)`, () => {
    for (let seed = FIRST_SEED; seed < FIRST_SEED + HISTORIES; seed++) tryHistory(seed);
  }, 900_000);

  it("agrees on codes, rights and contents after every step", () => {
    fc.assert(
      fc.property(histories, (steps) => {
        const twin = new TwinWorld({ pages: 512 });
        for (const step of [...opening, ...steps]) twin.apply(step);
      }),
      { numRuns: 60, endOnFailure: false },
    );
  });

  it("agrees when memory is short: whoever needs a page waits for one", () => {
    let waits = 0;
    fc.assert(
      fc.property(histories, fc.integer({ min: 1, max: 12 }), (steps, free) => {
        const twin = new TwinWorld({
          pages: 512,
          onWait(wait, world) {
            expect(wait.reason).toBe("no free pages");
            waits += 1;
            expect(world.unhoard(2)).toBe(true);
            return THREAD_AWAKENED;
          },
        });
        for (const step of opening) twin.apply(step);
        for (const step of steps) {
          twin.w.hoard(free);
          twin.apply(step);
        }
      }),
      { numRuns: 35, endOnFailure: false },
    );
    expect(waits).toBeGreaterThan(0);
  });

  it("leaves no trace of what an interrupt broke off for want of memory", () => {
    let interrupts = 0;
    fc.assert(
      fc.property(histories, fc.integer({ min: 1, max: 12 }), (steps, free) => {
        let interrupting = true;
        const twin = new TwinWorld({
          pages: 512,
          onWait(wait, world) {
            if (interrupting && wait.interruptible !== THREAD_UNINT) return THREAD_INTERRUPTED;
            expect(world.unhoard(2)).toBe(true);
            return THREAD_AWAKENED;
          },
          onAbort() {
            interrupts += 1;
            interrupting = false;
          },
        });
        for (const step of opening) twin.apply(step);
        for (const step of steps) {
          interrupting = step.op !== "fork"; // which leaves out what it cannot copy
          twin.w.hoard(free);
          twin.apply(step);
        }
      }),
      { numRuns: 35, endOnFailure: false },
    );
    expect(interrupts).toBeGreaterThan(0);
  });
});
