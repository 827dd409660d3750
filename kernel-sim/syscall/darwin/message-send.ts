import {
  THREAD_ABORTSAFE,
  THREAD_INTERRUPTED,
  THREAD_TIMED_OUT,
  type Blocking,
  type Wait,
} from "../../../vm/blocking.js";
import { KERN_SUCCESS } from "../../../vm/types.js";
import { sleepUntil } from "../../timer.js";
import { GROUP_ID, USER_ID } from "./abi.js";
import type { DarwinCall, MachReturn } from "./call.js";
import { serveKernel } from "./kernel-server.js";
import {
  MACH_SEND_INTERRUPTED,
  MACH_SEND_INVALID_DEST,
  MACH_SEND_INVALID_HEADER,
  MACH_SEND_INVALID_REPLY,
  MACH_SEND_NO_BUFFER,
  MACH_SEND_TIMED_OUT,
} from "./mach-codes.js";
import {
  bytesHeld,
  HEADER_BYTES,
  MACH_MSGH_BITS_COMPLEX,
  MAKE_SEND_ONCE,
  MESSAGE_OVERHEAD,
  MOVE_SEND,
  type Carried,
  type CarriedRight,
  type KernelMessage,
  type Right,
} from "./message.js";
import { enqueue, isCircular, type MessageQueue } from "./port-queue.js";
import { copyinBody, measureBody } from "./message-copyin.js";
import { destroyCarried, destroyMessage, destroyRight } from "./message-destroy.js";
import { returnMessage } from "./message-receive.js";
import { isDeadPort } from "./port.js";

const MACH_SEND_TIMEOUT = 0x10;
const MACH_MSGH_BITS_USER = 0x801f_1f1f;
const NS_PER_MS = 1_000_000n;

/** Dispositions that make a right of the sender's travel (mach/message.h MACH_MSG_TYPE_*). */
function isDisposition(value: number): boolean {
  return value >= MOVE_SEND && value <= MAKE_SEND_ONCE;
}

/**
 * Send a message: to a queue, where it waits for a receiver, or to the kernel, which answers at once. XNU:
 * ipc_kmsg_copyin_from_user, ipc_kmsg_send. Vouchers are ignored. Differs from XNU.
 * @param view the whole message, checked for size
 * @returns what is wrong, in XNU's order of checks. After MACH_SEND_TIMED_OUT and
 *   MACH_SEND_INTERRUPTED the message is back in the sender's buffer with what it carried
 */
export function* sendMessage(
  c: DarwinCall,
  view: DataView,
  options: number,
  timeoutMs: number,
): Blocking<MachReturn> {
  const bits = view.getUint32(0, true);
  const complex = (bits & MACH_MSGH_BITS_COMPLEX) !== 0;
  const body = complex ? measureBody(view) : null;
  if (body !== null && "code" in body) return body.code;
  if ((bits & ~MACH_MSGH_BITS_USER) !== 0) return MACH_SEND_INVALID_HEADER;
  const [remoteType, localType] = [bits & 0x1f, (bits >>> 8) & 0x1f];
  const local = view.getUint32(12, true);
  if (!isDisposition(remoteType)) return MACH_SEND_INVALID_HEADER;
  if (localType === 0 ? local !== 0 : !isDisposition(localType)) return MACH_SEND_INVALID_HEADER;

  const header = copyinHeader(c, view.getUint32(8, true), remoteType, local, localType);
  if (typeof header === "number") return header;
  const { destination, reply } = header;
  let carried: Carried[] | null = null;
  if (body !== null) {
    const made = yield* copyinBody(c, body);
    if ("code" in made) {
      destroyRight(c.kernel, destination);
      destroyRight(c.kernel, reply);
      return made.code;
    }
    carried = made.carried;
  }
  const inlineAt = body === null ? HEADER_BYTES : body.inlineAt;
  const inline = new Uint8Array(
    view.buffer,
    view.byteOffset + inlineAt,
    view.byteLength - inlineAt,
  );
  const heldBytes = MESSAGE_OVERHEAD + view.byteLength + bytesHeld(carried ?? []);
  if (!c.kernel.inFlight.takeBytes(heldBytes)) {
    destroyRight(c.kernel, destination);
    destroyRight(c.kernel, reply);
    yield* destroyCarried(c.kernel, carried ?? []);
    return MACH_SEND_NO_BUFFER;
  }
  const sender = { uid: USER_ID, gid: GROUP_ID, pid: c.task.pid };
  const id = view.getInt32(20, true);
  const message = { id, destination, reply, carried, inline, sender, heldBytes };
  const { port } = destination;
  if (port.kind !== "queue") {
    return yield* serveKernel(c, message);
  }
  if (!sendReceiveRights(port, carried ?? [])) {
    // Nobody could ever receive it. XNU: MACH_MSGH_BITS_CIRCULAR.
    yield* destroyMessage(c.kernel, message);
    return KERN_SUCCESS;
  }
  const timed = (options & MACH_SEND_TIMEOUT) !== 0;
  const sent = yield* queueMessage(c, port, message, timed ? timeoutMs : null);
  if (sent === MACH_SEND_TIMED_OUT || sent === MACH_SEND_INTERRUPTED) {
    yield* returnMessage(c, message);
  }
  return sent;
}

