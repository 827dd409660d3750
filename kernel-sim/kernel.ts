import { check } from "../emulator/arch/check.js";
import {
  Machine,
  type CpuModelName,
  type CpuState,
  type MachineOptions,
  type TlbOptions,
  type SanitizerOptions,
} from "../emulator/index.js";
import { runNow } from "../vm/blocking.js";
import type { FaultEvent } from "../vm/fault/event.js";
import type { VmObject } from "../vm/object/object.js";
import type { Pmap } from "../vm/pmap/index.js";
import type { SwapStore } from "../vm/compressor/swap.js";
import { VmSystem } from "../vm/system.js";
import { KernelPanic, PAGE_SIZE, type Ppn } from "../vm/types.js";
import { bootMachine } from "./boot.js";
import { Clock } from "./clock.js";
import { bootCommpage } from "./commpage.js";
import type { ExitRecord, KernelFaultRecord, SyscallRecord } from "./events.js";
import { hostRoutine } from "./host-routine.js";
import { installProgram, loadProgram, startContext } from "./exec.js";
import { reapZombie } from "./exit.js";
import { FileTable } from "./fs/file-table.js";
import { MemoryFs } from "./fs/memory-fs.js";
import { InFlight } from "./in-flight.js";
import type { Console, FileSystem } from "./fs/types.js";
import { VnodeTable } from "./fs/vnode.js";
import { assertKernelConsistent, assertNothingLeft, freeFrames } from "./kernel-consistent.js";
import type { LoadError } from "./loader/errors.js";
import { releaseHandlers } from "./map-handler.js";
import { mapThread } from "./map-thread.js";
import { killForMemory, memoryShortage } from "./memory-kill.js";
import { MachineMemory, MachineTlb } from "./platform.js";
import { runThread, type TurnEnd } from "./run-loop.js";
import {
  deadlockReport,
  exitReport,
  limitReport,
  panicReport,
  type ExitReport,
} from "./run-report.js";
import { startDaemons } from "./daemons.js";
import { Scheduler } from "./scheduler.js";
import { postSignal } from "./signal.js";
import type { Personality } from "./personality.js";
import { DARWIN } from "./syscall/darwin/index.js";
import { LINUX } from "./syscall/linux/index.js";
import { defaultLimits, Task } from "./task.js";
import { Thread } from "./thread.js";
import { Timers } from "./timer.js";

/** Process numbers are handed out in turn up to this one. XNU: PID_MAX. */
const MAX_PID = 99999;

export type { ExitReport } from "./run-report.js";

export interface KernelOptions {
  /** Guest RAM, a multiple of 64 KiB. 256 MiB. */
  readonly ramBytes?: number;
  /** Of everything random: address space layout, getentropy, TLB replacement. 1. */
  readonly seed?: number;
  /** When FPSR's flags become exact; see MachineOptions. */
  readonly fpsr?: "lazy" | "exact";
  /** Which CPU; see MachineOptions. */
  readonly cpuModel?: CpuModelName;
  /** Whether overwritten code is executed as it is now; see MachineOptions. */
  readonly icache?: "coherent" | "architectural";
  /** Upper bound of translated code, bytes; see MachineOptions. */
  readonly codeCacheBytes?: number;
  /** Shape and ways of the TLB; see MachineOptions. */
  readonly tlb?: TlbOptions;
  /** How the MMU behaves; see MachineOptions. */
  readonly mmu?: MachineOptions["mmu"];
  /** Told of every new report of the MMU sanitizer. */
  readonly onMmuReport?: SanitizerOptions["onReport"];
  /** What executes instructions; see MachineOptions. */
  readonly engine?: MachineOptions["engine"] | undefined;
  /** Default: an empty in-memory file system. */
  readonly fs?: FileSystem;
  /** Default: output is dropped, input is at its end. */
  readonly console?: Console;
  /** Environment of the first task. */
  readonly env?: readonly string[];
  /** Compress anonymous memory when memory is short. Default: yes. */
  readonly compressor?: boolean;
  /** Where compressed memory goes when there is too much of it; null: nowhere. Default: the host's memory. */
  readonly swap?: SwapStore | null;
  /** Page size of Linux programs, bytes. Default: 16 KiB, or 4 KiB where a file is laid out for that. */
  readonly linuxPageSize?: 4096 | 16384;
  /** `run` gives up after so many guest instructions. Default: no limit. */
  readonly maxInstructions?: number;
}

export interface KernelStats {
  readonly instructions: number;
  /** Exceptions taken, by ESR_EL1.EC. */
  readonly exceptions: Map<number, number>;
  /** Aborts that arm_fast_fault resolved. */
  fastFaults: number;
  /** vm_fault calls from aborts, by fault type (vm/fault/event.ts DBG_*). */
  readonly vmFaults: Map<number, number>;
  /** Aborts that became an exception or EFAULT. */
  failedFaults: number;
  syscalls: number;
  contextSwitches: number;
}

export type ExecResult =
  { readonly ok: true; readonly task: Task } | { readonly ok: false; readonly error: LoadError };

