import { check } from "../../emulator/arch/check.js";
import { alignUp } from "../address.js";
import { runNow } from "../blocking.js";
import type { VmContext } from "../context.js";
import { isStealable, vmPageoutStealLaundry } from "../page/laundry.js";
import { vmPageFreeUnmapped } from "../page/resident.js";
import { PAGE_SIZE, panic } from "../types.js";
import { vmObjectCacheNote } from "./cache.js";
import { vmObjectCleanAndFree } from "./clean.js";
import { vmObjectCollapse } from "./collapse.js";
import { VmObject } from "./object.js";
import { vmObjectReleaseOwnership } from "./ownership.js";

/**
 * Birth, references and death of objects. XNU: vm_object.c vm_object_allocate, vm_object_reference,
 * vm_object_deallocate, vm_object_terminate, vm_object_reap. Nothing here sleeps.
 */

/** A new anonymous object of `size` bytes (rounded up to pages), one reference. */
export function vmObjectAllocate(ctx: VmContext, size: number): VmObject {
  const object = new VmObject(ctx, alignUp(size, PAGE_SIZE));
  ctx.objects.live.add(object);
  return object;
}

/** Take one more reference. */
export function vmObjectReference(object: VmObject): void {
  check(object.refCount > 0, "reference to a dead object", object);
  object.refCount += 1;
  if (!object.named) return;
  const { cache, unmapped } = object.context.objects;
  cache.delete(object);
  unmapped.delete(object);
}

/**
 * Drop one reference. When only the pager's named reference is left the pager hears of the last
 * unmapping; when one is left on an object with a shadow, the shadow is collapsed into it if
 * possible; the last one terminates the object and drops its reference on the shadow, and so on
 * down the chain. XNU: vm_object_deallocate.
 */
export function vmObjectDeallocate(object: VmObject | null): void {
  for (let at = object; at !== null;) {
    if (at.refCount > 1 || at.terminating) {
      dropReference(at);
      return;
    }
    const shadow: VmObject | null = at.shadow;
    if (!terminate(at)) return;
    at = shadow;
  }
}

/** Drop a reference that is not the last. */
function dropReference(object: VmObject): void {
  check(object.refCount > 0, "object over-released", object);
  if (object.refCount === 2 && object.named) object.pager?.lastUnmap();
  object.refCount -= 1;
  if (object.named) vmObjectCacheNote(object);
  if (object.refCount === 1 && object.shadow !== null && !object.terminating) {
    vmObjectCollapse(object, 0, false);
  }
}

/**
 * The last user is gone.
 * @returns true if the object is freed, and the reference it held on its shadow is the caller's to
 *   drop; false if that happens later (somebody does I/O on it) or the object came back to life
 */
function terminate(object: VmObject): boolean {
  const { kernelObject, objects } = object.context;
  if (object === kernelObject) panic("vm_object_terminate of the kernel object");
  if (!object.internal && object.canPersist && object.pager !== null) {
    // Differs from XNU, where this may sleep: pagers cached this way write back at once.
    runNow(vmObjectCleanAndFree(object));
    if (object.terminating || object.refCount !== 1) {
      object.refCount -= 1;
      return false;
    }
  }
  object.terminating = true;
  object.alive = false;
  if (object.shadow?.copy === object) object.shadow.copy = null;
  object.context.purgeable.remove(object);
  stealLaundry(object);
  if (object.hasHolds) {
    objects.reaping.add(object);
    return false;
  }
  reap(object);
  return true;
}

/** What waits to be cleaned need not be: the holds of these pages end. */
function stealLaundry(object: VmObject): void {
  for (let page = object.firstPage; page !== null; page = page.listNext) {
    if (isStealable(page)) vmPageoutStealLaundry(object.context, page);
  }
}

/**
 * An external pager has no use for its object now that nothing maps it: the reaper gives back what is dirty
 * and destroys it. XNU: what a pager does in its last_unmap.
 */
export function vmObjectReleaseUnmapped(object: VmObject): void {
  const { objects } = object.context;
  objects.unmapped.add(object);
  object.context.wakeup(objects.reaperWanted);
}

/** Finish a termination that had to wait for I/O; the reaper's part. XNU: vm_object_reap, and the shadow. */
export function vmObjectReap(object: VmObject): void {
  const { shadow } = object;
  reap(object);
  vmObjectDeallocate(shadow);
}

/** Free everything the object has; nothing is written anywhere. XNU: vm_object_reap. */
function reap(object: VmObject): void {
  check(object.refCount === 1 && !object.hasHolds, "reaping an object in use", object);
  const { context } = object;
  vmObjectReleaseOwnership(object);
  object.refCount = 0;
  object.shadow = null;
  for (let page = object.firstPage; page !== null; page = object.firstPage) {
    vmPageFreeUnmapped(context, page);
  }
  detachPager(object);
  context.objects.live.delete(object);
  context.objects.cache.delete(object);
  context.objects.unmapped.delete(object);
}

/** Unbind the pager and drop the object's reference on it. */
export function detachPager(object: VmObject): void {
  const { pager, context } = object;
  object.pager = null;
  if (pager === null) return;
  context.objects.byPager.delete(pager);
  pager.terminate(object);
  pager.deallocate();
}
