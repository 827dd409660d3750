import { check } from "../../emulator/arch/check.js";
import { alignDown } from "../address.js";
import { vmMapLookupAndLockObject } from "../map/lookup.js";
import { vmObjectCollapse } from "../object/index.js";
import { compressorPagerOf } from "../object/compressed.js";
import { MEMORY_OBJECT_COPY_DELAY, VmObject } from "../object/object.js";
import { VM_EXTERNAL_STATE_ABSENT, VM_EXTERNAL_STATE_EXISTS } from "../object/pager.js";
import { isGuard } from "../page/guard.js";
import { isStealable, vmPageoutStealLaundry } from "../page/laundry.js";
import type { VmPage } from "../page/page.js";
import {
  vmPageAlloc,
  vmPageCopy,
  vmPageFree,
  vmPageLookup,
  vmPageZeroFill,
} from "../page/resident.js";
import { pmapDisconnect } from "../pmap/index.js";
import {
  KERN_MEMORY_ERROR,
  KERN_MEMORY_FAILURE,
  KERN_RESOURCE_SHORTAGE,
  KERN_SUCCESS,
  PAGE_SIZE,
  VM_PROT_COPY,
  VM_PROT_WRITE,
  panic,
  type KernReturn,
} from "../types.js";
import { consumeClustered, enterFound } from "./enter.js";
import {
  DBG_CACHE_HIT_FAULT,
  DBG_COMPRESSOR_FAULT,
  DBG_COW_FAULT,
  DBG_NZF_PAGE_FAULT,
  DBG_PAGEIND_FAULT,
  DBG_PAGEINV_FAULT,
  DBG_ZERO_FILL_FAULT,
  type FaultType,
} from "./event.js";
import { faultsOnVolatile, pagerState, zeroesMustStay } from "./page-state.js";
import { vmFaultDeactivateBehind, vmFaultIsSequential } from "./sequential.js";
import type { FaultState, FoundMemory } from "./state.js";

/**
 * What to do when a fault cannot be resolved on the spot: "slow": the slow path takes over, from
 * `state.found`; "busy": sleep on `state.page`, then start over; "shortage": there was no memory for
 * a page or a page table, wait for some and start over; "submap": copy the part of a copy-on-write
 * submap and start over; "retry": start over.
 */
export type FaultOrder = "slow" | "busy" | "shortage" | "submap" | "retry";
export type FastResult = KernReturn | FaultOrder;

/**
 * Try to resolve a fault without sleeping and without busy pages: what is resident is mapped,
 * copied up or, at the end of the chain, made of zeroes. Anything unusual goes to the slow path.
 * XNU: vm_fault.c vm_fault_internal, up to the slow path.
 * @returns a KERN_* code, or what to do instead
 * Locks: none held on entry or return; the map's and the objects' meanwhile.
 */
export function tryFast(state: FaultState): FastResult {
  state.restart();
  state.map.lockShared();
  const copyHint = state.isWrite || state.needCopy ? VM_PROT_COPY : 0;
  const found = vmMapLookupAndLockObject(state.map, state.va, state.faultType | copyHint);
  if (!("object" in found)) {
    state.seeRefused(found.map);
    found.map.unlockShared();
    return "mustSleep" in found ? "submap" : found.kr;
  }
  state.adopt(found);
  const result = withTopLocked(state, found);
  found.object.lock.unlockExclusive();
  found.map.unlockShared();
  return result;
}

function withTopLocked(state: FaultState, found: FoundMemory): FastResult {
  const top = found.object;
  // Must push first, whatever the strategy. XNU asks for DELAY or DELAY_FORK here, and leaves out the
  // push for others where the page comes from below.
  if (top.copy !== null && state.isWrite) return "slow";
  let object = top;
  let offset = alignDown(found.offset, PAGE_SIZE);
  for (;;) {
    const next = visit(state, found, object, offset);
    if (!(next instanceof VmObject)) {
      if (object !== top) object.lock.unlockExclusive();
      return next;
    }
    // Hand over hand down the chain; the top stays locked.
    next.lock.lockExclusive();
    offset += object.shadowOffset;
    if (object !== top) object.lock.unlockExclusive();
    object = next;
    state.depth += 1;
  }
}

/** One level of the walk: resolve the fault here, or name the object below. */
function visit(
  state: FaultState,
  found: FoundMemory,
  object: VmObject,
  offset: number,
): FastResult | VmObject {
  if ((object.physContiguous && !object.pagerCreated) || object.blockedAccess) return "slow";
  const page = vmPageLookup(object, offset);
  if (page !== null) return usePage(state, found, page);
  const pager = pagerState(object, offset);
  if (pager === VM_EXTERNAL_STATE_EXISTS) return decompress(state, found, object, offset);
  if (pager !== VM_EXTERNAL_STATE_ABSENT) return "slow";
  if (object.shadow !== null) return object.shadow;
  return zeroFill(state, found, object);
}

