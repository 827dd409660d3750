import { BRK } from "./fuzz-case.js";

/** Code with labels, as it is written. */

export type Label = number;

/** Which immediate a branch has: its width in bits and its lowest bit. */
const FIELDS = {
  imm26: { width: 26, lo: 0 },
  imm19: { width: 19, lo: 5 },
  imm14: { width: 14, lo: 5 },
} as const;

interface Fixup {
  readonly at: number;
  readonly label: Label;
  readonly patch: (word: number, distance: number) => number;
}

export class CodeWriter {
  readonly words: number[] = [];
  readonly #labels: (number | null)[] = [];
  readonly #fixups: Fixup[] = [];

  label(): Label {
    return this.#labels.push(null) - 1;
  }

  place(label: Label): void {
    this.#labels[label] = this.words.length;
  }

  emit(...words: readonly number[]): void {
    for (const word of words) this.words.push(word >>> 0);
  }

  /** A branch to a label; `word` has zero in the offset field. */
  branch(word: number, field: keyof typeof FIELDS, label: Label): void {
    const { width, lo } = FIELDS[field];
    this.#fix(word, label, (w, distance) => w | ((distance & ((1 << width) - 1)) << lo));
  }

  /** ADR Xd, label. */
  adr(rd: number, label: Label): void {
    this.#fix(0x1000_0000 | rd, label, (w, distance) => w | ((distance & 0x7_ffff) << 5));
  }

  /** The distance in bytes from label `from` to label `to`, as a word of a table. */
  distance(from: Label, to: Label): void {
    const at = this.words.length;
    this.#fix(0, to, (_, toHere) => {
      return (toHere + at - this.#position(from)) * 4;
    });
  }

  brk(): void {
    this.emit(BRK);
  }

  finish(): number[] {
    for (const { at, label, patch } of this.#fixups) {
      this.words[at] = patch(this.words[at]!, this.#position(label) - at) >>> 0;
    }
    return this.words;
  }

  #position(label: Label): number {
    const at = this.#labels[label];
    if (at === null || at === undefined) throw new Error(`label ${label} was never placed`);
    return at;
  }

  #fix(word: number, label: Label, patch: Fixup["patch"]): void {
    this.#fixups.push({ at: this.words.length, label, patch });
    this.emit(word);
  }
}
