import { Command, CommanderError } from "commander";
import { HostBug } from "../../emulator/arch/check.js";
import { KernelPanic } from "../../vm/types.js";
import { VERSION } from "../version.js";
import { bareCommand } from "./bare.js";
import { mapsCommand } from "./maps.js";
import { runCommand } from "./run.js";
import { writeAll } from "./terminal.js";
import { traceCommand } from "./trace.js";
import { UsageError, USAGE_STATUS } from "./usage.js";

/** Exit status when the machine itself failed: a simulated panic, or a bug of ours. */
const INTERNAL_STATUS = 70;

const EXAMPLES = `
Examples:
  machvm run guests/bin/hello one two
  machvm run --stats guests/bin/sha256 README.md
  machvm run --root /srv/files --ram 64M prog.elf input.txt
  machvm trace guests/bin/cow
  machvm trace --json guests/bin/touch 16 | head -1
  machvm maps guests/bin/hello
  machvm bare guests/bare/bin/hello.elf`;

/** How a command line ended. */
export interface Outcome {
  /**
   * Exit status: the guest's own, 128 + signal, or 2 for a command line or file that cannot be used (with one line on
   * standard error).
   */
  readonly status: number;
  /** Whether a guest ran. */
  readonly ran: boolean;
}

/** The command line. Guest output goes to the standard streams as the guest writes it. */
export async function runCli(argv: readonly string[]): Promise<Outcome> {
  let status = 0;
  let ran = false;
  const program = new Command("machvm")
    .description("Run ARM64 programs on an emulated machine with the Mach VM inside it.")
    .version(VERSION, "-V, --version", "print the version")
    .helpOption("-h, --help", "print this help")
    .enablePositionalOptions()
    .addHelpText("after", EXAMPLES)
    .exitOverride()
    .configureOutput({
      writeOut: (text) => writeAll(1, text),
      writeErr: (text) => writeAll(2, text),
      // One line, the suggestion of what may have been meant included.
      outputError: (text, write) =>
        write(`machvm: ${text.replace(/^error: /, "").replace(/\n(?=\()/g, " ")}`),
    });
  const setStatus = (s: number): void => {
    status = s;
    ran = true;
  };
  const commands = [runCommand, traceCommand, mapsCommand, bareCommand];
  for (const command of commands.map((make) => make(setStatus))) {
    program.addCommand(command.copyInheritedSettings(program));
  }
  try {
    if (argv.length === 0) {
      writeAll(2, "machvm: no command given; see machvm --help\n");
      return { status: USAGE_STATUS, ran };
    }
    await program.parseAsync(argv, { from: "user" });
    return { status, ran };
  } catch (error) {
    return { status: explain(error), ran };
  }
}

function explain(error: unknown): number {
  if (error instanceof CommanderError) return error.exitCode === 0 ? 0 : USAGE_STATUS;
  if (error instanceof UsageError) {
    writeAll(2, `machvm: ${error.message}\n`);
    return USAGE_STATUS;
  }
  if (error instanceof KernelPanic) {
    writeAll(2, `machvm: panic: ${error.message}\n`);
    return INTERNAL_STATUS;
  }
  if (error instanceof HostBug) {
    writeAll(2, `machvm: internal error (please report): ${error.message}\n${error.stack ?? ""}\n`);
    return INTERNAL_STATUS;
  }
  throw error;
}
