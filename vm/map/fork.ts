import type { Blocking } from "../blocking.js";
import { VmTask, vmObjectCopyQuickly, vmObjectReference } from "../object/index.js";
import {
  pmapCreateLike,
  pmapDestroy,
  pmapForkNest,
  pmapInsertCommpage,
  pmapNest,
  type Pmap,
} from "../pmap/index.js";
import {
  KERN_SUCCESS,
  VM_INHERIT_COPY,
  VM_INHERIT_NONE,
  VM_INHERIT_SHARE,
  VM_PROT_READ,
  VM_PROT_WRITE,
  type VmInherit,
  type VmOffset,
} from "../types.js";
import { vmMapClipStart } from "./clip.js";
import { CorpseFootprint } from "./corpse-footprint.js";
import { vmMapCopyDiscard } from "./copy.js";
import {
  vmMapCopyinInternal,
  VM_MAP_COPYIN_FORK,
  VM_MAP_COPYIN_PRESERVE_PURGEABLE,
  VM_MAP_COPYIN_USE_MAXPROT,
} from "./copyin.js";
import { vmMapCopyInsert } from "./copyout.js";
import { vmMapEntryWriteProtect } from "./entry-object.js";
import { vmMapEntryCopy, type VmMapEntry } from "./entry.js";
import { vmMapEntryAt, vmMapLookupEntryOrNext } from "./find.js";
import {
  VM_MAP_CREATE_CORPSE_FOOTPRINT,
  VM_MAP_CREATE_PAGEABLE,
  vmMapCreate,
  vmMapDeallocate,
} from "./lifecycle.js";
import { vmMapReference, type VmMap } from "./map.js";
import { isChargedToOwner } from "./owner.js";
import { vmMapEntryPrepareToShare } from "./share.js";

/** Corpses: what would not be inherited is shared read-only if it can be read. */
export const VM_MAP_FORK_SHARE_IF_INHERIT_NONE = 0x1;
export const VM_MAP_FORK_PRESERVE_PURGEABLE = 0x2;
/** Corpses: what the parent has in memory now is written down page by page (corpseFootprint). */
export const VM_MAP_FORK_CORPSE_FOOTPRINT = 0x4;
/** Memory with an owner is shared rather than copied, so that it is charged once. */
export const VM_MAP_FORK_SHARE_IF_OWNED = 0x8;
const KNOWN_OPTIONS =
  VM_MAP_FORK_SHARE_IF_INHERIT_NONE |
  VM_MAP_FORK_PRESERVE_PURGEABLE |
  VM_MAP_FORK_CORPSE_FOOTPRINT |
  VM_MAP_FORK_SHARE_IF_OWNED;

/**
 * A child's address space, each entry shared, copied or left out as its inheritance says. Copies
 * are made copy-on-write where they can be: then both sides lose write access until they fault.
 * The child has a fresh pmap with nothing in it, and no wirings. XNU: vm_map_fork.
 *
 * Differs from XNU: memory whose copy keeps failing is left out of the child, where XNU tries for ever.
 * @param owner label of the child for traces
 * @returns null for unknown options, or when no pmap can be made
 * Locks: takes `parent` exclusively; given up while an object is copied.
 */
export function* vmMapFork(
  parent: VmMap,
  options = 0,
  owner: string = parent.owner,
): Blocking<VmMap | null> {
  if ((options & ~KNOWN_OPTIONS) !== 0) return null;
  const pmap = parent.pmap === null ? null : forkPmap(parent.pmap);
  if (pmap === null && parent.pmap !== null) return null;
  const forCorpse = (options & VM_MAP_FORK_CORPSE_FOOTPRINT) !== 0;
  const child = vmMapCreate(
    parent.context,
    pmap,
    parent.minOffset,
    parent.maxOffset,
    VM_MAP_CREATE_PAGEABLE | (forCorpse ? VM_MAP_CREATE_CORPSE_FOOTPRINT : 0),
    owner,
  );
  if (pmap !== null) child.owningTask = new VmTask();
  if (forCorpse) child.corpseFootprint = new CorpseFootprint(parent.pageSize);
  inheritSettings(child, parent);
  vmMapReference(parent);
  parent.lockExclusive();
  let entry = parent.firstEntry;
  while (entry !== null) {
    const inheritance = effectiveInheritance(entry, options);
    child.corpseFootprint?.collect(parent, entry);
    if (inheritance === VM_INHERIT_SHARE) {
      shareEntry(parent, child, entry);
    } else if (inheritance === VM_INHERIT_COPY && entry.submap === null) {
      if (!copyQuickly(parent, child, entry)) {
        entry = yield* copySlowly(parent, child, entry, options);
        continue;
      }
    }
    entry = entry.next;
  }
  parent.unlockExclusive();
  yield* vmMapDeallocate(parent);
  return child;
}

/**
 * An empty pmap like the parent's: page size, shared region, commpage.
 * @returns null when there is no memory for its tables, or no ASID
 */
function forkPmap(parent: Pmap): Pmap | null {
  const pmap = pmapCreateLike(parent);
  if (pmap === null) return null;
  if (parent.commpage !== null && pmapInsertCommpage(pmap) !== KERN_SUCCESS) {
    pmapDestroy(pmap);
    return null;
  }
  pmapForkNest(parent, pmap);
  return pmap;
}

