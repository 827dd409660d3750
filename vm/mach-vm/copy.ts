import type { Blocking } from "../blocking.js";
import { vmMapCopyDiscard, type VmMapCopy } from "../map/copy.js";
import { vmMapCopyin } from "../map/copyin.js";
import { vmMapCopyout } from "../map/copyout.js";
import { vmMapCopyOverwrite } from "../map/copy-overwrite.js";
import type { VmMap } from "../map/map.js";
import { EXACT_BYTES, exceeds, isZeroSize, sanitizeRange } from "../sanitize.js";
import {
  KERN_INVALID_ARGUMENT,
  KERN_SUCCESS,
  type KernResult,
  type KernReturn,
  type RawU64,
  type VmOffset,
} from "../types.js";

/** Most elements of a read list (VM_MAP_ENTRY_MAX). */
const READ_LIST_MAX = 256;
/** The size travels as a 32-bit count. */
const MAX_MESSAGE_SIZE = 0xffff_ffff;

/** Write a copy over mapped memory. Consumes it whatever happens. */
function* overwrite(
  map: VmMap,
  address: RawU64,
  copy: VmMapCopy | null,
  size: RawU64,
): Blocking<KernReturn> {
  if (copy === null) return KERN_SUCCESS;
  const range = sanitizeRange(map, address, size, EXACT_BYTES);
  const kr = range.proceed
    ? yield* vmMapCopyOverwrite(map, range.start, copy, range.size, false)
    : range.kr;
  if (kr !== KERN_SUCCESS) yield* vmMapCopyDiscard(copy);
  return kr;
}

/**
 * Read memory of a map as a copy, which the message layer then hands to the caller.
 * XNU: mach_vm_read.
 * @returns KERN_INVALID_ARGUMENT for 4 GiB and more; as vmMapCopyin
 */
export function* machVmRead(
  map: VmMap | null,
  address: RawU64,
  size: RawU64,
): Blocking<KernResult<{ copy: VmMapCopy | null; size: number }>> {
  if (map === null || exceeds(size, MAX_MESSAGE_SIZE)) return { kr: KERN_INVALID_ARGUMENT };
  const read = yield* vmMapCopyin(map, address, size, false);
  return read.kr === KERN_SUCCESS ? { ...read, size: read.copy?.size ?? 0 } : read;
}

/** One element of a read list: where and how much; afterwards where it is, or zeroes. */
export interface ReadListElement {
  readonly address: RawU64;
  readonly size: RawU64;
}

/**
 * Read several ranges into fresh memory of `current`. Elements that are empty or fail become
 * {0, 0}. XNU: mach_vm_read_list.
 * @returns the elements, and the code of the last one that was not empty
 */
export function* machVmReadList(
  map: VmMap | null,
  list: readonly ReadListElement[],
  current: VmMap,
): Blocking<{ kr: KernReturn; list: readonly { address: VmOffset; size: number }[] }> {
  if (map === null || list.length > READ_LIST_MAX) return { kr: KERN_INVALID_ARGUMENT, list: [] };
  const results: { address: VmOffset; size: number }[] = [];
  let last: KernReturn = KERN_SUCCESS;
  for (const { address, size } of list) {
    const result = { address: 0 as VmOffset, size: 0 };
    results.push(result);
    if (isZeroSize(size)) continue;
    const read = yield* vmMapCopyin(map, address, size, false);
    last = read.kr;
    if (read.kr !== KERN_SUCCESS) continue;
    const bytes = read.copy?.size ?? 0;
    const out = yield* vmMapCopyout(current, read.copy);
    last = out.kr;
    if (out.kr === KERN_SUCCESS) {
      result.address = out.address;
      result.size = bytes;
    } else {
      yield* vmMapCopyDiscard(read.copy);
    }
  }
  return { kr: last, list: results };
}

/**
 * Write a copy the message layer received over memory of a map. XNU: mach_vm_write. The copy is
 * consumed in any case.
 * @returns as vmMapCopyOverwrite
 */
export function* machVmWrite(
  map: VmMap | null,
  address: RawU64,
  copy: VmMapCopy | null,
  size: RawU64,
): Blocking<KernReturn> {
  if (map === null) {
    yield* vmMapCopyDiscard(copy);
    return KERN_INVALID_ARGUMENT;
  }
  return yield* overwrite(map, address, copy, size);
}

/** Copy within one map. XNU: mach_vm_copy. Zero bytes succeed whatever the addresses. */
export function* machVmCopy(
  map: VmMap | null,
  source: RawU64,
  size: RawU64,
  destination: RawU64,
): Blocking<KernReturn> {
  if (map === null) return KERN_INVALID_ARGUMENT;
  const read = yield* vmMapCopyin(map, source, size, false);
  if (read.kr !== KERN_SUCCESS) return read.kr;
  return yield* overwrite(map, destination, read.copy, size);
}

/**
 * Copy from `map` over memory of `current`, the caller's own. XNU: mach_vm_read_overwrite.
 * @returns the number of bytes written
 */
export function* machVmReadOverwrite(
  map: VmMap | null,
  address: RawU64,
  size: RawU64,
  data: RawU64,
  current: VmMap,
): Blocking<KernResult<{ size: number }>> {
  if (map === null) return { kr: KERN_INVALID_ARGUMENT };
  const read = yield* vmMapCopyin(map, address, size, false);
  if (read.kr !== KERN_SUCCESS) return read;
  const bytes = read.copy?.size ?? 0;
  const kr = yield* overwrite(current, data, read.copy, size);
  return kr === KERN_SUCCESS ? { kr, size: bytes } : { kr };
}
