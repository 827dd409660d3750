import type { VmPage } from "../page/page.js";
import type { KernError, Ppn, VmProt } from "../types.js";
import type { FaultType } from "./event.js";

/** How vmFaultPage ended (vm_fault.h vm_fault_return_t). */
export const VM_FAULT_SUCCESS = 0;
export const VM_FAULT_RETRY = 1;
export const VM_FAULT_INTERRUPTED = 2;
export const VM_FAULT_MEMORY_SHORTAGE = 3;
export const VM_FAULT_MEMORY_ERROR = 5;
export const VM_FAULT_SUCCESS_NO_VM_PAGE = 6;
export const VM_FAULT_BUSY = 7;

/** The page vmFaultPage found or made, and what it took. */
export interface FaultedPage {
  readonly result: typeof VM_FAULT_SUCCESS;
  /** Busy; its object is locked and has a paging reference: hand it to vmFaultCleanup. */
  readonly page: VmPage;
  /** Busy placeholder in the first object when `page` belongs to a lower one. */
  readonly topPage: VmPage | null;
  /** What may be entered into the pmap: the access asked for may have lost WRITE. */
  readonly prot: VmProt;
  readonly type: FaultType;
  /** Shadow links below the first object at which the contents were found. */
  readonly depth: number;
  /** The frame the contents were copied from, for a copy-on-write. */
  readonly fromPpn: Ppn | null;
}

/**
 * What vmFaultPage returns. On anything but success no lock, paging reference or placeholder is
 * left. `error` of MEMORY_ERROR is the code of a page or pager in error, or KERN_MEMORY_ERROR.
 */
export type FaultPageResult =
  | FaultedPage
  | { readonly result: typeof VM_FAULT_SUCCESS_NO_VM_PAGE }
  | { readonly result: typeof VM_FAULT_RETRY }
  | { readonly result: typeof VM_FAULT_INTERRUPTED }
  | { readonly result: typeof VM_FAULT_MEMORY_SHORTAGE }
  | { readonly result: typeof VM_FAULT_BUSY }
  | { readonly result: typeof VM_FAULT_MEMORY_ERROR; readonly error: KernError };
