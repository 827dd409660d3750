import type { VmContext } from "../context.js";
import { KERN_INVALID_ARGUMENT, KERN_SUCCESS, type KernError } from "../types.js";
import {
  VM_PURGABLE_DENY,
  VM_PURGABLE_EMPTY,
  VM_PURGABLE_NONVOLATILE,
  VM_PURGABLE_VOLATILE,
  type VmObject,
} from "./object.js";
import { vmPageFreeUnmapped } from "../page/resident.js";

/** What vm_purgable_control is asked for (vm_purgable.h). */
export const VM_PURGABLE_SET_STATE = 0;
export const VM_PURGABLE_GET_STATE = 1;
export const VM_PURGABLE_PURGE_ALL = 2;
export const VM_PURGABLE_SET_STATE_FROM_KERNEL = 3;

export const VM_PURGABLE_STATE_MASK = 3;
/** Bits a SET may have. */
export const VM_PURGABLE_ALL_MASKS = 0x1_3773;

/** The result of a control: the state before, as the state word's lower bits. */
export type PurgableResult =
  | { readonly kr: typeof KERN_SUCCESS; readonly state: number }
  | { readonly kr: KernError };

/** Empty every volatile object. XNU: vm_purgeable_object_purge_all. */
export function vmPurgeableObjectPurgeAll(ctx: VmContext): void {
  for (const object of ctx.objects.live) {
    if (object.purgable === VM_PURGABLE_VOLATILE) vmObjectPurge(object);
  }
}

/** Drop the contents of a purgeable object; wired pages stay. XNU: vm_object_purge. */
export function vmObjectPurge(object: VmObject): void {
  object.purgable = VM_PURGABLE_EMPTY;
  for (const page of [...object.pages.values()]) {
    if (page.wireCount > 0 || page.busy || page.cleaning || page.absent) continue;
    vmPageFreeUnmapped(object.context, page);
    object.context.counters.purges += 1;
  }
}

/**
 * Ask for or change whether an object's contents may be dropped. XNU: vm_object_purgable_control.
 * @param state for SET: the state word
 * @returns KERN_INVALID_ARGUMENT for an object that is not purgeable, and for the state DENY
 */
export function vmObjectPurgableControl(
  object: VmObject,
  control: number,
  state: number,
): PurgableResult {
  const old = object.purgable;
  if (old === VM_PURGABLE_DENY) return { kr: KERN_INVALID_ARGUMENT };
  if (control === VM_PURGABLE_GET_STATE) return { kr: KERN_SUCCESS, state: old };
  switch (state & VM_PURGABLE_STATE_MASK) {
    case VM_PURGABLE_NONVOLATILE:
      object.purgable = VM_PURGABLE_NONVOLATILE;
      break;
    case VM_PURGABLE_VOLATILE:
      if (old !== VM_PURGABLE_EMPTY) object.purgable = VM_PURGABLE_VOLATILE;
      break;
    case VM_PURGABLE_EMPTY:
      vmObjectPurge(object);
      break;
    default:
      return { kr: KERN_INVALID_ARGUMENT };
  }
  return { kr: KERN_SUCCESS, state: old };
}
