import type { Blocking } from "../blocking.js";
import type { VmContext } from "../context.js";
import { vmOwnedObjectsDisown } from "../object/ownership.js";
import { pmapDestroy, pmapRemove, type Pmap } from "../pmap/index.js";
import {
  KERN_FAILURE,
  KERN_INVALID_ADDRESS,
  KERN_INVALID_ARGUMENT,
  KERN_NO_SPACE,
  KERN_SUCCESS,
  MACH_VM_MAX_ADDRESS,
  type KernResult,
  type KernReturn,
  type VmOffset,
} from "../types.js";
import { alignUp } from "../address.js";
import {
  vmMapDelete,
  vmMapZapDispose,
  VM_MAP_REMOVE_IMMUTABLE,
  VM_MAP_REMOVE_NO_FLAGS,
  type ZapList,
} from "./delete.js";
import { hasOwnTranslations, VmMap } from "./map.js";

/** vmMapCreate options. XNU: vm_map_create_options_t. */
export const VM_MAP_CREATE_PAGEABLE = 0x1;
export const VM_MAP_CREATE_CORPSE_FOOTPRINT = 0x2;
export const VM_MAP_CREATE_DISABLE_HOLELIST = 0x4;
export const VM_MAP_CREATE_NEVER_FAULTS = 0x8;

const LAST_USER_ADDRESS = (2 ** 48) as VmOffset;
/** VM_MAX_ADDRESS: highest end of a 32-bit map. */
const MAX_32BIT_ADDRESS = 0xf000_0000;

/**
 * A new, empty map. XNU: vm_map_create_options. It never fails; the bounds are taken as they are.
 * @param pmap its reference is taken over; null for a map nobody faults on directly
 */
export function vmMapCreate(
  context: VmContext,
  pmap: Pmap | null,
  min: VmOffset,
  max: VmOffset,
  options: number = VM_MAP_CREATE_PAGEABLE,
  owner = "map",
): VmMap {
  const map = new VmMap(context, pmap, min, max, owner);
  map.entriesPageable = (options & VM_MAP_CREATE_PAGEABLE) !== 0;
  map.neverFaults = (options & VM_MAP_CREATE_NEVER_FAULTS) !== 0;
  const noHoles = VM_MAP_CREATE_CORPSE_FOOTPRINT | VM_MAP_CREATE_DISABLE_HOLELIST;
  if ((options & noHoles) !== 0) map.holes = null;
  return map;
}

/**
 * Drop a reference (null is ignored); the last one destroys the map. XNU: vm_map_deallocate.
 */
export function* vmMapDeallocate(map: VmMap | null): Blocking<void> {
  if (map === null) return;
  map.refCount -= 1;
  if (map.refCount === 0) yield* vmMapDestroy(map);
}

/** Drop a reference that an inspect right gave: the same as any. XNU: vm_map_inspect_deallocate. */
export const vmMapInspectDeallocate = vmMapDeallocate;

/** Drop a reference that a read right gave: the same as any. XNU: vm_map_read_deallocate. */
export const vmMapReadDeallocate = vmMapDeallocate;

/**
 * Look for free space by walking entries from now on, not by the hole list; for good. The caller
 * holds the map exclusively. XNU: vm_map_disable_hole_optimization.
 */
export function vmMapDisableHoleOptimization(map: VmMap): void {
  map.disableHoleOptimization();
}

/** Remove everything, special mappings above the map's max included. XNU: vm_map_destroy. */
function* vmMapDestroy(map: VmMap): Blocking<void> {
  const zap: ZapList = [];
  map.lockExclusive();
  map.terminated = true;
  const flags = VM_MAP_REMOVE_IMMUTABLE;
  yield* vmMapDelete(map, map.minOffset, map.maxOffset, flags, zap);
  if (map.minOffset >= 0) yield* vmMapDelete(map, 0 as VmOffset, LAST_USER_ADDRESS, flags, zap);
  map.disableHoleOptimization();
  map.unlockExclusive();
  yield* vmMapZapDispose(zap);
  if (map.pmap !== null && map.ownsPmap) {
    // What a shared region mapped is at other addresses than the entries said.
    if (!hasOwnTranslations(map)) pmapRemove(map.pmap, map.pmap.min, map.pmap.max);
    pmapDestroy(map.pmap);
  }
  map.pmap = null;
  if (map.owningTask !== null) vmOwnedObjectsDisown(map.owningTask);
}

/**
 * The owner is gone: nothing may be mapped any more, what is mapped goes, and what it owns elsewhere is
 * the kernel's. XNU: vm_map_terminate, vm_owned_objects_disown.
 * @returns KERN_SUCCESS
 */
