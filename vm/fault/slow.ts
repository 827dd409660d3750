import { check } from "../../emulator/arch/check.js";
import { alignDown } from "../address.js";
import type { Blocking } from "../blocking.js";
import { vmMapLookupAndLockObject, vmMapVerify } from "../map/lookup.js";
import { vmObjectDeallocate, vmObjectPagingBegin, vmObjectReference } from "../object/index.js";
import type { VmPage } from "../page/page.js";
import { vmPageWakeupDone } from "../page/resident.js";
import { pmapEnterAddr, PMAP_OPTIONS_NOWAIT, VM_WIMG_MASK } from "../pmap/index.js";
import {
  KERN_ABORTED,
  KERN_ALREADY_WAITING,
  KERN_MEMORY_ERROR,
  KERN_RESOURCE_SHORTAGE,
  KERN_SUCCESS,
  PAGE_SIZE,
  VM_BEHAVIOR_DEFAULT,
  VM_PROT_WRITE,
  type KernReturn,
} from "../types.js";
import { enterFound } from "./enter.js";
import type { FaultOrder } from "./fast.js";
import type { FaultInfo } from "./info.js";
import { vmFaultCleanup, vmFaultPage } from "./page.js";
import {
  VM_FAULT_BUSY,
  VM_FAULT_INTERRUPTED,
  VM_FAULT_MEMORY_ERROR,
  VM_FAULT_MEMORY_SHORTAGE,
  VM_FAULT_RETRY,
  VM_FAULT_SUCCESS,
  VM_FAULT_SUCCESS_NO_VM_PAGE,
  type FaultedPage,
} from "./result.js";
import type { FaultState, FoundMemory } from "./state.js";

type SlowResult = KernReturn | FaultOrder;

/**
 * Resolve a fault with the map unlocked, so that it may sleep; then look whether the map still says
 * the same. XNU: vm_fault.c vm_fault_internal, from the slow path on.
 *
 * Differs from XNU: no recovery mode for resilient media; device memory is mapped a page at a time.
 * @param state as the fast path left it; nothing slept since, so what it found is still true
 * @returns a KERN_* code, "retry" or "shortage"
 */
export function* slowFault(state: FaultState): Blocking<SlowResult> {
  const found = state.found;
  check(found !== null, "slow path without a lookup", state);
  const top = found.object;
  if (top === state.ctx.kernelObject) return KERN_MEMORY_ERROR;
  const faultType = state.faultType | (state.needCopy ? VM_PROT_WRITE : 0);
  top.lock.lockExclusive();
  vmObjectReference(top);
  vmObjectPagingBegin(top);
  const result = yield* vmFaultPage({
    object: top,
    offset: alignDown(found.offset, PAGE_SIZE),
    faultType,
    prot: found.prot,
    mustBeResident: state.changeWiring && !found.wired,
    callerLookup: true,
    noZeroFill: state.map.noZeroFill,
    info: faultInfo(state, found),
  });
  let outcome: SlowResult;
  switch (result.result) {
    case VM_FAULT_SUCCESS:
      outcome = enterResult(state, found, result);
      break;
    case VM_FAULT_RETRY:
      outcome = "retry";
      break;
    case VM_FAULT_MEMORY_SHORTAGE:
      outcome = "shortage";
      break;
    case VM_FAULT_INTERRUPTED:
      outcome = KERN_ABORTED;
      break;
    case VM_FAULT_BUSY:
      outcome = KERN_ALREADY_WAITING;
      break;
    case VM_FAULT_MEMORY_ERROR:
      outcome = result.error;
      break;
    case VM_FAULT_SUCCESS_NO_VM_PAGE:
      state.noPage();
      outcome = enterDevice(state, found);
      break;
  }
  if (result.result !== VM_FAULT_SUCCESS && !state.entered) state.noPage();
  vmObjectDeallocate(top);
  return outcome;
}

/**
 * Memory without pages: its physical address is mapped, with the object's memory type. The map may
 * have changed while the pager was asked.
 */
function enterDevice(state: FaultState, found: FoundMemory): SlowResult {
  const { map, pmap } = state;
  const { object } = found;
  map.lockShared();
  const same = found.map === map && vmMapVerify(map, found.version);
  map.unlockShared();
  if (!same) return "retry";
  if (pmap === null || !object.physContiguous) return KERN_MEMORY_ERROR;
  const physical = object.physicalBase + alignDown(found.offset, pmap.pageSize);
  const wimg = object.wimgBits & VM_WIMG_MASK;
  const kr = pmapEnterAddr(
    pmap,
    state.pmapVa,
    physical,
    found.prot,
    state.access,
    wimg,
    found.wired,
    PMAP_OPTIONS_NOWAIT,
  );
  state.entered = kr === KERN_SUCCESS;
  return kr === KERN_RESOURCE_SHORTAGE ? "shortage" : kr;
}

function faultInfo(state: FaultState, found: FoundMemory): FaultInfo {
  const info = found.faultInfo;
  return {
    ...info,
    behavior: info.behavior === VM_BEHAVIOR_DEFAULT ? state.behavior : info.behavior,
    clusterSize: state.clusterSize,
    interruptible: state.interruptible,
    stealth: false,
    noSleep: false,
  };
}

/** The page is there: check the map, enter it, and let everything go. */
function enterResult(state: FaultState, found: FoundMemory, result: FaultedPage): SlowResult {
  const { page, topPage } = result;
  const object = page.object;
  check(object !== null, "vm_fault_page returned a page without an object", page);
  if (object !== found.object && state.mustCopyOnRead(object)) {
    state.needCopy = true;
    vmPageWakeupDone(state.ctx, page);
    vmFaultCleanup(object, topPage);
    return "retry";
  }
  state.prot = result.prot;
  state.type = result.type;
  state.depth = result.depth;
  state.fromPpn = result.fromPpn;
  const kr = revalidateAndEnter(state, found, result);
  vmPageWakeupDone(state.ctx, page);
  vmFaultCleanup(object, topPage);
  return kr;
}

/**
 * XNU compares the object's copy pointer as well; here nothing sleeps between vmFaultPage, which
 * honoured it, and this.
 */
function revalidateAndEnter(
  state: FaultState,
  found: FoundMemory,
  { page }: FaultedPage,
): SlowResult {
  const { map } = state;
  map.lockShared();
  if (found.map === map && vmMapVerify(map, found.version)) {
    const kr = enterPage(state, found, page);
    map.unlockShared();
    return kr;
  }
  // The page's object is in the way of the lookup; the page is busy, so it may be unlocked.
  page.object?.lock.unlockExclusive();
  const again = vmMapLookupAndLockObject(map, state.va, state.faultType & ~VM_PROT_WRITE);
  const refound = "object" in again ? again : null;
  refound?.object.lock.unlockExclusive();
  page.object?.lock.lockExclusive();
  let kr: SlowResult;
  if (refound === null) {
    kr = again.kr;
    state.noPage();
  } else if (refound.object !== found.object || refound.offset !== found.offset) {
    kr = "retry";
  } else {
    state.found = refound;
    state.prot &= refound.prot;
    const asWrite = refound.prot | VM_PROT_WRITE;
    const nowWired = refound.wired && state.faultType !== asWrite;
    kr = nowWired ? "retry" : enterPage(state, refound, page);
  }
  again.map.unlockShared();
  return kr;
}

function enterPage(state: FaultState, found: FoundMemory, page: VmPage): SlowResult {
  const kr = enterFound(state, found, page);
  return kr === KERN_RESOURCE_SHORTAGE ? "shortage" : kr;
}
