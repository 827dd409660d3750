import {
  KERN_INVALID_NAME,
  KERN_INVALID_RIGHT,
  KERN_INVALID_VALUE,
  KERN_NAME_EXISTS,
  KERN_RIGHT_EXISTS,
  KERN_SUCCESS,
  KERN_UREFS_OVERFLOW,
  type KernReturn,
} from "../../../vm/types.js";
import { nothingAbandoned, type Abandoned, type PortRequest } from "./abandoned.js";
import {
  COPY_SEND,
  MAKE_SEND,
  MAKE_SEND_ONCE,
  MOVE_RECEIVE,
  MOVE_SEND,
  MOVE_SEND_ONCE,
  type CarriedRight,
  type Right,
} from "./message.js";
import { isDeadPort, type Port } from "./port.js";
import {
  EMPTY,
  isDead,
  typeBit,
  typeBits,
  MACH_PORT_RIGHT_SEND,
  MACH_PORT_RIGHT_RECEIVE,
  MACH_PORT_RIGHT_SEND_ONCE,
  MACH_PORT_RIGHT_PORT_SET,
  MACH_PORT_RIGHT_DEAD_NAME,
  MACH_PORT_RIGHT_NUMBER,
  type PortEntry,
} from "./port-entry.js";
import { MessageQueue, PortSet } from "./port-queue.js";

export const MACH_PORT_NULL = 0;
export const MACH_PORT_DEAD = 0xffff_ffff;

