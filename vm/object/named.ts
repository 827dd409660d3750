import { check } from "../../emulator/arch/check.js";
import { alignUp } from "../address.js";
import { THREAD_UNINT, type Blocking } from "../blocking.js";
import type { VmContext } from "../context.js";
import { KERN_INVALID_ARGUMENT, KERN_SUCCESS, PAGE_SIZE, type KernReturn } from "../types.js";
import { vmObjectPagingWait } from "./holds.js";
import {
  detachPager,
  vmObjectAllocate,
  vmObjectDeallocate,
  vmObjectReference,
} from "./lifecycle.js";
import {
  MEMORY_OBJECT_COPY_DELAY,
  MEMORY_OBJECT_COPY_DELAY_FORK,
  MEMORY_OBJECT_COPY_INVALID,
  MEMORY_OBJECT_COPY_NONE,
  MEMORY_OBJECT_COPY_TEMPORARY,
  type VmObject,
} from "./object.js";
import type { MemoryObject } from "./pager.js";

/**
 * External objects: the resident pages of something a pager stands for. Such an object is named: the
 * pager holds one reference, so its pages outlive the last mapping.
 */

/**
 * The object bound to `pager`, made if there is none. The pager's `init` is called for a new one;
 * it chooses the copy strategy and says when it is ready. XNU: memory_object_create_named,
 * vm_object_memory_object_associate.
 * @param size bytes, rounded up to pages
 * @returns the object with a reference for the caller, besides the pager's own
 */
export function vmObjectForPager(ctx: VmContext, pager: MemoryObject, size: number): VmObject {
  const object = ctx.objects.byPager.get(pager) ?? vmObjectEnterPager(ctx, pager, size);
  vmObjectReference(object);
  return object;
}

/** Bind a pager to a new object, whose only reference is the pager's. */
export function vmObjectEnterPager(ctx: VmContext, pager: MemoryObject, size: number): VmObject {
  check(!ctx.objects.byPager.has(pager), "pager is bound already", pager);
  const object = vmObjectAllocate(ctx, alignUp(size, PAGE_SIZE));
  object.internal = false;
  object.copyStrategy = MEMORY_OBJECT_COPY_INVALID;
  object.pager = pager;
  object.pagerCreated = true;
  ctx.objects.byPager.set(pager, object);
  pager.reference();
  pager.init(object);
  object.pagerInitialized = true;
  object.named = true;
  return object;
}

/**
 * The pager of a new object says how it may be copied, and is ready. XNU: memory_object_change_attributes.
 * TEMPORARY stands for DELAY.
 * @returns KERN_INVALID_ARGUMENT for a strategy a pager may not choose
 */
export function memoryObjectChangeAttributes(object: VmObject, strategy: number): KernReturn {
  switch (strategy) {
    case MEMORY_OBJECT_COPY_NONE:
    case MEMORY_OBJECT_COPY_DELAY:
    case MEMORY_OBJECT_COPY_DELAY_FORK:
      object.copyStrategy = strategy;
      break;
    case MEMORY_OBJECT_COPY_TEMPORARY:
      object.copyStrategy = MEMORY_OBJECT_COPY_DELAY;
      break;
    default:
      return KERN_INVALID_ARGUMENT;
  }
  object.pagerReady = true;
  object.context.wakeup(object);
  return KERN_SUCCESS;
}

/**
 * The pager gives up: the object keeps the pages it has, and everything else is an error from now
 * on. Drops the pager's reference. XNU: vm_object_destroy.
 */
export function* vmObjectDestroy(object: VmObject): Blocking<void> {
  const wasNamed = object.named;
  object.canPersist = false;
  object.named = false;
  yield* vmObjectPagingWait(object, THREAD_UNINT);
  detachPager(object);
  if (wasNamed) vmObjectDeallocate(object);
}
