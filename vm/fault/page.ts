import { check } from "../../emulator/arch/check.js";
import {
  THREAD_AWAKENED,
  THREAD_INTERRUPTED,
  THREAD_RESTART,
  THREAD_UNINT,
  type Blocking,
} from "../blocking.js";
import { vmObjectDeallocate, vmObjectReference, vmObjectUnblockedWait } from "../object/index.js";
import { compressorPagerOf } from "../object/compressed.js";
import { VM_EXTERNAL_STATE_ABSENT } from "../object/pager.js";
import { isGuard } from "../page/guard.js";
import { isStealable, vmPageoutStealLaundry } from "../page/laundry.js";
import { VM_PAGE_ON_SPECULATIVE_Q, type VmPage } from "../page/page.js";
import { vmPageQueuesRemove } from "../page/queues.js";
import {
  vmPageAlloc,
  vmPageFree,
  vmPageLookup,
  vmPageSleep,
  vmPageWakeupDone,
  vmPageZeroFill,
} from "../page/resident.js";
import { VM_PROT_WRITE, VM_PROT_NONE } from "../types.js";
import {
  DBG_CACHE_HIT_FAULT,
  DBG_COMPRESSOR_FAULT,
  DBG_COMPRESSOR_SWAPIN_FAULT,
  DBG_GUARD_FAULT,
  DBG_NZF_PAGE_FAULT,
  DBG_PAGEIND_FAULT,
  DBG_PAGEINV_FAULT,
  DBG_PAGEIN_FAULT,
  DBG_ZERO_FILL_FAULT,
} from "./event.js";
import { copyUp, pushCopy } from "./page-copy.js";
import { decompressPage, requestPage } from "./page-request.js";
import { faultsOnVolatile, pagerState, zeroesMustStay } from "./page-state.js";
import {
  VM_FAULT_BUSY,
  VM_FAULT_INTERRUPTED,
  VM_FAULT_MEMORY_SHORTAGE,
  VM_FAULT_RETRY,
  VM_FAULT_SUCCESS,
  VM_FAULT_SUCCESS_NO_VM_PAGE,
  type FaultPageResult,
} from "./result.js";
import { vmFaultDeactivateBehind, vmFaultIsSequential } from "./sequential.js";
import { PageWalk, vmFaultCleanup, type FaultPageRequest } from "./walk.js";

export { vmFaultCleanup, type FaultPageRequest };

/** A step of the walk: look at the next thing, or the page is there, or it is over. */
type Step = "again" | { readonly page: VmPage } | FaultPageResult;

/**
 * Find the page of an object at an offset: down the shadow chain, from the pager, or made of
 * zeroes; for a write, copied into the first object, and its old contents into that object's copy.
 * XNU: vm_fault.c vm_fault_page.
 *
 * Differs from XNU: page creation is throttled by vmFault alone.
 * @returns see FaultPageResult
 * Locks: the object exclusively, with a paging reference; both are consumed. On success those of
 * the result's page instead: give them back with vmFaultCleanup. Sleeps with nothing locked.
 */
export function* vmFaultPage(request: FaultPageRequest): Blocking<FaultPageResult> {
  const walk = new PageWalk(request);
  for (;;) {
    const step = yield* look(walk);
    if (step === "again") continue;
    if (!("page" in step)) return step;
    return yield* finish(walk, step.page);
  }
}

/** XNU: one turn of the main loop. */
function* look(walk: PageWalk): Blocking<Step> {
  const { object, request } = walk;
  if (!object.alive) return walk.error();
  if (object.physContiguous && !object.pagerCreated) {
    walk.release();
    return { result: VM_FAULT_SUCCESS_NO_VM_PAGE };
  }
  if (object.blockedAccess) {
    object.lock.unlockExclusive();
    yield* vmObjectUnblockedWait(object, THREAD_UNINT);
    object.lock.lockExclusive();
    return "again";
  }
  const page = vmPageLookup(object, walk.offset);
  if (page !== null) return yield* useResident(walk, page);
  if (request.mustBeResident) {
    if (object === walk.ctx.kernelObject && request.faultType === VM_PROT_NONE) {
      return walk.error();
    }
    return descendOrZero(walk, null);
  }
  if (pagerState(object, walk.offset) !== VM_EXTERNAL_STATE_ABSENT) {
    const request = compressorPagerOf(object) === null ? requestPage : decompressPage;
    return (yield* request(walk)) ?? "again";
  }
  if (!walk.inFirst) return descendOrZero(walk, null);
  const placeholder = vmPageAlloc(object, walk.offset);
  if (placeholder === null) return walk.fail(VM_FAULT_MEMORY_SHORTAGE);
  return descendOrZero(walk, placeholder);
}

