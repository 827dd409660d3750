import { check } from "../../emulator/arch/check.js";
import {
  KERN_FAILURE,
  KERN_INVALID_ARGUMENT,
  KERN_SUCCESS,
  PAGE_SIZE,
  type KernReturn,
} from "../types.js";
import { vmObjectCompressedPageCount } from "./compressed.js";
import {
  MEMORY_OBJECT_COPY_NONE,
  VM_PURGABLE_DENY,
  VM_PURGABLE_EMPTY,
  VM_PURGABLE_VOLATILE,
  type VmObject,
} from "./object.js";
import { VnodePager } from "./vnode-pager.js";

/**
 * Whose memory an object is. What is mapped is charged to the address spaces that map it, page by page;
 * purgeable and tagged objects are charged as a whole to one task, their owner, whoever maps them.
 * XNU: vm_object.c vm_object_ownership_change, vm_object_ledger_tag_ledgers.
 */

/** What owned memory is for (mach/memory_entry.h VM_LEDGER_TAG_*). */
export const VM_LEDGER_TAG_NONE = 0;
export const VM_LEDGER_TAG_DEFAULT = 1;
export const VM_LEDGER_TAG_NETWORK = 2;
export const VM_LEDGER_TAG_MEDIA = 3;
export const VM_LEDGER_TAG_GRAPHICS = 4;
export const VM_LEDGER_TAG_NEURAL = 5;
export const VM_LEDGER_TAG_MAX = VM_LEDGER_TAG_NEURAL;
export type LedgerTag = 0 | 1 | 2 | 3 | 4 | 5;

/** The memory is charged to its owner, but is no part of the owner's footprint. */
export const VM_LEDGER_FLAG_NO_FOOTPRINT = 0x1;
export const VM_LEDGER_FLAG_NO_FOOTPRINT_FOR_DEBUG = 0x2;
export const VM_LEDGER_FLAGS = VM_LEDGER_FLAG_NO_FOOTPRINT | VM_LEDGER_FLAG_NO_FOOTPRINT_FOR_DEBUG;

/** What the VM knows of a task: the objects it owns (struct task, task_objq). The kernel is one too. */
export class VmTask {
  readonly objects = new Set<VmObject>();
  /** Its objects went to the kernel, and so will what is still given to it. */
  disowned = false;
}

/** Charged to the owner by object, not to whoever maps it by page: purgeable or tagged. */
export function isOwnedMemory(object: VmObject): boolean {
  return object.purgable !== VM_PURGABLE_DENY || object.ledgerTag !== VM_LEDGER_TAG_NONE;
}

/** Fresh purgeable memory becomes `owner`'s. XNU: vm_purgeable_nonvolatile_enqueue. */
export function vmObjectTakeOwnership(object: VmObject, owner: VmTask): void {
  check(object.owner === null && object.shadow === null, "owned already, or not fresh", object);
  setOwner(object, owner);
}

function setOwner(object: VmObject, owner: VmTask | null): void {
  object.owner?.objects.delete(object);
  object.owner = owner?.disowned === true ? object.context.kernelTask : owner;
  object.owner?.objects.add(object);
}

/** The object dies: it is nobody's any more. */
export function vmObjectReleaseOwnership(object: VmObject): void {
  if (object.owner !== null) setOwner(object, null);
}

/** What vmObjectOwnershipChange is to change; what is left out stays. */
export interface OwnershipChange {
  readonly owner?: VmTask;
  readonly tag?: number;
  readonly flags?: number;
}

/**
 * Give an object to a task, or change what it is charged as. XNU: vm_object_ownership_change.
 * @param change the owner, a VM_LEDGER_TAG_* and VM_LEDGER_FLAG_*; without flags it is part of the footprint
 * @returns KERN_INVALID_ARGUMENT for unknown tags and flags, for memory that would be owned without being
 *   purgeable or tagged, and for external objects but files; KERN_FAILURE for ordinary anonymous memory that
 *   is in use: pages, a pager, a second user or a copy strategy
 */
export function vmObjectOwnershipChange(object: VmObject, change: OwnershipChange): KernReturn {
  const { flags = 0 } = change;
  const tag = asTag(change.tag ?? object.ledgerTag);
  if (tag === null || (flags & ~VM_LEDGER_FLAGS) !== 0) return KERN_INVALID_ARGUMENT;
  const purgeable = object.purgable !== VM_PURGABLE_DENY;
  const owner = change.owner ?? object.owner;
  if (owner !== null) {
    if (!purgeable && tag === VM_LEDGER_TAG_NONE) return KERN_INVALID_ARGUMENT;
    if (!object.internal && !(object.pager instanceof VnodePager)) return KERN_INVALID_ARGUMENT;
  }
  if (object.internal && !isOwnedMemory(object) && (owner === null || !isUnused(object))) {
    return KERN_FAILURE;
  }
  object.ledgerTag = tag;
  object.noFootprint = flags !== 0;
  if (owner !== object.owner) setOwner(object, owner);
  return KERN_SUCCESS;
}

