/** What `npm run bench` runs: the workloads, how each is compiled, and how much of it a run does. */

import { COLD_PASSES } from "./cold-source.js";

/** Rows of one class are averaged together. */
export type WorkloadClass =
  "integer" | "vector" | "float" | "copy" | "chase" | "short" | "cold" | "kernel";

/** Where a workload can run: as a Linux program, on the bare machine, as WebAssembly. */
export type Target = "elf" | "bare" | "wasm";

export interface Workload {
  readonly name: string;
  readonly class: WorkloadClass;
  readonly summary: string;
  /** In guests/src/bench, or "cold.c", which is generated. */
  readonly source: string;
  /** For the compiler, besides those every workload is compiled with. */
  readonly flags: readonly string[];
  readonly targets: readonly Target[];
  /** Passes of a run: chosen so that qemu-aarch64 takes 1 to 3 s: warming up is a small part. */
  readonly size: number;
  /** Passes that show the result is right and cost next to nothing. */
  readonly smokeSize: number;
  /** Engines this slow run fewer passes, and their time is scaled up; 1 where a pass is not like the others. */
  readonly slowEngineShare: number;
}

const EVERYWHERE: readonly Target[] = ["elf", "bare", "wasm"];
const NOT_WASM: readonly Target[] = ["elf", "bare"];

interface Row {
  readonly flags?: readonly string[];
  readonly targets?: readonly Target[];
  readonly size: number;
  readonly smokeSize?: number;
  readonly slowEngineShare?: number;
}

function row(
  workloadClass: WorkloadClass,
  name: string,
  source: string,
  summary: string,
  r: Row,
): Workload {
  return {
    name,
    class: workloadClass,
    summary,
    source,
    flags: r.flags ?? [],
    targets: r.targets ?? EVERYWHERE,
    size: r.size,
    smokeSize: r.smokeSize ?? 1,
    slowEngineShare: r.slowEngineShare ?? 1 / 60,
  };
}

const KIB = 1024;
const MIB = 1024 * KIB;

export const WORKLOADS: readonly Workload[] = [
  row("integer", "mix", "mix.c", "list, small matrices, state machine, CRC", {
    size: 60000,
    smokeSize: 20,
  }),
  row("integer", "sieve", "sieve.c", "primes below 2^20", { size: 500 }),
  row("integer", "sha256", "sha256.c", "SHA-256, one message", { size: 12000, smokeSize: 2 }),
  row("integer", "interp-switch", "interpreter.c", "bytecode, dispatched by a switch", {
    size: 1000,
  }),
  row("integer", "interp-calls", "interpreter.c", "bytecode, dispatched by function pointers", {
    flags: ["-DCALLS"],
    size: 800,
  }),
  row("integer", "fib", "fib.c", "recursive calls", { size: 10000, smokeSize: 4 }),
  row("integer", "json", "json.c", "parsing JSON by recursive descent", { size: 7000 }),
  row("integer", "strings", "strings.c", "lengths, searches, comparisons, byte by byte", {
    size: 4000,
  }),
  row("vector", "sha256-neon", "sha256.c", "SHA-256, four messages in lanes", {
    flags: ["-DLANES"],
    size: 3000,
  }),
  row("vector", "strings-neon", "strings.c", "the same scans, sixteen bytes at a time", {
    flags: ["-DVECTORS"],
    size: 5000,
  }),
  row("float", "matrix", "matrix.c", "product of doubles, scalar", { size: 250 }),
  row("float", "matrix-fma", "matrix.c", "product of doubles, FMADD", {
    flags: ["-DFUSED"],
    targets: NOT_WASM,
    size: 250,
  }),
  row("float", "matrix-neon", "matrix.c", "product of doubles, FMLA on two lanes", {
    flags: ["-DNEON"],
    targets: NOT_WASM,
    size: 300,
  }),
  row("copy", "copy-64K", "copy.c", "copies of 64 KiB, LDP and STP of Q registers", {
    flags: [`-DBYTES=${64 * KIB}`],
    size: 1500,
    slowEngineShare: 1 / 300,
  }),
  row("copy", "copy-64M", "copy.c", "copies of 64 MiB", {
    flags: [`-DBYTES=${64 * MIB}`],
    size: 120,
    slowEngineShare: 1 / 60,
  }),
  row("copy", "fill-64K", "copy.c", "fills of 64 KiB, STP of Q registers", {
    flags: ["-DFILL", `-DBYTES=${64 * KIB}`],
    size: 2000,
    slowEngineShare: 1 / 300,
  }),
  row("copy", "fill-64M", "copy.c", "fills of 64 MiB", {
    flags: ["-DFILL", `-DBYTES=${64 * MIB}`],
    size: 400,
    slowEngineShare: 1 / 120,
  }),
  row("chase", "chase-256K", "chase.c", "dependent loads in 256 KiB", {
    flags: [`-DBYTES=${256 * KIB}`],
    size: 4000,
  }),
  row("chase", "chase-4M", "chase.c", "dependent loads in 4 MiB", {
    flags: [`-DBYTES=${4 * MIB}`],
    size: 1200,
    slowEngineShare: 1 / 12,
  }),
  row("chase", "chase-64M", "chase.c", "dependent loads in 64 MiB", {
    flags: [`-DBYTES=${64 * MIB}`],
    size: 120,
    slowEngineShare: 1 / 4,
  }),
  row("short", "mix-short", "mix.c", "mix, a fifth of a second of it: warming up counts", {
    size: 6000,
    smokeSize: 20,
    slowEngineShare: 1 / 6,
  }),
  row("short", "interp-short", "interpreter.c", "interp-calls, the same", {
    flags: ["-DCALLS"],
    size: 100,
    slowEngineShare: 1 / 6,
  }),
  row("short", "json-short", "json.c", "json, the same", { size: 700, slowEngineShare: 1 / 6 }),
  row("short", "matrix-short", "matrix.c", "matrix, the same", {
    size: 30,
    slowEngineShare: 1 / 6,
  }),
  row("cold", "cold", "cold.c", "3,000 functions, each run once", {
    flags: ["-O1"],
    size: COLD_PASSES,
    slowEngineShare: 1,
  }),
  row("cold", "cold-again", "cold.c", "the same functions, pass after pass", {
    flags: ["-O1"],
    size: 100 * COLD_PASSES,
    slowEngineShare: 1 / 4,
  }),
  row("kernel", "syscalls", "syscalls.c", "getpid", {
    targets: ["elf"],
    size: 300000,
    smokeSize: 10,
  }),
];

/** What `--soak` runs: writes code and runs it, until its input ends if asked for 0 passes. */
export const SOAK: Workload = row("cold", "codegen", "codegen.c", "a guest that writes code", {
  targets: ["elf"],
  size: 0,
  smokeSize: 2,
});
