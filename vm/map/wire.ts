import { THREAD_ABORTSAFE, THREAD_INTERRUPTED, THREAD_UNINT, type Blocking } from "../blocking.js";
import { vmFaultWire } from "../fault/index.js";
import { MEMORY_OBJECT_COPY_DELAY, MEMORY_OBJECT_COPY_SYMMETRIC } from "../object/object.js";
import { vmPageLookup } from "../page/resident.js";
import { rawU64, sanitizeAddressEnd, sanitizeProt, sanitizeRange } from "../sanitize.js";
import {
  KERN_FAILURE,
  KERN_INVALID_ADDRESS,
  KERN_INVALID_ARGUMENT,
  KERN_PROTECTION_FAILURE,
  KERN_SUCCESS,
  PAGE_SIZE,
  VM_PROT_EXECUTE,
  VM_PROT_WRITE,
  type KernReturn,
  type Ppn,
  type RawProt,
  type RawU64,
  type VmOffset,
  type VmProt,
  VM_KERN_MEMORY_MLOCK,
  VM_KERN_MEMORY_OSFMK,
  type VmTag,
} from "../types.js";
import { vmMapClipEnd, vmMapClipStart } from "./clip.js";
import { vmMapEntryWait, vmMapEntryWakeup } from "./delete.js";
import {
  vmMapEntryAllocateObject,
  vmMapEntryShadow,
  vmMapEntryWriteProtect,
} from "./entry-object.js";
import { vmMapEntryCopyFull, type VmMapEntry } from "./entry.js";
import { vmMapEntryAt } from "./find.js";
import { vmMapClampRange } from "./inherit.js";
import type { VmMap } from "./map.js";
import { vmMapSimplifyRange } from "./simplify.js";
import { vmMapUnwireNested } from "./unwire.js";
import { pmapAddress, resolveSubmapCopy, submapPart, type PmapTarget } from "./wire-submap.js";
import { vmMapAddWireCounts, vmMapSubtractWireCounts } from "./wire-counts.js";

/**
 * Wire [start, end): make every page resident, mapped and unpageable. XNU: vm_map_wire_kernel,
 * vm_map_wire_user. The range is clamped to the map; nothing left is success.
 * Submaps are wired inside as well, their memory entered in this map's pmap.
 *
 * @param access what each newly wired entry must allow; an entry that is already wired is only
 *   counted, whatever it allows
 * @returns KERN_INVALID_ARGUMENT for a range that wraps or an unknown right; KERN_INVALID_ADDRESS at a hole; KERN_PROTECTION_FAILURE if an entry denies `access` or
 *   is executable; KERN_RESOURCE_SHORTAGE over a limit; KERN_FAILURE for a full count or a broken
 *   wait; or what the fault returned. On failure, what this call wired is unwired again.
 * Locks: takes the map exclusively, gives it up while faulting, looks the entry up again.
 */
export function* vmMapWire(
  map: VmMap,
  start: RawU64,
  end: RawU64,
  access: RawProt,
  userWire: boolean,
  tag: VmTag = wireTagOf(userWire),
): Blocking<KernReturn> {
  const range = sanitizeAddressEnd(map, start, end, { zeroSize: "succeeds" });
  if (!range.proceed) return range.kr;
  const sane = sanitizeProt(access);
  if (!sane.proceed) return sane.kr;
  return yield* vmMapWireNested(map, range.start, range.end, sane.prot, userWire, null, null, tag);
}

/**
 * Wire the one page at `address` (page aligned) and tell its frame. XNU: vm_map_wire_and_extract. It
 * works only on memory that is no longer copied symmetrically.
 * @returns as vmMapWire; KERN_INVALID_ARGUMENT when the entry had to be changed first. The frame is
 *   0 for an address outside the map.
 */
export function* vmMapWireAndExtract(
  map: VmMap,
  address: RawU64,
  access: RawProt,
  userWire: boolean,
): Blocking<{ readonly kr: KernReturn; readonly ppn: Ppn }> {
  const extract = { ppn: 0 as Ppn };
  const range = sanitizeRange(map, address, rawU64(map.pageSize), { zeroSize: "succeeds" });
  if (!range.proceed) return { kr: range.kr, ppn: extract.ppn };
  const sane = sanitizeProt(access);
  if (!sane.proceed) return { kr: sane.kr, ppn: extract.ppn };
  const { start, end } = range;
  const kr = yield* vmMapWireNested(map, start, end, sane.prot, userWire, null, extract);
  return { kr, ppn: kr === KERN_SUCCESS ? extract.ppn : (0 as Ppn) };
}

/** Users' wirings are MLOCK's; the kernel's own is told by the caller in XNU, or found by who called. */
function wireTagOf(userWire: boolean): VmTag {
  return userWire ? VM_KERN_MEMORY_MLOCK : VM_KERN_MEMORY_OSFMK;
}

