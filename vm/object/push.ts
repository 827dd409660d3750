import { THREAD_UNINT, type Blocking } from "../blocking.js";
import { objectFaultInfo } from "../fault/info.js";
import { vmFaultCleanup, vmFaultPage } from "../fault/page.js";
import { VM_FAULT_MEMORY_SHORTAGE, VM_FAULT_RETRY, VM_FAULT_SUCCESS } from "../fault/result.js";
import { vmPageWait } from "../page/pageout.js";
import { isActiveOrInactive, vmPageActivate } from "../page/queues.js";
import { vmPageWakeupDone } from "../page/resident.js";
import { PAGE_SIZE, VM_PROT_READ, VM_PROT_WRITE } from "../types.js";
import { vmObjectPagingBegin } from "./holds.js";
import type { VmObject } from "./object.js";

/**
 * The contents of [start, end) (bytes, page aligned) are about to change other than by a fault: who has
 * a copy of them gets the old ones first. XNU: vm_object_update, where it pushes to the copy object. A
 * page that cannot be had ends it, silently. May sleep; the caller has a reference and no lock.
 */
export function* vmObjectCopyPush(object: VmObject, start: number, end: number): Blocking<void> {
  for (let offset = start; offset < end; offset += PAGE_SIZE) {
    // The copy may end, or be let go of, meanwhile.
    if (object.copy === null || offset >= object.copy.size) return;
    if (!(yield* pushPage(object, offset, end))) return;
  }
}

function* pushPage(object: VmObject, offset: number, end: number): Blocking<boolean> {
  for (;;) {
    object.lock.lockExclusive();
    vmObjectPagingBegin(object);
    const found = yield* vmFaultPage({
      object,
      offset,
      faultType: VM_PROT_READ | VM_PROT_WRITE,
      prot: VM_PROT_READ | VM_PROT_WRITE,
      mustBeResident: false,
      callerLookup: false,
      noZeroFill: false,
      info: objectFaultInfo(object, { loOffset: offset, hiOffset: end }),
    });
    if (found.result === VM_FAULT_SUCCESS) {
      const { page, topPage } = found;
      if (page.wireCount === 0 && !isActiveOrInactive(page)) vmPageActivate(object.context, page);
      vmPageWakeupDone(object.context, page);
      if (page.object !== null) vmFaultCleanup(page.object, topPage);
      return true;
    }
    if (found.result === VM_FAULT_MEMORY_SHORTAGE) {
      yield* vmPageWait(object.context, THREAD_UNINT);
    } else if (found.result !== VM_FAULT_RETRY) {
      return false;
    }
  }
}
