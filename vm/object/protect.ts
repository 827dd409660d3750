import { check } from "../../emulator/arch/check.js";
import { alignDown, alignUp } from "../address.js";
import type { VmPage } from "../page/page.js";
import { vmPageFreeUnmapped, vmPageLookup } from "../page/resident.js";
import { pmapPageProtect, pmapProtect, type Pmap } from "../pmap/index.js";
import { PAGE_SIZE, VM_PROT_NONE, type VmOffset, type VmProt } from "../types.js";
import type { VmObject } from "./object.js";

/** The resident pages of `object` in [start, end), bytes; the walk may free the page it is given. */
export function* pagesInRange(object: VmObject, start: number, end: number): Iterable<VmPage> {
  if ((end - start) / PAGE_SIZE < object.residentPageCount) {
    for (let offset = start; offset < end; offset += PAGE_SIZE) {
      const page = vmPageLookup(object, offset);
      if (page !== null) yield page;
    }
    return;
  }
  for (let page = object.firstPage; page !== null;) {
    const next: VmPage | null = page.listNext;
    if (page.offset >= start && page.offset < end) yield page;
    page = next;
  }
}

/**
 * Take rights away from the mappings of an object's resident pages. XNU: vm_object_pmap_protect.
 * External objects are left alone. VM_PROT_NONE reaches down the whole shadow chain; a partial
 * right stops at the top, as pages of lower objects are never mapped writable.
 * @param offset,size bytes of the object, rounded outwards to pages
 * @param pmap where; null for every mapping everywhere
 * @param va address in `pmap` of the first byte
 * @param prot what may remain
 */
export function vmObjectPmapProtect(
  object: VmObject | null,
  offset: number,
  size: number,
  pmap: Pmap | null,
  va: VmOffset,
  prot: VmProt,
): void {
  if (pmap !== null && pmap.pageSize < PAGE_SIZE) {
    // A page of the object is several of the pmap's, and not all of them may be in the range.
    if (object?.internal === true) pmapProtect(pmap, va, (va + size) as VmOffset, prot);
    return;
  }
  let start = alignDown(offset, PAGE_SIZE);
  const length = alignUp(offset + size, PAGE_SIZE) - start;
  for (let at = object; at?.internal === true; at = at.shadow) {
    if (pmap !== null && at.residentPageCount * PAGE_SIZE > length / 2) {
      pmapProtect(pmap, va, (va + length) as VmOffset, prot);
      return;
    }
    for (const page of pagesInRange(at, start, start + length)) {
      if (!page.pmapped) continue;
      if (pmap === null) {
        pmapPageProtect(at.context.pmaps, page.ppn, prot);
      } else {
        const pageVa = (va + (page.offset - start)) as VmOffset;
        pmapProtect(pmap, pageVa, (pageVa + PAGE_SIZE) as VmOffset, prot);
      }
    }
    if (prot !== VM_PROT_NONE) return;
    start += at.shadowOffset;
  }
}

/**
 * Free the resident pages in [start, end) (bytes, page aligned), unmapping them everywhere.
 * XNU: vm_object_page_remove. Unmapping part of a region does not come here: its pages live until
 * the object dies or grows over them again.
 */
export function vmObjectPageRemove(object: VmObject, start: number, end: number): void {
  check(start % PAGE_SIZE === 0 && end % PAGE_SIZE === 0, "unaligned range", start, end);
  for (const page of pagesInRange(object, start, end)) vmPageFreeUnmapped(object.context, page);
}
