import type { Blocking } from "../../../vm/blocking.js";
import { vmMapCopyDiscard } from "../../../vm/map/copy.js";
import type { Kernel } from "../../kernel.js";
import {
  enqueue,
  MACH_NOTIFY_SEND_ONCE,
  MESSAGE_OVERHEAD,
  type Carried,
  type CarriedRight,
  type KernelMessage,
  type Right,
} from "./message.js";
import { isDeadPort, type PortSpace } from "./ports.js";
import type { DarwinState } from "./state.js";

/** Let go of what a message carries. XNU: ipc_kmsg_clean_body. */
export function* destroyCarried(kernel: Kernel, carried: readonly Carried[]): Blocking<void> {
  for (const item of carried) {
    switch (item.kind) {
      case "port":
        destroyRight(kernel, item.right);
        break;
      case "ports":
        for (const right of item.rights) destroyRight(kernel, right);
        break;
      case "memory":
        if (item.copy !== null) {
          kernel.inFlight.copies.delete(item.copy);
          yield* vmMapCopyDiscard(item.copy);
        }
    }
  }
}

/** A message that nobody will receive. XNU: ipc_kmsg_destroy. */
export function* destroyMessage(kernel: Kernel, message: KernelMessage): Blocking<void> {
  kernel.inFlight.releaseBytes(message.heldBytes);
  message.dropped?.();
  destroyRight(kernel, message.reply);
  yield* destroyCarried(kernel, message.carried ?? []);
}

/** Who waits for the use of a send-once right is told that it will not come. XNU: ipc_notify_send_once. */
export function destroyRight(kernel: Kernel, right: CarriedRight): void {
  if (right === null || right === "dead" || !right.once) return;
  notifySendOnce(kernel, right);
}

function notifySendOnce(kernel: Kernel, right: Right): void {
  const { port } = right;
  if (port.kind !== "queue" || isDeadPort(port)) return;
  if (!kernel.inFlight.takeBytes(MESSAGE_OVERHEAD)) return;
  enqueue(kernel, port, {
    id: MACH_NOTIFY_SEND_ONCE,
    destination: right,
    reply: null,
    carried: null,
    inline: new Uint8Array(0),
    sender: null,
    heldBytes: MESSAGE_OVERHEAD,
  });
}

/** Destroy what names of this space led to, and nothing does any more. */
export function* destroyAbandoned(kernel: Kernel, ports: PortSpace): Blocking<void> {
  const { messages, sendOnceRights, queues } = ports.takeAbandoned();
  for (const queue of queues) {
    kernel.vm.wakeup(queue.room);
    queue.pager?.portDied();
  }
  for (const right of sendOnceRights) destroyRight(kernel, right);
  for (const message of messages) yield* destroyMessage(kernel, message);
}

/** The task has no port names any more: its program is gone. XNU: ipc_task_terminate. */
export function* terminatePorts(kernel: Kernel, state: DarwinState): Blocking<void> {
  state.ports.terminate();
  state.specialPorts.clear();
  yield* destroyAbandoned(kernel, state.ports);
}
