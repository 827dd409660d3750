import type { VmMap } from "../vm/map/map.js";
import { PAGE_SIZE } from "../vm/types.js";
import { DEFAULT_FILE_LIMIT, type FileTable } from "./fs/file-table.js";
import type { Personality, SignalInfo } from "./personality.js";
import type { Thread } from "./thread.js";

/** How a task ended. */
export type ExitStatus =
  | { readonly kind: "exited"; readonly status: number }
  | {
      readonly kind: "signaled";
      readonly signal: SignalInfo;
      readonly coreDumped: boolean;
      /** Gives the crash report, or why it was killed. */
      readonly report: () => string;
    };

/** What a task asked to be done with a signal (sigaction). Values as its own ABI encodes them. */
export interface SignalAction {
  /** 0 default, 1 ignore, else the handler's address. */
  readonly handler: bigint;
  /** Darwin: the trampoline the kernel enters; Linux: the restorer. */
  readonly trampoline: bigint;
  readonly mask: bigint;
  readonly flags: number;
}

/** Finds names for addresses of the program (static symbols plus the load slide). */
export interface SymbolLookup {
  /** The nearest symbol at or below `address` within the image, or null. `offset` in bytes. */
  nearest(address: number): { readonly name: string; readonly offset: number } | null;
  /** Name of the program's segment that covers `address`, or null. */
  segment(address: number): string | null;
}

/** Resource limits in bytes or counts; Infinity is RLIM_INFINITY. */
export interface ResourceLimits {
  stack: number;
  memlock: number;
  nofile: number;
  data: number;
}

/** XNU's limits: stack and its guard, what may be wired, descriptors (OPEN_MAX is the table's). */
export function defaultLimits(): ResourceLimits {
  return {
    stack: 8 * 2 ** 20 - PAGE_SIZE,
    memlock: Infinity,
    nofile: DEFAULT_FILE_LIMIT,
    data: Infinity,
  };
}

/** A process: one address space, its threads, files and family (struct task and struct proc). */
export class Task {
  readonly pid: number;
  /** Exec may change it. */
  personality: Personality;
  /** Path of the program it runs. */
  path: string;
  /** The task's address space; it owns one reference until it exits. */
  map: VmMap;
  readonly threads: Thread[] = [];
  files: FileTable;
  cwd = "/";
  umask = 0o022;
  /** Who waits for it; null for the first task and for orphans, which are reaped at once. */
  parent: Task | null;
  readonly children = new Set<Task>();
  /** Null while it lives. A dead task stays as a zombie until its parent waits for it. */
  exitStatus: ExitStatus | null = null;
  /** On its way out: no signal reaches it any more, and its parent is not told yet. */
  exiting = false;
  symbols: SymbolLookup | null = null;
  readonly limits: ResourceLimits;
  /** Signal actions by number, shared by all threads. */
  readonly signalActions = new Map<number, SignalAction>();
  /** Stopped by a stop signal: its threads do not see user mode until it is continued. */
  stopped = false;
  /** A stop or continue the parent has not been told of by wait; the signal that stopped it. */
  unreportedStop: number | null = null;
  unreportedContinue = false;
  /** What its threads sleep on while it is stopped, and what its parent's wait sleeps on. */
  readonly stopChannel = {};
  readonly childChannel = {};
  /** Top of the main stack (exclusive): where the loader put it. 0 until known. */
  userStack = 0;

  constructor(init: {
    pid: number;
    personality: Personality;
    path: string;
    map: VmMap;
    files: FileTable;
    parent: Task | null;
    limits: ResourceLimits;
  }) {
    this.pid = init.pid;
    this.personality = init.personality;
    this.path = init.path;
    this.map = init.map;
    this.files = init.files;
    this.parent = init.parent;
    this.limits = init.limits;
  }

  get alive(): boolean {
    return this.exitStatus === null;
  }
}
