/**
 * Bytes of a growing code buffer and the primitive encodings. LEB128 throughout.
 * One buffer is reused for every function: `reset` keeps the allocation.
 */
export class CodeBuffer {
  bytes: Uint8Array = new Uint8Array(1 << 10);
  length = 0;

  reset(): void {
    this.length = 0;
  }

  /** Make room for `more` further bytes. */
  reserve(more: number): void {
    if (this.length + more <= this.bytes.length) return;
    const bigger = new Uint8Array(Math.max(this.bytes.length * 2, this.length + more));
    bigger.set(this.bytes.subarray(0, this.length));
    this.bytes = bigger;
  }

  byte(value: number): void {
    if (this.length === this.bytes.length) this.reserve(1);
    this.bytes[this.length++] = value;
  }

  /** Two bytes at once: most of what is written comes in pairs, and a call for each byte is what writing costs. */
  pair(first: number, second: number): void {
    const at = this.length;
    if (at + 2 > this.bytes.length) this.reserve(2);
    this.bytes[at] = first;
    this.bytes[at + 1] = second;
    this.length = at + 2;
  }

  /** A byte and an unsigned number. */
  byteAndU32(byte: number, value: number): void {
    if (value >>> 0 < 0x80) this.pair(byte, value);
    else {
      this.byte(byte);
      this.u32(value);
    }
  }

  u32(value: number): void {
    let rest = value >>> 0;
    while (rest > 0x7f) {
      this.byte((rest & 0x7f) | 0x80);
      rest >>>= 7;
    }
    this.byte(rest);
  }

  s32(value: number): void {
    let rest = value | 0;
    for (;;) {
      const low = rest & 0x7f;
      rest >>= 7;
      if ((rest === 0 && (low & 0x40) === 0) || (rest === -1 && (low & 0x40) !== 0)) {
        this.byte(low);
        return;
      }
      this.byte(low | 0x80);
    }
  }

  /** A signed 64-bit LEB128 from two 32-bit halves. */
  s64(lo: number, hi: number): void {
    let l = lo | 0;
    let h = hi | 0;
    for (;;) {
      const low = l & 0x7f;
      l = (l >>> 7) | (h << 25);
      h >>= 7;
      const done =
        (l === 0 && h === 0 && (low & 0x40) === 0) || (l === -1 && h === -1 && (low & 0x40) !== 0);
      this.byte(done ? low : low | 0x80);
      if (done) return;
    }
  }

  /** Write a number over five bytes at `at`. */
  patchPadded(at: number, value: number): void {
    for (let i = 0; i < 5; i++)
      this.bytes[at + i] = ((value >>> (7 * i)) & 0x7f) | (i < 4 ? 0x80 : 0);
  }

  append(other: CodeBuffer): void {
    this.appendRange(other, 0, other.length);
  }

  appendRange(other: CodeBuffer, from: number, to: number): void {
    const count = to - from;
    this.reserve(count);
    const { bytes, length } = this;
    // A view costs more than a few bytes do.
    if (count > 64) bytes.set(other.bytes.subarray(from, to), length);
    else for (let i = 0; i < count; i++) bytes[length + i] = other.bytes[from + i]!;
    this.length = length + count;
  }

  raw(bytes: ArrayLike<number>): void {
    this.reserve(bytes.length);
    this.bytes.set(bytes, this.length);
    this.length += bytes.length;
  }
}
