import { check } from "../../emulator/arch/check.js";
import { vmPageFreeUnmapped, vmPageLookup, vmPageRename } from "../page/resident.js";
import { PAGE_SIZE, panic } from "../types.js";
import {
  compressedOffsets,
  compressorPagerOf,
  vmObjectCompressorPagerCreate,
  vmObjectDropCompressed,
  vmObjectIsCompressed,
} from "./compressed.js";
import { detachPager } from "./lifecycle.js";
import { VM_PURGABLE_DENY, type VmObject } from "./object.js";

/**
 * Shorten the shadow chain under `object` as far as it goes: an object with only one user is
 * merged into that user (collapse); one whose pages in the user's window are all covered is stepped
 * over (bypass). Objects that are external, held, or the copy object of the one below stay.
 * XNU: vm_object_collapse.
 * @param hintOffset byte offset in `object` of the page that was just copied up, or 0: where a page
 *   that is still needed from below is looked for first
 * @param canBypass also step over objects others still use
 */
export function vmObjectCollapse(object: VmObject, hintOffset: number, canBypass: boolean): void {
  let at = object;
  for (let backing = at.shadow; backing !== null; backing = at.shadow) {
    if (at.hasHolds || !backing.internal || backing.hasHolds || backing.shadow?.copy === backing) {
      at = backing;
      continue;
    }
    if (at.purgable !== VM_PURGABLE_DENY || backing.purgable !== VM_PURGABLE_DENY) {
      panic("vm_object_collapse of a purgeable object");
    }
    if (backing.refCount === 1) collapse(at, backing);
    else if (canBypass && isCovered(at, backing, hintOffset)) bypass(at, backing);
    else at = backing;
  }
}

/** True if no page of `backing` can be seen through `object`. */
function isCovered(object: VmObject, backing: VmObject, hintOffset: number): boolean {
  if (object.residentPageCount === object.size / PAGE_SIZE) return true;
  if (object.pagerCreated || backing.pagerCreated) return false;
  const likely = hintOffset + PAGE_SIZE;
  if (showsThrough(object, backing, object.cowHint)) return false;
  if (likely < object.size && showsThrough(object, backing, likely)) {
    object.cowHint = likely;
    return false;
  }
  for (let page = backing.firstPage; page !== null; page = page.listNext) {
    const offset = page.offset - object.shadowOffset;
    if (offset < 0 || offset >= object.size) continue;
    if (vmPageLookup(object, offset) === null) {
      object.cowHint = offset;
      return false;
    }
  }
  return true;
}

function showsThrough(object: VmObject, backing: VmObject, offset: number): boolean {
  return (
    offset < object.size &&
    vmPageLookup(object, offset) === null &&
    vmPageLookup(backing, offset + object.shadowOffset) !== null
  );
}

/**
 * Merge `backing`, whose only user is `object`, into it: pages that show through move, with their
 * frames or compressed slots; the others are freed. XNU: vm_object_do_collapse.
 */
function collapse(object: VmObject, backing: VmObject): void {
  const { context } = object;
  for (let page = backing.firstPage; page !== null; page = backing.firstPage) {
    const offset = page.offset - object.shadowOffset;
    if (isHidden(object, offset)) vmPageFreeUnmapped(context, page);
    else vmPageRename(page, object, offset);
  }
  collapseCompressor(object, backing);
  check(backing.copy === null || backing.copy === object, "copy object without a reference");
  object.shadow = backing.shadow;
  object.shadowOffset = backing.shadow === null ? 0 : object.shadowOffset + backing.shadowOffset;
  backing.shadow = null;
  backing.copy = null;
  backing.refCount = 0;
  backing.alive = false;
  context.objects.live.delete(backing);
}

/** A page of the backing object that would be at `offset` here cannot be seen. */
function isHidden(object: VmObject, offset: number): boolean {
  return (
    offset < 0 ||
    offset >= object.size ||
    vmPageLookup(object, offset) !== null ||
    vmObjectIsCompressed(object, offset)
  );
}

/**
 * The compressed pages. XNU: the pager part of vm_object_do_collapse and
 * vm_object_do_collapse_compressor. If the object has no pager of its own the backing object's moves,
 * once what cannot be seen is gone from it.
 */
function collapseCompressor(object: VmObject, backing: VmObject): void {
  const from = compressorPagerOf(backing);
  if (from === null) return;
  for (const at of compressedOffsets(backing)) {
    if (isHidden(object, at - object.shadowOffset)) vmObjectDropCompressed(backing, at);
  }
  const pagingOffset = backing.pagingOffset + object.shadowOffset;
  const fits = pagingOffset + object.size <= from.slots.pageCount * PAGE_SIZE;
  if (compressorPagerOf(object) === null && fits) {
    adoptPager(object, backing, pagingOffset);
    return;
  }
  if (from.slots.used > 0) {
    const to = vmObjectCompressorPagerCreate(object);
    for (const at of compressedOffsets(backing)) {
      const offset = at - object.shadowOffset + object.pagingOffset;
      to.transferFrom(from, at + backing.pagingOffset, offset);
    }
  }
  detachPager(backing);
}

function adoptPager(object: VmObject, backing: VmObject, pagingOffset: number): void {
  object.pager = backing.pager;
  object.pagingOffset = pagingOffset;
  object.pagerCreated = true;
  object.pagerReady = true;
  object.pagerInitialized = true;
  object.pagerTrusted = true;
  backing.pager = null;
  backing.pagerCreated = false;
}

/** Let `object` look past `backing`, which others still use. XNU: vm_object_do_bypass. */
function bypass(object: VmObject, backing: VmObject): void {
  object.shadow = backing.shadow;
  object.shadowOffset = backing.shadow === null ? 0 : object.shadowOffset + backing.shadowOffset;
  if (backing.shadow !== null) backing.shadow.refCount += 1;
  if (backing.copy === object) backing.copy = null;
  backing.refCount -= 1;
  object.cowHint = 0;
}
