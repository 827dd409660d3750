import type { VmContext } from "../context.js";
import { LOCK_RANK_OBJECT, VmLock } from "../lock.js";
import type { VmPage } from "../page/page.js";
import { VM_KERN_MEMORY_NONE, type VmTag } from "../types.js";
import type { LedgerTag, VmTask } from "./ownership.js";
import type { MemoryObject } from "./pager.js";

/** How a copy of an object is made (memory_object_types.h). */
export const MEMORY_OBJECT_COPY_NONE = 0;
export const MEMORY_OBJECT_COPY_CALL = 1;
export const MEMORY_OBJECT_COPY_DELAY = 2;
export const MEMORY_OBJECT_COPY_TEMPORARY = 3;
export const MEMORY_OBJECT_COPY_SYMMETRIC = 4;
export const MEMORY_OBJECT_COPY_INVALID = 5;
export const MEMORY_OBJECT_COPY_DELAY_FORK = 6;
export type CopyStrategy = 0 | 1 | 2 | 3 | 4 | 5 | 6;

/** Purgeable states (vm_purgable.h). */
export const VM_PURGABLE_NONVOLATILE = 0;
export const VM_PURGABLE_VOLATILE = 1;
export const VM_PURGABLE_EMPTY = 2;
export const VM_PURGABLE_DENY = 3;

/**
 * A memory object as the VM holds it (struct vm_object): a set of resident pages, where missing
 * ones come from (a pager, the object below, or zeroes), and how it may be copied.
 */
export class VmObject {
  readonly context: VmContext;
  /** Serial number in order of creation, for traces and dumps. */
  readonly id: number;
  readonly lock: VmLock;
  /** Bytes, a multiple of PAGE_SIZE; meaningful for internal objects. */
  size: number;
  /** Maps and copies that hold it, objects whose shadow it is, the pager's named reference. */
  refCount = 1;
  /** Resident pages by page index (offset / PAGE_SIZE); also linked in insertion order. */
  readonly pages = new Map<number, VmPage>();
  firstPage: VmPage | null = null;
  lastPage: VmPage | null = null;
  wiredPageCount = 0;
  /** Whom its wired pages are charged to: the tag of the wiring that found none wired. XNU: wire_tag. */
  wireTag: VmTag = VM_KERN_MEMORY_NONE;
  reusablePageCount = 0;
  /** The next object down: the page at offset x here falls back to x + shadowOffset there. */
  shadow: VmObject | null = null;
  shadowOffset = 0;
  /** The newest copy object, pushed to when this object changes. Weak: no reference. */
  copy: VmObject | null = null;
  /** Counts changes of `copy`, so a fault can see one that happened while it slept. */
  copyVersion = 0;
  pager: MemoryObject | null = null;
  pagingOffset = 0;
  pagerCreated = false;
  pagerReady = false;
  pagerInitialized = false;
  pagerTrusted = false;
  copyStrategy: CopyStrategy = MEMORY_OBJECT_COPY_SYMMETRIC;
  /** Anonymous (true) or backed by an external pager (false). */
  internal = true;
  alive = true;
  terminating = false;
  /** A symmetric copy may exist: sharers must not modify this object directly. */
  shadowed = false;
  /** Mapped for real sharing; never substituted, coalesced or quick-copied. */
  trueShare = false;
  purgable: 0 | 1 | 2 | 3 = VM_PURGABLE_DENY;
  /** Users may ask for the state of purgeable memory, and not change it. */
  purgeableOnlyByKernel = false;
  /** The task that purgeable and tagged memory is charged to, as what, and whether to its footprint. */
  owner: VmTask | null = null;
  ledgerTag: LedgerTag = 0;
  noFootprint = false;
  /** Touching volatile memory is an error; volatile memory is emptied at once. For debugging. */
  volatileFault = false;
  volatileEmpty = false;
  named = false;
  canPersist = false;
  shadowSevered = false;
  physContiguous = false;
  /** Physical address of the first byte, for memory that is one stretch without pages. */
  physicalBase = 0;
  private = false;
  blockedAccess = false;
  pagingInProgress = 0;
  activityInProgress = 0;
  /** Offset last seen as needed from below; bypass optimisation. */
  cowHint = 0;
  /** Sequential detection: offset of the last distinct fault, signed run length in bytes. */
  lastAlloc = 0;
  sequential = 0;
  pagesCreated = 0;
  pagesUsed = 0;
  /** Cache attributes; 0x80 = default. */
  wimgBits = 0x80;

  constructor(context: VmContext, size: number) {
    this.context = context;
    this.id = context.nextObjectId();
    this.size = size;
    this.lock = new VmLock(`object ${this.id}`, LOCK_RANK_OBJECT);
  }

  get residentPageCount(): number {
    return this.pages.size;
  }

  get hasHolds(): boolean {
    return this.pagingInProgress > 0 || this.activityInProgress > 0;
  }
}
