/** One run of a Linux program on our machine, in a process of its own. machvm.js FILE [ARGS...] */
import { readFileSync } from "node:fs";
import { openNodeFs } from "../../../kernel-sim/cli/node-fs.js";
import { enableEngineFeatures } from "../../../kernel-sim/cli/engine-flags.js";
import { Kernel } from "../../../kernel-sim/kernel.js";
import { since, threadTime } from "../timing.js";
import { report } from "./report.js";

enableEngineFeatures();
const [file = "", ...args] = process.argv.slice(2);
const decoder = new TextDecoder();
let output = "";
const kernel = new Kernel({
  fs: openNodeFs("."),
  console: { write: (_fd, bytes) => void (output += decoder.decode(bytes)) },
});
const loaded = kernel.exec(readFileSync(file), file, [file, ...args]);
if (!loaded.ok) throw new Error(loaded.error.toString());
const start = threadTime();
const exit = kernel.run();
const time = since(start);
if (exit.exitCode !== 0) throw new Error(`exit code ${exit.exitCode}: ${output}`);
const { instructions, regions } = kernel.machine.translationCounters;
report({
  time,
  output: output.trim(),
  instructions: exit.instructions,
  translated: { instructions, regions },
  rss: process.memoryUsage.rss(),
});