/**
 * A machine with the kernel on it. One `Kernel` runs one first program and what that forks; several
 * live side by side in a process.
 */
export class Kernel {
  readonly machine: Machine;
  readonly cpu: CpuState;
  readonly vm: VmSystem;
  readonly fs: FileSystem;
  readonly console: Console;
  /** Files as memory: one VM object for each. */
  readonly vnodes: VnodeTable;
  readonly personalities: Readonly<Record<Personality["name"], Personality>> = {
    darwin: DARWIN,
    linux: LINUX,
  };
  readonly clock: Clock;
  /** log2 of the page size of every Linux program; null: as its file needs. */
  readonly linuxPageShift: 12 | 14 | null;
  readonly timers = new Timers();
  readonly scheduler = new Scheduler();
  /** Every task by pid, zombies included. */
  readonly tasks = new Map<number, Task>();
  /** Messages between tasks that nobody has received yet. */
  readonly inFlight: InFlight;
  /** Memory served by the embedder (mapHandler): what is left of it goes with `shutdown`. */
  readonly handlerObjects = new Set<VmObject>();
  /** The threads of the VM: paging, compressing, swapping. They belong to pid 0, which is not listed. */
  readonly kernelThreads: readonly Thread[];
  readonly stats: KernelStats;
  /** Pid 1: when it exits, the run is over. */
  firstTask: Task | null = null;
  /** The thread on the CPU while it has its turn: kernel work always runs on behalf of it. */
  current: Thread | null = null;
  /** Whose registers are on the CPU: the last thread that ran, if it still lives. */
  cpuOwner: Thread | null = null;
  /** What TTBR0_EL1 holds; null is the invalid table. */
  activePmap: Pmap | null = null;
  /** A frame of zeroes, kept from the VM: the translation table that maps nothing. */
  readonly invalidTable: Ppn;
  /** The last vm_fault that finished, for the abort that asked for it. */
  faultEvent: FaultEvent | null = null;
  faultCount = 0;
  #onFault: ((record: KernelFaultRecord) => void) | null = null;
  onSyscall: ((record: SyscallRecord) => void) | null = null;
  onExit: ((record: ExitRecord) => void) | null = null;
  /** Called just before a dying task's address space is taken down. */
  onTaskExit: ((task: Task) => void) | null = null;
  readonly #env: readonly string[];
  readonly #maxInstructions: number;
  /** Free frames after boot: what there must be again when nothing is left. */
  readonly #freeAtBoot: number;
  #lastPid = 0;
  #lastThreadId = 0;
  #panicked = false;

  constructor(options: KernelOptions = {}) {
    this.machine = new Machine({
      exceptions: "host",
      ...(options.ramBytes === undefined ? {} : { ramBytes: options.ramBytes }),
      ...(options.fpsr === undefined ? {} : { fpsr: options.fpsr }),
      ...(options.cpuModel === undefined ? {} : { cpuModel: options.cpuModel }),
      ...(options.icache === undefined ? {} : { icache: options.icache }),
      ...(options.codeCacheBytes === undefined ? {} : { codeCacheBytes: options.codeCacheBytes }),
      ...(options.tlb === undefined ? {} : { tlb: options.tlb }),
      ...(options.engine === undefined ? {} : { engine: options.engine }),
      mmu: options.mmu ?? "plain",
      mmuReporting: {
        hostRoutine,
        ...(options.onMmuReport === undefined ? {} : { onReport: options.onMmuReport }),
      },
    });
    this.cpu = this.machine.cpu;
    this.fs = options.fs ?? new MemoryFs({});
    this.console = options.console ?? { write: () => undefined };
    this.clock = new Clock(this.machine);
    this.#env = options.env ?? [];
    const { linuxPageSize } = options;
    this.linuxPageShift = linuxPageSize === undefined ? null : linuxPageSize === 4096 ? 12 : 14;
    this.#maxInstructions = options.maxInstructions ?? Infinity;
    const { machine } = this;
    this.stats = {
      get instructions() {
        return machine.instructionsExecuted;
      },
      exceptions: new Map(),
      fastFaults: 0,
      vmFaults: new Map(),
      failedFaults: 0,
      syscalls: 0,
      contextSwitches: 0,
    };
    const phys = new MachineMemory(machine);
    this.invalidTable = phys.firstPpn;
    this.vm = new VmSystem({
      phys,
      tlb: new MachineTlb(machine.mmu),
      seed: options.seed ?? 1,
      reservedFrames: [this.invalidTable],
      ...(options.swap === undefined ? {} : { swap: options.swap }),
      ...(options.compressor === undefined ? {} : { compressor: options.compressor }),
      now: () => Number(this.clock.nanoseconds),
      currentThread: () => (this.current === null ? null : mapThread(this, this.current)),
      currentTask: () => this.current?.task.map.owningTask ?? null,
      memoryShortage: () => {
        memoryShortage(this);
      },
      wakeup: (channel, result) => {
        this.scheduler.wakeup(channel, result);
      },
    });
    this.inFlight = new InFlight(this.vm);
    this.vnodes = new VnodeTable(this.vm);
    bootMachine(machine, this.vm, this.invalidTable * PAGE_SIZE);
    bootCommpage(this);
    this.kernelThreads = startDaemons(this);
    this.#freeAtBoot = freeFrames(this.vm);
  }

