/**
 * Turns what ld64.lld writes, an executable for dyld, into a static executable that the kernel
 * starts by itself: LC_MAIN becomes LC_UNIXTHREAD and all that speaks to dyld goes away.
 *
 * ld64.lld has no `-static`. Everything else is already right when it links without imports and
 * with `-no_fixup_chains`: pointers in the data are absolute on disk and no segment needs sliding.
 */
import { createHash } from "node:crypto";

const HEADER_SIZE = 32;
const SEGMENT_SIZE = 72;
const SECTION_SIZE = 80;
const PAGE_SIZE = 16384n;

const MH_MAGIC_64 = 0xfeedfacf;
const MH_EXECUTE = 2;
const MH_DYLDLINK = 0x4;
const MH_TWOLEVEL = 0x80;
const MH_PIE = 0x200000;

const LC_SYMTAB = 0x2;
const LC_UNIXTHREAD = 0x5;
const LC_DYSYMTAB = 0xb;
const LC_LOAD_DYLIB = 0xc;
const LC_LOAD_DYLINKER = 0xe;
const LC_SEGMENT_64 = 0x19;
const LC_UUID = 0x1b;
const LC_FUNCTION_STARTS = 0x26;
const LC_MAIN = 0x80000028;
const LC_DATA_IN_CODE = 0x29;
const LC_SOURCE_VERSION = 0x2a;
const LC_BUILD_VERSION = 0x32;
const LC_DYLD_INFO_ONLY = 0x80000022;

const ARM_THREAD_STATE64 = 6;
const ARM_THREAD_STATE64_COUNT = 68; // 32-bit words
const THREAD_STATE_PC = 256; // byte offset in the state
const UNIXTHREAD_SIZE = 16 + 4 * ARM_THREAD_STATE64_COUNT;

const KEPT = new Set([
  LC_SEGMENT_64,
  LC_SYMTAB,
  LC_UUID,
  LC_FUNCTION_STARTS,
  LC_SOURCE_VERSION,
  LC_BUILD_VERSION,
]);
const DROPPED = new Set([LC_DYSYMTAB, LC_LOAD_DYLIB, LC_LOAD_DYLINKER, LC_DATA_IN_CODE]);

/** One load command: its number and its bytes, header included. */
interface LoadCommand {
  readonly cmd: number;
  readonly bytes: DataView;
}

/** @throws Error if the image is not a linked, import-free executable with room for the change. */
export function makeStatic(linked: Uint8Array): Uint8Array {
  const image = linked.slice();
  const view = new DataView(image.buffer);
  require(view.getUint32(0, true) === MH_MAGIC_64, "not a 64-bit Mach-O file");
  require(view.getUint32(12, true) === MH_EXECUTE, "not an executable");

  const before = readCommands(view);
  const text = before.find((c) => c.cmd === LC_SEGMENT_64 && segmentName(c) === "__TEXT");
  require(text !== undefined, "no __TEXT segment");
  const after = before.flatMap((c) => rewrite(c, text));
  require(after.filter((c) => c.cmd === LC_UNIXTHREAD).length ===
    1, "the linker did not write exactly one LC_MAIN");

  const room = firstSectionOffset(text) - HEADER_SIZE;
  const size = after.reduce((sum, c) => sum + c.bytes.byteLength, 0);
  require(size <= room, `load commands need ${String(size)} bytes, the header has ${String(room)}`);
  image.fill(0, HEADER_SIZE, HEADER_SIZE + room);
  let at = HEADER_SIZE;
  for (const { bytes } of after) {
    image.set(new Uint8Array(bytes.buffer, bytes.byteOffset, bytes.byteLength), at);
    at += bytes.byteLength;
  }
  view.setUint32(16, after.length, true);
  view.setUint32(20, size, true);
  view.setUint32(24, view.getUint32(24, true) & ~(MH_DYLDLINK | MH_TWOLEVEL | MH_PIE), true);
  stampUuid(image);
  return image;
}

