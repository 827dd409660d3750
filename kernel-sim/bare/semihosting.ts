import { INSTRUCTIONS_PER_SECOND, type CpuState, type Semihosting } from "../../emulator/index.js";
import { linuxErrno, type ErrnoName } from "../syscall/errno.js";
import {
  consoleFile,
  constantFile,
  FILE_MODES,
  type BareConsole,
  type FileResult,
  type SemihostingFile,
  type SemihostingFiles,
} from "./semihosting-files.js";

/**
 * Semihosting ("Semihosting for AArch32 and AArch64", Arm, version 3.0): the operation in W0, in X1 its parameter or the
 * address of a block of 64-bit words, the result in X0.
 */

/** Guest memory by virtual address, as EL1 sees it. */
export interface GuestMemory {
  /** @returns null if any of it cannot be read */
  read(address: bigint, length: number): Uint8Array | null;
  /** @returns false, and nothing is written, if any of it cannot be */
  write(address: bigint, bytes: Uint8Array): boolean;
}

export interface SemihostingOptions {
  readonly memory: GuestMemory;
  readonly console: BareConsole;
  readonly files: SemihostingFiles;
  /** SYS_GET_CMDLINE: the image and its arguments. */
  readonly commandLine: string;
  /** SYS_HEAPINFO: the largest range of RAM nothing was loaded into. */
  readonly heap: { readonly base: number; readonly limit: number };
  /** Virtual time in instruction times. */
  readonly now: () => number;
  /** Seconds since 1970 at time 0. */
  readonly epochSeconds: number;
  readonly exit: (code: number) => void;
}

/** ADP_Stopped_ApplicationExit: the reason of an orderly exit. */
const APPLICATION_EXIT = 0x2_0026n;
const FAILED = -1n;
/** ":semihosting-features": its magic number, then SH_EXT_EXIT_EXTENDED and SH_EXT_STDOUT_STDERR. */
const FEATURES = Uint8Array.of(0x53, 0x48, 0x46, 0x42, 0x03);
const MAX_PATH = 4096;
const MAX_OPEN_FILES = 256;
/** So much is moved at a time. */
const PIECE_BYTES = 1 << 16;
const WRITE0_PIECE = 64;

type Parameters = readonly bigint[];
interface Operation {
  /** 64-bit words of the block at X1; 0: X1 itself is the parameter. */
  readonly words: number;
  readonly run: (s: SemihostingCalls, block: Parameters, x1: bigint) => bigint;
}

const op = (words: number, run: Operation["run"]): Operation => ({ words, run });

const OPERATIONS: ReadonlyMap<number, Operation> = new Map([
  [0x01, op(3, (s, [path, mode, length]) => s.open(path!, mode!, length!))],
  [0x02, op(1, (s, [handle]) => s.close(handle!))],
  [0x03, op(0, (s, _, x1) => s.writeCharacter(x1))],
  [0x04, op(0, (s, _, x1) => s.writeText(x1))],
  [0x05, op(3, (s, [handle, from, length]) => s.write(handle!, from!, length!))],
  [0x06, op(3, (s, [handle, to, length]) => s.read(handle!, to!, length!))],
  [0x07, op(0, (s) => s.readCharacter())],
  [0x08, op(1, (_, [status]) => (BigInt.asIntN(64, status!) < 0n ? 1n : 0n))],
  [0x09, op(1, (s, [handle]) => s.isTerminal(handle!))],
  [0x0a, op(2, (s, [handle, position]) => s.seek(handle!, position!))],
  [0x0c, op(1, (s, [handle]) => s.length(handle!))],
  [0x0d, op(3, (s, [to, id, length]) => s.temporaryName(to!, id!, length!))],
  [0x0e, op(2, (s, [path, length]) => s.remove(path!, length!))],
  [
    0x0f,
    op(4, (s, [from, fromLength, to, toLength]) => s.rename(from!, fromLength!, to!, toLength!)),
  ],
  [0x10, op(0, (s) => s.time(100))],
  [0x11, op(0, (s) => s.seconds())],
  [0x13, op(0, (s) => s.errno())],
  [0x15, op(2, (s, [to, length], x1) => s.commandLine(to!, length!, x1))],
  [0x16, op(1, (s, [to]) => s.heapInfo(to!))],
  [0x18, op(2, (s, [reason, code]) => s.exit(reason!, code!))],
  [0x19, op(2, () => 0n)], // SYS_SYNCCACHE: nothing is out of step
  [0x20, op(2, (s, [reason, code]) => s.exit(reason!, code!))],
  [0x30, op(0, (s, _, x1) => s.elapsed(x1))],
  [0x31, op(0, () => BigInt(INSTRUCTIONS_PER_SECOND))],
]);

