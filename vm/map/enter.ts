import { isAligned, alignUp } from "../address.js";
import type { Blocking } from "../blocking.js";
import {
  MEMORY_OBJECT_COPY_DELAY_FORK,
  MEMORY_OBJECT_COPY_NONE,
  VM_PURGABLE_DENY,
  VM_PURGABLE_NONVOLATILE,
  type VmObject,
} from "../object/object.js";
import { vmObjectAllocate, vmObjectReference, vmObjectTakeOwnership } from "../object/index.js";
import { PMAP_TYPE_NESTED, pmapNest, pmapSharedRegionSizeMin } from "../pmap/index.js";
import {
  KERN_INVALID_ARGUMENT,
  KERN_MEMORY_PRESENT,
  KERN_NO_SPACE,
  KERN_PROTECTION_FAILURE,
  KERN_SUCCESS,
  PAGE_SIZE,
  VM_INHERIT_DEFAULT,
  VM_INHERIT_NONE,
  VM_MEMORY_MALLOC,
  VM_MEMORY_MALLOC_LARGE,
  VM_MEMORY_MALLOC_LARGE_REUSABLE,
  VM_MEMORY_MALLOC_LARGE_REUSED,
  VM_MEMORY_MALLOC_MEDIUM,
  VM_MEMORY_MALLOC_NANO,
  VM_MEMORY_MALLOC_SMALL,
  VM_MEMORY_MALLOC_TINY,
  VM_PROT_ALL,
  VM_PROT_DEFAULT,
  VM_PROT_EXECUTE,
  VM_PROT_NONE,
  VM_PROT_WRITE,
  type KernResult,
  type VmInherit,
  type VmOffset,
  type VmProt,
} from "../types.js";
import { vmMapTryExtend } from "./coalesce.js";
import {
  vmMapDelete,
  vmMapZapDispose,
  VM_MAP_REMOVE_NO_FLAGS,
  VM_MAP_REMOVE_TO_OVERWRITE,
  type ZapList,
} from "./delete.js";
import { vmMapEntryReleaseObject } from "./entry-object.js";
import { vmeObjectSet, VmMapEntry } from "./entry.js";
import { vmMapLookupEntry } from "./find.js";
import { vmMapCheckFixed, vmMapLocateFixed, vmMapLocateSpace, type Space } from "./find-space.js";
import type { VmMapKernelFlags } from "./flags.js";
import { vmMapReference, type VmMap } from "./map.js";
import { chargeIokitRegion, creatingTask, isChargedToOwner } from "./owner.js";
import { vmMapWireNested } from "./wire.js";

const ANON_CHUNK_BYTES = 128 * 2 ** 20;
const ANON_CHUNK_4GB_BYTES = 4 * 2 ** 30;
const MALLOC_MEDIUM_CHUNK_BYTES = 8 * 2 ** 20;
/** ANON_MAX_SIZE: largest anonymous object, bytes. */
const ANON_MAX_BYTES = 0xffff_ffff * PAGE_SIZE;

/** Malloc tags whose memory is never copied symmetrically. */
const NO_COW_TAGS = new Set([
  VM_MEMORY_MALLOC,
  VM_MEMORY_MALLOC_SMALL,
  VM_MEMORY_MALLOC_TINY,
  VM_MEMORY_MALLOC_NANO,
  VM_MEMORY_MALLOC_MEDIUM,
]);
const NO_COW_TAGS_EMBEDDED = new Set([
  ...NO_COW_TAGS,
  VM_MEMORY_MALLOC_LARGE,
  VM_MEMORY_MALLOC_LARGE_REUSABLE,
  VM_MEMORY_MALLOC_LARGE_REUSED,
]);

/** What vmMapEnter is asked to map. */
export interface EnterRequest {
  /** The address for a fixed mapping, else the hint. Page aligned when fixed. */
  readonly address: VmOffset;
  /** Bytes; rounded up to the map's pages. */
  readonly size: number;
  /** Low bits the address must not have. */
  readonly mask?: number;
  readonly flags: VmMapKernelFlags;
  /** What to map: its reference is taken over on success. Neither: anonymous memory. */
  readonly object?: VmObject | null;
  readonly submap?: VmMap | null;
  /** Bytes into the object or submap. */
  readonly offset?: number;
  readonly needsCopy?: boolean;
  readonly cur?: VmProt;
  readonly max?: VmProt;
  readonly inheritance?: VmInherit;
}

/** The request with its defaults filled in and its policies applied. */
type Mapping = Required<EnterRequest>;

