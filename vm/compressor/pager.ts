import { check } from "../../emulator/arch/check.js";
import type { Blocking } from "../blocking.js";
import {
  VM_EXTERNAL_STATE_ABSENT,
  VM_EXTERNAL_STATE_EXISTS,
  type ExternalState,
  type MemoryObject,
} from "../object/pager.js";
import type { VmObject } from "../object/object.js";
import {
  KERN_FAILURE,
  KERN_MEMORY_ERROR,
  KERN_MEMORY_FAILURE,
  KERN_RESOURCE_SHORTAGE,
  KERN_SUCCESS,
  PAGE_SIZE,
  panic,
  type KernReturn,
  type Ppn,
} from "../types.js";
import { BAD_SEGMENT, CODEC_ERROR, NEED_BLOCK, type Compressor } from "./compressor.js";
import { PagerSlots } from "./pager-slots.js";

/** How a page came back, for the type of the fault. */
export interface PagerGet {
  readonly kr: KernReturn;
  /** The segment had to be read from swap. */
  readonly swappedIn: boolean;
}

/**
 * The pager of anonymous memory: one slot a page, which names the compressed page. Made for an object
 * when its first page is compressed. XNU: vm_compressor_pager.c.
 */
export class CompressorPager implements MemoryObject {
  readonly description = "compressor";
  readonly slots: PagerSlots;
  readonly #compressor: Compressor;
  #refCount = 1;

  constructor(compressor: Compressor, pageCount: number) {
    this.#compressor = compressor;
    this.slots = new PagerSlots(pageCount);
    compressor.pagers.add(this);
  }

  reference(): void {
    this.#refCount += 1;
  }

  /** The last reference frees everything the pager keeps. */
  deallocate(): void {
    check(this.#refCount > 0, "pager over-released", this);
    this.#refCount -= 1;
    if (this.#refCount > 0) return;
    for (const page of this.slots.occupied()) this.drop(page * PAGE_SIZE);
    this.#compressor.pagers.delete(this);
  }

  init(_object: VmObject): void {
    // Internal objects are bound by vmObjectCompressorPagerCreate.
  }

  terminate(_object: VmObject): void {
    // Nothing but the object uses it: the reference is dropped next.
  }

  dataRequest(): Blocking<KernReturn> {
    return panic("compressor_memory_object_data_request");
  }

  dataReturn(): Blocking<KernReturn> {
    return panic("compressor_memory_object_data_return");
  }

  map(): void {
    panic("compressor_memory_object_map");
  }

  lastUnmap(): void {
    panic("compressor_memory_object_last_unmap");
  }

  stateGet(offset: number): ExternalState {
    const page = offset / PAGE_SIZE;
    return page < this.slots.pageCount && this.slots.get(page) !== 0
      ? VM_EXTERNAL_STATE_EXISTS
      : VM_EXTERNAL_STATE_ABSENT;
  }

  /**
   * Compress a frame and keep it; what was kept for the page before is freed. XNU:
   * vm_compressor_pager_put.
   * @param offset bytes in the memory object, page aligned
   * @returns KERN_RESOURCE_SHORTAGE: the compressor is full or has no memory; nothing changed but
   *   that an older copy is gone
   */
  put(offset: number, ppn: Ppn): KernReturn {
    const page = offset / PAGE_SIZE;
    if (page >= this.slots.pageCount) return KERN_MEMORY_FAILURE;
    this.drop(offset);
    const slot = this.#compressor.compress(ppn, this, page);
    if (slot === 0) return KERN_RESOURCE_SHORTAGE;
    this.slots.set(page, slot);
    return KERN_SUCCESS;
  }

  /**
   * Fill a frame with a page, without sleeping. XNU: vm_compressor_pager_get with
   * C_DONT_BLOCK.
   * @param keep leave the compressed copy where it is (C_KEEP)
   * @returns KERN_MEMORY_FAILURE past the end or for data that are lost; KERN_MEMORY_ERROR for an
   *   empty slot; KERN_FAILURE if it would have to sleep
   */
  getNow(offset: number, ppn: Ppn, keep: boolean): KernReturn {
    const page = offset / PAGE_SIZE;
    if (page >= this.slots.pageCount) return KERN_MEMORY_FAILURE;
    const slot = this.slots.get(page);
    if (slot === 0) return KERN_MEMORY_ERROR;
    const result = this.#compressor.decompress(slot, ppn, keep);
    if (result === NEED_BLOCK) return KERN_FAILURE;
    if (result === BAD_SEGMENT) return KERN_MEMORY_FAILURE;
    if (!keep) this.slots.set(page, 0);
    return result === CODEC_ERROR ? KERN_MEMORY_FAILURE : KERN_SUCCESS;
  }

  /** As `getNow`, sleeping while the segment is busy or comes from swap. */
  *get(offset: number, ppn: Ppn, keep: boolean): Blocking<PagerGet> {
    let swappedIn = false;
    for (;;) {
      const kr = this.getNow(offset, ppn, keep);
      if (kr !== KERN_FAILURE) return { kr, swappedIn };
      // The slot's number may change while this sleeps: compaction moves pages.
      if (yield* this.#compressor.makeResident(this.slots.get(offset / PAGE_SIZE))) {
        swappedIn = true;
      }
    }
  }

  /** Forget a page. XNU: vm_compressor_pager_state_clr. @returns whether there was one */
  drop(offset: number): boolean {
    const page = offset / PAGE_SIZE;
    const slot = page < this.slots.pageCount ? this.slots.get(page) : 0;
    if (slot === 0) return false;
    this.slots.set(page, 0);
    this.#compressor.free(slot);
    return true;
  }

  /** Take over a page of another pager; there is none at `offset` yet. XNU: vm_compressor_pager_transfer. */
  transferFrom(from: CompressorPager, fromOffset: number, offset: number): void {
    const page = offset / PAGE_SIZE;
    check(page < this.slots.pageCount && this.slots.get(page) === 0, "slot is in use", offset);
    const slot = from.slots.get(fromOffset / PAGE_SIZE);
    from.slots.set(fromOffset / PAGE_SIZE, 0);
    this.slots.set(page, slot);
    this.#compressor.moved(slot, this, page);
  }
}
