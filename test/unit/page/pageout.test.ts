import { describe, expect, it } from "vitest";
import { THREAD_AWAKENED, THREAD_INTERRUPTED, THREAD_UNINT } from "../../../vm/blocking.js";
import { vmMapEnterMemObject } from "../../../vm/map/enter-mem-object.js";
import { vmkFlagsAnywhere } from "../../../vm/map/flags.js";
import type { VmMap } from "../../../vm/map/map.js";
import { vmObjectDeactivatePages, vmObjectForVnode } from "../../../vm/object/index.js";
import { vmObjectCompressedPageCount } from "../../../vm/object/compressed.js";
import type { VmObject } from "../../../vm/object/object.js";
import { vmPageWait } from "../../../vm/page/pageout.js";
import { vmPageoutScan } from "../../../vm/page/scan.js";
import { vmPageGrab } from "../../../vm/page/resident.js";
import {
  KERN_SUCCESS,
  VM_INHERIT_COPY,
  VM_PROT_DEFAULT,
  VM_PROT_READ,
  VM_PROT_WRITE,
} from "../../../vm/types.js";
import { TestFile } from "../../support/test-file.js";
import { PAGE, va, vmWorld, type VmWorld } from "../../support/vm-world.js";

const READ = VM_PROT_READ;
const WRITE = VM_PROT_READ | VM_PROT_WRITE;

/** A file of `pages` pages mapped shared; page i is full of i + 1. */
function mapFile(w: VmWorld, map: VmMap, pages: number): { at: number; file: TestFile } {
  const bytes = new Uint8Array(pages * PAGE).map((_, i) => Math.floor(i / PAGE) + 1);
  const file = new TestFile("/big", bytes);
  const object = vmObjectForVnode(w.system, file);
  w.files.set(object, file.bytes);
  const entered = w.run(
    vmMapEnterMemObject(
      map,
      { address: va(0), size: pages * PAGE, flags: vmkFlagsAnywhere() },
      object,
      0,
      false,
      VM_PROT_DEFAULT,
      VM_PROT_DEFAULT,
      VM_INHERIT_COPY,
    ),
  );
  expect(entered.kr).toBe(KERN_SUCCESS);
  return { at: "address" in entered ? entered.address : 0, file };
}

function fileObject(w: VmWorld): VmObject {
  const [object] = w.system.objects.byPager.values();
  if (object === undefined) throw new Error("no file object");
  return object;
}

function touchAll(w: VmWorld, map: VmMap, at: number, pages: number, access: number): void {
  for (let i = 0; i < pages; i++) {
    expect(w.touch(map, at + i * PAGE, access)).toBe(KERN_SUCCESS);
  }
}

/** Look at every page, whatever the target. */
function scan(w: VmWorld): void {
  w.pageout();
}

