import {
  KERN_INVALID_ARGUMENT,
  KERN_INVALID_NAME,
  KERN_INVALID_RIGHT,
  KERN_INVALID_VALUE,
  KERN_SUCCESS,
  KERN_UREFS_OVERFLOW,
  type KernReturn,
} from "../../../vm/types.js";
import type { Task } from "../../task.js";
import type { Thread } from "../../thread.js";
import type { TaskPager } from "./task-pager.js";
import {
  COPY_SEND,
  MAKE_SEND,
  MAKE_SEND_ONCE,
  MessageQueue,
  MOVE_SEND,
  MOVE_SEND_ONCE,
  type CarriedRight,
  type KernelMessage,
  type Right,
} from "./message.js";

export const MACH_PORT_NULL = 0;
export const MACH_PORT_DEAD = 0xffff_ffff;

/** Kinds of rights (mach/port.h MACH_PORT_RIGHT_*). */
export const MACH_PORT_RIGHT_SEND = 0;
export const MACH_PORT_RIGHT_RECEIVE = 1;
export const MACH_PORT_RIGHT_SEND_ONCE = 2;
export const MACH_PORT_RIGHT_PORT_SET = 3;
export const MACH_PORT_RIGHT_DEAD_NAME = 4;
export const MACH_PORT_RIGHT_NUMBER = 5;

/** User references a name can hold. XNU: MACH_PORT_UREFS_MAX. */
const UREFS_MAX = 0xffff;
const GENERATION_STEP = 4;
const FIRST_GENERATION = 3;

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

/** What one name stands for. A name with send and receive rights to one port carries both. */
interface PortEntry {
  readonly port: Port | null;
  receive: boolean;
  portSet: boolean;
  deadName: boolean;
  /** The one send right is a send-once right, which always has a name of its own. */
  sendOnce: boolean;
  /** References to the send right or the dead name; 0 means there is no send right. */
  urefs: number;
}

/** What nobody has a name for any more, but that holds something still. */
export interface Abandoned {
  readonly messages: KernelMessage[];
  readonly sendOnceRights: Right[];
  /** Queues that died: senders wait at them for room. */
  readonly queues: MessageQueue[];
}

/**
 * A task's port names (struct ipc_space). A name is (index << 8) | generation; the generation moves
 * on when an index is used again, so that stale names are noticed.
 */
export class PortSpace {
  readonly #entries = new Map<number, PortEntry>();
  /** Generation to use next for an index that was used before. */
  readonly #generations = new Map<number, number>();
  readonly #freeIndexes: number[] = [];
  #nextIndex = 1;
  #abandoned: Abandoned = { messages: [], sendOnceRights: [], queues: [] };

  /** What was abandoned since this was last asked: to be destroyed by whoever may sleep. */
  takeAbandoned(): Abandoned {
    const taken = this.#abandoned;
    this.#abandoned = { messages: [], sendOnceRights: [], queues: [] };
    return taken;
  }

