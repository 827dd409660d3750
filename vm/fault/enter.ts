import { check } from "../../emulator/arch/check.js";
import { alignDown } from "../address.js";
import type { VmContext } from "../context.js";
import type { VmFaultInfo } from "../map/lookup.js";
import {
  type VmPage,
  VM_PAGE_NOT_ON_Q,
  VM_PAGE_ON_INACTIVE_CLEANED_Q,
  VM_PAGE_ON_SPECULATIVE_Q,
} from "../page/page.js";
import { isGuard } from "../page/guard.js";
import { vmPageEnqueueLocal } from "../page/local.js";
import { vmPageActivate } from "../page/queues.js";
import { vmPageUnwire, vmPageWire } from "../page/resident.js";
import {
  pmapEnterAddr,
  PMAP_OPTIONS_INTERNAL,
  PMAP_OPTIONS_NOWAIT,
  PMAP_OPTIONS_REUSABLE,
  VM_WIMG_MASK,
  VM_WIMG_USE_DEFAULT,
  type Pmap,
} from "../pmap/index.js";
import {
  KERN_MEMORY_FAILURE,
  KERN_SUCCESS,
  PAGE_SIZE,
  VM_PROT_EXECUTE,
  VM_PROT_NONE,
  VM_PROT_WRITE,
  type KernReturn,
  type VmOffset,
  type VmProt,
} from "../types.js";
import {
  DBG_CACHE_HIT_FAULT,
  DBG_COW_FAULT,
  DBG_PAGEIND_FAULT,
  DBG_PAGEINV_FAULT,
  DBG_ZERO_FILL_FAULT,
  type FaultType,
} from "./event.js";
import type { FaultState, FoundMemory } from "./state.js";

/** A page about to be mapped. `prot` and `type` are in and out. */
export interface PageEntry {
  readonly page: VmPage;
  readonly pmap: Pmap | null;
  readonly va: VmOffset;
  /** Of the memory in the page's object or above it, bytes: says what part a pmap of 4 KiB pages maps. */
  readonly offset: number;
  /** The caller's access. */
  readonly access: VmProt;
  readonly wired: boolean;
  readonly changeWiring: boolean;
  readonly info: VmFaultInfo;
  /** What may be granted; comes back as what was. */
  prot: VmProt;
  type: FaultType;
}

/**
 * Map a page that a fault has found, and put it on the queue it belongs on. XNU: vm_fault.c
 * vm_fault_enter (vm_fault_enter_prepare, vm_fault_enqueue_page, vm_fault_pmap_enter).
 *
 * Differs from XNU: page signatures are not checked. The pmap comes before the queues, so a failure
 * leaves the page's wiring as it was; nothing here sleeps.
 * @returns KERN_RESOURCE_SHORTAGE when there is no memory for a page table (wait for some and fault
 *   again), KERN_MEMORY_FAILURE for a page in error, or what pmapEnter returned
 * Locks: the page's object held.
 */
export function vmFaultEnter(ctx: VmContext, e: PageEntry): KernReturn {
  if (isGuard(e.page)) return KERN_SUCCESS;
  prepare(ctx, e);
  const kr = enterPmap(e);
  if (kr === KERN_SUCCESS && e.changeWiring) {
    if (e.wired) vmPageWire(ctx, e.page);
    else vmPageUnwire(ctx, e.page);
  } else if (belongsOnActive(e.page)) {
    const fresh = e.type === DBG_COW_FAULT || e.type === DBG_ZERO_FILL_FAULT;
    if (fresh && ctx.pages.hasLocal) vmPageEnqueueLocal(ctx, e.page);
    else vmPageActivate(ctx, e.page);
  }
  return kr;
}

/** Map the page a fault came up with, and note in the fault what became of it. */
export function enterFound(state: FaultState, found: FoundMemory, page: VmPage): KernReturn {
  const entry: PageEntry = {
    page,
    pmap: state.pmap,
    va: state.pmapVa,
    offset: found.offset,
    access: state.access,
    wired: found.wired,
    changeWiring: state.changeWiring,
    info: found.faultInfo,
    prot: state.prot,
    type: state.type,
  };
  const kr = vmFaultEnter(state.ctx, entry);
  state.page = page;
  state.prot = entry.prot;
  state.type = entry.type;
  state.entered = kr === KERN_SUCCESS;
  return kr;
}

/** Decide what is really granted, and note what the mapping says about the page. */
function prepare(ctx: VmContext, e: PageEntry): void {
  const { page } = e;
  const object = page.object;
  check(object !== null, "a page to map belongs to an object", page);
  const writes = !e.changeWiring && (e.access & VM_PROT_WRITE) !== 0;
  // Keep seeing first writes: until one came through here the page is known to be clean.
  if (e.type !== DBG_ZERO_FILL_FAULT && !writes && !e.changeWiring && !page.wpmapped) {
    e.prot &= ~VM_PROT_WRITE;
  }
  if (!page.pmapped && page.clustered) {
    if (e.type === DBG_CACHE_HIT_FAULT) {
      e.type = object.internal ? DBG_PAGEIND_FAULT : DBG_PAGEINV_FAULT;
    }
    consumeClustered(page);
  }
  page.pmapped = true;
  if ((e.prot & VM_PROT_EXECUTE) !== 0 && !page.xpmapped) {
    page.xpmapped = true;
    ctx.phys.noteWrite(page.ppn); // the instruction cache has not seen these bytes
  }
  if (writes) page.wpmapped = true;
}

/** A page that came by read-ahead turns out to be useful. XNU: VM_PAGE_CONSUME_CLUSTERED. */
export function consumeClustered(page: VmPage): void {
  if (!page.clustered) return;
  page.clustered = false;
  if (page.object) page.object.pagesUsed += 1;
}

function enterPmap(e: PageEntry): KernReturn {
  const { page, pmap } = e;
  const object = page.object;
  check(object !== null, "a page to map belongs to an object", page);
  if (page.error) return KERN_MEMORY_FAILURE;
  // No hardware translates this map: nothing to enter.
  if (pmap === null) return KERN_SUCCESS;
  const options =
    PMAP_OPTIONS_NOWAIT |
    e.info.pmapOptions |
    (object.internal ? PMAP_OPTIONS_INTERNAL : 0) |
    (page.reusable ? PMAP_OPTIONS_REUSABLE : 0);
  const wimg = object.wimgBits === VM_WIMG_USE_DEFAULT ? 0 : object.wimgBits & VM_WIMG_MASK;
  const access = e.changeWiring ? VM_PROT_NONE : e.access;
  const inPage = alignDown(e.offset % PAGE_SIZE, pmap.pageSize);
  const physical = page.ppn * PAGE_SIZE + inPage;
  return pmapEnterAddr(pmap, e.va, physical, e.prot, access, wimg, e.wired, options);
}

/** A page on a pageable queue already keeps its place: the hardware's reference bit will save it. */
function belongsOnActive(page: VmPage): boolean {
  const state = page.queueState;
  return (
    page.wireCount === 0 &&
    (state === VM_PAGE_NOT_ON_Q ||
      state === VM_PAGE_ON_SPECULATIVE_Q ||
      state === VM_PAGE_ON_INACTIVE_CLEANED_Q)
  );
}
