import { check } from "../../emulator/arch/check.js";
import { alignDown } from "../address.js";
import { THREAD_UNINT, type Blocking } from "../blocking.js";
import { MEMORY_OBJECT_COPY_SYMMETRIC, type VmObject } from "../object/object.js";
import {
  vmObjectCopySlowly,
  vmObjectCopyStrategically,
  vmObjectDeallocate,
  vmObjectReference,
} from "../object/index.js";
import { pmapRemove, pmapSharedRegionSizeMin } from "../pmap/index.js";
import {
  KERN_INVALID_ADDRESS,
  KERN_MEMORY_RESTART_COPY,
  KERN_PROTECTION_FAILURE,
  KERN_SUCCESS,
  PAGE_SIZE,
  VM_INHERIT_COPY,
  VM_INHERIT_SHARE,
  VM_PROT_EXECUTE,
  VM_PROT_READ,
  type KernReturn,
  type VmOffset,
} from "../types.js";
import { vmMapClipEnd, vmMapClipStart, vmMapUnnestAround } from "./clip.js";
import type { VmMapEntry } from "./entry.js";
import { vmMapEntryAllocateObject, vmMapEntryWriteProtect } from "./entry-object.js";
import { vmMapEntryAt } from "./find.js";
import { vmMapDeallocate } from "./lifecycle.js";
import { vmMapDropReference, vmMapReference, type VmMap } from "./map.js";

/**
 * A write through a copy-on-write submap entry: replace the piece of the parent entry that maps the
 * submap's entry at `address` by a private copy. XNU: the RetrySubMap part of
 * vm_map_lookup_and_lock_object.
 * The piece is the smallest that can be nested or not, and within the submap's entry.
 * @returns "mustSleep" for memory that is copied eagerly or by its object: vmMapSubmapCopySlowly
 *   does that, for callers that may sleep
 * Locks: `map` held shared on entry and exit; the submaps are locked in between.
 */
export function vmMapLookupSubmapCopy(
  map: VmMap,
  parent: VmMapEntry,
  address: VmOffset,
  failIfExecutable: boolean,
): KernReturn | "mustSleep" {
  const { submap } = parent;
  check(submap !== null, "not a submap entry", parent);
  map.lockUpgrade();
  clipToNestingBlock(map, parent, address);
  const leaf = findLeaf(map, parent, address);
  let kr: KernReturn | "mustSleep" = KERN_INVALID_ADDRESS;
  if (leaf.entry !== null) {
    const object = settleLeaf(leaf, leaf.entry);
    // The submap may die with its last entry, and that may sleep.
    if (isCopiedSymmetrically(leaf.entry, object) && submap.refCount > 1) {
      copySymmetrically(map, parent, leaf, leaf.entry, object);
      kr = KERN_SUCCESS;
    } else {
      const refused = refusesCode(leaf.entry, object, failIfExecutable);
      kr = refused ? KERN_PROTECTION_FAILURE : "mustSleep";
    }
  }
  unlockChain(leaf);
  map.lockDowngrade();
  if (kr === KERN_SUCCESS) vmMapDropReference(submap);
  return kr;
}

/**
 * As vmMapLookupSubmapCopy for memory whose copy may sleep: wired memory is copied at once, other
 * memory by its object's own strategy. Finds the copy-on-write submap entry at `va` by itself; if
 * there is none any more that is success, and the caller looks again.
 * @returns KERN_INVALID_ADDRESS when nothing is mapped there; KERN_PROTECTION_FAILURE for code; or
 *   why the object could not be copied
 * Locks: none held on entry or return.
 */
