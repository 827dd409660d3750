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
import { vmMapExtractDiscard, vmMapRemapExtract } from "./remap-extract.js";
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
 * source's wirings stay with the source.
 *
 * Differs from XNU: both maps must have the same page size.
 * @returns as vmMapRemapExtract for the source; KERN_NO_SPACE when the target is occupied or full,
 *   KERN_INVALID_ADDRESS outside the map. What a fixed target overwrote is gone even on failure.
 * Locks: takes the source map exclusively, then the target.
 */
export function* vmMapRemap(map: VmMap, request: RemapRequest): Blocking<KernResult<Remapped>> {
  const { flags, sourceMap, copy } = request;
  if (flags.resilientMedia && !copy) return { kr: KERN_INVALID_ARGUMENT };
  if (request.size === 0 || map.pageShift !== sourceMap.pageShift) {
    return { kr: KERN_INVALID_ARGUMENT };
  }
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

  const zap: ZapList = [];
  map.lockExclusive();
  const space = yield* locate(map, request, zap);
  if (space.kr === KERN_SUCCESS) place(map, space, extracted.entries, flags);
  map.unlockExclusive();
  yield* vmMapZapDispose(zap);
  if (space.kr !== KERN_SUCCESS) {
    yield* vmMapExtractDiscard(extracted.entries);
    return { kr: space.kr === KERN_MEMORY_PRESENT ? KERN_NO_SPACE : space.kr };
  }
  const only = flags.resilientCodesign ? VM_PROT_READ : VM_PROT_ALL;
  const rights = request.required ?? extracted;
  const { address } = space;
  if (map.wiringRequired) {
    const end = (address + request.size) as VmOffset;
    const kr = yield* vmMapWireNested(map, address, end, rights.cur & only, true);
    if (kr !== KERN_SUCCESS) return { kr };
  }
  return { kr: KERN_SUCCESS, address, cur: rights.cur & only, max: rights.max & only };
}

/** XNU: vm_map_remap_range_allocate. */
function* locate(map: VmMap, request: RemapRequest, zap: ZapList): Blocking<KernResult<Space>> {
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