  /** Every name goes. XNU: ipc_space_terminate. */
  terminate(): void {
    for (const [name, entry] of [...this.#entries]) {
      if (entry.receive) this.#dropReceive(name, entry);
      if (entry.sendOnce) this.deallocate(name);
    }
    this.#entries.clear();
  }

  /** Give the task a send right to `port`: a further reference if it has one already. */
  addSend(port: Port): number {
    for (const [name, entry] of this.#entries) {
      if (entry.port !== port || entry.sendOnce) continue;
      if (entry.urefs === 0 && !entry.receive) continue;
      // A full count stays where it is. XNU: ipc_right_copyout, MACH_PORT_UREFS_OVERFLOW.
      if (entry.urefs < UREFS_MAX) entry.urefs += 1;
      return name;
    }
    return this.#add({ ...EMPTY, port, urefs: 1 });
  }

  /**
   * Take a right for a message. XNU: ipc_right_copyin. Receive rights do not travel. Differs from XNU.
   * @returns undefined if the name has no such right; "dead" if there is nobody behind it
   */
  copyin(name: number, disposition: number): CarriedRight | undefined {
    const right = this.peek(name, disposition);
    const moves = disposition === MOVE_SEND || disposition === MOVE_SEND_ONCE;
    const entry = this.#entries.get(name);
    if (moves && entry !== undefined && right !== undefined && right !== null) {
      this.#setUrefs(name, entry, entry.urefs - 1);
    }
    return right;
  }

  /** As `copyin`, without taking it. MACH_PORT_NULL and MACH_PORT_DEAD stand for themselves. */
  peek(name: number, disposition: number): CarriedRight | undefined {
    if (name === MACH_PORT_NULL) return null;
    if (name === MACH_PORT_DEAD) return "dead";
    const entry = this.#entries.get(name);
    if (entry === undefined) return undefined;
    const { port } = entry;
    switch (disposition) {
      case MAKE_SEND:
      case MAKE_SEND_ONCE:
        if (!entry.receive || port === null) return undefined;
        return { port, once: disposition === MAKE_SEND_ONCE };
      case COPY_SEND:
      case MOVE_SEND:
      case MOVE_SEND_ONCE: {
        if (entry.urefs === 0) return undefined;
        if (port === null || isDead(entry)) return "dead";
        const once = disposition === MOVE_SEND_ONCE;
        return entry.sendOnce === once ? { port, once } : undefined;
      }
      default:
        return undefined;
    }
  }

  /** A name for a right that arrived. XNU: ipc_object_copyout. */
  copyout(right: CarriedRight): number {
    if (right === null) return MACH_PORT_NULL;
    if (right === "dead" || isDeadPort(right.port)) return MACH_PORT_DEAD;
    if (!right.once) return this.addSend(right.port);
    return this.#add({ ...EMPTY, port: right.port, sendOnce: true, urefs: 1 });
  }

  /** XNU: mach_port_allocate. A port set and a dead name need no port. */
  allocate(right: number): number | null {
    switch (right) {
      case MACH_PORT_RIGHT_RECEIVE:
        return this.#add({ ...EMPTY, port: new MessageQueue(), receive: true });
      case MACH_PORT_RIGHT_PORT_SET:
        return this.#add({ ...EMPTY, portSet: true });
      case MACH_PORT_RIGHT_DEAD_NAME:
        return this.#add({ ...EMPTY, deadName: true, urefs: 1 });
      default:
        return null;
    }
  }

  /** The port a send right leads to, or why there is none. XNU: ipc_object_translate. */
  send(name: number): Port | typeof KERN_INVALID_NAME | typeof KERN_INVALID_RIGHT {
    const entry = this.#entries.get(name);
    if (entry === undefined) return KERN_INVALID_NAME;
    if (entry.port === null || entry.urefs === 0 || entry.sendOnce) return KERN_INVALID_RIGHT;
    return isDead(entry) ? KERN_INVALID_RIGHT : entry.port;
  }

  /** The queue behind a receive right. */
  queueOf(name: number): MessageQueue | null {
    const entry = this.#entries.get(name);
    return entry?.receive === true && entry.port?.kind === "queue" ? entry.port : null;
  }

  /** Whether messages could be received with this name: a receive right or a port set. */
  canReceive(name: number): boolean {
    const entry = this.#entries.get(name);
    return entry !== undefined && (entry.receive || entry.portSet);
  }

  has(name: number): boolean {
    return this.#entries.has(name);
  }

  /** MACH_PORT_TYPE_* bits of a name. XNU: mach_port_type. */
  type(name: number): number | typeof KERN_INVALID_NAME {
    const entry = this.#entries.get(name);
    return entry === undefined ? KERN_INVALID_NAME : typeBits(entry);
  }

  /** Drop one reference to a send right or a dead name. XNU: mach_port_deallocate. */
  deallocate(name: number): KernReturn {
    const entry = this.#entries.get(name);
    if (entry === undefined) return KERN_INVALID_NAME;
    if (entry.urefs === 0) return KERN_INVALID_RIGHT;
    const { port } = entry;
    if (entry.sendOnce && port !== null) this.#abandoned.sendOnceRights.push({ port, once: true });
    this.#setUrefs(name, entry, entry.urefs - 1);
    return KERN_SUCCESS;
  }

  /** Change the reference count of one right. XNU: mach_port_mod_refs, ipc_right_delta. */
  modRefs(name: number, right: number, delta: number): KernReturn {
    if (right < 0 || right >= MACH_PORT_RIGHT_NUMBER) return KERN_INVALID_VALUE;
    const entry = this.#entries.get(name);
    if (entry === undefined) {
      const isNone = name === MACH_PORT_NULL || name === MACH_PORT_DEAD;
      const counted = right === MACH_PORT_RIGHT_SEND || right === MACH_PORT_RIGHT_SEND_ONCE;
      return isNone && counted ? KERN_SUCCESS : KERN_INVALID_NAME;
    }
    if ((typeBits(entry) & typeBit(right)) === 0) return KERN_INVALID_RIGHT;
    const counted = right === MACH_PORT_RIGHT_SEND || right === MACH_PORT_RIGHT_DEAD_NAME;
    const count = (counted ? entry.urefs : 1) + delta;
    if (count < 0) return KERN_INVALID_VALUE;
    if (counted) {
      if (count > UREFS_MAX) return KERN_UREFS_OVERFLOW;
      this.#setUrefs(name, entry, count);
      return KERN_SUCCESS;
    }
    if (count > 1) return KERN_INVALID_VALUE;
    if (count === 0 && right === MACH_PORT_RIGHT_SEND_ONCE) return this.deallocate(name);
    if (count === 0) this.#dropReceive(name, entry);
    return KERN_SUCCESS;
  }

  /** The receive right goes: a send right to the dead port becomes a dead name. */
  #dropReceive(name: number, entry: PortEntry): void {
    if (entry.receive && entry.port?.kind === "queue") {
      entry.port.dead = true;
      this.#abandoned.queues.push(entry.port);
      this.#abandoned.messages.push(...entry.port.messages.splice(0));
    }
    entry.receive = false;
    entry.portSet = false;
    if (entry.urefs > 0) entry.deadName = true;
    else this.#remove(name);
  }