/** User references a name can hold. XNU: MACH_PORT_UREFS_MAX. */
const UREFS_MAX = 0xffff;
const GENERATION_STEP = 4;
const FIRST_GENERATION = 3;

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
  #abandoned = nothingAbandoned();
  /** The one name of a port that is not a send-once right's. */
  readonly #names = new Map<Port, number>();
  /** Dead-name requests by name, and the names there may be some for by port. */
  readonly #requests = new Map<number, Right>();
  readonly #watched = new Map<Port, Set<number>>();

  /** What was abandoned since this was last asked: to be destroyed by whoever may sleep. */
  takeAbandoned(): Abandoned {
    const taken = this.#abandoned;
    this.#abandoned = nothingAbandoned();
    return taken;
  }

  /** Every name goes. XNU: ipc_space_terminate. */
  terminate(): void {
    for (const [name, notify] of this.#requests) this.#abandoned.deleted.push({ name, notify });
    this.#requests.clear();
    for (const [name, entry] of [...this.#entries]) {
      if (entry.receive || entry.portSet !== null) this.#dropReceive(name, entry);
      if (entry.sendOnce) this.deallocate(name);
      else if (entry.urefs > 0) this.#dropSend(entry.port);
    }
    this.#entries.clear();
    this.#names.clear();
    this.#watched.clear();
  }

  /** Give the task a send right to `port`, which is used up: a further reference if it has one already. */
  addSend(port: Port): number {
    const name = this.#nameOf(port);
    if (name === null) return this.#add({ ...EMPTY, port, urefs: 1 });
    const entry = this.#entries.get(name)!;
    if (entry.urefs > 0) this.#dropSend(port);
    // A full count stays where it is. XNU: ipc_right_copyout, MACH_PORT_UREFS_OVERFLOW.
    if (entry.urefs < UREFS_MAX) entry.urefs += 1;
    return name;
  }

  /** The name that send and receive rights to a port have here. */
  #nameOf(port: Port): number | null {
    return this.#names.get(port) ?? null;
  }

  /** One of the send rights to a port is gone. */
  #dropSend(port: Port | null): void {
    if (port?.kind !== "queue") return;
    port.sendRights -= 1;
    if (port.sendRights === 0) this.#abandoned.senderless.push(port);
  }

  /**
   * Take a right for a message. XNU: ipc_right_copyin.
   * @returns undefined if the name has no such right; "dead" if there is nobody behind it
   */
  copyin(name: number, disposition: number): CarriedRight | undefined {
    const right = this.peek(name, disposition);
    const entry = this.#entries.get(name);
    if (entry === undefined || right === undefined || right === null) return right;
    const queue = entry.port?.kind === "queue" ? entry.port : null;
    switch (disposition) {
      case MOVE_RECEIVE:
        queue?.clearReceiver();
        entry.receive = false;
        if (entry.urefs === 0) this.#remove(name);
        break;
      case MOVE_SEND:
        // The task keeps a right of its own while it has references left.
        if (entry.urefs > 1 && queue !== null) queue.sendRights += 1;
        this.#setUrefs(name, entry, entry.urefs - 1, true);
        break;
      case MOVE_SEND_ONCE:
        this.#setUrefs(name, entry, entry.urefs - 1, true);
        break;
      case MAKE_SEND:
        if (queue !== null) queue.makeSendCount += 1;
        if (queue !== null) queue.sendRights += 1;
        break;
      case COPY_SEND:
        if (queue !== null) queue.sendRights += 1;
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
      case MOVE_RECEIVE:
        if (!entry.receive || port === null) return undefined;
        return { port, once: false, receive: true };
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
    if (right.receive === true) return this.#addReceive(right.port);
    if (!right.once) return this.addSend(right.port);
    return this.#add({ ...EMPTY, port: right.port, sendOnce: true, urefs: 1 });
  }

  #addReceive(port: Port): number {
    const known = this.#nameOf(port);
    const name = known ?? this.#add({ ...EMPTY, port, receive: true });
    if (known !== null) this.#entries.get(known)!.receive = true;
    if (port.kind === "queue") {
      port.receiverName = name;
      port.transit = null;
    }
    return name;
  }

  /** XNU: mach_port_allocate. A port set and a dead name need no port. */
  allocate(right: number): number | null {
    switch (right) {
      case MACH_PORT_RIGHT_RECEIVE:
        return this.#addReceive(new MessageQueue());
      case MACH_PORT_RIGHT_PORT_SET:
        return this.#add({ ...EMPTY, portSet: new PortSet() });
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

  /** What messages are received from by this name: the queue behind a receive right, or a port set. */
  receiver(name: number): MessageQueue | PortSet | null {
    return this.queueOf(name) ?? this.setOf(name);
  }

  /** The port set of this name. */
  setOf(name: number): PortSet | null {
    return this.#entries.get(name)?.portSet ?? null;
  }

  /** The port behind any right of this name, and whether it is the receive right. */
  rightsOf(name: number): { readonly port: Port; readonly receive: boolean } | null {
    const entry = this.#entries.get(name);
    return entry === undefined || entry.port === null || entry.deadName
      ? null
      : { port: entry.port, receive: entry.receive };
  }

  /**
   * Be told when the port behind a name dies, or the name goes; null: no more. XNU: ipc_right_request_alloc,
   * ipc_right_request_cancel.
   * @returns who was to be told so far
   */
  requestDeadName(name: number, notify: Right | null): Right | null {
    const previous = this.#requests.get(name) ?? null;
    if (notify === null) this.#requests.delete(name);
    else this.#requests.set(name, notify);
    const port = this.#entries.get(name)?.port ?? null;
    if (port === null) return previous;
    if (port.kind === "queue") port.watched = true;
    const watched = this.#watched.get(port) ?? new Set<number>();
    this.#watched.set(port, watched.add(name));
    return previous;
  }

  /** The requests for names of a port that died now. Each brings a reference to the dead name with it. */
  takeRequestsFor(port: Port): PortRequest[] {
    const taken: PortRequest[] = [];
    const names = this.#watched.get(port) ?? [];
    this.#watched.delete(port);
    for (const name of names) {
      const notify = this.#requests.get(name);
      if (notify === undefined) continue;
      this.#requests.delete(name);
      this.addDeadReference(name);
      taken.push({ name, notify });
    }
    return taken;
  }

  /** A notification names a dead name, which must not go before it is read. */
  addDeadReference(name: number): void {
    const entry = this.#entries.get(name);
    if (entry === undefined) return;
    entry.deadName = true;
    if (entry.urefs < UREFS_MAX) entry.urefs += 1;
  }

  /**
   * Put a right under a name the caller chose. XNU: mach_port_insert_right. Differs from XNU: the name must be
   * one that is in use for the same port.
   * @returns KERN_NAME_EXISTS for the name of something else; KERN_RIGHT_EXISTS when the port has another name;
   *   KERN_INVALID_VALUE for a name that is not in use
   */
  insert(name: number, right: Right): KernReturn {
    const entry = this.#entries.get(name);
    if (entry === undefined) return KERN_INVALID_VALUE;
    const known = this.#nameOf(right.port);
    if (known !== null && known !== name) return KERN_RIGHT_EXISTS;
    if (known === null || right.once) return KERN_NAME_EXISTS;
    this.copyout(right);
    return KERN_SUCCESS;
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
      entry.port.clearReceiver();
      entry.port.dead = true;
      this.#abandoned.queues.push(entry.port);
    }
    if (entry.portSet !== null) {
      entry.portSet.dissolve();
      this.#abandoned.sets.push(entry.portSet);
    }
    entry.receive = false;
    if (entry.urefs > 0) entry.deadName = true;
    else this.#remove(name);
  }

  /** @param moved the last reference does not end the right, which is on its way elsewhere */
  #setUrefs(name: number, entry: PortEntry, urefs: number, moved = false): void {
    if (entry.urefs > 0 && urefs === 0 && !moved && !entry.sendOnce) this.#dropSend(entry.port);
    entry.urefs = urefs;
    if (urefs === 0 && !entry.receive) this.#remove(name);
  }

  #add(entry: PortEntry): number {
    const index = this.#freeIndexes.pop() ?? this.#nextIndex++;
    const generation = this.#generations.get(index) ?? FIRST_GENERATION;
    this.#generations.set(index, (generation + GENERATION_STEP) & 0xff);
    const name = index * 256 + generation;
    this.#entries.set(name, entry);
    if (entry.port !== null && !entry.sendOnce) this.#names.set(entry.port, name);
    return name;
  }

  #remove(name: number): void {
    const notify = this.#requests.get(name);
    if (notify !== undefined) {
      this.#requests.delete(name);
      this.#abandoned.deleted.push({ name, notify });
    }
    const port = this.#entries.get(name)?.port ?? null;
    if (port !== null && this.#names.get(port) === name) this.#names.delete(port);
    if (port !== null) this.#watched.get(port)?.delete(name);
    this.#entries.delete(name);
    this.#freeIndexes.push(Math.floor(name / 256));
  }
}
