import { check } from "../../emulator/arch/check.js";
import { THREAD_ABORTSAFE, THREAD_INTERRUPTED, THREAD_UNINT, type Blocking } from "../blocking.js";
import type { VmContext } from "../context.js";
import { vmObjectForPager } from "../object/named.js";
import { MEMORY_OBJECT_COPY_DELAY, type VmObject } from "../object/object.js";
import {
  VM_EXTERNAL_STATE_UNKNOWN,
  type ExternalState,
  type MemoryObject,
} from "../object/pager.js";
import { vmPageWait } from "../page/pageout.js";
import { vmPageActivate } from "../page/queues.js";
import { vmPageAlloc, vmPageFree, vmPageLookup, vmPageWakeupDone } from "../page/resident.js";
import {
  KERN_FAILURE,
  KERN_MEMORY_ERROR,
  KERN_SUCCESS,
  MACH_SEND_INTERRUPTED,
  PAGE_SIZE,
  type KernReturn,
  type VmProt,
} from "../types.js";

/**
 * A page that somebody waits for, or that is given back. It may be answered at once, or at any time
 * later; the thread that wants it sleeps until then. Only the first answer counts.
 */
export class PagerRequest {
  /** Byte offset in the memory object, page aligned. */
  readonly offset: number;
  /** Access wanted, for a page that is asked for. */
  readonly access: VmProt;
  readonly #ctx: VmContext;
  /** What came: bytes (or nothing, for pages given back); null is an error; undefined: no answer yet. */
  #answer: Uint8Array | null | undefined = undefined;

  constructor(ctx: VmContext, offset: number, access: VmProt) {
    this.#ctx = ctx;
    this.offset = offset;
    this.access = access;
  }

  get answer(): Uint8Array | null | undefined {
    return this.#answer;
  }

  /** XNU: memory_object_data_supply. What is missing of a page is zero. */
  supply(bytes: Uint8Array): void {
    this.#settle(bytes.slice(0, PAGE_SIZE));
  }

  /** The page was taken back. */
  accept(): void {
    this.#settle(new Uint8Array(0));
  }

  /** XNU: memory_object_data_error. */
  fail(): void {
    this.#settle(null);
  }

  #settle(answer: Uint8Array | null): void {
    if (this.#answer !== undefined) return;
    this.#answer = answer;
    this.#ctx.wakeup(this);
  }
}

/** Who serves a memory object: code outside the VM. */
export interface PagerHandler {
  /** For `maps` and reports. */
  readonly name: string;
  /** Bytes. */
  readonly size: number;
  /**
   * A new object was bound. Absent: it is copied lazily (DELAY) and ready at once; else the handler says so
   * with memoryObjectChangeAttributes, and nobody is asked for a page before that.
   */
  init?(object: VmObject): void;
  /** The object is gone. */
  terminated?(): void;
  /** A page is wanted: answer with `supply` or `fail`, now or later. */
  dataRequest(request: PagerRequest): void;
  /** Dirty bytes come back: answer with `accept` or `fail`. Absent: the memory object is read-only. */
  dataReturn?(request: PagerRequest, bytes: Uint8Array): void;
  /** Nothing maps it any more. */
  lastUnmap?(): void;
}

/**
 * A pager outside the kernel: a callback of whoever embeds the machine. XNU: what memory_object_t
 * once was for user tasks; the protocol is that of memory_object_pager_ops.
 */
export class UserPager implements MemoryObject {
  readonly #ctx: VmContext;
  readonly #handler: PagerHandler;
  #refCount = 1;

  constructor(ctx: VmContext, handler: PagerHandler) {
    this.#ctx = ctx;
    this.#handler = handler;
  }

  get description(): string {
    return `pager ${this.#handler.name}`;
  }

  reference(): void {
    this.#refCount += 1;
  }

  deallocate(): void {
    check(this.#refCount > 0, "pager over-released", this.description);
    this.#refCount -= 1;
  }

  init(object: VmObject): void {
    if (this.#handler.init !== undefined) {
      this.#handler.init(object);
      return;
    }
    object.copyStrategy = MEMORY_OBJECT_COPY_DELAY;
    object.pagerReady = true;
  }

  terminate(_object: VmObject): void {
    this.#handler.terminated?.();
  }

  *dataRequest(
    object: VmObject,
    offset: number,
    _length: number,
    access: VmProt,
  ): Blocking<KernReturn> {
    if (offset >= this.#handler.size) return KERN_MEMORY_ERROR;
    const at = offset - object.pagingOffset;
    let page = vmPageLookup(object, at) === null ? vmPageAlloc(object, at) : null;
    while (page === null) {
      if (vmPageLookup(object, at) !== null) return KERN_SUCCESS; // somebody else asked as well
      if (!(yield* vmPageWait(this.#ctx, THREAD_ABORTSAFE))) return MACH_SEND_INTERRUPTED;
      if (vmPageLookup(object, at) === null) page = vmPageAlloc(object, at);
    }
    page.absent = true;
    const request = new PagerRequest(this.#ctx, offset, access);
    this.#handler.dataRequest(request);
    while (request.answer === undefined) {
      const woken = yield {
        channel: request,
        interruptible: THREAD_ABORTSAFE,
        reason: `${this.description}: data request`,
      };
      if (woken !== THREAD_INTERRUPTED || request.answer !== undefined) continue;
      request.fail();
      vmPageFree(this.#ctx, page);
      return MACH_SEND_INTERRUPTED;
    }
    if (request.answer === null) {
      vmPageFree(this.#ctx, page);
      return KERN_MEMORY_ERROR;
    }
    const bytes = this.#ctx.phys.page(page.ppn);
    bytes.set(request.answer);
    bytes.fill(0, request.answer.length);
    this.#ctx.phys.noteWrite(page.ppn);
    this.#ctx.counters.pageins += 1;
    page.absent = false;
    vmPageActivate(this.#ctx, page);
    vmPageWakeupDone(this.#ctx, page);
    return KERN_SUCCESS;
  }

  *dataReturn(_object: VmObject, offset: number, bytes: Uint8Array): Blocking<KernReturn> {
    const handler = this.#handler;
    if (handler.dataReturn === undefined) return KERN_FAILURE;
    const request = new PagerRequest(this.#ctx, offset, 0);
    handler.dataReturn(request, bytes.slice());
    while (request.answer === undefined) {
      yield {
        channel: request,
        interruptible: THREAD_UNINT,
        reason: `${this.description}: data return`,
      };
    }
    return request.answer === null ? KERN_FAILURE : KERN_SUCCESS;
  }

  map(_prot: VmProt): void {
    // A mapping needs nothing of the handler.
  }

  lastUnmap(): void {
    this.#handler.lastUnmap?.();
  }

  stateGet(_offset: number): ExternalState {
    return VM_EXTERNAL_STATE_UNKNOWN;
  }
}

/**
 * The memory object a handler serves, to be mapped with vmMapEnterMemObject. When nothing maps it any
 * more its pages stay until they are reclaimed or the object is destroyed (vmObjectDestroy).
 * @returns with a reference for the caller to map or to drop
 */
export function vmObjectForHandler(ctx: VmContext, handler: PagerHandler): VmObject {
  const pager = new UserPager(ctx, handler);
  const object = vmObjectForPager(ctx, pager, handler.size);
  pager.deallocate(); // the object holds it
  return object;
}
