import type { Blocking } from "../../../vm/blocking.js";
import { vmMapCopyDiscard } from "../../../vm/map/copy.js";
import type { Kernel } from "../../kernel.js";
import type { Carried, CarriedRight, KernelMessage } from "./message.js";
import {
  notifyDeadName,
  notifyNoSenders,
  notifyPortDeleted,
  notifySendOnce,
} from "./notifications.js";
import { isDeadPort, type Port } from "./port.js";
import type { MessageQueue } from "./port-queue.js";
import type { PortSpace } from "./ports.js";
import { darwinState, type DarwinState } from "./state.js";

/** Let go of what a message carries. XNU: ipc_kmsg_clean_body. */
export function* destroyCarried(kernel: Kernel, carried: readonly Carried[]): Blocking<void> {
  const orphans: MessageQueue[] = [];
  yield* clean(kernel, carried, orphans);
  yield* destroyQueues(kernel, orphans);
}

/** @param orphans gets the ports whose receive rights were carried: nobody has them now */
function* clean(
  kernel: Kernel,
  carried: readonly Carried[],
  orphans: MessageQueue[],
): Blocking<void> {
  const cleanRight = (right: CarriedRight): void => {
    const receive = right !== null && right !== "dead" && right.receive === true;
    if (!receive) destroyRight(kernel, right);
    else if (right.port.kind === "queue") orphans.push(right.port);
  };
  for (const item of carried) {
    switch (item.kind) {
      case "port":
        cleanRight(item.right);
        break;
      case "ports":
        for (const right of item.rights) cleanRight(right);
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
  const orphans: MessageQueue[] = [];
  yield* destroyOne(kernel, message, orphans);
  yield* destroyQueues(kernel, orphans);
}

function* destroyOne(
  kernel: Kernel,
  message: KernelMessage,
  orphans: MessageQueue[],
): Blocking<void> {
  kernel.inFlight.releaseBytes(message.heldBytes);
  message.dropped?.();
  usedUp(kernel, message);
  destroyRight(kernel, message.reply);
  yield* clean(kernel, message.carried ?? [], orphans);
}

/** The right a message was sent by has done what it was for: it is not lost, but it is gone. */
export function usedUp(kernel: Kernel, { destination }: KernelMessage): void {
  if (!destination.once) destroyRight(kernel, destination);
}

/**
 * Ports die, and the messages in them, and the ports whose receive rights those carried, however long that goes
 * on. XNU: ipc_port_destroy, with ipc_kmsg's list of what is to be destroyed.
 */
function* destroyQueues(kernel: Kernel, queues: readonly MessageQueue[]): Blocking<void> {
  const dying = [...queues];
  for (let queue = dying.pop(); queue !== undefined; queue = dying.pop()) {
    queue.dead = true;
    queue.transit = null;
    kernel.vm.wakeup(queue.room);
    kernel.vm.wakeup(queue);
    queue.pager?.portDied();
    const { noSenders } = queue;
    queue.noSenders = null;
    destroyRight(kernel, noSenders);
    if (queue.watched) announceDeath(kernel, queue);
    for (const message of queue.messages.splice(0)) yield* destroyOne(kernel, message, dying);
  }
}

/** Who asked hears that a port is dead. */
export function announceDeath(kernel: Kernel, port: Port): void {
  for (const task of kernel.tasks.values()) {
    for (const { name, notify } of darwinState(task).ports.takeRequestsFor(port)) {
      notifyDeadName(kernel, notify, name);
    }
  }
}

/**
 * A right is gone. Who waits for the use of a send-once right is told that it will not come, and who waits for
 * the last send right to go, of that. Not for receive rights.
 */
export function destroyRight(kernel: Kernel, right: CarriedRight): void {
  if (right === null || right === "dead") return;
  const { port } = right;
  if (port.kind !== "queue") return;
  if (right.once) {
    notifySendOnce(kernel, right);
    return;
  }
  port.sendRights -= 1;
  noMoreSenders(kernel, port);
}

/** XNU: ipc_port_release_send, ipc_notify_no_senders. */
function noMoreSenders(kernel: Kernel, port: MessageQueue): void {
  const { noSenders } = port;
  if (port.sendRights > 0 || noSenders === null || isDeadPort(port)) return;
  port.noSenders = null;
  notifyNoSenders(kernel, noSenders, port.makeSendCount);
}

/** Destroy what names of this space led to, and nothing does any more. */
export function* destroyAbandoned(kernel: Kernel, ports: PortSpace): Blocking<void> {
  const { sendOnceRights, queues, sets, senderless, deleted } = ports.takeAbandoned();
  for (const set of sets) kernel.vm.wakeup(set);
  for (const right of sendOnceRights) destroyRight(kernel, right);
  for (const { name, notify } of deleted) notifyPortDeleted(kernel, notify, name);
  for (const port of senderless) noMoreSenders(kernel, port);
  yield* destroyQueues(kernel, queues);
}

/** The task has no port names any more: its program is gone. XNU: ipc_task_terminate. */
export function* terminatePorts(kernel: Kernel, state: DarwinState): Blocking<void> {
  state.ports.terminate();
  for (const right of state.specialPorts.values()) destroyRight(kernel, right);
  state.specialPorts.clear();
  yield* destroyAbandoned(kernel, state.ports);
}
