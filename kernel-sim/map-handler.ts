import { runNow } from "../vm/blocking.js";
import { vmMapEnterMemObject } from "../vm/map/enter-mem-object.js";
import { vmkFlagsAnywhere } from "../vm/map/flags.js";
import { vmObjectDeallocate, vmObjectDestroy } from "../vm/object/index.js";
import { vmObjectForHandler, type PagerHandler } from "../vm/pager/index.js";
import {
  KERN_SUCCESS,
  VM_INHERIT_SHARE,
  VM_PROT_READ,
  VM_PROT_WRITE,
  type KernResult,
  type VmOffset,
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
  const entered = runNow(
    vmMapEnterMemObject(
      task.map,
      { address: 0 as VmOffset, size: handler.size, flags: vmkFlagsAnywhere() },
      object,
      0,
      false,
      prot,
      prot,
      VM_INHERIT_SHARE,
    ),
  );
  kernel.handlerObjects.add(object);
  if (entered.kr !== KERN_SUCCESS) vmObjectDeallocate(object);
  return entered;
}

/** Nothing runs any more: forget the pages. What was not written back (msync) is lost. */
export function releaseHandlers(kernel: Kernel): void {
  for (const object of kernel.handlerObjects) runNow(vmObjectDestroy(object));
  kernel.handlerObjects.clear();
}
