import type { Blocking } from "../../../vm/blocking.js";
import type { IoResult, OpenFile } from "../../fs/types.js";
import { postSignal } from "../../signal.js";
import { MAX_IO_BYTES, UIO_MAXIOV } from "./abi.js";
import type { DarwinCall } from "./call.js";
import { SIGPIPE } from "./signals.js";

/** Bytes moved between the host's buffer and the guest at a time. */
const CHUNK = 1 << 18;

/** One piece of the guest's memory. */
interface Buffer {
  readonly address: bigint;
  readonly size: number;
}

/**
 * Errors that a transfer which already moved something does not report: the count is returned.
 * Others, EFAULT above all, win over the count. XNU: sys_generic.c dofileread, dofilewrite.
 */
const FORGIVEN: ReadonlySet<string> = new Set(["EINTR", "EAGAIN"]);

function outcome(done: number, error: Exclude<IoResult, number>): IoResult {
  return done > 0 && FORGIVEN.has(error) ? done : error;
}

/**
 * Read into guest memory.
 * @param at file offset in bytes for pread, or null to use and move the file's own
 * @returns EFAULT as soon as a byte cannot be stored; the offset has moved past what was read
 */
function* readBuffer(
  c: DarwinCall,
  file: OpenFile,
  buffer: Buffer,
  at: number | null,
): Blocking<IoResult> {
  let done = 0;
  do {
    const chunk = new Uint8Array(Math.min(CHUNK, buffer.size - done));
    const count = at === null ? yield* file.read(chunk) : file.readAt(at + done, chunk);
    if (typeof count !== "number") return outcome(done, count);
    const bytes = chunk.subarray(0, count);
    const fault = yield* c.copyOut(buffer.address + BigInt(done), bytes);
    if (fault !== null) return fault;
    done += count;
    // A pipe or the console gives what it has; asking again could block.
    if (count < chunk.length || file.kind !== "file") break;
  } while (done < buffer.size);
  return done;
}

function* writeBuffer(c: DarwinCall, file: OpenFile, buffer: Buffer): Blocking<IoResult> {
  let done = 0;
  do {
    const size = Math.min(CHUNK, buffer.size - done);
    const bytes = yield* c.copyIn(buffer.address + BigInt(done), size);
    if (!bytes.ok) return bytes.errno;
    const count = yield* file.write(bytes.value);
    if (count === "EPIPE") postSignal(c.kernel, c.task, SIGPIPE);
    if (typeof count !== "number") return outcome(done, count);
    done += count;
    if (count < size) break;
  } while (done < buffer.size);
  return done;
}

/** One buffer of read, write or pread: arguments 1 and 2. EINVAL above INT_MAX bytes. */
function buffer(c: DarwinCall): Buffer | "EINVAL" {
  return c.size(2) > MAX_IO_BYTES ? "EINVAL" : { address: c.u64(1), size: c.size(2) };
}

export function* readCall(c: DarwinCall, at: number | null): Blocking<IoResult> {
  const file = c.file(0);
  if (file === null) return "EBADF";
  const into = buffer(c);
  return into === "EINVAL" ? into : yield* readBuffer(c, file, into, at);
}

export function* writeCall(c: DarwinCall): Blocking<IoResult> {
  const file = c.file(0);
  if (file === null) return "EBADF";
  const from = buffer(c);
  return from === "EINVAL" ? from : yield* writeBuffer(c, file, from);
}

/** The vector of readv and writev: its count is checked first, then memory, then the sum. */
function* vector(c: DarwinCall): Blocking<readonly Buffer[] | "EINVAL" | "EFAULT"> {
  const count = c.int(2);
  if (count <= 0 || count > UIO_MAXIOV) return "EINVAL";
  const bytes = yield* c.copyIn(c.u64(1), 16 * count);
  if (!bytes.ok) return "EFAULT";
  const view = new DataView(bytes.value.buffer, bytes.value.byteOffset);
  const buffers = Array.from({ length: count }, (_, i) => ({
    address: view.getBigUint64(16 * i, true),
    size: Number(view.getBigUint64(16 * i + 8, true)),
  }));
  const total = buffers.reduce((sum, { size }) => sum + size, 0);
  return total > MAX_IO_BYTES ? "EINVAL" : buffers;
}

function* eachBuffer(
  c: DarwinCall,
  move: (file: OpenFile, buffer: Buffer) => Blocking<IoResult>,
): Blocking<IoResult> {
  const buffers = yield* vector(c);
  if (typeof buffers === "string") return buffers;
  const file = c.file(0);
  if (file === null) return "EBADF";
  let done = 0;
  for (const part of buffers) {
    if (part.size === 0) continue;
    const count = yield* move(file, part);
    if (typeof count !== "number") return outcome(done, count);
    done += count;
    if (count < part.size) break;
  }
  return done;
}

export function readvCall(c: DarwinCall): Blocking<IoResult> {
  return eachBuffer(c, (file, part) => readBuffer(c, file, part, null));
}

export function writevCall(c: DarwinCall): Blocking<IoResult> {
  return eachBuffer(c, (file, part) => writeBuffer(c, file, part));
}
