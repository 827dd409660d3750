import { check } from "../emulator/arch/check.js";
import { runNow } from "../vm/blocking.js";
import { vmMapEnterMemObject } from "../vm/map/enter-mem-object.js";
import { vmkFlagsAnywhere } from "../vm/map/flags.js";
import { vmObjectDeallocate, vmObjectDestroy, type VmObject } from "../vm/object/index.js";
import {
  vmObjectForDevice,
  vmObjectForHandler,
  type DeviceWindow,
  type PagerHandler,
} from "../vm/pager/index.js";
import {
  KERN_SUCCESS,
  PAGE_SIZE,
  VM_INHERIT_SHARE,
  VM_PROT_READ,
  VM_PROT_WRITE,
  type KernResult,
  type VmOffset,
  type VmProt,
} from "../vm/types.js";
import type { Kernel } from "./kernel.js";
import type { Task } from "./task.js";

/**
 * Map memory into a task whose pages a callback supplies, when they are touched: shared, and writable
 * if the handler takes pages back. A page nobody answers for keeps its thread asleep: `run` then ends
 * with a deadlock report, and may be called again once the handler has answered.
 * @returns the address; or why there is no room for it
 */
export function mapHandler(
  kernel: Kernel,
  task: Task,
  handler: PagerHandler,
): KernResult<{ address: VmOffset }> {
  const object = vmObjectForHandler(kernel.vm, handler);
  const prot = handler.dataReturn === undefined ? VM_PROT_READ : VM_PROT_READ | VM_PROT_WRITE;
  kernel.handlerObjects.add(object);
  return mapShared(task, object, handler.size, prot, 0);
}

/**
 * Map a window of physical addresses into a task, as device memory: its loads and stores reach the device
 * that `machine.mapDevice` put there, and children have the same window. Nothing is cached, and the kernel
 * itself neither reads nor writes it for the task (EFAULT).
 * @param window page aligned; not in RAM
 * @param hint where it should go, or the next place above; 0 leaves it to the system
 * @returns the address; or why there is no room for it
 */
export function mapDeviceWindow(
  kernel: Kernel,
  task: Task,
  window: DeviceWindow,
  hint = 0,
): KernResult<{ address: VmOffset }> {
  const { base, size } = window;
  check(base % PAGE_SIZE === 0 && size > 0 && size % PAGE_SIZE === 0, "unaligned window", window);
  const { ramBase, ramBytes } = kernel.machine.memory;
  check(base + size <= ramBase || base >= ramBase + ramBytes, "a window of RAM", window);
  const object = vmObjectForDevice(kernel.vm, window);
  return mapShared(task, object, size, VM_PROT_READ | VM_PROT_WRITE, hint);
}

/** The caller's reference on the object is used up. */
function mapShared(
  task: Task,
  object: VmObject,
  size: number,
  prot: VmProt,
  hint: number,
): KernResult<{ address: VmOffset }> {
  const entered = runNow(
    vmMapEnterMemObject(
      task.map,
      { address: hint as VmOffset, size, flags: vmkFlagsAnywhere() },
      object,
      0,
      false,
      prot,
      prot,
      VM_INHERIT_SHARE,
    ),
  );
  if (entered.kr !== KERN_SUCCESS) vmObjectDeallocate(object);
  return entered;
}

/** Nothing runs any more: forget the pages. What was not written back (msync) is lost. */
export function releaseHandlers(kernel: Kernel): void {
  for (const object of kernel.handlerObjects) runNow(vmObjectDestroy(object));
  kernel.handlerObjects.clear();
}