/** The calls, and what they keep: open files, the last error. */
class SemihostingCalls {
  readonly #o: SemihostingOptions;
  readonly #files = new Map<number, SemihostingFile>();
  #errno: ErrnoName | null = null;

  constructor(options: SemihostingOptions) {
    this.#o = options;
  }

  reset(): void {
    for (const file of this.#files.values()) file.close();
    this.#files.clear();
    this.#errno = null;
  }

  fail(errno: ErrnoName): bigint {
    this.#errno = errno;
    return FAILED;
  }

  /** The result of a call that gives nothing but success. */
  #done(result: FileResult<unknown>): bigint {
    return result.ok ? 0n : this.fail(result.errno);
  }

  /** A number of bytes a guest may ask for, or null. */
  #size(length: bigint): number | null {
    return length <= BigInt(Number.MAX_SAFE_INTEGER) ? Number(length) : null;
  }

  #text(address: bigint, length: bigint): string | null {
    if (length > BigInt(MAX_PATH)) return null;
    const bytes = this.#o.memory.read(address, Number(length));
    return bytes === null ? null : new TextDecoder().decode(bytes);
  }

  open(path: bigint, mode: bigint, length: bigint): bigint {
    const name = this.#text(path, length);
    if (name === null) return this.fail("EFAULT");
    const fopenMode = mode < 12n ? FILE_MODES[Number(mode) >> 1] : undefined;
    if (fopenMode === undefined) return this.fail("EINVAL");
    let handle = 1;
    while (this.#files.has(handle)) handle++;
    if (handle > MAX_OPEN_FILES) return this.fail("EMFILE");
    if (name === ":tt") {
      const stream = mode < 4n ? 0 : mode < 8n ? 1 : 2;
      this.#files.set(handle, consoleFile(this.#o.console, stream));
    } else if (name === ":semihosting-features") {
      if (fopenMode !== "r") return this.fail("EACCES");
      this.#files.set(handle, constantFile(FEATURES));
    } else {
      const opened = this.#o.files.open(name, fopenMode);
      if (!opened.ok) return this.fail(opened.errno);
      this.#files.set(handle, opened.value);
    }
    return BigInt(handle);
  }

  #file(handle: bigint): SemihostingFile | null {
    return this.#files.get(Number(BigInt.asIntN(64, handle))) ?? null;
  }

  close(handle: bigint): bigint {
    const file = this.#file(handle);
    if (file === null) return this.fail("EBADF");
    file.close();
    this.#files.delete(Number(handle));
    return 0n;
  }

  writeCharacter(address: bigint): bigint {
    const byte = this.#o.memory.read(address, 1);
    if (byte !== null) this.#o.console.write(1, byte);
    return address; // X0 is unpredictable: leave something
  }

  writeText(address: bigint): bigint {
    for (let at = address; ;) {
      // Up to the end of a piece that cannot cross a page.
      const room = WRITE0_PIECE - Number(at % BigInt(WRITE0_PIECE));
      const piece = this.#o.memory.read(at, room);
      if (piece === null) break;
      const end = piece.indexOf(0);
      this.#o.console.write(1, end < 0 ? piece : piece.subarray(0, end));
      if (end >= 0) break;
      at += BigInt(room);
    }
    return address;
  }

  /** @returns bytes NOT written */
  write(handle: bigint, from: bigint, length: bigint): bigint {
    const file = this.#file(handle);
    const size = this.#size(length);
    if (file === null || size === null)
      return this.#notMoved(length, file === null ? "EBADF" : "EINVAL");
    for (let at = 0; at < size;) {
      const piece = Math.min(PIECE_BYTES, size - at);
      const bytes = this.#o.memory.read(from + BigInt(at), piece);
      if (bytes === null) return this.#notMoved(BigInt(size - at), "EFAULT");
      const written = file.write(bytes);
      if (!written.ok) return this.#notMoved(BigInt(size - at), written.errno);
      at += written.value;
      if (written.value < piece) return BigInt(size - at);
    }
    return 0n;
  }

  #notMoved(left: bigint, errno: ErrnoName): bigint {
    this.#errno = errno;
    return left;
  }

  /** @returns bytes NOT read: all of them at the end of the file */
  read(handle: bigint, to: bigint, length: bigint): bigint {
    const file = this.#file(handle);
    const size = this.#size(length);
    if (file === null || size === null)
      return this.#notMoved(length, file === null ? "EBADF" : "EINVAL");
    for (let at = 0; at < size;) {
      const into = new Uint8Array(Math.min(PIECE_BYTES, size - at));
      const got = file.read(into);
      if (!got.ok) return this.#notMoved(BigInt(size - at), got.errno);
      if (!this.#o.memory.write(to + BigInt(at), into.subarray(0, got.value))) {
        return this.#notMoved(BigInt(size - at), "EFAULT");
      }
      at += got.value;
      if (got.value < into.length) return BigInt(size - at);
    }
    return 0n;
  }

  readCharacter(): bigint {
    const bytes = this.#o.console.read(1);
    return bytes.length === 0 ? FAILED : BigInt(bytes[0]!);
  }

  isTerminal(handle: bigint): bigint {
    const file = this.#file(handle);
    if (file === null) return this.fail("EBADF");
    return file.isTerminal() ? 1n : 0n;
  }

  seek(handle: bigint, position: bigint): bigint {
    const file = this.#file(handle);
    if (file === null) return this.fail("EBADF");
    const to = this.#size(position);
    return to === null ? this.fail("EINVAL") : this.#done(file.seek(to));
  }

  length(handle: bigint): bigint {
    const file = this.#file(handle);
    if (file === null) return this.fail("EBADF");
    const length = file.length();
    return length.ok ? BigInt(length.value) : this.fail(length.errno);
  }

  temporaryName(to: bigint, id: bigint, length: bigint): bigint {
    const name = new TextEncoder().encode(
      `/tmp/machvm-${(id & 0xffn).toString(16).padStart(2, "0")}\0`,
    );
    if (BigInt(name.length) > length) return this.fail("EINVAL");
    return this.#o.memory.write(to, name) ? 0n : this.fail("EFAULT");
  }

  remove(path: bigint, length: bigint): bigint {
    const name = this.#text(path, length);
    return name === null ? this.fail("EFAULT") : this.#done(this.#o.files.remove(name));
  }

  rename(from: bigint, fromLength: bigint, to: bigint, toLength: bigint): bigint {
    const old = this.#text(from, fromLength);
    const next = this.#text(to, toLength);
    if (old === null || next === null) return this.fail("EFAULT");
    return this.#done(this.#o.files.rename(old, next));
  }

  /** Time since the start in parts of a second. */
  time(perSecond: number): bigint {
    return BigInt(Math.floor((this.#o.now() * perSecond) / INSTRUCTIONS_PER_SECOND));
  }

  seconds(): bigint {
    return BigInt(this.#o.epochSeconds) + this.time(1);
  }

  errno(): bigint {
    return this.#errno === null ? 0n : BigInt(linuxErrno(this.#errno));
  }

  /** The length, without its NUL, goes into the block's second word. */
  commandLine(to: bigint, length: bigint, block: bigint): bigint {
    const text = new TextEncoder().encode(`${this.#o.commandLine}\0`);
    if (BigInt(text.length) > length) return this.fail("E2BIG");
    const { memory } = this.#o;
    const done = memory.write(to, text) && memory.write(block + 8n, words([text.length - 1]));
    return done ? 0n : this.fail("EFAULT");
  }

  /** Heap base and limit, stack base and limit: both in the same range, growing towards each other. */
  heapInfo(to: bigint): bigint {
    const { base, limit } = this.#o.heap;
    return this.#o.memory.write(to, words([base, limit, limit, base])) ? 0n : this.fail("EFAULT");
  }

  /** Other reasons than an application's exit are failures. */
  exit(reason: bigint, code: bigint): bigint {
    this.#o.exit(reason === APPLICATION_EXIT ? Number(code & 0xffn) : 1);
    return 0n;
  }

  elapsed(to: bigint): bigint {
    return this.#o.memory.write(to, words([this.#o.now()])) ? 0n : this.fail("EFAULT");
  }
}

function words(values: readonly number[]): Uint8Array {
  return new Uint8Array(new BigUint64Array(values.map(BigInt)).buffer);
}

/** Semihosting over the given files and console. Unknown operations answer -1. */
export class SemihostingHost implements Semihosting {
  readonly #memory: GuestMemory;
  readonly #calls: SemihostingCalls;

  constructor(options: SemihostingOptions) {
    this.#memory = options.memory;
    this.#calls = new SemihostingCalls(options);
  }

  /** The machine starts again: every file is closed. */
  reset(): void {
    this.#calls.reset();
  }

  call(cpu: CpuState): void {
    cpu.setX(0, BigInt.asUintN(64, this.#result(cpu)));
  }

  #result(cpu: CpuState): bigint {
    const operation = OPERATIONS.get(Number(cpu.x(0) & 0xffff_ffffn));
    const x1 = cpu.x(1);
    if (operation === undefined) return this.#calls.fail("ENOSYS");
    const bytes = this.#memory.read(x1, operation.words * 8);
    if (bytes === null) return this.#calls.fail("EFAULT");
    return operation.run(this.#calls, [...new BigUint64Array(bytes.slice().buffer)], x1);
  }
}
