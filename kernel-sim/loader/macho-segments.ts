import { hex } from "../../emulator/arch/hex.js";
import { alignDown, alignUp } from "../../vm/address.js";
import {
  MACH_VM_MAX_ADDRESS,
  PAGE_SIZE,
  VM_PROT_ALL,
  VM_PROT_EXECUTE,
  VM_PROT_READ,
  VM_PROT_WRITE,
} from "../../vm/types.js";
import type { ImageSegment } from "./image.js";
import type { LoadCommand } from "./macho.js";
import { SECTION_SIZE, SEGMENT, SG_READ_ONLY } from "./macho-format.js";
import { refuse, type FileReader } from "./reader.js";

const READ_EXECUTE = VM_PROT_READ | VM_PROT_EXECUTE;
const WRITE_EXECUTE = VM_PROT_WRITE | VM_PROT_EXECUTE;

/**
 * Pass 2: the segments, checked one after the other as XNU maps them, so that what would fail to
 * map is refused here already. XNU: mach_loader.c load_segment, map_segment.
 */
export class SegmentPass {
  /** What exec maps: segments of some size, without __PAGEZERO. */
  readonly mapped: ImageSegment[] = [];
  pageZeroEnd = 0;
  /** A segment maps file offset 0, and with it the Mach-O header. */
  mapsHeader = false;
  /** The entry point lies in a segment that is readable and executable. */
  validEntry = false;
  readonly #reader: FileReader;
  readonly #sliceOffset: number;
  readonly #entry: number | null;
  #readOnlySeen = false;

  constructor(reader: FileReader, sliceOffset: number, entry: number | null) {
    this.#reader = reader;
    this.#sliceOffset = sliceOffset;
    this.#entry = entry;
  }

  add(command: LoadCommand): void {
    const { at } = command;
    if (command.size < SEGMENT.size) refuse("EBADMACHO", "segment command is too short", at);
    const segment = this.#read(at);
    this.#checkFile(segment, command);
    const flags = this.#reader.u32(at + SEGMENT.flags);
    if ((flags & SG_READ_ONLY) !== 0) {
      if (this.#readOnlySeen) refuse("EBADMACHO", "two read-only data segments", at);
      this.#readOnlySeen = true;
    }
    if (segment.vmSize === 0) return;
    if (isPageZero(segment)) this.#raiseMinimum(segment, at);
    else this.#map(segment, at);
  }

  #read(at: number): ImageSegment {
    const reader = this.#reader;
    const vmaddr = reader.u64(at + SEGMENT.vmaddr);
    const vmsize = reader.u64(at + SEGMENT.vmsize);
    const fileoff = reader.u64(at + SEGMENT.fileoff);
    const filesize = reader.u64(at + SEGMENT.filesize);
    const name = reader.text(at + SEGMENT.name, 16);
    if (fileoff + filesize > BigInt(reader.size)) {
      refuse("EBADMACHO", `segment ${name} extends past the end of the file`, at + SEGMENT.fileoff);
    }
    if (vmaddr + vmsize >= 1n << 64n) {
      refuse("EBADMACHO", `segment ${name} wraps around the address space`, at + SEGMENT.vmaddr);
    }
    const maxProtection = reader.u32(at + SEGMENT.maxprot) & VM_PROT_ALL;
    return {
      name,
      vmAddress: Number(vmaddr),
      vmSize: Number(vmsize),
      fileOffset: Number(fileoff),
      fileSize: Number(filesize),
      protection: reader.u32(at + SEGMENT.initprot) & VM_PROT_ALL,
      maxProtection,
    };
  }

  #checkFile(segment: ImageSegment, command: LoadCommand): void {
    const { at } = command;
    const nsects = this.#reader.u32(at + SEGMENT.nsects);
    if (Math.floor((command.size - SEGMENT.size) / SECTION_SIZE) < nsects) {
      refuse(
        "EBADMACHO",
        `${nsects} sections do not fit in the segment command`,
        at + SEGMENT.nsects,
      );
    }
    if ((segment.fileOffset + this.#sliceOffset) % PAGE_SIZE !== 0) {
      refuse(
        "EBADMACHO",
        `segment ${segment.name} starts at ${hex(segment.fileOffset)}, not at a 16 KiB page`,
        at + SEGMENT.fileoff,
      );
    }
  }

  #raiseMinimum(segment: ImageSegment, at: number): void {
    const end = alignUp(segment.vmSize, PAGE_SIZE);
    if (end >= MACH_VM_MAX_ADDRESS || this.mapped.some((s) => s.vmAddress < end)) {
      refuse("EBADEXEC", "__PAGEZERO covers what is mapped", at + SEGMENT.vmsize);
    }
    this.pageZeroEnd = Math.max(this.pageZeroEnd, end);
  }

  #map(segment: ImageSegment, at: number): void {
    const executable = (segment.protection & READ_EXECUTE) === READ_EXECUTE;
    if (segment.fileOffset === 0 && segment.fileSize > 0) {
      if (this.mapsHeader) refuse("EBADMACHO", "two segments map the start of the file", at);
      if (!executable) {
        refuse("EBADMACHO", `segment ${segment.name} maps the header but is not executable`, at);
      }
      this.mapsHeader = true;
    }
    const { start, end } = extent(segment);
    if (start < this.pageZeroEnd || end > MACH_VM_MAX_ADDRESS) {
      refuse("ENOMEM", `segment ${segment.name} is outside the address space`, at + SEGMENT.vmaddr);
    }
    const other = this.mapped.find((s) => extent(s).start < end && start < extent(s).end);
    if (other !== undefined) {
      refuse("ENOMEM", `segments ${other.name} and ${segment.name} overlap`, at + SEGMENT.vmaddr);
    }
    if ((segment.protection & WRITE_EXECUTE) === WRITE_EXECUTE) {
      refuse("ENOMEM", `segment ${segment.name} is writable and executable`, at + SEGMENT.initprot);
    }
    const entry = this.#entry;
    const { vmAddress, vmSize } = segment;
    if (entry !== null && executable && entry >= vmAddress && entry < vmAddress + vmSize) {
      this.validEntry = true;
    }
    // A current protection above the maximum is cut to it, as every mapping call does.
    this.mapped.push({ ...segment, protection: segment.protection & segment.maxProtection });
  }
}

/** Pages a segment takes: from the file, even beyond its size in memory, then zero-fill. */
function extent(segment: ImageSegment): { readonly start: number; readonly end: number } {
  const start = alignDown(segment.vmAddress, PAGE_SIZE);
  const fileEnd = start + alignUp(segment.fileSize, PAGE_SIZE);
  return { start, end: Math.max(fileEnd, alignUp(segment.vmAddress + segment.vmSize, PAGE_SIZE)) };
}

function isPageZero(s: ImageSegment): boolean {
  return s.vmAddress === 0 && s.fileSize === 0 && s.protection === 0 && s.maxProtection === 0;
}
