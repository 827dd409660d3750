/** Constants and field offsets of ELF64 files (System V ABI, chapter 4 and 5). Offsets in bytes. */

/** 7f 45 4c 46, little-endian. */
export const ELF_MAGIC = 0x464c_457f;
export const ELFCLASS64 = 2;
export const ELFDATA2LSB = 1;
export const ET_EXEC = 2;
export const ET_DYN = 3;
export const EM_AARCH64 = 183;

export const HEADER = {
  class: 4,
  data: 5,
  type: 16,
  machine: 18,
  entry: 24,
  phoff: 32,
  shoff: 40,
  phentsize: 54,
  phnum: 56,
  shentsize: 58,
  shnum: 60,
  size: 64,
} as const;

export const PT_LOAD = 1;
export const PT_DYNAMIC = 2;
export const PT_INTERP = 3;
export const PT_PHDR = 6;
export const PT_TLS = 7;
export const PT_GNU_STACK = 0x6474_e551;
export const PF_X = 1;
export const PF_W = 2;
export const PF_R = 4;

export const PHDR = {
  type: 0,
  flags: 4,
  offset: 8,
  vaddr: 16,
  paddr: 24,
  filesz: 32,
  memsz: 40,
  size: 56,
} as const;

export const SHT_SYMTAB = 2;
export const SHDR = { type: 4, offset: 24, sectionSize: 32, link: 40, size: 64 } as const;

export const SYM = { name: 0, info: 4, shndx: 6, value: 8, size: 24 } as const;
export const STT_NOTYPE = 0;
export const STT_OBJECT = 1;
export const STT_FUNC = 2;
export const STB_LOCAL = 0;
export const SHN_UNDEF = 0;
export const SHN_ABS = 0xfff1;

export const DT_NULL = 0;
export const DT_NEEDED = 1;
export const DT_STRTAB = 5;
export const DYN_SIZE = 16;

/** The smallest page a Linux file is laid out for; offset and address agree modulo it. */
export const ELF_MIN_PAGE = 4096;

/** For messages: the processor a machine number stands for. */
export function machineName(machine: number): string {
  const names: Readonly<Record<number, string>> = {
    3: "i386",
    8: "MIPS",
    21: "PowerPC64",
    40: "32-bit Arm",
    62: "x86-64",
    183: "AArch64",
    243: "RISC-V",
  };
  return names[machine] ?? `machine ${machine}`;
}
