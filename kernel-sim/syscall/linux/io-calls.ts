import type { Blocking } from "../../../vm/blocking.js";
import { makePipe } from "../../fs/pipe.js";
import type { IoResult, OpenFile } from "../../fs/types.js";
import { postSignal } from "../../signal.js";
import {
  F_DUPFD,
  F_DUPFD_CLOEXEC,
  F_GETFD,
  F_GETFL,
  F_SETFD,
  F_SETFL,
  FD_CLOEXEC,
  IOV_MAX,
  MAX_RW_COUNT,
  O_APPEND,
  O_CLOEXEC,
  O_LARGEFILE,
  O_NONBLOCK,
} from "./abi.js";
import { call, type LinuxCall, type LinuxResult, type LinuxRow } from "./call.js";
import { SIGPIPE } from "./signals.js";

/** Bytes moved between the host's buffer and the guest at a time. */
const CHUNK = 1 << 18;

/** One piece of the guest's memory. */
interface Buffer {
  readonly address: bigint;
  readonly size: number;
}

/**
 * Read into guest memory. A fault before the first byte arrives is EFAULT and leaves the offset
 * alone; a later one ends the read with what arrived.
 * @param at file offset in bytes for pread, or null to use and move the file's own
 */
function* readInto(
  c: LinuxCall,
  file: OpenFile,
  buffer: Buffer,
  at: number | null,
): Blocking<IoResult> {
  const total = Math.min(buffer.size, MAX_RW_COUNT);
  let done = 0;
  do {
    const chunk = new Uint8Array(Math.min(CHUNK, total - done));
    const start = file.offset;
    const count = at === null ? yield* file.read(chunk) : file.readAt(at + done, chunk);
    if (typeof count !== "number") return done > 0 ? done : count;
    const where = buffer.address + BigInt(done);
    const fault = yield* c.copyOut(where, chunk.subarray(0, count));
    if (fault !== null) {
      if (at === null) file.offset = start;
      return done > 0 ? done : fault;
    }
    done += count;
    // A pipe or the console gives what it has; asking again could block.
    if (count < chunk.length || file.kind !== "file") break;
  } while (done < total);
  return done;
}

function* writeFrom(c: LinuxCall, file: OpenFile, buffer: Buffer): Blocking<IoResult> {
  const total = Math.min(buffer.size, MAX_RW_COUNT);
  let done = 0;
  do {
    const size = Math.min(CHUNK, total - done);
    const bytes = yield* c.copyIn(buffer.address + BigInt(done), size);
    if (!bytes.ok) return done > 0 ? done : bytes.errno;
    const count = yield* file.write(bytes.value);
    if (count === "EPIPE") postSignal(c.kernel, c.task, SIGPIPE);
    if (typeof count !== "number") return done > 0 ? done : count;
    done += count;
    if (count < size) break;
  } while (done < total);
  return done;
}

/** The vector of readv and writev. */
function* vector(c: LinuxCall): Blocking<readonly Buffer[] | "EINVAL" | "EFAULT"> {
  const count = c.int(2);
  if (count < 0 || count > IOV_MAX) return "EINVAL";
  const bytes = yield* c.copyIn(c.u64(1), 16 * count);
  if (!bytes.ok) return "EFAULT";
  const view = new DataView(bytes.value.buffer, bytes.value.byteOffset);
  const buffers: Buffer[] = [];
  for (let i = 0; i < count; i++) {
    const size = view.getBigUint64(16 * i + 8, true);
    if (size >= 1n << 63n) return "EINVAL";
    buffers.push({ address: view.getBigUint64(16 * i, true), size: Number(size) });
  }
  return buffers;
}

function* eachBuffer(
  c: LinuxCall,
  move: (buffer: Buffer) => Blocking<IoResult>,
): Blocking<LinuxResult> {
  const buffers = yield* vector(c);
  if (typeof buffers === "string") return buffers;
  let done = 0;
  for (const buffer of buffers) {
    if (buffer.size === 0) continue;
    const count = yield* move(buffer);
    if (typeof count !== "number") return done > 0 ? done : count;
    done += count;
    if (count < buffer.size) break;
  }
  return done;
}

function* read(c: LinuxCall): Blocking<LinuxResult> {
  const file = c.file(0);
  if (file === null) return "EBADF";
  return yield* readInto(c, file, { address: c.u64(1), size: c.size(2) }, null);
}

function* write(c: LinuxCall): Blocking<LinuxResult> {
  const file = c.file(0);
  if (file === null) return "EBADF";
  return yield* writeFrom(c, file, { address: c.u64(1), size: c.size(2) });
}

function* readv(c: LinuxCall): Blocking<LinuxResult> {
  const file = c.file(0);
  if (file === null) return "EBADF";
  return yield* eachBuffer(c, (buffer) => readInto(c, file, buffer, null));
}

