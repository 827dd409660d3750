import {
  THREAD_ABORTSAFE,
  THREAD_INTERRUPTED,
  THREAD_TIMED_OUT,
  type Blocking,
  type Wait,
} from "../../../vm/blocking.js";
import {
  KERN_SUCCESS,
  kernReturnName,
  MACH_SEND_INVALID_DEST,
  type KernReturn,
} from "../../../vm/types.js";
import { sleepUntil } from "../../timer.js";
import type { DarwinCall, MachReturn } from "./call.js";
import { isMachVmRequest, machVmServer } from "./mach-vm-server.js";
import type { PortSpace } from "./ports.js";

const MACH_SEND_MSG = 0x1;
const MACH_RCV_MSG = 0x2;
const MACH_RCV_TIMEOUT = 0x100;
const MACH_SEND_INVALID_DATA = 0x1000_0002;
const MACH_SEND_MSG_TOO_SMALL = 0x1000_0008;
const MACH_SEND_INVALID_REPLY = 0x1000_0009;
const MACH_SEND_TOO_LARGE = 0x1000_000e;
const MACH_SEND_INVALID_HEADER = 0x1000_0010;
const MACH_SEND_INVALID_OPTIONS = 0x1000_0013;
const MACH_RCV_INVALID_NAME = 0x1000_4002;
const MACH_RCV_TIMED_OUT = 0x1000_4003;
const MACH_RCV_TOO_LARGE = 0x1000_4004;
const MACH_RCV_INTERRUPTED = 0x1000_4005;
const MACH_RCV_INVALID_DATA = 0x1000_4008;

const HEADER_SIZE = 24;
const BODY_SIZE = 28;
/** The longest request of a kernel server without out-of-line memory. */
const MAX_REQUEST_BYTES = 8192;
/** What follows a message that was received: format 0, 8 bytes. */
const TRAILER = [0, 0, 0, 0, 8, 0, 0, 0] as const;
const MAX_MESSAGE_BYTES = 48 * 2 ** 20;
const MACH_MSGH_BITS_COMPLEX = 0x8000_0000;
const MACH_MSGH_BITS_USER = 0x801f_1f1f;
/** The kinds of a -47 send, of which exactly one must be named; ANY says it is not known which. */
const MACH64_SEND_KINDS = [1n << 33n, 1n << 34n, 1n << 35n, 1n << 36n] as const;
const MACH64_SEND_MQ_CALL = 1n << 34n;
const MACH64_SEND_ANY = 1n << 35n;
const MACH64_MSG_VECTOR = 1n << 32n;
const NS_PER_MS = 1_000_000n;

const NAMES: ReadonlyMap<number, string> = new Map([
  [MACH_SEND_INVALID_DATA, "MACH_SEND_INVALID_DATA"],
  [MACH_SEND_MSG_TOO_SMALL, "MACH_SEND_MSG_TOO_SMALL"],
  [MACH_SEND_INVALID_REPLY, "MACH_SEND_INVALID_REPLY"],
  [MACH_SEND_TOO_LARGE, "MACH_SEND_TOO_LARGE"],
  [MACH_SEND_INVALID_HEADER, "MACH_SEND_INVALID_HEADER"],
  [MACH_SEND_INVALID_OPTIONS, "MACH_SEND_INVALID_OPTIONS"],
  [MACH_RCV_INVALID_NAME, "MACH_RCV_INVALID_NAME"],
  [MACH_RCV_TIMED_OUT, "MACH_RCV_TIMED_OUT"],
  [MACH_RCV_TOO_LARGE, "MACH_RCV_TOO_LARGE"],
  [MACH_RCV_INVALID_DATA, "MACH_RCV_INVALID_DATA"],
  [MACH_RCV_INTERRUPTED, "MACH_RCV_INTERRUPTED"],
]);

/** The C name of what a trap returned, for traces. */
export function machReturnName(code: MachReturn): string {
  return NAMES.get(code) ?? kernReturnName(code as KernReturn);
}

/** The header of a message to be sent. */
interface Header {
  readonly bits: number;
  readonly remote: number;
  readonly local: number;
}

/** Dispositions that make a right of the sender's travel (mach/message.h MACH_MSG_TYPE_*). */
function isDisposition(value: number): boolean {
  return value >= 17 && value <= 21;
}

/**
 * Refuse a message the way XNU does, in its order of checks. A message that passes them all has a
 * live destination. Requests of the VM to a task's port are served where the reply is received by the
 * same call; there are no message queues, so everything else is refused as if to a dead port.
 * Differs from XNU in that last answer only.
 */
function checkSend(ports: PortSpace, size: number, header: Header): MachReturn {
  const { bits } = header;
  if ((bits & MACH_MSGH_BITS_COMPLEX) !== 0 && size < BODY_SIZE) return MACH_SEND_MSG_TOO_SMALL;
  if ((bits & ~MACH_MSGH_BITS_USER) !== 0) return MACH_SEND_INVALID_HEADER;
  const [remoteType, localType] = [bits & 0x1f, (bits >>> 8) & 0x1f];
  if (!isDisposition(remoteType)) return MACH_SEND_INVALID_HEADER;
  if (localType === 0 ? header.local !== 0 : !isDisposition(localType)) {
    return MACH_SEND_INVALID_HEADER;
  }
  if (!ports.has(header.remote)) return MACH_SEND_INVALID_DEST;
  if (header.local !== 0 && !ports.has(header.local)) return MACH_SEND_INVALID_REPLY;
  return KERN_SUCCESS;
}

