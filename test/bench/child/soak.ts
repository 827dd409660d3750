/**
 * Runs a guest that writes code until its input ends, and ends the input after some minutes; notes resident
 * memory on the way. soak.js FILE MINUTES
 */
import { readFileSync } from "node:fs";
import { Kernel } from "../../../kernel-sim/kernel.js";

export interface SoakSample {
  /** Seconds since the guest started. */
  readonly seconds: number;
  /** Bytes. */
  readonly rss: number;
  readonly instructions: number;
  /** Guest instructions translated. */
  readonly translated: number;
}

const [file = "", minutes = "1"] = process.argv.slice(2);
const SECONDS = Number(minutes) * 60;
const samples: SoakSample[] = [];
const BYTE = new Uint8Array(1);
const NOTHING = new Uint8Array(0);
const decoder = new TextDecoder();
let output = "";

const start = performance.now();
const kernel = new Kernel({
  console: {
    write: (_fd, bytes) => void (output += decoder.decode(bytes)),
    read() {
      const seconds = (performance.now() - start) / 1000;
      if (seconds >= SECONDS || seconds >= (samples.at(-1)?.seconds ?? -Infinity) + SECONDS / 100) {
        sample(seconds);
      }
      return seconds < SECONDS ? BYTE : NOTHING;
    },
  },
});
const loaded = kernel.exec(readFileSync(file), file, [file, "0"]);
if (!loaded.ok) throw new Error(loaded.error.toString());
const exit = kernel.run();
if (exit.exitCode !== 0) throw new Error(`exit code ${exit.exitCode}: ${output}`);
process.stdout.write(`${JSON.stringify(samples)}\n`);

function sample(seconds: number): void {
  samples.push({
    seconds,
    rss: process.memoryUsage.rss(),
    instructions: kernel.machine.instructionsExecuted,
    translated: kernel.machine.translationCounters.instructions,
  });
}
