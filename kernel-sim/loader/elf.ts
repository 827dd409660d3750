import { hex } from "../../emulator/arch/hex.js";
import {
  MACH_VM_MAX_ADDRESS,
  PAGE_SIZE,
  VM_PROT_ALL,
  VM_PROT_EXECUTE,
  VM_PROT_READ,
  VM_PROT_WRITE,
} from "../../vm/types.js";
import * as fmt from "./elf-format.js";
import { elfSymbols } from "./elf-symbols.js";
import type { LoadError } from "./errors.js";
import { SymbolTable, type ImageSegment, type LoadedImage } from "./image.js";
import { FileReader, parsing, refuse } from "./reader.js";

/** One program header. Bytes. */
export interface ProgramHeader {
  /** Where the header itself is in the file. */
  readonly at: number;
  readonly type: number;
  readonly flags: number;
  readonly offset: number;
  readonly vaddr: number;
  readonly paddr: number;
  readonly filesz: number;
  readonly memsz: number;
}

/**
 * Read an AArch64 ELF64 program for the Linux personality: ET_EXEC, or ET_DYN that relocates itself.
 * An interpreter and the libraries it would load are reported in the image; whether that is a
 * refusal is exec's decision. Follows load_elf_binary of Linux; unlike it, a segment
 * whose bytes are not all in the file is refused here rather than when they are touched.
 */
export function parseElf(file: Uint8Array): LoadedImage | LoadError {
  return parsing(() => {
    const reader = new FileReader(file, "ENOEXEC");
    const type = checkHeader(reader);
    const headers = readProgramHeaders(reader);
    const loads = headers.filter((h) => h.type === fmt.PT_LOAD && h.memsz > 0);
    if (loads.length === 0) refuse("ENOEXEC", "no PT_LOAD segment: there is nothing to load");
    checkLoads(reader, loads);

    const entry = address(reader, fmt.HEADER.entry, "the entry point");
    if (!loads.some((h) => entry >= h.vaddr && entry < h.vaddr + h.memsz)) {
      refuse("ENOEXEC", `entry point ${hex(entry)} is not in a segment`, fmt.HEADER.entry);
    }
    const interp = headers.find((h) => h.type === fmt.PT_INTERP);
    const stack = headers.find((h) => h.type === fmt.PT_GNU_STACK);
    const tls = headers.find((h) => h.type === fmt.PT_TLS);
    return {
      format: "elf",
      personality: "linux",
      bytes: file,
      sliceOffset: 0,
      entry,
      segments: loads.map(toSegment),
      pageZeroEnd: 0,
      positionIndependent: type === fmt.ET_DYN,
      registers: null,
      customStackTop: null,
      executableStack: stack !== undefined && (stack.flags & fmt.PF_X) !== 0,
      programHeaders: {
        address: headersAddress(reader, headers, loads),
        entryBytes: fmt.PHDR.size,
        count: headers.length,
      },
      interpreter: interp === undefined ? null : interpreterPath(reader, interp),
      libraries: neededLibraries(reader, headers, loads),
      tls:
        tls === undefined ? null : { address: tls.vaddr, fileSize: tls.filesz, vmSize: tls.memsz },
      symbols: new SymbolTable(elfSymbols(reader)),
    };
  });
}

/** Refuse what is not an AArch64 executable. @returns e_type */
export function checkHeader(reader: FileReader): number {
  if (reader.size < 4 || reader.u32(0) !== fmt.ELF_MAGIC) refuse("ENOEXEC", "not an ELF file", 0);
  if (reader.size < fmt.HEADER.size) refuse("ENOEXEC", "the ELF header is cut short", reader.size);
  if (reader.u8(fmt.HEADER.class) !== fmt.ELFCLASS64) {
    refuse("ENOEXEC", "32-bit ELF file: only AArch64 is run", fmt.HEADER.class);
  }
  if (reader.u8(fmt.HEADER.data) !== fmt.ELFDATA2LSB) {
    refuse("ENOEXEC", "big-endian ELF file", fmt.HEADER.data);
  }
  const machine = reader.u16(fmt.HEADER.machine);
  if (machine !== fmt.EM_AARCH64) {
    refuse("ENOEXEC", `ELF file for ${fmt.machineName(machine)}, not AArch64`, fmt.HEADER.machine);
  }
  const type = reader.u16(fmt.HEADER.type);
  if (type !== fmt.ET_EXEC && type !== fmt.ET_DYN) {
    refuse("ENOEXEC", `ELF file of type ${type}, not an executable`, fmt.HEADER.type);
  }
  return type;
}

export function readProgramHeaders(reader: FileReader): readonly ProgramHeader[] {
  const entryBytes = reader.u16(fmt.HEADER.phentsize);
  if (entryBytes !== fmt.PHDR.size) {
    refuse("ENOEXEC", `program headers of ${entryBytes} bytes instead of 56`, fmt.HEADER.phentsize);
  }
  const count = reader.u16(fmt.HEADER.phnum);
  // Linux limits the table to 64 KiB; e_phnum cannot exceed it with 56-byte entries by much.
  if (count === 0 || count * fmt.PHDR.size > 65536) {
    refuse("ENOEXEC", `${count} program headers`, fmt.HEADER.phnum);
  }
  const phoff = fileOffset(reader, fmt.HEADER.phoff);
  if (!reader.contains(phoff, count * fmt.PHDR.size)) {
    refuse("ENOEXEC", "the program headers are not inside the file", fmt.HEADER.phoff);
  }
  const headers: ProgramHeader[] = [];
  for (let i = 0; i < count; i++) {
    const at = phoff + i * fmt.PHDR.size;
    headers.push({
      at,
      type: reader.u32(at + fmt.PHDR.type),
      flags: reader.u32(at + fmt.PHDR.flags),
      offset: Number(reader.u64(at + fmt.PHDR.offset)),
      vaddr: Number(reader.u64(at + fmt.PHDR.vaddr)),
      paddr: Number(reader.u64(at + fmt.PHDR.paddr)),
      filesz: Number(reader.u64(at + fmt.PHDR.filesz)),
      memsz: Number(reader.u64(at + fmt.PHDR.memsz)),
    });
  }
  return headers;
}

