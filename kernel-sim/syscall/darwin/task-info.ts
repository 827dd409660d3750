import { vmMapPhysFootprint } from "../../../vm/map/owner.js";
import { vmMapQueryVolatile } from "../../../vm/map/purgable.js";
import type { VmMap } from "../../../vm/map/map.js";
import { vmOwnedLedger, type LedgerAmount, type VmTask } from "../../../vm/object/ownership.js";
import { KERN_INVALID_ARGUMENT, KERN_SUCCESS } from "../../../vm/types.js";
import type { Answer } from "./mig.js";

/** Flavours of task_info (mach/task_info.h). */
const TASK_VM_INFO = 22;
const TASK_VM_INFO_PURGEABLE = 23;
/** Words of TASK_VM_INFO by revision, the newest first. */
const VM_INFO_COUNTS = [93, 89, 87, 86, 84, 42, 38, 36] as const;

/**
 * What is known of a task. XNU: task_info; of its flavours, TASK_VM_INFO and TASK_VM_INFO_PURGEABLE. Differs from
 * XNU: peaks are what is there now, and what is counted over a task's life (decompressions, swapins) is 0.
 * @param count words there is room for: as much of the structure as a revision of it has
 * @returns KERN_INVALID_ARGUMENT for other flavours and too little room
 */
export function taskInfo(map: VmMap, flavor: number, count: number): Answer {
  const words = VM_INFO_COUNTS.find((known) => known <= count);
  if ((flavor !== TASK_VM_INFO && flavor !== TASK_VM_INFO_PURGEABLE) || words === undefined) {
    return [KERN_INVALID_ARGUMENT];
  }
  const all = vmInfo(map, flavor === TASK_VM_INFO_PURGEABLE);
  const given: (number | bigint)[] = [];
  for (let used = 0, i = 0; used < words; i++) {
    const field = all[i]!;
    given.push(field);
    used += typeof field === "bigint" ? 2 : 1;
  }
  return [KERN_SUCCESS, words, ...given];
}

/** struct task_vm_info in order; bigints are its 64-bit fields. */
function vmInfo(map: VmMap, purgeable: boolean): (number | bigint)[] {
  const ledger = map.pmap?.ledger;
  const twice = (bytes = 0): bigint[] => [BigInt(bytes), BigInt(bytes)];
  const volatile = purgeable
    ? vmMapQueryVolatile(map)
    : { pmapBytes: 0, residentBytes: 0, virtualBytes: 0 };
  const footprint = BigInt(vmMapPhysFootprint(map));
  const compressed = ledger?.internalCompressed ?? 0;
  return [
    BigInt(map.adjustedSize),
    map.nentries,
    map.pageSize,
    ...twice(ledger?.physMem),
    ...twice(0), // devices
    ...twice(ledger?.internal),
    ...twice(ledger?.external),
    ...twice(ledger?.reusable),
    BigInt(volatile.pmapBytes),
    BigInt(volatile.residentBytes),
    BigInt(volatile.virtualBytes),
    ...twice(compressed),
    BigInt(compressed), // since the task began
    footprint,
    BigInt(map.minOffset),
    BigInt(map.maxOffset),
    footprint, // its peak
    ...ownedFields(map.owningTask),
    0n, // no limit
    0, // decompressions
    0n, // swapins
    ...neuralTotal(map.owningTask),
  ];
}

function ownedFields(task: VmTask | null): bigint[] {
  if (task === null) return new Array<bigint>(20).fill(0n);
  const owned = vmOwnedLedger(task);
  const both = ({ resident, compressed }: LedgerAmount): bigint[] => [
    BigInt(resident),
    BigInt(compressed),
  ];
  return [
    owned.purgeableNonvolatile,
    owned.purgeableVolatile,
    owned.networkNonvolatile,
    owned.networkVolatile,
    owned.mediaFootprint,
    owned.mediaNofootprint,
    owned.graphicsFootprint,
    owned.graphicsNofootprint,
    owned.neuralFootprint,
    owned.neuralNofootprint,
  ].flatMap(both);
}

function neuralTotal(task: VmTask | null): bigint[] {
  const { resident, compressed } =
    task === null ? { resident: 0, compressed: 0 } : vmOwnedLedger(task).neuralNofootprint;
  const total = BigInt(resident + compressed);
  return [total, total];
}
