import { check } from "../../emulator/arch/check.js";
import { THREAD_INTERRUPTED, type Blocking } from "../blocking.js";
import {
  VM_OBJECT_PAGEIN_THROTTLE,
  vmObjectPagerReadyWait,
  vmObjectPagingSpaceWait,
  vmObjectDeallocate,
  vmObjectReference,
} from "../object/index.js";
import { MEMORY_OBJECT_COPY_CALL } from "../object/object.js";
import { compressorPagerOf } from "../object/compressed.js";
import { vmPageAlloc, vmPageLookup, vmPageWakeupDone } from "../page/resident.js";
import {
  KERN_ALREADY_WAITING,
  KERN_MEMORY_ERROR,
  KERN_SUCCESS,
  MACH_SEND_INTERRUPTED,
  PAGE_SIZE,
  VM_BEHAVIOR_RANDOM,
  VM_PROT_WANTS_COPY,
} from "../types.js";
import { DBG_COMPRESSOR_FAULT, DBG_COMPRESSOR_SWAPIN_FAULT, DBG_PAGEIN_FAULT } from "./event.js";
import {
  VM_FAULT_BUSY,
  VM_FAULT_INTERRUPTED,
  VM_FAULT_MEMORY_SHORTAGE,
  VM_FAULT_RETRY,
  VM_FAULT_SUCCESS_NO_VM_PAGE,
  type FaultPageResult,
} from "./result.js";
import type { PageWalk } from "./walk.js";

/**
 * Have the object's pager supply the page at the walk's offset. XNU: the memory_object_data_request
 * part of vm_fault_page.
 * @returns null when the page may be there now (look again), or how the fault ends
 * Locks: the object's, given up while the pager works.
 */
export function* requestPage(walk: PageWalk): Blocking<FaultPageResult | null> {
  const { object } = walk;
  const { pager } = object;
  if (pager === null) return walk.error(); // it gave up: vm_object_destroy
  if (!object.pagerReady) return yield* waitThenRetry(walk, vmObjectPagerReadyWait);
  if (!object.internal && object.pagingInProgress > VM_OBJECT_PAGEIN_THROTTLE) {
    return yield* waitThenRetry(walk, vmObjectPagingSpaceWait);
  }
  // Supplying a page may push the old one into the copy object. If that is where this fault
  // started, its placeholder would be in the way: start over with the page in hand instead.
  const mustRetry = !walk.inFirst && object.copy === walk.first && walk.topPage !== null;
  if (mustRetry) walk.dropTopPage();

  // The page asked for has gone again before it could be used: just that page this time.
  const again = walk.type === DBG_PAGEIN_FAULT;
  const info = again
    ? { ...walk.info, behavior: VM_BEHAVIOR_RANDOM, clusterSize: PAGE_SIZE }
    : walk.info;
  const wantsCopy = !walk.inFirst && object.copyStrategy === MEMORY_OBJECT_COPY_CALL;
  const access = wantsCopy ? walk.access | VM_PROT_WANTS_COPY : walk.access;
  object.lock.unlockExclusive();
  const at = walk.offset + object.pagingOffset;
  const kr = yield* pager.dataRequest(object, at, PAGE_SIZE, access, info);
  object.lock.lockExclusive();
  if (kr === MACH_SEND_INTERRUPTED) return walk.fail(VM_FAULT_INTERRUPTED);
  if (kr === KERN_ALREADY_WAITING) return walk.fail(VM_FAULT_BUSY);
  if (kr !== KERN_SUCCESS) return walk.error();
  if (object.physContiguous && vmPageLookup(object, walk.offset) === null) {
    walk.release();
    return { result: VM_FAULT_SUCCESS_NO_VM_PAGE };
  }
  check(vmPageLookup(object, walk.offset) !== null, "pager supplied nothing", object, walk.offset);
  if (mustRetry) return walk.fail(VM_FAULT_RETRY);
  walk.type = DBG_PAGEIN_FAULT;
  return null;
}

/**
 * Have the compressor supply the page at the walk's offset: a placeholder in the object becomes the
 * page. Lost data make it a page in error; a slot that turns out empty, an absent page. XNU: the
 * vm_compressor_pager_get part of vm_fault_page.
 * @returns null: look again; or how the fault ends
 * Locks: the object's, given up meanwhile.
 */
export function* decompressPage(walk: PageWalk): Blocking<FaultPageResult | null> {
  const { object, ctx } = walk;
  const pager = compressorPagerOf(object);
  check(pager !== null, "no compressor pager", object);
  const page = vmPageAlloc(object, walk.offset);
  if (page === null) return walk.fail(VM_FAULT_MEMORY_SHORTAGE);
  page.absent = true;
  object.lock.unlockExclusive();
  const { kr, swappedIn } = yield* pager.get(walk.offset + object.pagingOffset, page.ppn, false);
  object.lock.lockExclusive();
  check(page.object === object, "placeholder was taken away", object, walk.offset);
  if (kr === KERN_SUCCESS) {
    page.absent = false;
    page.dirty = true;
    walk.type = swappedIn ? DBG_COMPRESSOR_SWAPIN_FAULT : DBG_COMPRESSOR_FAULT;
  } else if (kr !== KERN_MEMORY_ERROR) {
    page.unusual = true;
    page.error = true;
  }
  vmPageWakeupDone(ctx, page);
  return null;
}

/** Let go, wait for the object, and have the caller start over. */
function* waitThenRetry(
  walk: PageWalk,
  wait: typeof vmObjectPagerReadyWait,
): Blocking<FaultPageResult> {
  const { object, info } = walk;
  vmObjectReference(object);
  walk.release();
  const woken = yield* wait(object, info.interruptible);
  vmObjectDeallocate(object);
  const interrupted = woken === THREAD_INTERRUPTED;
  return { result: interrupted ? VM_FAULT_INTERRUPTED : VM_FAULT_RETRY };
}
