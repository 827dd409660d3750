import { describe, expect, it } from "vitest";
import { HostBug } from "../../emulator/arch/check.js";
import { THREAD_ABORTSAFE, type Blocking, type WaitResult } from "../../vm/blocking.js";
import { vmFault } from "../../vm/fault/index.js";
import { vmMapBehaviorSet } from "../../vm/map/behavior.js";
import { vmMapAssertConsistent } from "../../vm/map/consistent.js";
import { vmMapCopyDiscard } from "../../vm/map/copy.js";
import { vmMapCopyinInternal } from "../../vm/map/copyin.js";
import { vmMapCopyOverwrite } from "../../vm/map/copy-overwrite.js";
import { vmMapRemove } from "../../vm/map/delete.js";
import { vmMapFork } from "../../vm/map/fork.js";
import { vmkFlagsFixed } from "../../vm/map/flags.js";
import type { VmMap } from "../../vm/map/map.js";
import { vmMapProtect } from "../../vm/map/protect.js";
import { vmMapUnwireNested } from "../../vm/map/unwire.js";
import { vmMapWireNested } from "../../vm/map/wire.js";
import { vmObjectForVnode } from "../../vm/object/index.js";
import {
  kernReturnName,
  KERN_SUCCESS,
  VM_BEHAVIOR_RANDOM,
  VM_PROT_NONE,
  VM_PROT_READ,
  VM_PROT_WRITE,
  type KernReturn,
} from "../../vm/types.js";
import { exploreInterleavings, type Concurrent, type Explored } from "../support/interleavings.js";
import { SlowPager, zeroFile } from "../support/vm-threads.js";
import { PAGE, va, VmWorld } from "../support/vm-world.js";

const A = 0x10 * PAGE;
const B = 0x40 * PAGE;
/** Orders of execution a scenario may have. */
const LIMIT = 3000;

/** A machine whose file pages come slowly, with one task that maps `pages` of them at A. */
class Machine {
  readonly w: VmWorld;
  readonly map: VmMap;
  #wakeup: (channel: object, result?: WaitResult) => void = () => undefined;

  constructor(pages: number) {
    this.w = new VmWorld({
      pages: 96,
      checkEvery: Infinity,
      wakeup: (channel, result) => {
        this.#wakeup(channel, result);
      },
    });
    this.map = this.w.newMap();
    const backing = zeroFile(pages * PAGE);
    const pager = new SlowPager(this.w.system, backing);
    this.w.system.objects.vnodePagers.set(backing.key, pager);
    const file = vmObjectForVnode(this.w.system, backing);
    pager.deallocate();
    this.w.objects.add(file);
    const request = { address: va(A), size: pages * PAGE, flags: vmkFlagsFixed() };
    expect(this.w.mapObject(this.map, request, file, 0, false)).toBe(KERN_SUCCESS);
    // No read-ahead: every page is waited for.
    const end = va(A + pages * PAGE);
    this.w.run(vmMapBehaviorSet(this.map, va(A), end, VM_BEHAVIOR_RANDOM));
  }

  concurrent(threads: readonly Blocking<string>[], finish: () => string): Concurrent {
    return {
      threads,
      connect: (wakeup) => {
        this.#wakeup = wakeup;
      },
      between: () => {
        this.w.system.assertConsistent();
        vmMapAssertConsistent(this.map);
      },
      relieve: () => this.w.unhoard(1),
      finish: () => {
        this.w.checkNow();
        return finish();
      },
    };
  }

  wired(): string {
    return `${this.map.userWireSize / PAGE} wired`;
  }
}

function* code(work: Blocking<KernReturn>): Blocking<string> {
  return kernReturnName(yield* work).replace("KERN_", "");
}

const wire = (map: VmMap, at: number, pages: number): Blocking<string> =>
  code(vmMapWireNested(map, va(at), va(at + pages * PAGE), VM_PROT_READ, true));
const unwire = (map: VmMap, at: number, pages: number): Blocking<string> =>
  code(vmMapUnwireNested(map, va(at), va(at + pages * PAGE), true));
const remove = (map: VmMap, at: number, pages: number): Blocking<string> =>
  code(vmMapRemove(map, va(at), va(at + pages * PAGE)));
