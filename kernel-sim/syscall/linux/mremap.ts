import type { Blocking } from "../../../vm/blocking.js";
import { vmMapRemove } from "../../../vm/map/delete.js";
import { vmMapEnterMemObject, type PlacementRequest } from "../../../vm/map/enter-mem-object.js";
import type { VmMapEntry } from "../../../vm/map/entry.js";
import { vmkFlagsFixed } from "../../../vm/map/flags.js";
import type { VmMap } from "../../../vm/map/map.js";
import { vmMapRemap } from "../../../vm/map/remap.js";
import { vmObjectDeallocate, vmObjectReference } from "../../../vm/object/index.js";
import {
  KERN_SUCCESS,
  VM_INHERIT_SHARE,
  type KernResult,
  type VmOffset,
} from "../../../vm/types.js";
import { MREMAP_FIXED, MREMAP_MAYMOVE } from "./abi.js";
import type { LinuxCall, LinuxResult } from "./call.js";
import { fileOf } from "./madvise.js";
import {
  isFree,
  isMapped,
  mappingErrno,
  pageRange,
  piecesOf,
  type PageRange,
} from "./memory-range.js";
import { anywhere, type Place } from "./mmap.js";

/**
 * mremap: shrink in place, grow in place if what follows is free, else move if that is allowed.
 * Differs from Linux: MREMAP_DONTUNMAP and an old size of 0 are refused with EINVAL, and a range of
 * more than one mapping with EFAULT, as Linux does only when it moves or grows.
 */
export function* mremap(c: LinuxCall): Blocking<LinuxResult> {
  const flags = c.uint(3);
  const fixed = (flags & MREMAP_FIXED) !== 0;
  const mayMove = (flags & MREMAP_MAYMOVE) !== 0;
  if ((flags & ~(MREMAP_FIXED | MREMAP_MAYMOVE)) !== 0 || (fixed && !mayMove)) return "EINVAL";
  const from = pageRange(c.task.map, c.u64(0), c.u64(1));
  const wanted = pageRange(c.task.map, c.u64(0), c.u64(2));
  if (from === null || from.start === from.end || c.u64(2) === 0n) return "EINVAL";
  if (wanted === null) return "ENOMEM";
  const { map } = c.task;
  const size = wanted.end - wanted.start;
  const pieces = piecesOf(map, from);
  const entry = pieces[0]?.entry;
  if (entry === undefined || pieces.length !== 1 || !isMapped(map, from)) return "EFAULT";

  if (fixed) return yield* moveTo(c, entry, from, size, c.u64(4));
  if (wanted.end <= from.end) {
    const kr = wanted.end < from.end ? yield* vmMapRemove(map, wanted.end, from.end) : KERN_SUCCESS;
    return kr === KERN_SUCCESS ? from.start : mappingErrno(kr);
  }
  const more = { start: from.end, end: wanted.end };
  if (from.end === entry.end && isFree(map, more)) {
    const place = { address: more.start, flags: vmkFlagsFixed({ tag: entry.alias }) };
    const grown = yield* mapLike(map, entry, more.start, { ...place, size: more.end - more.start });
    if (grown.kr === KERN_SUCCESS) return from.start;
  }
  return mayMove ? yield* move(c, entry, from, size, anywhere(c)) : "ENOMEM";
}

function* moveTo(
  c: LinuxCall,
  entry: VmMapEntry,
  from: PageRange,
  size: number,
  raw: bigint,
): Blocking<LinuxResult> {
  const to = pageRange(c.task.map, raw, BigInt(size));
  if (to === null || (to.start < from.end && from.start < to.end)) return "EINVAL";
  const cleared = yield* vmMapRemove(c.task.map, to.start, to.end);
  if (cleared !== KERN_SUCCESS) return mappingErrno(cleared);
  return yield* move(c, entry, from, size, { address: to.start, flags: vmkFlagsFixed() });
}

/**
 * Map the new size somewhere, the old memory over its beginning, and take the old mapping away.
 * What the old memory does not cover is the extension.
 */
function* move(
  c: LinuxCall,
  entry: VmMapEntry,
  from: PageRange,
  size: number,
  place: Place,
): Blocking<LinuxResult> {
  const { map } = c.task;
  const tag = entry.alias;
  const { inheritance } = entry;
  const placed = yield* mapLike(map, entry, from.start, { ...place, size });
  if (placed.kr !== KERN_SUCCESS) return mappingErrno(placed.kr);
  const { address } = placed;
  const moved = yield* vmMapRemap(map, {
    address,
    flags: vmkFlagsFixed({ overwrite: true, tag }),
    sourceMap: map,
    sourceAddress: from.start,
    size: Math.min(size, from.end - from.start),
    copy: false,
    inheritance,
  });
  if (moved.kr !== KERN_SUCCESS) {
    yield* vmMapRemove(map, address, (address + size) as VmOffset);
    return mappingErrno(moved.kr);
  }
  const kr = yield* vmMapRemove(map, from.start, from.end);
  return kr === KERN_SUCCESS ? address : mappingErrno(kr);
}

/** Map fresh memory as if the entry's mapping went on: the file from `at` on, or zeroes. */
function* mapLike(
  map: VmMap,
  entry: VmMapEntry,
  at: VmOffset,
  request: PlacementRequest,
): Blocking<KernResult<{ address: VmOffset }>> {
  const file = fileOf(entry.object, entry.offset + (at - entry.start));
  if (file !== null) vmObjectReference(file.object);
  const result = yield* vmMapEnterMemObject(
    map,
    request,
    file?.object ?? null,
    file?.offset ?? 0,
    file !== null && entry.inheritance !== VM_INHERIT_SHARE,
    entry.protection,
    entry.maxProtection,
    entry.inheritance,
  );
  if (result.kr !== KERN_SUCCESS && file !== null) vmObjectDeallocate(file.object);
  return result;
}
