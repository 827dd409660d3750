import type { VmObject } from "../object/object.js";
import { vmPageDeactivate } from "../page/queues.js";
import { vmPageLookup } from "../page/resident.js";
import {
  PAGE_SIZE,
  VM_BEHAVIOR_DEFAULT,
  VM_BEHAVIOR_RANDOM,
  VM_BEHAVIOR_RSEQNTL,
  VM_BEHAVIOR_SEQUENTIAL,
  type VmBehavior,
} from "../types.js";

/** Longest run that is counted, in bytes (MAX_SEQUENTIAL_RUN). */
const MAX_SEQUENTIAL_RUN = 2 ** 30;
/** Default behaviour: a run this long leaves pages behind ... (vm_default_behind, in bytes). */
const DEFAULT_BEHIND = 128 * PAGE_SIZE;
/** ... so many at a time. */
const CLUSTER_BEHIND = 16;

/**
 * Keep count of how far an object's faults have run in one direction: `object.sequential` is the
 * length of the run in bytes, negative for a descending one. XNU: vm_fault.c vm_fault_is_sequential.
 * @param offset bytes, of the page faulted on
 */
export function vmFaultIsSequential(object: VmObject, offset: number, behavior: VmBehavior): void {
  const last = object.lastAlloc;
  if (offset === last && behavior !== VM_BEHAVIOR_RANDOM) return;
  const forward = offset !== 0 && last === offset - PAGE_SIZE;
  const backward = last !== 0 && last === offset + PAGE_SIZE;
  object.sequential = nextRun(object.sequential, forward, backward, behavior);
  object.lastAlloc = offset;
}

function nextRun(run: number, forward: boolean, backward: boolean, behavior: VmBehavior): number {
  const ascending = behavior === VM_BEHAVIOR_SEQUENTIAL || behavior === VM_BEHAVIOR_DEFAULT;
  const descending = behavior === VM_BEHAVIOR_RSEQNTL || behavior === VM_BEHAVIOR_DEFAULT;
  if (forward && ascending) return Math.min(Math.max(run, 0) + PAGE_SIZE, MAX_SEQUENTIAL_RUN);
  if (backward && descending) return Math.max(Math.min(run, 0) - PAGE_SIZE, -MAX_SEQUENTIAL_RUN);
  return 0;
}

/**
 * Behind a long run pages are not likely to be needed again: put them where reclaiming finds them
 * first. XNU: vm_fault.c vm_fault_deactivate_behind.
 */
export function vmFaultDeactivateBehind(
  object: VmObject,
  offset: number,
  behavior: VmBehavior,
): void {
  const { context } = object;
  if (object === context.kernelObject || offset % PAGE_SIZE !== 0) return;
  const direction = object.sequential < 0 ? -1 : 1;
  const run = Math.abs(object.sequential);
  let first: number;
  let count: number;
  if (behavior === VM_BEHAVIOR_SEQUENTIAL || behavior === VM_BEHAVIOR_RSEQNTL) {
    if (run < PAGE_SIZE) return;
    first = offset - (behavior === VM_BEHAVIOR_SEQUENTIAL ? PAGE_SIZE : -PAGE_SIZE);
    count = 1;
  } else if (behavior === VM_BEHAVIOR_DEFAULT) {
    if (run < DEFAULT_BEHIND || run % (CLUSTER_BEHIND * PAGE_SIZE) !== 0) return;
    first = offset - direction * DEFAULT_BEHIND;
    if (first < 0) return;
    count = CLUSTER_BEHIND;
  } else {
    return;
  }
  for (let n = 0; n < count; n++) {
    const at = first + direction * n * PAGE_SIZE;
    const page = at < 0 ? null : vmPageLookup(object, at);
    if (page === null || page.laundry || page.busy || page.noCache || page.absent) continue;

    vmPageDeactivate(context, page);
  }
}
