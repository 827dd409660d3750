import { readFileSync } from "node:fs";
import { openNodeFs } from "../../kernel-sim/cli/node-fs.js";
import { Kernel, type ExitReport, type KernelOptions } from "../../kernel-sim/kernel.js";
import { assertNoReports, STRICT } from "./no-reports.js";

/** What somebody who started a program sees of it. */
export interface Outcome {
  readonly stdout: string;
  readonly stderr: string;
  /** Returned by the program, or 128 plus the number of the signal that ended it. */
  readonly status: number;
}

export interface GuestOutcome extends Outcome {
  readonly report: ExitReport;
  readonly kernel: Kernel;
}

export interface GuestOptions {
  readonly stdin?: string;
  readonly env?: readonly string[];
  readonly seed?: number;
  readonly engine?: KernelOptions["engine"];
  readonly mmu?: KernelOptions["mmu"];
  readonly linuxPageSize?: 4096 | 16384;
}

/** Collects what is written to one descriptor. */
class Sink {
  readonly #decoder = new TextDecoder();
  text = "";

  write(bytes: Uint8Array): void {
    this.text += this.#decoder.decode(bytes, { stream: true });
  }
}

/**
 * Run a program in this process: the repository is its file system, and everything the kernel can
 * check about itself is checked at the end.
 * @param path relative to the repository root, as are file names in `args`
 */
export function runGuest(
  path: string,
  args: readonly string[],
  options: GuestOptions = {},
): GuestOutcome {
  const [out, err] = [new Sink(), new Sink()];
  let input = new TextEncoder().encode(options.stdin ?? "");
  const kernel = new Kernel({
    fs: openNodeFs("."),
    seed: options.seed ?? 1,
    env: options.env ?? [],
    engine: options.engine,
    // Unicorn has an MMU of its own.
    ...(options.engine === undefined ? { mmu: options.mmu ?? STRICT.mmu } : {}),
    ...(options.linuxPageSize === undefined ? {} : { linuxPageSize: options.linuxPageSize }),
    console: {
      write(fd, bytes) {
        (fd === 1 ? out : err).write(bytes);
      },
      read(max) {
        const part = input.subarray(0, max);
        input = input.subarray(part.length);
        return part;
      },
    },
  });
  const loaded = kernel.exec(readFileSync(path), path, [path, ...args]);
  if (!loaded.ok) throw new Error(loaded.error.toString());
  const report = kernel.run();
  kernel.assertConsistent();
  kernel.shutdown();
  kernel.assertNoLeaks();
  assertNoReports(kernel.machine.mmuReports);
  return { stdout: out.text, stderr: err.text, status: report.exitCode, report, kernel };
}
