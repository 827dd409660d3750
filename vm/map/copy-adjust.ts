import { alignDown, alignUp } from "../address.js";
import { THREAD_UNINT, type Blocking } from "../blocking.js";
import { vmFaultCopy } from "../fault/index.js";
import { vmObjectAllocate, type VmObject } from "../object/index.js";
import {
  KERN_INVALID_ARGUMENT,
  KERN_NOT_SUPPORTED,
  KERN_SUCCESS,
  PAGE_SIZE,
  VM_PROT_DEFAULT,
  type KernResult,
  type VmOffset,
} from "../types.js";
import { newEntryListCopy, vmMapCopyDiscard, type VmMapCopyEntryList } from "./copy.js";
import { vmMapEntryReference } from "./entry-object.js";
import { VmMapEntry, vmMapEntryCopyFull } from "./entry.js";
import type { VmMap } from "./map.js";

/** A copy cut to a part of it and made fit for a map of another page size. */
export interface AdjustedCopy {
  /** With references of its own. */
  readonly copy: VmMapCopyEntryList;
  /** Bytes mapped before and after what was asked for, because the target's pages are larger. */
  readonly overmapStart: number;
  readonly overmapEnd: number;
  /** Bytes cut off the front. */
  readonly trimmedStart: number;
}

/**
 * Prepare part of a list copy for a map with pages of another size. XNU:
 * vm_map_copy_adjust_to_target. Where the target's pages are larger, the memory of a page must be one
 * piece of one object. To share, the ends may be mapped too far; to copy, whatever does not fit is
 * copied physically.
 * @param offset,size bytes, counted from the first the copy was made of
 * @param asCopy the memory need not stay shared with its source
 * @returns KERN_INVALID_ARGUMENT beyond the copy; KERN_NOT_SUPPORTED to share what does not fit. The
 *   caller keeps the given copy in any case
 */
export function* vmMapCopyAdjustToTarget(
  source: VmMapCopyEntryList,
  offset: number,
  size: number,
  target: VmMap,
  asCopy: boolean,
): Blocking<KernResult<AdjustedCopy>> {
  if (offset + size > source.size) return { kr: KERN_INVALID_ARGUMENT };
  const targetPage = target.pageSize;
  const from = source.offset + offset;
  const first = source.entries.first?.start ?? source.offset;
  const low = Math.max(alignDown(from, targetPage), first) as VmOffset;
  const high = alignUp((from + size) as VmOffset, targetPage);
  const part = cutOut(source, low, high);
  const trimmedStart = low - first;
  const coarser = 2 ** source.pageShift < targetPage;
  const misaligned = coarser ? misalignment(part, targetPage) : NOTHING_MISALIGNED;
  if (misaligned.anywhere && asCopy) {
    const copy = yield* copyPhysically(part, from - low, size, target);
    yield* vmMapCopyDiscard(part);
    const overmapEnd = copy.size - size;
    return { kr: KERN_SUCCESS, copy, overmapStart: 0, overmapEnd, trimmedStart };
  }
  if (misaligned.inside) {
    yield* vmMapCopyDiscard(part);
    return { kr: KERN_NOT_SUPPORTED };
  }
  const { start: overmapStart, end: overmapEnd } = misaligned;
  if (!misaligned.anywhere && trimmedStart === 0) {
    return { kr: KERN_SUCCESS, copy: part, overmapStart, overmapEnd, trimmedStart };
  }
  return {
    kr: KERN_SUCCESS,
    copy: rebase(part, overmapStart, overmapEnd, target.pageShift),
    overmapStart,
    overmapEnd,
    trimmedStart,
  };
}

/** A copy of its own of the entries in [low, high). */
function cutOut(source: VmMapCopyEntryList, low: VmOffset, high: VmOffset): VmMapCopyEntryList {
  const end = Math.min(source.offset + source.size, high);
  const offset = Math.max(source.offset, low) as VmOffset;
  const part = newEntryListCopy(offset, end - offset, source.pageShift);
  for (const entry of source.entries) {
    if (entry.end <= low || entry.start >= high) continue;
    const piece = vmMapEntryCopyFull(entry);
    piece.start = Math.max(entry.start, low) as VmOffset;
    piece.offset += piece.start - entry.start;
    vmMapEntryReference(piece);
    part.entries.append(piece);
    if (piece.end > high) piece.end = high;
  }
  return part;
}

