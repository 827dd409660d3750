import { alignDown, alignUp } from "../address.js";
import { THREAD_UNINT, type Blocking } from "../blocking.js";
import {
  MEMORY_OBJECT_COPY_DELAY,
  MEMORY_OBJECT_COPY_SYMMETRIC,
  vmObjectCopySlowly,
  vmObjectDeallocate,
  vmObjectReference,
  vmObjectShadow,
  type VmObject,
} from "../object/index.js";
import {
  KERN_INVALID_ARGUMENT,
  KERN_SUCCESS,
  PAGE_SIZE,
  type KernResult,
  type KernReturn,
  type VmInherit,
  type VmOffset,
  type VmProt,
} from "../types.js";
import { vmMapCopyAdjustToTarget } from "./copy-adjust.js";
import { vmMapCopyDiscard, type VmMapCopyEntryList } from "./copy.js";
import type { PlacementRequest } from "./enter-mem-object.js";
import { vmMapEntryCopy, type VmMapEntry } from "./entry.js";
import type { VmMapKernelFlags } from "./flags.js";
import { vmMapReference, type VmMap } from "./map.js";
import { vmMapExtractDiscard } from "./remap-extract.js";
import { vmMapPlaceEntries } from "./remap.js";
import { EntryList } from "./store/list.js";

/** What the new mappings may do. */
interface Rights {
  readonly cur: VmProt;
  readonly max: VmProt;
  readonly inheritance: VmInherit;
}

/**
 * Map a memory entry that holds several pieces of memory. XNU: the is_copy part of
 * vm_map_enter_mem_object. The entry stays as it is and may be mapped again.
 * @param offset bytes into the entry; the caller has seen that it and the size lie inside
 * @param asCopy what is mapped is a copy of what the entry holds now
 * @returns KERN_INVALID_ARGUMENT for flags that say more than where to map; as vmMapEnter and
 *   vmMapCopyAdjustToTarget
 */
export function* vmMapEnterCopyEntry(
  map: VmMap,
  request: PlacementRequest,
  held: VmMapCopyEntryList,
  offset: number,
  asCopy: boolean,
  rights: Rights,
): Blocking<KernResult<{ address: VmOffset }>> {
  const { flags } = request;
  if (!saysOnlyWhere(flags)) return { kr: KERN_INVALID_ARGUMENT };
  // Between pages of one size all of it is mapped, whatever part was asked for.
  const whole = held.pageShift === map.pageShift;
  const base = whole ? 0 : alignDown(offset, map.pageSize);
  const size = whole ? held.size : alignUp(offset + request.size, map.pageSize) - base;
  const within = Math.min(size, held.size - base);
  for (const entry of held.entries) settle(entry);
  const part = yield* vmMapCopyAdjustToTarget(held, base, within, map, asCopy);
  if (part.kr !== KERN_SUCCESS) return part;
  const first = part.copy.entries.first?.start ?? 0;
  const entries = new EntryList();
  let kr: KernReturn = KERN_SUCCESS;
  for (const entry of part.copy.entries) {
    const made = yield* cloneEntry(entry, entry.start - first, asCopy, rights);
    ({ kr } = made);
    if (made.entry === null) break;
    entries.append(made.entry);
  }
  yield* vmMapCopyDiscard(part.copy);
  if (kr !== KERN_SUCCESS) {
    yield* vmMapExtractDiscard(entries);
    return { kr };
  }
  const address = alignDown(request.address, map.pageSize);
  const bytes = alignUp(entries.last?.end ?? size, map.pageSize);
  const placed = yield* vmMapPlaceEntries(map, { ...request, address, size: bytes }, entries);
  if (placed.kr !== KERN_SUCCESS) return placed;
  const inPage = flags.returnDataAddr ? offset - alignDown(offset, map.pageSize) : 0;
  return { kr: KERN_SUCCESS, address: (placed.address + inPage + part.overmapStart) as VmOffset };
}

/** Nothing but FIXED, ANYWHERE, OVERWRITE and the RETURN flags. */
function saysOnlyWhere(flags: VmMapKernelFlags): boolean {
  return !(
    flags.purgable ||
    flags.chunk4GB ||
    flags.randomAddr ||
    flags.noCache ||
    flags.resilientCodesign ||
    flags.resilientMedia ||
    flags.permanent ||
    flags.superpageSize !== 0 ||
    flags.tpro ||
    flags.tag !== 0
  );
}

/** The held memory must be the entry's own, so that all who map it see the same. */
function settle(entry: VmMapEntry): void {
  // Memory that was never touched stays without an object: each mapping makes zeroes of its own.
  if (entry.submap !== null || entry.object === null) return;
  const size = entry.end - entry.start;
  if (entry.needsCopy) {
    const ref = { object: entry.object, offset: entry.offset };
    vmObjectShadow(ref, size, false);
    entry.object = ref.object;
    entry.offset = ref.offset;
    entry.needsCopy = false;
  }
  if (entry.object.copyStrategy === MEMORY_OBJECT_COPY_SYMMETRIC) {
    entry.object.copyStrategy = MEMORY_OBJECT_COPY_DELAY;
    entry.object.trueShare = true;
  }
}

/** One mapping of a held entry, at address `at` of the new entries. */
function* cloneEntry(
  held: VmMapEntry,
  at: number,
  asCopy: boolean,
  { cur, max, inheritance }: Rights,
): Blocking<{ readonly kr: KernReturn; readonly entry: VmMapEntry | null }> {
  const entry = vmMapEntryCopy(held);
  const size = held.end - held.start;
  entry.start = at as VmOffset;
  entry.end = (at + size) as VmOffset;
  entry.protection = cur;
  entry.maxProtection = max;
  entry.inheritance = inheritance;
  if (entry.submap !== null) {
    vmMapReference(entry.submap);
    return { kr: KERN_SUCCESS, entry };
  }
  const { object } = held;
  if (object === null) return { kr: KERN_SUCCESS, entry };
  if (!asCopy) {
    vmObjectReference(object);
    entry.isShared = true;
    return { kr: KERN_SUCCESS, entry };
  }
  const kr = yield* copyInto(entry, object, size);
  return { kr, entry: kr === KERN_SUCCESS ? entry : null };
}

function* copyInto(entry: VmMapEntry, object: VmObject, size: number): Blocking<KernReturn> {
  vmObjectReference(object);
  const made = yield* vmObjectCopySlowly(object, entry.offset, size, THREAD_UNINT);
  vmObjectDeallocate(object);
  if (!("object" in made)) return made.kr;
  entry.offset -= alignDown(entry.offset, PAGE_SIZE);
  entry.object = made.object;
  return KERN_SUCCESS;
}
