import { check } from "../../emulator/arch/check.js";
import { alignDown, alignUp } from "../address.js";
import { PAGE_SIZE } from "../types.js";
import { vmObjectAllocate } from "./lifecycle.js";
import { MEMORY_OBJECT_COPY_SYMMETRIC, type VmObject } from "./object.js";

/** What a map entry points at: replaced in place when a shadow is made. */
export interface ObjectRef {
  object: VmObject;
  /** Bytes into `object`. */
  offset: number;
}

/**
 * Put a new object on top of `ref.object`, to take the changes of one user from now on. The
 * reference behind `ref` becomes the new object's reference on its shadow, so the old object's
 * count stays. Skipped, unless `always`, when nobody else can see the object's pages.
 * XNU: vm_object_shadow.
 * @param length bytes the user maps; the new object's size, rounded up to pages
 * @returns false if `ref` was left alone
 */
export function vmObjectShadow(ref: ObjectRef, length: number, always: boolean): boolean {
  const source = ref.object;
  check(source.copyStrategy === MEMORY_OBJECT_COPY_SYMMETRIC, "shadow of a shared object", source);
  const onlyUser =
    source.size === length &&
    source.refCount === 1 &&
    (source.shadow === null || source.shadow.copy === null);
  if (!always && onlyUser) {
    source.shadowed = false;
    return false;
  }
  // Small pages may begin within one of the machine's.
  const shadowOffset = alignDown(ref.offset, PAGE_SIZE);
  const size = alignUp(ref.offset - shadowOffset + length, PAGE_SIZE);
  const result = vmObjectAllocate(source.context, size);
  result.shadow = source;
  result.shadowOffset = shadowOffset;
  ref.offset -= result.shadowOffset;
  ref.object = result;
  return true;
}
