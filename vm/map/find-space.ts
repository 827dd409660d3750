import { advance, alignDown, alignUp, clearMask, roundUpToMask } from "../address.js";
import type { Blocking } from "../blocking.js";
import { THREAD_AWAKENED, THREAD_UNINT } from "../blocking.js";
import {
  KERN_INVALID_ADDRESS,
  KERN_INVALID_ARGUMENT,
  KERN_MEMORY_PRESENT,
  KERN_NO_SPACE,
  KERN_SUCCESS,
  PAGE_SIZE,
  VM_PROT_ALL,
  VM_PROT_DEFAULT,
  type KernResult,
  type KernReturn,
  type VmOffset,
} from "../types.js";
import { VmMapEntry } from "./entry.js";
import { vmMapEntryAt, vmMapLookupEntry } from "./find.js";
import type { VmMapKernelFlags } from "./flags.js";
import type { VmMap } from "./map.js";
import { rangeIdOfTag, type VmMapRange } from "./user-ranges.js";

/** Top of the user half; a mapping allowed "beyond max" (commpage) stays below it. */
const BEYOND_MAX = (2 ** 48) as VmOffset;
const RANDOM_TRIES = 1000;

/** A place for a new entry: the address, and the entry to link it after. */
export interface Space {
  readonly address: VmOffset;
  readonly after: VmMapEntry | null;
}

/**
 * Find `size` free bytes anywhere from `hint` upwards, first fit; downwards with `lastFree`.
 * XNU: vm_map_locate_space_anywhere. Page 0 is never chosen, and there is no wrap-around below the
 * hint.
 * @param mask the address must have none of these low bits
 * @returns KERN_NO_SPACE; KERN_INVALID_ARGUMENT for a second JIT region under a single-JIT policy
 * Locks: map exclusively; given up while waiting for space in maps that do that.
 */
export function* vmMapLocateSpace(
  map: VmMap,
  size: number,
  mask: number,
  flags: VmMapKernelFlags,
  hint: VmOffset,
): Blocking<KernResult<Space>> {
  map.lock.assertExclusive();
  if (flags.mapJit && map.jitEntryExists && map.singleJit) return { kr: KERN_INVALID_ARGUMENT };
  for (;;) {
    const { min, max } = effectiveRange(map, flags);
    let start = Math.max(hint, min) as VmOffset;
    if (flags.lastFree) start = hint;
    if (flags.randomAddr) {
      const random = randomAddress(map, size, min, max);
      if (random === null) return { kr: KERN_NO_SPACE };
      start = random;
    }
    const found = flags.lastFree
      ? searchDown(map, start, min, max, size, mask)
      : searchUp(map, start, max, size, mask);
    if (found !== null) return { kr: KERN_SUCCESS, ...found };
    if (!map.waitForSpace || size > max - min) return { kr: KERN_NO_SPACE };
    map.unlockExclusive();
    yield { channel: map, interruptible: THREAD_UNINT, reason: "map full" };
    map.lockExclusive();
  }
}

/** Where memory of this kind may be placed: all of the map, or a part of a divided one. */
function effectiveRange(map: VmMap, flags: VmMapKernelFlags): VmMapRange {
  const min = Math.max(map.minOffset, floorOf(map)) as VmOffset;
  const part = map.userRanges?.forId(flags.rangeId ?? rangeIdOfTag(flags.tag)) ?? null;
  if (part === null) return { min, max: map.maxOffset };
  return {
    min: Math.max(min, part.min) as VmOffset,
    max: Math.min(map.maxOffset, part.max) as VmOffset,
  };
}

/** Page 0 is never chosen; the kernel half has no page 0. */
function floorOf(map: VmMap): number {
  return map.minOffset < 0 ? map.minOffset : map.pageSize;
}

