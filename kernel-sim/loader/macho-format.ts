/** Constants and field offsets of Mach-O files (mach-o/loader.h, mach-o/fat.h). Offsets in bytes. */

export const MH_MAGIC_64 = 0xfeedfacf;
export const MH_MAGIC = 0xfeedface;
export const MH_CIGAM_64 = 0xcffaedfe;
export const MH_CIGAM = 0xcefaedfe;
export const FAT_MAGIC = 0xcafebabe;

export const CPU_TYPE_ARM64 = 0x0100_000c;
/** The top byte of cpusubtype holds feature flags. */
export const CPU_SUBTYPE_MASK = 0x00ff_ffff;
export const CPU_SUBTYPE_ARM64E = 2;

export const MH_EXECUTE = 2;
export const MH_DYLDLINK = 0x4;
export const MH_ALLOW_STACK_EXECUTION = 0x2_0000;
export const MH_PIE = 0x20_0000;

export const HEADER = {
  magic: 0,
  cputype: 4,
  cpusubtype: 8,
  filetype: 12,
  ncmds: 16,
  sizeofcmds: 20,
  flags: 24,
  size: 32,
} as const;

export const LC_SEGMENT = 0x1;
export const LC_SYMTAB = 0x2;
export const LC_UNIXTHREAD = 0x5;
export const LC_LOAD_DYLIB = 0xc;
export const LC_LOAD_DYLINKER = 0xe;
export const LC_SEGMENT_64 = 0x19;
export const LC_VERSION_MIN_MACOSX = 0x24;
export const LC_VERSION_MIN_IPHONEOS = 0x25;
export const LC_VERSION_MIN_TVOS = 0x2f;
export const LC_VERSION_MIN_WATCHOS = 0x30;
export const LC_BUILD_VERSION = 0x32;
export const LC_MAIN = 0x8000_0028;
export const LC_LOAD_WEAK_DYLIB = 0x8000_0018;
export const LC_REEXPORT_DYLIB = 0x8000_001f;

export const SEGMENT = {
  name: 8,
  vmaddr: 24,
  vmsize: 32,
  fileoff: 40,
  filesize: 48,
  maxprot: 56,
  initprot: 60,
  nsects: 64,
  flags: 68,
  size: 72,
} as const;
export const SECTION_SIZE = 80;
export const SG_READ_ONLY = 0x10;

/** LC_UNIXTHREAD: {flavor, count, state} groups from byte 8 of the command. */
export const ARM_THREAD_STATE64 = 6;
export const ARM_THREAD_STATE64_COUNT = 68;
export const THREAD_STATE = { x: 0, legacySp: 52, sp: 248, pc: 256 } as const;

export const SYMTAB = { symoff: 8, nsyms: 12, stroff: 16, strsize: 20, size: 24 } as const;
export const NLIST = { strx: 0, type: 4, value: 8, size: 16 } as const;
export const N_STAB = 0xe0;
export const N_TYPE = 0x0e;
export const N_SECT = 0x0e;
export const N_EXT = 0x01;

export const FAT_HEADER_SIZE = 8;
export const FAT_ARCH = { cputype: 0, cpusubtype: 4, offset: 8, size: 12, bytes: 20 } as const;

/** Smallest __PAGEZERO of an arm64 program: 4 GiB. */
export const HARD_PAGEZERO_BYTES = 2 ** 32;

/** For messages: the processor a CPU type stands for. */
export function cpuName(cputype: number): string {
  const names: Readonly<Record<number, string>> = {
    0x7: "i386",
    0x0100_0007: "x86_64",
    0xc: "arm",
    0x0100_000c: "arm64",
    0x0200_000c: "arm64_32",
    0x12: "ppc",
    0x0100_0012: "ppc64",
  };
  return names[cputype] ?? `CPU type 0x${cputype.toString(16)}`;
}

/** For messages: what a filetype stands for. */
export function fileTypeName(filetype: number): string {
  const names: Readonly<Record<number, string>> = {
    1: "an object file",
    2: "an executable",
    4: "a core file",
    6: "a dynamic library",
    7: "a dynamic linker",
    8: "a bundle",
    10: "a debug symbol file",
    11: "a kernel extension",
    12: "a file set",
  };
  return names[filetype] ?? `of file type ${filetype}`;
}