function* writev(c: LinuxCall): Blocking<LinuxResult> {
  const file = c.file(0);
  if (file === null) return "EBADF";
  return yield* eachBuffer(c, (buffer) => writeFrom(c, file, buffer));
}

function* pread64(c: LinuxCall): Blocking<LinuxResult> {
  const file = c.file(0);
  if (c.offset(3) < 0) return "EINVAL";
  if (file === null) return "EBADF";
  return yield* readInto(c, file, { address: c.u64(1), size: c.size(2) }, c.offset(3));
}

function lseek(c: LinuxCall): LinuxResult {
  const file = c.file(0);
  if (file === null) return "EBADF";
  if (c.uint(2) > 2) return "EINVAL";
  return file.seek(c.offset(1), c.uint(2));
}

/** Nothing here is a terminal or takes controls, so every request meets the same answer. */
function ioctl(c: LinuxCall): LinuxResult {
  return c.file(0) === null ? "EBADF" : "ENOTTY";
}

function fcntl(c: LinuxCall): LinuxResult {
  const fd = c.int(0);
  const file = c.file(0);
  if (file === null) return "EBADF";
  const { files } = c.task;
  switch (c.int(1)) {
    case F_DUPFD:
      return files.dup(fd, false, c.int(2));
    case F_DUPFD_CLOEXEC:
      return files.dup(fd, true, c.int(2));
    case F_GETFD:
      return files.isCloseOnExec(fd) ? FD_CLOEXEC : 0;
    case F_SETFD:
      files.setCloseOnExec(fd, (c.int(2) & FD_CLOEXEC) !== 0);
      return 0;
    case F_GETFL: {
      const append = file.append ? O_APPEND : 0;
      return file.access | append | (file.nonblocking ? O_NONBLOCK : 0) | O_LARGEFILE;
    }
    case F_SETFL:
      file.nonblocking = (c.int(2) & O_NONBLOCK) !== 0;
      return 0;
    default:
      return "EINVAL";
  }
}

function dup3(c: LinuxCall): LinuxResult {
  const flags = c.int(2);
  if ((flags & ~O_CLOEXEC) !== 0 || c.int(0) === c.int(1)) return "EINVAL";
  return c.task.files.dupTo(c.int(0), c.int(1), (flags & O_CLOEXEC) !== 0);
}

function* pipe2(c: LinuxCall): Blocking<LinuxResult> {
  const flags = c.int(1);
  if ((flags & ~(O_CLOEXEC | O_NONBLOCK)) !== 0) return "EINVAL";
  const cloexec = (flags & O_CLOEXEC) !== 0;
  const { files } = c.task;
  const wakeup = (channel: object): void => {
    c.kernel.vm.wakeup(channel);
  };
  const pipe = makePipe(wakeup, (flags & O_NONBLOCK) !== 0);
  const reader = files.add(pipe.reader, cloexec);
  if (typeof reader !== "number") {
    pipe.writer.release();
    return reader;
  }
  const writer = files.add(pipe.writer, cloexec);
  if (typeof writer !== "number") {
    files.close(reader);
    return writer;
  }
  const fds = new Uint8Array(new Int32Array([reader, writer]).buffer);
  const fault = yield* c.copyOut(c.u64(0), fds);
  if (fault === null) return 0;
  files.close(reader);
  files.close(writer);
  return fault;
}

function* fsync(c: LinuxCall): Blocking<LinuxResult> {
  const file = c.file(0);
  if (file === null) return "EBADF";
  return file.node === null ? "EINVAL" : ((yield* file.sync()) ?? 0);
}

/** Calls on open descriptors. */
export const IO_ROWS: readonly LinuxRow[] = [
  call(23, "dup", "fd:fd", (c) => c.task.files.dup(c.int(0))),
  call(24, "dup3", "oldfd:fd newfd:fd flags:octal", dup3),
  call(25, "fcntl", "fd:fd cmd:int arg:hex", fcntl),
  call(29, "ioctl", "fd:fd request:hex arg:pointer", ioctl),
  call(57, "close", "fd:fd", (c) => c.task.files.close(c.int(0)) ?? 0),
  call(59, "pipe2", "fds:pointer flags:octal", pipe2),
  call(62, "lseek", "fd:fd offset:offset whence:uint", lseek),
  call(63, "read", "fd:fd buf:pointer count:size", read, { restarts: true }),
  call(64, "write", "fd:fd buf:bytes count:size", write, { restarts: true }),
  call(65, "readv", "fd:fd iov:pointer iovcnt:int", readv, { restarts: true }),
  call(66, "writev", "fd:fd iov:pointer iovcnt:int", writev, { restarts: true }),
  call(67, "pread64", "fd:fd buf:pointer count:size offset:offset", pread64),
  call(82, "fsync", "fd:fd", fsync),
  call(83, "fdatasync", "fd:fd", fsync),
];