function usePage(state: FaultState, found: FoundMemory, page: VmPage): FastResult {
  const top = found.object;
  const object = page.object;
  check(object !== null, "resident page without an object", page);
  if (isStealable(page)) vmPageoutStealLaundry(state.ctx, page);
  if (page.busy) {
    state.page = page;
    return "busy";
  }
  if (page.laundry || page.error || page.restart || page.absent || isGuard(page)) return "slow";
  if (faultsOnVolatile(object)) return KERN_MEMORY_ERROR;
  if (object === top && top.copy === null) return mapIt(state, found, page);
  if (object !== top && state.mustCopyOnRead(object)) {
    state.needCopy = true;
    return "retry";
  }
  if (!state.isWrite && (!state.needCopy || object === top)) {
    state.prot &= ~VM_PROT_WRITE;
    return mapIt(state, found, page);
  }
  return object === top ? "slow" : copyUp(state, found, page, object);
}

/**
 * The compressor has the page: decompress it, if that needs no sleep. A write gets it straight into
 * the top object, while the object below keeps its compressed copy; a read, where it was.
 */
function decompress(
  state: FaultState,
  found: FoundMemory,
  object: VmObject,
  offset: number,
): FastResult {
  const { ctx } = state;
  const top = found.object;
  const pager = compressorPagerOf(object);
  if (pager === null || state.map.isKernel) return "slow";
  const copiesUp = object !== top && state.isWrite;
  const page = copiesUp
    ? vmPageAlloc(top, alignDown(found.offset, PAGE_SIZE))
    : vmPageAlloc(object, offset);
  if (page === null) return "slow";
  const kr = pager.getNow(offset + object.pagingOffset, page.ppn, copiesUp);
  if (kr !== KERN_SUCCESS) {
    vmPageFree(ctx, page);
    return kr === KERN_MEMORY_FAILURE ? kr : "slow";
  }
  page.dirty = true;
  ctx.counters.decompressions += 1;
  state.type = DBG_COMPRESSOR_FAULT;
  if (object !== top && !copiesUp) state.prot &= ~VM_PROT_WRITE;
  if (top.copy !== null && !state.isWrite) state.prot &= ~VM_PROT_WRITE;
  if (copiesUp) state.depth = 0;
  return mapIt(state, found, page);
}

/** Copy-on-write: the top object gets its own copy of a page from below. */
function copyUp(
  state: FaultState,
  found: FoundMemory,
  source: VmPage,
  object: VmObject,
): FastResult {
  const { ctx } = state;
  const top = found.object;
  const topOffset = alignDown(found.offset, PAGE_SIZE);
  const page = vmPageAlloc(top, topOffset);
  if (page === null) return "slow";
  vmPageCopy(ctx, source, page);
  page.dirty = true;
  // Others who map the top object may have the source mapped through it.
  if (source.pmapped && (top.refCount > 1 || state.map.isExotic)) {
    pmapDisconnect(ctx.pmaps, source.ppn);
  }
  if (source.clustered) {
    consumeClustered(source);
    vmFaultIsSequential(object, source.offset, found.faultInfo.behavior);
  }
  ctx.counters.cowFaults += 1;
  state.fromPpn = source.ppn;
  state.type = DBG_COW_FAULT;
  const result = mapIt(state, found, page);
  if (!keepsChain(top, object)) vmObjectCollapse(top, topOffset, true);
  return result;
}

/** A private file mapping's chain cannot get shorter: do not try at every write. */
function keepsChain(top: VmObject, source: VmObject): boolean {
  if (source.internal || source.copyStrategy !== MEMORY_OBJECT_COPY_DELAY) return false;
  if (source.copy === null) return false;
  if (source.copy === top) return true;
  return source.copy === top.shadow && source.copy.residentPageCount === 0;
}

/** Nobody has the page: a new one of zeroes in the top object. `end` is where the chain ended. */
function zeroFill(state: FaultState, found: FoundMemory, end: VmObject): FastResult {
  const { ctx } = state;
  const top = found.object;
  if (end.shadowSevered || faultsOnVolatile(end) || end === ctx.kernelObject) {
    return KERN_MEMORY_ERROR;
  }
  if (!top.internal) panic("vm_fault: zero-fill of an external object");
  const page = vmPageAlloc(top, alignDown(found.offset, PAGE_SIZE));
  if (page === null) return "slow";
  // The first write must come back here and push the zeroes into the copy.
  if (!state.isWrite && top.copy !== null) state.prot &= ~VM_PROT_WRITE;
  state.depth = 0;
  if (state.map.noZeroFill) {
    state.type = DBG_NZF_PAGE_FAULT;
  } else {
    state.type = DBG_ZERO_FILL_FAULT;
    if (!ctx.pages.grabbedZero) vmPageZeroFill(ctx, page);
    ctx.counters.zeroFillCount += 1;
  }
  page.dirty = state.map.noZeroFill || zeroesMustStay(top);
  return mapIt(state, found, page);
}

/** XNU: the FastPmapEnter and FastMapIt labels. */
function mapIt(state: FaultState, found: FoundMemory, page: VmPage): FastResult {
  const kr = enterFound(state, found, page);
  page.busy = false; // nobody saw it busy: nothing slept since it was made
  if (kr === KERN_RESOURCE_SHORTAGE) return "shortage";
  if (isRead(state.type) && page.object) {
    vmFaultIsSequential(page.object, page.offset, found.faultInfo.behavior);
    vmFaultDeactivateBehind(page.object, page.offset, found.faultInfo.behavior);
  }
  return kr;
}

function isRead(type: FaultType): boolean {
  return type === DBG_CACHE_HIT_FAULT || type === DBG_PAGEINV_FAULT || type === DBG_PAGEIND_FAULT;
}
