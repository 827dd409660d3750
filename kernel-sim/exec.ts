import type { CpuState } from "../emulator/index.js";
import type { Blocking } from "../vm/blocking.js";
import { vmMapDeallocate } from "../vm/map/lifecycle.js";
import type { VmMap } from "../vm/map/map.js";
import { PAGE_SHIFT } from "../vm/types.js";
import { replaceTaskMap } from "./context-switch.js";
import { buildDarwinSpace } from "./exec/darwin.js";
import { buildLinuxSpace, linuxPageShift } from "./exec/linux.js";
import type { OpenFile } from "./fs/types.js";
import type { Kernel } from "./kernel.js";
import { LoadError } from "./loader/errors.js";
import type { LoadedImage } from "./loader/image.js";
import { argumentsTooLong } from "./loader/initial-stack.js";
import { loadImage } from "./loader/load.js";
import { SIG_IGN } from "./signal.js";
import { setLinuxState, type LinuxState } from "./syscall/linux/state.js";
import type { SymbolLookup, Task } from "./task.js";
import type { SavedContext, Thread } from "./thread.js";

/** PSTATE of a new program: EL0, flags clear, nothing masked. */
const SPSR_EL0T = 0n;

/** What exec is asked to run. */
export interface ExecRequest {
  /** The program, open for reading: of the guest's file system, or `vnodes.image(path, bytes)`. */
  readonly file: OpenFile;
  /** The path the program is told (executable_path=, AT_EXECFN). */
  readonly path: string;
  readonly argv: readonly string[];
  readonly env: readonly string[];
  /** RLIMIT_STACK in bytes. */
  readonly stackBytes: number;
  /** The system whose execve this is: programs of another one are refused. Absent: either. */
  readonly personality?: "darwin" | "linux";
}

/** Where a program starts, once it is mapped. Addresses are bytes. */
export interface ProgramStart {
  /** What every address of the file was moved up by. */
  readonly slide: number;
  readonly pc: number;
  readonly sp: number;
  /** X0..X30. */
  readonly x: readonly bigint[];
  /** Exclusive end of the main stack. */
  readonly stackTop: number;
  /** What Linux keeps about a new program; null for Darwin. */
  readonly linux: LinuxState | null;
}

/** A program in an address space of its own, ready for one thread to run it. */
export interface Program extends ProgramStart {
  readonly personality: "darwin" | "linux";
  readonly path: string;
  /** One reference, the caller's. */
  readonly map: VmMap;
  readonly symbols: SymbolLookup;
}

export type ProgramResult =
  | { readonly ok: true; readonly program: Program }
  | { readonly ok: false; readonly error: LoadError };

/** The parts of the kernel that building an address space needs. */
export type ExecHost = Pick<Kernel, "vm" | "vnodes" | "random32" | "linuxPageShift">;

/**
 * Read a program file and build its address space: segments, whose pages come in by faults, and a
 * stack with the arguments. Only the new map is changed, so a refusal leaves the caller as it
 * was. The caller keeps its reference to the file. XNU: exec_mach_imgact, load_machfile;
 * Linux: load_elf_binary.
 */
export function* loadProgram(host: ExecHost, request: ExecRequest): Blocking<ProgramResult> {
  const refuse = (error: LoadError): ProgramResult => ({ ok: false, error });
  if (argumentsTooLong(request.argv, request.env)) {
    return refuse(new LoadError("E2BIG", "arguments and environment exceed 1 MiB"));
  }
  const image = readImage(request.file);
  if (image instanceof LoadError) return refuse(image);
  if ((request.personality ?? image.personality) !== image.personality) {
    return refuse(new LoadError("ENOEXEC", "a program of the other operating system"));
  }
  const linux = image.personality === "linux";
  const pageShift = linux ? linuxPageShift(image, host.linuxPageShift) : PAGE_SHIFT;
  const map = host.vm.createTaskMap("task", pageShift);
  if (map === null) return refuse(new LoadError("ENOMEM", "no memory for an address space"));

  const build = linux ? buildLinuxSpace : buildDarwinSpace;
  const start = yield* build(host, map, image, request);
  if (start instanceof LoadError) {
    yield* vmMapDeallocate(map);
    return refuse(start);
  }
  const { personality } = image;
  const symbols = slidSymbols(image, start.slide);
  return { ok: true, program: { ...start, personality, path: request.path, map, symbols } };
}

