import { check } from "../../emulator/arch/check.js";
import { alignDown, advance } from "../address.js";
import { THREAD_ABORTSAFE, THREAD_UNINT, type Blocking } from "../blocking.js";
import type { VmMapEntry } from "../map/entry.js";
import { faultInfoOf } from "../map/lookup.js";
import type { VmMap } from "../map/map.js";
import { vmObjectPagingBegin } from "../object/index.js";
import type { VmObject } from "../object/object.js";
import { isGuard } from "../page/guard.js";
import {
  vmObjectSetWireTag,
  vmPageFree,
  vmPageLookup,
  vmPageUnwire,
  vmPageWakeupDone,
  vmPageWire,
  vmPageZeroFill,
} from "../page/resident.js";
import { pmapChangeWiring, pmapDisconnect, type Pmap } from "../pmap/index.js";
import {
  KERN_FAILURE,
  KERN_SUCCESS,
  PAGE_SIZE,
  VM_BEHAVIOR_SEQUENTIAL,
  VM_PROT_NONE,
  VM_PROT_WRITE,
  panic,
  type KernReturn,
  type VmOffset,
  type VmTag,
} from "../types.js";
import { vmFaultEnter } from "./enter.js";
import { DBG_CACHE_HIT_FAULT } from "./event.js";
import { vmFault } from "./fault.js";
import { objectFaultInfo } from "./info.js";
import { vmFaultCleanup, vmFaultPage } from "./page.js";
import { VM_FAULT_RETRY, VM_FAULT_SUCCESS, type FaultPageResult } from "./result.js";

/**
 * Wire every page of an entry: resident, mapped, and off the pageout queues. XNU: vm_fault.c
 * vm_fault_wire.
 * @param entry a snapshot; the real entry is in transition and its wiredCount is not 0
 * @param pmapVa where in `pmap` the entry starts
 * @param tag whom the pages are charged to
 * @returns what the fault of the first page that could not be had returned; the pages wired before
 *   it are unwired again
 * Locks: none held on entry or return.
 */
export function* vmFaultWire(
  map: VmMap,
  entry: VmMapEntry,
  pmap: Pmap | null,
  pmapVa: VmOffset,
  tag: VmTag,
): Blocking<KernReturn> {
  if (entry.object?.physContiguous === true) return KERN_SUCCESS;
  const interruptible = pmap?.isKernel === true ? THREAD_UNINT : THREAD_ABORTSAFE;
  const step = effectivePageSize(map);
  for (let va = entry.start; va < entry.end; va = advance(va, step)) {
    const at = (pmapVa + (va - entry.start)) as VmOffset;
    let kr = wireFast(map, entry, va, pmap, at, tag);
    if (kr !== KERN_SUCCESS) {
      kr = yield* vmFault(map, va, VM_PROT_NONE, true, interruptible, pmap, at, {
        clusterSize: entry.end - va,
        behavior: VM_BEHAVIOR_SEQUENTIAL,
      });
      if (kr === KERN_SUCCESS) tagWired(entry, va, tag);
    }
    if (kr !== KERN_SUCCESS) {
      yield* unwirePages(map, entry, va, pmap, pmapVa, false);
      return kr;
    }
  }
  return KERN_SUCCESS;
}

/**
 * Wire a page that is resident in the entry's own object and needs no copying. XNU: vm_fault.c
 * vm_fault_wire_fast. Counts as a fault even when it gives up.
 * @returns KERN_FAILURE: take the full fault
 */
function wireFast(
  map: VmMap,
  entry: VmMapEntry,
  va: VmOffset,
  pmap: Pmap | null,
  pmapVa: VmOffset,
  tag: VmTag,
): KernReturn {
  const ctx = map.context;
  const object = entry.object;
  ctx.counters.faults += 1;
  if (object === null || entry.submap !== null) return KERN_FAILURE;
  object.lock.lockExclusive();
  const offset = va - entry.start + entry.offset;
  const page = vmPageLookup(object, alignDown(offset, PAGE_SIZE));
  const pushFirst = object.copy !== null && (entry.protection & VM_PROT_WRITE) !== 0;
  if (page === null || page.busy || page.error || page.restart || page.absent || pushFirst) {
    object.lock.unlockExclusive();
    return KERN_FAILURE;
  }
  if (isGuard(page)) {
    object.lock.unlockExclusive();
    return KERN_SUCCESS;
  }
  vmPageWire(ctx, page, tag);
  const kr = vmFaultEnter(ctx, {
    page,
    pmap,
    va: pmapVa,
    offset,
    access: entry.protection,
    wired: true,
    changeWiring: false,
    info: faultInfoOf(entry),
    prot: entry.protection,
    type: DBG_CACHE_HIT_FAULT,
  });
  if (kr !== KERN_SUCCESS) vmPageUnwire(ctx, page);
  object.lock.unlockExclusive();
  return kr === KERN_SUCCESS ? KERN_SUCCESS : KERN_FAILURE;
}