/** Up to 1000 random pages; the first that begins a big enough gap. */
function randomAddress(map: VmMap, size: number, min: VmOffset, max: VmOffset): VmOffset | null {
  const span = max - min;
  if (size >= span) return null;
  for (let tries = 0; tries < RANDOM_TRIES; tries++) {
    const random = (map.context.random32() % 2 ** 31) * map.pageSize;
    const picked = min + (random % (span - size));
    const address = alignDown(picked, map.pageSize) as VmOffset;
    const { found, entry } = vmMapLookupEntry(map, address);
    if (found) continue;
    const next = entry === null ? map.entries.first : entry.next;
    const holeEnd = next === null ? max : Math.min(next.start, max);
    if (holeEnd - address >= size) return address;
  }
  return null;
}

function searchUp(
  map: VmMap,
  hint: VmOffset,
  max: VmOffset,
  size: number,
  mask: number,
): Space | null {
  if (hint >= max) return null;
  if (map.disableVmentryReuse) {
    const start = alignUp(advance(map.highestEntryEnd, PAGE_SIZE), map.pageSize);
    return searchEntries(map, Math.max(start, hint) as VmOffset, max, size, mask);
  }
  if (map.holes === null) return searchEntries(map, startAtFirstFree(map, hint), max, size, mask);
  const { holes } = map;
  let hole = holes.firstEndingAbove(hint, size);
  for (; hole !== null; hole = holes.next(hole, size)) {
    const from = Math.max(hole.start, hint) as VmOffset;
    const start = fit(map, from, max, size, mask);
    if (start === null) return null;
    if (start + size <= hole.end) {
      return { address: start, after: vmMapLookupEntry(map, start).entry };
    }
  }
  return null;
}

/** The lowest suitable start from `from` up; null when it would end above `max`. */
function fit(
  map: VmMap,
  from: VmOffset,
  max: VmOffset,
  size: number,
  mask: number,
): VmOffset | null {
  const start = alignUp(roundUpToMask(from, mask), map.pageSize);
  return start + alignUp(size, map.pageSize) > max ? null : start;
}

/**
 * With the hole list off, a search below the entry after `firstFree` begins right above `firstFree`:
 * what lies below that is not looked at, and the hint neither.
 */
function startAtFirstFree(map: VmMap, hint: VmOffset): VmOffset {
  const free = map.firstFree;
  if (free === null || free.next === null || hint >= free.next.start) return hint;
  return alignUp(free.end, map.pageSize);
}

function searchEntries(
  map: VmMap,
  from: VmOffset,
  max: VmOffset,
  size: number,
  mask: number,
): Space | null {
  let { entry: after } = vmMapLookupEntry(map, from);
  let start = after !== null && from < after.end ? after.end : from;
  for (;;) {
    const at = fit(map, start, max, size, mask);
    if (at === null) return null;
    const next: VmMapEntry | null = after === null ? map.entries.first : after.next;
    if (next === null || next.start >= at + size) return { address: at, after };
    const above = map.tree.nextWithGap(next, size);
    after = above === null ? map.entries.last : above.prev;
    start = after?.end ?? start;
  }
}

function searchDown(
  map: VmMap,
  hint: VmOffset,
  min: VmOffset,
  max: VmOffset,
  size: number,
  mask: number,
): Space | null {
  let end = (hint === 0 || hint > max ? max : hint) as VmOffset;
  if (end <= min) return null;
  for (;;) {
    const { entry } = vmMapLookupEntry(map, (end - 1) as VmOffset);
    const floor = entry === null ? min : (Math.max(entry.end, min) as VmOffset);
    if (floor < end) {
      const start = clearMask(alignDown(advance(end, -size), map.pageSize), mask);
      if (start >= floor) return { address: start, after: vmMapLookupEntry(map, start).entry };
    }
    if (entry === null) return null;
    // The next gap downwards that is big enough; below the first entry there may be another.
    const above = map.tree.lastWithGap(entry, size) ?? map.entries.first;
    end = above?.start ?? min;
    if (end <= min) return null;
  }
}

