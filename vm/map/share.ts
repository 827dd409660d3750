import { check } from "../../emulator/arch/check.js";
import {
  MEMORY_OBJECT_COPY_DELAY,
  MEMORY_OBJECT_COPY_SYMMETRIC,
  type VmObject,
} from "../object/object.js";
import { pmapProtect } from "../pmap/index.js";
import { VM_PROT_WRITE } from "../types.js";
import {
  vmMapEntryAllocateObject,
  vmMapEntryShadow,
  vmMapEntryWriteProtect,
} from "./entry-object.js";
import type { VmMapEntry } from "./entry.js";
import type { VmMap } from "./map.js";

/**
 * Memory about to be shared must be the entry's own: a pending copy, or a part of an object that
 * others may still copy symmetrically, would make the sharers see different pages.
 */
function mustShadow(entry: VmMapEntry, object: VmObject): boolean {
  if (object.copyStrategy !== MEMORY_OBJECT_COPY_SYMMETRIC || entry.wiredCount > 0) return false;
  const partOfPrivate =
    object.internal &&
    !object.trueShare &&
    !entry.isShared &&
    object.size > entry.end - entry.start;
  return entry.needsCopy || object.shadowed || partOfPrivate;
}

/**
 * Give the entry an object that can be shared: one of its own if it has none, a shadow where
 * somebody else may be copying the present one. From here on the object is copied by delayed
 * copies, never symmetrically. XNU: the object rules of vm_map_fork_share and vm_map_remap_extract.
 * @param trueShare also mark the object as really shared, as remapping does and fork doesn't
 * Locks: map exclusively.
 */
export function vmMapEntryPrepareToShare(
  map: VmMap,
  entry: VmMapEntry,
  trueShare: boolean,
): VmObject {
  map.lock.assertExclusive();
  if (entry.object === null) {
    vmMapEntryAllocateObject(map, entry);
  } else if (mustShadow(entry, entry.object)) {
    if (!entry.needsCopy && (entry.protection & VM_PROT_WRITE) !== 0) removeWriteAccess(map, entry);
    vmMapEntryShadow(map, entry);
  }
  const object = entry.object;
  check(object !== null, "entry without an object to share", entry);
  if (object.copyStrategy === MEMORY_OBJECT_COPY_SYMMETRIC) {
    object.copyStrategy = MEMORY_OBJECT_COPY_DELAY;
    if (trueShare) object.trueShare = true;
  }
  return object;
}

/** Pages below the new shadow may only be read: the next write must reach the fault handler. */
function removeWriteAccess(map: VmMap, entry: VmMapEntry): void {
  if (map.mappedInOtherPmaps) {
    vmMapEntryWriteProtect(map, entry, true);
  } else if (map.pmap !== null) {
    pmapProtect(map.pmap, entry.start, entry.end, entry.protection & ~VM_PROT_WRITE);
  }
}
