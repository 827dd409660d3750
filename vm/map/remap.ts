import { alignUp } from "../address.js";
import type { Blocking } from "../blocking.js";
import {
  KERN_INVALID_ADDRESS,
  KERN_INVALID_ARGUMENT,
  KERN_MEMORY_PRESENT,
  KERN_NO_SPACE,
  KERN_PROTECTION_FAILURE,
  KERN_SUCCESS,
  VM_INHERIT_DEFAULT,
  VM_PROT_ALL,
  VM_PROT_EXECUTE,
  VM_PROT_READ,
  type KernResult,
  type KernReturn,
  type VmInherit,
  type VmOffset,
  type VmProt,
} from "../types.js";
import { vmMapCopyAdjustToTarget } from "./copy-adjust.js";
import type { VmMapCopyEntryList } from "./copy.js";
import {
  vmMapDelete,
  vmMapZapDispose,
  VM_MAP_REMOVE_IMMUTABLE,
  VM_MAP_REMOVE_TO_OVERWRITE,
  type ZapList,
} from "./delete.js";
import { vmMapCheckFixed, vmMapLocateFixed, vmMapLocateSpace, type Space } from "./find-space.js";
import { vmkFlagsFixed, type VmMapKernelFlags } from "./flags.js";
import type { VmMap } from "./map.js";
import { vmMapExtractDiscard, vmMapRemapExtract, type Extracted } from "./remap-extract.js";
import type { EntryList } from "./store/list.js";
import { vmMapWireNested } from "./wire.js";

/** What vmMapRemap is asked to map where. Addresses are page aligned. */
export interface RemapRequest {
  /** The address for a fixed mapping, else the hint. */
  readonly address: VmOffset;
  readonly mask?: number;
  readonly flags: VmMapKernelFlags;
  readonly sourceMap: VmMap;
  readonly sourceAddress: VmOffset;
  readonly size: number;
  /** A copy of the memory, or the memory itself. */
  readonly copy: boolean;
  readonly inheritance: VmInherit;
  /** Rights of every new entry, which the source must allow; null: each keeps its own. */
  readonly required?: { readonly cur: VmProt; readonly max: VmProt } | null;
  /** For VM_PROT_COPY: the protection asked for. */
  readonly protectCopy?: VmProt;
}

/** Where it is mapped now, and the rights all of it has. */
export interface Remapped {
  readonly address: VmOffset;
  readonly cur: VmProt;
  readonly max: VmProt;
}

/**
 * Map memory a second time, in the same map or another, shared or copied. XNU: vm_map_remap. The
 * source's wirings stay with the source. Where the maps' page sizes differ, memory that does not fit the
 * target's pages is shared with what lies around it, or copied.
 * @returns as vmMapRemapExtract for the source; KERN_NO_SPACE when the target is occupied or full,
 *   KERN_INVALID_ADDRESS outside the map. What a fixed target overwrote is gone even on failure.
 * Locks: takes the source map exclusively, then the target.
 */
export function* vmMapRemap(map: VmMap, request: RemapRequest): Blocking<KernResult<Remapped>> {
  const { flags, sourceMap, copy } = request;
  if (flags.resilientMedia && !copy) return { kr: KERN_INVALID_ARGUMENT };
  if (request.size === 0) return { kr: KERN_INVALID_ARGUMENT };
  const extracted = yield* vmMapRemapExtract(sourceMap, {
    start: request.sourceAddress,
    size: request.size,
    copy,
    inheritance: request.inheritance,
    required: request.required ?? null,
    otherMap: sourceMap !== map,
    ...(request.protectCopy === undefined ? {} : { protectCopy: request.protectCopy }),
  });
  if (extracted.kr !== KERN_SUCCESS) return extracted;

  const fitting = yield* fit(map, sourceMap, extracted, request.size, copy);
  if (fitting.kr !== KERN_SUCCESS) return fitting;
  const { size } = fitting;
  const space = yield* vmMapPlaceEntries(map, { ...request, size }, fitting.entries);
  if (space.kr !== KERN_SUCCESS) return space;
  const only = flags.resilientCodesign ? VM_PROT_READ : VM_PROT_ALL;
  const rights = request.required ?? extracted;
  const { address } = space;
  if (map.wiringRequired) {
    const end = (address + size) as VmOffset;
    const kr = yield* vmMapWireNested(map, address, end, rights.cur & only, true);
    if (kr !== KERN_SUCCESS) return { kr };
  }
  const shown = (address + fitting.inPage) as VmOffset;
  return { kr: KERN_SUCCESS, address: shown, cur: rights.cur & only, max: rights.max & only };
}

/** Entries that fit the target's pages, and where in the first of them the memory asked for begins. */
interface Fitting {
  readonly entries: EntryList;
  readonly size: number;
  readonly inPage: number;
}