/**
 * Check the bounds of a fixed placement, before anything is overwritten.
 * XNU: the first half of vm_map_locate_space_fixed.
 * @returns KERN_NO_SPACE for a start that breaks `mask`; KERN_INVALID_ADDRESS outside the map
 */
export function vmMapCheckFixed(
  map: VmMap,
  start: VmOffset,
  size: number,
  mask: number,
  flags: VmMapKernelFlags,
): KernReturn {
  if (clearMask(start, mask) !== start) return KERN_NO_SPACE;
  const max = flags.beyondMax ? BEYOND_MAX : map.maxOffset;
  const end = (start + size) as VmOffset;
  const outside = map.userRanges !== null && map.userRanges.containing(start, end) === null;
  if (outside && !flags.beyondMax) return KERN_INVALID_ADDRESS;
  if (start < map.minOffset || end > max || start >= end) return KERN_INVALID_ADDRESS;
  return KERN_SUCCESS;
}

/**
 * See that [start, start + size) is free. XNU: the second half of vm_map_locate_space_fixed.
 * @returns KERN_MEMORY_PRESENT when the start is mapped; KERN_NO_SPACE when a later page is
 */
export function vmMapLocateFixed(map: VmMap, start: VmOffset, size: number): KernResult<Space> {
  const { found, entry } = vmMapLookupEntry(map, start);
  if (found) return { kr: KERN_MEMORY_PRESENT };
  const next = entry === null ? map.entries.first : entry.next;
  if (next !== null && next.start < start + size) return { kr: KERN_NO_SPACE };
  return { kr: KERN_SUCCESS, address: start, after: entry };
}

/**
 * Find room and link an entry of fresh memory there, for the kernel. XNU: vm_map_find_space. With
 * `guardBefore` the first page of the size stays unmapped, and the address returned is that page's.
 * @returns the entry, with the map held exclusively; KERN_INVALID_ARGUMENT for no bytes;
 *   KERN_NO_SPACE, with the map unlocked
 */
export function* vmMapFindSpace(
  map: VmMap,
  hint: VmOffset,
  size: number,
  mask: number,
  flags: VmMapKernelFlags,
): Blocking<KernResult<{ address: VmOffset; entry: VmMapEntry }>> {
  const guard = flags.guardBefore ? map.pageSize : 0;
  if (size - guard <= 0) return { kr: KERN_INVALID_ARGUMENT };
  map.lockExclusive();
  const space = yield* vmMapLocateSpace(map, size, mask, flags, hint);
  if (space.kr !== KERN_SUCCESS) {
    map.unlockExclusive();
    return space;
  }
  const start = (space.address + guard) as VmOffset;
  const entry = new VmMapEntry(start, (space.address + size) as VmOffset);
  entry.protection = VM_PROT_DEFAULT;
  entry.maxProtection = VM_PROT_ALL;
  entry.usePmap = true;
  entry.mapAligned = map.isExotic;
  entry.alias = flags.tag;
  map.link(space.after, entry);
  return { kr: KERN_SUCCESS, address: space.address, entry };
}

/** Wake whoever waits for space in a map that lets callers wait. */
export function vmMapWakeSpaceWaiters(map: VmMap): void {
  if (map.waitForSpace) map.context.wakeup(map, THREAD_AWAKENED);
}

/**
 * True if [start, end) lies inside the map's bounds and has no gap. XNU: vm_map_range_check.
 * Locks: map held.
 */
export function vmMapRangeCheck(map: VmMap, start: VmOffset, end: VmOffset): boolean {
  if (start < map.minOffset || end > map.maxOffset || start > end) return false;
  let entry = vmMapEntryAt(map, start);
  let reached = start;
  while (entry !== null) {
    if (entry.start > reached) return false;
    reached = entry.end;
    if (reached >= end) return true;
    entry = entry.next;
  }
  return false;
}
