import { isOwnedMemory, vmOwnedLedger, type VmTask } from "../object/ownership.js";
import { pmapIokitMappedRegion } from "../pmap/index.js";
import type { VmMapEntry } from "./entry.js";
import type { VmMap } from "./map.js";

/**
 * Who owns purgeable and tagged memory made in this map now: the task that asks for it. What is made in the
 * kernel's maps is for several users, so it is the kernel's. XNU: vm_map_enter.
 */
export function creatingTask(map: VmMap): VmTask {
  const { kernelTask, kernelMap } = map.context;
  if (map.pmap !== null && map.pmap === kernelMap.pmap) return kernelTask;
  return map.context.currentTask() ?? map.owningTask ?? kernelTask;
}

/** Is what the entry maps charged to its object's owner, and not to who maps it (use_pmap FALSE)? */
export function isChargedToOwner({ object }: VmMapEntry): boolean {
  return object !== null && isOwnedMemory(object);
}

/**
 * An entry of a driver's memory comes (+1) or goes (-1): the task is charged for all of it. XNU:
 * vm_map_iokit_mapped_region, vm_map_iokit_unmapped_region.
 */
export function chargeIokitRegion(map: VmMap, entry: VmMapEntry, sign: 1 | -1): void {
  if (!entry.iokitAcct || map.pmap === null) return;
  pmapIokitMappedRegion(map.pmap, sign * (entry.end - entry.start));
}

/**
 * Bytes the task of a map is charged for as its footprint: by what it maps, and by what it owns. XNU:
 * task_ledgers.phys_footprint.
 */
export function vmMapPhysFootprint({ pmap, owningTask }: VmMap): number {
  const owned = owningTask === null ? 0 : vmOwnedLedger(owningTask).footprint;
  return (pmap?.ledger.physFootprint ?? 0) + owned;
}