const protect = (map: VmMap, at: number, pages: number, prot: number): Blocking<string> =>
  code(vmMapProtect(map, va(at), va(at + pages * PAGE), prot, false));
const fault = (map: VmMap, at: number, prot: number): Blocking<string> =>
  code(vmFault(map, va(at), prot, false, THREAD_ABORTSAFE));

function explore(setup: () => Concurrent): Explored {
  try {
    return exploreInterleavings(setup, LIMIT);
  } catch (error) {
    // The details of a HostBug lead to all of the machine: too much for a report.
    throw error instanceof HostBug ? new Error(error.message, { cause: error.stack }) : error;
  }
}

describe("two operations in every order", () => {
  it("wire against deallocate: all wired and then gone, or nothing there", () => {
    const explored = explore(() => {
      const m = new Machine(4);
      return m.concurrent([wire(m.map, A, 4), remove(m.map, A, 4)], () => {
        return `${m.wired()}, ${m.map.nentries} entries`;
      });
    });
    expect(explored).toMatchInlineSnapshot(`
      {
        "complete": true,
        "outcomes": [
          "INVALID_ADDRESS, SUCCESS: 0 wired, 0 entries",
          "SUCCESS, SUCCESS: 0 wired, 0 entries",
        ],
        "runs": 5,
      }
    `);
  });

  it("wire against wire: counted twice, wired once", () => {
    const explored = explore(() => {
      const m = new Machine(3);
      const threads = [wire(m.map, A, 2), wire(m.map, A + PAGE, 2)];
      return m.concurrent(threads, () => {
        const counts = [0, 1, 2].map((i) => m.w.entryAt(m.map, A + i * PAGE)?.userWiredCount);
        return `${m.wired()}, ${counts.join(" ")}`;
      });
    });
    expect(explored).toMatchInlineSnapshot(`
      {
        "complete": true,
        "outcomes": [
          "SUCCESS, SUCCESS: 3 wired, 1 2 1",
        ],
        "runs": 9,
      }
    `);
  });

  it("wire against protect: the protection waits, or the wiring is refused", () => {
    const explored = explore(() => {
      const m = new Machine(4);
      return m.concurrent([wire(m.map, A, 4), protect(m.map, A + PAGE, 2, VM_PROT_NONE)], () => {
        return `${m.wired()}, ${m.w.layout(m.map).map(({ prot }) => prot)}`;
      });
    });
    expect(explored).toMatchInlineSnapshot(`
      {
        "complete": true,
        "outcomes": [
          "PROTECTION_FAILURE, SUCCESS: 0 wired, 3,0,3",
          "SUCCESS, SUCCESS: 4 wired, 3,0,3",
        ],
        "runs": 5,
      }
    `);
  });

  it("a small copy against protect: all bytes, or a bad address", () => {
    const explored = explore(() => {
      const m = new Machine(2);
      function* copy(): Blocking<string> {
        const made = yield* vmMapCopyinInternal(m.map, va(A + 5), PAGE, 0);
        if (made.kr === KERN_SUCCESS) yield* vmMapCopyDiscard(made.copy);
        return kernReturnName(made.kr).replace("KERN_", "");
      }
      return m.concurrent([copy(), protect(m.map, A + PAGE, 1, VM_PROT_NONE)], () => "");
    });
    expect(explored).toMatchInlineSnapshot(`
      {
        "complete": true,
        "outcomes": [
          "INVALID_ADDRESS, SUCCESS: ",
          "SUCCESS, SUCCESS: ",
        ],
        "runs": 4,
      }
    `);
  });

  it("a fault against deallocate: mapped and gone, or nothing there", () => {
    const explored = explore(() => {
      const m = new Machine(1);
      return m.concurrent([fault(m.map, A, VM_PROT_READ), remove(m.map, A, 1)], () => {
        return `${m.w.frameAt(m.map, A) === null ? "no" : "a"} translation`;
      });
    });
    expect(explored).toMatchInlineSnapshot(`
      {
        "complete": true,
        "outcomes": [
          "INVALID_ADDRESS, SUCCESS: no translation",
          "SUCCESS, SUCCESS: no translation",
        ],
        "runs": 3,
      }
    `);
  });

  it("overwriting a file against unmapping its end", () => {
    const explored = explore(() => {
      const m = new Machine(3);
      m.w.allocateAt(m.map, B, 3 * PAGE);
      m.w.write(m.map, B, [1, 2, 3]);
      const copy = m.w.copyinList(m.map, B, 3 * PAGE);
      function* overwrite(): Blocking<string> {
        const kr = yield* vmMapCopyOverwrite(m.map, va(A), copy, 3 * PAGE, false);
        if (kr !== KERN_SUCCESS) yield* vmMapCopyDiscard(copy);
        m.w.copies.delete(copy);
        return kernReturnName(kr).replace("KERN_", "");
      }
      return m.concurrent([overwrite(), remove(m.map, A + 2 * PAGE, 1)], () => "");
    });
    expect(explored).toMatchInlineSnapshot(`
      {
        "complete": true,
        "outcomes": [
          "INVALID_ADDRESS, SUCCESS: ",
          "SUCCESS, SUCCESS: ",
        ],
        "runs": 5,
      }
    `);
  });
});

