import type { Blocking } from "../../../vm/blocking.js";
import { makePipe } from "../../fs/pipe.js";
import {
  F_DUPFD,
  F_DUPFD_CLOEXEC,
  F_FULLFSYNC,
  F_GETFD,
  F_GETFL,
  F_GETPATH,
  F_NOCACHE,
  F_SETFD,
  F_SETFL,
  FD_CLOEXEC,
  O_APPEND,
  O_NONBLOCK,
} from "./abi.js";
import { bsd, type BsdResult, type BsdRow, type DarwinCall } from "./call.js";
import { readCall, readvCall, writeCall, writevCall } from "./transfer.js";

/** ioctl requests every descriptor takes: set and clear close-on-exec, set non-blocking. */
const FIOCLEX = 0x2000_6601;
const FIONCLEX = 0x2000_6602;
const FIONBIO = 0x8004_667e;
const LAST_WHENCE = 2;

function* pread(c: DarwinCall): Blocking<BsdResult> {
  const file = c.file(0);
  if (file === null) return "EBADF";
  if (file.kind !== "file" && file.kind !== "directory") return "ESPIPE";
  if (c.offset(3) < 0) return "EINVAL";
  return yield* readCall(c, c.offset(3));
}

function lseek(c: DarwinCall): BsdResult {
  const file = c.file(0);
  if (file === null) return "EBADF";
  if (file.node === null) return "ESPIPE";
  if (c.uint(2) > LAST_WHENCE) return "EINVAL";
  return file.seek(c.offset(1), c.uint(2));
}

/** Nothing here is a terminal: requests that are not about the descriptor itself get ENOTTY. */
function* ioctl(c: DarwinCall): Blocking<BsdResult> {
  const file = c.file(0);
  if (file === null) return "EBADF";
  switch (c.uint(1)) {
    case FIOCLEX:
      c.task.files.setCloseOnExec(c.int(0), true);
      return 0;
    case FIONCLEX:
      c.task.files.setCloseOnExec(c.int(0), false);
      return 0;
    case FIONBIO: {
      const bytes = yield* c.copyIn(c.u64(2), 4);
      if (!bytes.ok) return bytes.errno;
      file.nonblocking = bytes.value.some((byte) => byte !== 0);
      return 0;
    }
    default:
      return "ENOTTY";
  }
}

/** XNU: kern_descrip.c sys_fcntl_nocancel. Record locks are not kept. */
function* fcntl(c: DarwinCall): Blocking<BsdResult> {
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
    case F_GETFL:
      return file.access | (file.append ? O_APPEND : 0) | (file.nonblocking ? O_NONBLOCK : 0);
    case F_SETFL:
      file.nonblocking = (c.int(2) & O_NONBLOCK) !== 0;
      return 0;
    case F_NOCACHE:
    case F_FULLFSYNC:
      return file.node === null ? "EBADF" : 0;
    case F_GETPATH: {
      if (file.node === null) return "EBADF";
      const path = new TextEncoder().encode(`${file.node.path}\0`);
      return (yield* c.copyOut(c.u64(2), path)) ?? 0;
    }
    default:
      return "EINVAL";
  }
}

/** Both descriptors are returned in registers. */
function pipe(c: DarwinCall): BsdResult {
  const { files } = c.task;
  const { reader, writer } = makePipe((channel) => {
    c.kernel.vm.wakeup(channel);
  });
  const readFd = files.add(reader);
  if (typeof readFd !== "number") {
    writer.release();
    return readFd;
  }
  const writeFd = files.add(writer);
  if (typeof writeFd !== "number") {
    files.close(readFd);
    return writeFd;
  }
  return [readFd, writeFd];
}

function* fsync(c: DarwinCall): Blocking<BsdResult> {
  const file = c.file(0);
  if (file === null) return "EBADF";
  return file.node === null ? "ENOTSUP" : ((yield* file.sync()) ?? 0);
}

/** Calls on open descriptors. */
export const IO_ROWS: readonly BsdRow[] = [
  bsd(3, "read", "fd:fd buf:pointer nbyte:size", (c) => readCall(c, null), {
    returns: "u64",
    nocancel: 396,
  }),
  bsd(4, "write", "fd:fd buf:bytes nbyte:size", writeCall, { returns: "u64", nocancel: 397 }),
  bsd(6, "close", "fd:fd", (c) => c.task.files.close(c.int(0)) ?? 0, { nocancel: 399 }),
  bsd(41, "dup", "fd:fd", (c) => c.task.files.dup(c.int(0))),
  bsd(42, "pipe", "", pipe),
  bsd(54, "ioctl", "fd:fd request:hex data:pointer", ioctl),
  bsd(90, "dup2", "from:fd to:fd", (c) => c.task.files.dupTo(c.int(0), c.int(1))),
  bsd(92, "fcntl", "fd:fd cmd:int arg:hex", fcntl, { nocancel: 406 }),
  bsd(95, "fsync", "fd:fd", fsync, { nocancel: 408 }),
  bsd(120, "readv", "fd:fd iov:pointer iovcnt:int", readvCall, { returns: "u64", nocancel: 411 }),
  bsd(121, "writev", "fd:fd iov:pointer iovcnt:int", writevCall, { returns: "u64", nocancel: 412 }),
  bsd(153, "pread", "fd:fd buf:pointer nbyte:size offset:offset", pread, {
    returns: "u64",
    nocancel: 414,
  }),
  bsd(199, "lseek", "fd:fd offset:offset whence:int", lseek, { returns: "u64" }),
];
