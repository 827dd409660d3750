import { readFileSync } from "node:fs";
import { switchTo } from "../../kernel-sim/context-switch.js";
import type { SyscallRecord } from "../../kernel-sim/events.js";
import { MemoryFs, type MemoryFile } from "../../kernel-sim/fs/memory-fs.js";
import type { FileSystem } from "../../kernel-sim/fs/types.js";
import { Kernel, type ExitReport, type KernelOptions } from "../../kernel-sim/kernel.js";
import { runThread } from "../../kernel-sim/run-loop.js";
import { darwinSyscall } from "../../kernel-sim/syscall/darwin/dispatch.js";
import { BSD_CALLS, MACH_TRAPS } from "../../kernel-sim/syscall/darwin/table.js";
import { darwinErrno, ERRNO_NAMES } from "../../kernel-sim/syscall/errno.js";
import type { Task } from "../../kernel-sim/task.js";
import type { Thread } from "../../kernel-sim/thread.js";
import { copyIn, copyOut } from "../../kernel-sim/user-memory.js";
import { runNow } from "../../vm/blocking.js";
import { PAGE_SIZE } from "../../vm/types.js";
import type { A64Program } from "./a64-program.js";
import { assertNoReports, STRICT } from "./no-reports.js";

/** An argument: a number, or a string that is put into the task's memory. */
export type Argument = number | bigint | string;

/** Registers after an SVC. */
export interface SvcResult {
  /** Unsigned 64-bit values. */
  readonly x0: bigint;
  readonly x1: bigint;
  readonly carry: boolean;
}

const PROGRAM = "guests/bin/hello";
const SCRATCH_BYTES = 4 * PAGE_SIZE;
const PSTATE_C = 1n << 29n;
const MAP_PRIVATE_ANON_UNIX03 = 0x4_1002;

/**
 * A Darwin task between two instructions of its own, on whose behalf SVCs are taken without
 * executing any: what registers and memory hold afterwards, and every invariant after each.
 */
export class DarwinWorld {
  readonly kernel: Kernel;
  readonly task: Task;
  readonly thread: Thread;
  /** Readable and writable memory for arguments; strings go into its second half. */
  readonly scratch: number;
  /** What a tracer was told. */
  readonly records: SyscallRecord[] = [];
  readonly #output: number[] = [];

