import { readFileSync, statSync } from "node:fs";
import { InvalidArgumentError, Option, type Command } from "commander";
import {
  CPU_MODEL_NAMES,
  type CpuModelName,
  type MmuMode,
  type TlbOptions,
} from "../../emulator/index.js";
import { KernelPanic } from "../../vm/types.js";
import { Kernel, type ExitReport } from "../kernel.js";
import { prepareDisassembler } from "../disassembler.js";
import { mmuOption, mmuStatus, printReport } from "./mmu-option.js";
import { openNodeFs } from "./node-fs.js";
import { parseCodeCache, parseCount, parseRam, parseSeed, parseTlbOption } from "./options.js";
import { chooseEngine, ENGINE_NAMES, type EngineArguments } from "./engines.js";
import { SwapFile } from "./swap-file.js";
import { hostConsole, writeAll } from "./terminal.js";
import { UsageError } from "./usage.js";

const PAGE_SIZES = { "4k": 4096, "16k": 16384 } as const;

/** Options of the CPU, for every command that runs one. */
export interface CpuArguments {
  readonly seed: number;
  readonly cpu: CpuModelName;
  readonly maxInstructions?: number;
  readonly fpsr: "lazy" | "exact";
  readonly icache: "coherent" | "architectural";
  /** Bytes. */
  readonly codeCache?: number;
  readonly tlb?: TlbOptions;
  readonly mmu: MmuMode;
}

/** Options every command that runs a guest has. */
export interface MachineArguments extends CpuArguments, EngineArguments {
  readonly ram: number;
  readonly root: string;
  readonly rootWritable?: boolean;
  /** Of Linux programs. */
  readonly pageSize?: keyof typeof PAGE_SIZES;
  readonly env: readonly string[];
  /** File for compressed memory that does not fit; without it the host's memory. */
  readonly swap?: string;
}

/** Declare the options of `CpuArguments` on a command. */
export function withCpuOptions(command: Command): Command {
  return command
    .option("--seed <n>", "seed of everything random in the machine", parseSeed, 1)
    .option("--max-instructions <n>", "give up after so many instructions", parseCount)
    .addOption(
      new Option("--fpsr <when>", "when floating-point status flags become exact")
        .choices(["lazy", "exact"])
        .default("lazy"),
    )
    .addOption(
      new Option("--cpu <model>", "which CPU: max is Armv8.6-A, cortex-a57 Armv8.0-A")
        .choices([...CPU_MODEL_NAMES])
        .default("max"),
    )
    .addOption(
      new Option("--icache <how>", "coherent: overwritten code counts without maintenance")
        .choices(["architectural", "coherent"])
        .default("architectural"),
    )
    .addOption(mmuOption())
    .option("--code-cache <mib>", "at most so much translated code", parseCodeCache)
    .option(
      "--tlb <spec>",
      "shape of the TLB, such as l1d=1x32:lru,l2=128x8,walk=16x4,exact",
      parseTlbOption,
    );
}

/** Declare the options of `MachineArguments` on a command. */
export function withMachineOptions(command: Command): Command {
  return withCpuOptions(command)
    .option("--ram <size>", "guest memory, 8M to 3G", parseRam, 256 * 2 ** 20)
    .option("--swap <file>", "swap to this file, which is overwritten, instead of to host memory")
    .option("--root <dir>", "directory the guest sees as /, read-only", parseDirectory, ".")
    .option("--root-writable", "let the guest make and change files in it", false)
    .addOption(
      new Option(
        "--page-size <size>",
        "of Linux programs; default: as the file is laid out",
      ).choices([...Object.keys(PAGE_SIZES)]),
    )
    .addOption(
      new Option("--engine <name>", "what executes instructions: machvm's translator, or Unicorn")
        .choices([...ENGINE_NAMES])
        .default("machvm"),
    )
    .option("--unicorn <path>", "which Unicorn: a libunicorn.so.2, or unicorn.js by file or name")
    .option(
      "--env <name=value>",
      "add to the guest's environment (repeatable)",
      (value: string, all: string[]) => [...all, value],
      [],
    );
}

