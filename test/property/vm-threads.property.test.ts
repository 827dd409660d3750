import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { HostBug } from "../../emulator/arch/check.js";
import { THREAD_ABORTSAFE, type Blocking } from "../../vm/blocking.js";
import { vmFault } from "../../vm/fault/index.js";
import { vmMapAssertConsistent } from "../../vm/map/consistent.js";
import { vmMapCopyDiscard } from "../../vm/map/copy.js";
import { vmMapCopyinInternal } from "../../vm/map/copyin.js";
import { vmMapCopyout } from "../../vm/map/copyout.js";
import { vmMapCopyOverwrite } from "../../vm/map/copy-overwrite.js";
import { vmMapRemove } from "../../vm/map/delete.js";
import { vmMapEnterMemObject } from "../../vm/map/enter-mem-object.js";
import { vmMapEnter } from "../../vm/map/enter.js";
import { vmkFlagsFixed } from "../../vm/map/flags.js";
import { vmMapFork } from "../../vm/map/fork.js";
import { vmMapDeallocate } from "../../vm/map/lifecycle.js";
import type { VmMap } from "../../vm/map/map.js";
import { vmMapProtect } from "../../vm/map/protect.js";
import { vmMapUnwireNested } from "../../vm/map/unwire.js";
import { vmMapWireNested } from "../../vm/map/wire.js";
import { vmObjectDeallocate, vmObjectForVnode, vmObjectReference } from "../../vm/object/index.js";
import type { VmObject } from "../../vm/object/object.js";
import { SeededRandom } from "../../vm/random.js";
import { armFastFault } from "../../vm/pmap/index.js";
import {
  KERN_SUCCESS,
  VM_INHERIT_COPY,
  VM_PROT_DEFAULT,
  VM_PROT_READ,
  VM_PROT_WRITE,
  type VmProt,
} from "../../vm/types.js";
import { walk } from "../support/page-walk.js";
import { SlowPager, VmThreads, YIELD, zeroFile } from "../support/vm-threads.js";
import { PAGE, va, VmWorld } from "../support/vm-world.js";

const FILE_PAGES = 96;
const FIRST = 1;
const PAGES = 8;

/** What a thread does to one of two address spaces, at some pages. */
interface Action {
  readonly op: (typeof OPS)[number];
  readonly map: number;
  readonly page: number;
  readonly count: number;
  readonly to: number;
  /** Which page of the file. */
  readonly file: number;
}

const OPS = [
  "allocate",
  "mapFile",
  "mapFile",
  "mapPrivate",
  "deallocate",
  "protect",
  "read",
  "write",
  "write",
  "wire",
  "unwire",
  "fork",
  "copy",
  "overwrite",
  "overwrite",
] as const;

const action: fc.Arbitrary<Action> = fc.record({
  op: fc.constantFrom(...OPS),
  map: fc.nat(1),
  page: fc.integer({ min: FIRST, max: FIRST + PAGES - 1 }),
  count: fc.integer({ min: 1, max: 5 }),
  to: fc.integer({ min: FIRST, max: FIRST + PAGES - 1 }),
  file: fc.nat(FILE_PAGES - 1),
});
const program = fc.array(action, { minLength: 1, maxLength: 15, size: "max" });

/** Access a page as the CPU would. */
function* access(map: VmMap, address: number, prot: VmProt): Blocking<void> {
  for (let tries = 0; tries < 20; tries++) {
    if (map.pmap === null) return;
    const found = walk(map.context.phys, map.pmap.root, address);
    const fine = found !== null && found.read && (found.write || (prot & VM_PROT_WRITE) === 0);
    if (fine && found.accessFlag) return;
    if (found !== null && armFastFault(map.pmap, va(address), prot) === KERN_SUCCESS) continue;
    const kr = yield* vmFault(map, va(address), prot, false, THREAD_ABORTSAFE);
    if (kr !== KERN_SUCCESS) return;
  }
  throw new HostBug("a resolved fault is taken again and again");
}