function asTag(tag: number): LedgerTag | null {
  switch (tag) {
    case VM_LEDGER_TAG_NONE:
    case VM_LEDGER_TAG_DEFAULT:
    case VM_LEDGER_TAG_NETWORK:
    case VM_LEDGER_TAG_MEDIA:
    case VM_LEDGER_TAG_GRAPHICS:
    case VM_LEDGER_TAG_NEURAL:
      return tag;
    default:
      return null;
  }
}

/** Nobody was charged for any of it yet. */
function isUnused(object: VmObject): boolean {
  return (
    object.residentPageCount === 0 &&
    object.pager === null &&
    !object.pagerCreated &&
    object.refCount === 1 &&
    object.owner === null &&
    object.copyStrategy === MEMORY_OBJECT_COPY_NONE
  );
}

/** The task ends: what it owns is the kernel's from now on. XNU: vm_owned_objects_disown. */
export function vmOwnedObjectsDisown(task: VmTask): void {
  task.disowned = true;
  for (const object of [...task.objects]) setOwner(object, object.context.kernelTask);
}

/** What is in memory and what the compressor has, in bytes. */
export interface LedgerAmount {
  resident: number;
  compressed: number;
}

/** What a task is charged for the objects it owns, in bytes of VM pages (kern/task.c task_ledgers). */
export interface OwnedLedger {
  readonly purgeableVolatile: LedgerAmount;
  readonly purgeableNonvolatile: LedgerAmount;
  readonly networkVolatile: LedgerAmount;
  readonly networkNonvolatile: LedgerAmount;
  readonly taggedFootprint: LedgerAmount;
  readonly taggedNofootprint: LedgerAmount;
  readonly mediaFootprint: LedgerAmount;
  readonly mediaNofootprint: LedgerAmount;
  readonly graphicsFootprint: LedgerAmount;
  readonly graphicsNofootprint: LedgerAmount;
  readonly neuralFootprint: LedgerAmount;
  readonly neuralNofootprint: LedgerAmount;
  /** The part of it that the task's footprint includes. */
  readonly footprint: number;
}

type OwnedEntry = Exclude<keyof OwnedLedger, "footprint">;

/** By tag: what is charged while it may be dropped, what otherwise, and what if no footprint is wanted. */
const ENTRIES: Readonly<Record<LedgerTag, readonly [OwnedEntry, OwnedEntry, OwnedEntry]>> = {
  [VM_LEDGER_TAG_NONE]: ["purgeableVolatile", "purgeableNonvolatile", "purgeableNonvolatile"],
  [VM_LEDGER_TAG_DEFAULT]: ["taggedNofootprint", "taggedFootprint", "taggedNofootprint"],
  [VM_LEDGER_TAG_NETWORK]: ["networkVolatile", "networkNonvolatile", "networkNonvolatile"],
  [VM_LEDGER_TAG_MEDIA]: ["mediaNofootprint", "mediaFootprint", "mediaNofootprint"],
  [VM_LEDGER_TAG_GRAPHICS]: ["graphicsNofootprint", "graphicsFootprint", "graphicsNofootprint"],
  [VM_LEDGER_TAG_NEURAL]: ["neuralNofootprint", "neuralFootprint", "neuralNofootprint"],
};

/** Network memory never counts; untagged memory always does. */
function countsInFootprint({ ledgerTag, noFootprint }: VmObject): boolean {
  if (ledgerTag === VM_LEDGER_TAG_NONE) return true;
  return ledgerTag !== VM_LEDGER_TAG_NETWORK && !noFootprint;
}

/**
 * What a task is charged for what it owns, added up now. Wired pages of volatile memory cannot be dropped,
 * so they count as the rest does. XNU keeps these in ledgers: vm_purgeable_accounting.
 */
export function vmOwnedLedger(task: VmTask): OwnedLedger {
  const none = (): LedgerAmount => ({ resident: 0, compressed: 0 });
  const ledger = {
    purgeableVolatile: none(),
    purgeableNonvolatile: none(),
    networkVolatile: none(),
    networkNonvolatile: none(),
    taggedFootprint: none(),
    taggedNofootprint: none(),
    mediaFootprint: none(),
    mediaNofootprint: none(),
    graphicsFootprint: none(),
    graphicsNofootprint: none(),
    neuralFootprint: none(),
    neuralNofootprint: none(),
    footprint: 0,
  };
  for (const object of task.objects) {
    const { purgable } = object;
    const counts = countsInFootprint(object);
    const [whenVolatile, footprint, nofootprint] = ENTRIES[object.ledgerTag];
    const kept = ledger[counts ? footprint : nofootprint];
    const volatile = purgable === VM_PURGABLE_VOLATILE || purgable === VM_PURGABLE_EMPTY;
    const idle = (object.residentPageCount - object.wiredPageCount) * PAGE_SIZE;
    const wired = object.wiredPageCount * PAGE_SIZE;
    const compressed = vmObjectCompressedPageCount(object) * PAGE_SIZE;
    const rest = volatile ? ledger[whenVolatile] : kept;
    kept.resident += wired;
    rest.resident += idle;
    rest.compressed += compressed;
    if (counts) ledger.footprint += wired + (volatile ? 0 : idle + compressed);
  }
  return ledger;
}
