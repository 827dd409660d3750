import { hex } from "../../emulator/arch/hex.js";
import type { LoadError } from "./errors.js";
import { SymbolTable, type LoadedImage } from "./image.js";
import * as fmt from "./macho-format.js";
import { SegmentPass } from "./macho-segments.js";
import { machoSymbols } from "./macho-symbols.js";
import { readUnixThread, type UnixThread } from "./macho-thread.js";
import { FileReader, parsing, refuse } from "./reader.js";

/** One load command: where it starts in the slice, what it is, its length in bytes. */
export interface LoadCommand {
  readonly at: number;
  readonly cmd: number;
  readonly size: number;
}

/**
 * Read an arm64 Mach-O executable, or the arm64 slice of a fat file. The checks are XNU's, in its
 * order: commands in pass 0, thread state in pass 1, segments in pass 2, the entry point at the
 * start of pass 3. XNU: mach_loader.c parse_machfile, kern_exec.c exec_mach_imgact.
 * Differs from XNU: static executables are welcome (as on a development kernel) and those that
 * need dyld are refused, with what they would need.
 */
export function parseMacho(file: Uint8Array): LoadedImage | LoadError {
  return parsing(() => {
    const slice = arm64Slice(file);
    const reader = new FileReader(file.subarray(slice.offset, slice.end), "EBADMACHO");
    return parseSlice(reader, slice.offset);
  });
}

function parseSlice(reader: FileReader, sliceOffset: number): LoadedImage {
  const header = checkHeader(reader);
  const commands = readCommands(reader, header.ncmds, header.sizeofcmds);
  checkVersions(commands);

  const thread = readThread(reader, commands);
  const segments = new SegmentPass(reader, sliceOffset, thread?.entry ?? null);
  for (const command of commands) {
    if (command.cmd === fmt.LC_SEGMENT) {
      refuse("EBADMACHO", "32-bit segment in a 64-bit file", command.at);
    }
    if (command.cmd === fmt.LC_SEGMENT_64) segments.add(command);
  }
  if (thread !== null && !segments.validEntry) {
    refuse("EBADEXEC", `entry point ${hex(thread.entry)} is not in an executable segment`);
  }
  if (!segments.mapsHeader) {
    refuse("EBADMACHO", "no segment maps the start of the file");
  }
  refuseDynamic(reader, commands, header.flags);
  if (thread === null) refuse("EBADEXEC", "no LC_UNIXTHREAD: nothing says where to start");
  if (segments.pageZeroEnd < fmt.HARD_PAGEZERO_BYTES) {
    const found =
      segments.pageZeroEnd === 0 ? "there is none" : `it ends at ${hex(segments.pageZeroEnd)}`;
    refuse("EBADMACHO", `__PAGEZERO must cover the first 4 GiB, but ${found}`);
  }
  return {
    format: "macho",
    personality: "darwin",
    bytes: reader.bytes,
    sliceOffset,
    entry: thread.entry,
    segments: segments.mapped,
    pageZeroEnd: segments.pageZeroEnd,
    positionIndependent: (header.flags & fmt.MH_PIE) !== 0,
    registers: thread.registers,
    customStackTop: thread.customStackTop,
    executableStack: (header.flags & fmt.MH_ALLOW_STACK_EXECUTION) !== 0,
    programHeaders: null,
    interpreter: null,
    libraries: [],
    tls: null,
    symbols: new SymbolTable(machoSymbols(reader, commands)),
  };
}

/** The part of the file to load. XNU: mach_fat.c fatfile_getbestarch. */
function arm64Slice(file: Uint8Array): { readonly offset: number; readonly end: number } {
  const reader = new FileReader(file, "EBADMACHO");
  if (reader.size < 4 || reader.u32BigEndian(0) !== fmt.FAT_MAGIC) {
    return { offset: 0, end: reader.size };
  }
  const count = reader.u32BigEndian(4);
  const tableEnd = fmt.FAT_HEADER_SIZE + count * fmt.FAT_ARCH.bytes;
  if (tableEnd > reader.size) refuse("EBADMACHO", `fat file lists ${count} slices past its end`, 4);
  const others: string[] = [];
  for (let i = 0; i < count; i++) {
    const at = fmt.FAT_HEADER_SIZE + i * fmt.FAT_ARCH.bytes;
    const cputype = reader.u32BigEndian(at + fmt.FAT_ARCH.cputype);
    const subtype = reader.u32BigEndian(at + fmt.FAT_ARCH.cpusubtype) & fmt.CPU_SUBTYPE_MASK;
    if (cputype !== fmt.CPU_TYPE_ARM64 || subtype === fmt.CPU_SUBTYPE_ARM64E) {
      others.push(cputype === fmt.CPU_TYPE_ARM64 ? "arm64e" : fmt.cpuName(cputype));
      continue;
    }
    const offset = reader.u32BigEndian(at + fmt.FAT_ARCH.offset);
    const size = reader.u32BigEndian(at + fmt.FAT_ARCH.size);
    if (!reader.contains(offset, size) || offset < tableEnd) {
      refuse("EBADMACHO", "the arm64 slice is not inside the fat file", at);
    }
    return { offset, end: offset + size };
  }
  return refuse(
    "EBADARCH",
    `fat file without an arm64 slice (has: ${others.join(", ") || "none"})`,
  );
}

