import { alignDown } from "../address.js";
import { THREAD_UNINT, type Blocking } from "../blocking.js";
import {
  MEMORY_OBJECT_COPY_DELAY_FORK,
  MEMORY_OBJECT_COPY_NONE,
  MEMORY_OBJECT_COPY_SYMMETRIC,
  VM_PURGABLE_DENY,
  type VmObject,
} from "../object/object.js";
import {
  vmObjectCopyDelayed,
  vmObjectCopyQuickly,
  vmObjectCopySlowly,
  vmObjectCopyStrategically,
  vmObjectDeallocate,
  vmObjectReference,
  vmObjectTakeOwnership,
} from "../object/index.js";
import {
  KERN_INVALID_ADDRESS,
  KERN_MEMORY_RESTART_COPY,
  KERN_PROTECTION_FAILURE,
  KERN_SUCCESS,
  PAGE_SIZE,
  VM_PROT_READ,
  type KernReturn,
} from "../types.js";
import { vmMapEntryWriteProtect } from "./entry-object.js";
import type { VmMapEntry } from "./entry.js";
import { vmMapEntryAt } from "./find.js";
import type { VmMap } from "./map.js";
import { isChargedToOwner } from "./owner.js";

/** Remove the source pages after success. */
export const VM_MAP_COPYIN_SRC_DESTROY = 0x1;
/** Only the maximum protection must allow reading. */
export const VM_MAP_COPYIN_USE_MAXPROT = 0x2;
/** Never copy by value. */
export const VM_MAP_COPYIN_ENTRY_LIST = 0x4;
/** A copy of purgeable memory is purgeable. */
export const VM_MAP_COPYIN_PRESERVE_PURGEABLE = 0x8;
/** Memory that is copied eagerly except by a fork is copied lazily. */
export const VM_MAP_COPYIN_FORK = 0x10;
export const VM_MAP_COPYIN_ALL_FLAGS = 0x1f;

/** May this entry be copied from? @returns KERN_PROTECTION_FAILURE if not */
export function vmMapCopyinReadable(entry: VmMapEntry, flags: number): KernReturn {
  if (entry.object?.physContiguous === true) return KERN_PROTECTION_FAILURE;
  const useMax = (flags & VM_MAP_COPYIN_USE_MAXPROT) !== 0;
  const readable =
    (useMax || (entry.protection & VM_PROT_READ) !== 0) &&
    (entry.maxProtection & VM_PROT_READ) !== 0;
  return readable ? KERN_SUCCESS : KERN_PROTECTION_FAILURE;
}

/**
 * Give `piece`, a clone of `entry`, its memory with a reference of its own. XNU: the choice of
 * method in vm_map_copyin_internal.
 * @param inSubmap the entry was reached through a submap, so others map it too
 * @returns KERN_MEMORY_RESTART_COPY to start over with the source entry
 * Locks: map exclusively on entry and return; given up when an object has to be copied.
 */
export function* vmMapCopyinMemory(
  map: VmMap,
  entry: VmMapEntry,
  piece: VmMapEntry,
  flags: number,
  inSubmap: boolean,
): Blocking<KernReturn> {
  const object = entry.object;
  if (object === null) {
    piece.needsCopy = false;
    return KERN_SUCCESS;
  }
  const symmetric = object.copyStrategy === MEMORY_OBJECT_COPY_SYMMETRIC;
  if (entry.wiredCount === 0 && !inSubmap && !entry.isShared && symmetric) {
    const quick = vmObjectCopyQuickly(object);
    if (quick.sourceNeedsCopy && !entry.needsCopy) {
      vmMapEntryWriteProtect(map, entry, false);
      entry.needsCopy = true;
    }
    piece.needsCopy = quick.copyNeedsCopy;
    return KERN_SUCCESS;
  }
  return yield* copyObject(map, entry, object, piece, flags);
}

