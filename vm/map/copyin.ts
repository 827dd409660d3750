import { alignDown, alignUp } from "../address.js";
import type { Blocking } from "../blocking.js";
import { copyinMap } from "../copyio.js";
import { EXACT_BYTES, sanitizeRange } from "../sanitize.js";
import {
  KERN_INVALID_ADDRESS,
  KERN_INVALID_ARGUMENT,
  KERN_MEMORY_RESTART_COPY,
  KERN_SUCCESS,
  type KernResult,
  type KernReturn,
  type RawU64,
  type VmOffset,
} from "../types.js";
import { vmMapClipEnd, vmMapClipStart } from "./clip.js";
import {
  MSG_OOL_SIZE_SMALL,
  newEntryListCopy,
  vmMapCopyDiscard,
  vmMapCopyVetRange,
  type VmMapCopy,
  type VmMapCopyEntryList,
  type VmMapCopyKernelBuffer,
} from "./copy.js";
import {
  vmMapCopyinMemory,
  vmMapCopyinReadable,
  VM_MAP_COPYIN_ALL_FLAGS,
  VM_MAP_COPYIN_ENTRY_LIST,
  VM_MAP_COPYIN_PRESERVE_PURGEABLE,
  VM_MAP_COPYIN_SRC_DESTROY,
  VM_MAP_COPYIN_USE_MAXPROT,
} from "./copyin-entry.js";
import {
  vmMapDelete,
  vmMapRemove,
  vmMapZapDispose,
  VM_MAP_REMOVE_KUNWIRE,
  VM_MAP_REMOVE_NO_FLAGS,
  type ZapList,
} from "./delete.js";
import { vmMapEntryCopy, type VmMapEntry } from "./entry.js";
import { vmMapEntryAt } from "./find.js";
import { vmMapDeallocate } from "./lifecycle.js";
import { vmMapDropReference, vmMapReference, type VmMap } from "./map.js";
import { vmMapSimplifyRange } from "./simplify.js";

export {
  VM_MAP_COPYIN_ENTRY_LIST,
  VM_MAP_COPYIN_FORK,
  VM_MAP_COPYIN_PRESERVE_PURGEABLE,
  VM_MAP_COPYIN_SRC_DESTROY,
  VM_MAP_COPYIN_USE_MAXPROT,
} from "./copyin-entry.js";

/**
 * Copy a range that a program named. XNU: vm_map_copyin.
 * @param srcDestroy remove the source pages after success
 * @returns as vmMapCopyinInternal; KERN_INVALID_ADDRESS for a range that wraps, too
 */
export function* vmMapCopyin(
  map: VmMap,
  address: RawU64,
  size: RawU64,
  srcDestroy: boolean,
): Blocking<KernResult<{ copy: VmMapCopy | null }>> {
  const range = sanitizeRange(map, address, size, EXACT_BYTES);
  if (!range.proceed) {
    return range.kr === KERN_SUCCESS ? { kr: KERN_SUCCESS, copy: null } : { kr: range.kr };
  }
  const flags = srcDestroy ? VM_MAP_COPYIN_SRC_DESTROY : 0;
  return yield* vmMapCopyinInternal(map, range.start, range.size, flags);
}

/**
 * Make a copy of exactly [address, address + size). XNU: vm_map_copyin_internal. Small ranges are
 * copied by value, others by sharing pages copy-on-write; submaps are looked into.
 * @returns the copy, null for zero bytes; KERN_INVALID_ARGUMENT for unknown flags;
 *   KERN_INVALID_ADDRESS at a hole (and for anything wrong with a small copy);
 *   KERN_PROTECTION_FAILURE where reading is denied; what the object layer says when it has to read
 *   pages. On failure, source entries already looked at stay clipped and copy-on-write.
 * Locks: takes the map exclusively; given up while an object is copied.
 */
