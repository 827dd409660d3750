import type { Task } from "../../task.js";
import type { Thread } from "../../thread.js";
import type { MessageQueue } from "./port-queue.js";
import type { TaskPager } from "./task-pager.js";

/** What a port leads to: an object of the kernel, or its own queue. */
export type Port =
  | { readonly kind: "task"; readonly task: Task }
  | { readonly kind: "thread"; readonly thread: Thread }
  | { readonly kind: "host" }
  /** Where a pager in a task answers the kernel. */
  | { readonly kind: "memoryControl"; readonly pager: TaskPager }
  | MessageQueue;

/** The port behind an object of the kernel; made when first asked for. */
const objectPorts = new WeakMap<object, Port>();

export function taskPort(task: Task): Port {
  return portOf(task, { kind: "task", task });
}

export function threadPort(thread: Thread): Port {
  return portOf(thread, { kind: "thread", thread });
}

function portOf(object: object, fresh: Port): Port {
  const known = objectPorts.get(object);
  if (known !== undefined) return known;
  objectPorts.set(object, fresh);
  return fresh;
}

/** The host has no state here: one port serves every machine. */
export const HOST_PORT: Port = { kind: "host" };

/**
 * Nobody is behind the port any more: the receive right is gone, or the task whose port it is.
 */
export function isDeadPort(port: Port): boolean {
  if (port.kind === "queue") return port.dead;
  return port.kind === "task" && (port.task.exiting || !port.task.alive);
}