/** The full fault has wired a page, somewhere down the entry's chain: charge its object. */
function tagWired(entry: VmMapEntry, va: VmOffset, tag: VmTag): void {
  let offset = alignDown(va - entry.start + entry.offset, PAGE_SIZE);
  for (let object = entry.object; object !== null; object = object.shadow) {
    const page = vmPageLookup(object, offset);
    if (page !== null) {
      if (page.wireCount > 0) vmObjectSetWireTag(object, tag);
      return;
    }
    offset += object.shadowOffset;
  }
}

/**
 * Take one wiring off every page of an entry. XNU: vm_fault.c vm_fault_unwire. Pages whose last
 * wiring goes are activated, and zeroed first if the entry says so (`zeroWiredPages`, and writable).
 * @param entry the entry in transition, or a snapshot of it; its counts are down already
 * @param deallocate free the pages instead (memory of the kernel object)
 * @throws KernelPanic if a page that was wired is gone, unless its object or pager died
 * Locks: none held on entry or return.
 */
export function* vmFaultUnwire(
  map: VmMap,
  entry: VmMapEntry,
  pmap: Pmap | null,
  pmapVa: VmOffset,
  deallocate = false,
): Blocking<void> {
  yield* unwirePages(map, entry, entry.end, pmap, pmapVa, deallocate);
}

/** A map of small pages wires the frame of each of them: a frame as often as it has such pages. */
function effectivePageSize(map: VmMap): number {
  return Math.min(map.pageSize, PAGE_SIZE);
}

/** Unwire from the entry's start up to `end`. */
function* unwirePages(
  map: VmMap,
  entry: VmMapEntry,
  end: VmOffset,
  pmap: Pmap | null,
  pmapVa: VmOffset,
  deallocate: boolean,
): Blocking<void> {
  const object = entry.object;
  if (object?.physContiguous === true) return;
  const step = effectivePageSize(map);
  for (let va = entry.start; va < end; va = advance(va, step)) {
    const at = (pmapVa + (va - entry.start)) as VmOffset;
    if (object === null) {
      if (pmap !== null) pmapChangeWiring(pmap, at, false);
      yield* vmFault(map, va, VM_PROT_NONE, true, THREAD_UNINT, pmap, at);
      continue;
    }
    const offset = alignDown(va - entry.start + entry.offset, PAGE_SIZE);
    yield* unwirePage(entry, object, offset, pmap, at, deallocate);
  }
}

function* unwirePage(
  entry: VmMapEntry,
  object: VmObject,
  offset: number,
  pmap: Pmap | null,
  pmapVa: VmOffset,
  deallocate: boolean,
): Blocking<void> {
  const ctx = object.context;
  const found = yield* findWired(entry, object, offset);
  if (found.result !== VM_FAULT_SUCCESS) {
    const excused =
      !object.alive ||
      (object.pagerCreated && object.pager === null) ||
      object === ctx.kernelObject;
    if (!excused) panic("vm_fault_unwire: a wired page is gone");
    if (pmap !== null) pmapChangeWiring(pmap, pmapVa, false);
    return;
  }
  const { page, topPage } = found;
  const owner = page.object;
  check(owner !== null, "wired page without an object", page);
  if (deallocate) {
    if (page.pmapped) pmapDisconnect(ctx.pmaps, page.ppn);
    vmPageFree(ctx, page);
  } else {
    if (pmap !== null) pmapChangeWiring(pmap, pmapVa, false);
    if (page.wireCount > 0) vmPageUnwire(ctx, page);
    if (
      entry.zeroWiredPages &&
      !isGuard(page) &&
      (entry.protection & VM_PROT_WRITE) !== 0 &&
      !entry.usedForJit
    ) {
      vmPageZeroFill(ctx, page);
      ctx.phys.noteWrite(page.ppn);
    }
    vmPageWakeupDone(ctx, page);
  }
  vmFaultCleanup(owner, topPage);
}

/** The page an entry has wired: it is resident, somewhere down the chain. */
function* findWired(
  entry: VmMapEntry,
  object: VmObject,
  offset: number,
): Blocking<FaultPageResult> {
  for (;;) {
    object.lock.lockExclusive();
    vmObjectPagingBegin(object);
    const found = yield* vmFaultPage({
      object,
      offset,
      faultType: VM_PROT_NONE,
      prot: VM_PROT_NONE,
      mustBeResident: true,
      callerLookup: false,
      noZeroFill: false,
      info: objectFaultInfo(object, {
        loOffset: entry.offset,
        hiOffset: entry.offset + (entry.end - entry.start),
        stealth: true,
      }),
    });
    if (found.result !== VM_FAULT_RETRY) return found;
  }
}
