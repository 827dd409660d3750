import { check } from "../../emulator/arch/check.js";
import { MEMORY_OBJECT_COPY_SYMMETRIC } from "../object/object.js";
import { vmObjectReference } from "../object/index.js";
import {
  KERN_INVALID_ADDRESS,
  KERN_NOT_SUPPORTED,
  KERN_PROTECTION_FAILURE,
  KERN_SUCCESS,
  VM_INHERIT_COPY,
  VM_INHERIT_SHARE,
  VM_PROT_EXECUTE,
  VM_PROT_READ,
  type KernReturn,
  type VmOffset,
} from "../types.js";
import { vmMapClipEnd, vmMapClipStart } from "./clip.js";
import type { VmMapEntry } from "./entry.js";
import { vmMapEntryAllocateObject, vmMapEntryWriteProtect } from "./entry-object.js";
import { vmMapEntryAt } from "./find.js";
import { vmMapDropReference, type VmMap } from "./map.js";

/**
 * A write through a copy-on-write submap entry: replace the piece of the parent entry that maps the
 * submap's entry at `address` by a private symmetric copy. XNU: the RetrySubMap part of
 * vm_map_lookup_and_lock_object.
 *
 * Differs from XNU: the parent is clipped to the submap entry alone, not to the smallest pmap
 * nesting chunk around it (there is no pmap nesting); memory that needs an eager or asymmetric copy
 * is refused with KERN_NOT_SUPPORTED, since this runs where nothing may sleep.
 * Locks: `map` held shared on entry and exit; the submap is locked in between.
 */
export function vmMapLookupSubmapCopy(
  map: VmMap,
  parent: VmMapEntry,
  address: VmOffset,
  failIfExecutable: boolean,
): KernReturn {
  const submap = parent.submap;
  check(submap !== null, "not a submap entry", parent);
  map.lockUpgrade();
  submap.lockExclusive();
  const kr = copyLeaf(map, parent, submap, address, failIfExecutable);
  submap.unlockExclusive();
  map.lockDowngrade();
  if (kr === KERN_SUCCESS) vmMapDropReference(submap);
  return kr;
}

function copyLeaf(
  map: VmMap,
  parent: VmMapEntry,
  submap: VmMap,
  address: VmOffset,
  failIfExecutable: boolean,
): KernReturn {
  const inSubmap = (address - parent.start + parent.offset) as VmOffset;
  const leaf = vmMapEntryAt(submap, inSubmap);
  if (leaf === null) return KERN_INVALID_ADDRESS;
  if (leaf.submap !== null) return KERN_NOT_SUPPORTED;
  // Only the part visible through the parent.
  vmMapClipStart(submap, leaf, parent.offset as VmOffset);
  vmMapClipEnd(submap, leaf, (parent.offset + parent.end - parent.start) as VmOffset);
  if (leaf.object === null) vmMapEntryAllocateObject(submap, leaf);
  const object = leaf.object;
  check(object !== null, "submap leaf without object", leaf);
  const symmetric = object.copyStrategy === MEMORY_OBJECT_COPY_SYMMETRIC;
  if (leaf.wiredCount !== 0 || !symmetric) {
    const executable = (leaf.protection & VM_PROT_EXECUTE) !== 0;
    return failIfExecutable && executable ? KERN_PROTECTION_FAILURE : KERN_NOT_SUPPORTED;
  }

  leaf.needsCopy = true;
  object.shadowed = true;
  vmMapEntryWriteProtect(submap, leaf, true); // in every pmap the submap is nested in
  vmMapClipStart(map, parent, (parent.start + leaf.start - parent.offset) as VmOffset);
  vmMapClipEnd(map, parent, (parent.start + leaf.end - leaf.start) as VmOffset);
  vmObjectReference(object);
  parent.submap = null;
  parent.object = object;
  parent.offset = leaf.offset;
  parent.needsCopy = true;
  parent.usePmap = true;
  if (parent.protection === VM_PROT_READ) parent.protection |= leaf.protection;
  parent.maxProtection |= leaf.maxProtection;
  parent.permanent = leaf.permanent;
  if (parent.inheritance === VM_INHERIT_SHARE) parent.inheritance = VM_INHERIT_COPY;
  return KERN_SUCCESS;
}
