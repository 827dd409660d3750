import { check } from "../../emulator/arch/check.js";
import { alignUp } from "../address.js";
import {
  vmObjectAllocate,
  vmObjectDeallocate,
  vmObjectPmapProtect,
  vmObjectReference,
  vmObjectShadow,
} from "../object/index.js";
import { PAGE_SIZE, VM_PROT_WRITE } from "../types.js";
import type { VmMapEntry } from "./entry.js";
import { vmMapReference, type VmMap } from "./map.js";

/** Take one more reference on whatever the entry maps. */
export function vmMapEntryReference(entry: VmMapEntry): void {
  if (entry.submap !== null) vmMapReference(entry.submap);
  else if (entry.object !== null) vmObjectReference(entry.object);
}

/**
 * Give the entry an object of its own over the whole entry, falling back to the present one, and
 * settle its pending copy. The shadow is skipped when nobody else can reach the object.
 * XNU: VME_OBJECT_SHADOW. Locks: map exclusively.
 */
export function vmMapEntryShadow(map: VmMap, entry: VmMapEntry): void {
  map.lock.assertExclusive();
  check(entry.object !== null, "shadow of an entry without object", entry);
  const ref = { object: entry.object, offset: entry.offset };
  vmObjectShadow(ref, entry.end - entry.start, map.mappedInOtherPmaps);
  entry.object = ref.object;
  entry.offset = ref.offset;
  entry.needsCopy = false;
}

/** Give an entry without object an anonymous one of its own size. Locks: map exclusively. */
export function vmMapEntryAllocateObject(map: VmMap, entry: VmMapEntry): void {
  map.lock.assertExclusive();
  check(entry.object === null && entry.submap === null, "entry has an object", entry);
  entry.object = vmObjectAllocate(map.context, alignUp(entry.end - entry.start, PAGE_SIZE));
  entry.offset = 0;
  entry.needsCopy = false;
}

/**
 * Take write access away from the entry's pages where this map (or, if the memory is visible
 * elsewhere, any map) has them entered. The protection of the entry itself stays.
 * Locks: map exclusively.
 */
export function vmMapEntryWriteProtect(map: VmMap, entry: VmMapEntry, everywhere: boolean): void {
  if (entry.object === null) return;
  vmObjectPmapProtect(
    entry.object,
    entry.offset,
    entry.end - entry.start,
    everywhere ? null : map.pmap,
    entry.start,
    entry.protection & ~VM_PROT_WRITE,
  );
}

/** Drop the object reference of an entry that is no longer linked anywhere. */
export function vmMapEntryReleaseObject(entry: VmMapEntry): void {
  vmObjectDeallocate(entry.object);
  entry.object = null;
}
