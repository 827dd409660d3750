import type { VmContext } from "../context.js";
import { vmPageDeactivate } from "../page/queues.js";
import { vmPageFreeUnmapped } from "../page/resident.js";
import type { VmPage } from "../page/page.js";
import {
  KERN_INVALID_ARGUMENT,
  KERN_PROTECTION_FAILURE,
  KERN_SUCCESS,
  type KernError,
} from "../types.js";
import { compressedOffsets, vmObjectDropCompressed } from "./compressed.js";
import {
  VM_PURGABLE_DENY,
  VM_PURGABLE_EMPTY,
  VM_PURGABLE_NONVOLATILE,
  VM_PURGABLE_VOLATILE,
  type VmObject,
} from "./object.js";

/** What vm_purgable_control is asked for (vm_purgable.h). */
export const VM_PURGABLE_SET_STATE = 0;
export const VM_PURGABLE_GET_STATE = 1;
export const VM_PURGABLE_PURGE_ALL = 2;
export const VM_PURGABLE_SET_STATE_FROM_KERNEL = 3;

/** The state word: state, then how a volatile object is queued. */
export const VM_PURGABLE_STATE_MASK = 3;
export const VM_PURGABLE_ORDERING_OBSOLETE = 0x20;
export const VM_PURGABLE_BEHAVIOR_LIFO = 0x40;
export const VM_PURGABLE_DEBUG_EMPTY = 0x1000;
export const VM_PURGABLE_DEBUG_FAULT = 0x2000;
export const VM_PURGABLE_NO_AGING = 0x1_0000;
/** Bits a SET may have. */
export const VM_PURGABLE_ALL_MASKS = 0x1_3773;
const GROUP_SHIFT = 8;
const GROUPS = 8;

const TYPE_OBSOLETE = 0;
const TYPE_FIFO = 1;
const TYPE_LIFO = 2;
type PurgeableType = 0 | 1 | 2;

/** Gives an object of its queue up once as many pages left the inactive queues as there were then. */
interface Token {
  readonly ripeAt: number;
}

/** Volatile objects in the order in which they are emptied. XNU: vm_purgeable.c purgeable_queues. */
export class PurgeableQueues {
  /** By type and group. */
  readonly #objects: VmObject[][][] = Array.from({ length: 3 }, () =>
    Array.from({ length: GROUPS }, () => []),
  );
  readonly #tokens: Token[][] = [[], [], []];
  readonly #where = new Map<VmObject, { readonly type: PurgeableType; readonly group: number }>();
  /** Pages that left the inactive queues, since boot. */
  pagesLeftInactive = 0;

  add(object: VmObject, state: number, inactiveCount: number): void {
    const obsolete = (state & VM_PURGABLE_ORDERING_OBSOLETE) !== 0;
    const lifo = (state & VM_PURGABLE_BEHAVIOR_LIFO) !== 0;
    const type = obsolete ? TYPE_OBSOLETE : lifo ? TYPE_LIFO : TYPE_FIFO;
    const group = obsolete ? 0 : (state >>> GROUP_SHIFT) & (GROUPS - 1);
    const queue = this.#objects[type]![group]!;
    if (lifo && !obsolete) queue.unshift(object);
    else queue.push(object);
    this.#where.set(object, { type, group });
    if ((state & VM_PURGABLE_NO_AGING) !== 0) return;
    const wait = obsolete ? 0 : inactiveCount;
    this.#tokens[type]!.push({ ripeAt: this.pagesLeftInactive + wait });
  }

  remove(object: VmObject): void {
    const at = this.#where.get(object);
    if (at === undefined) return;
    this.#where.delete(object);
    const queue = this.#objects[at.type]![at.group]!;
    queue.splice(queue.indexOf(object), 1);
    // Tokens are anonymous: the oldest of the queue goes with whatever object leaves it.
    this.#tokens[at.type]!.shift();
  }

  /** Objects that are volatile. */
  get objects(): Iterable<VmObject> {
    return this.#where.keys();
  }

  get count(): number {
    return this.#where.size;
  }

  /**
   * The object to empty next. @param forceBelow objects of groups below this even with no ripe token
   */
  choose(forceBelow: number): VmObject | null {
    for (const [type, groups] of this.#objects.entries()) {
      const ripe = this.#hasRipe(type);
      for (const [group, queue] of groups.entries()) {
        const [object] = queue;
        if (object !== undefined && (ripe || group < forceBelow)) return object;
      }
    }
    return null;
  }

  #hasRipe(type: number): boolean {
    const [token] = this.#tokens[type]!;
    return token !== undefined && token.ripeAt <= this.pagesLeftInactive;
  }
}