  #setUrefs(name: number, entry: PortEntry, urefs: number): void {
    entry.urefs = urefs;
    if (urefs === 0 && !entry.receive) this.#remove(name);
  }

  #add(entry: PortEntry): number {
    const index = this.#freeIndexes.pop() ?? this.#nextIndex++;
    const generation = this.#generations.get(index) ?? FIRST_GENERATION;
    this.#generations.set(index, (generation + GENERATION_STEP) & 0xff);
    const name = index * 256 + generation;
    this.#entries.set(name, entry);
    return name;
  }

  #remove(name: number): void {
    this.#entries.delete(name);
    this.#freeIndexes.push(Math.floor(name / 256));
  }
}

const EMPTY: PortEntry = {
  port: null,
  receive: false,
  portSet: false,
  deadName: false,
  sendOnce: false,
  urefs: 0,
};

function isDead(entry: PortEntry): boolean {
  return entry.deadName || (entry.port !== null && isDeadPort(entry.port));
}

/** MACH_PORT_TYPE(right). */
function typeBit(right: number): number {
  return 1 << (right + 16);
}

function typeBits(entry: PortEntry): number {
  const has = (present: boolean, right: number): number => (present ? typeBit(right) : 0);
  const dead = isDead(entry);
  const sends = entry.urefs > 0 && !dead;
  return (
    has(sends && !entry.sendOnce, MACH_PORT_RIGHT_SEND) |
    has(sends && entry.sendOnce, MACH_PORT_RIGHT_SEND_ONCE) |
    has(entry.receive, MACH_PORT_RIGHT_RECEIVE) |
    has(entry.portSet, MACH_PORT_RIGHT_PORT_SET) |
    has(entry.deadName || (dead && entry.urefs > 0), MACH_PORT_RIGHT_DEAD_NAME)
  );
}

/** XNU: port_name_to_semaphore, when no name can be a semaphore's. */
export function semaphoreError(ports: PortSpace, name: number): KernReturn {
  const port = ports.send(name);
  return typeof port === "number" ? port : KERN_INVALID_ARGUMENT;
}
