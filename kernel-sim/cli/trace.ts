import { closeSync, openSync } from "node:fs";
import { Command } from "commander";
import type { KernelFaultRecord } from "../events.js";
import { faultHeader, faultJson, faultLine, faultOutcome } from "../trace/fault.js";
import { reportExit, startGuest, withMachineOptions, type MachineArguments } from "./session.js";
import { painterFor, writeAll, type Painter } from "./terminal.js";
import { UsageError } from "./usage.js";

interface TraceArguments extends MachineArguments {
  readonly json: boolean;
  readonly output?: string;
}

/** `machvm trace FILE [args…]`: a line for every fault, in the order they are taken. */
export function traceCommand(setStatus: (status: number) => void): Command {
  const command = new Command("trace")
    .description("run a program and print a line for every fault")
    .argument("<file>", "static arm64 executable")
    .argument("[args...]", "its arguments")
    .passThroughOptions();
  return withMachineOptions(command)
    .option("--json", "one JSON object a line", false)
    .option("-o, --output <file>", "write the trace there instead of to standard output")
    .addHelpText(
      "after",
      "\nThe guest's own output goes to standard error, unless the trace goes to a file.",
    )
    .action(async (file: string, args: string[], options: TraceArguments) => {
      const toFile = options.output !== undefined;
      const kernel = await startGuest(file, args, options, toFile ? 1 : 2);
      const fd = toFile ? openOutput(options.output!) : 1;
      const paint = painterFor(!toFile && process.stdout.isTTY);
      if (!options.json) writeAll(fd, `${paint.bold(faultHeader())}\n`);
      kernel.onFault = (record) => {
        const line = options.json ? JSON.stringify(faultJson(record)) : painted(record, paint);
        writeAll(fd, `${line}\n`);
      };
      const report = kernel.run();
      if (toFile) closeSync(fd);
      setStatus(await reportExit(kernel, report));
    });
}

function openOutput(path: string): number {
  try {
    return openSync(path, "w");
  } catch {
    throw new UsageError(`${path}: cannot be written`);
  }
}

/** The line in the colour of what happened: copies stand out, failures are red. */
function painted(record: KernelFaultRecord, paint: Painter): string {
  const line = faultLine(record);
  if (record.resolution === "failed") return paint.red(line);
  switch (faultOutcome(record)) {
    case "cow":
      return paint.yellow(line);
    case "page-in":
      return paint.cyan(line);
    case "fast-fault":
      return paint.dim(line);
    default:
      return line;
  }
}
