import { check } from "../../emulator/arch/check.js";
import type { Blocking } from "../blocking.js";
import type { VmContext } from "../context.js";
import { vmObjectReleaseUnmapped } from "../object/lifecycle.js";
import { vmObjectForPager } from "../object/named.js";
import { MEMORY_OBJECT_COPY_NONE, type VmObject } from "../object/object.js";
import {
  VM_EXTERNAL_STATE_UNKNOWN,
  type ExternalState,
  type MemoryObject,
} from "../object/pager.js";
import { VM_WIMG_IO } from "../pmap/index.js";
import {
  KERN_FAILURE,
  KERN_INVALID_VALUE,
  KERN_SUCCESS,
  type KernReturn,
  type VmProt,
} from "../types.js";

/** A window of physical addresses that is not memory of the VM's. */
export interface DeviceWindow {
  readonly name: string;
  /** Physical address and length in bytes, page aligned. */
  readonly base: number;
  readonly size: number;
  /** VM_WIMG_*; device memory if not given. */
  readonly wimg?: number;
}

/**
 * The pager of device memory: no pages, only physical addresses. Its object goes with the last mapping. XNU:
 * device_vm.c device_pager.
 */
export class DevicePager implements MemoryObject {
  readonly #window: DeviceWindow;
  #refCount = 1;
  #mapped = false;
  #object: VmObject | null = null;

  constructor(window: DeviceWindow) {
    this.#window = window;
  }

  get description(): string {
    return `device ${this.#window.name}`;
  }

  get isMapped(): boolean {
    return this.#mapped;
  }

  reference(): void {
    this.#refCount += 1;
  }

  deallocate(): void {
    check(this.#refCount > 0, "pager over-released", this.description);
    this.#refCount -= 1;
  }

  init(object: VmObject): void {
    this.#object = object;
    object.copyStrategy = MEMORY_OBJECT_COPY_NONE;
    object.private = true;
    object.trueShare = true;
    object.physContiguous = true;
    object.physicalBase = this.#window.base;
    object.wimgBits = this.#window.wimg ?? VM_WIMG_IO;
    object.pagerReady = true;
  }

  terminate(_object: VmObject): void {
    this.#object = null; // the device stays
  }

  *dataRequest(_object: VmObject, offset: number): Blocking<KernReturn> {
    return offset < this.#window.size ? KERN_SUCCESS : KERN_INVALID_VALUE;
  }

  *dataReturn(): Blocking<KernReturn> {
    return KERN_FAILURE; // there are no pages to return
  }

  map(_prot: VmProt): void {
    this.#mapped = true;
  }

  lastUnmap(): void {
    this.#mapped = false;
    if (this.#object !== null) vmObjectReleaseUnmapped(this.#object);
  }

  stateGet(_offset: number): ExternalState {
    return VM_EXTERNAL_STATE_UNKNOWN;
  }
}

/** The memory object of a device window. @returns with a reference for the caller to map or to drop */
export function vmObjectForDevice(ctx: VmContext, window: DeviceWindow): VmObject {
  const pager = new DevicePager(window);
  const object = vmObjectForPager(ctx, pager, window.size);
  pager.deallocate();
  return object;
}