function* act(maps: readonly VmMap[], file: VmObject, step: Action): Blocking<void> {
  const map = maps[step.map]!;
  const start = va(step.page * PAGE);
  const size = step.count * PAGE;
  const end = va(start + size);
  const fixed = { address: start, size, flags: vmkFlagsFixed() };
  switch (step.op) {
    case "allocate":
      yield* vmMapEnter(map, fixed);
      return;
    case "mapFile":
    case "mapPrivate":
      return yield* mapFile(map, file, fixed, step.file, step.op === "mapPrivate");
    case "deallocate":
      yield* vmMapRemove(map, start, end);
      return;
    case "protect":
      yield* vmMapProtect(map, start, end, step.to % 2 === 0 ? VM_PROT_READ : 3, false);
      return;
    case "read":
    case "write": {
      const prot = step.op === "read" ? VM_PROT_READ : VM_PROT_READ | VM_PROT_WRITE;
      for (let at: number = start; at < end; at += PAGE) yield* access(map, at, prot);
      return;
    }
    case "wire":
      yield* vmMapWireNested(map, start, end, VM_PROT_READ, true);
      return;
    case "unwire":
      yield* vmMapUnwireNested(map, start, end, true);
      return;
    case "fork": {
      const child = yield* vmMapFork(map);
      if (child === null) return;
      yield YIELD;
      yield* access(child, start, VM_PROT_READ | VM_PROT_WRITE);
      yield* vmMapDeallocate(child);
      return;
    }
    case "copy":
    case "overwrite": {
      const made = yield* vmMapCopyinInternal(map, va(start + 1), size, 0);
      if (made.kr !== KERN_SUCCESS) return;
      yield YIELD;
      const target = maps[1 - step.map]!;
      const to = va(step.to * PAGE + 1);
      const kr =
        step.op === "copy"
          ? (yield* vmMapCopyout(target, made.copy)).kr
          : yield* vmMapCopyOverwrite(target, to, made.copy, size, false);
      if (kr !== KERN_SUCCESS) yield* vmMapCopyDiscard(made.copy);
    }
  }
}

function* mapFile(
  map: VmMap,
  file: VmObject,
  where: Parameters<typeof vmMapEnterMemObject>[1],
  filePage: number,
  copy: boolean,
): Blocking<void> {
  const size = Math.min(where.size, (FILE_PAGES - filePage) * PAGE);
  vmObjectReference(file);
  const entered = yield* vmMapEnterMemObject(
    map,
    { ...where, size },
    file,
    filePage * PAGE,
    copy,
    VM_PROT_DEFAULT,
    VM_PROT_DEFAULT,
    VM_INHERIT_COPY,
  );
  if (entered.kr !== KERN_SUCCESS) vmObjectDeallocate(file);
}

function* thread(maps: readonly VmMap[], file: VmObject, steps: readonly Action[]): Blocking<void> {
  for (const step of steps) {
    yield* act(maps, file, step);
    yield YIELD;
  }
}

describe("the VM with several threads", () => {
  it("stays consistent whatever runs while somebody sleeps, and everybody wakes up", () => {
    let sleeps = 0;
    fc.assert(
      fc.property(
        fc.array(program, { minLength: 3, maxLength: 5 }),
        fc.integer({ min: 1, max: 0x7fff_ffff }),
        fc.integer({ min: 2, max: 40 }),
        (programs, seed, free) => {
          const w = new VmWorld({
            pages: 512,
            wakeup: (channel, result) => threads.wakeup(channel, result),
          });
          const random = new SeededRandom(seed);
          const threads = new VmThreads(
            (count) => {
              sleeps += 1;
              return random.next32() % count;
            },
            () => w.unhoard(2),
          );
          const backing = zeroFile(FILE_PAGES * PAGE);
          const pager = new SlowPager(w.system, backing);
          w.system.objects.vnodePagers.set(backing.key, pager);
          const file = vmObjectForVnode(w.system, backing);
          pager.deallocate();
          w.objects.add(file);
          const maps = [w.newMap(), w.newMap()];
          for (const map of maps) {
            const where = { address: va(FIRST * PAGE), size: PAGES * PAGE, flags: vmkFlagsFixed() };
            w.mapObject(map, where, file, 0, map === maps[0]);
          }
          w.hoard(free);
          const works = programs.map((steps) => thread(maps, file, steps));
          try {
            threads.run(works, () => {
              w.system.assertConsistent();
              for (const map of maps) vmMapAssertConsistent(map);
            });
            w.check();
          } catch (error) {
            throw error instanceof HostBug
              ? new Error(error.message, { cause: error.stack })
              : error;
          }
        },
      ),
      { numRuns: 100, endOnFailure: false },
    );
    expect(sleeps).toBeGreaterThan(0);
  });
});
