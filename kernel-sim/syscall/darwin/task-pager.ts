import {
  memoryObjectChangeAttributes,
  MEMORY_OBJECT_COPY_NONE,
  vmObjectReference,
  vmObjectReleaseUnmapped,
  type VmObject,
} from "../../../vm/object/index.js";
import {
  vmObjectForHandler,
  type PagerHandler,
  type PagerRequest,
} from "../../../vm/pager/index.js";
import { MACH_VM_MAX_ADDRESS, PAGE_SIZE } from "../../../vm/types.js";
import type { Kernel } from "../../kernel.js";
import type { DarwinCall } from "./call.js";
import {
  memoryObjectArguments,
  MEMORY_OBJECT_DATA_REQUEST,
  MEMORY_OBJECT_DATA_RETURN,
  MEMORY_OBJECT_INIT,
  MEMORY_OBJECT_TERMINATE,
} from "./memory-object.js";
import {
  bytesHeld,
  MACH_MSG_VIRTUAL_COPY,
  MESSAGE_OVERHEAD,
  OOL_DESCRIPTOR,
  type Carried,
} from "./message.js";
import { enqueue, type MessageQueue } from "./port-queue.js";
import { destroyRight } from "./message-destroy.js";
import type { Port } from "./port.js";

/** Messages a pager may leave unread. Beyond, a page that is wanted is an error. */
const MAX_MESSAGES = 1024;
/** Returned pages among them: beyond, they stay in memory, dirty. */
const MAX_RETURNS = 64;

/**
 * A memory object that a task serves: what is wanted of it goes as messages to the port that stands for it,
 * and what comes to its control port is the answer. XNU: the memory_object_* calls of the kernel when the
 * pager is a port; osfmk/vm/memory_object.c.
 *
 * When the receive right of the port goes, so does the pager: whoever waits for a page of it gets an error,
 * as does everybody later who touches a page that is not resident.
 */
export class TaskPager implements PagerHandler {
  readonly name: string;
  readonly size = MACH_VM_MAX_ADDRESS;
  /** Where the task answers. */
  readonly control: Port = { kind: "memoryControl", pager: this };
  readonly #kernel: Kernel;
  readonly #queue: MessageQueue;
  /** Pages somebody waits for, by offset. */
  readonly #wanted = new Map<number, PagerRequest>();
  #object: VmObject | null = null;

  constructor(kernel: Kernel, queue: MessageQueue, pid: number) {
    this.#kernel = kernel;
    this.#queue = queue;
    this.name = `task ${pid}`;
  }

  /** The object it serves; null once that is terminated, or the port is dead. */
  get object(): VmObject | null {
    return this.#queue.dead ? null : this.#object;
  }

