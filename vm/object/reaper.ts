import { THREAD_UNINT, type Blocking } from "../blocking.js";
import type { VmContext } from "../context.js";
import { PAGE_SIZE, VM_PROT_NO_CHANGE } from "../types.js";
import { vmObjectReap } from "./lifecycle.js";
import { memoryObjectLockRequest, MEMORY_OBJECT_RETURN_DIRTY } from "./lock-request.js";
import { vmObjectDestroy } from "./named.js";
import type { VmObject } from "./object.js";

/**
 * The thread that ends objects which could not end where their last user let go of them: terminated ones
 * that somebody still held for I/O, and those whose pager has no use for them once nothing maps them. XNU:
 * vm_object.c vm_object_reaper_thread, and the destroy that device_pager_deallocate asks for.
 *
 * Differs from XNU: an object that is still held does not make those behind it wait.
 */
export function* vmObjectReaperDaemon(ctx: VmContext): Blocking<void> {
  const { objects } = ctx;
  for (;;) {
    for (let next = firstIdle(ctx); next !== null; next = firstIdle(ctx)) {
      if (objects.reaping.delete(next)) vmObjectReap(next);
      else yield* letGo(next);
      objects.reaperCalls += 1;
    }
    yield { channel: objects.reaperWanted, interruptible: THREAD_UNINT, reason: "reaper idle" };
  }
}

function firstIdle({ objects }: VmContext): VmObject | null {
  for (const object of objects.reaping) if (!object.hasHolds) return object;
  for (const object of objects.unmapped) if (!object.hasHolds) return object;
  return null;
}

/** Its pager gets what it does not have yet, and the object goes, unless it was mapped again meanwhile. */
function* letGo(object: VmObject): Blocking<void> {
  const { unmapped } = object.context.objects;
  unmapped.delete(object);
  if (object.residentPageCount > 0) {
    const end = lastOffset(object) + PAGE_SIZE;
    const what = MEMORY_OBJECT_RETURN_DIRTY;
    yield* memoryObjectLockRequest(object, 0, end, what, 0, VM_PROT_NO_CHANGE);
  }
  // Mapped again, destroyed, or mapped and unmapped again: then there may be more to write.
  if (!object.named || object.refCount > 1 || unmapped.has(object)) return;
  if (object.hasHolds) unmapped.add(object);
  else yield* vmObjectDestroy(object);
}

function lastOffset(object: VmObject): number {
  let last = 0;
  for (let page = object.firstPage; page !== null; page = page.listNext) {
    last = Math.max(last, page.offset);
  }
  return last;
}
