/** Register number of "x7", "sp" or "xzr". */
function register(name: Register): number {
  return name === "sp" || name === "xzr" ? 31 : Number(name.slice(1));
}

export type Register = `x${number}` | "sp" | "xzr";

/** A value to put into a register: a constant, another register, or the address of a label. */
export type Operand = number | bigint | Register | { readonly label: string };

const CONDITIONS = { eq: 0, ne: 1, cs: 2, cc: 3 } as const;
export type Condition = keyof typeof CONDITIONS;

type Fixup = (words: number[], labels: ReadonlyMap<string, number>) => void;

/**
 * A few instructions by name, for programs that a test puts into memory: what system calls need and
 * little more. Branches and addresses go by labels.
 */
export class A64Program {
  readonly #words: number[] = [];
  readonly #labels = new Map<string, number>();
  readonly #fixups: Fixup[] = [];

  /** The code, to be placed at any address: all of it is position independent. */
  assemble(): Uint8Array {
    const words = [...this.#words];
    for (const fix of this.#fixups) fix(words, this.#labels);
    return new Uint8Array(new Uint32Array(words).buffer);
  }

  /** Byte offset of a label from the start. */
  offsetOf(label: string): number {
    const at = this.#labels.get(label);
    if (at === undefined) throw new Error(`no label ${label}`);
    return 4 * at;
  }

  /** The label at a byte offset, or null. */
  labelAt(offset: number): string | null {
    for (const [name, at] of this.#labels) if (4 * at === offset) return name;
    return null;
  }

  label(name: string): this {
    this.#labels.set(name, this.#words.length);
    return this;
  }

  word(...words: readonly number[]): this {
    this.#words.push(...words.map((word) => word >>> 0));
    return this;
  }

  /** MOVZ and MOVK, MOV (register), ADD for the stack pointer, or ADR. */
  mov(to: Register, from: Operand): this {
    const rd = register(to);
    if (typeof from === "object") return this.#adr(rd, from.label);
    if (typeof from === "string") {
      const usesSp = to === "sp" || from === "sp";
      if (usesSp) return this.word(0x9100_0000 | (register(from) << 5) | rd);
      return this.word(0xaa00_03e0 | (register(from) << 16) | rd);
    }
    const value = BigInt.asUintN(64, BigInt(from));
    const part = (shift: number): number => Number((value >> BigInt(16 * shift)) & 0xffffn);
    this.word(0xd280_0000 | (part(0) << 5) | rd);
    for (const shift of [1, 2, 3]) {
      if (part(shift) !== 0) this.word(0xf280_0000 | (shift << 21) | (part(shift) << 5) | rd);
    }
    return this;
  }

  /** ADD (immediate), 0 to 4095. */
  add(to: Register, from: Register, value: number): this {
    return this.word(0x9100_0000 | (value << 10) | (register(from) << 5) | register(to));
  }

  /** SUB (immediate), 0 to 4095. */
  sub(to: Register, from: Register, value: number): this {
    return this.word(0xd100_0000 | (value << 10) | (register(from) << 5) | register(to));
  }

  /** LDR of 64 bits at base + offset, a multiple of 8. */
  ldr(to: Register, base: Register, offset = 0): this {
    return this.#memory(0xf940_0000, to, base, offset / 8);
  }

  str(from: Register, base: Register, offset = 0): this {
    return this.#memory(0xf900_0000, from, base, offset / 8);
  }

  /** LDR of 32 bits, zero-extended; the offset is a multiple of 4. */
  ldrw(to: Register, base: Register, offset = 0): this {
    return this.#memory(0xb940_0000, to, base, offset / 4);
  }

  b(label: string): this {
    return this.#branch(0x1400_0000, label, (delta) => delta & 0x3ff_ffff);
  }

  bIf(condition: Condition, label: string): this {
    const word = 0x5400_0000 | CONDITIONS[condition];
    return this.#branch(word, label, (delta) => (delta & 0x7_ffff) << 5);
  }

  cbz(tested: Register, label: string): this {
    const word = 0xb400_0000 | register(tested);
    return this.#branch(word, label, (delta) => (delta & 0x7_ffff) << 5);
  }

  cbnz(tested: Register, label: string): this {
    const word = 0xb500_0000 | register(tested);
    return this.#branch(word, label, (delta) => (delta & 0x7_ffff) << 5);
  }

  blr(target: Register): this {
    return this.word(0xd63f_0000 | (register(target) << 5));
  }

  ret(): this {
    return this.word(0xd65f_03c0);
  }

  /** CSET Xd, condition. */
  cset(to: Register, condition: Condition): this {
    return this.word(0x9a9f_07e0 | ((CONDITIONS[condition] ^ 1) << 12) | register(to));
  }

  /** SVC #0x80 with x16 and the arguments in x0.. set up first, in this order. */
  svc(x16: number | bigint, ...args: readonly Operand[]): this {
    args.forEach((arg, i) => this.mov(`x${i}`, arg));
    this.mov("x16", x16);
    return this.word(0xd400_1001);
  }

  #adr(rd: number, label: string): this {
    const at = this.#words.length;
    this.#fixups.push((words, labels) => {
      const delta = this.#distance(labels, label, at) * 4;
      words[at] = (0x1000_0000 | (((delta >> 2) & 0x7_ffff) << 5) | rd) >>> 0;
    });
    return this.word(0);
  }

  #memory(opcode: number, data: Register, base: Register, scaled: number): this {
    return this.word(opcode | (scaled << 10) | (register(base) << 5) | register(data));
  }

  #branch(opcode: number, label: string, field: (delta: number) => number): this {
    const at = this.#words.length;
    this.#fixups.push((words, labels) => {
      words[at] = (opcode | field(this.#distance(labels, label, at))) >>> 0;
    });
    return this.word(0);
  }

  /** Instructions from `at` to a label. */
  #distance(labels: ReadonlyMap<string, number>, label: string, at: number): number {
    const target = labels.get(label);
    if (target === undefined) throw new Error(`no label ${label}`);
    return target - at;
  }
}
