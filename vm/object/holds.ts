import { check } from "../../emulator/arch/check.js";
import {
  THREAD_AWAKENED,
  THREAD_INTERRUPTED,
  type Blocking,
  type Interruptible,
  type WaitResult,
} from "../blocking.js";
import type { VmObject } from "./object.js";

/**
 * Holds keep an object from being collapsed or freed while somebody works on its pages without
 * holding its lock: paging holds for I/O on a page, activity holds for anything else. XNU:
 * vm_object_xnu_internal.h vm_object_paging_begin and its neighbours. Whoever waits for an event of
 * an object sleeps on the object itself and looks again when woken.
 */

/** Page-ins of one external object that may be under way at once (vm_object_pagein_throttle). */
export const VM_OBJECT_PAGEIN_THROTTLE = 16;

export function vmObjectPagingBegin(object: VmObject): void {
  object.pagingInProgress += 1;
}

/** Drop a paging hold. A terminated object is the reaper's from now on. */
export function vmObjectPagingEnd(object: VmObject): void {
  check(object.pagingInProgress > 0, "paging hold not held", object);
  object.pagingInProgress -= 1;
  holdDropped(object);
}

export function vmObjectActivityBegin(object: VmObject): void {
  object.activityInProgress += 1;
}

/** Drop an activity hold. A terminated object is the reaper's from now on. */
export function vmObjectActivityEnd(object: VmObject): void {
  check(object.activityInProgress > 0, "activity hold not held", object);
  object.activityInProgress -= 1;
  holdDropped(object);
}

function holdDropped(object: VmObject): void {
  const { context } = object;
  context.wakeup(object);
  const { reaping, unmapped, reaperWanted } = context.objects;
  if (object.hasHolds || (reaping.size === 0 && unmapped.size === 0)) return;
  if (reaping.has(object) || unmapped.has(object)) context.wakeup(reaperWanted);
}

/** Sleep once on an event of the object. */
function* sleep(
  object: VmObject,
  interruptible: Interruptible,
  reason: string,
): Blocking<WaitResult> {
  object.lock.assertNotHeld();
  return yield { channel: object, interruptible, reason };
}

/**
 * Wait until nobody holds the object. XNU: vm_object_paging_wait, vm_object_activity_wait.
 * @returns THREAD_INTERRUPTED if the wait was broken
 */
export function* vmObjectPagingWait(
  object: VmObject,
  interruptible: Interruptible,
): Blocking<WaitResult> {
  while (object.hasHolds) {
    const result = yield* sleep(object, interruptible, "object paging in progress");
    if (result === THREAD_INTERRUPTED) return result;
  }
  return THREAD_AWAKENED;
}

/** Wait until fewer page-ins than the throttle allows are under way. */
export function* vmObjectPagingSpaceWait(
  object: VmObject,
  interruptible: Interruptible,
): Blocking<WaitResult> {
  while (object.pagingInProgress > VM_OBJECT_PAGEIN_THROTTLE) {
    const result = yield* sleep(object, interruptible, "too many page-ins of one object");
    if (result === THREAD_INTERRUPTED) return result;
  }
  return THREAD_AWAKENED;
}

/** Wait until the pager of an external object said it is ready. XNU: VM_OBJECT_EVENT_PAGER_READY. */
export function* vmObjectPagerReadyWait(
  object: VmObject,
  interruptible: Interruptible,
): Blocking<WaitResult> {
  while (object.pagerCreated && !object.pagerReady) {
    const result = yield* sleep(object, interruptible, "pager not ready");
    if (result === THREAD_INTERRUPTED) return result;
  }
  return THREAD_AWAKENED;
}

/** Wait until access to the object's pages is no longer blocked. XNU: VM_OBJECT_EVENT_UNBLOCKED. */
export function* vmObjectUnblockedWait(
  object: VmObject,
  interruptible: Interruptible,
): Blocking<WaitResult> {
  while (object.blockedAccess) {
    const result = yield* sleep(object, interruptible, "object access blocked");
    if (result === THREAD_INTERRUPTED) return result;
  }
  return THREAD_AWAKENED;
}