/**
 * Map something at a fixed address or wherever there is room. XNU: vm_map_enter.
 * @returns the address; KERN_NO_SPACE when occupied, full or over the size limits;
 *   KERN_INVALID_ADDRESS for a fixed range outside the map; KERN_PROTECTION_FAILURE for a policy
 *   (writable code, code in a map that disallows it); KERN_MEMORY_PRESENT with `already`;
 *   KERN_INVALID_ARGUMENT
 * Locks: takes the map exclusively; may sleep when overwriting, wiring or waiting for space.
 */
export function* vmMapEnter(
  map: VmMap,
  request: EnterRequest,
): Blocking<KernResult<{ address: VmOffset }>> {
  const admitted = admit(map, request);
  if (admitted.kr !== KERN_SUCCESS) return { kr: admitted.kr };
  const { mapping } = admitted;
  const zap: ZapList = [];
  map.lockExclusive();
  const result = yield* placeAndInsert(map, mapping, zap);
  if (result.kr !== KERN_SUCCESS) restoreZapped(map, zap);
  map.unlockExclusive();
  yield* vmMapZapDispose(zap);
  if (result.kr !== KERN_SUCCESS || !map.wiringRequired) return result;

  const end = (result.address + mapping.size) as VmOffset;
  const kr = yield* vmMapWireNested(map, result.address, end, mapping.cur, true);
  if (kr === KERN_SUCCESS) return result;
  // The entry took over a reference the caller keeps on failure.
  if (mapping.object !== null) vmObjectReference(mapping.object);
  vmMapReference(mapping.submap);
  yield* undo(map, result.address, end);
  return { kr };
}

/** Everything that can be refused before the map is looked at, in XNU's order. */
function admit(map: VmMap, request: EnterRequest): KernResult<{ mapping: Mapping }> {
  const { flags } = request;
  let cur = request.cur ?? VM_PROT_DEFAULT;
  const max = request.max ?? VM_PROT_ALL;
  const object = request.object ?? null;
  const submap = request.submap ?? null;
  const offset = request.offset ?? 0;
  const needsCopy = request.needsCopy ?? false;

  if (flags.superpageSize !== 0) return { kr: KERN_INVALID_ARGUMENT };
  const writableCode = VM_PROT_WRITE | VM_PROT_EXECUTE;
  if ((cur & writableCode) === writableCode && !flags.mapJit && !map.isKernel) {
    if (!map.isAlien) return { kr: KERN_PROTECTION_FAILURE };
    cur &= ~VM_PROT_EXECUTE;
  }
  if (flags.mapJit && cur !== VM_PROT_ALL && map.isAlien) return { kr: KERN_PROTECTION_FAILURE };
  if (map.mapDisallowNewExec && (cur & VM_PROT_EXECUTE) !== 0) {
    return { kr: KERN_PROTECTION_FAILURE };
  }
  if (flags.resilientCodesign) {
    const denied = needsCopy ? VM_PROT_EXECUTE : writableCode;
    if (((cur | max) & denied) !== 0) return { kr: KERN_PROTECTION_FAILURE };
  }
  if (flags.resilientMedia && object !== null && !object.internal) {
    return { kr: KERN_INVALID_ARGUMENT };
  }
  // It takes Apple's permission hardware, whatever the rights are; VMSAv8-64 has nothing like it.
  if (flags.tpro) return { kr: KERN_PROTECTION_FAILURE };
  if (submap !== null && (flags.purgable || submap.pageShift !== map.pageShift)) {
    return { kr: KERN_INVALID_ARGUMENT };
  }
  if (flags.already && (!flags.fixed || flags.overwrite)) return { kr: KERN_INVALID_ARGUMENT };
  const unit = Math.min(map.pageSize, PAGE_SIZE);
  if (request.size === 0 || !isAligned(offset, unit)) return { kr: KERN_INVALID_ARGUMENT };
  const size = alignUp(request.size, map.pageSize);
  if (flags.purgable && !isPurgeableRequest(object, offset, size)) {
    return { kr: KERN_INVALID_ARGUMENT };
  }
  let inheritance = request.inheritance ?? VM_INHERIT_DEFAULT;
  if (flags.mapJit && map.isAlien) inheritance = VM_INHERIT_NONE;
  const mask = request.mask ?? 0;
  const { address } = request;
  return {
    kr: KERN_SUCCESS,
    // prettier-ignore
    mapping: {
      address, size, mask, flags, object, submap, offset, needsCopy, cur, max, inheritance,
    },
  };
}

