import { Command, Option } from "commander";
import { describeEsr, describeMmuCounters, symbolizer } from "../../emulator/index.js";
import { parseBareImage } from "../bare/image.js";
import { RAM_BASE } from "../bare/memory-map.js";
import { NO_FILES } from "../bare/semihosting-files.js";
import { VirtBoard, type BareExit } from "../bare/virt.js";
import { LoadError } from "../loader/errors.js";
import { BareTerminal } from "./bare-terminal.js";
import { openHostFiles } from "./bare-files.js";
import { MMU_STATUS, mmuStatus, printReport } from "./mmu-option.js";
import { parseBootargs, parseRam } from "./options.js";
import { parseDirectory, readProgram, withCpuOptions, type CpuArguments } from "./session.js";
import { painterFor, writeAll } from "./terminal.js";
import { UsageError } from "./usage.js";

interface BareArguments extends CpuArguments {
  readonly memory: number;
  readonly append: string;
  readonly gic: "2" | "3";
  readonly psci: "hvc" | "smc";
  readonly root?: string;
  readonly stats: boolean;
}

/** Exit statuses of runs that the guest did not end itself, as those of `machvm run` where there are such. */
const LIMIT_STATUS = 124;
const DEAD_STATUS = 125;

/** `machvm bare FILE`: run a program at EL1 on a machine like QEMU's "virt" board. */
export function bareCommand(setStatus: (status: number) => void): Command {
  const command = new Command("bare")
    .description("run an EL1 image on a bare machine like QEMU's virt board")
    .argument("<file>", "AArch64 ELF file, or a flat image");
  return withCpuOptions(command)
    .option("--memory <size>", "RAM, 8M to 3G, at 0x40000000", parseRam, 128 * 2 ** 20)
    .option("--append <text>", "boot arguments", parseBootargs, "")
    .addOption(
      new Option("--gic <version>", "interrupt controller").choices(["2", "3"]).default("2"),
    )
    .addOption(
      new Option("--psci <conduit>", "instruction that calls PSCI")
        .choices(["hvc", "smc"])
        .default("hvc"),
    )
    .option("--root <dir>", "let semihosting read and write files in here", parseDirectory)
    .option("--stats", "after the run, say what was executed (on standard error)", false)
    .addHelpText("after", STATUS_HELP)
    .action((file: string, options: BareArguments) => {
      setStatus(runBare(file, options));
    });
}

const STATUS_HELP = `
Exit status: the guest's semihosting exit code; 0 after PSCI SYSTEM_OFF; ${LIMIT_STATUS} at the instruction
limit; ${MMU_STATUS} when the MMU sanitizer has reported anything; ${DEAD_STATUS} when the machine can never go on: asleep with nothing to wake it, or taking exceptions
that cannot reach their vector.`;

function runBare(file: string, options: BareArguments): number {
  const bytes = readProgram(file);
  const image = parseBareImage(bytes, RAM_BASE, RAM_BASE + options.memory);
  if (image instanceof LoadError) throw new UsageError(`${file}: ${image.toString()}`);
  const symbolize = symbolizer(image.symbols.map(({ name, address }) => [name, address]));
  const terminal = new BareTerminal();
  const board = new VirtBoard({
    ramBytes: options.memory,
    image,
    imageName: file,
    bootargs: options.append,
    gic: options.gic === "2" ? 2 : 3,
    conduit: options.psci,
    cpuModel: options.cpu,
    seed: options.seed,
    fpsr: options.fpsr,
    icache: options.icache,
    ...(options.codeCache === undefined ? {} : { codeCacheBytes: options.codeCache }),
    ...(options.tlb === undefined ? {} : { tlb: options.tlb }),
    mmu: options.mmu,
    onMmuReport: (report) => {
      printReport(report, symbolize);
    },
    console: terminal,
    files: options.root === undefined ? NO_FILES : openHostFiles(options.root),
  });
  const exit = board.run(options.maxInstructions ?? Number.MAX_SAFE_INTEGER);
  terminal.flush();
  const message = explain(exit, board);
  if (message !== null) writeAll(2, `machvm: ${message}\n`);
  if (options.stats) {
    const paint = painterFor(process.stderr.isTTY);
    for (const line of statistics(board)) writeAll(2, `${paint.dim(line)}\n`);
  }
  return mmuStatus(board.machine.mmuReports, statusOf(exit));
}

function statusOf(exit: BareExit): number {
  switch (exit.kind) {
    case "exited":
      return exit.code;
    case "off":
      return 0;
    case "limit":
      return LIMIT_STATUS;
    default:
      return DEAD_STATUS;
  }
}

const hex = (value: bigint): string => `0x${value.toString(16)}`;

/** One line for a run that the guest did not end, or null. */
function explain(exit: BareExit, { machine }: VirtBoard): string | null {
  const { cpu } = machine;
  switch (exit.kind) {
    case "limit":
      return `limit: ${machine.instructionsExecuted} instructions, pc ${hex(cpu.pc)}`;
    case "asleep":
      return `asleep: pc ${hex(cpu.pc)}, and nothing will ever wake the CPU`;
    case "stuck": {
      const vbar = hex(cpu.sysreg("VBAR_EL1"));
      const why = describeEsr(Number(cpu.sysreg("ESR_EL1")));
      return `stuck: no vector table can be executed at VBAR_EL1 ${vbar} (${why}, pc ${hex(cpu.pc)})`;
    }
    default:
      return null;
  }
}

function statistics({ machine }: VirtBoard): string[] {
  const { regions, instructions } = machine.translationCounters;
  const milliseconds = (machine.cpu.time / 1e6).toFixed(3);
  return [
    `${machine.instructionsExecuted} instructions in ${milliseconds} ms of virtual time; ` +
      `${regions} regions of ${instructions} instructions translated`,
    ...describeMmuCounters(machine.mmu.counters),
  ];
}
