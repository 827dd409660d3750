import { THREAD_UNINT, type Blocking } from "../blocking.js";
import type { VmMap } from "../map/map.js";
import { pmapFindPhys } from "../pmap/index.js";
import { KERN_SUCCESS, type KernReturn, type VmOffset, type VmProt } from "../types.js";
import { vmFault } from "./fault.js";

/**
 * Bring a page in before it is touched. XNU: vm_pre_fault. Does nothing if the address has any
 * translation already, even one that denies `prot`.
 */
export function* vmPreFault(map: VmMap, va: VmOffset, prot: VmProt): Blocking<KernReturn> {
  if (map.pmap !== null && pmapFindPhys(map.pmap, va) !== 0) return KERN_SUCCESS;
  return yield* vmFault(map, va, prot, false, THREAD_UNINT);
}
