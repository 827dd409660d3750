import type { ImageSymbol } from "./image.js";
import type { LoadCommand } from "./macho.js";
import { LC_SYMTAB, N_EXT, N_SECT, N_STAB, N_TYPE, NLIST, SYMTAB } from "./macho-format.js";
import type { FileReader } from "./reader.js";

/**
 * Symbols of LC_SYMTAB that stand for places in the program, external ones first, C names without
 * their underscore. The kernel does not look at them, so a damaged table is not an error: what does
 * not fit in the file is left out.
 */
export function machoSymbols(
  reader: FileReader,
  commands: readonly LoadCommand[],
): readonly ImageSymbol[] {
  const command = commands.find((c) => c.cmd === LC_SYMTAB && c.size >= SYMTAB.size);
  if (command === undefined) return [];
  const symoff = reader.u32(command.at + SYMTAB.symoff);
  const nsyms = reader.u32(command.at + SYMTAB.nsyms);
  const stroff = reader.u32(command.at + SYMTAB.stroff);
  const strsize = reader.u32(command.at + SYMTAB.strsize);
  if (!reader.contains(symoff, nsyms * NLIST.size) || !reader.contains(stroff, strsize)) return [];

  const external: ImageSymbol[] = [];
  const local: ImageSymbol[] = [];
  for (let i = 0; i < nsyms; i++) {
    const at = symoff + i * NLIST.size;
    const type = reader.u8(at + NLIST.type);
    if ((type & N_STAB) !== 0 || (type & N_TYPE) !== N_SECT) continue;
    const strx = reader.u32(at + NLIST.strx);
    if (strx >= strsize) continue;
    const name = reader.text(stroff + strx, strsize - strx).replace(/^_/, "");
    if (name === "") continue;
    const symbol = { address: Number(reader.u64(at + NLIST.value)), name };
    ((type & N_EXT) !== 0 ? external : local).push(symbol);
  }
  return [...external, ...local];
}
