import { spawnSync } from "node:child_process";
import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";

/** Static AArch64 Linux programs made word by word, and running them on qemu-aarch64. */

export const ELF_PAGE = 0x1_0000;
const HEADER_BYTES = 64;
const SEGMENT_BYTES = 56;
const EM_AARCH64 = 183;
const FLAGS = { rx: 5, rw: 6 } as const;

export interface ElfSegment {
  /** Virtual address, a multiple of ELF_PAGE. */
  readonly address: number;
  readonly bytes: Uint8Array;
  readonly flags: keyof typeof FLAGS;
}

/** An ELF-64 executable. */
export function elfImage(entry: number, segments: readonly ElfSegment[]): Uint8Array {
  const upToPage = (n: number): number => Math.ceil(n / ELF_PAGE) * ELF_PAGE;
  const size = segments.reduce((sum, { bytes }) => sum + upToPage(bytes.length), ELF_PAGE);
  const image = new Uint8Array(size);
  const view = new DataView(image.buffer);
  image.set([0x7f, 0x45, 0x4c, 0x46, 2, 1, 1]);
  view.setUint16(16, 2, true); // ET_EXEC
  view.setUint16(18, EM_AARCH64, true);
  view.setUint32(20, 1, true);
  view.setBigUint64(24, BigInt(entry), true);
  view.setBigUint64(32, BigInt(HEADER_BYTES), true);
  view.setUint16(52, HEADER_BYTES, true);
  view.setUint16(54, SEGMENT_BYTES, true);
  view.setUint16(56, segments.length, true);
  let offset = ELF_PAGE;
  segments.forEach(({ address, bytes, flags }, i) => {
    const at = HEADER_BYTES + SEGMENT_BYTES * i;
    view.setUint32(at, 1, true); // PT_LOAD
    view.setUint32(at + 4, FLAGS[flags], true);
    [offset, address, address, bytes.length, bytes.length, ELF_PAGE].forEach((value, k) => {
      view.setBigUint64(at + 8 + 8 * k, BigInt(value), true);
    });
    image.set(bytes, offset);
    offset += upToPage(bytes.length);
  });
  return image;
}

export function wordBytes(...words: readonly number[]): Uint8Array {
  return new Uint8Array(Uint32Array.from(words).buffer);
}

export function joined(parts: readonly Uint8Array[]): Uint8Array {
  return new Uint8Array(Buffer.concat(parts));
}

/** MOVZ and three MOVKs. */
export function moveTo(register: number, value: number): number[] {
  const bits = BigInt(value);
  return [0, 1, 2, 3].map((part) => {
    const opcode = part === 0 ? 0xd280_0000 : 0xf280_0000;
    const imm16 = Number((bits >> BigInt(16 * part)) & 0xffffn);
    return (opcode | (part << 21) | (imm16 << 5) | register) >>> 0;
  });
}

export const SVC = 0xd400_0001;
export const EXIT = 93;
const WRITE = 64;

/** write(1, address, bytes): X0, X1, X2 and X8 are lost. */
export function write(address: number, bytes: number): number[] {
  return [...moveTo(0, 1), ...moveTo(1, address), ...moveTo(2, bytes), ...moveTo(8, WRITE), SVC];
}

/** @returns the exit status or the signal's name, and what the program wrote */
export function runElf(cpu: string, image: Uint8Array): { status: string; stdout: Buffer } {
  const folder = mkdtempSync(join(tmpdir(), "machvm-qemu-"));
  const path = join(folder, "program");
  try {
    writeFileSync(path, image, { mode: 0o755 });
    const result = spawnSync("qemu-aarch64", ["-cpu", cpu, path], {
      maxBuffer: 1 << 29,
      timeout: 60_000,
    });
    if (result.error !== undefined) throw result.error;
    return { status: String(result.status ?? result.signal), stdout: result.stdout };
  } finally {
    rmSync(folder, { recursive: true });
  }
}
