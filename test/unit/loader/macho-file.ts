import { readFileSync } from "node:fs";

/** A copy of a guest program that a test damages, with its load commands by position. */
export class MachoFile {
  bytes: Uint8Array;

  constructor(name = "hello") {
    this.bytes = Uint8Array.from(
      readFileSync(new URL(`../../../guests/bin/${name}`, import.meta.url)),
    );
  }

  get view(): DataView {
    return new DataView(this.bytes.buffer, this.bytes.byteOffset, this.bytes.byteLength);
  }

  /** Offset of the `n`th command of kind `cmd`. */
  command(cmd: number, n = 0): number {
    let at = 32;
    let seen = 0;
    for (let i = 0; i < this.view.getUint32(16, true); i++) {
      if (this.view.getUint32(at, true) === cmd && seen++ === n) return at;
      at += this.view.getUint32(at + 4, true);
    }
    throw new Error(`no command 0x${cmd.toString(16)}`);
  }

  segment(name: string): number {
    for (let n = 0; ; n++) {
      const at = this.command(0x19, n);
      const text = new TextDecoder().decode(this.bytes.subarray(at + 8, at + 24));
      if (text.replace(/\0+$/, "") === name) return at;
    }
  }

  set32(at: number, value: number): this {
    this.view.setUint32(at, value, true);
    return this;
  }

  set64(at: number, value: bigint): this {
    this.view.setBigUint64(at, value, true);
    return this;
  }

  /** Put a command after the last one, into the padding before the code. @returns its offset */
  append(words: readonly number[]): number {
    const at = 32 + this.view.getUint32(20, true);
    words.forEach((word, i) => this.set32(at + 4 * i, word));
    this.set32(16, this.view.getUint32(16, true) + 1);
    this.set32(20, this.view.getUint32(20, true) + 4 * words.length);
    return at;
  }
}

/** A fat file around slices of [cputype, cpusubtype, bytes], each at a 16 KiB boundary. */
export function fatFile(slices: readonly (readonly [number, number, Uint8Array])[]): Uint8Array {
  const page = 16384;
  const placed: [number, number, number, Uint8Array][] = [];
  let end = page;
  for (const [type, subtype, bytes] of slices) {
    placed.push([type, subtype, end, bytes]);
    end += Math.ceil(bytes.length / page) * page;
  }
  const file = new Uint8Array(end);
  const view = new DataView(file.buffer);
  view.setUint32(0, 0xcafebabe);
  view.setUint32(4, slices.length);
  placed.forEach(([type, subtype, offset, bytes], i) => {
    [type, subtype, offset, bytes.length, 14].forEach((word, j) => {
      view.setUint32(8 + 20 * i + 4 * j, word);
    });
    file.set(bytes, offset);
  });
  return file;
}