/** Where a wiring has got to. */
interface Progress {
  /** Everything of the range below this is wired by us. */
  done: VmOffset;
  /** Somebody asked to be woken by an entry we had in transition. */
  wakeup: boolean;
}

/** What is to be wired, and how. */
interface Wiring {
  readonly access: VmProt;
  readonly userWire: boolean;
  /** Set inside a submap. */
  readonly target: PmapTarget | null;
  /** Receives the frame of a one-page request. */
  readonly extract: { ppn: Ppn } | null;
  readonly tag: VmTag;
}

/**
 * XNU: vm_map_wire_nested.
 * @param target where the translations go, for a submap
 * @param extract receives the frame of a one-page request
 * @param tag whom the memory is charged to (`vmWiredByTag`)
 */
export function* vmMapWireNested(
  map: VmMap,
  start: VmOffset,
  end: VmOffset,
  access: VmProt,
  userWire: boolean,
  target: PmapTarget | null = null,
  extract: { ppn: Ppn } | null = null,
  tag: VmTag = wireTagOf(userWire),
): Blocking<KernReturn> {
  map.lockExclusive();
  const range = vmMapClampRange(map, start, end);
  if (range.start >= range.end) {
    map.unlockExclusive();
    return KERN_SUCCESS;
  }
  const progress: Progress = { done: range.start, wakeup: false };
  const wiring: Wiring = { access, userWire, target, extract, tag };
  const kr = yield* wireEntries(map, range.end, wiring, progress);
  if (kr === KERN_SUCCESS) vmMapSimplifyRange(map, range.start, range.end);
  map.unlockExclusive();
  if (progress.wakeup) vmMapEntryWakeup(map);
  if (kr !== KERN_SUCCESS && range.start < progress.done) {
    yield* vmMapUnwireNested(map, range.start, progress.done, userWire, target);
  }
  return kr;
}

function* wireEntries(
  map: VmMap,
  end: VmOffset,
  wiring: Wiring,
  progress: Progress,
): Blocking<KernReturn> {
  const { userWire, extract } = wiring;
  let entry = vmMapEntryAt(map, progress.done);
  if (entry === null) return KERN_INVALID_ADDRESS;
  while (entry !== null && entry.start < end) {
    const at = Math.max(entry.start, progress.done) as VmOffset;
    progress.done = at;
    if (entry.inTransition) {
      if (progress.wakeup) vmMapEntryWakeup(map);
      progress.wakeup = false;
      const result = yield* vmMapEntryWait(map, entry, userWire ? THREAD_ABORTSAFE : THREAD_UNINT);
      if (result === THREAD_INTERRUPTED && userWire) return KERN_FAILURE;
      entry = vmMapEntryAt(map, at);
      if (entry === null) return KERN_FAILURE;
      continue;
    }
    if (entry.submap !== null && extract !== null) return KERN_INVALID_ARGUMENT;
    const again = entry.wiredCount > 0 && (entry.submap === null || wiring.target === null);
    if (again) {
      const kr = wireAgain(map, entry, at, end, wiring);
      if (kr !== KERN_SUCCESS) return kr;
      progress.done = entry.end;
      entry = entry.next; // a hole right after an entry that was wired goes unnoticed
      continue;
    }
    if (entry.submap !== null && wiring.target === null) {
      vmMapClipStart(map, entry, at);
      vmMapClipEnd(map, entry, end);
      const resolved = yield* resolveSubmapCopy(map, at, entry.end, wiring.access);
      if (resolved.entry === null) return resolved.kr;
      entry = resolved.entry;
      if (entry.submap === null || entry.inTransition) continue; // it maps memory of its own now
    }
    const prepared =
      entry.submap === null
        ? prepareFresh(map, entry, at, end, wiring)
        : prepareSubmap(map, entry, at, end, wiring);
    if (prepared !== KERN_SUCCESS) return prepared;
    const wiredEnd = entry.end;
    const kr = yield* wirePages(map, entry, wiring, progress);
    if (kr !== KERN_SUCCESS) return kr;
    progress.done = wiredEnd;
    if (wiredEnd >= end) break;
    entry = vmMapEntryAt(map, wiredEnd);
    if (entry === null) return KERN_INVALID_ADDRESS; // a gap opened meanwhile
  }
  return KERN_SUCCESS;
}