function* fit(
  map: VmMap,
  sourceMap: VmMap,
  extracted: Extracted,
  size: number,
  asCopy: boolean,
): Blocking<KernResult<Fitting>> {
  const { entries } = extracted;
  if (map.pageShift === sourceMap.pageShift) return { kr: KERN_SUCCESS, entries, size, inPage: 0 };
  const copy: VmMapCopyEntryList = {
    type: "entryList",
    offset: 0 as VmOffset,
    size,
    pageShift: sourceMap.pageShift,
    entries,
  };
  const adjusted = yield* vmMapCopyAdjustToTarget(copy, 0, size, map, asCopy);
  yield* vmMapExtractDiscard(entries);
  if (adjusted.kr !== KERN_SUCCESS) return adjusted;
  const { overmapStart } = adjusted;
  const total = alignUp(adjusted.copy.entries.last?.end ?? size, map.pageSize);
  return {
    kr: KERN_SUCCESS,
    entries: adjusted.copy.entries,
    size: total,
    inPage: overmapStart,
  };
}

/** Where entries go. */
export type PlacementOfEntries = Pick<
  RemapRequest,
  "address" | "mask" | "flags" | "protectCopy"
> & {
  readonly size: number;
};

/**
 * Link entries that begin at address 0 into the map, with their references. On failure they are
 * discarded, and what a fixed place overwrote is gone.
 * @returns KERN_NO_SPACE; KERN_INVALID_ADDRESS outside the map
 * Locks: takes the map exclusively.
 */
export function* vmMapPlaceEntries(
  map: VmMap,
  request: PlacementOfEntries,
  entries: EntryList,
): Blocking<KernResult<{ address: VmOffset }>> {
  const zap: ZapList = [];
  map.lockExclusive();
  const space = yield* locate(map, request, zap);
  if (space.kr === KERN_SUCCESS) place(map, space, entries, request.flags);
  map.unlockExclusive();
  yield* vmMapZapDispose(zap);
  if (space.kr === KERN_SUCCESS) return { kr: KERN_SUCCESS, address: space.address };
  yield* vmMapExtractDiscard(entries);
  return { kr: space.kr === KERN_MEMORY_PRESENT ? KERN_NO_SPACE : space.kr };
}

/** XNU: vm_map_remap_range_allocate. */
function* locate(
  map: VmMap,
  request: PlacementOfEntries,
  zap: ZapList,
): Blocking<KernResult<Space>> {
  const { address, size, flags } = request;
  const mask = request.mask ?? 0;
  if (!flags.fixed) return yield* vmMapLocateSpace(map, size, mask, flags, address);
  const kr = vmMapCheckFixed(map, address, size, mask, flags);
  if (kr !== KERN_SUCCESS) return { kr };
  if (flags.overwrite) {
    const permanent = request.protectCopy === undefined ? 0 : VM_MAP_REMOVE_IMMUTABLE;
    const remove = VM_MAP_REMOVE_TO_OVERWRITE | permanent;
    const deleted = yield* vmMapDelete(map, address, (address + size) as VmOffset, remove, zap);
    if (deleted.kr !== KERN_SUCCESS) return { kr: deleted.kr };
  }
  return vmMapLocateFixed(map, address, size);
}

function place(map: VmMap, space: Space, entries: EntryList, flags: VmMapKernelFlags): void {
  let after = space.after;
  for (const entry of entries) {
    entries.remove(entry);
    if (flags.resilientCodesign) {
      entry.protection = VM_PROT_READ;
      entry.maxProtection = VM_PROT_READ;
      entry.resilientCodesign = true;
    }
    entry.start = (entry.start + space.address) as VmOffset;
    entry.end = (entry.end + space.address) as VmOffset;
    entry.mapAligned = map.isExotic;
    map.link(after, entry);
    after = entry;
  }
}

/**
 * Replace [start, end) by a copy-on-write copy of itself that may be written, for vm_protect with
 * VM_PROT_COPY. XNU: the VM_PROT_COPY part of vm_map_protect.
 * @param prot READ, WRITE, EXECUTE as asked for
 */
export function* vmMapProtectCopy(
  map: VmMap,
  start: VmOffset,
  end: VmOffset,
  prot: VmProt,
): Blocking<KernReturn> {
  if (start >= map.maxOffset) return KERN_INVALID_ADDRESS;
  if ((prot & VM_PROT_EXECUTE) !== 0 && !map.isKernel && !map.isAlien) {
    return KERN_PROTECTION_FAILURE;
  }
  const remapped = yield* vmMapRemap(map, {
    address: start,
    flags: vmkFlagsFixed({ overwrite: true }),
    sourceMap: map,
    sourceAddress: start,
    size: end - start,
    copy: true,
    inheritance: VM_INHERIT_DEFAULT,
    protectCopy: prot,
  });
  return remapped.kr;
}
