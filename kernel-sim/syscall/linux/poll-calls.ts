import type { Blocking } from "../../../vm/blocking.js";
import type { OpenFile } from "../../fs/types.js";
import { pollFiles } from "../../poll.js";
import { UNBLOCKABLE } from "./signals.js";
import { call, type LinuxCall, type LinuxResult, type LinuxRow } from "./call.js";
import { readTime } from "./time.js";

const POLLIN = 0x1;
const POLLOUT = 0x4;
const POLLERR = 0x8;
const POLLHUP = 0x10;
const POLLNVAL = 0x20;
const POLLRDNORM = 0x40;
const POLLWRNORM = 0x100;
const POLLFD_SIZE = 8;
/** Descriptors a set can name. */
const FD_SETSIZE = 1024;

/** What is true of a file, as bits of poll. */
function eventsOf(file: OpenFile): number {
  const { readable, writable, hangUp, broken } = file.readiness();
  let events = 0;
  if (readable) events |= POLLIN | POLLRDNORM;
  if (writable) events |= POLLOUT | POLLWRNORM;
  if (hangUp) events |= POLLHUP;
  if (broken) events |= POLLERR;
  return events;
}

/** A relative timeout in user memory as a deadline; a null pointer is none. */
function* deadlineAt(c: LinuxCall, at: bigint): Blocking<bigint | null | "EINVAL" | "EFAULT"> {
  if (at === 0n) return null;
  const time = yield* readTime(c, at);
  return typeof time === "string" ? time : c.kernel.clock.nanoseconds + time;
}

/**
 * Run `work` with another signal mask. If a signal ends it, the mask stays until the handler has
 * run, whose return restores the old one, as with rt_sigsuspend.
 */
function* withMask(
  c: LinuxCall,
  at: bigint,
  work: () => Blocking<number | "EINTR">,
): Blocking<number | "EINTR" | "EFAULT"> {
  if (at === 0n) return yield* work();
  const bytes = yield* c.copyIn(at, 8);
  if (!bytes.ok) return "EFAULT";
  const { thread, state } = c;
  const old = thread.signalMask;
  const view = new DataView(bytes.value.buffer, bytes.value.byteOffset);
  thread.signalMask = view.getBigUint64(0, true) & ~UNBLOCKABLE;
  const result = yield* work();
  if (result === "EINTR") state.suspendedMask = old;
  else thread.signalMask = old;
  return result;
}

function* ppoll(c: LinuxCall): Blocking<LinuxResult> {
  const count = c.uint(1);
  if (count > c.task.files.limit) return "EINVAL";
  const bytes = yield* c.copyIn(c.u64(0), POLLFD_SIZE * count);
  if (!bytes.ok) return bytes.errno;
  const deadline = yield* deadlineAt(c, c.u64(2));
  if (typeof deadline === "string") return deadline;
  const view = new DataView(bytes.value.buffer, bytes.value.byteOffset);
  const files: OpenFile[] = [];
  const entries = Array.from({ length: count }, (_, i) => {
    const fd = view.getInt32(POLLFD_SIZE * i, true);
    const file = fd < 0 ? null : c.task.files.get(fd);
    if (file !== null) files.push(file);
    return { at: POLLFD_SIZE * i, fd, file, wanted: view.getUint16(POLLFD_SIZE * i + 4, true) };
  });
  const look = (): number => {
    let ready = 0;
    for (const { at, fd, file, wanted } of entries) {
      let events = fd < 0 ? 0 : POLLNVAL;
      if (file !== null) events = eventsOf(file) & (wanted | POLLHUP | POLLERR);
      view.setUint16(at + 6, events, true);
      if (events !== 0) ready += 1;
    }
    return ready;
  };
  const result = yield* withMask(c, c.u64(3), () => pollFiles(c.kernel, files, look, deadline));
  if (typeof result === "string") return result;
  return (yield* c.copyOut(c.u64(0), bytes.value)) ?? result;
}

/** One of the three sets of select. */
interface DescriptorSet {
  readonly at: bigint;
  /** As the caller gave it; what is found ready goes to `found`. */
  readonly bytes: Uint8Array;
  readonly found: Uint8Array;
  /** What of a file's events counts. */
  readonly events: number;
}

/** Events of the sets to read, to write and of exceptions, as Linux groups them. */
const SET_EVENTS = [POLLIN | POLLHUP | POLLERR, POLLOUT | POLLERR, 0] as const;

function has(set: Uint8Array, fd: number): boolean {
  return ((set[fd >> 3] ?? 0) & (1 << (fd & 7))) !== 0;
}

function* pselect6(c: LinuxCall): Blocking<LinuxResult> {
  const limit = c.int(0);
  if (limit < 0) return "EINVAL";
  const count = Math.min(limit, FD_SETSIZE);
  const size = Math.ceil(count / 64) * 8;
  const sets: DescriptorSet[] = [];
  for (const [i, events] of SET_EVENTS.entries()) {
    const at = c.u64(1 + i);
    if (at === 0n) continue;
    const bytes = yield* c.copyIn(at, size);
    if (!bytes.ok) return bytes.errno;
    sets.push({ at, bytes: bytes.value, found: new Uint8Array(size), events });
  }
  const deadline = yield* deadlineAt(c, c.u64(4));
  if (typeof deadline === "string") return deadline;
  const files = new Map<number, OpenFile>();
  for (let fd = 0; fd < count; fd++) {
    if (!sets.some((set) => has(set.bytes, fd))) continue;
    const file = c.task.files.get(fd);
    if (file === null) return "EBADF";
    files.set(fd, file);
  }
  const look = (): number => {
    let ready = 0;
    for (const set of sets) set.found.fill(0);
    for (const [fd, file] of files) {
      const events = eventsOf(file);
      for (const set of sets) {
        if (!has(set.bytes, fd) || (events & set.events) === 0) continue;
        set.found[fd >> 3]! |= 1 << (fd & 7);
        ready += 1;
      }
    }
    return ready;
  };
  const mask = yield* maskPointer(c);
  if (mask === null) return "EFAULT";
  const wait = (): Blocking<number | "EINTR"> =>
    pollFiles(c.kernel, [...files.values()], look, deadline);
  const result = yield* withMask(c, mask, wait);
  if (typeof result === "string") return result;
  for (const set of sets) {
    const fault = yield* c.copyOut(set.at, set.found);
    if (fault !== null) return fault;
  }
  return result;
}

/** The sixth argument points at {mask pointer, size}. @returns null for a fault */
function* maskPointer(c: LinuxCall): Blocking<bigint | null> {
  if (c.u64(5) === 0n) return 0n;
  const bytes = yield* c.copyIn(c.u64(5), 16);
  if (!bytes.ok) return null;
  return new DataView(bytes.value.buffer, bytes.value.byteOffset).getBigUint64(0, true);
}

/** Calls that wait for several files at once. */
export const POLL_ROWS: readonly LinuxRow[] = [
  call(
    72,
    "pselect6",
    "nfds:int read:pointer write:pointer except:pointer timeout:pointer mask:pointer",
    pselect6,
  ),
  call(73, "ppoll", "fds:pointer nfds:uint timeout:pointer mask:pointer size:size", ppoll),
];
