import type { Blocking } from "../blocking.js";
import type { VmPage } from "../page/page.js";
import { vmPageFreeUnmapped } from "../page/resident.js";
import { pmapClearModify, pmapIsModified, pmapPageProtect } from "../pmap/index.js";
import {
  KERN_MEMORY_ERROR,
  KERN_SUCCESS,
  VM_PROT_EXECUTE,
  VM_PROT_READ,
  type KernReturn,
} from "../types.js";
import type { VmObject } from "./object.js";

/** True if the page holds something its pager does not have: by software or by a store. */
export function isPageDirty(page: VmPage): boolean {
  if (page.dirty || page.precious) return true;
  return page.object !== null && pmapIsModified(page.object.context.pmaps, page.ppn);
}

/** Take write access away from every mapping of a page, so that the next store is seen. */
export function vmPageWriteProtect(object: VmObject, page: VmPage): void {
  if (!page.pmapped) return;
  const keep = page.xpmapped ? VM_PROT_READ | VM_PROT_EXECUTE : VM_PROT_READ;
  pmapPageProtect(object.context.pmaps, page.ppn, keep);
}

/**
 * Give the contents of a page back to its pager. A store that comes later makes it dirty again.
 * The caller keeps the page busy and the object held.
 * @returns what the pager says; a page it refuses stays dirty
 */
export function* vmObjectCleanPage(object: VmObject, page: VmPage): Blocking<KernReturn> {
  const { pager, context } = object;
  if (pager === null) return KERN_MEMORY_ERROR;
  vmPageWriteProtect(object, page);
  pmapClearModify(context.pmaps, page.ppn);
  page.dirty = false;
  page.precious = false;
  const bytes = context.phys.page(page.ppn);
  const kr = yield* pager.dataReturn(object, page.offset + object.pagingOffset, bytes);
  if (kr === KERN_SUCCESS) context.counters.pageouts += 1;
  else page.dirty = true;
  return kr;
}

/**
 * Write an object's dirty pages to its pager and free every page. XNU: the REAP_TERMINATE pass of
 * vm_object_terminate. What the pager refuses is lost.
 */
export function* vmObjectCleanAndFree(object: VmObject): Blocking<void> {
  for (let page = object.firstPage; page !== null; page = object.firstPage) {
    if (!page.error && !page.absent && isPageDirty(page)) yield* vmObjectCleanPage(object, page);
    vmPageFreeUnmapped(object.context, page);
  }
}
