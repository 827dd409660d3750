import type { VnodeBacking } from "../../vm/object/index.js";

/** A file in memory that counts what its pager does. */
export class TestFile implements VnodeBacking {
  readonly key: string;
  readonly name: string;
  bytes: Uint8Array;
  /** Offsets of pages read and written, in order. */
  readonly reads: number[] = [];
  readonly writes: number[] = [];
  /** Uses taken and not given back. */
  uses = 0;
  /** Reading a page that begins here fails; so does every write, if `readOnly`. */
  readonly broken = new Set<number>();
  readOnly = false;

  constructor(name: string, bytes: Uint8Array) {
    this.key = name;
    this.name = name;
    this.bytes = bytes;
  }

  size(): number {
    return this.bytes.length;
  }

  read(offset: number, into: Uint8Array): number | string {
    this.reads.push(offset);
    if (this.broken.has(offset)) return "EIO";
    const part = this.bytes.subarray(offset, offset + into.length);
    into.set(part);
    return part.length;
  }

  write(offset: number, from: Uint8Array): number | string {
    if (this.readOnly) return "EROFS";
    this.writes.push(offset);
    this.bytes.set(from, offset);
    return from.length;
  }

  retain(): void {
    this.uses += 1;
  }

  release(): void {
    this.uses -= 1;
  }
}
