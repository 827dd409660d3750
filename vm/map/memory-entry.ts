import { check } from "../../emulator/arch/check.js";
import { alignUp } from "../address.js";
import type { Blocking } from "../blocking.js";
import {
  MEMORY_OBJECT_COPY_NONE,
  VM_LEDGER_TAG_DEFAULT,
  VM_PURGABLE_NONVOLATILE,
  vmObjectAllocate,
  vmObjectOwnershipChange,
  vmObjectReference,
  vmObjectTakeOwnership,
} from "../object/index.js";
import {
  KERN_INVALID_ARGUMENT,
  KERN_PROTECTION_FAILURE,
  KERN_SUCCESS,
  VM_INHERIT_SHARE,
  VM_PROT_ALL,
  type KernResult,
  type VmOffset,
  type VmProt,
} from "../types.js";
import { newEntryListCopy } from "./copy.js";
import { vmMapCopyinInternal, VM_MAP_COPYIN_ENTRY_LIST } from "./copyin.js";
import { vmMapReference, type VmMap } from "./map.js";
import { VmNamedEntry, vmNamedEntryRelease, type NamedEntryBacking } from "./named-entry.js";
import { creatingTask } from "./owner.js";
import { vmMapRemapExtract } from "./remap-extract.js";

/** A memory entry, and how many bytes of it the caller gets. */
export type MadeEntry = KernResult<{ readonly entry: VmNamedEntry; readonly size: number }>;

/** What a memory entry is to allow. */
export interface EntryRights {
  readonly prot: VmProt;
  /** As much of `prot` as there is, rather than all or nothing. */
  readonly isMask: boolean;
}

/** What fresh memory with a handle is to be. */
export interface CreatedMemory {
  readonly purgable: boolean;
  /** Users may map it, and not change its purgeable state. */
  readonly purgeableOnlyByKernel: boolean;
  /** Charged to the task that asks for it, wherever it is mapped. */
  readonly ledgerTagged: boolean;
}

/** Fresh memory with a handle. XNU: mach_make_memory_entry_named_create. @param size whole pages */
export function makeNamedCreate(
  map: VmMap,
  size: number,
  rights: EntryRights,
  { purgable, purgeableOnlyByKernel, ledgerTagged }: CreatedMemory,
): MadeEntry {
  const object = vmObjectAllocate(map.context, size);
  object.trueShare = true;
  object.copyStrategy = MEMORY_OBJECT_COPY_NONE;
  const owner = creatingTask(map);
  if (purgable) {
    object.purgable = VM_PURGABLE_NONVOLATILE;
    object.purgeableOnlyByKernel = purgeableOnlyByKernel;
    vmObjectTakeOwnership(object, owner);
  }
  if (ledgerTagged) {
    const kr = vmObjectOwnershipChange(object, { owner, tag: VM_LEDGER_TAG_DEFAULT });
    check(kr === KERN_SUCCESS, "fresh memory cannot be owned", kr);
  }
  const entry = new VmNamedEntry({ kind: "object", object }, 0, size, rights.prot);
  return { kr: KERN_SUCCESS, entry, size };
}

/** A copy of mapped memory. XNU: mach_make_memory_entry_copy. @returns as vmMapCopyinInternal */
export function* makeCopyEntry(
  map: VmMap,
  start: VmOffset,
  size: number,
  rights: EntryRights,
  dataOffset: number,
): Blocking<MadeEntry> {
  const made = yield* vmMapCopyinInternal(map, start, size, VM_MAP_COPYIN_ENTRY_LIST);
  if (made.kr !== KERN_SUCCESS) return made;
  if (made.copy?.type !== "entryList") return { kr: KERN_INVALID_ARGUMENT };
  const held = newEntryListCopy(0 as VmOffset, size, map.pageShift);
  for (const entry of made.copy.entries) {
    made.copy.entries.remove(entry);
    entry.start = (entry.start - start) as VmOffset;
    entry.end = (entry.end - start) as VmOffset;
    held.entries.append(entry);
  }
  const entry = new VmNamedEntry({ kind: "copy", copy: held }, 0, size, rights.prot, dataOffset);
  return { kr: KERN_SUCCESS, entry, size: size - dataOffset };
}

