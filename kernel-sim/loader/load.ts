import { parseElf } from "./elf.js";
import { ELF_MAGIC } from "./elf-format.js";
import { LoadError } from "./errors.js";
import type { LoadedImage } from "./image.js";
import { parseMacho } from "./macho.js";
import { FAT_MAGIC, MH_CIGAM, MH_CIGAM_64, MH_MAGIC, MH_MAGIC_64 } from "./macho-format.js";

const MACHO_MAGICS: ReadonlySet<number> = new Set([MH_MAGIC, MH_MAGIC_64, MH_CIGAM, MH_CIGAM_64]);

/** Read a program file of either format, told apart by its first four bytes. */
export function loadImage(file: Uint8Array): LoadedImage | LoadError {
  if (file.length === 0) return new LoadError("ENOEXEC", "the file is empty");
  if (file.length >= 4) {
    const view = new DataView(file.buffer, file.byteOffset, file.byteLength);
    const magic = view.getUint32(0, true);
    if (magic === ELF_MAGIC) return parseElf(file);
    if (MACHO_MAGICS.has(magic) || view.getUint32(0, false) === FAT_MAGIC) return parseMacho(file);
  }
  if (file[0] === 0x23 && file[1] === 0x21) {
    return new LoadError("ENOEXEC", "a script: run its interpreter with the script as argument");
  }
  return new LoadError("ENOEXEC", "neither a Mach-O nor an ELF program", 0);
}
