import type { Blocking } from "../blocking.js";
import { THREAD_UNINT } from "../blocking.js";
import {
  vmObjectCopySlowly,
  vmObjectCopyStrategically,
  vmObjectDeallocate,
  vmObjectReference,
  vmObjectShadow,
  type StrategicCopy,
} from "../object/index.js";
import {
  MEMORY_OBJECT_COPY_DELAY,
  MEMORY_OBJECT_COPY_NONE,
  MEMORY_OBJECT_COPY_SYMMETRIC,
  type VmObject,
} from "../object/object.js";
import {
  KERN_INVALID_ADDRESS,
  KERN_INVALID_ARGUMENT,
  KERN_INVALID_RIGHT,
  KERN_MEMORY_RESTART_COPY,
  KERN_PROTECTION_FAILURE,
  KERN_SUCCESS,
  KERN_TERMINATED,
  PAGE_SIZE,
  VM_PROT_ALL,
  VM_PROT_NONE,
  VM_PROT_READ,
  VM_PROT_WRITE,
  type KernResult,
  type KernReturn,
  type VmInherit,
  type VmOffset,
  type VmProt,
} from "../types.js";
import { alignDown } from "../address.js";
import { vmMapEntryReleaseObject } from "./entry-object.js";
import { vmMapEntryCopy, type VmMapEntry } from "./entry.js";
import { vmMapEntryAt } from "./find.js";
import { vmMapDeallocate } from "./lifecycle.js";
import { vmMapReference, type VmMap } from "./map.js";
import { isChargedToOwner } from "./owner.js";
import { vmMapEntryPrepareToShare } from "./share.js";
import { EntryList } from "./store/list.js";

/** What to take out of a map, to be mapped again elsewhere. */
export interface ExtractRequest {
  /** Page aligned. */
  readonly start: VmOffset;
  readonly size: number;
  /** A copy of the memory, or the memory itself. */
  readonly copy: boolean;
  readonly inheritance: VmInherit;
  /**
   * Rights every new entry gets and every source entry must allow (a copy: only reading). Null: each
   * keeps its own.
   */
  readonly required: { readonly cur: VmProt; readonly max: VmProt } | null;
  /** For VM_PROT_COPY: what is asked for; the copy may be written although its source may not. */
  readonly protectCopy?: VmProt;
  /** Sharing into another map. */
  readonly otherMap?: boolean;
  /** Stop after the first entry: `size` of the result says how far that goes. */
  readonly singleObject?: boolean;
}

/** Entries from address 0 up, with their references, and the rights all of them have. */
export interface Extracted {
  readonly entries: EntryList;
  readonly cur: VmProt;
  readonly max: VmProt;
  /** Bytes the entries cover. */
  readonly size: number;
}

/**
 * Entries for the memory at [start, start + size), made without clipping the source: what has to
 * change for sharing changes for whole source entries. XNU: vm_map_remap_extract.
 * @returns KERN_INVALID_ADDRESS at a hole; KERN_PROTECTION_FAILURE where `required` is not allowed;
 *   KERN_INVALID_RIGHT for kernel memory; KERN_INVALID_ARGUMENT for JIT memory shared across maps of
 *   an alien policy; KERN_TERMINATED instead of a bad address or argument in a dead map; or why an
 *   object could not be copied
 * Locks: takes the map exclusively; given up while an object is copied.
 */
export function* vmMapRemapExtract(
  map: VmMap,
  request: ExtractRequest,
): Blocking<KernResult<Extracted>> {
  const out: Output = { entries: new EntryList(), size: 0, cur: VM_PROT_ALL, max: VM_PROT_ALL };
  const kr = yield* extractRange(map, request, request.start, request.size, out);
  if (kr === KERN_SUCCESS) {
    return { kr, entries: out.entries, cur: out.cur, max: out.max, size: out.size };
  }
  yield* vmMapExtractDiscard(out.entries);
  const vague = kr === KERN_INVALID_ADDRESS || kr === KERN_INVALID_ARGUMENT;
  return { kr: vague && map.terminated ? KERN_TERMINATED : kr };
}

