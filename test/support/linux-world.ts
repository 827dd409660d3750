import { readFileSync } from "node:fs";
import { runThread } from "../../kernel-sim/run-loop.js";
import { switchTo } from "../../kernel-sim/context-switch.js";
import { MemoryFs, type MemoryFile } from "../../kernel-sim/fs/memory-fs.js";
import { Kernel } from "../../kernel-sim/kernel.js";
import { LinuxCall, NO_RESULT, type LinuxResult } from "../../kernel-sim/syscall/linux/call.js";
import { LINUX_CALLS } from "../../kernel-sim/syscall/linux/table.js";
import type { Task } from "../../kernel-sim/task.js";
import type { Thread } from "../../kernel-sim/thread.js";
import { copyIn, copyOut } from "../../kernel-sim/user-memory.js";
import { runNow, type Blocking } from "../../vm/blocking.js";
import { assertNoReports, STRICT } from "./no-reports.js";

/** An argument: a number, or a string that is put into the task's memory. */
type Argument = number | bigint | string;

const PATH = "guests/bin/hello.elf";
const SCRATCH_BYTES = 65536;

/**
 * A Linux task between two instructions of its own, on whose behalf system calls are made without
 * executing any: what the calls return and do to memory, and every invariant after each.
 */
export class LinuxWorld {
  readonly kernel: Kernel;
  readonly task: Task;
  readonly thread: Thread;
  /** Memory for arguments. */
  readonly scratch: number;

  constructor(files: Readonly<Record<string, MemoryFile>> = {}) {
    this.kernel = new Kernel({ ...STRICT, ramBytes: 32 * 2 ** 20, fs: new MemoryFs(files) });
    const loaded = this.kernel.exec(readFileSync(PATH), "/bin/hello", ["hello"]);
    if (!loaded.ok) throw new Error(loaded.error.toString());
    this.task = loaded.task;
    this.thread = loaded.task.threads[0]!;
    this.#run();
    this.scratch = this.number("mmap", 0, SCRATCH_BYTES, 3, 0x22, -1, 0);
  }

  /** Make the call called `name`, which must not sleep. */
  call(name: string, ...args: readonly Argument[]): LinuxResult {
    const row = [...LINUX_CALLS.values()].find((r) => r.name === name);
    if (row === undefined) throw new Error(`no call ${name}`);
    let text = this.scratch + SCRATCH_BYTES / 2;
    const raw = args.map((arg) => {
      if (typeof arg !== "string") return BigInt.asUintN(64, BigInt(arg));
      const bytes = new TextEncoder().encode(`${arg}\0`);
      const at = text;
      this.write(at, bytes);
      text += bytes.length;
      return BigInt(at);
    });
    const call = new LinuxCall(this.kernel, this.thread, raw, () => undefined);
    const outcome = row.handler(call);
    const result = isBlocking(outcome) ? runNow(outcome) : outcome;
    if (result !== NO_RESULT) this.#check();
    return result;
  }

  /** Give the thread its turn, before anybody else. */
  #run(): void {
    const { scheduler } = this.kernel;
    for (;;) {
      const next = scheduler.take();
      if (next === null) throw new Error("the thread is not runnable");
      if (next === this.thread) break;
      if (next.isKernel) runThread(this.kernel, next, 0);
      else scheduler.enqueue(next);
    }
    this.kernel.current = this.thread;
    switchTo(this.kernel, this.thread);
  }

  /** Check everything, between two turns. */
  #check(): void {
    this.kernel.current = null;
    this.kernel.scheduler.enqueue(this.thread);
    this.kernel.assertConsistent();
    assertNoReports(this.kernel.machine.mmuReports);
    this.#run();
  }

  /** As `call`, of which a number is expected. */
  number(name: string, ...args: readonly Argument[]): number {
    const result = this.call(name, ...args);
    if (typeof result !== "number") throw new Error(`${name}: ${String(result)}`);
    return result;
  }

  /** Bytes of the task's memory, or why they cannot be read. */
  read(address: number, length: number): Uint8Array | string {
    const result = runNow(copyIn(this.kernel, address, length));
    return result.ok ? result.value : result.errno;
  }

  /** @returns null when all was written */
  write(address: number, bytes: Uint8Array | readonly number[]): string | null {
    return runNow(copyOut(this.kernel, address, Uint8Array.from(bytes)));
  }
}

function isBlocking(
  outcome: LinuxResult | Blocking<LinuxResult>,
): outcome is Blocking<LinuxResult> {
  return typeof outcome === "object";
}
