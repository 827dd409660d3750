import {
  THREAD_ABORTSAFE,
  THREAD_INTERRUPTED,
  THREAD_TIMED_OUT,
  type Blocking,
  type Wait,
} from "../../../vm/blocking.js";
import { KERN_SUCCESS } from "../../../vm/types.js";
import { sleepUntil } from "../../timer.js";
import type { DarwinCall, MachReturn } from "./call.js";
import {
  MACH_RCV_BODY_ERROR,
  MACH_RCV_INTERRUPTED,
  MACH_RCV_INVALID_DATA,
  MACH_RCV_INVALID_NAME,
  MACH_RCV_PORT_CHANGED,
  MACH_RCV_PORT_DIED,
  MACH_RCV_TIMED_OUT,
  MACH_RCV_TOO_LARGE,
} from "./mach-codes.js";
import {
  bytesOfMessage,
  HEADER_BYTES,
  MACH_MSGH_BITS_COMPLEX,
  receivedType,
  type CarriedRight,
  type KernelMessage,
} from "./message.js";
import type { MessageQueue, PortSet } from "./port-queue.js";
import { copyoutBody } from "./message-copyout.js";
import { destroyMessage, usedUp } from "./message-destroy.js";

const MACH_RCV_LARGE = 0x4;
const MACH_RCV_LARGE_IDENTITY = 0x8;
const MACH_RCV_TIMEOUT = 0x100;
const NS_PER_MS = 1_000_000n;
/** Lengths of format 0 trailers by what MACH_RCV_TRAILER_ELEMENTS asks for. */
const TRAILER_BYTES = [8, 12, 20, 52, 60, 60, 60, 68] as const;
/** The kernel's security token. */
const KERNEL_TOKEN = [0, 1] as const;

/** Where a message is to be received. */
export interface ReceiveRequest {
  readonly name: number;
  readonly options: number;
  readonly timeoutMs: number;
  readonly address: bigint;
  /** Bytes there, trailer included. */
  readonly room: number;
}

/**
 * Receive the next message of a port, after a wait for one. XNU: mach_msg_receive, ipc_mqueue_receive,
 * ipc_kmsg_copyout. From a port set, what has waited longest.
 * @returns MACH_RCV_INVALID_NAME, MACH_RCV_TIMED_OUT, MACH_RCV_INTERRUPTED, MACH_RCV_PORT_DIED and
 *   MACH_RCV_PORT_CHANGED when the right goes meanwhile; MACH_RCV_TOO_LARGE: the
 *   message is gone, unless MACH_RCV_LARGE asks for its length instead; MACH_RCV_BODY_ERROR with
 *   more bits when memory could not be mapped: the message is there all the same
 */
export function* receiveMessage(c: DarwinCall, request: ReceiveRequest): Blocking<MachReturn> {
  const { options, address, room } = request;
  const waited = yield* waitForMessage(c, request);
  if (typeof waited === "number") return waited;
  const { queue, message } = waited;
  const receiver = queue.receiverName;
  const trailer = trailerOf(message, queue, options);
  const bytes = bytesOfMessage(message);
  const fits = bytes + trailer.length <= room;
  if (!fits && (options & MACH_RCV_LARGE) !== 0) {
    yield* c.copyOutInts(address + 4n, [bytes]);
    if ((options & MACH_RCV_LARGE_IDENTITY) !== 0) yield* c.copyOutInts(address + 12n, [receiver]);
    return MACH_RCV_TOO_LARGE;
  }
  queue.messages.shift();
  queue.sequence += 1;
  c.kernel.vm.wakeup(queue.room);
  if (!fits) {
    if (room >= HEADER_BYTES)
      yield* c.copyOut(address, headerOf(message, 0, receiver, HEADER_BYTES));
    yield* destroyMessage(c.kernel, message);
    return MACH_RCV_TOO_LARGE;
  }
  usedUp(c.kernel, message);
  const reply = c.state.ports.copyout(message.reply);
  const { whole, bits } = yield* copyoutMessage(
    c,
    message,
    headerOf(message, reply, receiver, bytes),
    trailer,
  );
  if ((yield* c.copyOut(address, whole)) !== null) return MACH_RCV_INVALID_DATA;
  return bits === 0 ? KERN_SUCCESS : MACH_RCV_BODY_ERROR | bits;
}

/** The next message that is received by a name, and where it waits. */
interface Next {
  readonly queue: MessageQueue;
  readonly message: KernelMessage;
}

