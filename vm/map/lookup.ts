import { check } from "../../emulator/arch/check.js";
import { alignDown } from "../address.js";
import type { VmObject } from "../object/object.js";
import type { PagerFaultInfo } from "../object/pager.js";
import { PMAP_OPTIONS_ALT_ACCT } from "../pmap/index.js";
import {
  KERN_INVALID_ADDRESS,
  KERN_NOT_SUPPORTED,
  KERN_PROTECTION_FAILURE,
  KERN_SUCCESS,
  PAGE_SIZE,
  VM_PROT_ALL,
  VM_PROT_COPY,
  VM_PROT_COPY_FAIL_IF_EXECUTABLE,
  VM_PROT_EXECUTE,
  VM_PROT_IS_MASK,
  VM_PROT_READ,
  VM_PROT_WRITE,
  type KernError,
  type VmOffset,
  type VmProt,
  type VmTag,
} from "../types.js";
import type { VmMapEntry } from "./entry.js";
import { vmMapEntryAllocateObject, vmMapEntryShadow } from "./entry-object.js";
import { vmMapEntryAt } from "./find.js";
import type { VmMap } from "./map.js";
import { vmMapLookupSubmapCopy } from "./submap.js";

/** What a fault learns from the entry (struct vm_object_fault_info). */
export interface VmFaultInfo extends PagerFaultInfo {
  readonly userTag: VmTag;
  readonly noCache: boolean;
  readonly noCopyOnRead: boolean;
  readonly resilientMedia: boolean;
  /** JIT or resilient to code signing: page signatures are not checked. */
  readonly csBypass: boolean;
  /** PMAP_OPTIONS_* bits that follow from how the entry is accounted. */
  readonly pmapOptions: number;
}

/** Result of the fault's lookup. `map` is the map now held shared (a submap, after a descent). */
export type FaultLookup =
  | {
      readonly kr: typeof KERN_SUCCESS;
      readonly map: VmMap;
      /** Whose pmap gets the translation. */
      readonly realMap: VmMap;
      readonly entry: VmMapEntry;
      /** Returned locked exclusively; the map's reference keeps it alive. */
      readonly object: VmObject;
      /** Byte offset of the page in `object`. */
      readonly offset: number;
      /** What may be entered into the pmap; without WRITE while a copy is still pending. */
      readonly prot: VmProt;
      /** The entry is wired: treat the access as one for all of `prot`. */
      readonly wired: boolean;
      readonly faultInfo: VmFaultInfo;
      /** `map.timestamp`, for vmMapVerify after the locks were let go. */
      readonly version: number;
    }
  | { readonly kr: KernError; readonly map: VmMap }
  | MustSleep;

/**
 * A copy-on-write submap has to be copied first, which may sleep: with no lock held call
 * vmMapSubmapCopySlowly for the address, then look up again.
 */
export interface MustSleep {
  readonly kr: typeof KERN_NOT_SUPPORTED;
  readonly map: VmMap;
  readonly mustSleep: true;
}

/**
 * Find what backs an address, for a fault. A pending copy is resolved here (the entry gets a shadow
 * object) when the access writes, is forced to copy, or the entry is wired; an entry without an
 * object gets one. XNU: vm_map_lookup_and_lock_object.
 * @param faultType access wanted, with VM_PROT_COPY to force the copy
 * @returns KERN_INVALID_ADDRESS when nothing is mapped, KERN_PROTECTION_FAILURE when the entry
 *   denies the access; nothing is created on a refusal
 * Locks: `map` held shared by the caller exactly once; `result.map` is held shared on return, and
 * `result.object` exclusively on success. The map lock is upgraded while an entry changes.
 */
