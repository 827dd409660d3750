import { alignDown } from "../address.js";
import { THREAD_ABORTSAFE, THREAD_INTERRUPTED, type Blocking } from "../blocking.js";
import {
  KERN_MEMORY_RESTART_COPY,
  KERN_SUCCESS,
  MACH_SEND_INTERRUPTED,
  PAGE_SIZE,
  panic,
  type KernReturn,
} from "../types.js";
import { vmObjectCopyDelayed } from "./copy-delayed.js";
import { vmObjectCopySlowly } from "./copy-slowly.js";
import { vmObjectPagerReadyWait } from "./holds.js";
import { vmObjectReference } from "./lifecycle.js";
import {
  MEMORY_OBJECT_COPY_DELAY,
  MEMORY_OBJECT_COPY_DELAY_FORK,
  MEMORY_OBJECT_COPY_NONE,
  MEMORY_OBJECT_COPY_SYMMETRIC,
  type VmObject,
} from "./object.js";

/** What a symmetric copy asks of its two users. */
export interface QuickCopy {
  readonly ok: boolean;
  readonly sourceNeedsCopy: boolean;
  readonly copyNeedsCopy: boolean;
}

const NOTHING_TO_COPY: QuickCopy = { ok: true, sourceNeedsCopy: false, copyNeedsCopy: false };
const REFUSED: QuickCopy = { ok: false, sourceNeedsCopy: false, copyNeedsCopy: false };

/**
 * Share a symmetric object between its user and a copy: one more reference, and whoever writes
 * first makes a shadow. XNU: vm_object_copy_quickly.
 * @returns ok false for objects that are copied in another way
 */
export function vmObjectCopyQuickly(object: VmObject | null): QuickCopy {
  if (object === null) return NOTHING_TO_COPY;
  if (object.copyStrategy !== MEMORY_OBJECT_COPY_SYMMETRIC) return REFUSED;
  vmObjectReference(object);
  object.shadowed = true;
  return { ok: true, sourceNeedsCopy: true, copyNeedsCopy: true };
}

/** A copied range: `object` comes with a reference. */
export interface StrategicCopy {
  readonly kr: KernReturn;
  readonly object: VmObject | null;
  /** Bytes into `object` of the range's first byte. */
  readonly offset: number;
  readonly needsCopy: boolean;
}

/**
 * Copy [offset, offset + size) the way the object's pager wants it. XNU:
 * vm_object_copy_strategically. The caller holds a reference and no lock; may sleep.
 * @param forking DELAY_FORK objects are copied lazily for a fork and eagerly otherwise
 * @returns KERN_MEMORY_RESTART_COPY for a symmetric object: use vmObjectCopyQuickly;
 *   MACH_SEND_INTERRUPTED; or the error of a page
 */
export function* vmObjectCopyStrategically(
  object: VmObject,
  offset: number,
  size: number,
  forking: boolean,
): Blocking<StrategicCopy> {
  const waited = yield* vmObjectPagerReadyWait(object, THREAD_ABORTSAFE);
  if (waited === THREAD_INTERRUPTED) return failed(MACH_SEND_INTERRUPTED);
  switch (object.copyStrategy) {
    case MEMORY_OBJECT_COPY_NONE:
      return yield* eager(object, offset, size);
    case MEMORY_OBJECT_COPY_DELAY:
      return yield* lazy(object, offset, size);
    case MEMORY_OBJECT_COPY_DELAY_FORK:
      return forking ? yield* lazy(object, offset, size) : yield* eager(object, offset, size);
    case MEMORY_OBJECT_COPY_SYMMETRIC:
      return failed(KERN_MEMORY_RESTART_COPY);
    default:
      return panic("vm_object_copy_strategically: unknown strategy");
  }
}

function failed(kr: KernReturn): StrategicCopy {
  return { kr, object: null, offset: 0, needsCopy: false };
}

function* lazy(object: VmObject, offset: number, size: number): Blocking<StrategicCopy> {
  const copy = yield* vmObjectCopyDelayed(object, offset, size);
  if (copy === null) return yield* eager(object, offset, size);
  return { kr: KERN_SUCCESS, object: copy, offset, needsCopy: true };
}

function* eager(object: VmObject, offset: number, size: number): Blocking<StrategicCopy> {
  const copy = yield* vmObjectCopySlowly(object, offset, size, THREAD_ABORTSAFE);
  if (copy.kr !== KERN_SUCCESS) return failed(copy.kr);
  const inPage = offset - alignDown(offset, PAGE_SIZE);
  return { kr: KERN_SUCCESS, object: copy.object, offset: inPage, needsCopy: false };
}
