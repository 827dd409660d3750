import { vmPageLookup } from "../page/resident.js";
import {
  PAGE_SIZE,
  VM_BEHAVIOR_DEFAULT,
  VM_BEHAVIOR_RANDOM,
  VM_BEHAVIOR_RSEQNTL,
  VM_BEHAVIOR_SEQUENTIAL,
} from "../types.js";
import type { VmObject } from "./object.js";
import type { PagerFaultInfo } from "./pager.js";

/** Smallest and largest read of a fault on a machine with fast storage, in bytes. */
const MIN_CLUSTER_BYTES = PAGE_SIZE;
const MAX_CLUSTER_BYTES = 128 * 1024;
/** With an explicit hint. */
const MAX_HINTED_BYTES = 1024 * 1024;
/** A run this long, in pages, is taken for streaming. */
const STREAMING_PAGES = 3;
/** Pages to be read before the use of earlier read-ahead is judged. */
const PROVING_PAGES = 20;

/** Byte range [start, end) of an object, page aligned. */
export interface OffsetRange {
  readonly start: number;
  readonly end: number;
}

/**
 * How much to read around a fault: more the better earlier read-ahead was used, one way only for
 * streams. Stops at the mapping's bounds, at `end` of file and at the first page already there.
 * XNU: vm_object_cluster_size, with the macOS values for solid-state storage.
 * @param offset the faulted page, bytes, inside [0, end)
 */
export function clusterRange(
  object: VmObject,
  offset: number,
  info: PagerFaultInfo,
  end: number,
): OffsetRange {
  const { bytes, direction } = clusterSize(object, info);
  const pages = Math.max(1, Math.floor(bytes / PAGE_SIZE));
  const before = direction === 0 ? Math.floor(pages / 2) : direction < 0 ? pages - 1 : 0;
  const low = Math.max(0, info.loOffset, offset - before * PAGE_SIZE);
  const high = Math.min(end, info.hiOffset, offset + (pages - before) * PAGE_SIZE);
  let first = offset;
  while (first > low && vmPageLookup(object, first - PAGE_SIZE) === null) first -= PAGE_SIZE;
  let last = offset + PAGE_SIZE;
  while (last < high && vmPageLookup(object, last) === null) last += PAGE_SIZE;
  return { start: first, end: last };
}

interface ClusterSize {
  readonly bytes: number;
  /** 1 ahead of the fault, -1 behind it, 0 around it. */
  readonly direction: -1 | 0 | 1;
}

function clusterSize(object: VmObject, info: PagerFaultInfo): ClusterSize {
  const run = Math.abs(object.sequential);
  const max = info.clusterSize > 0 ? MAX_HINTED_BYTES : MAX_CLUSTER_BYTES;
  const streamed = Math.min(max, run + PAGE_SIZE);
  switch (info.behavior) {
    case VM_BEHAVIOR_RANDOM:
      return { bytes: Math.min(max, Math.max(info.clusterSize, PAGE_SIZE)), direction: 0 };
    case VM_BEHAVIOR_SEQUENTIAL:
      return { bytes: Math.min(max, info.clusterSize || streamed), direction: 1 };
    case VM_BEHAVIOR_RSEQNTL:
      return { bytes: Math.min(max, info.clusterSize || streamed), direction: -1 };
    case VM_BEHAVIOR_DEFAULT:
    default:
      if (run >= STREAMING_PAGES * PAGE_SIZE) {
        return { bytes: streamed, direction: object.sequential < 0 ? -1 : 1 };
      }
      return { bytes: pressed(object, proven(object, max)), direction: 0 };
  }
}

/** Read-ahead in proportion to how much of it was touched so far. */
function proven(object: VmObject, max: number): number {
  const { pagesCreated, pagesUsed } = object;
  if (pagesCreated < PROVING_PAGES * (MIN_CLUSTER_BYTES / PAGE_SIZE)) return MIN_CLUSTER_BYTES;
  return Math.max(MIN_CLUSTER_BYTES, Math.floor((max * pagesUsed) / pagesCreated));
}

/** Less when memory is short. */
function pressed(object: VmObject, bytes: number): number {
  const { free, inactiveCleaned, targets } = object.context.pages;
  const available = free.count + inactiveCleaned.count;
  if (available < targets.target - Math.floor(targets.target / 2)) {
    return Math.max(MIN_CLUSTER_BYTES, Math.floor(bytes / 16));
  }
  if (available < targets.target) return Math.max(MIN_CLUSTER_BYTES, Math.floor(bytes / 4));
  return bytes;
}
