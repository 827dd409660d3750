import { alignUp } from "../address.js";
import { THREAD_UNINT, type Blocking } from "../blocking.js";
import { vmPageFreeUnmapped, vmPageLookup, vmPageSleep } from "../page/resident.js";
import { PAGE_SIZE } from "../types.js";
import { vmObjectPagingBegin, vmObjectPagingEnd } from "./holds.js";
import type { VmObject } from "./object.js";

/**
 * A file was cut: its pages past the new end go, whoever maps them, so that the next access is an
 * error; the rest of the last page reads as zeroes. Wired pages are zeroed and stay. XNU: ubc_setsize.
 * @param size the file's size now, bytes
 * Locks: none; may sleep.
 */
export function* vmObjectTruncate(object: VmObject, size: number): Blocking<void> {
  const { phys } = object.context;
  const end = alignUp(size, PAGE_SIZE);
  vmObjectPagingBegin(object);
  for (const offset of [...object.pages.keys()].map((index) => index * PAGE_SIZE)) {
    if (offset + PAGE_SIZE <= size) continue;
    let page = vmPageLookup(object, offset);
    while (page !== null && (page.busy || page.cleaning) && !page.laundry) {
      yield* vmPageSleep(page, THREAD_UNINT);
      page = vmPageLookup(object, offset);
    }
    if (page === null) continue;
    if (offset >= end && page.wireCount === 0) {
      vmPageFreeUnmapped(object.context, page);
    } else {
      phys.page(page.ppn).fill(0, Math.max(0, size - offset));
      phys.noteWrite(page.ppn);
    }
  }
  vmObjectPagingEnd(object);
}
