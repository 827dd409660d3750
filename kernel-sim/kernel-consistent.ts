import { check } from "../emulator/arch/check.js";
import { ACCESS_WRITE, type TlbEntry } from "../emulator/index.js";
import { PMAP_TYPE_USER, pmapTranslateAddr, pmapTtbr, type Pmap } from "../vm/pmap/index.js";
import { VM_PROT_READ, VM_PROT_WRITE, type VmOffset } from "../vm/types.js";
import type { VmSystem } from "../vm/system.js";
import { vmMapAssertConsistent } from "../vm/map/consistent.js";
import type { Kernel } from "./kernel.js";
import { vaOf } from "./platform.js";
import type { Task } from "./task.js";
import { unblockedPending } from "./signal.js";

/**
 * Check the kernel between two turns: family, threads, the CPU's address space and TLB, every map
 * and the whole VM. References of objects are added up only while nobody sleeps inside the VM, where a fault
 * may hold some of its own.
 * @throws HostBug at the first thing that is wrong
 */
export function assertKernelConsistent(kernel: Kernel): void {
  check(kernel.current === null, "checked in the middle of a turn");
  const tasks = [...kernel.tasks.values()];
  for (const [pid, task] of kernel.tasks) {
    check(pid === task.pid, "task under another pid", pid, task.pid);
    assertFamily(kernel, task);
  }
  const threads = tasks.flatMap((task) => task.threads);
  kernel.scheduler.assertConsistent([...kernel.kernelThreads, ...threads]);
  for (const thread of threads) {
    const { state, saved } = thread;
    check(state !== "running", "a thread runs although nobody has a turn", thread.id);
    const lost = thread.adopted !== null && thread.work === null;
    check(!lost, "a thread outside the kernel in another's map", thread.id);
    if (state === "dead") continue;
    check((saved === null) === (kernel.cpuOwner === thread), "registers in two places", thread.id);
    const bits = [...thread.pendingInfo.keys()].reduce((sum, n) => sum | (1n << BigInt(n - 1)), 0n);
    check(bits === thread.pendingSignals, "pending signals without information", thread.id);
    const kind = thread.wait?.interruptible;
    check(
      kind === undefined || kind === 0 || unblockedPending(thread) === 0n || thread.task.stopped,
      "an interruptible sleeper has a signal",
      thread.id,
    );
  }
  assertAddressSpace(kernel);
  assertTlb(kernel);
  const maps = [...new Set(tasks.filter((task) => !task.exiting).map((task) => task.map))];
  for (const map of [kernel.vm.kernelMap, ...maps]) vmMapAssertConsistent(map);
  const quiet = threads.every((thread) => thread.work === null);
  const { copies } = kernel.inFlight;
  kernel.vm.assertConsistent(quiet ? { maps, copies } : undefined);
}

function assertFamily(kernel: Kernel, task: Task): void {
  check(task.threads.length > 0, "task without threads", task.pid);
  const dead = task.threads.every((thread) => thread.state === "dead");
  check(dead === !task.alive, "a dead task has a live thread, or the other way round", task.pid);
  if (task.parent !== null) check(task.parent.children.has(task), "unknown child", task.pid);
  for (const child of task.children) {
    check(child.parent === task, "child of somebody else", child.pid);
    check(kernel.tasks.get(child.pid) === child, "child is not in the table", child.pid);
  }
}

/** TTBR0_EL1 is that of the pmap we believe active, which exists. */
function assertAddressSpace(kernel: Kernel): void {
  const { activePmap } = kernel;
  if (activePmap === null) return;
  check(activePmap.refCount > 0, "the active pmap is dead");
  const { lo, hi } = pmapTtbr(activePmap);
  const ttbr = (BigInt(hi) << 32n) | BigInt(lo);
  check(kernel.cpu.sysreg("TTBR0_EL1") === ttbr, "TTBR0_EL1 is not the active pmap's");
}

/**
 * With no invalidation under way, whatever the TLB holds is what a walk would find now: it may know
 * less than the tables say, never more.
 */
function assertTlb(kernel: Kernel): void {
  for (const entry of kernel.machine.mmu.tlb.entries()) {
    const va = vaOf(entry.vaLo, entry.vaHi) as VmOffset;
    const owner = ownerOf(kernel, entry);
    check(owner !== undefined, "TLB entry of no address space", entry);
    const writable = (entry.rights & (1 << ACCESS_WRITE)) !== 0;
    const access = writable ? VM_PROT_WRITE : VM_PROT_READ;
    // The access flag is cleared without a flush where that only samples references.
    const walked = pmapTranslateAddr(owner, va, access, true);
    check(walked === entry.physical, "stale TLB entry", entry, walked);
  }
}

/** The address space a TLB entry is of; a global one's is the commpage's that was shown last. */
function ownerOf(kernel: Kernel, entry: TlbEntry): Pmap | undefined {
  const { pmaps, last } = kernel.vm.pmaps;
  if (entry.isGlobal) return last.commpage ?? undefined;
  return [...pmaps].find(
    (p) => p.hwAsid === entry.asid && p.swAsid === last.swAsid[entry.asid] && p.asid >= 0,
  );
}

/** Frames nobody uses, those the CPU has fetched ahead included. */
export function freeFrames(vm: VmSystem): number {
  return vm.pages.free.count + vm.pages.free.local.count;
}

/** Nothing is left of what ran: no task, address space, object or frame in use. @throws HostBug */
export function assertNothingLeft(kernel: Kernel, freeAtBoot: number): void {
  check(kernel.tasks.size === 0, "tasks are left", [...kernel.tasks.keys()]);
  const { vm } = kernel;
  vm.assertConsistent({ maps: [] });
  check(kernel.inFlight.copies.size === 0, "memory is left in messages");
  check(kernel.inFlight.bytes === 0, "messages are left", kernel.inFlight.bytes);
  const users = [...vm.pmaps.pmaps].filter((pmap) => pmap.type === PMAP_TYPE_USER);
  check(users.length === 0, "address spaces are left", users.length);
  check(vm.pmaps.asids.inUse === 0, "ASIDs are left", vm.pmaps.asids.inUse);
  const { compressor } = vm;
  check(compressor.pagesCompressed === 0, "compressed pages are left", compressor.pagesCompressed);
  check(compressor.segmentCount === 0, "compressor segments are left", compressor.segmentCount);
  check(compressor.swapSlots.used === 0, "swap space is left", compressor.swapSlots.used);
  check(compressor.pagers.size === 0, "compressor pagers are left", compressor.pagers.size);
  const own = new Set([vm.kernelObject, vm.pmapObject, vm.compressorObject]);
  const objects = [...vm.objects.live].filter((object) => !own.has(object));
  check(objects.length === 0, "objects are left", objects);
  const free = freeFrames(vm);
  check(free === freeAtBoot, "frames are left", free, freeAtBoot);
}