/** What an object-level copy of `piece`'s range produced. */
interface ObjectCopy {
  readonly kr: KernReturn;
  readonly object: VmObject | null;
  readonly offset: number;
  readonly needsCopy: boolean;
}

/** Copy with the map unlocked; afterwards the source entry must still be what it was. */
function* copyObject(
  map: VmMap,
  entry: VmMapEntry,
  object: VmObject,
  piece: VmMapEntry,
  flags: number,
): Blocking<KernReturn> {
  const wired = entry.wiredCount !== 0;
  const version = map.timestamp;
  vmObjectReference(object);
  map.unlockExclusive();
  const made = yield* chooseAndCopy(object, piece, wired, flags);
  map.lockExclusive();
  let { kr } = made;
  if (kr === KERN_SUCCESS && map.timestamp !== version + 1) {
    kr = revalidate(map, object, piece, flags);
    if (kr !== KERN_SUCCESS) vmObjectDeallocate(made.object);
  }
  if (kr === KERN_SUCCESS) {
    adoptCopy(piece, object, made, flags);
  }
  vmObjectDeallocate(object);
  return kr;
}

function adoptCopy(piece: VmMapEntry, source: VmObject, made: ObjectCopy, flags: number): void {
  const { object } = made;
  const keepPurgeable =
    (flags & VM_MAP_COPYIN_PRESERVE_PURGEABLE) !== 0 && source.purgable !== VM_PURGABLE_DENY;
  if (object !== null && (piece.usedForJit || keepPurgeable)) {
    object.copyStrategy = MEMORY_OBJECT_COPY_NONE;
    if (keepPurgeable) {
      object.trueShare = true;
      object.purgable = source.purgable;
      vmObjectTakeOwnership(object, object.context.kernelTask);
    }
  }
  piece.object = object;
  piece.usePmap = !isChargedToOwner(piece);
  piece.offset = made.offset;
  piece.needsCopy = made.needsCopy;
}

function* chooseAndCopy(
  object: VmObject,
  piece: VmMapEntry,
  wired: boolean,
  flags: number,
): Blocking<ObjectCopy> {
  const { offset } = piece;
  const size = piece.end - piece.start;
  const forking = (flags & VM_MAP_COPYIN_FORK) !== 0;
  const delayFork = object.copyStrategy === MEMORY_OBJECT_COPY_DELAY_FORK;
  if (!wired && (!delayFork || forking)) {
    if (object.copyStrategy !== MEMORY_OBJECT_COPY_SYMMETRIC) {
      return yield* vmObjectCopyStrategically(object, offset, size, forking);
    }
    // A symmetric object that others write directly: what they change must be pushed to the copy.
    const delayed = yield* vmObjectCopyDelayed(object, offset, size);
    if (delayed !== null) return { kr: KERN_SUCCESS, object: delayed, offset, needsCopy: true };
  }
  const slow = yield* vmObjectCopySlowly(object, offset, size, THREAD_UNINT);
  if (!("object" in slow)) return { kr: slow.kr, object: null, offset: 0, needsCopy: false };
  const inPage = offset - alignDown(offset, PAGE_SIZE);
  return { kr: KERN_SUCCESS, object: slow.object, offset: inPage, needsCopy: false };
}

/** The map changed while it was unlocked: is the piece still good? It may get shorter. */
function revalidate(map: VmMap, object: VmObject, piece: VmMapEntry, flags: number): KernReturn {
  const now = vmMapEntryAt(map, piece.start);
  if (now === null) return KERN_INVALID_ADDRESS;
  if (now.submap !== null) return KERN_MEMORY_RESTART_COPY;
  const denied = vmMapCopyinReadable(now, flags);
  if (denied !== KERN_SUCCESS) return denied;
  const offsetNow = now.offset + (piece.start - now.start);
  if (now.object !== object || offsetNow !== piece.offset || now.end > piece.end) {
    return KERN_MEMORY_RESTART_COPY;
  }
  if (now.end < piece.end) piece.end = now.end;
  return KERN_SUCCESS;
}
