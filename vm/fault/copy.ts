import { check } from "../../emulator/arch/check.js";
import { alignDown } from "../address.js";
import type { Blocking, Interruptible } from "../blocking.js";
import type { VmMap } from "../map/map.js";
import { vmMapVerify } from "../map/lookup.js";
import { vmObjectPagingBegin } from "../object/index.js";
import type { VmObject } from "../object/object.js";
import { vmPageWait } from "../page/pageout.js";
import type { VmPage } from "../page/page.js";
import { isActiveOrInactive, vmPageActivate } from "../page/queues.js";
import { vmPageUnwire, vmPageWakeupDone, vmPageWire } from "../page/resident.js";
import {
  KERN_MEMORY_ERROR,
  KERN_SUCCESS,
  MACH_SEND_INTERRUPTED,
  PAGE_SIZE,
  VM_PROT_READ,
  VM_PROT_WRITE,
  type KernReturn,
  type VmProt,
} from "../types.js";
import { objectFaultInfo } from "./info.js";
import { vmFaultCleanup, vmFaultPage } from "./page.js";
import {
  VM_FAULT_INTERRUPTED,
  VM_FAULT_MEMORY_ERROR,
  VM_FAULT_MEMORY_SHORTAGE,
  VM_FAULT_RETRY,
  VM_FAULT_SUCCESS,
  type FaultedPage,
} from "./result.js";

/** A physical copy between two objects, straight into memory somebody maps. */
export interface FaultCopyRequest {
  /** Null: zeroes. The caller keeps a reference on both objects. */
  readonly sourceObject: VmObject | null;
  /** Bytes; need not be page aligned. */
  readonly sourceOffset: number;
  readonly size: number;
  readonly destinationObject: VmObject;
  readonly destinationOffset: number;
  /** The map the destination was looked up in, and its timestamp then. Unlocked. */
  readonly destinationMap: VmMap;
  readonly destinationVersion: number;
  readonly interruptible: Interruptible;
}

export interface FaultCopyResult {
  readonly kr: KernReturn;
  /** Bytes copied. */
  readonly copied: number;
}

/**
 * Copy bytes from one object to another, each page of either faulted in as for an access: whoever
 * shares or has copied the destination is treated as by a write to it. XNU: vm_fault.c
 * vm_fault_copy.
 * @returns KERN_SUCCESS with fewer bytes than asked when the destination's map or copy object
 *   changed meanwhile: look it up again. MACH_SEND_INTERRUPTED; or the error of a page
 * Locks: none held on entry or return.
 */
export function* vmFaultCopy(request: FaultCopyRequest): Blocking<FaultCopyResult> {
  const { sourceObject, sourceOffset, size, destinationObject, destinationOffset } = request;
  let copied = 0;
  while (copied < size) {
    const left = size - copied;
    const to = destinationOffset + copied;
    const access = VM_PROT_READ | VM_PROT_WRITE;
    const target = yield* faultIn(destinationObject, to, left, access, request.interruptible);
    if (target.kr !== KERN_SUCCESS) return { kr: target.kr, copied };
    const pinned = pin(target.found);

    const from = sourceOffset + copied;
    let source: FaultedPage | null = null;
    if (sourceObject !== null) {
      const got = yield* faultIn(sourceObject, from, left, VM_PROT_READ, request.interruptible);
      if (got.kr !== KERN_SUCCESS) {
        unpin(pinned);
        return { kr: got.kr, copied };
      }
      source = got.found;
      source.page.object?.lock.unlockExclusive(); // busy, which is enough
    }
    const valid = isStillValid(request, pinned);
    const bytes = Math.min(left, PAGE_SIZE - Math.max(from % PAGE_SIZE, to % PAGE_SIZE));
    if (valid) copyPart(source?.page ?? null, from, pinned.page, to, bytes);
    if (source !== null) releaseSource(source);
    unpin(pinned);
    if (!valid) break;
    copied += bytes;
  }
  return { kr: KERN_SUCCESS, copied };
}

