import { spawnSync } from "node:child_process";
import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { harness } from "./fp-simd-cases.js";

/**
 * The register blocks of `fp-simd-cases` run by qemu-aarch64, for instructions that the library judge lacks: one
 * static program with the harness of every word, which writes all blocks to its standard output.
 */

/** Blocks of one word. */
export interface QemuCase {
  readonly word: number;
  readonly blocks: Uint8Array;
}

const CODE_ADDRESS = 0x40_0000;
const PAGE = 0x1_0000;

/** MOVZ and MOVK of a 32-bit number. */
function moveTo(register: number, value: number): number[] {
  const movz = 0xd2800000 | ((value & 0xffff) << 5) | register;
  const movk = 0xf2a00000 | ((value >>> 16) << 5) | register;
  return [movz >>> 0, movk >>> 0];
}

const WRITE = 64;
const EXIT = 93;
const SVC = 0xd4000001;

/** @param cases SP walks through their blocks, one after the other */
function program(cases: readonly QemuCase[], keepsFpsr: boolean): Uint8Array {
  const bytes = cases.reduce((sum, { blocks }) => sum + blocks.length, 0);
  const bodies = cases.map(({ word }) => harness(word, keepsFpsr));
  const bodyBytes = bodies.reduce((sum, body) => sum + body.length, 0);
  const codeAt = 64 + 2 * 56;
  const dataAt = Math.ceil((codeAt + bodyBytes + 64) / PAGE) * PAGE;
  const image = new Uint8Array(dataAt + bytes);
  const view = new DataView(image.buffer);
  let at = codeAt;
  const put = (...words: readonly number[]): void => {
    for (const word of words) {
      view.setUint32(at, word >>> 0, true);
      at += 4;
    }
  };
  const data = CODE_ADDRESS + dataAt;
  put(...moveTo(0, data), 0x9100001f); // mov sp, x0
  for (const body of bodies) {
    image.set(body, at);
    at += body.length;
  }
  put(...moveTo(0, 1), ...moveTo(1, data), ...moveTo(2, bytes), ...moveTo(8, WRITE), SVC);
  put(...moveTo(0, 0), ...moveTo(8, EXIT), SVC);
  at = dataAt;
  for (const { blocks } of cases) {
    image.set(blocks, at);
    at += blocks.length;
  }
  writeElfHeader(view, codeAt, dataAt, bytes);
  return image;
}

/** ELF-64: code up to `dataAt` readable and executable, `bytes` of data from there readable and writable. */
function writeElfHeader(view: DataView, codeAt: number, dataAt: number, bytes: number): void {
  const EM_AARCH64 = 183;
  [0x7f, 0x45, 0x4c, 0x46, 2, 1, 1].forEach((byte, i) => view.setUint8(i, byte));
  view.setUint16(16, 2, true); // ET_EXEC
  view.setUint16(18, EM_AARCH64, true);
  view.setUint32(20, 1, true);
  view.setBigUint64(24, BigInt(CODE_ADDRESS + codeAt), true);
  view.setBigUint64(32, 64n, true);
  view.setUint16(52, 64, true);
  view.setUint16(54, 56, true);
  view.setUint16(56, 2, true);
  const segment = (index: number, flags: number, offset: number, size: number): void => {
    const at = 64 + 56 * index;
    view.setUint32(at, 1, true); // PT_LOAD
    view.setUint32(at + 4, flags, true);
    const address = BigInt(CODE_ADDRESS + offset);
    [BigInt(offset), address, address, BigInt(size), BigInt(size), BigInt(PAGE)].forEach((v, k) => {
      view.setBigUint64(at + 8 + 8 * k, v, true);
    });
  };
  segment(0, 5, 0, dataAt);
  segment(1, 6, dataAt, bytes);
}

/**
 * Run every word on its blocks.
 * @param keepsFpsr FPSR is cleared before each case and stored in its block afterwards
 * @returns the blocks afterwards, in the same order
 */
export function runOnQemu(cases: readonly QemuCase[], keepsFpsr = false): Uint8Array[] {
  const folder = mkdtempSync(join(tmpdir(), "machvm-qemu-"));
  const path = join(folder, "cases");
  try {
    writeFileSync(path, program(cases, keepsFpsr), { mode: 0o755 });
    const result = spawnSync("qemu-aarch64", ["-cpu", "max", path], { maxBuffer: 1 << 28 });
    if (result.error !== undefined) throw result.error;
    if (result.status !== 0) {
      throw new Error(`qemu-aarch64 ended with ${result.status ?? result.signal ?? "nothing"}`);
    }
    let at = 0;
    return cases.map(({ blocks }) => {
      at += blocks.length;
      return new Uint8Array(result.stdout.subarray(at - blocks.length, at));
    });
  } finally {
    rmSync(folder, { recursive: true });
  }
}