/** Drop what an extraction holds. */
export function* vmMapExtractDiscard(entries: EntryList): Blocking<void> {
  for (const entry of entries) {
    entries.remove(entry);
    const submap = entry.submap;
    if (submap !== null) yield* vmMapDeallocate(submap);
    else vmMapEntryReleaseObject(entry);
  }
}

interface Output {
  readonly entries: EntryList;
  /** Bytes so far: the address of the next entry. */
  size: number;
  cur: VmProt;
  max: VmProt;
}

function* extractRange(
  map: VmMap,
  request: ExtractRequest,
  start: VmOffset,
  size: number,
  out: Output,
): Blocking<KernReturn> {
  const end = start + size;
  let at = start;
  map.lockExclusive();
  while (at < end && !(request.singleObject === true && out.entries.first !== null)) {
    const source = vmMapEntryAt(map, at);
    const length = source === null ? 0 : Math.min(source.end, end) - at;
    const kr =
      source === null
        ? KERN_INVALID_ADDRESS
        : yield* extractEntry(map, request, source, at, length, out);
    if (kr === KERN_MEMORY_RESTART_COPY) continue; // the source changed while it was copied
    if (kr !== KERN_SUCCESS) {
      map.unlockExclusive();
      return kr;
    }
    at = (at + length) as VmOffset;
  }
  map.unlockExclusive();
  return KERN_SUCCESS;
}

/** One new entry for [at, at + length) of `source`. Locks: map exclusively on entry and return. */
function* extractEntry(
  map: VmMap,
  request: ExtractRequest,
  source: VmMapEntry,
  at: VmOffset,
  length: number,
  out: Output,
): Blocking<KernReturn> {
  if (source.submap !== null) return yield* extractSubmap(map, request, source, at, length, out);
  if (source.kernelObject) return KERN_INVALID_RIGHT;
  const denied = checkRights(request, source);
  if (denied !== KERN_SUCCESS) return denied;
  const sharesJit = !request.copy && source.usedForJit && request.otherMap === true;
  if (sharesJit && map.isAlien) return KERN_INVALID_ARGUMENT;

  // Without object and without any right it only keeps addresses taken: nothing to share.
  const reserved = source.object === null && source.maxProtection === VM_PROT_NONE;
  const object = reserved ? null : vmMapEntryPrepareToShare(map, source, true);
  const piece = vmMapEntryCopy(source, map.isAlien);
  piece.start = out.size as VmOffset;
  piece.end = (out.size + length) as VmOffset;
  piece.offset = reserved ? 0 : source.offset + (at - source.start);
  piece.needsCopy = false;
  setRights(request, source, piece);
  if (!request.copy) {
    source.isShared = true;
    piece.isShared = true;
    if (object !== null) vmObjectReference(object);
  } else if (object !== null) {
    const kr = yield* copyMemory(map, source, object, at, piece);
    if (kr !== KERN_SUCCESS) return kr;
  }
  out.cur &= source.protection;
  out.max &= source.maxProtection;
  out.size += length;
  out.entries.append(piece);
  return KERN_SUCCESS;
}

function checkRights(request: ExtractRequest, source: VmMapEntry): KernReturn {
  const { required } = request;
  if (required === null) return KERN_SUCCESS;
  const allowed = request.copy
    ? (source.maxProtection & VM_PROT_READ) !== 0
    : (source.protection & required.cur) === required.cur &&
      (source.maxProtection & required.max) === required.max;
  return allowed ? KERN_SUCCESS : KERN_PROTECTION_FAILURE;
}

function setRights(request: ExtractRequest, source: VmMapEntry, piece: VmMapEntry): void {
  const { required, protectCopy } = request;
  piece.inheritance = request.inheritance;
  if (required !== null) {
    piece.protection = required.cur;
    piece.maxProtection = required.max;
  }
  if (protectCopy !== undefined) {
    piece.inheritance = source.inheritance;
    piece.permanent = source.permanent;
    piece.protection &= protectCopy;
    if (!source.permanent) piece.maxProtection |= VM_PROT_WRITE;
  }
}

