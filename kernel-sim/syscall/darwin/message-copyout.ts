import { alignDown, isAligned } from "../../../vm/address.js";
import type { Blocking } from "../../../vm/blocking.js";
import { vmMapCopyDiscard, type VmMapCopy } from "../../../vm/map/copy.js";
import { vmMapCopyoutSize } from "../../../vm/map/copyout.js";
import { vmMapCopyOverwrite } from "../../../vm/map/copy-overwrite.js";
import { copyoutMap } from "../../../vm/copyio.js";
import { vmMapRemove } from "../../../vm/map/delete.js";
import { vmMapEnter } from "../../../vm/map/enter.js";
import { vmkFlagsAnywhere } from "../../../vm/map/flags.js";
import {
  KERN_RESOURCE_SHORTAGE,
  KERN_SUCCESS,
  PAGE_SIZE,
  VM_MEMORY_MACH_MSG,
  type KernReturn,
  type VmOffset,
} from "../../../vm/types.js";
import type { DarwinCall, MachReturn } from "./call.js";
import { MACH_MSG_VM_KERNEL, MACH_MSG_VM_SPACE } from "./mach-codes.js";
import {
  BODY_BYTES,
  DESCRIPTOR_BYTES,
  HEADER_BYTES,
  MACH_MSG_VIRTUAL_COPY,
  OOL_DESCRIPTOR,
  OOL_PORTS_DESCRIPTOR,
  receivedType,
  type Carried,
} from "./message.js";

/** Where memory arrived; nowhere when it could not be mapped. */
interface Arrived {
  readonly kr: KernReturn;
  readonly address: VmOffset;
}

const NOWHERE = 0 as VmOffset;

/**
 * Give the receiver what a message carries: names for rights, fresh memory for memory. What cannot
 * be mapped is gone, and has address and size 0. XNU: ipc_kmsg_copyout_body.
 * @param bytes the message, whose descriptors are filled in from BODY_BYTES on
 * @returns 0, or MACH_MSG_VM_SPACE and MACH_MSG_VM_KERNEL bits
 */
export function* copyoutBody(
  c: DarwinCall,
  bytes: Uint8Array,
  carried: readonly Carried[],
): Blocking<MachReturn> {
  const view = new DataView(bytes.buffer, bytes.byteOffset);
  view.setUint32(HEADER_BYTES, carried.length, true);
  let at = BODY_BYTES;
  let bits = 0;
  for (const item of carried) {
    if (item.kind === "port") {
      view.setUint32(at, c.state.ports.copyout(item.right), true);
      view.setUint8(at + 10, receivedType(item));
      at += DESCRIPTOR_BYTES[0];
      continue;
    }
    const size = item.kind === "memory" ? item.size : item.rights.length;
    const arrived =
      item.kind === "memory" ? yield* memoryOut(c, item.copy) : yield* portsOut(c, item.rights);
    const failed = arrived.kr !== KERN_SUCCESS;
    if (failed) {
      bits |= arrived.kr === KERN_RESOURCE_SHORTAGE ? MACH_MSG_VM_KERNEL : MACH_MSG_VM_SPACE;
    }
    view.setBigUint64(at, BigInt(arrived.address), true);
    view.setUint8(at + 8, item.copyOption === MACH_MSG_VIRTUAL_COPY ? 1 : 0);
    view.setUint8(at + 9, item.copyOption);
    view.setUint8(at + 10, item.kind === "ports" ? receivedType(item) : 0);
    view.setUint8(at + 11, item.kind === "memory" ? item.type : OOL_PORTS_DESCRIPTOR);
    view.setUint32(at + 12, failed ? 0 : size, true);
    at += DESCRIPTOR_BYTES[OOL_DESCRIPTOR];
  }
  return bits;
}

/**
 * Map out-of-line memory. A list copy that does not fill its pages is copied instead, to the same
 * place in fresh ones, so that nobody sees what lies around it. XNU: ipc_kmsg_copyout_ool_descriptor.
 */
function* memoryOut(c: DarwinCall, copy: VmMapCopy | null): Blocking<Arrived> {
  if (copy === null) return { kr: KERN_SUCCESS, address: NOWHERE };
  const { map } = c.task;
  const { size } = copy;
  const partial =
    copy.type === "entryList" && !(isAligned(copy.offset, PAGE_SIZE) && isAligned(size, PAGE_SIZE));
  const arrived = partial
    ? yield* overwriteFresh(c, copy, copy.offset - alignDown(copy.offset, PAGE_SIZE))
    : yield* vmMapCopyoutSize(map, copy, size);
  c.kernel.inFlight.copies.delete(copy);
  if (arrived.kr === KERN_SUCCESS) return arrived;
  yield* vmMapCopyDiscard(copy);
  return { kr: arrived.kr, address: NOWHERE };
}

function* overwriteFresh(c: DarwinCall, copy: VmMapCopy, inPage: number): Blocking<Arrived> {
  const fresh = yield* enterFresh(c, inPage + copy.size);
  if (fresh.kr !== KERN_SUCCESS) return fresh;
  const address = (fresh.address + inPage) as VmOffset;
  const kr = yield* vmMapCopyOverwrite(c.task.map, address, copy, copy.size, false);
  return { kr, address };
}

function* enterFresh(c: DarwinCall, bytes: number): Blocking<Arrived> {
  const { map } = c.task;
  const size = Math.ceil(bytes / map.pageSize) * map.pageSize;
  const flags = vmkFlagsAnywhere({ tag: VM_MEMORY_MACH_MSG });
  const entered = yield* vmMapEnter(map, { address: NOWHERE, size, flags });
  return "address" in entered ? entered : { kr: entered.kr, address: NOWHERE };
}

/** Names out of line, in memory of their own. XNU: ipc_kmsg_copyout_ool_ports_descriptor. */
function* portsOut(
  c: DarwinCall,
  rights: Extract<Carried, { kind: "ports" }>["rights"],
): Blocking<Arrived> {
  if (rights.length === 0) return { kr: KERN_SUCCESS, address: NOWHERE };
  const bytes = 4 * rights.length;
  const fresh = yield* enterFresh(c, bytes);
  if (fresh.kr !== KERN_SUCCESS) return fresh;
  const names = Uint32Array.from(rights, (right) => c.state.ports.copyout(right));
  const kr = yield* copyoutMap(c.task.map, fresh.address, new Uint8Array(names.buffer));
  if (kr === KERN_SUCCESS) return fresh;
  yield* vmMapRemove(c.task.map, fresh.address, (fresh.address + bytes) as VmOffset);
  return { kr, address: NOWHERE };
}