  /** Who is told of every fault; null costs nothing. */
  get onFault(): ((record: KernelFaultRecord) => void) | null {
    return this.#onFault;
  }

  set onFault(tell: ((record: KernelFaultRecord) => void) | null) {
    this.#onFault = tell;
    this.vm.faultSink =
      tell === null
        ? null
        : (event) => {
            this.faultEvent = event;
          };
  }

  /**
   * Load a program as the first task.
   * @returns the task, or why the file is refused (nothing has happened then)
   */
  exec(
    bytes: Uint8Array,
    path: string,
    argv: readonly string[],
    env: readonly string[] = this.#env,
  ): ExecResult {
    check(this.firstTask === null, "this kernel has its first task already");
    const limits = defaultLimits();
    const file = this.vnodes.image(path, bytes);
    const stackBytes = limits.stack;
    const loaded = runNow(loadProgram(this, { file, path, argv, env, stackBytes }));
    file.release();
    if (!loaded.ok) return loaded;
    const { program } = loaded;
    const task = new Task({
      pid: this.takePid(),
      personality: this.personalities[program.personality],
      path,
      map: program.map,
      files: FileTable.withConsole(this.console),
      parent: null,
      limits,
    });
    installProgram(task, program);
    const thread = new Thread(this.takeThreadId(), task);
    thread.saved = startContext(this, program);
    task.threads.push(thread);
    this.tasks.set(task.pid, task);
    this.firstTask = task;
    this.scheduler.enqueue(thread);
    return { ok: true, task };
  }

  /**
   * Run until the first task has exited, the instruction limit is reached, or nobody can go on. A
   * panic, and a bug of ours, ends the run with a report; the kernel is of no use afterwards.
   */
  run(): ExitReport {
    const first = this.firstTask;
    check(first !== null, "nothing to run");
    try {
      for (;;) {
        if (this.#panicked) return panicReport(this, "the kernel has panicked before", null);
        if (!first.alive) {
          this.vnodes.syncAll();
          return exitReport(this, first);
        }
        const end = this.#turn(this.#maxInstructions);
        if (end === "limit") return limitReport(this, this.#maxInstructions);
        if (end === "idle") return deadlockReport(this);
      }
    } catch (error) {
      this.#panicked = true;
      this.current = null;
      if (!(error instanceof Error)) throw error;
      const kind = error instanceof KernelPanic ? "" : `${error.name}: `;
      return panicReport(this, `${kind}${error.message}`, error);
    }
  }

  /** Let the next thread have its turn. @returns "idle" when nobody ever will */
  #turn(limit: number): TurnEnd | "idle" {
    this.timers.expire(this.clock.nanoseconds);
    let thread = this.scheduler.take();
    while (thread === null) {
      const { next } = this.timers;
      if (next !== null) {
        this.clock.skipTo(next);
        this.timers.expire(next);
      } else if (!killForMemory(this)) return "idle";
      thread = this.scheduler.take();
    }
    return runThread(this, thread, limit);
  }

  /** Seeded random 32-bit number, unsigned. */
  random32(): number {
    return this.vm.random32();
  }

  /** The next process number nobody has. */
  takePid(): number {
    do this.#lastPid = (this.#lastPid % MAX_PID) + 1;
    while (this.tasks.has(this.#lastPid));
    return this.#lastPid;
  }

  takeThreadId(): number {
    this.#lastThreadId++;
    return this.#lastThreadId;
  }

  /** Kill what is left, reap it and forget cached files, so that every frame is back. */
  shutdown(): void {
    if (this.#panicked) return;
    for (const task of this.tasks.values()) {
      postSignal(this, task, task.personality.signals.kill);
    }
    // A thread with SIGKILL pending sees no user mode again, so the limit is where the machine is.
    while ([...this.tasks.values()].some((task) => task.alive)) {
      const end = this.#turn(this.machine.instructionsExecuted);
      check(end !== "idle" && end !== "limit", "a killed task does not die", end);
    }
    for (const task of [...this.tasks.values()]) reapZombie(this, task);
    this.#settle();
    this.vnodes.reclaim();
    releaseHandlers(this);
    this.#settle();
  }

  /** Let the VM's own threads do what they were woken for: pages go back, dead objects are reaped. */
  #settle(): void {
    while (this.scheduler.urgent) this.#turn(this.machine.instructionsExecuted);
  }

  /** Check every structure of the kernel and its VM. @throws HostBug at the first thing wrong */
  assertConsistent(): void {
    assertKernelConsistent(this);
  }

  /** After `shutdown`: no task, no address space and no object is left, and every frame is free. */
  assertNoLeaks(): void {
    assertNothingLeft(this, this.#freeAtBoot);
  }
}