export function* vmMapSubmapCopySlowly(
  map: VmMap,
  va: VmOffset,
  failIfExecutable: boolean,
): Blocking<KernReturn> {
  map.lockExclusive();
  const parent = vmMapEntryAt(map, va);
  const submap = parent?.submap ?? null;
  if (parent === null || submap === null) {
    map.unlockExclusive();
    return KERN_SUCCESS;
  }
  if (!parent.needsCopy) {
    // The copy-on-write entry is further down.
    const inside = (va - parent.start + parent.offset) as VmOffset;
    vmMapReference(submap);
    map.unlockExclusive();
    const kr = yield* vmMapSubmapCopySlowly(submap, inside, failIfExecutable);
    yield* vmMapDeallocate(submap);
    return kr;
  }
  clipToNestingBlock(map, parent, va);
  const leaf = findLeaf(map, parent, va);
  if (leaf.entry === null) {
    unlockChain(leaf);
    map.unlockExclusive();
    return KERN_INVALID_ADDRESS;
  }
  const object = settleLeaf(leaf, leaf.entry);
  if (refusesCode(leaf.entry, object, failIfExecutable)) {
    unlockChain(leaf);
    map.unlockExclusive();
    return KERN_PROTECTION_FAILURE;
  }
  if (isCopiedSymmetrically(leaf.entry, object)) {
    copySymmetrically(map, parent, leaf, leaf.entry, object);
    unlockChain(leaf);
    map.unlockExclusive();
    yield* vmMapDeallocate(submap);
    return KERN_SUCCESS;
  }
  return yield* copyAndReplace(map, parent, submap, leaf, leaf.entry, object);
}

/** Copy no more than the smallest part around the address that can be un-nested on its own. */
function clipToNestingBlock(map: VmMap, parent: VmMapEntry, address: VmOffset): void {
  if (map.pmap === null) return;
  vmMapUnnestAround(map, parent, address);
  const bytes = pmapSharedRegionSizeMin(map.pmap);
  const start = alignDown(address, bytes);
  vmMapClipStart(map, parent, start);
  vmMapClipEnd(map, parent, (start + bytes) as VmOffset);
}

/** What is to be copied, while nobody looks. */
function* copyAndReplace(
  map: VmMap,
  parent: VmMapEntry,
  submap: VmMap,
  leaf: Leaf,
  entry: VmMapEntry,
  object: VmObject,
): Blocking<KernReturn> {
  const start = (entry.start - leaf.shift) as VmOffset; // where the parent shows the leaf
  const size = entry.end - entry.start;
  const { offset } = entry;
  const wired = entry.wiredCount !== 0;
  const leafMap = leaf.map;
  vmObjectReference(object);
  vmMapReference(leafMap);
  unlockChain(leaf);
  map.unlockExclusive();
  const parentVersion = map.timestamp;
  const leafVersion = leafMap.timestamp;
  const made = wired
    ? yield* copyAtOnce(object, offset, size)
    : yield* vmObjectCopyStrategically(object, offset, size, false);
  map.lockExclusive();
  const changed = map.timestamp !== parentVersion || leafMap.timestamp !== leafVersion;
  if (made.kr !== KERN_SUCCESS || changed) {
    map.unlockExclusive();
    if (made.kr === KERN_SUCCESS) vmObjectDeallocate(made.object);
    vmObjectDeallocate(object);
    yield* vmMapDeallocate(leafMap);
    // Changed meanwhile, or copied symmetrically after all: the caller looks again.
    return changed || made.kr === KERN_MEMORY_RESTART_COPY ? KERN_SUCCESS : made.kr;
  }
  replaceParent(map, parent, start, size, entry, made);
  map.unlockExclusive();
  vmObjectDeallocate(object);
  yield* vmMapDeallocate(leafMap);
  yield* vmMapDeallocate(submap);
  return KERN_SUCCESS;
}

function* copyAtOnce(object: VmObject, offset: number, size: number): Blocking<Made> {
  const slow = yield* vmObjectCopySlowly(object, offset, size, THREAD_UNINT);
  if (!("object" in slow)) return { kr: slow.kr, object: null, offset: 0, needsCopy: false };
  const inPage = offset - alignDown(offset, PAGE_SIZE);
  return { kr: KERN_SUCCESS, object: slow.object, offset: inPage, needsCopy: false };
}