function checkLoads(reader: FileReader, loads: readonly ProgramHeader[]): void {
  let previousEnd = 0;
  loads.forEach((h, i) => {
    const name = `segment ${i}`;
    if (h.filesz > h.memsz) {
      refuse("EINVAL", `${name} has more bytes in the file than in memory`, h.at);
    }
    if (h.vaddr + h.memsz > MACH_VM_MAX_ADDRESS) {
      refuse("ENOMEM", `${name} is outside the address space`, h.at + fmt.PHDR.vaddr);
    }
    if (!reader.contains(h.offset, h.filesz)) {
      refuse("ENOEXEC", `${name} extends past the end of the file`, h.at + fmt.PHDR.offset);
    }
    if (h.offset % fmt.ELF_MIN_PAGE !== h.vaddr % fmt.ELF_MIN_PAGE) {
      refuse("EINVAL", `${name}: address and file offset differ within a page`, h.at);
    }
    if (h.vaddr < previousEnd) {
      refuse("EINVAL", `${name} overlaps or precedes the one before it`, h.at + fmt.PHDR.vaddr);
    }
    previousEnd = h.vaddr + h.memsz;
  });
}

function toSegment(h: ProgramHeader, index: number): ImageSegment {
  let protection = 0;
  if ((h.flags & fmt.PF_R) !== 0) protection |= VM_PROT_READ;
  if ((h.flags & fmt.PF_W) !== 0) protection |= VM_PROT_WRITE;
  if ((h.flags & fmt.PF_X) !== 0) protection |= VM_PROT_EXECUTE;
  return {
    name: `LOAD ${index}`,
    vmAddress: h.vaddr,
    vmSize: h.memsz,
    fileOffset: h.offset,
    fileSize: h.filesz,
    protection,
    maxProtection: VM_PROT_ALL,
  };
}

/** Where the program finds its headers: PT_PHDR, or the segment that holds them; 0 if none does. */
function headersAddress(
  reader: FileReader,
  headers: readonly ProgramHeader[],
  loads: readonly ProgramHeader[],
): number {
  const phdr = headers.find((h) => h.type === fmt.PT_PHDR);
  if (phdr !== undefined) return phdr.vaddr;
  const phoff = fileOffset(reader, fmt.HEADER.phoff);
  return fileToAddress(loads, phoff) ?? 0;
}

function fileToAddress(loads: readonly ProgramHeader[], offset: number): number | null {
  const h = loads.find((l) => offset >= l.offset && offset < l.offset + l.filesz);
  return h === undefined ? null : h.vaddr + (offset - h.offset);
}

function addressToFile(loads: readonly ProgramHeader[], vaddr: number): number | null {
  const h = loads.find((l) => vaddr >= l.vaddr && vaddr < l.vaddr + l.filesz);
  return h === undefined ? null : h.offset + (vaddr - h.vaddr);
}

/** PT_INTERP: a NUL-terminated path. Linux: 2 to PATH_MAX bytes, the last one NUL. */
function interpreterPath(reader: FileReader, h: ProgramHeader): string {
  const bad = h.filesz < 2 || h.filesz > PAGE_SIZE || !reader.contains(h.offset, h.filesz);
  if (bad || reader.u8(h.offset + h.filesz - 1) !== 0) {
    refuse("ENOEXEC", "PT_INTERP does not hold a path", h.at);
  }
  return reader.text(h.offset, h.filesz);
}

/** DT_NEEDED names, as far as the dynamic section makes sense: they only serve messages. */
function neededLibraries(
  reader: FileReader,
  headers: readonly ProgramHeader[],
  loads: readonly ProgramHeader[],
): readonly string[] {
  const dynamic = headers.find((h) => h.type === fmt.PT_DYNAMIC);
  if (dynamic === undefined || !reader.contains(dynamic.offset, dynamic.filesz)) return [];
  const needed: number[] = [];
  let strtab: number | null = null;
  for (
    let at = dynamic.offset;
    at + fmt.DYN_SIZE <= dynamic.offset + dynamic.filesz;
    at += fmt.DYN_SIZE
  ) {
    const tag = Number(reader.u64(at));
    const value = Number(reader.u64(at + 8));
    if (tag === fmt.DT_NULL) break;
    if (tag === fmt.DT_NEEDED) needed.push(value);
    if (tag === fmt.DT_STRTAB) strtab = addressToFile(loads, value);
  }
  const base = strtab;
  if (base === null) return [];
  return needed
    .filter((offset) => reader.contains(base + offset, 1))
    .map((offset) => reader.text(base + offset, 4096));
}

function fileOffset(reader: FileReader, at: number): number {
  return Number(reader.u64(at));
}

function address(reader: FileReader, at: number, what: string): number {
  const value = reader.u64(at);
  if (value >= BigInt(MACH_VM_MAX_ADDRESS)) {
    refuse("ENOEXEC", `${what} 0x${value.toString(16)} is outside the address space`, at);
  }
  return Number(value);
}
