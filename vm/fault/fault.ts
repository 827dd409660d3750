import {
  THREAD_AWAKENED,
  THREAD_RESTART,
  THREAD_UNINT,
  type Blocking,
  type Interruptible,
} from "../blocking.js";
import type { VmMap } from "../map/map.js";
import { vmMapSubmapCopySlowly } from "../map/submap.js";
import { vmPageoutWake, vmPageWait } from "../page/pageout.js";
import { vmPageSleep } from "../page/resident.js";
import type { Pmap } from "../pmap/index.js";
import {
  KERN_ABORTED,
  KERN_INVALID_ADDRESS,
  KERN_SUCCESS,
  type KernReturn,
  type VmOffset,
  type VmProt,
} from "../types.js";
import {
  DBG_COMPRESSOR_SWAPIN_FAULT,
  DBG_PAGEIND_FAULT,
  DBG_PAGEINV_FAULT,
  type FaultType,
} from "./event.js";
import { tryFast } from "./fast.js";
import { slowFault } from "./slow.js";
import { FaultState } from "./state.js";
import { createsPage, notePageCreated, pageCreationDelay, throttleIsPossible } from "./throttle.js";

/** Hints of a caller that faults in a range page by page. */
export interface FaultHints {
  /** Bytes still to come, for the pager. */
  readonly clusterSize?: number;
  /** Taken where the entry has no behaviour of its own. */
  readonly behavior?: number;
}

/**
 * Resolve a fault if that needs no sleep. Counts and traces like vmFault when it does, and leaves
 * no mark when it does not, so that vmFault may follow.
 * @returns the result, or null: call vmFault
 */
export function vmFaultFast(
  map: VmMap,
  va: VmOffset,
  prot: VmProt,
  changeWiring: boolean,
  interruptible: Interruptible,
  callerPmap: Pmap | null = null,
  callerPmapVa: VmOffset | null = null,
): KernReturn | null {
  if (map.neverFaults) return KERN_INVALID_ADDRESS;
  if (throttleIsPossible(map.context)) return null;
  const state = new FaultState(
    map,
    va,
    prot,
    changeWiring,
    interruptible,
    callerPmap,
    callerPmapVa,
  );
  const kr = tryFast(state);
  if (typeof kr === "string") return null;
  state.ctx.counters.faults += 1;
  if (kr === KERN_SUCCESS && createsPage(state.type)) notePageCreated(map, false);
  state.emit(kr);
  return kr;
}

/**
 * Make the page at `va` accessible: find or make it, and enter it into the pmap. XNU: vm_fault.c
 * vm_fault. One fault is counted and one event traced whatever happens on the way.
 * @param va any address inside the page
 * @param prot the access: READ, READ|WRITE for a store, READ|EXECUTE for a fetch
 * @param changeWiring wire the page (the entry is wired) or unwire it; `prot` is not checked then
 * @param interruptible how the sleeps on the way may be broken
 * @param callerPmap enter the translation there, at `callerPmapVa`, instead of the map's own pmap
 * @returns KERN_SUCCESS: the access may be tried again; KERN_INVALID_ADDRESS: nothing is mapped
 *   there; KERN_PROTECTION_FAILURE: the entry denies the access; KERN_MEMORY_ERROR: the data cannot
 *   be had; KERN_ABORTED: a sleep was interrupted
 * Locks: none held on entry or return.
 */
export function* vmFault(
  map: VmMap,
  va: VmOffset,
  prot: VmProt,
  changeWiring: boolean,
  interruptible: Interruptible,
  callerPmap: Pmap | null = null,
  callerPmapVa: VmOffset | null = null,
  hints: FaultHints = {},
): Blocking<KernReturn> {
  if (map.neverFaults) return KERN_INVALID_ADDRESS;
  const state = new FaultState(
    map,
    va,
    prot,
    changeWiring,
    interruptible,
    callerPmap,
    callerPmapVa,
  );
  state.clusterSize = hints.clusterSize ?? 0;
  state.behavior = hints.behavior ?? 0;
  state.ctx.counters.faults += 1;
  const kr = yield* resolve(state);
  if (kr === KERN_SUCCESS && createsPage(state.type)) yield* throttle(state);
  state.emit(kr);
  return kr;
}

/** A task that makes pages faster than the machine frees them waits. XNU: the end of vm_fault_internal. */
function* throttle({ ctx, map, type }: FaultState): Blocking<void> {
  notePageCreated(map, isRead(type));
  if (isRead(type) || !throttleIsPossible(ctx)) return;
  const delay = pageCreationDelay(map);
  if (delay === 0) return;
  ctx.pageout.counters.throttledFaults++;
  vmPageoutWake(ctx);
  yield {
    channel: map.pageCreation,
    interruptible: THREAD_UNINT,
    reason: "page creation throttled",
    timeoutNs: delay,
  };
}

function isRead(type: FaultType): boolean {
  return (
    type === DBG_PAGEINV_FAULT || type === DBG_PAGEIND_FAULT || type === DBG_COMPRESSOR_SWAPIN_FAULT
  );
}

/** Try until it is done or refused. */
function* resolve(state: FaultState): Blocking<KernReturn> {
  for (;;) {
    let result = tryFast(state);
    if (result === "slow") {
      state.slow = true;
      result = yield* slowFault(state);
    }
    if (typeof result !== "string") return result;
    if (result === "busy" && state.page !== null) {
      const woken = yield* vmPageSleep(state.page, state.interruptible);
      if (woken !== THREAD_AWAKENED && woken !== THREAD_RESTART) return aborted(state);
    } else if (result === "submap") {
      const kr = yield* vmMapSubmapCopySlowly(state.map, state.va, false);
      if (kr !== KERN_SUCCESS) return kr;
    } else if (result === "shortage") {
      const how = state.changeWiring ? THREAD_UNINT : state.interruptible;
      if (!(yield* vmPageWait(state.ctx, how))) return aborted(state);
    }
  }
}

/** A sleep was broken: nothing was found or made that the trace should show. */
function aborted(state: FaultState): KernReturn {
  state.noPage();
  return KERN_ABORTED;
}
