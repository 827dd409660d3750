import type { VmObject } from "../object/object.js";
import type { Ppn } from "../types.js";

/** Which queue a page is on (vm_page.h vmp_q_state). */
export const VM_PAGE_NOT_ON_Q = 0;
export const VM_PAGE_IS_WIRED = 1;
export const VM_PAGE_USED_BY_COMPRESSOR = 2;
export const VM_PAGE_ON_FREE_Q = 3;
export const VM_PAGE_ON_FREE_LOCAL_Q = 4;
export const VM_PAGE_ON_FREE_LOPAGE_Q = 5;
export const VM_PAGE_ON_THROTTLED_Q = 6;
export const VM_PAGE_ON_PAGEOUT_Q = 7;
export const VM_PAGE_ON_SPECULATIVE_Q = 8;
export const VM_PAGE_ON_ACTIVE_LOCAL_Q = 9;
export const VM_PAGE_ON_ACTIVE_Q = 10;
export const VM_PAGE_ON_INACTIVE_INTERNAL_Q = 11;
export const VM_PAGE_ON_INACTIVE_EXTERNAL_Q = 12;
export const VM_PAGE_ON_INACTIVE_CLEANED_Q = 13;
export const VM_PAGE_ON_SECLUDED_Q = 14;
export type PageQueueState = 0 | 1 | 2 | 3 | 4 | 5 | 6 | 7 | 8 | 9 | 10 | 11 | 12 | 13 | 14;

/**
 * One physical page (struct vm_page). There is one for every managed frame, made when the frame is first used and never
 * freed; a page is in at most one object and on at most one queue. A free page is busy.
 */
export class VmPage {
  /** The frame. */
  readonly ppn: Ppn;
  /** The object the page belongs to, and its byte offset there (page aligned). */
  object: VmObject | null = null;
  offset = 0;
  /** Links of the queue named by `queueState`, and of the object's page list. */
  queueNext: VmPage | null = null;
  queuePrev: VmPage | null = null;
  listNext: VmPage | null = null;
  listPrev: VmPage | null = null;
  queueState: PageQueueState = VM_PAGE_NOT_ON_Q;
  /** Bin of the speculative queue the page is in. */
  speculativeBin = 0;
  wireCount = 0;
  /** In transit: nobody else may use it; `wanted` when somebody sleeps on it. */
  busy = true;
  wanted = false;
  tabled = false;
  reference = false;
  /** Came by read-ahead and was not used yet. */
  clustered = false;
  /** Was ever mapped / mapped executable / mapped by a write fault, until it is freed. */
  pmapped = false;
  xpmapped = false;
  wpmapped = false;
  absent = false;
  error = false;
  restart = false;
  unusual = false;
  dirty = false;
  precious = false;
  cleaning = false;
  overwriting = false;
  laundry = false;
  freeWhenDone = false;
  noCache = false;
  reusable = false;
  gobbled = false;
  /** The frame was never used since the machine was switched on, and is zero. */
  untouched = false;

  constructor(ppn: Ppn) {
    this.ppn = ppn;
  }
}