/**
 * Memory shared with who maps it already. XNU: mach_make_memory_entry_share.
 * @param everything go on where the memory changes, and be a copy entry even if it does not; otherwise
 *   the entry ends there
 * @param parent reuse it if it names the same memory
 * @returns KERN_PROTECTION_FAILURE where the mapping gives less than is asked for; as
 *   vmMapRemapExtract
 */
export function* makeSharedEntry(
  map: VmMap,
  start: VmOffset,
  size: number,
  { prot, isMask }: EntryRights,
  dataOffset: number,
  everything: boolean,
  parent: VmNamedEntry | null,
): Blocking<MadeEntry> {
  const denied = isMask ? null : { cur: prot, max: prot };
  const extracted = yield* vmMapRemapExtract(map, {
    start,
    size,
    copy: false,
    inheritance: VM_INHERIT_SHARE,
    required: denied,
    singleObject: !everything,
  });
  if (extracted.kr !== KERN_SUCCESS) return extracted;
  const { entries } = extracted;
  const given = isMask ? prot & extracted.cur & VM_PROT_ALL : prot;
  const held = newEntryListCopy(0 as VmOffset, extracted.size, map.pageShift);
  for (const entry of entries) {
    entries.remove(entry);
    held.entries.append(entry);
  }
  const only = held.entries.first;
  let backing: NamedEntryBacking = { kind: "copy", copy: held };
  let offset = 0;
  if (!everything && only !== null && only === held.entries.last && only.object !== null) {
    backing = { kind: "object", object: only.object };
    ({ offset } = only);
  }
  const entry = new VmNamedEntry(backing, offset, extracted.size, given, dataOffset);
  if (given === 0) return yield* refuse(entry);
  if (parent !== null && isSameMemory(parent, entry)) {
    yield* vmNamedEntryRelease(entry);
    parent.refCount += 1;
    return { kr: KERN_SUCCESS, entry: parent, size: extracted.size - dataOffset };
  }
  return { kr: KERN_SUCCESS, entry, size: extracted.size - dataOffset };
}

function* refuse(entry: VmNamedEntry): Blocking<MadeEntry> {
  yield* vmNamedEntryRelease(entry);
  return { kr: KERN_PROTECTION_FAILURE };
}

function isSameMemory(a: VmNamedEntry, b: VmNamedEntry): boolean {
  return (
    a.backing.kind === "object" &&
    b.backing.kind === "object" &&
    a.backing.object === b.backing.object &&
    a.offset === b.offset &&
    a.size === b.size &&
    a.dataOffset === b.dataOffset &&
    a.protection === b.protection
  );
}

/**
 * Part of what another entry names. XNU: mach_make_memory_entry_generic.
 * @param offset,size whole pages, from the parent's start
 * @returns KERN_INVALID_ARGUMENT beyond the parent; KERN_PROTECTION_FAILURE for more than it gives
 */
export function makeEntryFromParent(
  map: VmMap | null,
  parent: VmNamedEntry,
  offset: number,
  size: number,
  { prot, isMask }: EntryRights,
  dataOffset: number,
): MadeEntry {
  const { backing } = parent;
  if (backing.kind === "copy") return { kr: KERN_INVALID_ARGUMENT };
  const given = isMask ? prot & parent.protection & VM_PROT_ALL : prot;
  if ((given & parent.protection) !== given) return { kr: KERN_PROTECTION_FAILURE };
  const whole = alignUp(size, map?.pageSize ?? 1);
  if (offset + whole > parent.size) return { kr: KERN_INVALID_ARGUMENT };
  if (backing.kind === "object") vmObjectReference(backing.object);
  else vmMapReference(backing.map);
  const entry = new VmNamedEntry(backing, parent.offset + offset, whole, given, dataOffset);
  return { kr: KERN_SUCCESS, entry, size: whole - dataOffset };
}
