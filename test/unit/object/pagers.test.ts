import { describe, expect, it } from "vitest";
import { runNow } from "../../../vm/blocking.js";
import { vmMapMsync } from "../../../vm/map/msync.js";
import { vmObjectDestroy, vmObjectTruncate } from "../../../vm/object/index.js";
import type { VmObject } from "../../../vm/object/object.js";
import {
  DevicePager,
  vmObjectForDevice,
  vmObjectForHandler,
  type PagerHandler,
  type PagerRequest,
} from "../../../vm/pager/index.js";
import { pmapExtract } from "../../../vm/pmap/index.js";
import { KERN_ABORTED, KERN_MEMORY_ERROR, KERN_SUCCESS, type VmOffset } from "../../../vm/types.js";
import { TestFile } from "../../support/test-file.js";
import { PAGE, va } from "../../support/vm-world.js";
import { A, FaultWorld, READ, WRITE } from "../fault/fault-world.js";

/** Answers when the test says so. */
class Handler implements PagerHandler {
  readonly name = "test";
  readonly size: number;
  readonly requests: PagerRequest[] = [];
  readonly returned: { request: PagerRequest; bytes: Uint8Array }[] = [];
  unmapped = 0;

  constructor(pages: number) {
    this.size = pages * PAGE;
  }

  dataRequest(request: PagerRequest): void {
    this.requests.push(request);
  }

  dataReturn(request: PagerRequest, bytes: Uint8Array): void {
    this.returned.push({ request, bytes });
    request.accept();
  }

  lastUnmap(): void {
    this.unmapped++;
  }
}

function served(pages: number): { w: FaultWorld; handler: Handler; object: VmObject } {
  const w = new FaultWorld();
  const handler = new Handler(pages);
  const object = vmObjectForHandler(w.system, handler);
  w.objects.add(object);
  w.place(object, A, pages, false);
  return { w, handler, object };
}

describe("a pager outside the kernel", () => {
  it("is asked for the page that is touched, and the thread sleeps until it answers", () => {
    const { w, handler } = served(3);
    const fault = w.faulting(A + PAGE, READ);
    const asleep = fault.next();
    expect(asleep.done === false && asleep.value.reason).toBe("pager test: data request");
    expect(handler.requests.map((r) => [r.offset, r.access])).toEqual([[PAGE, READ]]);
    handler.requests[0]!.supply(Uint8Array.of(1, 2, 3));
    expect(fault.next(0)).toEqual({ done: true, value: KERN_SUCCESS });
    w.check();
    expect(w.read(w.map, A + PAGE, 4)).toEqual(Uint8Array.of(1, 2, 3, 0));
    expect(w.system.counters.pageins).toBe(1);
  });

  it("that fails makes an error of this page alone, and is asked again", () => {
    const { w, handler } = served(2);
    handler.dataRequest = (request): void => {
      handler.requests.push(request);
      if (handler.requests.length === 1) request.fail();
      else request.supply(Uint8Array.of(9));
    };
    expect(w.touch(w.map, A, READ)).toBe(KERN_MEMORY_ERROR);
    expect(w.byte(A + PAGE)).toBe(9);
    expect(w.byte(A)).toBe(9);
    expect(handler.requests).toHaveLength(3);
  });

  it("that never answers lets go of a thread that is interrupted; a late answer is nothing", () => {
    const { w, handler, object } = served(1);
    const fault = w.faulting(A, READ);
    fault.next();
    expect(object.residentPageCount).toBe(1); // the placeholder
    expect(fault.next(2)).toEqual({ done: true, value: KERN_ABORTED });
    expect(object.residentPageCount).toBe(0);
    handler.requests[0]!.supply(Uint8Array.of(1));
    w.check();
  });

  it("is asked once for two threads that want the same page", () => {
    const { w, handler } = served(1);
    const [one, two] = [w.faulting(A, READ), w.faulting(A, READ)];
    one.next();
    const second = two.next();
    expect(second.done === false && second.value.reason).toBe("page busy");
    handler.requests[0]!.supply(Uint8Array.of(4));
    expect(one.next(0).done).toBe(true);
    expect(two.next(0)).toEqual({ done: true, value: KERN_SUCCESS });
    expect(handler.requests).toHaveLength(1);
    w.check();
  });

  it("gets back what was written, by msync and when memory is short", () => {
    const { w, handler, object } = served(2);
    handler.dataRequest = (request): void => request.supply(new Uint8Array(PAGE));
    w.store(A, 5);
    expect(w.run(vmMapMsync(w.map, va(A), va(A + 2 * PAGE), 2))).toBe(KERN_SUCCESS);
    expect(handler.returned.map(({ request, bytes }) => [request.offset, bytes[0]])).toEqual([
      [0, 5],
    ]);
    w.store(A + PAGE, 6);
    w.pageout();
    expect(handler.returned.map(({ bytes }) => bytes[0])).toEqual([5, 6]);
    expect(object.residentPageCount).toBe(0);
    expect(w.byte(A)).toBe(0); // from the handler, which keeps nothing
  });

  it("past its end has nothing", () => {
    const w = new FaultWorld();
    const object = vmObjectForHandler(w.system, new Handler(1));
    w.objects.add(object);
    w.place(object, A, 2, false);
    expect(w.touch(w.map, A + PAGE, READ)).toBe(KERN_MEMORY_ERROR);
  });

  it("hears once of the last unmapping; after destroy what is resident stays readable", () => {
    const { w, handler, object } = served(2);
    handler.dataRequest = (request): void => request.supply(Uint8Array.of(3));
    const other = w.newMap();
    w.place(object, A, 2, false, other);
    expect(w.byte(A)).toBe(3);
    w.exit(other);
    expect(handler.unmapped).toBe(0);
    w.finish(vmObjectDestroy(object));
    expect(w.byte(A)).toBe(3);
    expect(w.touch(w.map, A + PAGE, READ)).toBe(KERN_MEMORY_ERROR);
    w.objects.delete(object);
    w.objects.add(object);
  });
});