/** The pages are wired already: only the counts change. */
function wireAgain(
  map: VmMap,
  entry: VmMapEntry,
  at: VmOffset,
  end: VmOffset,
  { access, userWire, extract }: Wiring,
): KernReturn {
  vmMapClipStart(map, entry, at);
  vmMapClipEnd(map, entry, end);
  if (extract !== null && (entry.protection & access) !== access) return KERN_PROTECTION_FAILURE;
  const kr = vmMapAddWireCounts(map, entry, userWire);
  if (kr !== KERN_SUCCESS || extract === null) return kr;
  // From here on the count stays, as in XNU, even if the page cannot be told.
  if (entry.end - entry.start !== PAGE_SIZE || entry.needsCopy || entry.object === null) {
    return KERN_INVALID_ARGUMENT;
  }
  const page = vmPageLookup(entry.object, entry.offset);
  if (page === null) return KERN_INVALID_ARGUMENT;
  if ((entry.protection & VM_PROT_WRITE) !== 0) page.dirty = true;
  extract.ppn = page.ppn;
  return KERN_SUCCESS;
}

/** Settle the entry's memory, cut it to the range, check it and count the wiring. */
function prepareFresh(
  map: VmMap,
  entry: VmMapEntry,
  at: VmOffset,
  end: VmOffset,
  { access, userWire, extract }: Wiring,
): KernReturn {
  if ((entry.protection & VM_PROT_EXECUTE) !== 0 && !map.isKernel && !map.isAlien) {
    return KERN_PROTECTION_FAILURE;
  }
  const object = entry.object;
  const symmetric = object?.copyStrategy === MEMORY_OBJECT_COPY_SYMMETRIC;
  if (entry.needsCopy || object === null || symmetric) {
    if (extract !== null) return KERN_INVALID_ARGUMENT;
    settleMemory(map, entry, at, end);
  }
  vmMapClipStart(map, entry, at);
  vmMapClipEnd(map, entry, end);
  const next = entry.next;
  if (entry.end < end && (next === null || next.start > entry.end)) return KERN_INVALID_ADDRESS;
  if ((entry.protection & access) !== access) return KERN_PROTECTION_FAILURE;
  return vmMapAddWireCounts(map, entry, userWire);
}

/** Cut a submap's entry to the range and count the wiring: what is inside is checked there. */
function prepareSubmap(
  map: VmMap,
  entry: VmMapEntry,
  at: VmOffset,
  end: VmOffset,
  { userWire }: Wiring,
): KernReturn {
  vmMapClipStart(map, entry, at);
  vmMapClipEnd(map, entry, end);
  return vmMapAddWireCounts(map, entry, userWire);
}

/**
 * Wired memory must not move when somebody copies it: give the entry an object that is copied
 * asymmetrically and that no symmetric copy shares.
 */
function settleMemory(map: VmMap, entry: VmMapEntry, at: VmOffset, end: VmOffset): void {
  if (entry.object === null) {
    vmMapEntryAllocateObject(map, entry);
  } else if (entry.needsCopy) {
    vmMapEntryShadow(map, entry);
  } else {
    vmMapClipStart(map, entry, at);
    vmMapClipEnd(map, entry, end);
    vmMapEntryWriteProtect(map, entry, entry.isShared || map.mappedInOtherPmaps);
    vmMapEntryShadow(map, entry);
  }
  const object = entry.object;
  if (object?.copyStrategy === MEMORY_OBJECT_COPY_SYMMETRIC) {
    object.copyStrategy = MEMORY_OBJECT_COPY_DELAY;
    object.trueShare = true;
  }
}

/** Fault the pages in with the map unlocked, working from a snapshot of the entry. */
function* wirePages(
  map: VmMap,
  entry: VmMapEntry,
  { access, userWire, target, extract, tag }: Wiring,
  progress: Progress,
): Blocking<KernReturn> {
  const snapshot = vmMapEntryCopyFull(entry);
  entry.inTransition = true;
  map.unlockExclusive();
  let kr: KernReturn;
  if (snapshot.submap !== null) {
    const part = submapPart(map, snapshot, target);
    // prettier-ignore
    kr = yield* vmMapWireNested(
      snapshot.submap, part.start, part.end, access, userWire, part.target, null, tag,
    );
  } else {
    const pmap = target === null ? map.pmap : target.pmap;
    kr = yield* vmFaultWire(map, snapshot, pmap, pmapAddress(target, snapshot.start), tag);
  }
  if (kr === KERN_SUCCESS && extract !== null && snapshot.object !== null) {
    extract.ppn = vmPageLookup(snapshot.object, snapshot.offset)?.ppn ?? extract.ppn;
  }
  map.lockExclusive();
  // The entry may have been clipped meanwhile, but not removed.
  let piece = vmMapEntryAt(map, snapshot.start);
  for (; piece !== null && piece.start < snapshot.end; piece = piece.next) {
    piece.inTransition = false;
    if (piece.needsWakeup) {
      piece.needsWakeup = false;
      progress.wakeup = true;
    }
    if (kr !== KERN_SUCCESS) vmMapSubtractWireCounts(map, piece, userWire);
  }
  return kr;
}
