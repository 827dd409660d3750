/**
 * The compilers and linkers, and how one guest program goes through them. Everything runs with
 * the guests directory as working directory and relative source names, so that no output depends
 * on where the project lies.
 */
import { execFileSync } from "node:child_process";
import { chmodSync, mkdirSync, readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import type { GuestProgram } from "./programs.js";
import { makeStatic } from "./postlink.js";

export const CLANG = "clang-19";
const LD64 = "ld64.lld-19";
export const GCC = "aarch64-linux-gnu-gcc";

/** A compiler or linker is missing, or failed. The message is fit for the terminal. */
export class ToolchainError extends Error {}

/** The guests directory: where every tool runs. */
export const GUESTS = fileURLToPath(new URL(".", import.meta.url));

/** Sources of the C library that do not depend on the system. */
export const RUNTIME = ["start.c", "print.c", "number.c", "bytes.c", "heap.c"].map(
  (f) => `src/rt/${f}`,
);

/** Sources that do, first what starts the program. */
const SYSTEM_RUNTIME = {
  darwin: ["start.s", "os.c", "pager.c"],
  linux: ["start.s", "os.c"],
} as const;

/** For every C source, with every compiler. */
export const COMMON_FLAGS = [
  ..."-std=c11 -O2 -ffreestanding -Wall -Wextra".split(" "),
  "-ffp-contract=off", // only what the source calls fused is fused: both builds print the same bits
  ..."-fno-stack-protector -fno-unwind-tables -fno-asynchronous-unwind-tables".split(" "),
];

/** Clang: vectors only where the source has them. */
export const SCALAR_FLAGS = "-fno-vectorize -fno-slp-vectorize".split(" ");

// The bare target presumes an Apple CPU; generic is plain Armv8.0.
const CLANG_FLAGS = [..."-target arm64-apple-macos11 -mcpu=generic".split(" "), ...SCALAR_FLAGS];

const LD64_FLAGS = [
  ..."-arch arm64 -platform_version macos 11.0 11.0 -e _start -dead_strip".split(" "),
  "-no_fixup_chains", // absolute pointers on disk, not links of a fixup chain
  "-no_adhoc_codesign",
  "-no_data_const",
  ..."-headerpad 0x200".split(" "), // room for LC_UNIXTHREAD
];

const GCC_FLAGS = [
  ..."-march=armv8-a -mno-outline-atomics -fno-pie -fno-ident -ffunction-sections".split(" "),
  ..."-fno-tree-vectorize -fno-tree-slp-vectorize".split(" "),
  "-fno-tree-loop-distribute-patterns", // or memset would be compiled to a call of itself
];

const GCC_LINK_FLAGS = [
  ..."-static -nostdlib -no-pie -Wl,--gc-sections".split(" "),
  ..."-Wl,-z,max-page-size=16384 -Wl,--build-id=none".split(" "),
];

/**
 * First line of each tool's version, by name. The same versions give the same bytes.
 * @throws ToolchainError naming the first tool that is not installed
 */
export function toolVersions(): Record<string, string> {
  const versions = [CLANG, LD64, GCC].map((tool) => [tool, toolVersion(tool)]);
  return Object.fromEntries(versions) as Record<string, string>;
}

/** @throws ToolchainError if the tool is not installed */
export function toolVersion(tool: string): string {
  const [first = ""] = runTool(tool, ["--version"]).split("\n");
  return first.trim();
}

/** Builds programs into `binDirectory`; objects go to `scratchDirectory`. */
export class GuestBuilder {
  private readonly runtimeObjects = new Map<string, string[]>();

  constructor(
    private readonly binDirectory: string,
    private readonly scratchDirectory: string,
  ) {
    mkdirSync(binDirectory, { recursive: true });
  }

  /** Writes NAME (Mach-O) and NAME.elf. */
  build(program: GuestProgram): void {
    this.buildMachO(program);
    this.buildElf(program);
  }

  /** Writes NAME (Mach-O) alone. */
  buildMachO({ name, machoCpu }: GuestProgram): void {
    const compile = (source: string, extra: readonly string[] = []): string =>
      this.compile(CLANG, [...CLANG_FLAGS, ...extra], source, "macho");
    const objects = [
      ...this.runtime("macho", "darwin", compile),
      compile(`src/${name}.c`, machoCpu === undefined ? [] : [`-mcpu=${machoCpu}`]),
    ];
    const linked = join(this.scratchDirectory, name);
    runTool(LD64, [...LD64_FLAGS, ...objects, "-o", linked]);
    const output = join(this.binDirectory, name);
    writeFileSync(output, makeStatic(new Uint8Array(readFileSync(linked))));
    chmodSync(output, 0o755);
  }

  private buildElf({ name }: GuestProgram): void {
    const compile = (source: string): string => this.compile(GCC, GCC_FLAGS, source, "elf");
    const objects = [...this.runtime("elf", "linux", compile), compile(`src/${name}.c`)];
    const output = join(this.binDirectory, `${name}.elf`);
    runTool(GCC, [...GCC_LINK_FLAGS, ...objects, "-o", output]);
    chmodSync(output, 0o755);
  }

  /** The runtime's objects for one format, compiled on first use. */
  private runtime(
    format: string,
    system: keyof typeof SYSTEM_RUNTIME,
    compile: (source: string) => string,
  ): string[] {
    let objects = this.runtimeObjects.get(format);
    if (objects === undefined) {
      const own = SYSTEM_RUNTIME[system].map((file) => `src/rt/${system}/${file}`);
      objects = [...own, ...RUNTIME].map((source) => compile(source));
      this.runtimeObjects.set(format, objects);
    }
    return objects;
  }

  private compile(tool: string, flags: readonly string[], source: string, format: string): string {
    const object = join(this.scratchDirectory, `${source.replaceAll("/", "_")}.${format}.o`);
    const language = source.endsWith(".s") ? [] : COMMON_FLAGS;
    runTool(tool, [...language, ...flags, "-c", source, "-o", object]);
    return object;
  }
}

/** Runs a tool, passes its warnings on, and returns what it printed. */
export function runTool(tool: string, args: readonly string[]): string {
  try {
    return execFileSync(tool, args, {
      cwd: GUESTS,
      encoding: "utf8",
      env: { ...process.env, LC_ALL: "C" },
      stdio: ["ignore", "pipe", "inherit"],
    });
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === "ENOENT")
      throw new ToolchainError(
        `${tool} is not installed (Debian: clang-19, lld-19 and gcc-aarch64-linux-gnu)`,
      );
    throw new ToolchainError(`${tool} failed: ${args.join(" ")}`);
  }
}
