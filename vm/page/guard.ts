import type { VmObject } from "../object/object.js";
import type { Ppn } from "../types.js";
import { VmPage } from "./page.js";
import { vmPageInsert } from "./resident.js";

/** The frame number of pages that must never be mapped (vm_page_guard_addr). */
export const VM_PAGE_GUARD_ADDR = -2 as Ppn;

/** A page without a frame that catches who runs over the end of a kernel allocation. */
export function isGuard(page: VmPage): boolean {
  return page.ppn === VM_PAGE_GUARD_ADDR;
}

/**
 * Put a guard page at byte `offset` of an object (page aligned): any access there is an error, while
 * wiring it succeeds and does nothing. It is on no queue and takes no frame. XNU: vm_page_grab_guard.
 */
export function vmPageInsertGuard(object: VmObject, offset: number): VmPage {
  const page = new VmPage(VM_PAGE_GUARD_ADDR);
  page.busy = false;
  vmPageInsert(page, object, offset);
  return page;
}