/**
 * A request to the kernel whose reply goes into the same buffer. XNU: ipc_kobject_server.
 * @returns null for a message that no server here takes
 */
function* callServer(
  c: DarwinCall,
  size: number,
  remote: number,
  local: number,
): Blocking<MachReturn | null> {
  const port = c.state.ports.send(remote);
  const replies = (c.uint(1) & MACH_RCV_MSG) !== 0 && c.uint(4) === local;
  if (typeof port === "number" || port.kind !== "task" || !replies) return null;
  if (size > MAX_REQUEST_BYTES) return null;
  const request = yield* c.copyIn(c.u64(0), size);
  if (!request.ok) return MACH_SEND_INVALID_DATA;
  const { value } = request;
  const id = new DataView(value.buffer, value.byteOffset).getInt32(20, true);
  if (!isMachVmRequest(id)) return null;
  if (!c.state.ports.canReceive(local)) return MACH_RCV_INVALID_NAME;
  const answer = yield* machVmServer(c, port.task.map, value, local);
  if (answer.length + TRAILER.length > c.uint(3)) return MACH_RCV_TOO_LARGE;
  const whole = new Uint8Array([...answer, ...TRAILER]);
  return (yield* c.copyOut(c.u64(0), whole)) === null ? KERN_SUCCESS : MACH_RCV_INVALID_DATA;
}

function checkSize(size: number): MachReturn {
  if (size < HEADER_SIZE || size % 4 !== 0) return MACH_SEND_MSG_TOO_SMALL;
  return size > MAX_MESSAGE_BYTES ? MACH_SEND_TOO_LARGE : KERN_SUCCESS;
}

/** Nothing can arrive, so a receive that is allowed to sleeps until its time is up or a signal comes. */
function* receive(
  c: DarwinCall,
  name: number,
  options: number,
  timeoutMs: number,
): Blocking<MachReturn> {
  if (!c.state.ports.canReceive(name)) return MACH_RCV_INVALID_NAME;
  const { clock } = c.kernel;
  const timed = (options & MACH_RCV_TIMEOUT) !== 0;
  const deadline = timed ? clock.nanoseconds + BigInt(timeoutMs) * NS_PER_MS : null;
  for (;;) {
    const wait: Wait = {
      channel: c.thread,
      interruptible: THREAD_ABORTSAFE,
      reason: "mach_msg receive",
    };
    const result = yield* sleepUntil(c.kernel, wait, deadline);
    if (result === THREAD_TIMED_OUT) return MACH_RCV_TIMED_OUT;
    if (result === THREAD_INTERRUPTED) return MACH_RCV_INTERRUPTED;
  }
}

/** msg, option, send_size, rcv_size, rcv_name, timeout, priority. XNU: mach_msg_overwrite_trap. */
export function* machMsgTrap(c: DarwinCall): Blocking<MachReturn> {
  const options = c.uint(1);
  if ((options & MACH_SEND_MSG) !== 0) {
    const size = c.uint(2);
    const badSize = checkSize(size);
    if (badSize !== KERN_SUCCESS) return badSize;
    const bytes = yield* c.copyIn(c.u64(0), HEADER_SIZE);
    if (!bytes.ok) return MACH_SEND_INVALID_DATA;
    const view = new DataView(bytes.value.buffer, bytes.value.byteOffset);
    const remote = view.getUint32(8, true);
    const local = view.getUint32(12, true);
    const refused = checkSend(c.state.ports, size, {
      bits: view.getUint32(0, true),
      remote,
      local,
    });
    if (refused !== KERN_SUCCESS) return refused;
    return (yield* callServer(c, size, remote, local)) ?? MACH_SEND_INVALID_DEST;
  }
  if ((options & MACH_RCV_MSG) === 0) return KERN_SUCCESS;
  return yield* receive(c, c.uint(4), options, c.uint(5));
}

/** The header travels in registers, two 32-bit values in each. XNU: mach_msg2_trap. */
export function* machMsg2Trap(c: DarwinCall): Blocking<MachReturn> {
  const options = Number(BigInt.asUintN(32, c.u64(1)));
  if ((options & MACH_SEND_MSG) !== 0) {
    const wide = c.u64(1);
    const kinds = MACH64_SEND_KINDS.filter((kind) => (wide & kind) !== 0n);
    const vector = (wide & MACH64_MSG_VECTOR) !== 0n;
    const queued = (wide & (MACH64_SEND_MQ_CALL | MACH64_SEND_ANY)) !== 0n;
    if (kinds.length !== 1 || (vector && !queued)) return MACH_SEND_INVALID_OPTIONS;
    const size = high(c, 2);
    const badSize = checkSize(size);
    if (badSize !== KERN_SUCCESS) return badSize;
    const refused = checkSend(c.state.ports, size, {
      bits: c.uint(2),
      remote: c.uint(3),
      local: high(c, 3),
    });
    return refused === KERN_SUCCESS ? MACH_SEND_INVALID_DEST : refused;
  }
  if ((options & MACH_RCV_MSG) === 0) return KERN_SUCCESS;
  return yield* receive(c, high(c, 5), options, c.uint(7));
}

/** Bits 63:32 of argument `i`. */
function high(c: DarwinCall, i: number): number {
  return Number(c.u64(i) >> 32n);
}
