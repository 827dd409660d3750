import * as fmt from "./elf-format.js";
import type { ImageSymbol } from "./image.js";
import type { FileReader } from "./reader.js";

/**
 * Symbols of .symtab that stand for places in the program, global ones first. Section headers are
 * not needed to run a program, so damaged ones are not an error: what does not fit in the
 * file is left out.
 */
export function elfSymbols(reader: FileReader): readonly ImageSymbol[] {
  const shoff = Number(reader.u64(fmt.HEADER.shoff));
  const shnum = reader.u16(fmt.HEADER.shnum);
  if (shoff === 0 || reader.u16(fmt.HEADER.shentsize) !== fmt.SHDR.size) return [];
  if (!reader.contains(shoff, shnum * fmt.SHDR.size)) return [];
  for (let i = 0; i < shnum; i++) {
    const at = shoff + i * fmt.SHDR.size;
    if (reader.u32(at + fmt.SHDR.type) !== fmt.SHT_SYMTAB) continue;
    const link = reader.u32(at + fmt.SHDR.link);
    if (link >= shnum) return [];
    return readTable(reader, range(reader, at), range(reader, shoff + link * fmt.SHDR.size));
  }
  return [];
}

interface FileRange {
  readonly offset: number;
  readonly size: number;
}

function range(reader: FileReader, section: number): FileRange | null {
  const offset = Number(reader.u64(section + fmt.SHDR.offset));
  const size = Number(reader.u64(section + fmt.SHDR.sectionSize));
  return reader.contains(offset, size) ? { offset, size } : null;
}

function readTable(
  reader: FileReader,
  table: FileRange | null,
  strings: FileRange | null,
): readonly ImageSymbol[] {
  if (table === null || strings === null) return [];
  const global: ImageSymbol[] = [];
  const local: ImageSymbol[] = [];
  const end = table.offset + table.size;
  for (let at = table.offset; at + fmt.SYM.size <= end; at += fmt.SYM.size) {
    const info = reader.u8(at + fmt.SYM.info);
    const type = info & 0xf;
    const shndx = reader.u16(at + fmt.SYM.shndx);
    if (type !== fmt.STT_FUNC && type !== fmt.STT_OBJECT && type !== fmt.STT_NOTYPE) continue;
    if (shndx === fmt.SHN_UNDEF || shndx === fmt.SHN_ABS) continue;
    const strx = reader.u32(at + fmt.SYM.name);
    if (strx >= strings.size) continue;
    const name = reader.text(strings.offset + strx, strings.size - strx);
    // "$x" and "$d" mark code and data for disassemblers (ELF for AArch64, mapping symbols).
    if (name === "" || name.startsWith("$")) continue;
    const symbol = { address: Number(reader.u64(at + fmt.SYM.value)), name };
    (info >> 4 === fmt.STB_LOCAL ? local : global).push(symbol);
  }
  return [...global, ...local];
}