/** Receive rights are on their way to `port`. @returns false if one of them can never arrive */
function sendReceiveRights(port: MessageQueue, carried: readonly Carried[]): boolean {
  for (const item of carried) {
    if (item.kind === "memory" || item.receive !== true) continue;
    for (const right of item.kind === "port" ? [item.right] : item.rights) {
      if (right === null || right === "dead" || right.port.kind !== "queue") continue;
      if (isCircular(right.port, port)) return false;
      right.port.transit = port;
    }
  }
  return true;
}

interface HeaderRights {
  readonly destination: Right;
  readonly reply: CarriedRight;
}

/** Both rights, or neither. XNU: ipc_kmsg_copyin_header. */
function copyinHeader(
  c: DarwinCall,
  remote: number,
  remoteType: number,
  local: number,
  localType: number,
): HeaderRights | MachReturn {
  const { ports } = c.state;
  const seen = ports.peek(remote, remoteType);
  if (seen === undefined || seen === null || seen === "dead" || isDeadPort(seen.port)) {
    return MACH_SEND_INVALID_DEST;
  }
  if (localType !== 0 && ports.peek(local, localType) === undefined) return MACH_SEND_INVALID_REPLY;
  ports.copyin(remote, remoteType);
  const reply = localType === 0 ? null : ports.copyin(local, localType);
  if (reply !== undefined) return { destination: seen, reply };
  ports.copyout(seen); // one reference was named twice
  return MACH_SEND_INVALID_REPLY;
}

/**
 * Queue the message, after a wait for room where there is none. What goes to a send-once right never waits. XNU:
 * ipc_mqueue_send.
 * @param timeoutMs null waits for as long as it takes
 */
function* queueMessage(
  c: DarwinCall,
  queue: MessageQueue,
  message: KernelMessage,
  timeoutMs: number | null,
): Blocking<MachReturn> {
  const { clock } = c.kernel;
  const deadline = timeoutMs === null ? null : clock.nanoseconds + BigInt(timeoutMs) * NS_PER_MS;
  while (!queue.dead && queue.isFull && !message.destination.once) {
    const wait: Wait = {
      channel: queue.room,
      interruptible: THREAD_ABORTSAFE,
      reason: "mach_msg send",
    };
    const result = yield* sleepUntil(c.kernel, wait, deadline);
    if (result === THREAD_TIMED_OUT) return MACH_SEND_TIMED_OUT;
    if (result === THREAD_INTERRUPTED) return MACH_SEND_INTERRUPTED;
  }
  if (queue.dead) {
    yield* destroyMessage(c.kernel, message);
    return MACH_SEND_INVALID_DEST;
  }
  enqueue(c.kernel, queue, message);
  return KERN_SUCCESS;
}
