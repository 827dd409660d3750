import { alignDown, alignUp } from "../address.js";
import type { Blocking } from "../blocking.js";
import { EXACT_BYTES, rawU64, sanitizeRange } from "../sanitize.js";
import { KERN_SUCCESS, PAGE_SIZE, panic } from "../types.js";
import type { KernReturn, VmOffset } from "../types.js";
import { vmMapEntryReference, vmMapEntryReleaseObject } from "./entry-object.js";
import { vmMapEntryCopyFull, type VmMapEntry } from "./entry.js";
import { vmMapDeallocate } from "./lifecycle.js";
import type { VmMap } from "./map.js";
import { EntryList } from "./store/list.js";

/** Up to this many bytes are copied by value (msg_ool_size_small on arm64). */
export const MSG_OOL_SIZE_SMALL = 32768;

/** A copy that shares memory with its source: one entry, and one reference, per source entry. */
export interface VmMapCopyEntryList {
  readonly type: "entryList";
  /** The source address, unaligned; the first entry starts at its page. */
  offset: VmOffset;
  /** Bytes asked for, unaligned. */
  size: number;
  /** Of the source map. */
  readonly pageShift: number;
  readonly entries: EntryList;
}

/** A copy by value. */
export interface VmMapCopyKernelBuffer {
  readonly type: "kernelBuffer";
  readonly size: number;
  readonly data: Uint8Array;
}

/**
 * Memory on its way from one map to another (struct vm_map_copy); null stands for zero bytes. One
 * owner at a time: a call that succeeds consumes it, one that fails leaves it to the caller.
 */
export type VmMapCopy = VmMapCopyEntryList | VmMapCopyKernelBuffer;

export function newEntryListCopy(
  offset: VmOffset,
  size: number,
  pageShift: number,
): VmMapCopyEntryList {
  return { type: "entryList", offset, size, pageShift, entries: new EntryList() };
}

/** Let go of what a copy holds; null is fine. XNU: vm_map_copy_discard. */
export function* vmMapCopyDiscard(copy: VmMapCopy | null): Blocking<void> {
  if (copy === null) return;
  if (copy.type === "kernelBuffer") {
    requireSmall(copy);
    return;
  }
  for (const entry of copy.entries) yield* vmMapCopyEntryDispose(copy, entry);
}

/** Take an entry out of a copy and drop its reference. */
export function* vmMapCopyEntryDispose(
  copy: VmMapCopyEntryList,
  entry: VmMapEntry,
): Blocking<void> {
  copy.entries.remove(entry);
  const submap = entry.submap;
  if (submap !== null) yield* vmMapDeallocate(submap);
  else vmMapEntryReleaseObject(entry);
}

/** A buffer nobody but copyin makes. @throws KernelPanic if it is too large for that */
export function requireSmall(copy: VmMapCopyKernelBuffer): void {
  if (copy.size > MSG_OOL_SIZE_SMALL) panic("vm_map_copy: kernel buffer too large");
}

/**
 * May a client that claims `size` bytes use this copy? XNU: vm_map_copy_validate_size.
 * @returns the size to use, or null
 */
export function vmMapCopyValidateSize(
  map: VmMap,
  copy: VmMapCopy | null,
  size: number,
): number | null {
  if (copy === null) return null;
  if (copy.type === "kernelBuffer") return copy.size === size ? size : null;
  return size <= copy.size && copy.size <= alignUp(size, map.pageSize) ? copy.size : null;
}

/**
 * The vetting copies give to an address and a size: the range must not wrap, round to nothing or
 * leave its half of the address space. The map's own bounds are not looked at.
 * XNU: vm_sanitize_addr_size with VM_SANITIZE_FLAGS_CHECK_ADDR_RANGE.
 * @returns KERN_INVALID_ADDRESS
 */
export function vmMapCopyVetRange(map: VmMap, address: VmOffset, size: number): KernReturn {
  const range = sanitizeRange(map, rawU64(address), rawU64(size), EXACT_BYTES);
  return range.proceed ? KERN_SUCCESS : range.kr;
}

/** Make `entry` of a copy end at `end`. XNU: vm_map_copy_clip_end. */
export function vmMapCopyClipEnd(copy: VmMapCopyEntryList, entry: VmMapEntry, end: VmOffset): void {
  if (end >= entry.end) return;
  const back = vmMapEntryCopyFull(entry);
  back.start = end;
  back.offset += end - entry.start;
  vmMapEntryReference(back);
  entry.end = end;
  copy.entries.insertAfter(entry, back);
}

/**
 * Cut the first `bytes` off a copy, as a copy of their own. A page both parts have bytes of is in
 * both, with a reference each; such parts can only be copied by value.
 */
export function vmMapCopyTakePrefix(copy: VmMapCopyEntryList, bytes: number): VmMapCopyEntryList {
  const part = newEntryListCopy(copy.offset, bytes, copy.pageShift);
  const cut = (copy.offset + bytes) as VmOffset;
  const pageSize = Math.min(2 ** copy.pageShift, PAGE_SIZE);
  const wholePages = alignDown(cut, pageSize);
  for (const entry of copy.entries) {
    if (entry.start >= cut) break;
    if (entry.start < wholePages) {
      vmMapCopyClipEnd(copy, entry, wholePages);
      copy.entries.remove(entry);
      part.entries.append(entry);
    }
  }
  const first = copy.entries.first;
  if (wholePages < cut && first !== null) {
    const shared = vmMapEntryCopyFull(first);
    shared.end = Math.min(shared.end, wholePages + pageSize) as VmOffset;
    vmMapEntryReference(shared);
    part.entries.append(shared);
  }
  copy.offset = cut;
  copy.size -= bytes;
  return part;
}

/** Put a part back in front of the copy it was cut off. */
export function vmMapCopyPutBack(copy: VmMapCopyEntryList, part: VmMapCopyEntryList): void {
  let after: VmMapEntry | null = null;
  for (const entry of part.entries) {
    part.entries.remove(entry);
    copy.entries.insertAfter(after, entry);
    after = entry;
  }
  copy.offset = part.offset;
  copy.size += part.size;
}
