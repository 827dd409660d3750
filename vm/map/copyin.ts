import { alignDown, alignUp } from "../address.js";
import { THREAD_UNINT, type Blocking } from "../blocking.js";
import { copyinMap } from "../copyio.js";
import {
  MEMORY_OBJECT_COPY_DELAY_FORK,
  MEMORY_OBJECT_COPY_NONE,
  MEMORY_OBJECT_COPY_SYMMETRIC,
  type VmObject,
} from "../object/object.js";
import {
  vmObjectCopyDelayed,
  vmObjectCopyQuickly,
  vmObjectCopySlowly,
  vmObjectCopyStrategically,
  vmObjectDeallocate,
  vmObjectReference,
} from "../object/index.js";
import {
  KERN_INVALID_ADDRESS,
  KERN_INVALID_ARGUMENT,
  KERN_MEMORY_RESTART_COPY,
  KERN_NOT_SUPPORTED,
  KERN_PROTECTION_FAILURE,
  KERN_SUCCESS,
  VM_PROT_READ,
  type KernResult,
  type KernReturn,
  type VmOffset,
} from "../types.js";
import { vmMapClipEnd, vmMapClipStart } from "./clip.js";
import {
  MSG_OOL_SIZE_SMALL,
  newEntryListCopy,
  vmMapCopyDiscard,
  type VmMapCopy,
  type VmMapCopyEntryList,
} from "./copy.js";
import {
  vmMapDelete,
  vmMapRemove,
  vmMapZapDispose,
  VM_MAP_REMOVE_KUNWIRE,
  VM_MAP_REMOVE_NO_FLAGS,
  type ZapList,
} from "./delete.js";
import { vmMapEntryWriteProtect } from "./entry-object.js";
import { vmMapEntryCopy, type VmMapEntry } from "./entry.js";
import { vmMapEntryAt } from "./find.js";
import type { VmMap } from "./map.js";
import { vmMapSimplifyRange } from "./simplify.js";

/** Remove the source pages after success. */
export const VM_MAP_COPYIN_SRC_DESTROY = 0x1;
/** Only the maximum protection must allow reading. */
export const VM_MAP_COPYIN_USE_MAXPROT = 0x2;
/** Never copy by value. */
export const VM_MAP_COPYIN_ENTRY_LIST = 0x4;
export const VM_MAP_COPYIN_PRESERVE_PURGEABLE = 0x8;
/** Memory that is copied eagerly except by a fork is copied lazily. */
export const VM_MAP_COPYIN_FORK = 0x10;
const ALL_FLAGS = 0x1f;

/**
 * Make a copy of [address, address + size). XNU: vm_map_copyin_internal. The range was vetted and
 * is exact bytes; small ones are copied by value, others by sharing pages copy-on-write.
 *
 * Differs from XNU: a submap in the range is refused with KERN_NOT_SUPPORTED, and purgeable memory
 * is copied as ordinary memory whatever the flags.
 * @returns the copy, null for zero bytes; KERN_INVALID_ADDRESS at a hole (and for anything wrong
 *   with a small copy); KERN_PROTECTION_FAILURE where reading is denied. On failure, source entries
 *   already looked at stay clipped and copy-on-write.
 * Locks: takes the map exclusively; given up while an object is copied.
 */
export function* vmMapCopyinInternal(
  map: VmMap,
  address: VmOffset,
  size: number,
  flags: number,
): Blocking<KernResult<{ copy: VmMapCopy | null }>> {
  if ((flags & ~ALL_FLAGS) !== 0) return { kr: KERN_INVALID_ARGUMENT };
  if (size === 0) return { kr: KERN_SUCCESS, copy: null };
  const start = alignDown(address, map.pageSize);
  const end = alignUp((address + size) as VmOffset, map.pageSize);
  const noBuffer =
    VM_MAP_COPYIN_USE_MAXPROT | VM_MAP_COPYIN_ENTRY_LIST | VM_MAP_COPYIN_PRESERVE_PURGEABLE;
  const inside = start >= map.minOffset && start < map.maxOffset && end < map.maxOffset;
  if (size <= MSG_OOL_SIZE_SMALL && (flags & noBuffer) === 0 && inside) {
    return yield* copyinKernelBuffer(map, address, size, flags);
  }

  const copy = newEntryListCopy(address, size, map.pageShift);
  const zap: ZapList = [];
  map.lockExclusive();
  const kr = yield* copyEntries(map, address, start, end, flags, copy);
  if (kr === KERN_SUCCESS) {
    if ((flags & VM_MAP_COPYIN_SRC_DESTROY) !== 0) {
      const unwire = map.isKernel ? VM_MAP_REMOVE_KUNWIRE : VM_MAP_REMOVE_NO_FLAGS;
      yield* vmMapDelete(map, start, end, unwire, zap);
    } else {
      vmMapSimplifyRange(map, start, end);
    }
  }
  map.unlockExclusive();
  yield* vmMapZapDispose(zap);
  if (kr !== KERN_SUCCESS) {
    yield* vmMapCopyDiscard(copy);
    return { kr };
  }
  return { kr: KERN_SUCCESS, copy };
}

