import type { Blocking } from "../blocking.js";
import { vmMapRemove } from "../map/delete.js";
import { vmMapEnter } from "../map/enter.js";
import { vmkFlagsFromUser } from "../map/flags.js";
import type { VmMap } from "../map/map.js";
import { overflowOfAllocate, sanitizeRange, sanitizeSize, rawU64 } from "../sanitize.js";
import {
  KERN_INVALID_ARGUMENT,
  KERN_SUCCESS,
  VM_FLAGS_ANYWHERE,
  VM_FLAGS_USER_ALLOCATE,
  VM_MIN_ADDRESS,
  VM_PROT_ALL,
  VM_PROT_DEFAULT,
  VM_INHERIT_DEFAULT,
  type KernResult,
  type KernReturn,
  type RawU64,
  type VmOffset,
} from "../types.js";

/**
 * Zero-filled memory, readable and writable. XNU: mach_vm_allocate.
 * @param address where, with VM_FLAGS_FIXED: cut down to its page, the size then rounded up from
 *   there. Ignored with VM_FLAGS_ANYWHERE, which begins at the bottom.
 * @param flags VM_FLAGS_*, and the tag in bits 31:24
 * @returns the address, 0 for zero bytes; KERN_INVALID_ADDRESS for a fixed range outside the map;
 *   KERN_NO_SPACE when occupied, full or over the size limits; KERN_INVALID_ARGUMENT
 */
export function* machVmAllocate(
  map: VmMap | null,
  address: RawU64,
  size: RawU64,
  flags: number,
): Blocking<KernResult<{ address: VmOffset }>> {
  if ((flags & ~VM_FLAGS_USER_ALLOCATE) !== 0 || map === null) return { kr: KERN_INVALID_ARGUMENT };
  const where =
    (flags & VM_FLAGS_ANYWHERE) !== 0 ? anywhere(map, size) : fixedAt(map, address, size);
  if (!where.proceed) {
    if (where.kr === KERN_SUCCESS) return { kr: KERN_SUCCESS, address: VM_MIN_ADDRESS };
    return { kr: where.kr };
  }
  return yield* vmMapEnter(map, {
    address: where.start,
    size: where.size,
    flags: vmkFlagsFromUser(flags),
    cur: VM_PROT_DEFAULT,
    max: VM_PROT_ALL,
    inheritance: VM_INHERIT_DEFAULT,
  });
}

function fixedAt(map: VmMap, address: RawU64, size: RawU64): ReturnType<typeof sanitizeRange> {
  return sanitizeRange(map, address, size, {
    zeroSize: "succeeds",
    realignStart: true,
    onOverflow: overflowOfAllocate,
  });
}

function anywhere(map: VmMap, size: RawU64): ReturnType<typeof sanitizeRange> {
  const sane = sanitizeSize(map, rawU64(0), size, "succeeds");
  if (!sane.proceed) return sane;
  const start = VM_MIN_ADDRESS;
  return { proceed: true, start, end: (start + sane.size) as VmOffset, size: sane.size };
}

/**
 * Unmap every page the range touches. Holes are fine, and so is a range outside the map, of which
 * nothing is unmapped; but the task then gets a guard exception. XNU: mach_vm_deallocate.
 * @returns KERN_INVALID_ARGUMENT for a range that wraps
 */
export function* machVmDeallocate(
  map: VmMap | null,
  address: RawU64,
  size: RawU64,
): Blocking<KernReturn> {
  if (map === null) return KERN_INVALID_ARGUMENT;
  const range = sanitizeRange(map, address, size, { zeroSize: "succeeds" });
  if (!range.proceed) return range.kr;
  return yield* vmMapRemove(map, range.start, range.end, undefined, true);
}
