import { alignUp } from "../../../vm/address.js";
import type { Blocking } from "../../../vm/blocking.js";
import { copyoutMap } from "../../../vm/copyio.js";
import { machVmDeallocate, rawU64 } from "../../../vm/mach-vm.js";
import { MSG_OOL_SIZE_SMALL, type VmMapCopy } from "../../../vm/map/copy.js";
import { vmMapCopyin } from "../../../vm/map/copyin.js";
import { vmMapEnter } from "../../../vm/map/enter.js";
import { vmMapRemove } from "../../../vm/map/delete.js";
import { vmkFlagsAnywhere } from "../../../vm/map/flags.js";
import {
  KERN_RESOURCE_SHORTAGE,
  KERN_SUCCESS,
  type KernReturn,
  type VmOffset,
} from "../../../vm/types.js";
import type { DarwinCall, MachReturn } from "./call.js";
import {
  MACH_MSG_VM_KERNEL,
  MACH_SEND_INVALID_MEMORY,
  MACH_SEND_INVALID_RIGHT,
  MACH_SEND_INVALID_TYPE,
  MACH_SEND_MSG_TOO_SMALL,
  MACH_SEND_TOO_LARGE,
} from "./mach-codes.js";
import {
  BODY_BYTES,
  DESCRIPTOR_BYTES,
  GUARDED_PORT_DESCRIPTOR,
  HEADER_BYTES,
  MACH_MSG_PHYSICAL_COPY,
  MACH_MSG_VIRTUAL_COPY,
  MAKE_SEND_ONCE,
  MOVE_RECEIVE,
  MOVE_SEND_ONCE,
  OOL_PORTS_DESCRIPTOR,
  PORT_DESCRIPTOR,
  type Carried,
  type CarriedRight,
  type Made,
} from "./message.js";
import { destroyCarried } from "./message-destroy.js";

/** XNU: MAX_OOL_PORTS, of one message. */
const MAX_OOL_PORTS = 16383;
/** Bytes copied into the kernel's copy map at a time. */
const CHUNK = 1 << 16;

/** A descriptor as the sender wrote it. */
interface Descriptor {
  readonly type: number;
  /** Of the port itself, or of the ports out of line. */
  readonly disposition: number;
  readonly name: number;
  readonly address: bigint;
  readonly deallocate: boolean;
  readonly copyOption: number;
  /** Bytes, or ports. */
  readonly count: number;
}

/** The descriptors of a message and where its inline part begins. */
export interface Body {
  readonly descriptors: readonly Descriptor[];
  readonly inlineAt: number;
}

/**
 * Where the parts of a complex message are, if it has room for them all. Nothing is translated yet.
 * XNU: ipc_kmsg_measure_descriptors.
 * @returns MACH_SEND_MSG_TOO_SMALL, MACH_SEND_INVALID_TYPE, MACH_SEND_TOO_LARGE
 */
export function measureBody(view: DataView): Made<Body> {
  if (view.byteLength < BODY_BYTES) return { code: MACH_SEND_MSG_TOO_SMALL };
  const count = view.getUint32(HEADER_BYTES, true);
  const descriptors: Descriptor[] = [];
  let at = BODY_BYTES;
  let ports = 0;
  for (let i = 0; i < count; i++) {
    if (at + DESCRIPTOR_BYTES[0] > view.byteLength) return { code: MACH_SEND_MSG_TOO_SMALL };
    const type = view.getUint8(at + 11);
    const bytes = DESCRIPTOR_BYTES[type];
    if (bytes === undefined) return { code: MACH_SEND_INVALID_TYPE };
    if (at + bytes > view.byteLength) return { code: MACH_SEND_MSG_TOO_SMALL };
    const isPort = type === PORT_DESCRIPTOR;
    const descriptor: Descriptor = {
      type,
      disposition: view.getUint8(at + 10),
      name: view.getUint32(at, true),
      address: isPort ? 0n : view.getBigUint64(at, true),
      deallocate: view.getUint8(at + 8) !== 0,
      copyOption: view.getUint8(at + 9),
      count: isPort ? 0 : view.getUint32(at + 12, true),
    };
    if (type === OOL_PORTS_DESCRIPTOR) ports += descriptor.count;
    descriptors.push(descriptor);
    at += bytes;
  }
  if (ports > MAX_OOL_PORTS) return { code: MACH_SEND_TOO_LARGE };
  return { descriptors, inlineAt: at };
}

/**
 * Translate what a message carries, in order. What came before a failure is destroyed: rights that
 * moved and memory that was to be deallocated are gone. XNU: ipc_kmsg_copyin_body.
 * @returns MACH_SEND_INVALID_RIGHT, MACH_SEND_INVALID_TYPE, MACH_SEND_INVALID_MEMORY, or
 *   MACH_MSG_VM_KERNEL when the kernel has no room for a physical copy
 */
export function* copyinBody(
  c: DarwinCall,
  { descriptors }: Body,
): Blocking<Made<{ readonly carried: Carried[] }>> {
  const carried: Carried[] = [];
  for (const descriptor of descriptors) {
    const made = yield* copyinDescriptor(c, descriptor);
    if ("code" in made) {
      yield* destroyCarried(c.kernel, carried);
      return { code: made.code };
    }
    carried.push(made.item);
  }
  return { carried };
}

