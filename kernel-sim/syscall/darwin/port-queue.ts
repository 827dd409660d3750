import type { Kernel } from "../../kernel.js";
import type { CarriedRight, KernelMessage, Right } from "./message.js";
import type { TaskPager } from "./task-pager.js";

/** XNU: MACH_PORT_QLIMIT_DEFAULT. */
const QUEUE_LIMIT = 5;

/**
 * A port with its queue. Receivers sleep on the queue, senders on `room`. XNU: struct ipc_port with its
 * ipc_mqueue.
 */
export class MessageQueue {
  readonly kind = "queue";
  readonly messages: KernelMessage[] = [];
  /** Nobody has the receive right any more. */
  dead = false;
  readonly room = {};
  /** The port is a memory object: who asks it for pages. */
  pager: TaskPager | null = null;
  /** Messages received so far. */
  sequence = 0;
  /** Its receive right is in a message that waits there. XNU: ip_destination. */
  transit: MessageQueue | null = null;
  /** The name of the receive right. XNU: ip_receiver_name. */
  receiverName = 0;
  /** Where its messages may be received besides. */
  readonly sets = new Set<PortSet>();
  /** Send rights there are: one for each task that has some, and each message that holds one. */
  sendRights = 0;
  /** Send rights made of the receive right since it came here. XNU: ip_mscount. */
  makeSendCount = 0;
  /** Who is told when the last send right goes. XNU: ip_nsrequest. */
  noSenders: Right | null = null;

  /** Somebody wanted to hear of its death once. */
  watched = false;

  get isFull(): boolean {
    return this.messages.length >= QUEUE_LIMIT;
  }

  /** The receive right leaves its task. XNU: ipc_port_clear_receiver. */
  clearReceiver(): void {
    for (const set of this.sets) set.remove(this);
    this.receiverName = 0;
    this.sequence = 0;
    this.makeSendCount = 0;
  }
}

/** Ports whose messages are received together. Receivers sleep on the set. XNU: struct ipc_pset. */
export class PortSet {
  readonly kind = "set";
  readonly members = new Set<MessageQueue>();
  /** Nobody has a name for it any more. */
  dead = false;

  add(queue: MessageQueue): void {
    this.members.add(queue);
    queue.sets.add(this);
  }

  remove(queue: MessageQueue): void {
    this.members.delete(queue);
    queue.sets.delete(this);
  }

  /** The set goes; its members stay what they are. */
  dissolve(): void {
    this.dead = true;
    for (const queue of this.members) this.remove(queue);
  }

  /** The member whose first message has waited longest. */
  get ready(): MessageQueue | null {
    let best: MessageQueue | null = null;
    let oldest = Infinity;
    for (const queue of this.members) {
      const first = queue.messages[0]?.arrival ?? Infinity;
      if (first < oldest) [best, oldest] = [queue, first];
    }
    return best;
  }
}

/** Put a message into a queue and wake who waits for one, there or at a set. */
export function enqueue(
  kernel: Kernel,
  queue: MessageQueue,
  message: Omit<KernelMessage, "arrival">,
): void {
  queue.messages.push({ ...message, arrival: kernel.inFlight.nextArrival() });
  kernel.vm.wakeup(queue);
  for (const set of queue.sets) kernel.vm.wakeup(set);
}

/**
 * May the receive right of `moved` travel in a message to `destination`? Not if that message would then wait
 * in a queue that nobody can ever reach. XNU: ipc_port_check_circularity.
 */
export function isCircular(moved: MessageQueue, destination: MessageQueue): boolean {
  for (let at: MessageQueue | null = destination; at !== null; at = at.transit) {
    if (at === moved) return true;
  }
  return false;
}

/** A right like this one: there is one send right more. */
export function copyRight(right: CarriedRight): CarriedRight {
  if (right !== null && right !== "dead" && right.port.kind === "queue") {
    right.port.sendRights += 1;
  }
  return right;
}
