import type { VmMapCopy } from "../../../vm/map/copy.js";
import type { MachReturn } from "./call.js";
import type { Port } from "./port.js";

/** Messages as the kernel keeps them. XNU: ipc/ipc_kmsg.h, mach/message.h. */

export const HEADER_BYTES = 24;
/** Of the header and the count of descriptors. */
export const BODY_BYTES = 28;
export const MACH_MSGH_BITS_COMPLEX = 0x8000_0000;

/** What becomes of a right named in a message (MACH_MSG_TYPE_*). */
export const MOVE_RECEIVE = 16;
export const MOVE_SEND = 17;
export const MOVE_SEND_ONCE = 18;
export const COPY_SEND = 19;
export const MAKE_SEND = 20;
export const MAKE_SEND_ONCE = 21;

/** Types of descriptors (MACH_MSG_*_DESCRIPTOR), and their lengths in bytes. */
export const PORT_DESCRIPTOR = 0;
export const OOL_DESCRIPTOR = 1;
export const OOL_PORTS_DESCRIPTOR = 2;
export const OOL_VOLATILE_DESCRIPTOR = 3;
export const GUARDED_PORT_DESCRIPTOR = 4;
export const DESCRIPTOR_BYTES = [12, 16, 16, 16, 16] as const;

/** How memory is to be copied (mach_msg_copy_options_t). */
export const MACH_MSG_PHYSICAL_COPY = 0;
export const MACH_MSG_VIRTUAL_COPY = 1;

/** Messages from the kernel about rights (mach/notify.h). */
export const MACH_NOTIFY_PORT_DELETED = 65;
export const MACH_NOTIFY_NO_SENDERS = 70;
export const MACH_NOTIFY_SEND_ONCE = 71;
export const MACH_NOTIFY_DEAD_NAME = 72;

/** A right on its way: no name stands for it. */
export interface Right {
  readonly port: Port;
  /** A send-once right. */
  readonly once: boolean;
  /** The receive right. */
  readonly receive?: boolean;
}

/** Null is MACH_PORT_NULL, "dead" MACH_PORT_DEAD. */
export type CarriedRight = Right | "dead" | null;

/** Something a complex message carries. */
export type Carried =
  | {
      readonly kind: "port";
      readonly right: CarriedRight;
      readonly once: boolean;
      readonly receive?: boolean;
    }
  | {
      readonly kind: "memory";
      /** Null for zero bytes. */
      readonly copy: VmMapCopy | null;
      readonly size: number;
      readonly type: number;
      readonly copyOption: number;
    }
  | {
      readonly kind: "ports";
      readonly rights: readonly CarriedRight[];
      readonly once: boolean;
      readonly receive?: boolean;
      readonly copyOption: number;
    };

/** Who sent a message. The kernel is nobody. */
export interface Sender {
  readonly uid: number;
  readonly gid: number;
  readonly pid: number;
}

export interface KernelMessage {
  readonly id: number;
  /** Where it goes, and the right to answer with. */
  readonly destination: Right;
  readonly reply: CarriedRight;
  /** Null: not a complex message. */
  readonly carried: readonly Carried[] | null;
  /** What follows the descriptors, or the header where there are none. */
  readonly inline: Uint8Array;
  readonly sender: Sender | null;
  /** When it came into its queue: later ones have higher numbers. */
  readonly arrival?: number;
  /** Charged to the machine while it waits. */
  readonly heldBytes: number;
  /** Nobody received it, and nobody will. */
  readonly dropped?: () => void;
}

/** What any message costs the host, and any right in it. */
export const MESSAGE_OVERHEAD = 512;
const RIGHT_OVERHEAD = 64;

/** What carried things cost the host: memory that is copied by value, and rights. */
export function bytesHeld(carried: readonly Carried[]): number {
  return carried.reduce((sum, item) => {
    if (item.kind === "port") return sum + RIGHT_OVERHEAD;
    if (item.kind === "ports") return sum + RIGHT_OVERHEAD * item.rights.length;
    return sum + (item.copy?.type === "kernelBuffer" ? item.copy.size : 0);
  }, 0);
}

/** Bytes of the descriptors a message carries. */
export function bytesOfDescriptors(carried: readonly Carried[]): number {
  return carried.reduce((sum, { kind }) => sum + DESCRIPTOR_BYTES[kind === "port" ? 0 : 1], 0);
}

/** Length of a message as its receiver sees it, without trailer. */
export function bytesOfMessage({ carried, inline }: KernelMessage): number {
  const body = carried === null ? HEADER_BYTES : BODY_BYTES + bytesOfDescriptors(carried);
  return body + inline.length;
}

/** How a received right is announced. */
export function receivedType({ once, receive = false }: Omit<Right, "port">): number {
  if (receive) return MOVE_RECEIVE;
  return once ? MOVE_SEND_ONCE : MOVE_SEND;
}

/** Something made, or why not. */
export type Made<T extends object> = T | { readonly code: MachReturn };
