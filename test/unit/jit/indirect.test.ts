import { describe, expect, it } from "vitest";
import type { Translation } from "../../../emulator/jit/code-cache.js";
import { IndirectTargets } from "../../../emulator/jit/indirect.js";

/** All that the targets of branches look at. */
function translationOf(pc: number, ...indirect: number[]): Translation {
  return { pc, indirect, doors: [] } as unknown as Translation;
}

/** A new target, and a look that finds it settled. */
function noteTarget(targets: IndirectTargets, from: number, to: number): void {
  targets.note(from, to);
  expect(targets.takeOutdated(0)).toEqual([]);
}

describe("targets of indirect branches", () => {
  it("outdate the translations that contain the branch", () => {
    const targets = new IndirectTargets();
    const user = translationOf(0x100, 0x120);
    targets.use(user);
    noteTarget(targets, 0x120, 0x140);
    expect(targets.takeOutdated(0x200)).toEqual([]);
    expect(targets.takeOutdated(0x100)).toEqual([user]);
  });

  it("outdate a region at an entry in its middle, until that is made anew", () => {
    const targets = new IndirectTargets();
    const opened = new Set<number>();
    const user = { ...translationOf(0x100, 0x120), doors: [0x110, 1], unit: { opened } };
    targets.use(user as unknown as Translation);
    noteTarget(targets, 0x120, 0x140);
    expect(targets.takeOutdated(0x110)).toEqual([user]);
    opened.add(0x110);
    expect(targets.takeOutdated(0x110)).toEqual([]);
    expect(targets.takeOutdated(0x100)).toEqual([user]);
  });

  it("hold on to no translation that is gone", () => {
    const targets = new IndirectTargets();
    const user = translationOf(0x100, 0x120, 0x130);
    targets.use(user);
    targets.release(user);
    noteTarget(targets, 0x120, 0x140);
    noteTarget(targets, 0x130, 0x140);
    expect(targets.takeOutdated(0x100)).toEqual([]);
  });
});
