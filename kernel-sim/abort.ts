import { describeEsr, isTranslationFault } from "../emulator/arch/esr.js";
import { ACCESS_EXEC, ACCESS_WRITE, type Access } from "../emulator/index.js";
import { alignDown } from "../vm/address.js";
import { THREAD_ABORTSAFE, THREAD_UNINT, type Blocking } from "../vm/blocking.js";
import type { FaultEvent } from "../vm/fault/event.js";
import { vmFault, vmFaultFast } from "../vm/fault/index.js";
import { armFastFault } from "../vm/pmap/index.js";
import {
  KERN_ABORTED,
  KERN_SUCCESS,
  VM_PROT_EXECUTE,
  VM_PROT_READ,
  VM_PROT_WRITE,
  type KernReturn,
  type VmOffset,
  type VmProt,
} from "../vm/types.js";
import type { FaultResolution } from "./events.js";
import type { Kernel } from "./kernel.js";
import type { Thread } from "./thread.js";

/** An access the MMU refused, by user code or by the kernel on its behalf. */
export interface Abort {
  readonly access: Access;
  /** Untagged, sign-extended. */
  readonly address: VmOffset;
  /** DFSC or IFSC, 6 bits. */
  readonly status: number;
  /** Syndrome, unsigned 32 bits. */
  readonly esr: number;
  readonly fromKernel: boolean;
}

/**
 * What the VM is asked for. A store needs READ as well; a fetch asks READ|EXECUTE, and the map lookup
 * lets an execute-only entry through.
 */
export function accessProt(access: Access): VmProt {
  if (access === ACCESS_EXEC) return VM_PROT_READ | VM_PROT_EXECUTE;
  return access === ACCESS_WRITE ? VM_PROT_READ | VM_PROT_WRITE : VM_PROT_READ;
}

/**
 * Try to resolve an abort without sleeping: by the pmap alone unless nothing was mapped, then by
 * vm_fault's fast path. XNU: sleh.c handle_user_abort, handle_kernel_abort.
 * @returns null when vm_fault has to take its slow path: go on with `abortSlow`
 */
export function abortFast(kernel: Kernel, thread: Thread, abort: Abort): KernReturn | null {
  const { map } = thread;
  const prot = accessProt(abort.access);
  if (!isTranslationFault(abort.status) && map.pmap !== null) {
    if (armFastFault(map.pmap, abort.address, prot) === KERN_SUCCESS) {
      kernel.stats.fastFaults++;
      record(kernel, thread, abort, "fast-fault", KERN_SUCCESS, null);
      return KERN_SUCCESS;
    }
  }
  kernel.faultEvent = null;
  kernel.vm.lastFaultType = 0;
  const kr = vmFaultFast(map, abort.address, prot, false, waitKind(abort));
  if (kr !== null) finish(kernel, thread, abort, kr);
  return kr;
}

/** Resolve an abort `abortFast` left undone. */
export function* abortSlow(kernel: Kernel, thread: Thread, abort: Abort): Blocking<KernReturn> {
  kernel.faultEvent = null;
  kernel.vm.lastFaultType = 0;
  const prot = accessProt(abort.access);
  const kr = yield* vmFault(thread.map, abort.address, prot, false, waitKind(abort));
  finish(kernel, thread, abort, kr);
  return kr;
}

function waitKind(abort: Abort): typeof THREAD_UNINT | typeof THREAD_ABORTSAFE {
  return abort.fromKernel ? THREAD_UNINT : THREAD_ABORTSAFE;
}

function finish(kernel: Kernel, thread: Thread, abort: Abort, kr: KernReturn): void {
  const { faultEvent, stats } = kernel;
  // Another thread may have faulted while this one slept; its event is not ours.
  const mine =
    faultEvent !== null && alignDown(abort.address, thread.map.pageSize) === faultEvent.address;
  const event = mine ? faultEvent : null;
  const failed = kr !== KERN_SUCCESS && kr !== KERN_ABORTED;
  const type = kernel.vm.lastFaultType;
  if (type !== 0) stats.vmFaults.set(type, (stats.vmFaults.get(type) ?? 0) + 1);
  if (failed) stats.failedFaults++;
  record(kernel, thread, abort, failed ? "failed" : "vm-fault", kr, event);
}

function record(
  kernel: Kernel,
  thread: Thread,
  abort: Abort,
  resolution: FaultResolution,
  kr: KernReturn,
  event: FaultEvent | null,
): void {
  kernel.faultCount++;
  if (kernel.onFault === null) return;
  const { pmaps } = kernel.vm;
  const entered = resolution === "fast-fault" || (kr === KERN_SUCCESS && event !== null);
  const pc = thread.trapPc;
  const symbol = thread.task.symbols?.nearest(pc) ?? null;
  kernel.onFault({
    number: kernel.faultCount,
    instructions: kernel.machine.instructionsExecuted,
    pid: thread.task.pid,
    pc,
    symbol: symbol === null ? null : symbolText(symbol),
    address: abort.address,
    access:
      abort.access === ACCESS_EXEC ? "exec" : abort.access === ACCESS_WRITE ? "write" : "read",
    esr: abort.esr,
    esrName: describeEsr(abort.esr),
    resolution,
    event,
    kr,
    pte: entered
      ? {
          lo: event?.pteLo ?? pmaps.lastPteLo,
          hi: event?.pteHi ?? pmaps.lastPteHi,
          pa: event?.ptePa ?? pmaps.lastPtePa,
        }
      : null,
    fromKernel: abort.fromKernel,
  });
}

/** "main+0x10", or "main" at its very start. */
export function symbolText(symbol: { readonly name: string; readonly offset: number }): string {
  return symbol.offset === 0 ? symbol.name : `${symbol.name}+0x${symbol.offset.toString(16)}`;
}
