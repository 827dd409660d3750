import { check } from "../../emulator/arch/check.js";
import { THREAD_INTERRUPTED, THREAD_RESTART, type Blocking } from "../blocking.js";
import {
  vmObjectCollapse,
  vmObjectDeallocate,
  vmObjectPagingBegin,
  vmObjectPagingEnd,
  vmObjectReference,
} from "../object/index.js";
import { VM_EXTERNAL_STATE_EXISTS } from "../object/pager.js";
import type { VmPage } from "../page/page.js";
import { isActiveOrInactive, vmPageActivate } from "../page/queues.js";
import {
  vmPageAlloc,
  vmPageCopy,
  vmPageFree,
  vmPageGrab,
  vmPageInsert,
  vmPageLookup,
  vmPageSleep,
  vmPageWakeup,
  vmPageWakeupDone,
} from "../page/resident.js";
import { pmapDisconnect } from "../pmap/index.js";
import { VM_PROT_WRITE } from "../types.js";
import { consumeClustered } from "./enter.js";
import { DBG_COW_FAULT } from "./event.js";
import { pagerState } from "./page-state.js";
import {
  VM_FAULT_INTERRUPTED,
  VM_FAULT_MEMORY_SHORTAGE,
  VM_FAULT_RETRY,
  type FaultPageResult,
} from "./result.js";
import { vmFaultIsSequential } from "./sequential.js";
import type { PageWalk } from "./walk.js";

/**
 * A write to a page found below: the first object gets a copy in place of its placeholder, and the
 * walk returns there. XNU: the copy-on-write part of vm_fault_page.
 * @param source busy; released
 * @returns the copy, busy; null if there was no free page
 */
export function copyUp(walk: PageWalk, source: VmPage): VmPage | null {
  const { ctx, object, info } = walk;
  const copy = vmPageGrab(ctx);
  if (copy === null) {
    vmPageWakeupDone(ctx, source);
    return null;
  }
  vmPageCopy(ctx, source, copy);
  if (source.pmapped) pmapDisconnect(ctx.pmaps, source.ppn);
  consumeClustered(source);
  if (source.wireCount === 0 && !isActiveOrInactive(source)) vmPageActivate(ctx, source);
  if (!object.internal) vmFaultIsSequential(object, source.offset, info.behavior);
  walk.fromPpn = source.ppn;
  walk.type = DBG_COW_FAULT;
  ctx.counters.cowFaults += 1;
  vmPageWakeupDone(ctx, source);

  walk.returnToFirst();
  const { first, topPage } = walk;
  check(topPage !== null, "copy-on-write without a placeholder", walk);
  walk.topPage = null;
  vmPageFree(ctx, topPage);
  vmPageInsert(copy, first, walk.offset);
  copy.dirty = true;
  // The hold would keep the chain from getting shorter.
  vmObjectPagingEnd(first);
  vmObjectCollapse(first, walk.offset, true);
  vmObjectPagingBegin(first);
  return copy;
}

/**
 * Before a page of an object with a copy object may change, the copy gets its old contents; for a
 * read, write access is withheld instead. XNU: the "copy object" part of vm_fault_page.
 * @param page busy, as vmFaultPage is going to return it
 * @returns null when the page may be used, or how the fault ends (everything let go)
 */
export function* pushCopy(walk: PageWalk, page: VmPage): Blocking<FaultPageResult | null> {
  const { ctx, first, request, info } = walk;
  const { copy } = first;
  if (copy === null || request.mustBeResident) return null;
  if (!walk.isWrite) {
    walk.prot &= ~VM_PROT_WRITE;
    return null;
  }
  const offset = request.offset - copy.shadowOffset;
  if (offset < 0 || offset >= copy.size) return null;
  const there = vmPageLookup(copy, offset);
  if (there !== null) {
    if (!there.busy) return null;
    vmObjectReference(copy);
    vmPageWakeupDone(ctx, page);
    walk.release();
    const woken = yield* vmPageSleep(there, info.interruptible);
    vmObjectDeallocate(copy);
    const interrupted = woken === THREAD_INTERRUPTED;
    return { result: interrupted ? VM_FAULT_INTERRUPTED : VM_FAULT_RETRY };
  }
  if (pagerState(copy, offset) === VM_EXTERNAL_STATE_EXISTS) return null;

  const pushed = vmPageAlloc(copy, offset);
  if (pushed === null) {
    vmPageWakeupDone(ctx, page);
    return walk.fail(VM_FAULT_MEMORY_SHORTAGE);
  }
  vmPageCopy(ctx, page, pushed);
  if (page.pmapped) pmapDisconnect(ctx.pmaps, page.ppn);
  consumeClustered(page);
  vmPageActivate(ctx, pushed);
  pushed.dirty = true;
  vmPageWakeupDone(ctx, pushed);
  // Whoever waits for the original may be reading through the copy: look again from the top.
  vmPageWakeup(ctx, page, THREAD_RESTART);
  return null;
}
