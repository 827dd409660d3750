import type { Kernel } from "../../kernel.js";
import {
  MACH_NOTIFY_DEAD_NAME,
  MACH_NOTIFY_NO_SENDERS,
  MACH_NOTIFY_PORT_DELETED,
  MACH_NOTIFY_SEND_ONCE,
  MESSAGE_OVERHEAD,
  type Right,
} from "./message.js";
import { isDeadPort } from "./port.js";
import { enqueue } from "./port-queue.js";

/** Messages from the kernel about rights, each to a send-once right. XNU: ipc/ipc_notify.c, mach/notify.h. */

/** A send-once right was destroyed unused; this is its use. XNU: ipc_notify_send_once. */
export function notifySendOnce(kernel: Kernel, right: Right): void {
  notify(kernel, right, MACH_NOTIFY_SEND_ONCE, null);
}

/** The last send right is gone. @param count send rights made so far. XNU: ipc_notify_no_senders */
export function notifyNoSenders(kernel: Kernel, right: Right, count: number): void {
  notify(kernel, right, MACH_NOTIFY_NO_SENDERS, count);
}

/** A name became a dead name, with one reference more. XNU: ipc_notify_dead_name. */
export function notifyDeadName(kernel: Kernel, right: Right, name: number): void {
  notify(kernel, right, MACH_NOTIFY_DEAD_NAME, name);
}

/** A name that was asked about is gone. XNU: ipc_notify_port_deleted. */
export function notifyPortDeleted(kernel: Kernel, right: Right, name: number): void {
  notify(kernel, right, MACH_NOTIFY_PORT_DELETED, name);
}

/** @param word null: the message is a header only. It is lost when the machine has no room for it. */
function notify(kernel: Kernel, right: Right, id: number, word: number | null): void {
  const { port } = right;
  if (port.kind !== "queue" || isDeadPort(port)) return;
  if (!kernel.inFlight.takeBytes(MESSAGE_OVERHEAD)) return;
  // The NDR record, and the name or count.
  const inline = word === null ? [] : [0, 1, word];
  enqueue(kernel, port, {
    id,
    destination: right,
    reply: null,
    carried: null,
    inline: new Uint8Array(Uint32Array.from(inline).buffer),
    sender: null,
    heldBytes: MESSAGE_OVERHEAD,
  });
}
