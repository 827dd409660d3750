import type { Blocking } from "../blocking.js";
import { PAGE_SIZE, type VmOffset } from "../types.js";
import { alignUp } from "../address.js";
import { vmMapEntryReleaseObject } from "./entry-object.js";
import { vmMapDeallocate } from "./lifecycle.js";
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
  if (copy === null || copy.type === "kernelBuffer") return;
  for (const entry of copy.entries) {
    copy.entries.remove(entry);
    const submap = entry.submap;
    if (submap !== null) yield* vmMapDeallocate(submap);
    else vmMapEntryReleaseObject(entry);
  }
}

/**
 * May a client that claims `size` bytes use this copy? XNU: vm_map_copy_validate_size.
 * @returns the size to use, or null
 */
export function vmMapCopyValidateSize(copy: VmMapCopy | null, size: number): number | null {
  if (copy === null) return null;
  if (copy.type === "kernelBuffer") return copy.size === size ? size : null;
  const pageSize = Math.min(2 ** copy.pageShift, PAGE_SIZE);
  return size <= copy.size && copy.size <= alignUp(size, pageSize) ? copy.size : null;
}
