import { alignDown, alignUp } from "../address.js";
import { THREAD_UNINT, type Blocking } from "../blocking.js";
import { isStealable, vmPageoutStealLaundry } from "../page/laundry.js";
import type { VmPage } from "../page/page.js";
import { vmPageActivate } from "../page/queues.js";
import {
  vmPageFreeUnmapped,
  vmPageLookup,
  vmPageSleep,
  vmPageWakeupDone,
} from "../page/resident.js";
import { pmapPageProtect } from "../pmap/index.js";
import {
  KERN_INVALID_ARGUMENT,
  KERN_SUCCESS,
  PAGE_SIZE,
  VM_PROT_ALL,
  VM_PROT_NONE,
  VM_PROT_NO_CHANGE,
  type KernReturn,
  type VmProt,
} from "../types.js";
import { isPageDirty, vmObjectCleanPage } from "./clean.js";
import { vmObjectPagingBegin, vmObjectPagingEnd } from "./holds.js";
import { vmObjectDeallocate } from "./lifecycle.js";
import type { VmObject } from "./object.js";
import { pagesInRange } from "./protect.js";
import { vmObjectCopyPush } from "./push.js";

/** Which pages go back to the pager (memory_object_types.h MEMORY_OBJECT_RETURN_*). */
export const MEMORY_OBJECT_RETURN_NONE = 0;
export const MEMORY_OBJECT_RETURN_DIRTY = 1;
export const MEMORY_OBJECT_RETURN_ALL = 2;
export const MEMORY_OBJECT_RETURN_ANYTHING = 3;
export type ReturnWhat = 0 | 1 | 2 | 3;

/** What else is done (MEMORY_OBJECT_DATA_*, MEMORY_OBJECT_COPY_SYNC, MEMORY_OBJECT_IO_SYNC). */
export const MEMORY_OBJECT_DATA_FLUSH = 0x1;
export const MEMORY_OBJECT_DATA_NO_CHANGE = 0x2;
export const MEMORY_OBJECT_DATA_PURGE = 0x4;
export const MEMORY_OBJECT_COPY_SYNC = 0x8;
export const MEMORY_OBJECT_DATA_SYNC = 0x10;
export const MEMORY_OBJECT_IO_SYNC = 0x20;
export const MEMORY_OBJECT_DATA_FLUSH_ALL = 0x40;

/**
 * A pager takes control of its pages: has them written back, dropped, or protected. XNU:
 * memory_control.c memory_object_lock_request, vm_object_update.
 *
 * Differs from XNU: pages are returned one by one, not in runs.
 * @param offset,size bytes of the object, rounded outwards to pages
 * @param what which pages are returned: none, dirty ones, precious ones too, or all
 * @param flags DATA_FLUSH frees the pages (wired ones stay); before the contents change, copies get the old
 *   ones, unless DATA_NO_CHANGE or DATA_PURGE says that they do not, or nobody shall; COPY_SYNC does
 *   only that. DATA_PURGE cuts the copy object off for good
 * @param prot rights to take away from every mapping, or VM_PROT_NO_CHANGE
 * @returns KERN_INVALID_ARGUMENT without an object or for unknown rights; the first error of the pager
 * May sleep; the caller holds a reference and no lock.
 */
export function* memoryObjectLockRequest(
  object: VmObject | null,
  offset: number,
  size: number,
  what: ReturnWhat,
  flags: number,
  prot: VmProt,
): Blocking<KernReturn> {
  if (object === null) return KERN_INVALID_ARGUMENT;
  if ((prot & ~VM_PROT_ALL) !== 0 && prot !== VM_PROT_NO_CHANGE) return KERN_INVALID_ARGUMENT;
  const start = alignDown(offset, PAGE_SIZE);
  const end = alignUp(offset + size, PAGE_SIZE);
  vmObjectPagingBegin(object);
  const kr = yield* update(object, start, end, what, flags, prot);
  vmObjectPagingEnd(object);
  return kr;
}

