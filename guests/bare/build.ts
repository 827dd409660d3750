/** Builds the bare programs into a directory: NAME.elf, linked for 0x40080000, and hello.bin, a flat image. */
import { mkdirSync } from "node:fs";
import { join } from "node:path";
import { CLANG, COMMON_FLAGS, RUNTIME, runTool, SCALAR_FLAGS } from "../toolchain.js";
import { BARE_PROGRAMS, type BareProgram } from "./programs.js";

const LLD = "ld.lld-19";
const OBJCOPY = "llvm-objcopy-19";
/** What has to be installed besides the tools of the other guests. */
export const BARE_TOOLS = [LLD, OBJCOPY] as const;

const TARGET = [..."--target=aarch64-none-elf -march=armv8-a".split(" ")];
const C_FLAGS = [
  ...COMMON_FLAGS,
  ...SCALAR_FLAGS,
  ..."-fno-builtin -ffunction-sections".split(" "),
];
/** So that handlers leave the floating-point registers of what they interrupt alone. */
const INTEGER_FLAGS = ["-mgeneral-regs-only"];
const LINK_FLAGS = [
  ..."-static --gc-sections -z norelro -z max-page-size=4096 -e _start".split(" "),
  "--image-base=0x40080000", // where QEMU's -kernel puts flat images as well
  "--build-id=none",
];
/** Without headers in front: the first byte of the file is the first instruction. */
const FLAT_LINK_FLAGS = [
  ..."-static --gc-sections --omagic -Ttext=0x40080000 -e _start".split(" "),
];

/** @param scratch for objects */
export function buildBare(directory: string, scratch: string): void {
  mkdirSync(directory, { recursive: true });
  for (const program of BARE_PROGRAMS) buildProgram(program, directory, scratch);
}

function buildProgram(program: BareProgram, directory: string, scratch: string): void {
  const { name, gic = 2, floatingPoint = false } = program;
  const compile = (source: string, flags: readonly string[]): string => {
    const object = join(scratch, `bare-${name}-${source.replaceAll("/", "_")}.o`);
    const language = source.endsWith(".S") ? [] : C_FLAGS;
    runTool(CLANG, [...TARGET, ...language, ...flags, "-c", source, "-o", object]);
    return object;
  };
  const own = ["start.S", "os.c", "gic.c"].map((f) => `bare/src/${f}`);
  const objects = [
    ...own.map((source) => compile(source, [...INTEGER_FLAGS, `-DGIC=${gic}`])),
    ...RUNTIME.map((source) => compile(source, [])),
    compile(
      `bare/src/${program.source ?? name}.c`,
      floatingPoint ? [] : [...INTEGER_FLAGS, `-DGIC=${gic}`],
    ),
  ];
  const elf = join(directory, `${name}.elf`);
  runTool(LLD, [...LINK_FLAGS, ...objects, "-o", elf]);
  runTool(OBJCOPY, ["--strip-all", elf]);
  if (name !== "hello") return;
  const linked = join(scratch, "flat.elf");
  runTool(LLD, [...FLAT_LINK_FLAGS, ...objects, "-o", linked]);
  runTool(OBJCOPY, ["-O", "binary", linked, join(directory, `${name}.bin`)]);
}