/** Copy by value: any failure is a bad address. XNU: vm_map_copyin_kernel_buffer. */
function* copyinKernelBuffer(
  map: VmMap,
  address: VmOffset,
  size: number,
  flags: number,
): Blocking<KernResult<{ copy: VmMapCopy }>> {
  const data = new Uint8Array(size);
  const kr = yield* copyinMap(map, address, data);
  if (kr !== KERN_SUCCESS) return { kr };
  if ((flags & VM_MAP_COPYIN_SRC_DESTROY) !== 0) {
    const start = alignDown(address, map.pageSize);
    const end = alignUp((address + size) as VmOffset, map.pageSize);
    yield* vmMapRemove(map, start, end, map.isKernel ? VM_MAP_REMOVE_KUNWIRE : 0);
  }
  return { kr: KERN_SUCCESS, copy: { type: "kernelBuffer", size, data } };
}

/** Clone each source entry into `copy`. Locks: map exclusively on entry and return. */
function* copyEntries(
  map: VmMap,
  address: VmOffset,
  start: VmOffset,
  end: VmOffset,
  flags: number,
  copy: VmMapCopyEntryList,
): Blocking<KernReturn> {
  let entry = vmMapEntryAt(map, address);
  if (entry === null) return KERN_INVALID_ADDRESS;
  vmMapClipStart(map, entry, start);
  let at = start;
  for (;;) {
    const denied = readDenied(entry, flags);
    if (denied !== KERN_SUCCESS) return denied;
    vmMapClipStart(map, entry, at);
    vmMapClipEnd(map, entry, end);
    const piece = vmMapEntryCopy(entry, map.isAlien);
    piece.mapAligned = false;
    const kr = yield* copyMemory(map, entry, piece, flags);
    if (kr === KERN_MEMORY_RESTART_COPY) {
      entry = vmMapEntryAt(map, at);
      if (entry === null) return KERN_INVALID_ADDRESS;
      continue; // the entry changed while its object was copied: do it again
    }
    if (kr !== KERN_SUCCESS) return kr;
    copy.entries.append(piece);
    at = piece.end;
    if (at >= end) return KERN_SUCCESS;
    entry = vmMapEntryAt(map, at);
    if (entry === null) return KERN_INVALID_ADDRESS;
  }
}

function readDenied(entry: VmMapEntry, flags: number): KernReturn {
  if (entry.submap !== null) return KERN_NOT_SUPPORTED;
  if (entry.object?.physContiguous === true) return KERN_PROTECTION_FAILURE;
  const current = (flags & VM_MAP_COPYIN_USE_MAXPROT) !== 0 || (entry.protection & VM_PROT_READ);
  const readable = current && (entry.maxProtection & VM_PROT_READ) !== 0;
  return readable ? KERN_SUCCESS : KERN_PROTECTION_FAILURE;
}

/**
 * Give `piece` its memory, with a reference of its own.
 * @returns KERN_MEMORY_RESTART_COPY to start over with the source entry
 */
function* copyMemory(
  map: VmMap,
  entry: VmMapEntry,
  piece: VmMapEntry,
  flags: number,
): Blocking<KernReturn> {
  const object = entry.object;
  if (object === null) {
    piece.needsCopy = false;
    return KERN_SUCCESS;
  }
  const symmetric = object.copyStrategy === MEMORY_OBJECT_COPY_SYMMETRIC;
  if (entry.wiredCount === 0 && !entry.isShared && symmetric) {
    const quick = vmObjectCopyQuickly(object);
    if (quick.sourceNeedsCopy && !entry.needsCopy) {
      vmMapEntryWriteProtect(map, entry, map.mappedInOtherPmaps);
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
  if (made.kr !== KERN_SUCCESS) {
    vmObjectDeallocate(object);
    return made.kr;
  }
  if (made.object !== null && piece.usedForJit) {
    made.object.copyStrategy = MEMORY_OBJECT_COPY_NONE;
  }
  if (map.timestamp !== version + 1) {
    const kr = revalidate(map, object, piece, flags);
    if (kr !== KERN_SUCCESS) {
      vmObjectDeallocate(made.object);
      vmObjectDeallocate(object);
      return kr;
    }
  }
  vmObjectDeallocate(object);
  piece.object = made.object;
  piece.offset = made.offset;
  piece.needsCopy = made.needsCopy;
  return KERN_SUCCESS;
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
  if (!wired && !(delayFork && !forking)) {
    if (object.copyStrategy !== MEMORY_OBJECT_COPY_SYMMETRIC) {
      return yield* vmObjectCopyStrategically(object, offset, size, forking);
    }
    // A symmetric object that is shared: the sharers write it directly, so copies must be pushed to.
    const delayed = yield* vmObjectCopyDelayed(object, offset, size);
    if (delayed !== null) return { kr: KERN_SUCCESS, object: delayed, offset, needsCopy: true };
  }
  const slow = yield* vmObjectCopySlowly(object, offset, size, THREAD_UNINT);
  if (slow.kr !== KERN_SUCCESS) return { kr: slow.kr, object: null, offset: 0, needsCopy: false };
  return { kr: KERN_SUCCESS, object: slow.object, offset: 0, needsCopy: false };
}

/** The map changed while it was unlocked: is the piece still good? It may get shorter. */
function revalidate(map: VmMap, object: VmObject, piece: VmMapEntry, flags: number): KernReturn {
  const now = vmMapEntryAt(map, piece.start);
  if (now === null) return KERN_INVALID_ADDRESS;
  const denied = readDenied(now, flags);
  if (denied !== KERN_SUCCESS) return denied;
  const offsetNow = now.offset + (piece.start - now.start);
  if (now.object !== object || offsetNow !== piece.offset || now.end > piece.end) {
    return KERN_MEMORY_RESTART_COPY;
  }
  if (now.end < piece.end) piece.end = now.end;
  return KERN_SUCCESS;
}
