import { alignDown, alignUp } from "../address.js";
import type { Blocking } from "../blocking.js";
import {
  vmObjectCopyQuickly,
  vmObjectCopyStrategically,
  vmObjectDeallocate,
} from "../object/index.js";
import type { VmObject } from "../object/object.js";
import {
  KERN_INVALID_ARGUMENT,
  KERN_MEMORY_RESTART_COPY,
  KERN_SUCCESS,
  VM_PROT_EXECUTE,
  VM_PROT_READ,
  VM_PROT_WRITE,
  type KernError,
  type KernResult,
  type VmInherit,
  type VmOffset,
  type VmProt,
} from "../types.js";
import { vmMapEnter } from "./enter.js";
import type { VmMapKernelFlags } from "./flags.js";
import type { VmMap } from "./map.js";

/** Where a memory object goes. */
export interface PlacementRequest {
  /** The address for a fixed mapping, else the hint; cut down to its page. */
  readonly address: VmOffset;
  /** Bytes; every page touched is mapped. */
  readonly size: number;
  /** Low bits the address must not have. */
  readonly mask?: number;
  /** vmkFlagsFixed(...), vmkFlagsAnywhere(...) or vmkFlagsFromUser(...); the tag is in there. */
  readonly flags: VmMapKernelFlags;
}

/**
 * Map part of an object, shared, or as a private copy of what it holds now; null for anonymous
 * memory. XNU: vm_map_enter_mem_object and vm_map_enter_mem_object_control, of which mmap is made.
 * EXECUTE brings READ with it.
 * @param object the caller's reference is taken over on success and stays the caller's on failure
 * @param offset bytes into the object, cut down to its page; the address returned is that of the
 *   page, or with RETURN_DATA_ADDR that of the byte
 * @param copy the mapping sees later changes of the object only as far as the object's copy
 *   strategy says, and never changes it
 * @returns as vmMapEnter; KERN_INVALID_ARGUMENT when offset + size wraps; or why the copy failed
 * Locks: none held; takes the map.
 */
export function* vmMapEnterMemObject(
  map: VmMap,
  request: PlacementRequest,
  object: VmObject | null,
  offset: number,
  copy: boolean,
  cur: VmProt,
  max: VmProt,
  inheritance: VmInherit,
): Blocking<KernResult<{ address: VmOffset }>> {
  const { flags } = request;
  const base = alignDown(offset, map.pageSize);
  const size = alignUp(offset + request.size, map.pageSize) - base;
  if (request.size === 0 || offset + request.size >= 2 ** 64) {
    return { kr: KERN_INVALID_ARGUMENT };
  }
  const where = {
    address: alignDown(request.address, map.pageSize),
    size,
    mask: request.mask ?? 0,
    flags,
    cur: (cur & VM_PROT_EXECUTE) !== 0 ? cur | VM_PROT_READ : cur,
    max,
    inheritance,
  };
  // Nothing to copy from: a fresh object is as good as a copy of one.
  if (object === null) return yield* vmMapEnter(map, where);

  if (object.named && object.pager !== null) {
    object.pager.map(copy ? where.max & ~VM_PROT_WRITE : where.max);
  }
  const source = copy
    ? yield* copySource(object, base, size)
    : ({ kr: KERN_SUCCESS, object, offset: base, needsCopy: false } as const);
  if (source.kr !== KERN_SUCCESS) return { kr: source.kr };

  const entered = yield* vmMapEnter(map, { ...where, ...source });
  if (entered.kr !== KERN_SUCCESS) {
    if (copy) vmObjectDeallocate(source.object);
    return entered;
  }
  if (copy) vmObjectDeallocate(object); // what was mapped holds its own reference
  const inPage = flags.returnDataAddr ? offset - base : 0;
  return { kr: KERN_SUCCESS, address: (entered.address + inPage) as VmOffset };
}

type CopySource =
  | {
      readonly kr: typeof KERN_SUCCESS;
      readonly object: VmObject;
      readonly offset: number;
      readonly needsCopy: boolean;
    }
  | { readonly kr: KernError };

/** A copy of part of an object by its own strategy; carries a reference. */
function* copySource(object: VmObject, offset: number, size: number): Blocking<CopySource> {
  const made = yield* vmObjectCopyStrategically(object, offset, size, false);
  if (made.kr === KERN_MEMORY_RESTART_COPY) {
    // Symmetric: both sides share the object until one of them writes.
    const quick = vmObjectCopyQuickly(object);
    if (!quick.ok) return { kr: KERN_INVALID_ARGUMENT };
    return { kr: KERN_SUCCESS, object, offset, needsCopy: quick.copyNeedsCopy };
  }
  if (made.kr !== KERN_SUCCESS) return { kr: made.kr };
  if (made.object === null) return { kr: KERN_INVALID_ARGUMENT };
  return {
    kr: KERN_SUCCESS,
    object: made.object,
    offset: made.offset,
    needsCopy: made.needsCopy,
  };
}