type Item = Made<{ readonly item: Carried }>;

function* copyinDescriptor(c: DarwinCall, d: Descriptor): Blocking<Item> {
  switch (d.type) {
    case PORT_DESCRIPTOR: {
      const right = c.state.ports.copyin(d.name, d.disposition);
      if (right === undefined) return { code: MACH_SEND_INVALID_RIGHT };
      return { item: { kind: "port", right, ...kindOf(d.disposition) } };
    }
    case GUARDED_PORT_DESCRIPTOR:
      return { code: MACH_SEND_INVALID_RIGHT }; // ports are not guarded
    default: {
      const { copyOption } = d;
      if (copyOption !== MACH_MSG_PHYSICAL_COPY && copyOption !== MACH_MSG_VIRTUAL_COPY) {
        return { code: MACH_SEND_INVALID_TYPE };
      }
      return d.type === OOL_PORTS_DESCRIPTOR ? yield* copyinPorts(c, d) : yield* copyinMemory(c, d);
    }
  }
}

/** The kind of right that travels. */
function kindOf(disposition: number): { readonly once: boolean; readonly receive: boolean } {
  const once = disposition === MOVE_SEND_ONCE || disposition === MAKE_SEND_ONCE;
  return { once, receive: disposition === MOVE_RECEIVE };
}

/** XNU: ipc_kmsg_copyin_ool_ports_descriptor. */
function* copyinPorts(c: DarwinCall, d: Descriptor): Blocking<Item> {
  const { disposition, copyOption } = d;
  const rights: CarriedRight[] = [];
  const item = (): Carried => ({
    kind: "ports",
    rights,
    ...kindOf(disposition),
    copyOption,
  });
  const bytes = 4 * d.count;
  const names = yield* c.copyIn(d.address, bytes);
  if (!names.ok) return { code: MACH_SEND_INVALID_MEMORY };
  if (d.deallocate) yield* machVmDeallocate(c.task.map, rawU64(d.address), rawU64(bytes));
  const view = new DataView(names.value.buffer, names.value.byteOffset);
  for (let i = 0; i < d.count; i++) {
    const right = c.state.ports.copyin(view.getUint32(4 * i, true), disposition);
    if (right === undefined) {
      yield* destroyCarried(c.kernel, [item()]);
      return { code: MACH_SEND_INVALID_RIGHT };
    }
    rights.push(right);
  }
  return { item: item() };
}

/**
 * Small memory is copied at once, other memory copy-on-write, unless a physical copy is asked for
 * and the source stays. XNU: ipc_kmsg_copyin_ool_descriptor.
 */
function* copyinMemory(c: DarwinCall, d: Descriptor): Blocking<Item> {
  const { type, copyOption, count: size } = d;
  const physical = copyOption === MACH_MSG_PHYSICAL_COPY && !d.deallocate;
  const made: Made<{ copy: VmMapCopy | null }> =
    physical && size > MSG_OOL_SIZE_SMALL
      ? yield* copyPhysically(c, d.address, size)
      : yield* copyVirtually(c, d);
  if ("code" in made) return made;
  const { copy } = made;
  if (copy !== null) c.kernel.inFlight.copies.add(copy);
  return { item: { kind: "memory", copy, size, type, copyOption } };
}

function* copyVirtually(c: DarwinCall, d: Descriptor): Blocking<Made<{ copy: VmMapCopy | null }>> {
  const [address, size] = [rawU64(d.address), rawU64(d.count)];
  const made = yield* vmMapCopyin(c.task.map, address, size, d.deallocate);
  return made.kr === KERN_SUCCESS ? { copy: made.copy } : { code: memoryError(made.kr) };
}

function memoryError(kr: KernReturn): MachReturn {
  return kr === KERN_RESOURCE_SHORTAGE ? MACH_MSG_VM_KERNEL : MACH_SEND_INVALID_MEMORY;
}

/** Bytes go into the kernel's copy map, and leave it as a copy that is nobody else's. */
function* copyPhysically(
  c: DarwinCall,
  address: bigint,
  size: number,
): Blocking<Made<{ copy: VmMapCopy | null }>> {
  const { copyMap } = c.kernel.inFlight;
  const room = alignUp(size, copyMap.pageSize);
  const request = { address: 0 as VmOffset, size: room, flags: vmkFlagsAnywhere() };
  const entered = yield* vmMapEnter(copyMap, request);
  if (!("address" in entered)) return { code: MACH_MSG_VM_KERNEL };
  const start = entered.address;
  for (let done = 0; done < size; done += CHUNK) {
    const source = yield* c.copyIn(address + BigInt(done), Math.min(CHUNK, size - done));
    if (source.ok) {
      yield* copyoutMap(copyMap, (start + done) as VmOffset, source.value);
      continue;
    }
    yield* vmMapRemove(copyMap, start, (start + room) as VmOffset);
    return { code: MACH_SEND_INVALID_MEMORY };
  }
  const made = yield* vmMapCopyin(copyMap, rawU64(start), rawU64(size), true);
  return made.kr === KERN_SUCCESS ? { copy: made.copy } : { code: memoryError(made.kr) };
}