/** Empty one volatile object. XNU: vm_purgeable_object_purge_one. @returns whether there was one */
export function vmPurgeableObjectPurgeOne(ctx: VmContext, forceBelow: number): boolean {
  if (ctx.purgeable.count === 0) return false;
  const object = ctx.purgeable.choose(forceBelow);
  if (object === null) return false;
  vmObjectPurge(object);
  return true;
}

/** Empty every volatile object. XNU: vm_purgeable_object_purge_all. */
export function vmPurgeableObjectPurgeAll(ctx: VmContext): void {
  for (const object of [...ctx.purgeable.objects]) vmObjectPurge(object);
}

/**
 * Drop the contents of a purgeable object; nothing is written anywhere. Wired pages stay, and pages
 * somebody works on. XNU: vm_object_purge.
 */
export function vmObjectPurge(object: VmObject): void {
  if (object.purgable === VM_PURGABLE_DENY) return;
  const ctx = object.context;
  ctx.purgeable.remove(object);
  object.purgable = VM_PURGABLE_EMPTY;
  for (let page = object.firstPage; page !== null;) {
    const next: VmPage | null = page.listNext;
    if (page.wireCount === 0 && !page.cleaning && !page.absent) purgePage(ctx, page);
    page = next;
  }
  if (object.hasHolds) return;
  for (const offset of compressedOffsets(object)) {
    vmObjectDropCompressed(object, offset);
    ctx.counters.purges += 1;
  }
}

function purgePage(ctx: VmContext, page: VmPage): void {
  if (page.busy && !page.laundry) {
    vmPageDeactivate(ctx, page);
    return;
  }
  vmPageFreeUnmapped(ctx, page);
  ctx.counters.purges += 1;
}

/** The result of a control: the state before, as the state word's lower bits. */
export type PurgableResult =
  { readonly kr: typeof KERN_SUCCESS; readonly state: number } | { readonly kr: KernError };

/**
 * Ask for or change whether an object's contents may be dropped. XNU: vm_object_purgable_control.
 * @param state for SET: the state word
 * @returns KERN_INVALID_ARGUMENT for an object that is not purgeable, and for the state DENY;
 *   KERN_PROTECTION_FAILURE for a user to set what only the kernel may
 */
export function vmObjectPurgableControl(
  object: VmObject,
  control: number,
  state: number,
): PurgableResult {
  const old = object.purgable;
  if (old === VM_PURGABLE_DENY) return { kr: KERN_INVALID_ARGUMENT };
  if (control === VM_PURGABLE_GET_STATE) return { kr: KERN_SUCCESS, state: old };
  if (control === VM_PURGABLE_SET_STATE && object.purgeableOnlyByKernel) {
    return { kr: KERN_PROTECTION_FAILURE };
  }
  if ((state & VM_PURGABLE_DEBUG_FAULT) !== 0) object.volatileFault = true;
  if ((state & VM_PURGABLE_DEBUG_EMPTY) !== 0) object.volatileEmpty = true;
  const { purgeable, pages } = object.context;
  switch (state & VM_PURGABLE_STATE_MASK) {
    case VM_PURGABLE_NONVOLATILE:
      purgeable.remove(object);
      object.purgable = VM_PURGABLE_NONVOLATILE;
      break;
    case VM_PURGABLE_VOLATILE:
      if (old === VM_PURGABLE_EMPTY) break;
      purgeable.remove(object);
      object.purgable = VM_PURGABLE_VOLATILE;
      if (object.volatileEmpty) vmObjectPurge(object);
      else purgeable.add(object, state, pages.inactiveCount);
      break;
    case VM_PURGABLE_EMPTY:
      vmObjectPurge(object);
      break;
    default:
      return { kr: KERN_INVALID_ARGUMENT };
  }
  return { kr: KERN_SUCCESS, state: old };
}