function next(from: MessageQueue | PortSet): Next | null {
  const queue = from.kind === "set" ? from.ready : from;
  const message = queue?.messages[0];
  return queue === null || message === undefined ? null : { queue, message };
}

function* waitForMessage(
  c: DarwinCall,
  { name, options, timeoutMs }: ReceiveRequest,
): Blocking<Next | MachReturn> {
  const { clock } = c.kernel;
  const timed = (options & MACH_RCV_TIMEOUT) !== 0;
  const deadline = timed ? clock.nanoseconds + BigInt(timeoutMs) * NS_PER_MS : null;
  const from = c.state.ports.receiver(name);
  if (from === null) return MACH_RCV_INVALID_NAME;
  for (;;) {
    if (from.dead) return MACH_RCV_PORT_DIED;
    if (c.state.ports.receiver(name) !== from) return MACH_RCV_PORT_CHANGED;
    const found = next(from);
    if (found !== null) return found;
    const wait: Wait = {
      channel: from,
      interruptible: THREAD_ABORTSAFE,
      reason: "mach_msg receive",
    };
    const result = yield* sleepUntil(c.kernel, wait, deadline);
    if (result === THREAD_TIMED_OUT) return MACH_RCV_TIMED_OUT;
    if (result === THREAD_INTERRUPTED) return MACH_RCV_INTERRUPTED;
  }
}

/** The bytes of a message for its receiver, who now owns what it carried. */
function* copyoutMessage(
  c: DarwinCall,
  message: KernelMessage,
  header: Uint8Array,
  trailer: Uint8Array,
): Blocking<{ readonly whole: Uint8Array; readonly bits: MachReturn }> {
  const { carried, inline } = message;
  const bytes = bytesOfMessage(message);
  const whole = new Uint8Array(bytes + trailer.length);
  whole.set(header);
  whole.set(inline, bytes - inline.length);
  whole.set(trailer, bytes);
  const bits = carried === null ? 0 : yield* copyoutBody(c, whole, carried);
  c.kernel.inFlight.releaseBytes(message.heldBytes);
  return { whole, bits };
}

/**
 * A message that could not be sent goes back to its sender, under new names and at new addresses.
 * XNU: ipc_kmsg_copyout_pseudo, ipc_kmsg_put_to_user.
 */
export function* returnMessage(c: DarwinCall, message: KernelMessage): Blocking<void> {
  const { ports } = c.state;
  const bytes = bytesOfMessage(message);
  const header = new Uint32Array([
    bitsOf(message, typeOf(message.destination), typeOf(message.reply)),
    bytes,
    ports.copyout(message.destination),
    ports.copyout(message.reply),
    0,
    message.id,
  ]);
  const sent = yield* copyoutMessage(c, message, new Uint8Array(header.buffer), NO_TRAILER);
  yield* c.copyOut(c.u64(0), sent.whole);
}

const NO_TRAILER = new Uint8Array(0);

/** A received header: remote and local have changed places. */
function headerOf(message: KernelMessage, reply: number, name: number, bytes: number): Uint8Array {
  const replyType = reply === 0 ? 0 : typeOf(message.reply);
  const whole = bytes === bytesOfMessage(message);
  const bits = bitsOf(whole ? message : null, replyType, typeOf(message.destination));
  return new Uint8Array(new Uint32Array([bits, bytes, reply, name, 0, message.id]).buffer);
}

function bitsOf(message: KernelMessage | null, remoteType: number, localType: number): number {
  const complex = message !== null && message.carried !== null ? MACH_MSGH_BITS_COMPLEX : 0;
  return complex + remoteType + localType * 256;
}

function typeOf(right: CarriedRight): number {
  if (right === null) return 0;
  return receivedType(right === "dead" ? { once: false } : right);
}

/** Who sent it and as which message, as far as it is asked for; what is not known is 0. */
function trailerOf(message: KernelMessage, queue: MessageQueue, options: number): Uint8Array {
  const bytes = TRAILER_BYTES[(options >>> 24) & 7] ?? TRAILER_BYTES[0];
  const { sender } = message;
  const token = sender === null ? KERNEL_TOKEN : [sender.uid, sender.gid];
  // auid, euid, egid, ruid, rgid, pid, asid, pidversion
  const audit =
    sender === null
      ? []
      : [sender.uid, sender.uid, sender.gid, sender.uid, sender.gid, sender.pid, 0, 0];
  const words = new Uint32Array(bytes / 4);
  words.set([0, bytes, queue.sequence, ...token, ...audit].slice(0, words.length));
  return new Uint8Array(words.buffer);
}