/** Parse the whole file. @returns why it is refused: also EACCES, EIO when it cannot be read */
function readImage(file: OpenFile): LoadedImage | LoadError {
  if (file.kind !== "file") return new LoadError("EACCES", "not a regular file");
  const bytes = new Uint8Array(file.stat().sizeBytes);
  const count = file.readAt(0, bytes);
  if (typeof count !== "number") return new LoadError(count, "the file cannot be read");
  return loadImage(bytes.subarray(0, count));
}

function slidSymbols(image: LoadedImage, slide: number): SymbolLookup {
  const first = image.segments[0]?.vmAddress ?? 0;
  const end = Math.max(...image.segments.map((s) => s.vmAddress + s.vmSize));
  return {
    nearest(address) {
      const unslid = address - slide;
      return unslid >= first && unslid < end ? image.symbols.lookup(unslid) : null;
    },
    segment(address) {
      const at = address - slide;
      const found = image.segments.find((s) => at >= s.vmAddress && at < s.vmAddress + s.vmSize);
      return found?.name ?? null;
    },
  };
}

/**
 * Make `program` what `task` runs: symbols, stack, what its personality keeps. Its map becomes the
 * task's (a new task is made with it; `execTask` replaces the old one).
 */
export function installProgram(task: Task, program: Program): void {
  const name = program.path.slice(program.path.lastIndexOf("/") + 1);
  task.path = program.path;
  task.map = program.map;
  task.map.owner = `task ${task.pid} (${name})`;
  task.map.userWireLimit = task.limits.memlock;
  task.symbols = program.symbols;
  task.userStack = program.stackTop;
  if (program.linux !== null) setLinuxState(task, program.linux);
}

/**
 * Registers of a thread about to run the program's first instruction: what the file asks for, all
 * else zero, EL0 with the condition flags clear. The CPU is left as it was.
 */
export function startContext(kernel: Pick<Kernel, "cpu">, program: ProgramStart): SavedContext {
  const { cpu } = kernel;
  const before = cpu.save();
  setRegisters(cpu, program);
  const saved = { cpu: cpu.save(), elr: BigInt(program.pc), spsr: SPSR_EL0T };
  cpu.restore(before);
  return saved;
}

function setRegisters(cpu: CpuState, program: ProgramStart): void {
  for (let n = 0; n < 31; n++) cpu.setX(n, program.x[n] ?? 0n);
  for (let n = 0; n < 32; n++) cpu.v(n).fill(0);
  cpu.spEl0 = BigInt(program.sp);
  cpu.fpcr = 0;
  cpu.fpsr = 0;
  cpu.setSysreg("TPIDR_EL0", 0n);
  cpu.setSysreg("TPIDRRO_EL0", 0n);
}

/**
 * The current thread's task becomes `program`: the old address space goes, files marked so are
 * closed, signal handlers are reset and ignored signals stay ignored. The thread starts the program
 * when it returns to user mode. XNU: exec_activate_image, execsigs; Linux: begin_new_exec.
 */
export function* execTask(kernel: Kernel, thread: Thread, program: Program): Blocking<void> {
  const { task } = thread;
  yield* replaceTaskMap(kernel, task, program.map);
  installProgram(task, program);
  setRegisters(kernel.cpu, program);
  kernel.cpu.setSysreg("ELR_EL1", BigInt(program.pc));
  kernel.cpu.setSysreg("SPSR_EL1", SPSR_EL0T);
  task.files.closeForExec();
  for (const [signal, action] of [...task.signalActions]) {
    if (action.handler !== SIG_IGN) task.signalActions.delete(signal);
  }
}
