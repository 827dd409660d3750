import { THREAD_UNINT, type Interruptible } from "../blocking.js";
import type { VmFaultInfo } from "../map/lookup.js";
import type { VmObject } from "../object/object.js";
import { VM_BEHAVIOR_DEFAULT } from "../types.js";

/** What travels along with a fault (struct vm_object_fault_info). */
export interface FaultInfo extends VmFaultInfo {
  readonly interruptible: Interruptible;
  /** Do not disturb speculative pages (unwiring, copying). */
  readonly stealth: boolean;
  /** Report a busy page as VM_FAULT_BUSY instead of sleeping on it. */
  readonly noSleep: boolean;
}

/**
 * A fault on an object as such, not through a map entry: `[loOffset, hiOffset)` bounds read-ahead.
 * Anything given in `fields` overrides the defaults (uninterruptible, no hints).
 */
export function objectFaultInfo(object: VmObject, fields: Partial<FaultInfo> = {}): FaultInfo {
  return {
    behavior: VM_BEHAVIOR_DEFAULT,
    loOffset: 0,
    hiOffset: object.size,
    clusterSize: 0,
    userTag: 0,
    noCache: false,
    noCopyOnRead: false,
    resilientMedia: false,
    csBypass: false,
    pmapOptions: 0,
    interruptible: THREAD_UNINT,
    stealth: false,
    noSleep: false,
    ...fields,
  };
}