  /** A new object: the pager says how it may be copied, and only then is it asked for pages. */
  init(object: VmObject): void {
    this.#object = object;
    const right = { port: this.control, once: false };
    this.#send(MEMORY_OBJECT_INIT, memoryObjectArguments(PAGE_SIZE), [
      { kind: "port", right, once: false },
    ]);
  }

  dataRequest(request: PagerRequest): void {
    const { offset, access } = request;
    if (this.#wanted.size >= MAX_MESSAGES) this.#forget();
    const asked = this.#wanted.has(offset);
    this.#wanted.set(offset, request);
    // Asked for already, by a thread that was interrupted: the answer is for this one.
    if (asked) return;
    const inline = memoryObjectArguments(BigInt(offset), PAGE_SIZE, access);
    const dropped = (): void => {
      this.#answer(offset, null);
    };
    if (!this.#send(MEMORY_OBJECT_DATA_REQUEST, inline, null, dropped)) dropped();
  }

  /** The message is all there is of the page from now on: the next request for it comes after. */
  dataReturn(request: PagerRequest, bytes: Uint8Array): void {
    const { messages } = this.#queue;
    const unread = messages.filter(({ id }) => id === MEMORY_OBJECT_DATA_RETURN).length;
    const size = bytes.length;
    const inline = memoryObjectArguments(BigInt(request.offset), size, 1, 1);
    const copy = { type: "kernelBuffer", size, data: bytes } as const;
    const copyOption = MACH_MSG_VIRTUAL_COPY;
    const memory: Carried = { kind: "memory", copy, size, type: OOL_DESCRIPTOR, copyOption };
    const fits = unread < MAX_RETURNS;
    if (fits && this.#send(MEMORY_OBJECT_DATA_RETURN, inline, [memory])) request.accept();
    else request.fail();
  }

  lastUnmap(): void {
    if (this.#object !== null) vmObjectReleaseUnmapped(this.#object);
  }

  terminated(): void {
    this.#object = null;
    if (this.#queue.pager === this) this.#queue.pager = null;
    this.#send(MEMORY_OBJECT_TERMINATE, new Uint8Array(0), null);
    destroyRight(this.#kernel, { port: this.#queue, once: false });
  }

  /** XNU: memory_object_data_supply. Pages nobody waits for are not taken. */
  supply(offset: number, bytes: Uint8Array): void {
    for (let at = 0; at < bytes.length; at += PAGE_SIZE) {
      this.#answer(offset + at, bytes.subarray(at, at + PAGE_SIZE));
    }
  }

  /** Pages in [offset, offset + size) that are waited for are zeroes, or an error. */
  settle(offset: number, size: number, answer: "zero" | "error"): void {
    for (const at of [...this.#wanted.keys()]) {
      if (at < offset || at >= offset + size) continue;
      this.#answer(at, answer === "zero" ? new Uint8Array(0) : null);
    }
  }

  /** The pager is gone. XNU: memory_object_destroy by the port's no-more-senders, in effect. */
  portDied(): void {
    const object = this.#object;
    if (object !== null && !object.pagerReady) {
      memoryObjectChangeAttributes(object, MEMORY_OBJECT_COPY_NONE);
    }
    this.settle(0, Infinity, "error");
  }

  /** Whoever was interrupted and never came back. */
  #forget(): void {
    for (const [offset, { answer }] of this.#wanted) {
      if (answer !== undefined) this.#wanted.delete(offset);
    }
  }

  #answer(offset: number, bytes: Uint8Array | null): void {
    const request = this.#wanted.get(offset);
    if (request === undefined) return;
    this.#wanted.delete(offset);
    if (bytes === null) request.fail();
    else request.supply(bytes);
  }

  /** Kernel messages do not wait for room, but they have an end. @returns false if it is not sent */
  #send(
    id: number,
    inline: Uint8Array,
    carried: readonly Carried[] | null,
    dropped: () => void = () => undefined,
  ): boolean {
    const queue = this.#queue;
    const { inFlight } = this.#kernel;
    const heldBytes = MESSAGE_OVERHEAD + inline.length + bytesHeld(carried ?? []);
    if (queue.dead || queue.messages.length >= MAX_MESSAGES) return false;
    if (!inFlight.takeBytes(heldBytes)) return false;
    for (const item of carried ?? []) {
      if (item.kind === "memory" && item.copy !== null) inFlight.copies.add(item.copy);
    }
    const destination = { port: queue, once: false };
    queue.sendRights += 1;
    enqueue(this.#kernel, queue, {
      id,
      destination,
      reply: null,
      carried,
      inline,
      sender: null,
      heldBytes,
      dropped,
    });
    return true;
  }
}

/**
 * The object behind a port that stands for memory: bound when it is first mapped.
 * @returns with a reference for the caller; null if the port's receiver is gone
 */
export function memoryObjectOf(c: DarwinCall, queue: MessageQueue): VmObject | null {
  if (queue.dead) return null;
  const bound = queue.pager?.object;
  if (bound !== undefined && bound !== null) {
    vmObjectReference(bound);
    return bound;
  }
  queue.pager = new TaskPager(c.kernel, queue, c.task.pid);
  queue.sendRights += 1; // which the pager keeps until its object is terminated
  return vmObjectForHandler(c.kernel.vm, queue.pager);
}