describe("fork against writes when memory is short", () => {
  it("the child has each page as it was or as it became, never half", () => {
    const explored = explore(() => {
      const m = new Machine(1);
      m.w.allocateAt(m.map, B, 2 * PAGE);
      m.w.write(m.map, B, [1]);
      m.w.write(m.map, B + PAGE, [1]);
      m.w.wire(m.map, B, 2 * PAGE); // copied physically, one page after the other
      m.w.hoard(12); // enough for page tables, which may dip into the reserve, but not for copies
      let seen = "no child";
      function* fork(): Blocking<string> {
        const child = yield* vmMapFork(m.map);
        if (child === null) return "none";
        m.w.maps.add(child);
        const pages = [B, B + PAGE].map((at) => m.w.peek(child, at)?.[0] ?? "hole");
        seen = `child ${pages.join(" ")}`;
        return "child";
      }
      function* store(): Blocking<string> {
        for (const at of [B, B + PAGE]) {
          const kr = m.w.write(m.map, at, [2]);
          if (kr !== KERN_SUCCESS) return kernReturnName(kr);
          yield { channel: m, interruptible: 0, reason: "yield" };
        }
        return "written";
      }
      return m.concurrent([fork(), store()], () => {
        const pages = [B, B + PAGE].map((at) => m.w.peek(m.map, at)?.[0]);
        return `${seen}, parent ${pages.join(" ")}`;
      });
    });
    expect(explored).toMatchInlineSnapshot(`
      {
        "complete": true,
        "outcomes": [
          "child, written: child 1 1, parent 2 2",
          "child, written: child 2 1, parent 2 2",
          "child, written: child 2 2, parent 2 2",
        ],
        "runs": 4,
      }
    `);
  });
});

describe("three operations in every order", () => {
  it("wire, unwire and deallocate leave nothing wired and nothing mapped", () => {
    const explored = explore(() => {
      const m = new Machine(2);
      const threads = [wire(m.map, A, 2), unwire(m.map, A, 2), remove(m.map, A, 2)];
      return m.concurrent(threads, () => `${m.wired()}, ${m.map.nentries} entries`);
    });
    expect(explored).toMatchInlineSnapshot(`
      {
        "complete": true,
        "outcomes": [
          "INVALID_ADDRESS, INVALID_ADDRESS, SUCCESS: 0 wired, 0 entries",
          "INVALID_ADDRESS, SUCCESS, SUCCESS: 0 wired, 0 entries",
          "SUCCESS, INVALID_ADDRESS, SUCCESS: 0 wired, 0 entries",
          "SUCCESS, SUCCESS, SUCCESS: 0 wired, 0 entries",
        ],
        "runs": 20,
      }
    `);
  });

  it("two wirings and a fault share the pages", () => {
    const explored = explore(() => {
      const m = new Machine(2);
      const access = VM_PROT_READ | VM_PROT_WRITE;
      const threads = [wire(m.map, A, 2), wire(m.map, A, 1), fault(m.map, A + PAGE, access)];
      return m.concurrent(threads, () => m.wired());
    });
    expect(explored).toMatchInlineSnapshot(`
      {
        "complete": true,
        "outcomes": [
          "SUCCESS, SUCCESS, SUCCESS: 2 wired",
        ],
        "runs": 87,
      }
    `);
  });
});
