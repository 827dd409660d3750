import { Command } from "commander";
import { mapsJson, mapsLines } from "../trace/maps.js";
import { reportExit, startGuest, withMachineOptions, type MachineArguments } from "./session.js";
import { painterFor, writeAll } from "./terminal.js";

interface MapsArguments extends MachineArguments {
  readonly json: boolean;
  readonly all: boolean;
}

/** `machvm maps FILE [args…]`: run a program and print its vm_map as it was when it ended. */
export function mapsCommand(setStatus: (status: number) => void): Command {
  const command = new Command("maps")
    .description("run a program and print its vm_map at exit")
    .argument("<file>", "static arm64 executable")
    .argument("[args...]", "its arguments")
    .passThroughOptions();
  return withMachineOptions(command)
    .option("--json", "one JSON object for each map entry", false)
    .option("--all", "every process that ends, not only the first one", false)
    .addHelpText("after", "\nThe guest's own output goes to standard error.")
    .action(async (file: string, args: string[], options: MapsArguments) => {
      const kernel = await startGuest(file, args, options, 2);
      const paint = painterFor(process.stdout.isTTY);
      kernel.onTaskExit = (task) => {
        if (!options.all && task.pid !== 1) return;
        if (options.json) {
          for (const region of mapsJson(task)) writeAll(1, `${JSON.stringify(region)}\n`);
          return;
        }
        const [title, ...lines] = mapsLines(task);
        writeAll(1, `${paint.bold(title ?? "")}\n${lines.join("\n")}\n`);
      };
      setStatus(await reportExit(kernel, kernel.run()));
    });
}