export function* vmMapCopyinInternal(
  map: VmMap,
  address: VmOffset,
  size: number,
  flags: number,
): Blocking<KernResult<{ copy: VmMapCopy | null }>> {
  if ((flags & ~VM_MAP_COPYIN_ALL_FLAGS) !== 0) return { kr: KERN_INVALID_ARGUMENT };
  if (size === 0) return { kr: KERN_SUCCESS, copy: null };
  const vetted = vmMapCopyVetRange(map, address, size);
  if (vetted !== KERN_SUCCESS) return { kr: vetted };
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
  const kr = yield* copyEntries(map, start, end, flags, copy);
  if (kr === KERN_SUCCESS) {
    if ((flags & VM_MAP_COPYIN_SRC_DESTROY) !== 0) {
      yield* vmMapDelete(map, start, end, sourceRemoveFlags(map), zap);
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

/** The kernel sends memory away that it has wired. */
function sourceRemoveFlags(map: VmMap): number {
  return map.isKernel ? VM_MAP_REMOVE_KUNWIRE : VM_MAP_REMOVE_NO_FLAGS;
}

/** Copy by value: any failure is a bad address. XNU: vm_map_copyin_kernel_buffer. */
function* copyinKernelBuffer(
  map: VmMap,
  address: VmOffset,
  size: number,
  flags: number,
): Blocking<KernResult<{ copy: VmMapCopyKernelBuffer }>> {
  const data = new Uint8Array(size);
  const kr = yield* copyinMap(map, address, data);
  if (kr !== KERN_SUCCESS) return { kr };
  if ((flags & VM_MAP_COPYIN_SRC_DESTROY) !== 0) {
    const start = alignDown(address, map.pageSize);
    const end = alignUp((address + size) as VmOffset, map.pageSize);
    yield* vmMapRemove(map, start, end, sourceRemoveFlags(map));
  }
  return { kr: KERN_SUCCESS, copy: { type: "kernelBuffer", size, data } };
}

/**
 * Clone each source entry of [start, end) into `copy`, addresses continuing from `start`.
 * Locks: map exclusively on entry and return.
 */
function* copyEntries(
  map: VmMap,
  start: VmOffset,
  end: VmOffset,
  flags: number,
  copy: VmMapCopyEntryList,
): Blocking<KernReturn> {
  for (let at = start; at < end;) {
    const leaf = descend(map, at, end);
    if (leaf.entry === null) {
      yield* ascend(map, leaf, false);
      return KERN_INVALID_ADDRESS;
    }
    const copied = yield* copyEntry(leaf, leaf.entry, flags, leaf.map !== map);
    yield* ascend(map, leaf, copied.kr === KERN_SUCCESS);
    if (copied.kr === KERN_MEMORY_RESTART_COPY) continue; // changed meanwhile: look it up again
    if (!("piece" in copied)) return copied.kr;
    const { piece } = copied;
    piece.end = (at + (piece.end - piece.start)) as VmOffset;
    piece.start = at;
    copy.entries.append(piece);
    at = piece.end;
  }
  return KERN_SUCCESS;
}

/** The entry that maps an address, in the source map or in a submap of it. */
interface Leaf {
  /** Held exclusively, and referenced if it is a submap. */
  readonly map: VmMap;
  readonly entry: VmMapEntry | null;
  /** The address, and the end of what may be copied, in `map`. */
  readonly at: VmOffset;
  readonly end: VmOffset;
}

/** Find the leaf entry at `at`. Locks: `top` exclusively on entry, only `leaf.map` on return. */
function descend(top: VmMap, at: VmOffset, end: VmOffset): Leaf {
  let leaf: Leaf = { map: top, entry: vmMapEntryAt(top, at), at, end };
  for (;;) {
    const { map, entry } = leaf;
    const submap = entry?.submap ?? null;
    if (entry === null || submap === null) return leaf;
    const shift = entry.offset - entry.start;
    const inside = (leaf.at + shift) as VmOffset;
    const limit = (Math.min(leaf.end, entry.end) + shift) as VmOffset;
    vmMapReference(submap);
    submap.lockExclusive();
    map.unlockExclusive();
    if (map !== top) vmMapDropReference(map);
    leaf = { map: submap, entry: vmMapEntryAt(submap, inside), at: inside, end: limit };
  }
}

/** Back to the source map. Locks: `leaf.map` exclusively on entry, `top` on return. */
function* ascend(top: VmMap, leaf: Leaf, merge: boolean): Blocking<void> {
  if (leaf.map === top) return;
  if (merge) vmMapSimplifyRange(leaf.map, leaf.at, leaf.end);
  leaf.map.unlockExclusive();
  yield* vmMapDeallocate(leaf.map);
  top.lockExclusive();
}

/** Check, clip and clone one entry. @returns KERN_MEMORY_RESTART_COPY to look it up again */
function* copyEntry(
  leaf: Leaf,
  entry: VmMapEntry,
  flags: number,
  inSubmap: boolean,
): Blocking<KernResult<{ piece: VmMapEntry }>> {
  const denied = vmMapCopyinReadable(entry, flags);
  if (denied !== KERN_SUCCESS) return { kr: denied };
  vmMapClipStart(leaf.map, entry, leaf.at);
  vmMapClipEnd(leaf.map, entry, leaf.end);
  const piece = vmMapEntryCopy(entry, leaf.map.isAlien);
  piece.mapAligned = false;
  const kr = yield* vmMapCopyinMemory(leaf.map, entry, piece, flags, inSubmap);
  return kr === KERN_SUCCESS ? { kr: KERN_SUCCESS, piece } : { kr };
}