interface Misalignment {
  readonly anywhere: boolean;
  /** Between two entries: no mapping too far helps there. */
  readonly inside: boolean;
  /** Bytes to map too far at either end. */
  readonly start: number;
  readonly end: number;
}

const NOTHING_MISALIGNED: Misalignment = { anywhere: false, inside: false, start: 0, end: 0 };

function misalignment(part: VmMapCopyEntryList, page: number): Misalignment {
  let inside = false;
  let start = 0;
  let end = 0;
  for (const entry of part.entries) {
    const endOffset = entry.offset + (entry.end - entry.start);
    const before = entry.offset - alignDown(entry.offset, page);
    const behind = alignUp(endOffset, page) - endOffset;
    if (entry === part.entries.first) start = before;
    else if (before !== 0) inside = true;
    if (entry === part.entries.last) end = behind;
    else if (behind !== 0) inside = true;
  }
  return { anywhere: inside || start !== 0 || end !== 0, inside, start, end };
}

/** Entries from address 0 up, in the target's pages. */
function rebase(
  part: VmMapCopyEntryList,
  before: number,
  behind: number,
  pageShift: number,
): VmMapCopyEntryList {
  const shift = (part.entries.first?.start ?? 0) - before;
  const offset = (part.offset - shift) as VmOffset;
  const last = part.entries.last;
  const end = last === null ? 0 : last.end + behind - shift;
  const copy = newEntryListCopy(offset, end - offset, pageShift);
  for (const entry of part.entries) {
    part.entries.remove(entry);
    if (copy.entries.first === null) {
      entry.start = (entry.start - before) as VmOffset;
      entry.offset -= before;
    }
    if (entry === last) entry.end = (entry.end + behind) as VmOffset;
    entry.start = (entry.start - shift) as VmOffset;
    entry.end = (entry.end - shift) as VmOffset;
    copy.entries.append(entry);
  }
  return copy;
}

/** The bytes in an object of their own, the first of them at its start. */
function* copyPhysically(
  part: VmMapCopyEntryList,
  skip: number,
  size: number,
  target: VmMap,
): Blocking<VmMapCopyEntryList> {
  const bytes = alignUp(size, PAGE_SIZE);
  const object = vmObjectAllocate(target.context, bytes);
  let done = 0;
  const first = part.entries.first?.start ?? 0;
  for (const entry of part.entries) {
    const from = Math.max(entry.start, first + skip);
    const length = Math.min(entry.end - from, size - done);
    if (length <= 0) continue;
    const sourceOffset = entry.offset + (from - entry.start);
    yield* copyBytes(entry.object, sourceOffset, object, done, length, target);
    done += length;
  }
  const copy = newEntryListCopy(0 as VmOffset, bytes, target.pageShift);
  const entry = new VmMapEntry(0 as VmOffset, bytes as VmOffset);
  entry.object = object;
  entry.usePmap = true;
  entry.protection = VM_PROT_DEFAULT;
  entry.maxProtection = VM_PROT_DEFAULT;
  copy.entries.append(entry);
  return copy;
}

/** What cannot be read stays zero, as after XNU's copy through mappings whose fault nobody sees. */
function* copyBytes(
  source: VmObject | null,
  sourceOffset: number,
  object: VmObject,
  offset: number,
  size: number,
  target: VmMap,
): Blocking<void> {
  if (source === null) return;
  for (let done = 0; done < size;) {
    const { kr, copied } = yield* vmFaultCopy({
      sourceObject: source,
      sourceOffset: sourceOffset + done,
      size: size - done,
      destinationObject: object,
      destinationOffset: offset + done,
      destinationMap: target,
      destinationVersion: target.timestamp,
      interruptible: THREAD_UNINT,
    });
    if (kr !== KERN_SUCCESS) break;
    done += copied;
  }
}
