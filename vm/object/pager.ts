import type { Blocking } from "../blocking.js";
import type { KernReturn, VmProt } from "../types.js";
import type { VmObject } from "./object.js";

/** Whether a pager holds the data of a page (vm_external_state). */
export const VM_EXTERNAL_STATE_EXISTS = 1;
export const VM_EXTERNAL_STATE_UNKNOWN = 2;
export const VM_EXTERNAL_STATE_ABSENT = 3;
export type ExternalState = 1 | 2 | 3;

/**
 * A pager: where an object's missing pages come from (struct memory_object_pager_ops). Offsets and
 * lengths are bytes within the memory object, page aligned.
 */
export interface MemoryObject {
  /** For `maps` and reports: "vnode /alice.txt", "compressor". */
  readonly description: string;
  reference(): void;
  deallocate(): void;
  /** Bind to its object: set copy strategy and mark it ready. XNU: memory_object_init. */
  init(object: VmObject): void;
  terminate(object: VmObject): void;
  /**
   * Supply at least the page at `offset`: allocates absent pages through the object layer and fills
   * them, or marks them in error. May supply neighbours (read-ahead), which are `clustered`.
   * @returns KERN_SUCCESS when the faulted page is now resident (or in error); else the failure
   */
  dataRequest(
    object: VmObject,
    offset: number,
    length: number,
    access: VmProt,
    info: PagerFaultInfo,
  ): Blocking<KernReturn>;
  /** Take dirty bytes back. `offset`..`offset + bytes.length`. */
  dataReturn(object: VmObject, offset: number, bytes: Uint8Array): Blocking<KernReturn>;
  /** Mapped with at most `prot` / unmapped for the last time. */
  map(prot: VmProt): void;
  lastUnmap(): void;
  /** Existence of a page without asking for it; external pagers answer UNKNOWN. */
  stateGet(offset: number): ExternalState;
}

/** What a pager may use to choose how much to read (struct vm_object_fault_info). */
export interface PagerFaultInfo {
  readonly behavior: number;
  /** Object-offset range of the mapping entry: read-ahead stays inside. Bytes. */
  readonly loOffset: number;
  readonly hiOffset: number;
  /** Caller's hint in bytes, 0 for none. */
  readonly clusterSize: number;
}
