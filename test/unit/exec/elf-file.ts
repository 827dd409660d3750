/** One program header of a file to be made. */
export interface ElfPart {
  readonly type?: number;
  /** R 4, W 2, X 1. */
  readonly flags: number;
  readonly vaddr: number;
  readonly offset: number;
  readonly filesz: number;
  readonly memsz?: number;
}

export const ET_EXEC = 2;
export const ET_DYN = 3;
export const PT_LOAD = 1;
export const PT_INTERP = 3;
export const [R, RW, RX, RWX] = [4, 6, 5, 7] as const;

/**
 * An AArch64 ELF file with these program headers, entry at the first one's address. Every byte after
 * the headers is the number of its 4 KiB page plus one.
 */
export function elfFile(type: number, sizeBytes: number, parts: readonly ElfPart[]): Uint8Array {
  const bytes = new Uint8Array(sizeBytes).map((_, i) => 1 + (i >> 12));
  const headersEnd = 64 + 56 * parts.length;
  bytes.fill(0, 0, headersEnd);
  bytes.set([0x7f, 0x45, 0x4c, 0x46, 2, 1, 1]);
  const view = new DataView(bytes.buffer);
  view.setUint16(16, type, true);
  view.setUint16(18, 183, true);
  view.setUint32(20, 1, true);
  view.setBigUint64(24, BigInt(parts[0]?.vaddr ?? 0) + BigInt(headersEnd), true);
  view.setBigUint64(32, 64n, true);
  view.setUint16(54, 56, true);
  view.setUint16(56, parts.length, true);
  parts.forEach((part, i) => {
    const at = 64 + 56 * i;
    view.setUint32(at, part.type ?? PT_LOAD, true);
    view.setUint32(at + 4, part.flags, true);
    const words = [part.offset, part.vaddr, part.vaddr, part.filesz, part.memsz ?? part.filesz, 0];
    words.forEach((word, j) => {
      view.setBigUint64(at + 8 + 8 * j, BigInt(word), true);
    });
  });
  return bytes;
}