describe("the pageout scan", () => {
  it("does nothing while there is enough memory", () => {
    const w = vmWorld({ pages: 64 });
    const map = w.newMap();
    const { at } = mapFile(w, map, 4);
    touchAll(w, map, at, 4, READ);
    w.run(vmPageoutScan(w.system));
    expect(fileObject(w).residentPageCount).toBe(4);
  });

  it("takes clean file pages, which come back from the file", () => {
    const w = vmWorld({ pages: 64 });
    const map = w.newMap();
    const { at } = mapFile(w, map, 8);
    touchAll(w, map, at, 8, READ);
    scan(w);
    expect(fileObject(w).residentPageCount).toBe(0);
    expect(w.read(map, at + 7 * PAGE, 1)).toEqual(Uint8Array.of(8));
  });

  it("gives a page in use a second chance before it takes it", () => {
    const w = vmWorld({ pages: 64 });
    const map = w.newMap();
    const { at } = mapFile(w, map, 4);
    touchAll(w, map, at, 4, READ);
    vmObjectDeactivatePages(fileObject(w), 0, PAGE, false);
    w.system.pmaps.tlb.tlbiAll(); // balancing the queues leaves the TLB as it is
    touchAll(w, map, at, 1, READ);
    scan(w);
    expect(w.system.counters.reactivations).toBe(1);
    expect(fileObject(w).residentPageCount).toBe(0);
  });

  it("writes a dirty file page before it takes it", () => {
    const w = vmWorld({ pages: 64 });
    const map = w.newMap();
    const { at, file } = mapFile(w, map, 2);
    w.write(map, at + PAGE, [99]);
    scan(w);
    expect(file.writes).toEqual([PAGE]);
    expect(fileObject(w)).toMatchObject({ residentPageCount: 0, pagingInProgress: 0 });
    expect(w.system.counters.pageouts).toBe(1);
    expect(w.read(map, at + PAGE, 1)).toEqual(Uint8Array.of(99));
  });

  it("keeps a dirty page its file refuses", () => {
    const w = vmWorld({ pages: 64 });
    const map = w.newMap();
    const { at, file } = mapFile(w, map, 1);
    file.readOnly = true;
    w.write(map, at, [99]);
    scan(w);
    expect(fileObject(w).residentPageCount).toBe(1);
    expect(w.read(map, at, 1)).toEqual(Uint8Array.of(99));
  });

  it("compresses anonymous pages that were written, and drops those that were only read", () => {
    const w = vmWorld({ pages: 64 });
    const map = w.newMap();
    const at = w.allocate(map, 4 * PAGE);
    w.write(map, at, [1]);
    touchAll(w, map, at, 4, READ);
    const object = w.objectAt(map, at);
    expect(object.residentPageCount).toBe(4);
    scan(w);
    expect(object.residentPageCount).toBe(0);
    expect(w.system.counters).toMatchObject({ compressions: 1, zeroFillCount: 4 });
    expect(vmObjectCompressedPageCount(object)).toBe(1);
    expect(w.read(map, at, 1)).toEqual(Uint8Array.of(1));
    expect(w.system.counters).toMatchObject({ decompressions: 1, zeroFillCount: 4 });
    expect(w.read(map, at + 3 * PAGE, 1)).toEqual(Uint8Array.of(0));
  });

  it("leaves wired pages alone", () => {
    const w = vmWorld({ pages: 64 });
    const map = w.newMap();
    const { at } = mapFile(w, map, 2);
    expect(w.wire(map, at, PAGE, READ)).toBe(KERN_SUCCESS);
    touchAll(w, map, at, 2, READ);
    const frame = w.frameAt(map, at);
    scan(w);
    expect([...fileObject(w).pages.keys()]).toEqual([0]);
    expect(w.frameAt(map, at)).toBe(frame);
  });
});

describe("waiting for a page", () => {
  it("is over at once when there is one, or one can be reclaimed", () => {
    const w = vmWorld({ pages: 64 });
    const map = w.newMap();
    expect(vmPageWait(w.system, THREAD_UNINT).next()).toEqual({ done: true, value: true });
    const { at } = mapFile(w, map, 8);
    touchAll(w, map, at, 8, READ);
    w.hoard(w.system.pages.targets.target - 8);
    expect(w.run(vmPageWait(w.system, THREAD_UNINT))).toBe(true);
    expect(vmPageGrab(w.system)).not.toBeNull();
  });

  it("sleeps otherwise, until a page is freed or the wait is broken", () => {
    const w = vmWorld({ pages: 64 });
    w.hoard(0);
    for (const [woken, result] of [
      [THREAD_AWAKENED, true],
      [THREAD_INTERRUPTED, false],
    ] as const) {
      const waiter = vmPageWait(w.system, THREAD_UNINT);
      const asleep = waiter.next();
      expect(asleep.done === false && asleep.value.reason).toBe("no free pages");
      expect(w.system.pages.freeWaiters).toBe(1);
      expect(waiter.next(woken)).toEqual({ done: true, value: result });
      expect(w.system.pages.freeWaiters).toBe(0);
    }
  });

  it("lets a program work in less memory than its files take", () => {
    const w = vmWorld({ pages: 40 });
    const map = w.newMap();
    const { at } = mapFile(w, map, 64);
    const scratch = w.allocate(map, 4 * PAGE);
    touchAll(w, map, scratch, 4, WRITE);
    for (let i = 0; i < 64; i++) {
      expect(w.read(map, at + i * PAGE, 1)).toEqual(Uint8Array.of(i + 1));
    }
    expect(w.system.counters.pageins).toBeGreaterThanOrEqual(64);
    for (let i = 0; i < 4; i++) {
      expect(w.touch(map, scratch + i * PAGE, WRITE)).toBe(KERN_SUCCESS);
    }
  });
});
