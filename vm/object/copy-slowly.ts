import { alignDown, alignUp } from "../address.js";
import type { Blocking, Interruptible } from "../blocking.js";
import {
  objectFaultInfo,
  VM_FAULT_INTERRUPTED,
  VM_FAULT_MEMORY_ERROR,
  VM_FAULT_MEMORY_SHORTAGE,
  VM_FAULT_RETRY,
  VM_FAULT_SUCCESS,
  vmFaultCleanup,
  vmFaultPage,
  type FaultPageResult,
} from "../fault/index.js";
import type { VmPage } from "../page/page.js";
import { vmPageWait } from "../page/pageout.js";
import { isActiveOrInactive, vmPageActivate } from "../page/queues.js";
import { vmPageAlloc, vmPageCopy, vmPageLookup, vmPageWakeupDone } from "../page/resident.js";
import {
  KERN_INVALID_ARGUMENT,
  KERN_MEMORY_ERROR,
  KERN_SUCCESS,
  MACH_SEND_INTERRUPTED,
  PAGE_SIZE,
  VM_PROT_READ,
  type KernResult,
  type KernReturn,
} from "../types.js";
import { vmObjectIsCompressed } from "./compressed.js";
import { vmObjectPagingBegin } from "./holds.js";
import { vmObjectAllocate, vmObjectDeallocate } from "./lifecycle.js";
import type { VmObject } from "./object.js";

/**
 * Copy [offset, offset + size), rounded outwards to pages, into a new anonymous object, page by
 * page. Where an anonymous source without a shadow has no page the copy has none either; elsewhere
 * every page is faulted in for reading. XNU: vm_object_copy_slowly.
 * The caller holds a reference on `source` and no lock; may sleep.
 * @returns KERN_INVALID_ARGUMENT for size 0; MACH_SEND_INTERRUPTED; or the error of a page. Nothing
 *   is left of a partial copy.
 */
export function* vmObjectCopySlowly(
  source: VmObject,
  offset: number,
  size: number,
  interruptible: Interruptible,
): Blocking<KernResult<{ object: VmObject }>> {
  if (size === 0) return { kr: KERN_INVALID_ARGUMENT };
  const start = alignDown(offset, PAGE_SIZE);
  const end = alignUp(offset + size, PAGE_SIZE);
  const object = vmObjectAllocate(source.context, end - start);
  for (let at = start; at < end; at += PAGE_SIZE) {
    if (isHole(source, at)) continue;
    const kr = yield* copyOne(source, at, end, object, at - start, interruptible);
    if (kr !== KERN_SUCCESS) {
      vmObjectDeallocate(object);
      return { kr };
    }
  }
  return { kr: KERN_SUCCESS, object };
}

/** True if there is nothing at `offset`, and nowhere it could come from. */
function isHole(source: VmObject, offset: number): boolean {
  if (!source.internal || source.shadow !== null) return false;
  return vmPageLookup(source, offset) === null && !vmObjectIsCompressed(source, offset);
}

function* copyOne(
  source: VmObject,
  offset: number,
  end: number,
  object: VmObject,
  to: number,
  interruptible: Interruptible,
): Blocking<KernReturn> {
  let page = vmPageAlloc(object, to);
  while (page === null) {
    if (!(yield* vmPageWait(object.context, interruptible))) return MACH_SEND_INTERRUPTED;
    page = vmPageAlloc(object, to);
  }
  for (;;) {
    const found = yield* readPage(source, offset, end, interruptible);
    switch (found.result) {
      case VM_FAULT_SUCCESS:
        vmPageCopy(object.context, found.page, page);
        releaseSource(found.page, found.topPage);
        page.dirty = true;
        vmPageActivate(object.context, page);
        vmPageWakeupDone(object.context, page);
        return KERN_SUCCESS;
      case VM_FAULT_RETRY:
        break;
      case VM_FAULT_MEMORY_SHORTAGE:
        if (!(yield* vmPageWait(object.context, interruptible))) return MACH_SEND_INTERRUPTED;
        break;
      case VM_FAULT_INTERRUPTED:
        return MACH_SEND_INTERRUPTED;
      case VM_FAULT_MEMORY_ERROR:
        return found.error;
      default:
        return KERN_MEMORY_ERROR; // memory without pages, which is never copied
    }
  }
}

function* readPage(
  source: VmObject,
  offset: number,
  end: number,
  interruptible: Interruptible,
): Blocking<FaultPageResult> {
  source.lock.lockExclusive();
  vmObjectPagingBegin(source);
  return yield* vmFaultPage({
    object: source,
    offset,
    faultType: VM_PROT_READ,
    prot: VM_PROT_READ,
    mustBeResident: false,
    callerLookup: false,
    noZeroFill: false,
    info: objectFaultInfo(source, {
      interruptible,
      loOffset: offset,
      hiOffset: end,
      clusterSize: end - offset,
    }),
  });
}

/** Let go of what vmFaultPage found. */
function releaseSource(page: VmPage, topPage: VmPage | null): void {
  const { object } = page;
  if (object === null) return;
  if (page.wireCount === 0 && !isActiveOrInactive(page)) vmPageActivate(object.context, page);
  vmPageWakeupDone(object.context, page);
  vmFaultCleanup(object, topPage);
}