function isPurgeableRequest(object: VmObject | null, offset: number, size: number): boolean {
  if (offset !== 0 || size > ANON_MAX_BYTES) return false;
  return object === null || (object.size === size && object.purgable !== VM_PURGABLE_DENY);
}

/** Locate the range and link its entries. Leaves overwritten entries in `zap`. */
function* placeAndInsert(
  map: VmMap,
  mapping: Mapping,
  zap: ZapList,
): Blocking<KernResult<{ address: VmOffset }>> {
  const space = yield* locate(map, mapping, zap);
  if (space.kr !== KERN_SUCCESS) {
    if (space.kr !== KERN_MEMORY_PRESENT) return { kr: space.kr };
    return { kr: isMappedAlready(map, mapping) ? KERN_MEMORY_PRESENT : KERN_NO_SPACE };
  }
  const start = space.address;
  const end = (start + mapping.size) as VmOffset;
  insert(map, mapping, start, end, space.after);
  if (map.adjustedSize > map.sizeLimit || map.adjustedSize > map.dataLimit) {
    removeFresh(map, mapping, start, end);
    return { kr: KERN_NO_SPACE };
  }
  return { kr: KERN_SUCCESS, address: start };
}

/** Is exactly this mapped there, in whatever pieces? Only for those who ask. */
function isMappedAlready(map: VmMap, mapping: Mapping): boolean {
  const { address, size, flags, submap, object } = mapping;
  if (!flags.already) return false;
  const end = address + size;
  let at = address;
  let { entry } = vmMapLookupEntry(map, address);
  for (; at < end; entry = entry.next) {
    if (entry === null || entry.start > at) return false;
    const offset = entry.offset + (at - entry.start);
    const anonymous = object === null && submap === null;
    const same =
      entry.submap === submap &&
      (anonymous
        ? entry.object === null || entry.object.internal
        : entry.object === object && offset === mapping.offset + (at - address)) &&
      entry.needsCopy === mapping.needsCopy &&
      entry.protection === mapping.cur &&
      entry.maxProtection === mapping.max &&
      entry.inheritance === mapping.inheritance &&
      !entry.iokitAcct &&
      entry.alias === flags.tag;
    if (!same) return false;
    at = entry.end;
  }
  return true;
}

function* locate(map: VmMap, mapping: Mapping, zap: ZapList): Blocking<KernResult<Space>> {
  const { address, size, mask, flags } = mapping;
  if (!flags.fixed) return yield* vmMapLocateSpace(map, size, mask, flags, address);
  const kr = vmMapCheckFixed(map, address, size, mask, flags);
  if (kr !== KERN_SUCCESS) return { kr };
  if (flags.overwrite) {
    const remove = VM_MAP_REMOVE_TO_OVERWRITE;
    const deleted = yield* vmMapDelete(map, address, (address + size) as VmOffset, remove, zap);
    if (deleted.kr !== KERN_SUCCESS) return { kr: deleted.kr };
  }
  return vmMapLocateFixed(map, address, size);
}

/** Extend the entry below, or link new ones. Cannot fail. */
function insert(
  map: VmMap,
  mapping: Mapping,
  start: VmOffset,
  end: VmOffset,
  after: VmMapEntry | null,
): void {
  const { flags, submap, cur, max, inheritance } = mapping;
  const object = mapping.object ?? (submap === null ? objectNeededNow(map, mapping) : null);
  const plain = object === null && submap === null;
  if (plain && after !== null && after.end === start && !map.isExotic) {
    if (vmMapTryExtend(map, after, { end, cur, max, inheritance, flags })) return;
  }
  const chunk = plain && max !== VM_PROT_NONE ? chunkBytes(flags) : Infinity;
  let before = after;
  for (let at = start; at < end; at = before.end) {
    const entry = new VmMapEntry(at, Math.min(at + chunk, end) as VmOffset);
    if (submap === null) vmeObjectSet(entry, object);
    else mapSubmap(entry, submap);
    fillEntry(map, entry, mapping);
    chargeIokitRegion(map, entry, 1);
    map.link(before, entry);
    before = entry;
  }
  if (flags.mapJit) map.jitEntryExists = true;
}

/** A submap's memory is entered in the pmap of whoever maps it, or in its own where that is nested. */
function mapSubmap(entry: VmMapEntry, submap: VmMap): void {
  entry.submap = submap;
  submap.mappedInOtherPmaps = true;
}

/**
 * Show a submap's translations, if they may be shared: they are of a pmap made for that, all of it
 * in whole twigs, and whoever writes gets a copy.
 */