  constructor(
    files: Readonly<Record<string, MemoryFile>> | FileSystem = {},
    options: KernelOptions = {},
  ) {
    this.kernel = new Kernel({
      ...STRICT,
      ramBytes: 32 * 2 ** 20,
      ...options,
      fs: isFileSystem(files) ? files : new MemoryFs(files),
      console: { write: (_, bytes) => this.#output.push(...bytes) },
    });
    const loaded = this.kernel.exec(readFileSync(PROGRAM), "/bin/hello", ["hello"]);
    if (!loaded.ok) throw new Error(loaded.error.toString());
    this.task = loaded.task;
    this.thread = loaded.task.threads[0]!;
    this.#resume();
    this.scratch = this.number("mmap", 0, SCRATCH_BYTES, 3, MAP_PRIVATE_ANON_UNIX03, -1, 0);
    this.kernel.onSyscall = (record) => {
      this.records.push(record);
    };
  }

  /** Take an SVC with x16 and x0.. as given. It must not sleep. */
  svc(x16: bigint | number, ...args: readonly Argument[]): SvcResult {
    const { cpu } = this.kernel;
    let text = this.scratch + SCRATCH_BYTES / 2;
    args.forEach((arg, i) => {
      if (typeof arg !== "string") {
        cpu.setX(i, BigInt.asUintN(64, BigInt(arg)));
        return;
      }
      const bytes = new TextEncoder().encode(`${arg}\0`);
      this.write(text, bytes);
      cpu.setX(i, BigInt(text));
      text += bytes.length;
    });
    cpu.setX(16, BigInt.asUintN(64, BigInt(x16)));
    runNow(darwinSyscall(this.kernel, this.thread));
    if (this.task.alive) this.#check();
    return { x0: cpu.x(0), x1: cpu.x(1), carry: (cpu.sysreg("SPSR_EL1") & PSTATE_C) !== 0n };
  }

  /** Make a BSD call. @returns x0 as a signed number, or the name of the error */
  bsd(name: string, ...args: readonly Argument[]): number | string {
    const row = [...BSD_CALLS.values()].find((r) => r.name === name);
    if (row === undefined) throw new Error(`no call ${name}`);
    const { x0, carry } = this.svc(row.number, ...args);
    const value = Number(BigInt.asIntN(64, x0));
    if (!carry) return value;
    return ERRNO_NAMES.find((errno) => darwinErrno(errno) === value) ?? `errno ${value}`;
  }

  /** As `bsd`, of which a number is expected. */
  number(name: string, ...args: readonly Argument[]): number {
    const result = this.bsd(name, ...args);
    if (typeof result !== "number") throw new Error(`${name}: ${result}`);
    return result;
  }

  /** Make a Mach trap. @returns x0 as a signed number */
  trap(name: string, ...args: readonly Argument[]): number {
    const row = [...MACH_TRAPS.values()].find((r) => r.name === name);
    if (row === undefined) throw new Error(`no trap ${name}`);
    return Number(BigInt.asIntN(64, this.svc(-row.number, ...args).x0));
  }

  /** Bytes of the task's memory, or why they cannot be read. */
  read(address: number | bigint, length: number): Uint8Array | string {
    const result = runNow(copyIn(this.kernel, address, length));
    return result.ok ? result.value : result.errno;
  }

  /** Little-endian words of the task's memory. */
  words32(address: number | bigint, count: number): number[] {
    const bytes = this.read(address, 4 * count);
    if (typeof bytes === "string") throw new Error(bytes);
    return [...new Int32Array(bytes.slice().buffer)];
  }

  words64(address: number | bigint, count: number): bigint[] {
    const bytes = this.read(address, 8 * count);
    if (typeof bytes === "string") throw new Error(bytes);
    return [...new BigUint64Array(bytes.slice().buffer)];
  }

  /** @returns null when all was written */
  write(address: number, bytes: Uint8Array | readonly number[]): string | null {
    return runNow(copyOut(this.kernel, address, Uint8Array.from(bytes)));
  }

  write64(address: number, ...words: readonly (bigint | number)[]): void {
    const bytes = new BigUint64Array(words.map((w) => BigInt.asUintN(64, BigInt(w))));
    this.write(address, new Uint8Array(bytes.buffer));
  }

  /** Anonymous private memory of so many pages. */
  anonymous(pages: number, prot = 3): number {
    return this.number("mmap", 0, pages * PAGE_SIZE, prot, MAP_PRIVATE_ANON_UNIX03, -1, 0);
  }

  /**
   * Run a program from its first instruction to the end of the task, with everything checked
   * afterwards. It finds `scratch` in x28.
   */
  run(program: A64Program): ExitReport {
    const bytes = program.assemble();
    const at = this.anonymous(Math.ceil(bytes.length / PAGE_SIZE));
    this.write(at, bytes);
    this.bsd("mprotect", at, bytes.length, 5);
    this.kernel.cpu.setX(28, BigInt(this.scratch));
    this.kernel.cpu.setSysreg("ELR_EL1", BigInt(at));
    this.records.length = 0;
    this.kernel.current = null;
    this.kernel.scheduler.enqueue(this.thread);
    const report = this.kernel.run();
    this.kernel.assertConsistent();
    assertNoReports(this.kernel.machine.mmuReports);
    this.kernel.shutdown();
    this.kernel.assertNoLeaks();
    return report;
  }

  /** What was written to the standard streams. */
  get output(): string {
    return new TextDecoder().decode(Uint8Array.from(this.#output));
  }

  /** The same as little-endian 64-bit words. */
  get outputWords(): bigint[] {
    return [...new BigUint64Array(Uint8Array.from(this.#output).buffer)];
  }

  /** Give the thread its turn. */
  #resume(): void {
    const { scheduler } = this.kernel;
    for (let next = scheduler.take(); next !== this.thread; next = scheduler.take()) {
      if (next!.isKernel) runThread(this.kernel, next!, 0);
      else scheduler.enqueue(next!); // a child: not its turn
    }
    this.kernel.current = this.thread;
    switchTo(this.kernel, this.thread);
  }

  /** Check everything, between two turns. */
  #check(): void {
    this.kernel.current = null;
    this.kernel.scheduler.enqueue(this.thread);
    this.kernel.assertConsistent();
    this.#resume();
  }
}

function isFileSystem(files: object): files is FileSystem {
  return "open" in files && typeof files.open === "function";
}
