import { check } from "../../emulator/arch/check.js";
import { alignUp } from "../address.js";
import { THREAD_UNINT, type Blocking } from "../blocking.js";
import type { VmPage } from "../page/page.js";
import { PAGE_SIZE } from "../types.js";
import { vmPageWriteProtect } from "./clean.js";
import { vmObjectPagingWait } from "./holds.js";
import { vmObjectAllocate, vmObjectReference } from "./lifecycle.js";
import type { VmObject } from "./object.js";
import { pagesInRange } from "./protect.js";

/**
 * Make or re-use the copy object of `source`: an empty object above it that receives the old
 * contents of a page whenever `source` is about to change it. Pages of the copied range lose write
 * access everywhere, so the first write to each comes back to vm_fault. XNU: vm_object_copy_delayed.
 * @param offset,size bytes; the copy covers [0, offset + size) whatever the offset
 * @returns the copy object with a reference, used at the same offsets and with needs_copy; null if
 *   a page in the range is wired: copy slowly instead
 */
export function* vmObjectCopyDelayed(
  source: VmObject,
  offset: number,
  size: number,
): Blocking<VmObject | null> {
  const needed = alignUp(offset + size, PAGE_SIZE);
  if (!source.trueShare) yield* vmObjectPagingWait(source, THREAD_UNINT);

  const old = source.copy;
  if (old !== null && old.residentPageCount === 0 && !old.pagerCreated) {
    if (old.size < needed) {
      if (!writeProtect(source, old.size, needed)) return null;
      old.size = needed;
      source.copyVersion += 1;
    }
    vmObjectReference(old);
    return old;
  }

  const length = Math.max(needed, old?.size ?? 0);
  if (!writeProtect(source, 0, length)) return null;
  const copy = vmObjectAllocate(source.context, length);
  copy.shadowed = true;
  copy.shadow = source;
  if (old === null) {
    vmObjectReference(source);
  } else {
    // The old copy gets no more pushes: what it lacks it finds in the new one, or below. Its
    // reference on the source becomes the new copy's.
    check(old.shadow === source && old.shadowOffset === 0, "copy object is misplaced", old);
    vmObjectReference(copy);
    old.shadow = copy;
  }
  source.copy = copy;
  source.copyVersion += 1;
  return copy;
}

/** @returns false, changing nothing, if a page in [start, end) is wired */
function writeProtect(source: VmObject, start: number, end: number): boolean {
  const pages: VmPage[] = Array.from(pagesInRange(source, start, end));
  if (pages.some((page) => page.wireCount > 0)) return false;
  for (const page of pages) vmPageWriteProtect(source, page);
  return true;
}
