import {
  THREAD_ABORTSAFE,
  THREAD_INTERRUPTED,
  type Blocking,
  type Wait,
} from "../../vm/blocking.js";
import { OpenFileBase } from "./open-file.js";
import { O_RDONLY, O_WRONLY, type FileStat, type IoResult, type Readiness } from "./types.js";

/** Bytes a pipe holds, and how many are written in one piece or not at all (Linux's numbers). */
export const PIPE_CAPACITY = 65536;
export const PIPE_BUF = 4096;

/** The buffer between two ends. Each end is one open file, shared by all its descriptors. */
class PipeBuffer {
  readonly #bytes = new Uint8Array(PIPE_CAPACITY);
  #start = 0;
  used = 0;
  readerOpen = true;
  writerOpen = true;
  /** Channels of those who wait for this pipe among other things. */
  readonly watchers = new Set<object>();
  readonly #wakeup: (channel: object) => void;

  constructor(wakeup: (channel: object) => void) {
    this.#wakeup = wakeup;
  }

  get free(): number {
    return PIPE_CAPACITY - this.used;
  }

  get wait(): Wait {
    return { channel: this, interruptible: THREAD_ABORTSAFE, reason: "pipe" };
  }

  /** Something changed: readers and writers look again. */
  changed(): void {
    this.#wakeup(this);
    for (const channel of this.watchers) this.#wakeup(channel);
  }

  take(into: Uint8Array): number {
    const count = Math.min(into.length, this.used);
    for (let i = 0; i < count; i++) {
      into[i] = this.#bytes[(this.#start + i) % PIPE_CAPACITY]!;
    }
    this.#start = (this.#start + count) % PIPE_CAPACITY;
    this.used -= count;
    return count;
  }

  put(bytes: Uint8Array): number {
    const count = Math.min(bytes.length, this.free);
    const end = this.#start + this.used;
    for (let i = 0; i < count; i++) this.#bytes[(end + i) % PIPE_CAPACITY] = bytes[i]!;
    this.used += count;
    return count;
  }
}

class PipeEnd extends OpenFileBase {
  readonly kind = "pipe";
  readonly description = "pipe";
  readonly #pipe: PipeBuffer;

  constructor(pipe: PipeBuffer, access: typeof O_RDONLY | typeof O_WRONLY, nonblocking: boolean) {
    super(access, false, nonblocking);
    this.#pipe = pipe;
  }

  stat(): FileStat {
    return {
      kind: "fifo",
      permissions: 0o600,
      device: 0,
      inode: 4,
      links: 1,
      sizeBytes: this.#pipe.used,
      modifiedSeconds: 0,
    };
  }

  override readiness(): Readiness {
    const pipe = this.#pipe;
    const reads = this.access === O_RDONLY;
    return {
      readable: reads && pipe.used > 0,
      writable: !reads && pipe.free >= PIPE_BUF,
      hangUp: reads && !pipe.writerOpen,
      broken: !reads && !pipe.readerOpen,
    };
  }

  override watch(channel: object): void {
    this.#pipe.watchers.add(channel);
  }

  override unwatch(channel: object): void {
    this.#pipe.watchers.delete(channel);
  }

  /** @returns 0 once empty with nobody left to write; EINTR when a signal breaks the wait */
  protected *doRead(into: Uint8Array): Blocking<IoResult> {
    const pipe = this.#pipe;
    if (into.length === 0) return 0;
    while (pipe.used === 0) {
      if (!pipe.writerOpen) return 0;
      if (this.nonblocking) return "EAGAIN";
      if ((yield pipe.wait) === THREAD_INTERRUPTED) return "EINTR";
    }
    const count = pipe.take(into);
    pipe.changed();
    return count;
  }

  /** @returns EPIPE with nobody to read (the caller posts SIGPIPE); what was written before EINTR */
  protected *doWrite(bytes: Uint8Array): Blocking<IoResult> {
    const pipe = this.#pipe;
    let written = 0;
    while (written < bytes.length) {
      if (!pipe.readerOpen) return "EPIPE";
      const rest = bytes.subarray(written);
      const atomic = bytes.length <= PIPE_BUF;
      if (pipe.free >= (atomic ? rest.length : 1)) {
        written += pipe.put(rest);
        pipe.changed();
        continue;
      }
      if (this.nonblocking) return written > 0 ? written : "EAGAIN";
      if ((yield pipe.wait) === THREAD_INTERRUPTED) return written > 0 ? written : "EINTR";
    }
    return written;
  }

  protected doClose(): void {
    if (this.access === O_RDONLY) this.#pipe.readerOpen = false;
    else this.#pipe.writerOpen = false;
    this.#pipe.changed();
  }
}

/**
 * A new pipe.
 * @param wakeup resumes whoever sleeps on a channel (`kernel.vm.wakeup`)
 */
export function makePipe(
  wakeup: (channel: object) => void,
  nonblocking = false,
): { readonly reader: OpenFileBase; readonly writer: OpenFileBase } {
  const buffer = new PipeBuffer(wakeup);
  return {
    reader: new PipeEnd(buffer, O_RDONLY, nonblocking),
    writer: new PipeEnd(buffer, O_WRONLY, nonblocking),
  };
}
