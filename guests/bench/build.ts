/**
 * Builds the benchmark's workloads from their sources: the same object file linked as a Linux program
 * and as an image for the bare machine, and the same C as WebAssembly.
 */
import { createHash } from "node:crypto";
import { existsSync, mkdirSync, readFileSync, readdirSync, rmSync, writeFileSync } from "node:fs";
import { join, resolve } from "node:path";
import {
  CLANG,
  COMMON_FLAGS,
  GUESTS,
  RUNTIME,
  runTool,
  SCALAR_FLAGS,
  toolVersion,
} from "../toolchain.js";
import { coldSource } from "./cold-source.js";
import { WORKLOADS, type Target, type Workload } from "./workloads.js";

const LLD = "ld.lld-19";
const WASM_LD = "wasm-ld-19";
/** What has to be installed. */
export const BUILD_TOOLS = [CLANG, LLD, WASM_LD] as const;

const C_FLAGS = [...COMMON_FLAGS, ...SCALAR_FLAGS, "-fno-builtin"];
const AARCH64 = [..."--target=aarch64-linux-gnu -march=armv8-a".split(" ")];
const AARCH64_FLAGS = [...AARCH64, "-fno-pic", "-ffunction-sections"];
const WASM_FLAGS = [..."--target=wasm32 -msimd128 -mbulk-memory".split(" ")];

const LINK_FLAGS = [..."-static --gc-sections -e _start".split(" ")];
const LINK: Readonly<Record<"elf" | "bare", readonly string[]>> = {
  elf: [...LINK_FLAGS, ..."-z max-page-size=16384".split(" ")],
  // Above what QEMU's boot code and device tree take of the RAM at 1 GiB.
  bare: [...LINK_FLAGS, ..."-z norelro --image-base=0x40080000".split(" ")],
};
const WASM_LINK_FLAGS = [..."--no-entry --export=workload -z stack-size=1048576".split(" ")];

/** Sources of the two start-ups; the C runtime comes on top. */
const START: Readonly<Record<"elf" | "bare", readonly string[]>> = {
  elf: ["src/rt/linux/start.s", "src/rt/linux/os.c"],
  bare: ["src/bench/bare/start.s", "src/bench/bare/os.c"],
};

const STAMP = "built-from";

/** Path of one build of a workload. */
export function workloadFile(directory: string, workload: Workload, target: Target): string {
  return join(directory, `${workload.name}.${target}`);
}

/**
 * Build into `directory` what is not there yet, or all of it again when a source, a flag or the compiler
 * is another one.
 * @param only workloads to build, and `targets` to build them for; by default all
 * @throws ToolchainError if a compiler or linker is missing or fails
 */
export function buildWorkloads(
  directory: string,
  only: readonly Workload[] = WORKLOADS,
  targets: readonly Target[] = ["elf", "bare", "wasm"],
): void {
  const stamp = fingerprint();
  const stampFile = join(directory, STAMP);
  if (!existsSync(stampFile) || readFileSync(stampFile, "utf8") !== stamp) {
    rmSync(directory, { recursive: true, force: true });
    mkdirSync(directory, { recursive: true });
    writeFileSync(stampFile, stamp);
  }
  const builder = new WorkloadBuilder(resolve(directory));
  try {
    for (const workload of only) builder.build(workload, targets);
  } finally {
    builder.close();
  }
}

/** Of everything the outputs depend on. */
function fingerprint(): string {
  const hash = createHash("sha256");
  for (const tool of BUILD_TOOLS) hash.update(toolVersion(tool));
  hash.update(JSON.stringify([C_FLAGS, AARCH64_FLAGS, WASM_FLAGS, LINK, WASM_LINK_FLAGS]));
  hash.update(coldSource());
  for (const folder of ["src", "src/rt", "src/rt/linux", "src/bench", "src/bench/bare"]) {
    for (const entry of readdirSync(join(GUESTS, folder), { withFileTypes: true })) {
      if (entry.isFile()) hash.update(readFileSync(join(GUESTS, folder, entry.name)));
    }
  }
  return hash.digest("hex");
}

/** The same for two workloads that differ in size only. */
function objectName(workload: Workload, target: string): string {
  return [workload.source, ...workload.flags, target].join(" ") + ".o";
}

class WorkloadBuilder {
  private readonly objects: string;

  constructor(private readonly directory: string) {
    this.objects = join(directory, "objects");
    mkdirSync(this.objects, { recursive: true });
  }

  /** An object of WebAssembly holds its zeroes: 130 MB of them, for nothing once it is linked. */
  close(): void {
    rmSync(this.objects, { recursive: true });
  }

  build(workload: Workload, wanted: readonly Target[]): void {
    const targets = workload.targets.filter(
      (target) =>
        wanted.includes(target) && !existsSync(workloadFile(this.directory, workload, target)),
    );
    if (targets.length === 0) return;
    const source = this.source(workload);
    const compile = (flags: readonly string[], target: string): string =>
      this.compile(source, [...flags, ...workload.flags], objectName(workload, target));
    for (const target of targets) {
      if (target !== "wasm") {
        this.link(workload, target, compile(AARCH64_FLAGS, "aarch64"));
        continue;
      }
      const object = compile(WASM_FLAGS, "wasm32");
      const output = workloadFile(this.directory, workload, target);
      runTool(WASM_LD, [...WASM_LINK_FLAGS, object, "-o", output]);
    }
  }

  private link(workload: Workload, target: "elf" | "bare", object: string): void {
    const runtime = [...START[target], ...RUNTIME, "src/bench/main.c"].map((source) => {
      const flags = source.endsWith(".s") ? AARCH64 : AARCH64_FLAGS;
      return this.compile(source, flags, `${source.replaceAll("/", "_")}.o`);
    });
    const output = workloadFile(this.directory, workload, target);
    runTool(LLD, [...LINK[target], ...runtime, object, "-o", output]);
  }

  /** @returns the object, made unless it exists */
  private compile(source: string, flags: readonly string[], name: string): string {
    const object = join(this.objects, name);
    if (existsSync(object)) return object;
    const language = source.endsWith(".s") ? [] : C_FLAGS;
    runTool(CLANG, [...language, ...flags, "-Isrc/bench", "-c", source, "-o", object]);
    return object;
  }

  private source(workload: Workload): string {
    if (workload.source !== "cold.c") return `src/bench/${workload.source}`;
    const path = join(this.objects, workload.source);
    writeFileSync(path, coldSource());
    return path;
  }
}