function nestSubmap(map: VmMap, entry: VmMapEntry, { flags, submap }: Mapping): boolean {
  const region = submap?.pmap ?? null;
  if (!flags.nestedPmap || map.pmap === null || region?.type !== PMAP_TYPE_NESTED) return false;
  const twig = pmapSharedRegionSizeMin(map.pmap);
  if (!entry.needsCopy || entry.start % twig !== 0 || entry.end % twig !== 0) return false;
  return pmapNest(map.pmap, region, entry.start, entry.end - entry.start) === KERN_SUCCESS;
}

function fillEntry(map: VmMap, entry: VmMapEntry, mapping: Mapping): void {
  const { flags, submap } = mapping;
  entry.offset = mapping.offset;
  entry.needsCopy = mapping.needsCopy;
  entry.protection = mapping.cur;
  entry.maxProtection = mapping.max;
  entry.inheritance = mapping.inheritance;
  entry.usePmap = submap === null ? !isChargedToOwner(entry) : nestSubmap(map, entry, mapping);
  entry.alias = flags.tag;
  entry.noCache = flags.noCache;
  entry.permanent = flags.permanent;
  entry.usedForJit = flags.mapJit;
  entry.resilientCodesign = flags.resilientCodesign;
  entry.resilientMedia = flags.resilientMedia && (entry.object?.internal ?? true);
  entry.iokitAcct = flags.iokitAcct && submap === null;
  entry.noCopyOnRead = flags.noCopyOnRead;
  entry.mapAligned = map.isExotic;
}

function chunkBytes(flags: VmMapKernelFlags): number {
  if (flags.chunk4GB) return ANON_CHUNK_4GB_BYTES;
  if (flags.tag === VM_MEMORY_MALLOC_MEDIUM) return MALLOC_MEDIUM_CHUNK_BYTES;
  return ANON_CHUNK_BYTES;
}

/** Some anonymous memory gets its object at once, because it is not copied symmetrically. */
function objectNeededNow(map: VmMap, mapping: Mapping): VmObject | null {
  const { flags } = mapping;
  const mallocTag = (map.isAlien ? NO_COW_TAGS_EMBEDDED : NO_COW_TAGS).has(flags.tag);
  if (!flags.purgable && !flags.mapJit && !mallocTag) return null;
  const object = vmObjectAllocate(map.context, alignUp(mapping.size, PAGE_SIZE));
  object.copyStrategy = MEMORY_OBJECT_COPY_NONE;
  if (flags.purgable) {
    object.purgable = VM_PURGABLE_NONVOLATILE;
    vmObjectTakeOwnership(object, creatingTask(map));
  }
  if (mallocTag && !flags.purgable && !flags.mapJit && !map.isAlien) {
    object.trueShare = true;
    object.copyStrategy = MEMORY_OBJECT_COPY_DELAY_FORK;
  }
  return object;
}

/** Take out what `insert` just made, nothing of which was ever touched. */
function removeFresh(map: VmMap, mapping: Mapping, start: VmOffset, end: VmOffset): void {
  let entry = vmMapLookupEntry(map, start).entry;
  while (entry !== null && entry.start < end) {
    const next: VmMapEntry | null = entry.next;
    if (entry.start < start) {
      map.truncate(entry, start); // it had been extended
    } else {
      map.unlink(entry);
      chargeIokitRegion(map, entry, -1);
      // The caller keeps its reference to a given object; one made here dies with the entry.
      if (entry.object !== null && entry.object !== mapping.object) vmMapEntryReleaseObject(entry);
    }
    entry = next;
  }
}

function* undo(map: VmMap, start: VmOffset, end: VmOffset): Blocking<void> {
  const zap: ZapList = [];
  map.lockExclusive();
  yield* vmMapDelete(map, start, end, VM_MAP_REMOVE_NO_FLAGS, zap);
  map.unlockExclusive();
  yield* vmMapZapDispose(zap);
}

/**
 * The mapping failed after an overwrite: put the old entries back if nothing else moved in.
 * Their translations come back by faults. XNU: the zap_old_list restore of vm_map_enter.
 */
function restoreZapped(map: VmMap, zap: ZapList): void {
  const first = zap[0];
  const last = zap[zap.length - 1];
  if (first === undefined || last === undefined) return;
  const below = vmMapLookupEntry(map, first.start);
  const above = vmMapLookupEntry(map, last.end);
  if (below.found || above.found || below.entry !== above.entry) return;
  let after = below.entry;
  for (const entry of zap) {
    chargeIokitRegion(map, entry, 1);
    map.link(after, entry);
    after = entry;
  }
  zap.length = 0;
}
