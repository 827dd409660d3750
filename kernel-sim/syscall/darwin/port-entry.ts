import { isDeadPort, type Port } from "./port.js";
import type { PortSet } from "./port-queue.js";

/** Kinds of rights (mach/port.h MACH_PORT_RIGHT_*). */
export const MACH_PORT_RIGHT_SEND = 0;
export const MACH_PORT_RIGHT_RECEIVE = 1;
export const MACH_PORT_RIGHT_SEND_ONCE = 2;
export const MACH_PORT_RIGHT_PORT_SET = 3;
export const MACH_PORT_RIGHT_DEAD_NAME = 4;
export const MACH_PORT_RIGHT_NUMBER = 5;

/** What one name stands for. A name with send and receive rights to one port carries both. */
export interface PortEntry {
  readonly port: Port | null;
  receive: boolean;
  readonly portSet: PortSet | null;
  deadName: boolean;
  /** The one send right is a send-once right, which always has a name of its own. */
  sendOnce: boolean;
  /** References to the send right or the dead name; 0 means there is no send right. */
  urefs: number;
}

/** A name for nothing. */
export const EMPTY: PortEntry = {
  port: null,
  receive: false,
  portSet: null,
  deadName: false,
  sendOnce: false,
  urefs: 0,
};

/** Nobody is behind the name. */
export function isDead(entry: PortEntry): boolean {
  return entry.deadName || (entry.port !== null && isDeadPort(entry.port));
}

/** MACH_PORT_TYPE(right). */
export function typeBit(right: number): number {
  return 1 << (right + 16);
}

/** What mach_port_type says of a name. */
export function typeBits(entry: PortEntry): number {
  const has = (present: boolean, right: number): number => (present ? typeBit(right) : 0);
  const dead = isDead(entry);
  const sends = entry.urefs > 0 && !dead;
  return (
    has(sends && !entry.sendOnce, MACH_PORT_RIGHT_SEND) |
    has(sends && entry.sendOnce, MACH_PORT_RIGHT_SEND_ONCE) |
    has(entry.receive, MACH_PORT_RIGHT_RECEIVE) |
    has(entry.portSet !== null, MACH_PORT_RIGHT_PORT_SET) |
    has(entry.deadName || (dead && entry.urefs > 0), MACH_PORT_RIGHT_DEAD_NAME)
  );
}
