import { closeSync, fstatSync, openSync, readSync } from "node:fs";

/**
 * (module (import "m" "m" (memory 1)) (func (export "h") (param $at i32) (param $end i32) (result i64) ...))
 *
 * For each 8 bytes, h = (h ^ word) * 0x9e3779b97f4a7c15; h ^= h >>> 29. Each step is a bijection of h, so a change
 * within one word always shows.
 */
const HASH = new Uint8Array([
  ...[0, 0x61, 0x73, 0x6d, 1, 0, 0, 0],
  ...[1, 7, 1, 0x60, 2, 0x7f, 0x7f, 1, 0x7e], // type (i32, i32) -> i64
  ...[2, 8, 1, 1, 0x6d, 1, 0x6d, 2, 0, 1], // import m.m: memory
  ...[3, 2, 1, 0, 7, 5, 1, 1, 0x68, 0, 0], // function 0, exported as h
  ...[10, 60, 1, 58, 1, 1, 0x7e, 2, 0x40, 3, 0x40], // code: local i64; block, loop
  ...[0x20, 0, 0x20, 1, 0x4f, 0x0d, 1], // at >= end: leave
  ...[0x20, 2, 0x20, 0, 0x29, 3, 0, 0x85], // h ^ load64(at)
  ...[0x42, 0x95, 0xf8, 0xa9, 0xfa, 0x97, 0xb7, 0xde, 0x9b, 0x9e, 0x7f, 0x7e], // * the constant
  ...[0x22, 2, 0x20, 2, 0x42, 29, 0x88, 0x85, 0x21, 2], // h ^ h >>> 29
  ...[0x20, 0, 0x41, 8, 0x6a, 0x21, 0, 0x0c, 0, 0x0b, 0x0b, 0x20, 2, 0x0b], // at += 8, again
]);

const WASM_PAGE_BYTES = 2 ** 16;
/** Files begin at multiples of this; what follows one is zero. */
const ALIGN = 8;

type Hash = (at: number, end: number) => bigint;

/** Memory with WebAssembly to hash it. */
class HashedMemory {
  readonly memory: WebAssembly.Memory;
  readonly #hash: Hash;

  constructor(bytes: number) {
    this.memory = new WebAssembly.Memory({ initial: Math.ceil(bytes / WASM_PAGE_BYTES) + 1 });
    const module = new WebAssembly.Module(HASH);
    const instance = new WebAssembly.Instance(module, { m: { m: this.memory } });
    this.#hash = instance.exports["h"] as Hash;
  }

  /** Of `[at, at + length)`, where `at` is a multiple of 8 and zeros follow until the next one. */
  hash(at: number, length: number): bigint {
    return BigInt.asUintN(64, this.#hash(at, at + length) + BigInt(length));
  }
}

/**
 * A hash of 64 bits that finds damage and differences, but does not withstand anybody who looks for two files with the
 * same one.
 */
export function hashOf(bytes: Uint8Array): bigint {
  const hashed = new HashedMemory(bytes.length);
  new Uint8Array(hashed.memory.buffer).set(bytes);
  return hashed.hash(0, bytes.length);
}

/**
 * Whole files, read into memory in which WebAssembly can hash them. Node's own hashes and checksums would do, but
 * loading them takes longer than everything here, and this is on the way of every start.
 */
export class FileMemory {
  readonly #hashed: HashedMemory;
  /** What each file holds, null where it cannot be read. */
  readonly files: readonly (Buffer | null)[];

  constructor(paths: readonly string[]) {
    const opened = paths.map(open);
    const starts: number[] = [];
    let total = 0;
    for (const file of opened) {
      starts.push(total);
      total += Math.ceil((file?.bytes ?? 0) / ALIGN) * ALIGN;
    }
    this.#hashed = new HashedMemory(total);
    const { buffer } = this.#hashed.memory;
    this.files = opened.map((file, i) =>
      file === null ? null : read(file, Buffer.from(buffer, starts[i]!, file.bytes)),
    );
  }

  /** `hashOf` a file of these, or of its bytes from a multiple of 8 on. */
  hash(file: Buffer, from = 0): bigint {
    return this.#hashed.hash(file.byteOffset + from, file.length - from);
  }
}

interface OpenFile {
  readonly fd: number;
  readonly bytes: number;
}

function open(path: string): OpenFile | null {
  try {
    const fd = openSync(path, "r");
    return { fd, bytes: fstatSync(fd).size };
  } catch {
    return null;
  }
}

function read({ fd, bytes }: OpenFile, into: Buffer): Buffer | null {
  try {
    let at = 0;
    while (at < bytes) {
      const count = readSync(fd, into, at, bytes - at, null);
      if (count === 0) return null;
      at += count;
    }
    return into;
  } catch {
    return null;
  } finally {
    closeSync(fd);
  }
}
