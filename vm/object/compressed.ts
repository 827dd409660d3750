import { CompressorPager } from "../compressor/pager.js";
import type { VmPage } from "../page/page.js";
import { vmPageFree } from "../page/resident.js";
import { KERN_SUCCESS, PAGE_SIZE } from "../types.js";
import type { VmObject } from "./object.js";
import { VM_EXTERNAL_STATE_EXISTS } from "./pager.js";

/**
 * Anonymous memory whose pages the compressor has: the object's pager is a CompressorPager then, and a
 * page is either resident or in a slot of it.
 */

/** The compressor's pager of an anonymous object, if one was made. */
export function compressorPagerOf(object: VmObject): CompressorPager | null {
  return object.pager instanceof CompressorPager ? object.pager : null;
}

/**
 * Let the pages of an anonymous object be compressed from now on. XNU:
 * vm_object_compressor_pager_create.
 */
export function vmObjectCompressorPagerCreate(object: VmObject): CompressorPager {
  const existing = compressorPagerOf(object);
  if (existing !== null) return existing;
  const pager = new CompressorPager(object.context.compressor, object.size / PAGE_SIZE);
  object.pager = pager;
  object.pagingOffset = 0;
  object.pagerCreated = true;
  object.pagerReady = true;
  object.pagerInitialized = true;
  object.pagerTrusted = true;
  return pager;
}

/** Compress a page, which is busy and mapped nowhere, and free it. @returns false: it stays as it was */
export function vmObjectPageOut(object: VmObject, page: VmPage): boolean {
  const pager = vmObjectCompressorPagerCreate(object);
  if (pager.put(page.offset + object.pagingOffset, page.ppn) !== KERN_SUCCESS) return false;
  vmPageFree(object.context, page);
  return true;
}

/** True if the compressor has the page at `offset` (bytes, page aligned) of an anonymous object. */
export function vmObjectIsCompressed(object: VmObject, offset: number): boolean {
  const pager = compressorPagerOf(object);
  return pager?.stateGet(offset + object.pagingOffset) === VM_EXTERNAL_STATE_EXISTS;
}

/** Forget the compressed page at `offset`. @returns whether there was one */
export function vmObjectDropCompressed(object: VmObject, offset: number): boolean {
  return compressorPagerOf(object)?.drop(offset + object.pagingOffset) ?? false;
}

/** Pages of an object that the compressor has. XNU: vm_compressor_pager_get_count. */
export function vmObjectCompressedPageCount(object: VmObject): number {
  return compressorPagerOf(object)?.slots.used ?? 0;
}

/** Offsets in [start, end) of an object whose pages the compressor has, in order; bytes. */
export function* compressedOffsets(
  object: VmObject,
  start = 0,
  end = object.size,
): IterableIterator<number> {
  const pager = compressorPagerOf(object);
  if (pager === null) return;
  const from = Math.max(0, start + object.pagingOffset) / PAGE_SIZE;
  const to = Math.min(pager.slots.pageCount, (end + object.pagingOffset) / PAGE_SIZE);
  for (const page of pager.slots.occupied(from, to)) {
    yield page * PAGE_SIZE - object.pagingOffset;
  }
}
