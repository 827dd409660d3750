import { alignDown, alignUp } from "../address.js";
import type { Blocking } from "../blocking.js";
import type { VmPage } from "../page/page.js";
import { vmPageDeactivate } from "../page/queues.js";
import { pmapClearRefmod, VM_MEM_MODIFIED, VM_MEM_REFERENCED } from "../pmap/index.js";
import { KERN_SUCCESS, PAGE_SIZE, VM_PROT_NO_CHANGE, type KernReturn } from "../types.js";
import { compressedOffsets, vmObjectDropCompressed } from "./compressed.js";
import {
  MEMORY_OBJECT_DATA_FLUSH,
  MEMORY_OBJECT_DATA_NO_CHANGE,
  MEMORY_OBJECT_RETURN_DIRTY,
  MEMORY_OBJECT_RETURN_NONE,
  memoryObjectLockRequest,
} from "./lock-request.js";
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
  // The file itself does not change, so nothing is pushed to copies of it.
  const flags = MEMORY_OBJECT_DATA_NO_CHANGE | (flush ? MEMORY_OBJECT_DATA_FLUSH : 0);
  const what = returnDirty ? MEMORY_OBJECT_RETURN_DIRTY : MEMORY_OBJECT_RETURN_NONE;
  return yield* memoryObjectLockRequest(object, offset, size, what, flags, VM_PROT_NO_CHANGE);
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
