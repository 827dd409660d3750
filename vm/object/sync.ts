import { alignDown, alignUp } from "../address.js";
import { THREAD_UNINT, type Blocking } from "../blocking.js";
import type { VmPage } from "../page/page.js";
import { vmPageDeactivate } from "../page/queues.js";
import {
  vmPageFreeUnmapped,
  vmPageLookup,
  vmPageSleep,
  vmPageWakeupDone,
} from "../page/resident.js";
import { pmapClearRefmod, VM_MEM_MODIFIED, VM_MEM_REFERENCED } from "../pmap/index.js";
import { KERN_SUCCESS, PAGE_SIZE, type KernReturn } from "../types.js";
import { isPageDirty, vmObjectCleanPage } from "./clean.js";
import { compressedOffsets, vmObjectDropCompressed } from "./compressed.js";
import { vmObjectPagingBegin, vmObjectPagingEnd } from "./holds.js";
import type { VmObject } from "./object.js";
import { pagesInRange } from "./protect.js";

/**
 * Bring a file and its resident pages together. XNU: vm_object_sync. Anonymous memory has nothing
 * permanent to agree with: success.
 * @param offset,size bytes of the object, rounded outwards to pages
 * @param flush free the pages afterwards (wired ones stay), so that they are read again
 * @param returnDirty write dirty pages to the pager; without it a flush throws changes away
 * @returns the first error of the pager; the other pages are still written
 * May sleep; the caller holds a reference and no lock.
 */
export function* vmObjectSync(
  object: VmObject,
  offset: number,
  size: number,
  flush: boolean,
  returnDirty: boolean,
): Blocking<KernReturn> {
  if (object.internal || object.pager === null) return KERN_SUCCESS;
  const pages = pagesInRange(
    object,
    alignDown(offset, PAGE_SIZE),
    alignUp(offset + size, PAGE_SIZE),
  );
  const offsets = Array.from(pages, (page) => page.offset).sort((a, b) => a - b);
  let result: KernReturn = KERN_SUCCESS;
  vmObjectPagingBegin(object);
  for (const at of offsets) {
    const page = yield* idlePage(object, at);
    if (page === null || page.absent) continue;
    if (returnDirty && !page.error && isPageDirty(page)) {
      page.busy = true;
      const kr = yield* vmObjectCleanPage(object, page);
      vmPageWakeupDone(object.context, page);
      if (kr !== KERN_SUCCESS && result === KERN_SUCCESS) result = kr;
      if (kr !== KERN_SUCCESS) continue;
    }
    if (flush && page.wireCount === 0) vmPageFreeUnmapped(object.context, page);
  }
  vmObjectPagingEnd(object);
  return result;
}

/** The page at `offset` once nobody works on it, or null if there is none any more. */
function* idlePage(object: VmObject, offset: number): Blocking<VmPage | null> {
  for (;;) {
    const page = vmPageLookup(object, offset);
    if (page === null || !(page.busy || page.cleaning)) return page;
    yield* vmPageSleep(page, THREAD_UNINT);
  }
}

/**
 * These bytes will not be needed soon: their pages go to the inactive queues. XNU:
 * vm_object_deactivate_pages. Where the object has no page the one seen through it is deactivated.
 * @param kill the contents may be dropped: anonymous pages count as never written, and read as
 *   zeroes once they are reclaimed. Pages below the top object are never killed.
 */
export function vmObjectDeactivatePages(
  object: VmObject,
  offset: number,
  size: number,
  kill: boolean,
): void {
  const start = alignDown(offset, PAGE_SIZE);
  const end = alignUp(offset + size, PAGE_SIZE);
  const seen = new Set<number>();
  let down = 0;
  for (let at: VmObject | null = object; at !== null; at = at.shadow) {
    for (const page of pagesInRange(at, start + down, end + down)) {
      if (seen.has(page.offset - down)) continue;
      seen.add(page.offset - down);
      deactivate(at, page, kill && at === object);
    }
    if (kill && at === object) {
      for (const gone of compressedOffsets(object, start, end)) {
        seen.add(gone);
        vmObjectDropCompressed(object, gone);
      }
    }
    down += at.shadowOffset;
  }
}

function deactivate(object: VmObject, page: VmPage, kill: boolean): void {
  const inUse = page.wireCount > 0 || page.busy || page.cleaning || page.laundry;
  if (inUse || page.absent || page.error) return;
  if (kill && object.internal) {
    page.dirty = false;
    page.precious = false;
    pmapClearRefmod(object.context.pmaps, page.ppn, VM_MEM_MODIFIED | VM_MEM_REFERENCED);
  }
  vmPageDeactivate(object.context, page);
}