export function parseDirectory(path: string): string {
  let isDirectory: boolean;
  try {
    isDirectory = statSync(path).isDirectory();
  } catch {
    throw new InvalidArgumentError("no such directory.");
  }
  if (!isDirectory) throw new InvalidArgumentError("not a directory.");
  return path;
}

/** Read a program file. @throws UsageError with the reason */
export function readProgram(path: string): Uint8Array {
  try {
    if (statSync(path).isDirectory()) throw new UsageError(`${path}: is a directory`);
    return readFileSync(path);
  } catch (error) {
    if (error instanceof UsageError) throw error;
    const code = (error as NodeJS.ErrnoException).code;
    const reason =
      code === "ENOENT"
        ? "no such file"
        : code === "EACCES"
          ? "permission denied"
          : code === "EISDIR"
            ? "is a directory"
            : "cannot be read";
    throw new UsageError(`${path}: ${reason}`);
  }
}

function openSwapFile(path: string, ramBytes: number): SwapFile {
  try {
    return new SwapFile(path, ramBytes);
  } catch {
    throw new UsageError(`${path}: cannot be written`);
  }
}

/**
 * A machine with a program loaded as pid 1, ready to run.
 * @param guestStdout where the guest's standard output goes
 * @throws UsageError when the file is not one we can run
 */
export async function startGuest(
  file: string,
  args: readonly string[],
  options: MachineArguments,
  guestStdout: 1 | 2 = 1,
): Promise<Kernel> {
  const bytes = readProgram(file);
  const engine = await chooseEngine(options);
  if (engine !== undefined && options.mmu !== "plain") {
    throw new UsageError(`--mmu cannot be had with --engine ${options.engine}`);
  }
  const kernel = new Kernel({
    ramBytes: options.ram,
    seed: options.seed,
    fs: openNodeFs(options.root, options.rootWritable),
    console: hostConsole(guestStdout),
    env: options.env,
    fpsr: options.fpsr,
    cpuModel: options.cpu,
    icache: options.icache,
    mmu: options.mmu,
    onMmuReport: printReport,
    ...(options.codeCache === undefined ? {} : { codeCacheBytes: options.codeCache }),
    ...(options.tlb === undefined ? {} : { tlb: options.tlb }),
    ...(options.pageSize === undefined ? {} : { linuxPageSize: PAGE_SIZES[options.pageSize] }),
    ...(engine === undefined ? {} : { engine }),
    ...(options.swap === undefined ? {} : { swap: openSwapFile(options.swap, options.ram) }),
    ...(options.maxInstructions === undefined ? {} : { maxInstructions: options.maxInstructions }),
  });
  const loaded = kernel.exec(bytes, file, [file, ...args]);
  if (!loaded.ok) throw new UsageError(`${file}: ${loaded.error.toString()}`);
  return kernel;
}

/** Tell how a run ended, if it did not simply exit. @returns the exit status for the shell */
export async function reportExit(kernel: Kernel, report: ExitReport): Promise<number> {
  switch (report.kind) {
    case "exited":
      break;
    case "signaled":
      await prepareDisassembler();
      writeAll(2, `${report.report}\n`);
      break;
    case "panic":
      writeAll(2, `machvm: panic: ${report.message}\n`);
      // A simulated panic is what the guest asked for; anything else is a bug of ours.
      if (report.error !== null && !(report.error instanceof KernelPanic)) {
        writeAll(2, `machvm: internal error (please report)\n${report.error.stack ?? ""}\n`);
      }
      break;
    default:
      writeAll(2, `machvm: ${report.kind}: ${report.message}\n`);
  }
  return mmuStatus(kernel.machine.mmuReports, report.exitCode);
}
