import { check } from "../../emulator/arch/check.js";
import { alignDown } from "../../vm/address.js";
import { THREAD_ABORTSAFE, type Blocking } from "../../vm/blocking.js";
import { vmFault } from "../../vm/fault/index.js";
import type { VmMap } from "../../vm/map/map.js";
import { armFastFault } from "../../vm/pmap/index.js";
import {
  KERN_SUCCESS,
  VM_PROT_EXECUTE,
  VM_PROT_READ,
  VM_PROT_WRITE,
  type KernReturn,
  type VmOffset,
  type VmProt,
} from "../../vm/types.js";
import type { Translation } from "./page-walk.js";
import { TlbModel, type LoadedSpace } from "./tlb-model.js";
import type { TestSystem } from "./vm-buffer.js";

/** More faults than this on one access mean that a resolved fault grants nothing. */
const MAX_FAULTS = 8;

/** How an access ended: where the byte is, or what the last fault said. */
export interface AccessResult {
  readonly kr: KernReturn;
  readonly found: Translation | null;
}

/** The memory side of a CPU: a TLB, and what the kernel's abort handler does when it refuses. */
export class TestCpu {
  readonly #test: TestSystem;
  readonly #tlb: TlbModel;
  readonly #finish: (work: Blocking<KernReturn>) => KernReturn;

  /** @param finish runs a fault to its end */
  constructor(test: TestSystem, finish: (work: Blocking<KernReturn>) => KernReturn) {
    this.#test = test;
    this.#tlb = new TlbModel(test.phys);
    this.#finish = finish;
  }

  /**
   * Access one byte: the TLB or a walk, and when that refuses, the pmap's fast fault (not for a
   * missing translation) and then vm_fault, until the access goes through.
   */
  access(map: VmMap, address: number, access: VmProt): AccessResult {
    const va = address as VmOffset;
    for (let tries = 0; ; tries++) {
      check(map.pmap !== null, "map without a pmap");
      const found = this.translate(map, address);
      if (found !== null && found.accessFlag && allows(found, access)) {
        return { kr: KERN_SUCCESS, found };
      }
      check(tries < MAX_FAULTS, "a resolved fault is taken again and again", address, access);
      if (found !== null && armFastFault(map.pmap, va, access) === KERN_SUCCESS) continue;
      const kr = this.#finish(vmFault(map, va, access, false, THREAD_ABORTSAFE));
      if (kr !== KERN_SUCCESS) return { kr, found: null };
    }
  }

  /** What the hardware uses for `address` now; null for a translation fault. */
  translate(map: VmMap, address: number): Translation | null {
    this.#tlb.apply(this.#test.tlb.take());
    return this.#tlb.translate(spaceOf(map), alignDown(address, map.pageSize));
  }

  /** @throws HostBug if the TLB holds a right that the tables no longer give */
  assertNothingStale(): void {
    this.#tlb.apply(this.#test.tlb.take());
    const stale = this.#tlb.staleEntry();
    check(stale === null, stale ?? "");
  }
}

function spaceOf(map: VmMap): LoadedSpace {
  check(map.pmap !== null, "map without a pmap");
  const granule = map.pageSize === 2 ** 12 ? "4K" : "16K";
  return { root: map.pmap.root, asid: map.pmap.hwAsid, granule };
}

function allows(found: Translation, access: VmProt): boolean {
  if ((access & VM_PROT_WRITE) !== 0 && !found.write) return false;
  if ((access & VM_PROT_EXECUTE) !== 0 && !found.execute) return false;
  return found.read || (access & VM_PROT_READ) === 0;
}
