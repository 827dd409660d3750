import { alignUp } from "../address.js";
import { PAGE_SIZE } from "../types.js";
import { vmObjectCollapse } from "./collapse.js";
import { VM_PURGABLE_DENY, type VmObject } from "./object.js";
import { vmObjectPageRemove } from "./protect.js";

/**
 * Let an anonymous object serve the bytes after those of its one mapping as well: what an earlier
 * mapping left there is removed and the object grows. XNU: vm_object_coalesce.
 * @param prevOffset,prevSize bytes of `prev` mapped now
 * @param nextSize bytes to add after them
 * @returns false if anybody else could tell the difference
 */
export function vmObjectCoalesce(
  prev: VmObject | null,
  prevOffset: number,
  prevSize: number,
  nextSize: number,
): boolean {
  if (prev === null) return true;
  vmObjectCollapse(prev, 0, true);
  const isPrivate =
    prev.refCount === 1 &&
    prev.internal &&
    !prev.pagerCreated &&
    !prev.physContiguous &&
    prev.shadow === null &&
    prev.copy === null &&
    !prev.trueShare &&
    prev.purgable === VM_PURGABLE_DENY &&
    !prev.hasHolds;
  const start = prevOffset + prevSize;
  const end = alignUp(start + nextSize, PAGE_SIZE);
  if (!isPrivate || !Number.isSafeInteger(end)) return false;
  vmObjectPageRemove(prev, alignUp(start, PAGE_SIZE), end);
  prev.size = Math.max(prev.size, end);
  return true;
}
