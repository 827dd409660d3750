import { readFileSync } from "node:fs";
import { translatingEngine, UnicornEngine } from "../../emulator/index.js";
import { loadNativeUnicorn } from "../../kernel-sim/cli/unicorn-native.js";
import { runGuest } from "./run-guest.js";

/**
 * Runs guests on the Unicorn engine, in a process of its own since libunicorn may abort. Standard input:
 * `GuestRequest`s, one a line; standard output: one `GuestReply` for each.
 */
export interface GuestRequest {
  readonly path: string;
  readonly args: readonly string[];
}

/** What can be seen of a run, and how many instructions, faults and calls it took. */
export interface GuestReply {
  readonly stdout: string;
  readonly stderr: string;
  readonly status: number;
  readonly instructions: number;
  readonly faults: number;
  readonly syscalls: number;
  /** Instructions left to the other engine. */
  readonly fallbacks: number;
}

const load = await loadNativeUnicorn(null);
for (const line of readFileSync(0, "utf8").split("\n")) {
  if (line === "") continue;
  const { path, args } = JSON.parse(line) as GuestRequest;
  let engine: UnicornEngine | null = null;
  const { stdout, stderr, status, kernel } = runGuest(path, args, {
    engine: (parts) => {
      engine = new UnicornEngine(parts, load(parts.memory), translatingEngine(parts));
      return engine;
    },
  });
  const { instructions, syscalls } = kernel.stats;
  const fallbacks = (engine as UnicornEngine | null)?.fallbacks ?? 0;
  const reply: GuestReply = {
    ...{ stdout, stderr, status, instructions, syscalls, fallbacks },
    faults: kernel.faultCount,
  };
  console.log(JSON.stringify(reply));
}