/** The object has a page there, of some kind. */
function* useResident(walk: PageWalk, page: VmPage): Blocking<Step> {
  const { object, request, info, ctx } = walk;
  if (isStealable(page)) {
    page.freeWhenDone = false;
    vmPageoutStealLaundry(ctx, page);
  }
  if (page.busy) {
    if (info.noSleep) return walk.fail(VM_FAULT_BUSY);
    object.lock.unlockExclusive();
    const woken = yield* vmPageSleep(page, info.interruptible);
    object.lock.lockExclusive();
    if (woken === THREAD_AWAKENED) return "again";
    return walk.fail(woken === THREAD_RESTART ? VM_FAULT_RETRY : VM_FAULT_INTERRUPTED);
  }
  if (isGuard(page)) {
    if (request.faultType !== VM_PROT_NONE) return walk.error();
    walk.type = DBG_GUARD_FAULT;
    page.busy = true;
    return { page };
  }
  if (page.error) {
    // A later fault asks the pager again.
    vmPageFree(ctx, page);
    return walk.error();
  }
  if (page.restart) {
    vmPageFree(ctx, page);
    return walk.fail(VM_FAULT_RETRY);
  }
  if (page.absent) return useAbsent(walk, page);
  if (page.cleaning && walk.isWrite && (!walk.inFirst || object.copy !== null)) {
    return yield* waitUntilClean(walk, page);
  }
  const speculative = page.queueState === VM_PAGE_ON_SPECULATIVE_Q;
  if (speculative && !request.callerLookup && !info.stealth) vmPageQueuesRemove(ctx, page);
  page.busy = true;
  return { page };
}

/** The pager said that it has nothing: look further down. */
function useAbsent(walk: PageWalk, page: VmPage): Step {
  const { object, request, ctx } = walk;
  if (object.shadow === null) {
    if (request.mustBeResident) return walk.error();
    if (object.shadowSevered || faultsOnVolatile(object)) return walk.error();
    if (walk.inFirst) {
      page.busy = true;
      vmPageQueuesRemove(ctx, page);
      walk.topPage = page;
    } else {
      vmPageFree(ctx, page);
    }
    return zeroFill(walk);
  }
  if (!request.mustBeResident) {
    if (walk.inFirst) {
      page.absent = false;
      page.busy = true;
      vmPageQueuesRemove(ctx, page);
      walk.topPage = page;
    } else {
      vmPageFree(ctx, page);
    }
  }
  walk.descend(object.shadow);
  walk.type = DBG_CACHE_HIT_FAULT;
  return "again";
}

/** Its contents must not change while they are written out. */
function* waitUntilClean(walk: PageWalk, page: VmPage): Blocking<FaultPageResult> {
  const { object, info } = walk;
  vmObjectReference(object); // keeps it while nothing else does
  walk.release();
  const woken = yield* vmPageSleep(page, info.interruptible);
  vmObjectDeallocate(object);
  const interrupted = woken === THREAD_INTERRUPTED;
  return { result: interrupted ? VM_FAULT_INTERRUPTED : VM_FAULT_RETRY };
}

/** Nothing here. @param placeholder the first object's new page, if this is it */
function descendOrZero(walk: PageWalk, placeholder: VmPage | null): Step {
  const { object, request } = walk;
  if (walk.inFirst) walk.topPage = placeholder;
  if (object.shadow !== null) {
    walk.descend(object.shadow);
    return "again";
  }
  if (request.mustBeResident) return walk.error();
  const { first } = walk;
  if (first.shadowSevered || faultsOnVolatile(first)) return walk.error();
  return zeroFill(walk);
}

/** Nobody has it: the first object's placeholder becomes the page. XNU: vm_fault_zero_page. */
function zeroFill(walk: PageWalk): Step {
  const { ctx } = walk;
  walk.returnToFirst();
  const page = walk.topPage;
  check(page !== null, "zero-fill without a placeholder", walk);
  walk.topPage = null;
  walk.depth = 0;
  page.absent = false;
  page.pmapped = true;
  if (walk.request.noZeroFill) {
    page.dirty = true; // whatever it holds has been seen
    walk.type = DBG_NZF_PAGE_FAULT;
  } else {
    vmPageZeroFill(ctx, page);
    ctx.counters.zeroFillCount += 1;
    page.dirty = zeroesMustStay(walk.first);
    walk.type = DBG_ZERO_FILL_FAULT;
  }
  return { page };
}

/** The page is found and busy: copy what has to be copied. */
function* finish(walk: PageWalk, found: VmPage): Blocking<FaultPageResult> {
  let page = found;
  if (walk.isOvertaken()) {
    vmPageWakeupDone(walk.ctx, page);
    return walk.fail(VM_FAULT_RETRY);
  }
  if (!walk.inFirst) {
    if (walk.isWrite) {
      const copy = copyUp(walk, page);
      if (copy === null) return walk.fail(VM_FAULT_MEMORY_SHORTAGE);
      page = copy;
    } else {
      walk.prot &= ~VM_PROT_WRITE;
    }
  }
  const pushed = yield* pushCopy(walk, page);
  if (pushed !== null) return pushed;
  settleType(walk, page);
  return {
    result: VM_FAULT_SUCCESS,
    page,
    topPage: walk.topPage,
    prot: walk.prot,
    type: walk.type,
    depth: walk.depth,
    fromPpn: walk.fromPpn,
  };
}

/** A page-in is reported by kind of memory, and counts towards the object's access pattern. */
function settleType(walk: PageWalk, page: VmPage): void {
  const { object, info, ctx } = walk;
  if (walk.type === DBG_COMPRESSOR_FAULT || walk.type === DBG_COMPRESSOR_SWAPIN_FAULT) {
    ctx.counters.decompressions += 1;
  }
  if (walk.type !== DBG_PAGEIN_FAULT) return;
  walk.type = object.internal ? DBG_PAGEIND_FAULT : DBG_PAGEINV_FAULT;
  vmFaultIsSequential(object, page.offset, info.behavior);
  vmFaultDeactivateBehind(object, page.offset, info.behavior);
}