describe("a device window", () => {
  it("is mapped by physical address, as device memory, without pages", () => {
    const w = new FaultWorld();
    const base = 0x900_0000; // a PL011 on many boards
    const object = vmObjectForDevice(w.system, { name: "pl011", base, size: PAGE });
    w.objects.add(object);
    w.place(object, A, 1, false);
    expect((object.pager as DevicePager).isMapped).toBe(true);
    expect(w.fault(A + 8, WRITE).kr).toBe(KERN_SUCCESS);
    expect(pmapExtract(w.map.pmap!, (A + 8) as VmOffset)).toBe(base + 8);
    expect(object.residentPageCount).toBe(0);
    // AttrIndx 7: Device-nGRE; not executable.
    const lo = w.system.pmaps.lastPteLo;
    expect((lo >>> 2) & 7).toBe(7);
    const pager = object.pager as DevicePager;
    w.release(object); // the test's own reference would keep it mapped
    w.deallocate(w.map, A, PAGE);
    expect(pager.isMapped).toBe(false);
  });

  it("ends where the device ends", () => {
    const w = new FaultWorld();
    const object = vmObjectForDevice(w.system, { name: "pl011", base: 0x900_0000, size: PAGE });
    w.objects.add(object);
    w.place(object, A, 2, false);
    expect(w.fault(A + PAGE, READ).kr).toBe(KERN_MEMORY_ERROR);
  });
});

describe("a file that is cut under its mapping", () => {
  it("is an error past the new end, and zeroes up to the page's end", () => {
    const w = new FaultWorld();
    const file = new TestFile("/cut", new Uint8Array(3 * PAGE).fill(7));
    const object = w.objectOf(file);
    w.place(object, A, 3, false);
    for (let i = 0; i < 3; i++) expect(w.byte(A + i * PAGE)).toBe(7);
    file.bytes = file.bytes.slice(0, PAGE + 100);
    w.files.set(object, file.bytes);
    runNow(vmObjectTruncate(object, PAGE + 100));
    w.check();
    expect(w.byte(A)).toBe(7);
    expect(w.read(w.map, A + PAGE + 99, 2)).toEqual(Uint8Array.of(7, 0));
    expect(w.touch(w.map, A + 2 * PAGE, READ)).toBe(KERN_MEMORY_ERROR);
  });
});