export function vmMapLookupAndLockObject(map: VmMap, va: VmOffset, faultType: VmProt): FaultLookup {
  const maskProtections = (faultType & VM_PROT_IS_MASK) !== 0;
  const forceCopy = (faultType & VM_PROT_COPY) !== 0;
  const failIfExecutable = (faultType & VM_PROT_COPY_FAIL_IF_EXECUTABLE) !== 0;
  let access = faultType & VM_PROT_ALL;
  const address = alignDown(va, Math.min(map.pageSize, PAGE_SIZE));

  const found = findLeaf(map, address, access, forceCopy, failIfExecutable);
  if (found.kr !== KERN_SUCCESS) return found;
  const { map: leafMap, realMap, entry, address: leafAddress, unresolvedCopy } = found;

  let prot = entry.protection;
  if (maskProtections) {
    access &= prot;
    if (access === 0) return { kr: KERN_PROTECTION_FAILURE, map: leafMap };
  }
  if ((access & prot) !== access) {
    // Execute-only pages are fetched with READ | EXECUTE.
    const fetch = VM_PROT_READ | VM_PROT_EXECUTE;
    if (!(prot === VM_PROT_EXECUTE && access === fetch)) {
      return { kr: KERN_PROTECTION_FAILURE, map: leafMap };
    }
  }

  const wired = entry.wiredCount !== 0;
  if (wired) access = prot;

  if (entry.needsCopy) {
    if ((access & VM_PROT_WRITE) !== 0 || wired || forceCopy) {
      leafMap.lockUpgrade();
      vmMapEntryShadow(leafMap, entry);
      leafMap.lockDowngrade();
    }
    if ((access & VM_PROT_WRITE) === 0 && !wired) prot &= ~VM_PROT_WRITE;
  }
  if (unresolvedCopy) prot &= ~VM_PROT_WRITE;

  if (entry.object === null) {
    leafMap.lockUpgrade();
    vmMapEntryAllocateObject(leafMap, entry);
    leafMap.lockDowngrade();
  }
  const object = entry.object;
  check(object !== null, "entry without an object after lookup", entry);
  object.lock.lockExclusive();
  return {
    kr: KERN_SUCCESS,
    map: leafMap,
    realMap,
    entry,
    object,
    offset: leafAddress - entry.start + entry.offset,
    prot,
    wired,
    faultInfo: faultInfoOf(entry),
    version: leafMap.timestamp,
  };
}

export function faultInfoOf(entry: VmMapEntry): VmFaultInfo {
  return {
    behavior: entry.behavior,
    loOffset: entry.offset,
    hiOffset: entry.end - entry.start + entry.offset,
    clusterSize: 0,
    userTag: entry.alias,
    noCache: entry.noCache,
    noCopyOnRead: entry.noCopyOnRead,
    resilientMedia: entry.resilientMedia,
    csBypass: entry.usedForJit || entry.resilientCodesign,
    pmapOptions: entry.iokitAcct || !entry.usePmap ? PMAP_OPTIONS_ALT_ACCT : 0,
  };
}

type LeafLookup =
  | {
      readonly kr: typeof KERN_SUCCESS;
      readonly map: VmMap;
      readonly realMap: VmMap;
      readonly entry: VmMapEntry;
      readonly address: VmOffset;
      /** A submap marked needs-copy was passed through by a read. */
      readonly unresolvedCopy: boolean;
    }
  | { readonly kr: KernError; readonly map: VmMap }
  | MustSleep;

/** Walk down submaps to the entry that maps memory. */
function findLeaf(
  top: VmMap,
  va: VmOffset,
  access: VmProt,
  forceCopy: boolean,
  failIfExecutable: boolean,
): LeafLookup {
  let map = top;
  let realMap = top;
  let address = va;
  let unresolvedCopy = false;
  for (;;) {
    map.lock.assertHeld();
    const hint = map.hint;
    const hinted = hint !== null && address >= hint.start && address < hint.end;
    const entry = hinted ? hint : vmMapEntryAt(map, address);
    if (entry === null) return { kr: KERN_INVALID_ADDRESS, map };
    const submap = entry.submap;
    if (submap === null) return { kr: KERN_SUCCESS, map, realMap, entry, address, unresolvedCopy };

    if (entry.needsCopy && ((access & VM_PROT_WRITE) !== 0 || forceCopy)) {
      const kr = vmMapLookupSubmapCopy(map, entry, address, failIfExecutable);
      if (kr === "mustSleep") return { kr: KERN_NOT_SUPPORTED, map, mustSleep: true };
      if (kr !== KERN_SUCCESS) return { kr, map };
      continue; // the entry maps an object now
    }
    if (entry.needsCopy) unresolvedCopy = true;
    if (entry.usePmap && (access & VM_PROT_WRITE) === 0 && !forceCopy) realMap = submap;
    address = (address - entry.start + entry.offset) as VmOffset;
    submap.lockShared();
    map.unlockShared();
    map = submap;
  }
}

export { vmMapEntryAt, vmMapLookupEntry, vmMapLookupEntryOrNext, vmMapVerify } from "./find.js";