/** The commands a static executable has in place of `command`: itself, another, or none. */
function rewrite(command: LoadCommand, text: LoadCommand): LoadCommand[] {
  const { cmd, bytes } = command;
  if (cmd === LC_MAIN) {
    const base = text.bytes.getBigUint64(24, true);
    return [unixThread(base + bytes.getBigUint64(8, true))];
  }
  if (cmd === LC_DYLD_INFO_ONLY) {
    // rebase info may go, since nothing slides; bind, weak bind and lazy bind must be empty.
    for (const field of [20, 28, 36])
      require(bytes.getUint32(field, true) === 0, "the program imports symbols");
    return [];
  }
  if (cmd === LC_SEGMENT_64) roundSegment(bytes);
  if (KEPT.has(cmd)) return [command];
  require(DROPPED.has(cmd), `unexpected load command 0x${cmd.toString(16)}`);
  return [];
}

/** Initial state: all zero but the pc. In particular x6, whose upper half would ask for a custom stack. */
function unixThread(entry: bigint): LoadCommand {
  const bytes = new DataView(new ArrayBuffer(UNIXTHREAD_SIZE));
  bytes.setUint32(0, LC_UNIXTHREAD, true);
  bytes.setUint32(4, UNIXTHREAD_SIZE, true);
  bytes.setUint32(8, ARM_THREAD_STATE64, true);
  bytes.setUint32(12, ARM_THREAD_STATE64_COUNT, true);
  bytes.setBigUint64(16 + THREAD_STATE_PC, entry, true);
  return { cmd: LC_UNIXTHREAD, bytes };
}

/** ld64.lld leaves the size of __LINKEDIT as it is; segments are made of whole pages. */
function roundSegment(segment: DataView): void {
  const size = segment.getBigUint64(32, true);
  segment.setBigUint64(32, ((size + PAGE_SIZE - 1n) / PAGE_SIZE) * PAGE_SIZE, true);
}

/** Copies, so that the image can be rewritten underneath. */
function readCommands(view: DataView): LoadCommand[] {
  const commands: LoadCommand[] = [];
  let at = HEADER_SIZE;
  for (let left = view.getUint32(16, true); left > 0; left--) {
    const size = view.getUint32(at + 4, true);
    const bytes = new DataView(view.buffer.slice(at, at + size));
    commands.push({ cmd: bytes.getUint32(0, true), bytes });
    at += size;
  }
  return commands;
}

function segmentName({ bytes }: LoadCommand): string {
  const name = new Uint8Array(bytes.buffer, 8, 16);
  return new TextDecoder().decode(name.subarray(0, name.indexOf(0)));
}

/** File offset where the bytes of the lowest section begin: the end of the room for commands. */
function firstSectionOffset({ bytes }: LoadCommand): number {
  let lowest = Infinity;
  for (let n = 0; n < bytes.getUint32(64, true); n++)
    lowest = Math.min(lowest, bytes.getUint32(SEGMENT_SIZE + n * SECTION_SIZE + 48, true));
  require(Number.isFinite(lowest), "__TEXT has no sections");
  return lowest;
}

/** Names the final contents: the first 16 bytes of their SHA-256, marked as a version 8 UUID. */
function stampUuid(image: Uint8Array): void {
  let at = HEADER_SIZE;
  const view = new DataView(image.buffer);
  while (view.getUint32(at, true) !== LC_UUID) at += view.getUint32(at + 4, true);
  const uuid = image.subarray(at + 8, at + 24);
  uuid.fill(0);
  uuid.set(createHash("sha256").update(image).digest().subarray(0, 16));
  uuid[6] = (uuid[6]! & 0x0f) | 0x80;
  uuid[8] = (uuid[8]! & 0x3f) | 0x80;
}

function require(condition: boolean, problem: string): asserts condition {
  if (!condition) throw new Error(`cannot make the executable static: ${problem}`);
}