function checkHeader(reader: FileReader): {
  readonly ncmds: number;
  readonly sizeofcmds: number;
  readonly flags: number;
} {
  if (reader.size < 4) refuse("ENOEXEC", "not a program: the file is too short");
  const magic = reader.u32(fmt.HEADER.magic);
  if (magic === fmt.MH_CIGAM_64 || magic === fmt.MH_CIGAM) {
    refuse("EBADARCH", "Mach-O file of a big-endian machine", fmt.HEADER.magic);
  }
  if (magic === fmt.MH_MAGIC) {
    refuse("EBADARCH", "32-bit Mach-O file: only arm64 is run", fmt.HEADER.magic);
  }
  if (magic !== fmt.MH_MAGIC_64) refuse("ENOEXEC", "not a Mach-O file", fmt.HEADER.magic);
  const cputype = reader.u32(fmt.HEADER.cputype);
  if (cputype !== fmt.CPU_TYPE_ARM64) {
    refuse("EBADARCH", `Mach-O file for ${fmt.cpuName(cputype)}, not arm64`, fmt.HEADER.cputype);
  }
  const subtype = reader.u32(fmt.HEADER.cpusubtype) & fmt.CPU_SUBTYPE_MASK;
  if (subtype === fmt.CPU_SUBTYPE_ARM64E) {
    refuse("EBADARCH", "arm64e needs pointer authentication", fmt.HEADER.cpusubtype);
  }
  const filetype = reader.u32(fmt.HEADER.filetype);
  if (filetype !== fmt.MH_EXECUTE) {
    refuse(
      "ENOEXEC",
      `the file is ${fmt.fileTypeName(filetype)}, not an executable`,
      fmt.HEADER.filetype,
    );
  }
  return {
    ncmds: reader.u32(fmt.HEADER.ncmds),
    sizeofcmds: reader.u32(fmt.HEADER.sizeofcmds),
    flags: reader.u32(fmt.HEADER.flags),
  };
}

function readCommands(reader: FileReader, ncmds: number, sizeofcmds: number): LoadCommand[] {
  const end = fmt.HEADER.size + sizeofcmds;
  if (end > reader.size) {
    refuse("EBADMACHO", "load commands extend past the end of the file", fmt.HEADER.sizeofcmds);
  }
  const commands: LoadCommand[] = [];
  let at: number = fmt.HEADER.size;
  for (let i = 0; i < ncmds; i++) {
    if (at + 8 > end) refuse("EBADMACHO", `load command ${i} is outside the header area`, at);
    const size = reader.u32(at + 4);
    if (size < 8) refuse("EBADMACHO", `load command ${i} has size ${size}`, at + 4);
    if (at + size > end) refuse("EBADMACHO", `load command ${i} leaves the header area`, at + 4);
    commands.push({ at, cmd: reader.u32(at), size });
    at += size;
  }
  return commands;
}

const VERSION_COMMANDS: ReadonlySet<number> = new Set([
  fmt.LC_VERSION_MIN_MACOSX,
  fmt.LC_VERSION_MIN_IPHONEOS,
  fmt.LC_VERSION_MIN_TVOS,
  fmt.LC_VERSION_MIN_WATCHOS,
  fmt.LC_BUILD_VERSION,
]);

function checkVersions(commands: readonly LoadCommand[]): void {
  const versions = commands.filter((c) => VERSION_COMMANDS.has(c.cmd));
  const second = versions[1];
  if (second !== undefined) refuse("EBADMACHO", "more than one version command", second.at);
}

/** Pass 1: LC_UNIXTHREAD or LC_MAIN, once. @returns null for LC_MAIN or neither */
function readThread(reader: FileReader, commands: readonly LoadCommand[]): UnixThread | null {
  let thread: UnixThread | null = null;
  let seen = 0;
  for (const command of commands) {
    if (command.cmd !== fmt.LC_UNIXTHREAD && command.cmd !== fmt.LC_MAIN) continue;
    if (seen++ > 0) refuse("EBADEXEC", "more than one entry point command", command.at);
    if (command.cmd === fmt.LC_UNIXTHREAD) thread = readUnixThread(reader, command);
    else if (command.size < 24) refuse("EBADMACHO", "LC_MAIN is too short", command.at);
  }
  return thread;
}

/** Refuse what needs dyld, naming it and the libraries it would bring in. */
function refuseDynamic(reader: FileReader, commands: readonly LoadCommand[], flags: number): void {
  const dylinker = commands.find((c) => c.cmd === fmt.LC_LOAD_DYLINKER);
  const main = commands.some((c) => c.cmd === fmt.LC_MAIN);
  if ((flags & fmt.MH_DYLDLINK) === 0 && dylinker === undefined && !main) return;
  if (dylinker === undefined) {
    refuse("EBADEXEC", "dynamically linked, but no LC_LOAD_DYLINKER says by what");
  }
  const needs = [lcString(reader, dylinker)];
  const dylibs = [fmt.LC_LOAD_DYLIB, fmt.LC_LOAD_WEAK_DYLIB, fmt.LC_REEXPORT_DYLIB];
  for (const c of commands) if (dylibs.includes(c.cmd)) needs.push(lcString(reader, c));
  refuse(
    "EBADEXEC",
    `dynamically linked: it would need ${needs.join(", ")}; only static executables are run`,
    dylinker.at,
  );
}

/** The string of a dylinker or dylib command: its offset within the command is at byte 8. */
function lcString(reader: FileReader, command: LoadCommand): string {
  if (command.size < 12) refuse("EBADMACHO", "load command is too short for its name", command.at);
  const offset = reader.u32(command.at + 8);
  if (offset < 12 || offset >= command.size) {
    refuse("EBADMACHO", "the name is outside its load command", command.at + 8);
  }
  return reader.text(command.at + offset, command.size - offset);
}
