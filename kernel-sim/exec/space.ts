import { isAligned } from "../../vm/address.js";
import type { Blocking } from "../../vm/blocking.js";
import { copyoutMap } from "../../vm/copyio.js";
import { vmMapEnterMemObject } from "../../vm/map/enter-mem-object.js";
import { vmMapEnter } from "../../vm/map/enter.js";
import { vmkFlagsFixed, type VmMapKernelFlags } from "../../vm/map/flags.js";
import type { VmMap } from "../../vm/map/map.js";
import { vmMapProtect } from "../../vm/map/protect.js";
import { vmObjectDeallocate } from "../../vm/object/index.js";
import {
  KERN_PROTECTION_FAILURE,
  KERN_SUCCESS,
  VM_INHERIT_COPY,
  VM_MEMORY_STACK,
  VM_PROT_ALL,
  VM_PROT_DEFAULT,
  VM_PROT_NONE,
  kernReturnName,
  type KernReturn,
  type VmOffset,
  type VmProt,
} from "../../vm/types.js";
import { check } from "../../emulator/arch/check.js";
import type { OpenFile } from "../fs/types.js";
import type { VnodeTable } from "../fs/vnode.js";
import { LoadError } from "../loader/errors.js";

/** A range of a new address space. Page aligned bytes. */
export interface Extent {
  readonly start: number;
  readonly end: number;
}

export interface Protections {
  readonly protection: VmProt;
  readonly maxProtection: VmProt;
}

/**
 * Map part of the program file copy-on-write, as private file mappings are: a page comes in from the
 * pager when it is touched, and is copied when it is written.
 * @param offset page-aligned bytes into the file
 */
export function* mapFilePages(
  vnodes: VnodeTable,
  map: VmMap,
  file: OpenFile,
  extent: Extent,
  offset: number,
  prot: Protections,
  flags: Partial<VmMapKernelFlags> = {},
): Blocking<KernReturn> {
  check(isAligned(offset, map.pageSize), "segment starts inside a page of the file", offset);
  const object = vnodes.objectFor(file);
  check(object.ok, "program is no regular file", file);
  const { start, end } = extent;
  const result = yield* vmMapEnterMemObject(
    map,
    { address: start as VmOffset, size: end - start, mask: 0, flags: vmkFlagsFixed(flags) },
    object.value,
    offset,
    true,
    prot.protection,
    prot.maxProtection,
    VM_INHERIT_COPY,
  );
  if (result.kr !== KERN_SUCCESS) vmObjectDeallocate(object.value);
  return result.kr;
}

/** Map zero-fill memory at a fixed place that must be free. */
export function* mapZeroPages(
  map: VmMap,
  { start, end }: Extent,
  prot: Protections,
  flags: Partial<VmMapKernelFlags> = {},
): Blocking<KernReturn> {
  const result = yield* vmMapEnter(map, {
    address: start as VmOffset,
    size: end - start,
    flags: vmkFlagsFixed(flags),
    cur: prot.protection,
    max: prot.maxProtection,
    inheritance: VM_INHERIT_COPY,
  });
  return result.kr;
}

/**
 * Map the main stack: [top - guard - size, top), of which the lowest `guard` bytes stay without
 * access, so that running over the end is a fault and never somebody else's memory.
 * XNU: kern_exec.c create_unix_stack.
 */
export function* mapStack(
  map: VmMap,
  top: number,
  sizeBytes: number,
  guardBytes: number,
): Blocking<LoadError | null> {
  const start = top - sizeBytes - guardBytes;
  const prot = { protection: VM_PROT_DEFAULT, maxProtection: VM_PROT_ALL };
  const kr = yield* mapZeroPages(map, { start, end: top }, prot, { tag: VM_MEMORY_STACK });
  if (kr !== KERN_SUCCESS) return mappingError(kr, "the stack");
  const guardEnd = (start + guardBytes) as VmOffset;
  const guarded = yield* vmMapProtect(map, start as VmOffset, guardEnd, VM_PROT_NONE, false);
  return guarded === KERN_SUCCESS ? null : mappingError(guarded, "the stack guard");
}

/** Store bytes in the new address space (not the current one), faulting pages in as needed. */
export function* writeSpace(
  map: VmMap,
  address: number,
  bytes: Uint8Array,
): Blocking<LoadError | null> {
  const kr = yield* copyoutMap(map, address as VmOffset, bytes);
  return kr === KERN_SUCCESS
    ? null
    : new LoadError("EFAULT", "cannot write the new program's memory");
}

/** What exec answers when a mapping is refused. XNU: load_return_to_errno. */
export function mappingError(kr: KernReturn, what: string): LoadError {
  const errno = kr === KERN_PROTECTION_FAILURE ? "EACCES" : "ENOMEM";
  return new LoadError(errno, `${what} cannot be mapped: ${kernReturnName(kr)}`);
}
