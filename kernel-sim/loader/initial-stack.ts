import { alignDown, alignUp } from "../../vm/address.js";

/** The bytes a new program finds from `sp` up. */
export interface InitialStack {
  readonly sp: number;
  readonly bytes: Uint8Array;
}

/** Where strings of the vectors are, once the string area has an address. */
interface PlacedStrings {
  readonly bytes: Uint8Array;
  /** Offset of each string from the start of the area. */
  readonly offsets: readonly number[];
}

const utf8 = new TextEncoder();

/**
 * Stack of a Darwin program: argc, argv, 0, envp, 0, apple, 0, then the strings up to the top:
 * executable_path=, arguments and environment, the other apple strings, each of the three groups
 * padded with NULs to 8 bytes. XNU: kern_exec.c exec_copyout_strings, exec_add_apple_strings.
 * @param top exclusive end of the stack, 8-byte aligned
 * @param apple the strings after executable_path=
 * sp is 8-byte aligned, no more.
 */
export function darwinStack(
  top: number,
  path: string,
  argv: readonly string[],
  envp: readonly string[],
  apple: readonly string[],
): InitialStack {
  const executable = place([`executable_path=${path}`], 8);
  const arguments_ = place([...argv, ...envp], 8);
  const others = place(apple, 8);
  const area = executable.bytes.length + arguments_.bytes.length + others.bytes.length;
  const strings = top - area;
  const argumentsAt = strings + executable.bytes.length;
  const othersAt = argumentsAt + arguments_.bytes.length;

  const pointers = arguments_.offsets.map((offset) => BigInt(argumentsAt + offset));
  const words = [
    BigInt(argv.length),
    ...pointers.slice(0, argv.length),
    0n,
    ...pointers.slice(argv.length),
    0n,
    BigInt(strings),
    ...others.offsets.map((offset) => BigInt(othersAt + offset)),
    0n,
  ];
  const sp = strings - 8 * words.length;
  const bytes = new Uint8Array(top - sp);
  writeWords(bytes, words);
  bytes.set(executable.bytes, strings - sp);
  bytes.set(arguments_.bytes, argumentsAt - sp);
  bytes.set(others.bytes, othersAt - sp);
  return { sp, bytes };
}

/** Entry types of the auxiliary vector (Linux: uapi/linux/auxvec.h). */
export const AT_NULL = 0;
export const AT_PHDR = 3;
export const AT_PHENT = 4;
export const AT_PHNUM = 5;
export const AT_PAGESZ = 6;
export const AT_BASE = 7;
export const AT_FLAGS = 8;
export const AT_ENTRY = 9;
export const AT_UID = 11;
export const AT_EUID = 12;
export const AT_GID = 13;
export const AT_EGID = 14;
export const AT_PLATFORM = 15;
export const AT_HWCAP = 16;
export const AT_CLKTCK = 17;
export const AT_SECURE = 23;
export const AT_RANDOM = 25;
export const AT_HWCAP2 = 26;
export const AT_EXECFN = 31;

/**
 * Stack of a Linux program: argc, argv, 0, envp, 0, auxiliary vector, then random bytes, platform
 * name, argument and environment strings, file name, and eight zero bytes at the top.
 * Linux: binfmt_elf.c create_elf_tables.
 * @param top exclusive end of the stack, 16-byte aligned
 * @param auxv entries before AT_RANDOM, AT_EXECFN, AT_PLATFORM and AT_NULL, which are added here
 * @param random 16 bytes for AT_RANDOM
 * sp is 16-byte aligned.
 */
export function linuxStack(
  top: number,
  path: string,
  argv: readonly string[],
  envp: readonly string[],
  auxv: readonly (readonly [type: number, value: number])[],
  random: Uint8Array,
): InitialStack {
  const strings = place([...argv, ...envp, path], 1);
  const stringsAt = top - 8 - strings.bytes.length;
  const platform = utf8.encode("aarch64\0");
  const platformAt = alignDown(stringsAt - platform.length, 16);
  const randomAt = platformAt - random.length;
  const pointers = strings.offsets.map((offset) => BigInt(stringsAt + offset));
  const pathPointer = pointers[pointers.length - 1] ?? 0n;

  const aux: (readonly [number, bigint])[] = [
    ...auxv.map(([type, value]) => [type, BigInt(value)] as const),
    [AT_RANDOM, BigInt(randomAt)],
    [AT_EXECFN, pathPointer],
    [AT_PLATFORM, BigInt(platformAt)],
    [AT_NULL, 0n],
  ];
  const words = [
    BigInt(argv.length),
    ...pointers.slice(0, argv.length),
    0n,
    ...pointers.slice(argv.length, -1),
    0n,
    ...aux.flatMap(([type, value]) => [BigInt(type), value]),
  ];
  const sp = alignDown(randomAt - 8 * words.length, 16);
  const bytes = new Uint8Array(top - sp);
  writeWords(bytes, words);
  bytes.set(random, randomAt - sp);
  bytes.set(platform, platformAt - sp);
  bytes.set(strings.bytes, stringsAt - sp);
  return { sp, bytes };
}

/**
 * Whether arguments and environment are more than exec takes: strings with their NULs, plus 8 bytes
 * per pointer, both terminating nulls included. XNU: ARG_MAX, 1 MiB.
 */
export function argumentsTooLong(argv: readonly string[], envp: readonly string[]): boolean {
  const strings = [...argv, ...envp].reduce((sum, s) => sum + utf8.encode(s).length + 1, 0);
  return strings + 8 * (argv.length + envp.length + 2) > ARG_MAX;
}

export const ARG_MAX = 1 << 20;

/** NUL-terminated strings one after the other, the whole padded to `align` bytes. */
function place(strings: readonly string[], align: number): PlacedStrings {
  const encoded = strings.map((s) => utf8.encode(`${s}\0`));
  const offsets: number[] = [];
  let length = 0;
  for (const s of encoded) {
    offsets.push(length);
    length += s.length;
  }
  const bytes = new Uint8Array(alignUp(length, align));
  encoded.forEach((s, i) => {
    bytes.set(s, offsets[i]);
  });
  return { bytes, offsets };
}

function writeWords(bytes: Uint8Array, words: readonly bigint[]): void {
  const view = new DataView(bytes.buffer);
  words.forEach((word, i) => {
    view.setBigUint64(8 * i, word, true);
  });
}