/** What the parent is to map instead of the submap; carries a reference. */
interface Made {
  readonly kr: KernReturn;
  readonly object: VmObject | null;
  readonly offset: number;
  readonly needsCopy: boolean;
}

/** The entry of memory behind a submap entry, with every submap on the way locked exclusively. */
interface Leaf {
  readonly map: VmMap;
  /** Clipped to what the parent shows; null at a hole. */
  readonly entry: VmMapEntry | null;
  /** Address in `map` less the address in the parent's map. */
  readonly shift: number;
  readonly locked: readonly VmMap[];
}

function findLeaf(top: VmMap, parent: VmMapEntry, address: VmOffset): Leaf {
  const locked: VmMap[] = [];
  let map = top;
  let entry: VmMapEntry | null = parent;
  let shift = 0;
  let [low, high] = [parent.start as number, parent.end as number];
  while (entry !== null && entry.submap !== null) {
    const step = entry.offset - entry.start;
    low = Math.max(low, entry.start) + step;
    high = Math.min(high, entry.end) + step;
    shift += step;
    map = entry.submap;
    map.lockExclusive();
    locked.push(map);
    entry = vmMapEntryAt(map, (address + shift) as VmOffset);
  }
  if (entry !== null) {
    vmMapClipStart(map, entry, low as VmOffset);
    vmMapClipEnd(map, entry, high as VmOffset);
  }
  return { map, entry, shift, locked };
}

function unlockChain(leaf: Leaf): void {
  for (const map of leaf.locked) map.unlockExclusive();
}

/** The leaf's object, made now if it has none. */
function settleLeaf(leaf: Leaf, entry: VmMapEntry): VmObject {
  if (entry.object === null) vmMapEntryAllocateObject(leaf.map, entry);
  check(entry.object !== null, "submap leaf without object", entry);
  return entry.object;
}

function isCopiedSymmetrically(entry: VmMapEntry, object: VmObject): boolean {
  return entry.wiredCount === 0 && object.copyStrategy === MEMORY_OBJECT_COPY_SYMMETRIC;
}

/** Code would have to be copied eagerly or tracked: some callers would rather not. */
function refusesCode(entry: VmMapEntry, object: VmObject, failIfExecutable: boolean): boolean {
  const executable = (entry.protection & VM_PROT_EXECUTE) !== 0;
  return failIfExecutable && executable && !isCopiedSymmetrically(entry, object);
}

function copySymmetrically(
  map: VmMap,
  parent: VmMapEntry,
  leaf: Leaf,
  entry: VmMapEntry,
  object: VmObject,
): void {
  entry.needsCopy = true;
  object.shadowed = true;
  vmMapEntryWriteProtect(leaf.map, entry, true); // in every pmap the submap is part of
  vmObjectReference(object);
  const start = (entry.start - leaf.shift) as VmOffset;
  const made = { kr: KERN_SUCCESS, object, offset: entry.offset, needsCopy: true } as const;
  replaceParent(map, parent, start, entry.end - entry.start, entry, made);
}

/** The piece [start, start + size) of the parent's entry becomes an entry of memory. */
function replaceParent(
  map: VmMap,
  parent: VmMapEntry,
  start: VmOffset,
  size: number,
  leaf: VmMapEntry,
  made: Made,
): void {
  vmMapClipStart(map, parent, start);
  vmMapClipEnd(map, parent, (start + size) as VmOffset);
  if (made.object !== leaf.object && map.pmap !== null) pmapRemove(map.pmap, start, parent.end);
  parent.submap = null;
  parent.object = made.object;
  parent.offset = made.offset;
  parent.needsCopy = made.needsCopy;
  parent.usePmap = true;
  if (parent.protection === VM_PROT_READ) parent.protection |= leaf.protection;
  parent.maxProtection |= leaf.maxProtection;
  parent.permanent = leaf.permanent;
  if (parent.inheritance === VM_INHERIT_SHARE) parent.inheritance = VM_INHERIT_COPY;
}
