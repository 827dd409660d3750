import { HostBug } from "../../emulator/arch/check.js";
import type { Blocking, Interruptible } from "../blocking.js";
import type { VmMap } from "../map/map.js";
import type { VmObject } from "../object/object.js";
import type { KernReturn } from "../types.js";

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

export function* vmFaultCopy(request: FaultCopyRequest): Blocking<FaultCopyResult> {
  throw new HostBug("not there", [request]);
}