type Got =
  | { readonly kr: typeof KERN_SUCCESS; readonly found: FaultedPage }
  | { readonly kr: Exclude<KernReturn, typeof KERN_SUCCESS> };

/** Get one page of an object, waiting for memory if need be. */
function* faultIn(
  object: VmObject,
  offset: number,
  left: number,
  access: VmProt,
  interruptible: Interruptible,
): Blocking<Got> {
  for (;;) {
    object.lock.lockExclusive();
    vmObjectPagingBegin(object);
    const found = yield* vmFaultPage({
      object,
      offset: alignDown(offset, PAGE_SIZE),
      faultType: access,
      prot: access,
      mustBeResident: false,
      callerLookup: false,
      noZeroFill: false,
      info: objectFaultInfo(object, {
        interruptible,
        stealth: true,
        loOffset: alignDown(offset, PAGE_SIZE),
        hiOffset: offset + left,
        clusterSize: left,
      }),
    });
    switch (found.result) {
      case VM_FAULT_SUCCESS:
        return { kr: KERN_SUCCESS, found };
      case VM_FAULT_RETRY:
        break;
      case VM_FAULT_MEMORY_SHORTAGE:
        if (!(yield* vmPageWait(object.context, interruptible))) {
          return { kr: MACH_SEND_INTERRUPTED };
        }
        break;
      case VM_FAULT_INTERRUPTED:
        return { kr: MACH_SEND_INTERRUPTED };
      case VM_FAULT_MEMORY_ERROR:
        return { kr: found.error };
      default:
        return { kr: KERN_MEMORY_ERROR }; // memory without pages, which is never copied
    }
  }
}

/** A destination page: not busy, so that the source may wait for it, but wired, so that it stays. */
interface Pinned {
  readonly page: VmPage;
  readonly object: VmObject;
  readonly copy: VmObject | null;
  readonly copyVersion: number;
}

/** Keeps the paging reference vmFaultPage returned, and with it the object. */
function pin({ page, topPage }: FaultedPage): Pinned {
  const { object } = page;
  check(object !== null && topPage === null, "written page is below the first object", page);
  vmPageWire(object.context, page);
  vmPageWakeupDone(object.context, page);
  object.lock.unlockExclusive();
  return { page, object, copy: object.copy, copyVersion: object.copyVersion };
}

function unpin({ page, object }: Pinned): void {
  object.lock.lockExclusive();
  vmPageUnwire(object.context, page);
  vmFaultCleanup(object, null);
}

/** Does the map still mean this page, and has nobody copied it since its write was resolved? */
function isStillValid(request: FaultCopyRequest, pinned: Pinned): boolean {
  const { destinationMap: map } = request;
  map.lockShared();
  const same = vmMapVerify(map, request.destinationVersion);
  map.unlockShared();
  const { object } = pinned;
  return same && object.copy === pinned.copy && object.copyVersion === pinned.copyVersion;
}

/** Copy within one page of either side; no source is zeroes. */
function copyPart(
  source: VmPage | null,
  from: number,
  page: VmPage,
  to: number,
  bytes: number,
): void {
  const ctx = page.object?.context;
  check(ctx !== undefined, "pinned page without an object", page);
  const start = to % PAGE_SIZE;
  const target = ctx.phys.page(page.ppn).subarray(start, start + bytes);
  if (source === null) target.fill(0);
  else target.set(ctx.phys.page(source.ppn).subarray(from % PAGE_SIZE, (from % PAGE_SIZE) + bytes));
  ctx.phys.noteWrite(page.ppn);
  page.dirty = true;
}

/** Let go of a source page, whose object is unlocked. */
function releaseSource({ page, topPage }: FaultedPage): void {
  const { object } = page;
  check(object !== null, "busy page lost its object", page);
  object.lock.lockExclusive();
  if (page.wireCount === 0 && !isActiveOrInactive(page)) vmPageActivate(object.context, page);
  vmPageWakeupDone(object.context, page);
  vmFaultCleanup(object, topPage);
}
