import type { Right } from "./message.js";
import type { MessageQueue, PortSet } from "./port-queue.js";

/** What nobody has a name for any more, but that holds something still. */
export interface Abandoned {
  readonly sendOnceRights: Right[];
  /** Queues that died: senders wait at them for room, receivers for messages. */
  readonly queues: MessageQueue[];
  /** Port sets that died. */
  readonly sets: PortSet[];
  /** Ports whose last send right may be gone. */
  readonly senderless: MessageQueue[];
  /** Names that went, which somebody wanted to hear of. */
  readonly deleted: PortRequest[];
}

/** Somebody wants to hear when the port behind a name dies, or the name goes. XNU: ipc_port_request. */
export interface PortRequest {
  readonly name: number;
  readonly notify: Right;
}

export function nothingAbandoned(): Abandoned {
  return { sendOnceRights: [], queues: [], sets: [], senderless: [], deleted: [] };
}