/**
 * Give `piece` a copy of the source's memory: at once if it is wired, else as its object wants it.
 * @returns KERN_MEMORY_RESTART_COPY if the source is no longer the same
 */
function* copyMemory(
  map: VmMap,
  source: VmMapEntry,
  object: VmObject,
  at: VmOffset,
  piece: VmMapEntry,
): Blocking<KernReturn> {
  const { offset } = piece;
  const length = piece.end - piece.start;
  const wired = source.wiredCount > 0;
  const version = map.timestamp;
  vmObjectReference(object);
  map.unlockExclusive();
  const made = wired
    ? yield* copyWired(object, offset, length)
    : yield* vmObjectCopyStrategically(object, offset, length, false);
  map.lockExclusive();
  vmObjectDeallocate(object);
  if (made.kr !== KERN_SUCCESS) return made.kr;
  if (map.timestamp !== version + 1 && !isStillThere(map, object, at, offset, length)) {
    vmObjectDeallocate(made.object);
    return KERN_MEMORY_RESTART_COPY;
  }
  if (made.object !== null && piece.usedForJit) made.object.copyStrategy = MEMORY_OBJECT_COPY_NONE;
  piece.object = made.object;
  piece.usePmap = !isChargedToOwner(piece);
  piece.offset = made.offset;
  piece.needsCopy = made.needsCopy;
  return KERN_SUCCESS;
}

function* copyWired(object: VmObject, offset: number, length: number): Blocking<StrategicCopy> {
  const copy = yield* vmObjectCopySlowly(object, offset, length, THREAD_UNINT);
  if (copy.kr !== KERN_SUCCESS) return { kr: copy.kr, object: null, offset: 0, needsCopy: false };
  const inPage = offset - alignDown(offset, PAGE_SIZE);
  return { kr: KERN_SUCCESS, object: copy.object, offset: inPage, needsCopy: false };
}

function isStillThere(
  map: VmMap,
  object: VmObject,
  at: VmOffset,
  offset: number,
  length: number,
): boolean {
  const now = vmMapEntryAt(map, at);
  if (now === null || now.object !== object || now.end < at + length) return false;
  return now.offset + (at - now.start) === offset;
}

/** Look into a submap; what it would copy on a write is copied even when sharing was asked for. */
function* extractSubmap(
  map: VmMap,
  request: ExtractRequest,
  source: VmMapEntry,
  at: VmOffset,
  length: number,
  out: Output,
): Blocking<KernReturn> {
  const submap = source.submap;
  if (submap === null) return KERN_INVALID_ARGUMENT;
  const inside = (source.offset + (at - source.start)) as VmOffset;
  const copy = request.copy || source.needsCopy;
  vmMapReference(submap);
  map.unlockExclusive();
  const kr = yield* extractRange(submap, { ...request, copy }, inside, length, out);
  yield* vmMapDeallocate(submap);
  const piece = out.entries.first;
  if (request.singleObject === true && copy !== request.copy && piece !== null) shareCopy(piece);
  map.lockExclusive();
  return kr;
}

/** A copy made where sharing was asked for: from now on it is what is shared. */
function shareCopy(piece: VmMapEntry): void {
  if (piece.object === null) return;
  if (piece.needsCopy) {
    const ref = { object: piece.object, offset: piece.offset };
    vmObjectShadow(ref, piece.end - piece.start, false);
    piece.object = ref.object;
    piece.offset = ref.offset;
    piece.needsCopy = false;
  }
  if (piece.object.copyStrategy === MEMORY_OBJECT_COPY_SYMMETRIC) {
    piece.object.copyStrategy = MEMORY_OBJECT_COPY_DELAY;
    piece.object.trueShare = true;
  }
}
