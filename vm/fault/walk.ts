import { check } from "../../emulator/arch/check.js";
import type { VmContext } from "../context.js";
import { vmObjectIsCompressed } from "../object/compressed.js";
import { vmObjectPagingBegin, vmObjectPagingEnd } from "../object/index.js";
import type { VmObject } from "../object/object.js";
import type { VmPage } from "../page/page.js";
import { vmPageFree, vmPageLookup } from "../page/resident.js";
import {
  KERN_MEMORY_ERROR,
  VM_PROT_READ,
  VM_PROT_WRITE,
  type KernError,
  type Ppn,
  type VmProt,
} from "../types.js";
import { DBG_CACHE_HIT_FAULT, type FaultType } from "./event.js";
import type { FaultInfo } from "./info.js";
import {
  VM_FAULT_MEMORY_ERROR,
  type FaultPageResult,
  type VM_FAULT_BUSY,
  type VM_FAULT_INTERRUPTED,
  type VM_FAULT_MEMORY_SHORTAGE,
  type VM_FAULT_RETRY,
} from "./result.js";

/** What vmFaultPage is asked for. */
export interface FaultPageRequest {
  /** Where the search starts: locked exclusively, with a paging reference. */
  readonly object: VmObject;
  /** Byte offset in `object`, page aligned. */
  readonly offset: number;
  /** Access wanted; VM_PROT_NONE finds a page without changing anything. */
  readonly faultType: VmProt;
  /** What may be granted at most; the result says what is left of it. */
  readonly prot: VmProt;
  /** Only a resident page will do: never allocate, never ask a pager. */
  readonly mustBeResident: boolean;
  /** The caller looked the address up in a map (vm_fault). */
  readonly callerLookup: boolean;
  /** A fresh page keeps its frame's old contents. */
  readonly noZeroFill: boolean;
  readonly info: FaultInfo;
}

type Failure =
  | typeof VM_FAULT_RETRY
  | typeof VM_FAULT_INTERRUPTED
  | typeof VM_FAULT_MEMORY_SHORTAGE
  | typeof VM_FAULT_BUSY;

/**
 * Where a slow fault stands in the shadow chain. The object is locked and has a paging reference;
 * so has the first object while `topPage` keeps its place.
 */
export class PageWalk {
  readonly request: FaultPageRequest;
  readonly ctx: VmContext;
  object: VmObject;
  offset: number;
  depth = 0;
  /** Busy placeholder in the first object, once the walk has left it. */
  topPage: VmPage | null = null;
  info: FaultInfo;
  /** What is asked of a pager: below the first object nothing is ever written. */
  access: VmProt;
  prot: VmProt;
  type: FaultType = DBG_CACHE_HIT_FAULT;
  fromPpn: Ppn | null = null;

  constructor(request: FaultPageRequest) {
    this.request = request;
    this.object = request.object;
    this.ctx = request.object.context;
    this.offset = request.offset;
    this.info = request.info;
    this.access = request.faultType;
    this.prot = request.prot;
    this.object.lock.assertExclusive();
    check(this.object.pagingInProgress > 0, "vm_fault_page without a paging reference");
  }

  get first(): VmObject {
    return this.request.object;
  }

  get inFirst(): boolean {
    return this.object === this.request.object;
  }

  get isWrite(): boolean {
    return (this.request.faultType & VM_PROT_WRITE) !== 0;
  }

  /** Go to the object below; the paging reference comes along but for a first object left behind. */
  descend(next: VmObject): void {
    const { object, request } = this;
    const bytes = object.shadowOffset;
    next.lock.lockExclusive();
    vmObjectPagingBegin(next);
    object.lock.unlockExclusive();
    if (!this.inFirst || request.mustBeResident) vmObjectPagingEnd(object);
    this.object = next;
    this.offset += bytes;
    this.depth += 1;
    this.access = VM_PROT_READ;
    const { loOffset, hiOffset } = this.info;
    this.info = { ...this.info, loOffset: loOffset + bytes, hiOffset: hiOffset + bytes };
  }

  /**
   * True if, while the walk slept further down, the way there changed: an object between got the
   * page (pushed into a copy object, say, and perhaps compressed since), so what was found below is no longer what the first
   * object shows. XNU wakes sleepers on the page with THREAD_RESTART, which misses those who were
   * awake already, and those waiting for the pager.
   */
  isOvertaken(): boolean {
    let { object } = this.request;
    let { offset } = this.request;
    while (object !== this.object) {
      const page = object === this.first ? null : vmPageLookup(object, offset);
      if (page !== null && (page.busy || !page.absent)) return true;
      if (object !== this.first && vmObjectIsCompressed(object, offset)) return true;
      if (object.shadow === null) return true;
      offset += object.shadowOffset;
      object = object.shadow;
    }
    return offset !== this.offset;
  }

  /** Back to the first object, which still has its paging reference. */
  returnToFirst(): void {
    if (this.inFirst) return;
    this.object.lock.unlockExclusive();
    vmObjectPagingEnd(this.object);
    this.object = this.first;
    this.offset = this.request.offset;
    this.object.lock.lockExclusive();
  }

  /** Give up the placeholder, and with it the first object. */
  dropTopPage(): void {
    const { topPage } = this;
    if (topPage === null) return;
    this.topPage = null;
    vmPageFree(this.ctx, topPage);
    if (!this.inFirst) vmObjectPagingEnd(this.first);
  }

  fail(result: Failure): FaultPageResult {
    this.release();
    return { result };
  }

  error(error: KernError = KERN_MEMORY_ERROR): FaultPageResult {
    this.release();
    return { result: VM_FAULT_MEMORY_ERROR, error };
  }

  /** Let go of everything. */
  release(): void {
    vmFaultCleanup(this.object, this.topPage);
    this.topPage = null;
  }
}

/**
 * Let go of what vmFaultPage returned: lock and paging reference of the page's object, and the
 * placeholder above it. The page itself stays as it is. XNU: vm_fault.c vm_fault_cleanup.
 */
export function vmFaultCleanup(object: VmObject, topPage: VmPage | null): void {
  object.lock.unlockExclusive();
  vmObjectPagingEnd(object);
  if (topPage === null) return;
  const first = topPage.object;
  check(first !== null, "placeholder without an object", topPage);
  vmPageFree(first.context, topPage);
  if (first !== object) vmObjectPagingEnd(first);
}