/** What a child's map has in common with its parent's besides the memory. */
function inheritSettings(child: VmMap, parent: VmMap): void {
  child.pageShift = parent.pageShift;
  child.isAlien = parent.isAlien;
  child.singleJit = parent.singleJit;
  child.userRanges = parent.userRanges;
  child.csEnforcement = parent.csEnforcement;
  child.mapDisallowDataExec = parent.mapDisallowDataExec;
  child.mapDisallowNewExec = parent.mapDisallowNewExec;
  child.disableVmentryReuse = parent.disableVmentryReuse;
  child.jitEntryExists = parent.jitEntryExists;
  child.sizeLimit = parent.sizeLimit;
  child.dataLimit = parent.dataLimit;
  child.userWireLimit = parent.userWireLimit;
  child.reservedBytes = parent.reservedBytes;
  if (parent.holes === null) withChild(child, () => child.disableHoleOptimization());
}

/** The child is nobody else's yet, but its structures insist on the lock. */
function withChild(child: VmMap, change: () => void): void {
  child.lockExclusive();
  change();
  child.unlockExclusive();
}

function append(child: VmMap, entry: VmMapEntry): void {
  withChild(child, () => child.link(child.lastEntry, entry));
}

function effectiveInheritance(entry: VmMapEntry, options: number): VmInherit {
  const forCorpse =
    (options & VM_MAP_FORK_SHARE_IF_INHERIT_NONE) !== 0 &&
    entry.inheritance === VM_INHERIT_NONE &&
    (entry.protection & VM_PROT_READ) !== 0 &&
    entry.submap === null &&
    entry.object?.physContiguous !== true;
  const forOwner =
    (options & VM_MAP_FORK_SHARE_IF_OWNED) !== 0 &&
    entry.inheritance === VM_INHERIT_COPY &&
    isChargedToOwner(entry);
  return forCorpse || forOwner ? VM_INHERIT_SHARE : entry.inheritance;
}

/** @returns false when there is no memory for the tables: the child has its own translations then */
function nestSubmap(child: VmMap, { submap, start, end }: VmMapEntry): boolean {
  const region = submap?.pmap ?? null;
  if (child.pmap === null || region === null) return false;
  return pmapNest(child.pmap, region, start, end - start) === KERN_SUCCESS;
}

/** Both maps get the same object, or the same submap. XNU: vm_map_fork_share. */
function shareEntry(parent: VmMap, child: VmMap, entry: VmMapEntry): void {
  if (entry.submap !== null) vmMapReference(entry.submap);
  else vmObjectReference(vmMapEntryPrepareToShare(parent, entry, false));
  const shared = vmMapEntryCopy(entry, parent.isAlien);
  if (entry.submap !== null && entry.usePmap) shared.usePmap = nestSubmap(child, entry);
  entry.isShared = true;
  shared.isShared = true;
  if (entry.inheritance === VM_INHERIT_NONE) {
    shared.protection &= ~VM_PROT_WRITE;
    shared.maxProtection &= ~VM_PROT_WRITE;
  }
  append(child, shared);
}

/**
 * Copy-on-write on both sides, for memory that can be copied symmetrically: the parent's pages lose
 * write access now, and the first write on either side copies the page.
 * @returns false if the entry needs the slow way
 */
function copyQuickly(parent: VmMap, child: VmMap, entry: VmMapEntry): boolean {
  const object = entry.object;
  if (entry.wiredCount !== 0 || object?.trueShare === true) return false;
  const quick = vmObjectCopyQuickly(object);
  if (!quick.ok) return false;
  if (quick.sourceNeedsCopy && !entry.needsCopy) {
    vmMapEntryWriteProtect(parent, entry, entry.isShared || parent.mappedInOtherPmaps);
    entry.needsCopy = true;
  }
  const copy = vmMapEntryCopy(entry, parent.isAlien);
  copy.permanent = entry.permanent;
  copy.needsCopy = quick.copyNeedsCopy;
  append(child, copy);
  return true;
}

/**
 * Wired, truly shared and file memory is copied as copyin does it: at once, or by a copy object the
 * source pushes its old pages to. XNU: vm_map_fork_copy.
 * @returns the parent's entry to go on with
 * Locks: parent exclusively on entry and return; given up meanwhile.
 */
function* copySlowly(
  parent: VmMap,
  child: VmMap,
  entry: VmMapEntry,
  options: number,
): Blocking<VmMapEntry | null> {
  const { start, end } = entry;
  let flags = VM_MAP_COPYIN_FORK | VM_MAP_COPYIN_USE_MAXPROT;
  if ((options & VM_MAP_FORK_PRESERVE_PURGEABLE) !== 0) flags |= VM_MAP_COPYIN_PRESERVE_PURGEABLE;
  for (let tries = 0; tries < 2; tries++) {
    parent.unlockExclusive();
    const copied = yield* vmMapCopyinInternal(parent, start, end - start, flags);
    if (copied.kr !== KERN_SUCCESS) {
      parent.lockExclusive();
      const now = vmMapEntryAt(parent, start);
      if (now !== null && (now.maxProtection & VM_PROT_READ) !== 0) continue;
      return now === null ? vmMapLookupEntryOrNext(parent, start) : now.next;
    }
    if (copied.copy?.type === "entryList") {
      const { copy } = copied;
      withChild(child, () => vmMapCopyInsert(child, child.lastEntry, copy, 0));
    }
    yield* vmMapCopyDiscard(copied.copy);
    parent.lockExclusive();
    return continueFrom(parent, end);
  }
  return continueFrom(parent, end);
}

/** The parent may have changed: the rest of the range is what is there now from `at` on. */
function continueFrom(parent: VmMap, at: VmOffset): VmMapEntry | null {
  const entry = vmMapLookupEntryOrNext(parent, at);
  if (entry !== null && entry.start < at) vmMapClipStart(parent, entry, at);
  return entry;
}
