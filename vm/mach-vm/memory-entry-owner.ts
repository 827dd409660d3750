import {
  isOwnedMemory,
  VM_LEDGER_FLAGS,
  VM_LEDGER_TAG_MAX,
  VM_LEDGER_TAG_NETWORK,
  vmObjectOwnershipChange,
  type VmTask,
} from "../object/ownership.js";
import type { VmObject } from "../object/object.js";
import {
  VM_PURGABLE_ALL_MASKS,
  VM_PURGABLE_GET_STATE,
  VM_PURGABLE_SET_STATE,
  vmObjectPurgableControl,
  type PurgableResult,
} from "../object/purgeable.js";
import { KERN_INVALID_ARGUMENT, KERN_NO_ACCESS, KERN_SUCCESS, type KernReturn } from "../types.js";
import type { VmNamedEntry } from "../map/named-entry.js";

/** The pieces of an entry's memory; null for what was never touched. */
interface Piece {
  readonly object: VmObject | null;
  readonly offset: number;
  readonly size: number;
}

function piecesOf({ backing, offset, size }: VmNamedEntry): readonly Piece[] {
  if (backing.kind === "submap") return [];
  if (backing.kind === "object") return [{ object: backing.object, offset, size }];
  return Array.from(backing.copy.entries, (entry) => ({
    object: entry.object,
    offset: entry.offset,
    size: entry.end - entry.start,
  }));
}

/** Everything the handle names is owned memory. XNU: is_fully_owned of struct vm_named_entry. */
export function vmNamedEntryIsFullyOwned(entry: VmNamedEntry): boolean {
  const pieces = piecesOf(entry);
  return (
    pieces.length > 0 && pieces.every(({ object }) => object !== null && isOwnedMemory(object))
  );
}

/** Who wants to change the owner of memory, and may he do more than take it (an entitlement in XNU)? */
export interface OwnershipRequest {
  readonly current: VmTask;
  readonly mayTransfer: boolean;
}

/**
 * Give the memory behind a handle to a task, or charge it as something else. XNU:
 * mach_memory_entry_ownership.
 * @param owner null is a port that names no task
 * @param tag VM_LEDGER_TAG_*
 * @param flags VM_LEDGER_FLAG_*
 * @returns KERN_NO_ACCESS to give it to another task, or to keep it out of the footprint, without the right
 *   to; KERN_INVALID_ARGUMENT for unknown flags and tags, for a handle of a submap or of memory that has no
 *   owner, and for one that does not name whole anonymous objects; as vmObjectOwnershipChange
 */
export function machMemoryEntryOwnership(
  entry: VmNamedEntry | null,
  owner: VmTask | null,
  tag: number,
  flags: number,
  { current, mayTransfer }: OwnershipRequest,
): KernReturn {
  const hidesFootprint = flags !== 0 || tag === VM_LEDGER_TAG_NETWORK;
  if ((owner !== current || hidesFootprint) && !mayTransfer) return KERN_NO_ACCESS;
  if ((flags & ~VM_LEDGER_FLAGS) !== 0) return KERN_INVALID_ARGUMENT;
  if (tag < 0 || tag > VM_LEDGER_TAG_MAX) return KERN_INVALID_ARGUMENT;
  if (entry === null || owner === null) return KERN_INVALID_ARGUMENT;
  if (!vmNamedEntryIsFullyOwned(entry)) return KERN_INVALID_ARGUMENT;
  for (const { object, offset, size } of piecesOf(entry)) {
    if (object === null) continue;
    if (object.internal && (offset !== 0 || object.size !== size)) return KERN_INVALID_ARGUMENT;
    const kr = vmObjectOwnershipChange(object, { owner, tag, flags });
    if (kr !== KERN_SUCCESS) return entry.backing.kind === "object" ? kr : KERN_INVALID_ARGUMENT;
  }
  return KERN_SUCCESS;
}

/**
 * Ask for or set the purgeable state of the memory behind a handle, whatever rights the handle gives. XNU:
 * mach_memory_entry_purgable_control.
 * @returns KERN_INVALID_ARGUMENT for no handle, PURGE_ALL, the kernel's own control and unknown state bits,
 *   and for a handle that does not name one whole object; as vmObjectPurgableControl
 */
export function machMemoryEntryPurgableControl(
  entry: VmNamedEntry | null,
  control: number,
  state: number,
): PurgableResult {
  const invalid = { kr: KERN_INVALID_ARGUMENT } as const;
  if (control !== VM_PURGABLE_GET_STATE && control !== VM_PURGABLE_SET_STATE) return invalid;
  const unknownBits = (state & ~VM_PURGABLE_ALL_MASKS) !== 0;
  if (control === VM_PURGABLE_SET_STATE && unknownBits) return invalid;
  if (entry?.backing.kind !== "object") return invalid;
  const { object } = entry.backing;
  if (entry.offset !== 0 || entry.size !== object.size) return invalid;
  return vmObjectPurgableControl(object, control, state);
}