function* update(
  object: VmObject,
  start: number,
  end: number,
  what: ReturnWhat,
  flags: number,
  prot: VmProt,
): Blocking<KernReturn> {
  const has = (flag: number): boolean => (flags & flag) !== 0;
  const flushAll = has(MEMORY_OBJECT_DATA_FLUSH_ALL);
  if (flushAll && start === 0 && what === MEMORY_OBJECT_RETURN_NONE && object.copy === null) {
    yield* freeAll(object);
    return KERN_SUCCESS;
  }
  const flush = flushAll || has(MEMORY_OBJECT_DATA_FLUSH);
  const changes = flush && !has(MEMORY_OBJECT_DATA_NO_CHANGE) && !has(MEMORY_OBJECT_DATA_PURGE);
  if (changes || has(MEMORY_OBJECT_COPY_SYNC)) {
    yield* vmObjectCopyPush(object, start, end);
    if (has(MEMORY_OBJECT_COPY_SYNC)) return KERN_SUCCESS;
  }
  if (has(MEMORY_OBJECT_DATA_PURGE)) severCopy(object);
  const offsets = Array.from(pagesInRange(object, start, end), (page) => page.offset);
  let result: KernReturn = KERN_SUCCESS;
  for (const at of offsets.sort((a, b) => a - b)) {
    const page = yield* idlePage(object, at);
    if (page === null || page.absent) continue;
    const kr = yield* updatePage(object, page, what, flush, prot);
    if (result === KERN_SUCCESS) result = kr;
  }
  return result;
}

/** Every page but wired ones goes, whoever maps it; nothing is returned. */
function* freeAll(object: VmObject): Blocking<void> {
  for (const index of [...object.pages.keys()]) {
    const page = yield* idlePage(object, index * PAGE_SIZE);
    if (page !== null && page.wireCount === 0) vmPageFreeUnmapped(object.context, page);
  }
}

function* updatePage(
  object: VmObject,
  page: VmPage,
  what: ReturnWhat,
  flush: boolean,
  prot: VmProt,
): Blocking<KernReturn> {
  const { context } = object;
  if (isStealable(page)) {
    vmPageoutStealLaundry(context, page); // done here and now
    vmPageActivate(context, page);
  }
  const stays = page.wireCount > 0;
  if (flush && !stays) {
    pmapPageProtect(context.pmaps, page.ppn, VM_PROT_NONE);
  } else if (prot !== VM_PROT_NO_CHANGE && prot !== VM_PROT_NONE) {
    pmapPageProtect(context.pmaps, page.ppn, VM_PROT_ALL & ~prot);
  }
  if (!page.error && mustReturn(page, what)) {
    page.busy = true;
    const kr = yield* vmObjectCleanPage(object, page);
    vmPageWakeupDone(context, page);
    if (kr !== KERN_SUCCESS) return kr; // a page that is not kept stays
  }
  if (flush && page.wireCount === 0) vmPageFreeUnmapped(context, page);
  return KERN_SUCCESS;
}

function mustReturn(page: VmPage, what: ReturnWhat): boolean {
  switch (what) {
    case MEMORY_OBJECT_RETURN_NONE:
      return false;
    case MEMORY_OBJECT_RETURN_ANYTHING:
      return true;
    default:
      // What is precious is returned by DIRTY as well: its pager keeps no copy.
      return isPageDirty(page);
  }
}

/** The copy keeps what it has; everything else of it is an error from now on. */
function severCopy(object: VmObject): void {
  const { copy } = object;
  if (copy === null) return;
  object.copy = null;
  copy.shadow = null;
  copy.shadowOffset = 0;
  copy.shadowSevered = true;
  vmObjectDeallocate(object);
}

/** The page at `offset` once nobody works on it, or null if there is none any more. */
export function* idlePage(object: VmObject, offset: number): Blocking<VmPage | null> {
  for (;;) {
    const page = vmPageLookup(object, offset);
    if (page === null || !(page.busy || page.cleaning)) return page;
    yield* vmPageSleep(page, THREAD_UNINT);
  }
}
