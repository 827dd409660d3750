import { beforeEach, describe, expect, it } from "vitest";
import type { KernelFaultRecord } from "../../../kernel-sim/events.js";
import { switchTo } from "../../../kernel-sim/context-switch.js";
import { copyIn, copyOut } from "../../../kernel-sim/user-memory.js";
import type { Task } from "../../../kernel-sim/task.js";
import { runNow } from "../../../vm/blocking.js";
import { copyinMap, copyoutMap, vmMapReadUser, vmMapWriteUser } from "../../../vm/copyio.js";
import { machVmReadOverwrite, rawU64 } from "../../../vm/mach-vm.js";
import type { VmMap } from "../../../vm/map/map.js";
import { vmMapSwitchBack, vmMapSwitchTo } from "../../../vm/map/switch.js";
import { pmapTtbr } from "../../../vm/pmap/index.js";
import { KERN_INVALID_ADDRESS, KERN_SUCCESS, PAGE_SIZE, type VmOffset } from "../../../vm/types.js";
import { DarwinWorld } from "../../support/darwin-world.js";

let w: DarwinWorld;
let child: Task;
/** The same address in both tasks: 1 in the parent's memory, 2 in the child's. */
let at: number;

beforeEach(() => {
  w = new DarwinWorld();
  at = w.anonymous(2);
  w.write(at, [2]);
  child = w.kernel.tasks.get(w.number("fork"))!;
  w.write(at, [1]);
});

function ttbr(): bigint {
  return w.kernel.cpu.sysreg("TTBR0_EL1");
}

function ttbrOf({ pmap }: VmMap): bigint {
  const { lo, hi } = pmapTtbr(pmap!);
  return (BigInt(hi) << 32n) | BigInt(lo);
}

function byte(address = at): unknown {
  const read = runNow(copyIn(w.kernel, address, 1));
  return read.ok ? read.value[0] : read.errno;
}

describe("vm_map_switch_to", () => {
  it("moves the current thread to another address space, TTBR0_EL1 with it, and back", () => {
    const { kernel, thread, task } = w;
    expect([byte(), ttbr()]).toEqual([1, ttbrOf(task.map)]);
    const references = child.map.refCount;
    const context = vmMapSwitchTo(kernel.vm, child.map);
    expect(thread.map).toBe(child.map);
    expect(thread.task.map).toBe(task.map);
    expect(child.map.refCount).toBe(references + 1);
    expect(kernel.activePmap).toBe(child.map.pmap);
    expect(ttbr()).toBe(ttbrOf(child.map));
    expect(byte()).toBe(2);
    runNow(vmMapSwitchBack(context));
    expect([thread.map, thread.adopted, child.map.refCount]).toEqual([task.map, null, references]);
    expect([byte(), ttbr()]).toEqual([1, ttbrOf(task.map)]);
  });

  it("lets copies and the faults on their way go to that map", () => {
    const faults: KernelFaultRecord[] = [];
    w.kernel.onFault = (fault) => faults.push(fault);
    const context = vmMapSwitchTo(w.kernel.vm, child.map);
    expect(runNow(copyOut(w.kernel, at + PAGE_SIZE, Uint8Array.of(7)))).toBe(null); // untouched memory
    expect(byte(at + PAGE_SIZE)).toBe(7);
    runNow(vmMapSwitchBack(context));
    expect(faults.map((f) => [f.address, f.fromKernel, f.kr])).toEqual([
      [at + PAGE_SIZE, true, KERN_SUCCESS],
    ]);
    expect(byte(at + PAGE_SIZE)).toBe(0);
  });

  it("nests, and goes back in order only", () => {
    const { vm } = w.kernel;
    const outer = vmMapSwitchTo(vm, child.map);
    const inner = vmMapSwitchTo(vm, w.task.map);
    expect([byte(), ttbr()]).toEqual([1, ttbrOf(w.task.map)]);
    expect(() => runNow(vmMapSwitchBack(outer))).toThrow("out of order");
    runNow(vmMapSwitchBack(inner));
    expect([byte(), ttbr()]).toEqual([2, ttbrOf(child.map)]);
    runNow(vmMapSwitchBack(outer));
    expect(byte()).toBe(1);
  });

  it("parks TTBR0_EL1 for the kernel's map", () => {
    const context = vmMapSwitchTo(w.kernel.vm, w.kernel.vm.kernelMap);
    expect(w.kernel.activePmap).toBe(null);
    expect(ttbr()).toBe(BigInt(w.kernel.invalidTable * PAGE_SIZE));
    runNow(vmMapSwitchBack(context));
    expect(ttbr()).toBe(ttbrOf(w.task.map));
  });

  it("stays with the thread while others run, and keeps the map alive", () => {
    const { kernel, thread } = w;
    const adopted = child.map;
    const context = vmMapSwitchTo(kernel.vm, adopted);
    const other = child.threads[0]!;
    kernel.current = other;
    switchTo(kernel, other);
    expect(ttbr()).toBe(ttbrOf(child.map));
    kernel.current = thread;
    switchTo(kernel, thread);
    expect([ttbr(), byte()]).toEqual([ttbrOf(adopted), 2]);
    runNow(vmMapSwitchBack(context));
    expect(byte()).toBe(1);
  });

  it("needs a thread", () => {
    w.kernel.current = null;
    expect(() => vmMapSwitchTo(w.kernel.vm, child.map)).toThrow("no thread");
  });
});

describe("what acts in another map", () => {
  it("copyinmap and copyoutmap, which leave the thread where it was", () => {
    const before = ttbr();
    const bytes = new Uint8Array(1);
    expect(runNow(copyinMap(child.map, at as VmOffset, bytes))).toBe(KERN_SUCCESS);
    expect(bytes[0]).toBe(2);
    expect(runNow(copyoutMap(child.map, at as VmOffset, Uint8Array.of(9)))).toBe(KERN_SUCCESS);
    expect(runNow(copyinMap(child.map, 0 as VmOffset, bytes))).toBe(KERN_INVALID_ADDRESS);
    expect([w.thread.map, ttbr(), byte()]).toEqual([w.task.map, before, 1]);
    expect(runNow(copyinMap(w.task.map, at as VmOffset, bytes))).toBe(KERN_SUCCESS);
    expect(bytes[0]).toBe(1);
    const context = vmMapSwitchTo(w.kernel.vm, child.map);
    expect(byte()).toBe(9);
    runNow(vmMapSwitchBack(context));
  });

  it("vm_map_read_user and vm_map_write_user", () => {
    const bytes = new Uint8Array(1);
    expect(runNow(vmMapReadUser(child.map, rawU64(at), bytes))).toBe(KERN_SUCCESS);
    expect(bytes[0]).toBe(2);
    expect(runNow(vmMapWriteUser(child.map, rawU64(at), Uint8Array.of(5)))).toBe(KERN_SUCCESS);
    expect(runNow(vmMapReadUser(child.map, rawU64(at), bytes))).toBe(KERN_SUCCESS);
    expect([bytes[0], byte()]).toEqual([5, 1]);
  });

  it("mach_vm_read_overwrite between two tasks", () => {
    const [from, size, to] = [at, 100, at + PAGE_SIZE].map(rawU64) as [never, never, never];
    const read = runNow(machVmReadOverwrite(child.map, from, size, to, w.task.map));
    expect(read).toEqual({ kr: KERN_SUCCESS, size: 100 });
    expect([byte(), byte(at + PAGE_SIZE)]).toEqual([1, 2]);
    expect(w.thread.adopted).toBe(null);
  });
});
