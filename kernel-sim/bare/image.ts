import { hex } from "../../emulator/arch/hex.js";
import { checkHeader, readProgramHeaders } from "../loader/elf.js";
import { ELF_MAGIC, HEADER, PT_LOAD } from "../loader/elf-format.js";
import { elfSymbols } from "../loader/elf-symbols.js";
import type { LoadError } from "../loader/errors.js";
import type { ImageSymbol } from "../loader/image.js";
import { FileReader, parsing, refuse } from "../loader/reader.js";
import { FLAT_OFFSET } from "./memory-map.js";

/** Bytes at a physical address. */
export interface BareSegment {
  readonly physical: number;
  readonly bytes: Uint8Array;
  /** In memory, zeroes behind the bytes included. */
  readonly sizeBytes: number;
}

/** A program for the bare machine. */
export interface BareImage {
  readonly kind: "elf" | "flat";
  readonly segments: readonly BareSegment[];
  /** Physical address of the first instruction. */
  readonly entry: number;
  /** By the addresses the program is linked for; none of a flat image. */
  readonly symbols: readonly ImageSymbol[];
}

/** The arm64 Image header (Linux: Documentation/arm64/booting). */
const IMAGE = { textOffset: 8, imageSize: 16, magic: 56, headerBytes: 64 } as const;
/** "ARM\x64" */
const IMAGE_MAGIC = 0x644d_5241;
/** An image that asks for less, where QEMU has its boot code, is put this much higher. */
const BOOT_CODE_BYTES = 0x1000;
const IMAGE_ALIGNMENT = 0x20_0000;

/**
 * Read an image for a machine with RAM at `[ramBase, ramEnd)`: an AArch64 ELF file by its physical addresses, or
 * anything else as a flat image, where QEMU's -kernel would put it.
 */
export function parseBareImage(
  file: Uint8Array,
  ramBase: number,
  ramEnd: number,
): BareImage | LoadError {
  return parsing(() => {
    const reader = new FileReader(file, "ENOEXEC");
    const isElf = file.length >= 4 && reader.u32(0) === ELF_MAGIC;
    const image = isElf ? parseElf(reader) : parseFlat(reader, ramBase);
    for (const { physical, sizeBytes } of image.segments) {
      if (physical >= ramBase && physical + sizeBytes <= ramEnd) continue;
      const range = `[${hex(physical)}, ${hex(physical + sizeBytes)})`;
      refuse("ENOMEM", `${range} is not in RAM, [${hex(ramBase)}, ${hex(ramEnd)})`);
    }
    return image;
  });
}

function parseElf(reader: FileReader): BareImage {
  checkHeader(reader);
  const loads = readProgramHeaders(reader).filter((h) => h.type === PT_LOAD && h.memsz > 0);
  if (loads.length === 0) refuse("ENOEXEC", "no PT_LOAD segment: there is nothing to load");
  for (const h of loads) {
    if (h.filesz > h.memsz)
      refuse("EINVAL", "a segment has more bytes in the file than in memory", h.at);
    if (!reader.contains(h.offset, h.filesz)) {
      refuse("ENOEXEC", "a segment extends past the end of the file", h.at);
    }
  }
  // The entry point is a virtual address; the MMU is off when it is reached.
  const entry = Number(reader.u64(HEADER.entry));
  const home = loads.find((h) => entry >= h.vaddr && entry < h.vaddr + h.memsz);
  if (home === undefined) {
    return refuse("ENOEXEC", `entry point ${hex(entry)} is not in a segment`, HEADER.entry);
  }
  return {
    kind: "elf",
    segments: loads.map((h) => ({
      physical: h.paddr,
      bytes: reader.bytes.subarray(h.offset, h.offset + h.filesz),
      sizeBytes: h.memsz,
    })),
    entry: entry - home.vaddr + home.paddr,
    symbols: elfSymbols(reader),
  };
}

function parseFlat(reader: FileReader, ramBase: number): BareImage {
  if (reader.size < 4) refuse("ENOEXEC", "the file is empty");
  let offset = FLAT_OFFSET;
  let sizeBytes = reader.size;
  if (reader.size >= IMAGE.headerBytes && reader.u32(IMAGE.magic) === IMAGE_MAGIC) {
    const imageSize = Number(reader.u64(IMAGE.imageSize));
    // Before Linux 3.17 the size was zero and the offset of either byte order.
    if (imageSize !== 0) {
      offset = Number(reader.u64(IMAGE.textOffset));
      sizeBytes = Math.max(sizeBytes, imageSize);
      if (offset < BOOT_CODE_BYTES) offset += IMAGE_ALIGNMENT;
    }
  }
  const physical = ramBase + offset;
  return {
    kind: "flat",
    symbols: [],
    segments: [{ physical, bytes: reader.bytes, sizeBytes }],
    entry: physical,
  };
}
