import type { Blocking } from "../blocking.js";
import {
  KERN_SUCCESS,
  VM_INHERIT_DEFAULT,
  VM_PROT_ALL,
  VM_PROT_DEFAULT,
  type KernResult,
  type VmOffset,
} from "../types.js";
import { vmMapEnter } from "./enter.js";
import type { VmMapKernelFlags } from "./flags.js";
import { vmMapCreate, vmMapDeallocate, VM_MAP_CREATE_PAGEABLE } from "./lifecycle.js";
import type { VmMap } from "./map.js";
import { vmMapReference } from "./map.js";

/**
 * A part of the kernel's address space with a map of its own, of the same addresses. XNU:
 * kmem_suballoc. The kernel map has it as a permanent submap; the caller holds a reference.
 * @param options VM_MAP_CREATE_*
 * @returns as vmMapEnter
 */
export function* kmemSuballoc(
  parent: VmMap,
  address: VmOffset,
  size: number,
  flags: VmMapKernelFlags,
  options: number = VM_MAP_CREATE_PAGEABLE,
): Blocking<KernResult<{ submap: VmMap; address: VmOffset }>> {
  const { context } = parent;
  // Its bounds are known once there is room; nothing is in it yet.
  const submap = vmMapCreate(
    context,
    parent.pmap,
    address,
    address,
    options,
    `${parent.owner} sub`,
  );
  submap.ownsPmap = false;
  const entered = yield* vmMapEnter(parent, {
    address,
    size,
    flags: { ...flags, permanent: true },
    submap,
    cur: VM_PROT_DEFAULT,
    max: VM_PROT_ALL,
    inheritance: VM_INHERIT_DEFAULT,
  });
  if (entered.kr !== KERN_SUCCESS) {
    yield* vmMapDeallocate(submap);
    return entered;
  }
  submap.minOffset = entered.address;
  submap.maxOffset = (entered.address + size) as VmOffset;
  const entry = parent.tree.floor(entered.address);
  if (entry !== null) entry.offset = entered.address;
  vmMapReference(submap);
  return { kr: KERN_SUCCESS, submap, address: entered.address };
}
