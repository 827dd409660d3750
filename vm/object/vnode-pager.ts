import { check } from "../../emulator/arch/check.js";
import { alignUp } from "../address.js";
import { THREAD_UNINT, type Blocking } from "../blocking.js";
import type { VmContext } from "../context.js";
import { vmPageWait } from "../page/pageout.js";
import { vmPageSpeculate } from "../page/queues.js";
import { vmPageAlloc, vmPageLookup, vmPageFree, vmPageWakeupDone } from "../page/resident.js";
import {
  KERN_FAILURE,
  KERN_MEMORY_ERROR,
  KERN_SUCCESS,
  PAGE_SIZE,
  type KernReturn,
  type VmProt,
} from "../types.js";
import { clusterRange } from "./cluster.js";
import { vmObjectForPager } from "./named.js";
import { MEMORY_OBJECT_COPY_DELAY, type VmObject } from "./object.js";
import {
  VM_EXTERNAL_STATE_UNKNOWN,
  type ExternalState,
  type MemoryObject,
  type PagerFaultInfo,
} from "./pager.js";

/** A file, as much of it as its pager needs. Offsets and sizes in bytes; nothing here sleeps. */
export interface VnodeBacking {
  /** Identity: two backings with the same key are the same file and share one object. */
  readonly key: string;
  /** For `maps` and reports: the path. */
  readonly name: string;
  size(): number;
  /** @returns bytes read, fewer than asked only at the end of the file; anything else is an error */
  read(offset: number, into: Uint8Array): number | string;
  /** Absent for a file that cannot be written. @returns bytes written; anything else is an error */
  write?(offset: number, from: Uint8Array): number | string;
  /**
   * The first mapping appeared / the last one is gone: keep the file open in between; a file that can
   * be written, until its pages are gone.
   */
  retain?(): void;
  release?(): void;
}

/**
 * The pager of a regular file. XNU: bsd_vm.c vnode_pager. Pages are read in clusters around the
 * fault; those past the end of the file are errors, and the rest of the last page is zero.
 */
export class VnodePager implements MemoryObject {
  readonly #ctx: VmContext;
  #backing: VnodeBacking;
  #refCount = 1;
  /** A mapping exists, and with it a use of the file. */
  #inUse = false;

  constructor(ctx: VmContext, backing: VnodeBacking) {
    this.#ctx = ctx;
    this.#backing = backing;
  }

  get description(): string {
    return `vnode ${this.#backing.name}`;
  }

  get refCount(): number {
    return this.#refCount;
  }

  /**
   * A mapping is about to be made through `backing`, which serves until the last one is gone, or until
   * one comes that can be written.
   */
  use(backing: VnodeBacking): void {
    check(backing.key === this.#backing.key, "backing of another file", backing.name);
    const isBetter = this.#backing.write === undefined && backing.write !== undefined;
    if (this.#inUse && !isBetter) return;
    backing.retain?.();
    if (this.#inUse) this.#backing.release?.();
    this.#inUse = true;
    this.#backing = backing;
  }

  reference(): void {
    this.#refCount += 1;
  }

  deallocate(): void {
    check(this.#refCount > 0, "pager over-released", this);
    this.#refCount -= 1;
    if (this.#refCount > 0) return;
    this.#letGo();
    this.#ctx.objects.vnodePagers.delete(this.#backing.key);
  }

  init(object: VmObject): void {
    object.copyStrategy = MEMORY_OBJECT_COPY_DELAY;
    object.canPersist = true;
    object.pagerReady = true;
  }

  terminate(_object: VmObject): void {
    // The file outlives its pages; the last reference lets go of it.
  }

  *dataRequest(
    object: VmObject,
    offset: number,
    _length: number,
    _access: VmProt,
    info: PagerFaultInfo,
  ): Blocking<KernReturn> {
    const fileSize = this.#backing.size();
    if (offset >= fileSize) return KERN_MEMORY_ERROR;
    const wanted = offset - object.pagingOffset;
    let read = this.#pageIn(object, wanted);
    while (read === null) {
      yield* vmPageWait(this.#ctx, THREAD_UNINT);
      read = this.#pageIn(object, wanted);
    }
    if (read !== KERN_SUCCESS) return read;
    const { start, end } = clusterRange(object, wanted, info, alignUp(fileSize, PAGE_SIZE));
    for (let at = start; at < end; at += PAGE_SIZE) {
      if (at === wanted) continue;
      // Reading ahead must leave the fault what it still needs, or it would never get done.
      if (!this.#ctx.pages.enoughFree) break;
      if (this.#pageIn(object, at) !== KERN_SUCCESS) break;
    }
    return KERN_SUCCESS;
  }

  /** Read one page, unless it is there already; null when there is no free page. */
  #pageIn(object: VmObject, offset: number): KernReturn | null {
    if (vmPageLookup(object, offset) !== null) return KERN_SUCCESS;
    const page = vmPageAlloc(object, offset);
    if (page === null) return null;
    const { phys, counters } = this.#ctx;
    counters.pageins += 1;
    const bytes = phys.page(page.ppn);
    const from = offset + object.pagingOffset;
    const want = Math.min(PAGE_SIZE, this.#backing.size() - from);
    const got = this.#backing.read(from, bytes.subarray(0, want));
    if (got !== want) {
      vmPageFree(this.#ctx, page);
      return KERN_MEMORY_ERROR;
    }
    bytes.fill(0, want);
    phys.noteWrite(page.ppn);
    page.clustered = true;
    vmPageSpeculate(this.#ctx, page, true);
    vmPageWakeupDone(this.#ctx, page);
    return KERN_SUCCESS;
  }

  *dataReturn(_object: VmObject, offset: number, bytes: Uint8Array): Blocking<KernReturn> {
    const want = Math.min(bytes.length, this.#backing.size() - offset);
    if (want <= 0) return KERN_SUCCESS; // the file was cut: nothing there to keep
    const written = this.#backing.write?.(offset, bytes.subarray(0, want));
    return written === want ? KERN_SUCCESS : KERN_FAILURE;
  }

  map(_prot: VmProt): void {
    // The use of the file is taken when its object is asked for, before anything maps it.
  }

  /** A file that may have dirty pages still is needed until they are gone. */
  lastUnmap(): void {
    if (this.#backing.write === undefined) this.#letGo();
  }

  #letGo(): void {
    if (!this.#inUse) return;
    this.#inUse = false;
    this.#backing.release?.();
  }

  stateGet(_offset: number): ExternalState {
    return VM_EXTERNAL_STATE_UNKNOWN;
  }
}

/**
 * The object of a file, always the same one: mappings of it share pages. XNU: ubc_getobject.
 * @returns with a reference for the caller to map or to drop
 */
export function vmObjectForVnode(ctx: VmContext, backing: VnodeBacking): VmObject {
  const known = ctx.objects.vnodePagers.get(backing.key);
  const pager = known ?? new VnodePager(ctx, backing);
  if (!known) ctx.objects.vnodePagers.set(backing.key, pager);
  pager.use(backing);
  const object = vmObjectForPager(ctx, pager, backing.size());
  // The object's reference keeps the pager; the one it was made with is not needed.
  if (!known) pager.deallocate();
  return object;
}
