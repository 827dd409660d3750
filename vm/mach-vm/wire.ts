import type { Blocking } from "../blocking.js";
import type { VmMap } from "../map/map.js";
import { vmMapUnwire } from "../map/unwire.js";
import { vmMapWire } from "../map/wire.js";
import { sanitizeProt, sanitizeRange } from "../sanitize.js";
import {
  KERN_INVALID_HOST,
  KERN_INVALID_TASK,
  KERN_SUCCESS,
  VM_PROT_NONE,
  type KernReturn,
  type RawU64,
  type VmProt,
} from "../types.js";

/**
 * Wire the range for a user, or undo one wiring with VM_PROT_NONE. XNU: mach_vm_wire, the routine of
 * the privileged host port.
 * @param isHostPrivileged the call came in on that port
 * @param access what the pages must allow
 * @returns KERN_INVALID_HOST; KERN_INVALID_TASK without a map; as vmMapWire and vmMapUnwire
 */
export function* machVmWire(
  isHostPrivileged: boolean,
  map: VmMap | null,
  address: RawU64,
  size: RawU64,
  access: VmProt,
): Blocking<KernReturn> {
  if (!isHostPrivileged) return KERN_INVALID_HOST;
  if (map === null) return KERN_INVALID_TASK;
  const range = sanitizeRange(map, address, size, { zeroSize: "succeeds" });
  if (!range.proceed) return range.kr;
  const sane = sanitizeProt(access);
  if (sane !== KERN_SUCCESS) return sane;
  if (access === VM_PROT_NONE) return yield* vmMapUnwire(map, range.start, range.end, true);
  return yield* vmMapWire(map, range.start, range.end, access, true);
}
