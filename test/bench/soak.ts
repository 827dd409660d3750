/** Does memory stay bounded while a guest goes on writing and running new code? */
import { workloadFile } from "../../guests/bench/build.js";
import { SOAK } from "../../guests/bench/workloads.js";
import type { SoakSample } from "./child/soak.js";
import { BIN_DIRECTORY, JS_DIRECTORY } from "./directories.js";
import { timeProcess } from "./processes.js";

const FRACTIONS = [0.1, 0.25, 0.5, 0.75, 1];

/** Run the guest for so many minutes. @returns what to print */
export function soak(minutes: number): string[] {
  const { stdout } = timeProcess(process.execPath, [
    `${JS_DIRECTORY}/test/bench/child/soak.js`,
    workloadFile(BIN_DIRECTORY, SOAK, "elf"),
    String(minutes),
  ]);
  const samples = JSON.parse(stdout) as SoakSample[];
  const end = samples.at(-1)?.seconds ?? 0;
  const lines = FRACTIONS.flatMap((fraction) => {
    const sample = samples.find((s) => s.seconds >= fraction * end);
    if (sample === undefined) return [];
    const { seconds, rss, instructions, translated } = sample;
    return [
      [
        `${(fraction * 100).toFixed(0)} %`.padStart(6),
        seconds.toFixed(0).padStart(9),
        (rss / 2 ** 20).toFixed(0).padStart(9),
        (instructions / 1e6).toFixed(1).padStart(9),
        (translated / 1e6).toFixed(2).padStart(12),
      ].join(" "),
    ];
  });
  return ["  time   seconds   RSS MiB    Minstr   translated M", ...lines];
}
