import { Command } from "commander";
import { accountLines } from "../trace/account.js";
import { SyscallTrace } from "../trace/syscall.js";
import { reportExit, startGuest, withMachineOptions, type MachineArguments } from "./session.js";
import { painterFor, writeAll } from "./terminal.js";

interface RunArguments extends MachineArguments {
  readonly stats: boolean;
  readonly strace: boolean;
}

/** `machvm run FILE [args…]`: run a program; its output is ours, its exit status too. */
export function runCommand(setStatus: (status: number) => void): Command {
  const command = new Command("run")
    .description("run a Mach-O or ELF program")
    .argument("<file>", "static arm64 executable")
    .argument("[args...]", "its arguments")
    .passThroughOptions();
  return withMachineOptions(command)
    .option("--stats", "after the run, say what the faults were (on standard error)", false)
    .option("--strace", "print every system call (on standard error)", false)
    .action(async (file: string, args: string[], options: RunArguments) => {
      const kernel = await startGuest(file, args, options);
      if (options.strace) {
        const trace = new SyscallTrace();
        kernel.onSyscall = (record) => {
          const line = trace.line(record);
          if (line !== null) writeAll(2, `${line}\n`);
        };
      }
      const report = kernel.run();
      setStatus(await reportExit(kernel, report));
      if (options.stats) {
        const paint = painterFor(process.stderr.isTTY);
        for (const line of accountLines(kernel)) writeAll(2, `${paint.dim(line)}\n`);
      }
    });
}
