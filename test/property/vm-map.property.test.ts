import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { THREAD_AWAKENED, THREAD_INTERRUPTED, THREAD_UNINT } from "../../vm/blocking.js";
import { TwinWorld } from "../support/twin-world.js";
import { anyStep, opening } from "../support/vm-steps.js";

const histories = fc.array(anyStep, { minLength: 1, maxLength: 50, size: "max" });

describe("the VM against a flat model", () => {
  it("agrees on codes, rights and contents after every step", () => {
    fc.assert(
      fc.property(histories, (steps) => {
        const twin = new TwinWorld({ pages: 512 });
        for (const step of [...opening, ...steps]) twin.apply(step);
      }),
      { numRuns: 80, endOnFailure: false },
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
      { numRuns: 50, endOnFailure: false },
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
      { numRuns: 50, endOnFailure: false },
    );
    expect(interrupts).toBeGreaterThan(0);
  });
});
