import type { Blocking } from "../blocking.js";
import type { VmMap } from "../map/map.js";
import { vmMapUnwireNested } from "../map/unwire.js";
import { vmMapWireNested } from "../map/wire.js";
import { sanitizeProt, sanitizeRange } from "../sanitize.js";
import {
  KERN_INVALID_HOST,
  KERN_INVALID_TASK,
  VM_PROT_NONE,
  type KernReturn,
  type RawProt,
  type RawU64,
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
  access: RawProt,
): Blocking<KernReturn> {
  if (!isHostPrivileged) return KERN_INVALID_HOST;
  if (map === null) return KERN_INVALID_TASK;
  const range = sanitizeRange(map, address, size, { zeroSize: "succeeds" });
  if (!range.proceed) return range.kr;
  const sane = sanitizeProt(access);
  if (!sane.proceed) return sane.kr;
  const { start, end } = range;
  if (sane.prot === VM_PROT_NONE) return yield* vmMapUnwireNested(map, start, end, true);
  return yield* vmMapWireNested(map, start, end, sane.prot, true);
}
