import type { Blocking } from "../../../vm/blocking.js";
import { KERN_SUCCESS } from "../../../vm/types.js";
import type { DarwinCall, MachReturn } from "./call.js";
import {
  MACH_SEND_INVALID_DATA,
  MACH_SEND_INVALID_OPTIONS,
  MACH_SEND_MSG_TOO_SMALL,
  MACH_SEND_TOO_LARGE,
} from "./mach-codes.js";
import { HEADER_BYTES } from "./message.js";
import { receiveMessage } from "./message-receive.js";
import { sendMessage } from "./message-send.js";

const MACH_SEND_MSG = 0x1;
const MACH_RCV_MSG = 0x2;
const MAX_MESSAGE_BYTES = 48 * 2 ** 20;
/** The kinds of a -47 send, of which exactly one must be named; ANY says it is not known which. */
const MACH64_SEND_KINDS = [1n << 33n, 1n << 34n, 1n << 35n, 1n << 36n] as const;
const MACH64_SEND_MQ_CALL = 1n << 34n;
const MACH64_SEND_ANY = 1n << 35n;
const MACH64_MSG_VECTOR = 1n << 32n;

function checkSize(size: number): MachReturn {
  if (size < HEADER_BYTES || size % 4 !== 0) return MACH_SEND_MSG_TOO_SMALL;
  return size > MAX_MESSAGE_BYTES ? MACH_SEND_TOO_LARGE : KERN_SUCCESS;
}

/**
 * The whole message as the sender has it.
 * @param from bytes that are not in memory
 */
function* readMessage(c: DarwinCall, size: number, from = 0): Blocking<DataView | MachReturn> {
  const badSize = checkSize(size);
  if (badSize !== KERN_SUCCESS) return badSize;
  const read = yield* c.copyIn(c.u64(0) + BigInt(from), size - from);
  if (!read.ok) return MACH_SEND_INVALID_DATA;
  const message = new Uint8Array(size);
  message.set(read.value, from);
  return new DataView(message.buffer);
}

/**
 * msg, option, send_size, rcv_size, rcv_name, timeout, priority, and where to receive if that is not
 * where the message sent was. XNU: mach_msg_overwrite_trap.
 */
export function* machMsgTrap(c: DarwinCall, into = c.u64(0)): Blocking<MachReturn> {
  const options = c.uint(1);
  if ((options & MACH_SEND_MSG) !== 0) {
    const message = yield* readMessage(c, c.uint(2));
    if (typeof message === "number") return message;
    const sent = yield* sendMessage(c, message, options, c.uint(5));
    if (sent !== KERN_SUCCESS) return sent;
  }
  if ((options & MACH_RCV_MSG) === 0) return KERN_SUCCESS;
  return yield* receiveMessage(c, {
    name: c.uint(4),
    options,
    timeoutMs: c.uint(5),
    address: into,
    room: c.uint(3),
  });
}

/**
 * The header travels in registers, two 32-bit values in each; the one in memory is not looked at.
 * Vectors are not served. XNU: mach_msg2_trap. Differs from XNU in that.
 */
export function* machMsg2Trap(c: DarwinCall): Blocking<MachReturn> {
  const wide = c.u64(1);
  const options = Number(BigInt.asUintN(32, wide));
  if ((options & MACH_SEND_MSG) !== 0) {
    const kinds = MACH64_SEND_KINDS.filter((kind) => (wide & kind) !== 0n);
    const vector = (wide & MACH64_MSG_VECTOR) !== 0n;
    const queued = (wide & (MACH64_SEND_MQ_CALL | MACH64_SEND_ANY)) !== 0n;
    if (kinds.length !== 1 || (vector && !queued)) return MACH_SEND_INVALID_OPTIONS;
    const size = high(c, 2);
    const message = yield* readMessage(c, size, HEADER_BYTES);
    if (typeof message === "number") return message;
    const words = [c.uint(2), size, c.uint(3), high(c, 3), c.uint(4), high(c, 4)];
    words.forEach((word, i) => {
      message.setUint32(4 * i, word, true);
    });
    const sent = yield* sendMessage(c, message, options, c.uint(7));
    if (sent !== KERN_SUCCESS) return sent;
  }
  if ((options & MACH_RCV_MSG) === 0) return KERN_SUCCESS;
  return yield* receiveMessage(c, {
    name: high(c, 5),
    options,
    timeoutMs: c.uint(7),
    address: c.u64(0),
    room: c.uint(6),
  });
}

/** Bits 63:32 of argument `i`. */
function high(c: DarwinCall, i: number): number {
  return Number(c.u64(i) >> 32n);
}