export function* vmMapTerminate(map: VmMap): Blocking<KernReturn> {
  const zap: ZapList = [];
  map.lockExclusive();
  map.terminated = true;
  map.disableHoleOptimization();
  yield* vmMapDelete(map, map.minOffset, map.maxOffset, VM_MAP_REMOVE_NO_FLAGS, zap);
  map.unlockExclusive();
  yield* vmMapZapDispose(zap);
  if (map.owningTask !== null) vmOwnedObjectsDisown(map.owningTask);
  return KERN_SUCCESS;
}

/** RLIMIT_AS. XNU: vm_map_set_size_limit. @returns KERN_FAILURE below the current size */
export function vmMapSetSizeLimit(map: VmMap, bytes: number): KernReturn {
  if (bytes < map.adjustedSize) return KERN_FAILURE;
  map.sizeLimit = bytes;
  return KERN_SUCCESS;
}

/** RLIMIT_DATA. XNU: vm_map_set_data_limit. @returns KERN_FAILURE below the current size */
export function vmMapSetDataLimit(map: VmMap, bytes: number): KernReturn {
  if (bytes < map.adjustedSize) return KERN_FAILURE;
  map.dataLimit = bytes;
  return KERN_SUCCESS;
}

/** True if the map reaches beyond 32-bit addresses. XNU: vm_map_is_64bit. */
export function vmMapIs64Bit(map: VmMap): boolean {
  return map.maxOffset > MAX_32BIT_ADDRESS;
}

/** Raise the map's end. XNU: vm_map_raise_max_offset. */
export function vmMapRaiseMaxOffset(map: VmMap, max: VmOffset): KernReturn {
  const ceiling = vmMapIs64Bit(map) ? MACH_VM_MAX_ADDRESS : MAX_32BIT_ADDRESS;
  if (max < map.maxOffset || max > ceiling) return KERN_INVALID_ADDRESS;
  map.lockExclusive();
  map.maxOffset = max;
  map.unlockExclusive();
  return KERN_SUCCESS;
}

/**
 * Raise the map's start, as for a "page zero". XNU: vm_map_raise_min_offset.
 * @returns KERN_INVALID_ADDRESS below the current start or at or above the end;
 *   KERN_NO_SPACE when something is mapped below the new start
 */
export function vmMapRaiseMinOffset(map: VmMap, min: VmOffset): KernReturn {
  const start = alignUp(min, map.pageSize);
  map.lockExclusive();
  const kr = raiseMin(map, start);
  map.unlockExclusive();
  return kr;
}

function raiseMin(map: VmMap, start: VmOffset): KernReturn {
  if (start < map.minOffset || start >= map.maxOffset) return KERN_INVALID_ADDRESS;
  const first = map.entries.first;
  if (first !== null && first.start < start) return KERN_NO_SPACE;
  map.minOffset = start;
  return KERN_SUCCESS;
}

/** Highest end a map may get by vmMapSetMaxAddr (MACH_VM_JUMBO_ADDRESS). */
const MACH_VM_JUMBO_ADDRESS = 0xf_c000_0000 as VmOffset;

/** Let a map grow, up to the jumbo size; it never shrinks. XNU: vm_map_set_max_addr. */
export function vmMapSetMaxAddr(map: VmMap, max: VmOffset): void {
  const wanted = Math.min(max, MACH_VM_JUMBO_ADDRESS) as VmOffset;
  if (wanted > map.maxOffset) vmMapRaiseMaxOffset(map, wanted);
}

/** What vmMapToggleEntryReuse is asked for (mach/vm_statistics.h). */
export const VM_TOGGLE_CLEAR = 0;
export const VM_TOGGLE_SET = 1;
export const VM_TOGGLE_GETVALUE = 999;

/**
 * Never use an address twice (SET), use them again (CLEAR), or ask which (GETVALUE). XNU:
 * vm_toggle_entry_reuse. SET gives the hole list up for good.
 * @returns whether addresses are not reused now; KERN_INVALID_ARGUMENT
 */
export function vmMapToggleEntryReuse(
  map: VmMap,
  toggle: number,
): KernResult<{ readonly disabled: boolean }> {
  const known = [VM_TOGGLE_CLEAR, VM_TOGGLE_SET, VM_TOGGLE_GETVALUE].includes(toggle);
  if (!known) return { kr: KERN_INVALID_ARGUMENT };
  if (toggle !== VM_TOGGLE_GETVALUE) {
    map.lockExclusive();
    map.disableVmentryReuse = toggle === VM_TOGGLE_SET;
    if (toggle === VM_TOGGLE_SET) {
      map.disableHoleOptimization();
      map.highestEntryEnd = map.firstFree?.end ?? map.minOffset;
    }
    map.unlockExclusive();
  }
  return { kr: KERN_SUCCESS, disabled: map.disableVmentryReuse };
}
