import type { Prng } from "./fp-operands.js";
import {
  RECURSION,
  TARGET,
  TABLE,
  LINK,
  B,
  BL,
  B_COND,
  CBZ,
  CBNZ,
  CBZ_W,
  TBZ,
  NE,
  RET,
  BR,
  BLR,
  rn,
  stackAccess,
  fewRegisters,
} from "./fuzz-encodings.js";
import { CodeWriter, type Label } from "./fuzz-writer.js";
import {
  accessWord,
  ALIGNED_BASES,
  CARRY_CHAIN,
  computeWord,
  CONDITIONAL_COMPARES,
  FLAG_CHANGES,
  FLAG_READERS,
  FLAG_SETTERS,
  INTEGER_ROWS,
  literalWord,
  LOAD_EXCLUSIVE,
  MOVING_BASES,
  ORDERED_ROWS,
  PLAIN_ROWS,
  STORE_EXCLUSIVE,
  VECTOR_ROWS,
} from "./fuzz-words.js";
import { withField } from "./integer-cases.js";
import { isKnownDifference, type JudgeName } from "./known-differences.js";

/**
 * The statements of random programs that end by construction: straight code, forward branches, loops with counters of their
 * own, switches through tables, and functions that only call later ones. X16-X21 and SP address the data,
 * X22-X25 count, X26 and X27 are indexes, X28 and X29 hold targets and tables.
 */

/** Loop counters by nesting depth. */
const COUNTERS = [22, 23, 24] as const;
/** Write-back moves a base by this much at most in the whole run of a block. */
const MAX_DRIFT = 0x1000;
/** An instruction runs this often at most. */
const MAX_TIMES = 100;

export type FunctionKind = "leaf" | "framed" | "tail" | "skips" | "copies" | "recursive";

export interface Func {
  readonly label: Label;
  readonly kind: FunctionKind;
  /** How often it runs in one run of the block. */
  times: number;
}

export interface Table {
  readonly label: Label;
  readonly targets: readonly Label[];
}

/** Where a statement stands: how often it runs, how deep in loops, and which functions it may call. */
interface Place {
  readonly times: number;
  readonly depth: number;
  /** First function that may be called; null where X30 must stay. */
  readonly calls: number | null;
}

export class StatementMaker {
  readonly w = new CodeWriter();
  readonly #judge: JudgeName;
  readonly rng: Prng;
  /** Few registers, so that instructions feed one another. */
  readonly #few: readonly number[];
  readonly #drift = new Map<number, number>();
  readonly functions: Func[];
  readonly tables: Table[] = [];
  left: number;
  /** Index of the final BRK, once it stands. */
  end = -1;

  constructor(judge: JudgeName, rng: Prng, size: number) {
    this.#judge = judge;
    this.rng = rng;
    this.left = size;
    this.#few = fewRegisters(rng);
    const kinds: readonly FunctionKind[] = [
      "leaf",
      "framed",
      "tail",
      "skips",
      "copies",
      "recursive",
    ];
    this.functions = Array.from({ length: rng.below(4) }, () => {
      return { label: this.w.label(), kind: rng.pick(kinds), times: 0 };
    });
  }

  statements(place: Place, budget: number): void {
    const until = this.left - budget;
    do this.#statement(place);
    while (this.left > Math.max(until, 0));
  }

  emit(...words: readonly number[]): void {
    this.left -= words.length;
    this.w.emit(...words);
  }

  #statement(place: Place): void {
    const { depth, calls } = place;
    const kind = this.rng.below(100);
    if (kind < 22) this.emit(this.compute());
    else if (kind < 29) this.emit(computeWord(this.#judge, this.rng, FLAG_SETTERS, this.#few));
    else if (kind < 36) this.emit(computeWord(this.#judge, this.rng, FLAG_READERS, this.#few));
    else if (kind < 39) this.#chain(CONDITIONAL_COMPARES);
    else if (kind < 41) this.#chain(CARRY_CHAIN);
    else if (kind < 52) this.emit(computeWord(this.#judge, this.rng, VECTOR_ROWS, this.#few));
    else if (kind < 70) this.#access(place);
    else if (kind < 73) this.#ordered();
    else if (kind < 75) this.#flagsThroughRegister();
    else if (kind < 84) this.#skip(place);
    else if (kind < 90 && depth < 2) this.#loop(place);
    else if (kind < 92 && depth < 3) this.#selfLoop(place);
    else if (kind < 94) this.#switch(place);
    else if (calls !== null && calls < this.functions.length) this.#call(place, calls);
    else if (calls !== null && kind < 96) this.#returnWithoutCall();
    else this.emit(this.compute());
  }

  compute(): number {
    return computeWord(this.#judge, this.rng, INTEGER_ROWS, this.#few);
  }

  #chain(rows: typeof INTEGER_ROWS): void {
    const length = 2 + this.rng.below(3);
    for (let i = 0; i < length; i++) this.emit(computeWord(this.#judge, this.rng, rows, this.#few));
  }

  /** MRS or MSR of NZCV, or an instruction that changes the flags alone. */
  #flagsThroughRegister(): void {
    const rng = this.rng;
    const row = rng.pick(FLAG_CHANGES);
    if (rng.below(2) === 0 && !isKnownDifference(this.#judge, row, row.value)) {
      this.emit(row.value);
      return;
    }
    this.emit((rng.below(2) === 0 ? 0xd53b_4200 : 0xd51b_4200) | rng.pick(this.#few));
  }

  #access(place: Place): void {
    const rng = this.rng;
    if (rng.below(16) === 0) {
      this.#literal();
      return;
    }
    if (rng.below(8) === 0) {
      this.emit(stackAccess(rng, rng.pick(this.#few)));
      return;
    }
    const base = rng.below(8) === 0 ? rng.pick(ALIGNED_BASES) : rng.pick(MOVING_BASES);
    for (;;) {
      const { word, moves } = accessWord(this.#judge, rng, PLAIN_ROWS, base, this.#few);
      const drift = (this.#drift.get(base) ?? 0) + moves * place.times;
      if (moves > 0 && (drift > MAX_DRIFT || base >= ALIGNED_BASES[0])) continue;
      this.#drift.set(base, drift);
      this.emit(word);
      return;
    }
  }

  /** A load of earlier code, but not of the final BRK: a judge may have something else there. */
  #literal(): void {
    const distance = 3 + this.rng.below(8); // in words: 16 bytes end at the instruction at most
    const first = this.w.words.length - distance;
    if (first <= this.end) this.emit(this.compute());
    else this.emit(literalWord(this.rng, -distance, this.#few));
  }

  /** Atomics, acquire and release; or a load and a store exclusive with something between them. */
  #ordered(): void {
    const rng = this.rng;
    const base = rng.pick(ALIGNED_BASES);
    if (rng.below(2) === 0) {
      this.emit(accessWord(this.#judge, rng, ORDERED_ROWS, base, this.#few).word);
      return;
    }
    const load = accessWord(this.#judge, rng, LOAD_EXCLUSIVE, base, this.#few);
    const store = STORE_EXCLUSIVE[LOAD_EXCLUSIVE.indexOf(load.row)]!; // of the same size
    const size = load.row.extract(load.word);
    const second = accessWord(this.#judge, rng, [store], base, this.#few).word;
    this.emit(load.word);
    if (rng.below(2) === 0) this.emit(this.compute());
    this.emit(withField(store, second, /^(size|sz)$/, () => size["size"] ?? size["sz"] ?? 0));
  }

  /** A conditional branch on flags or on a data register. */
  #conditional(label: Label): void {
    const rng = this.rng;
    const rt = rng.pick(this.#few);
    this.left--;
    switch (rng.below(4)) {
      case 0:
        return this.w.branch(rng.pick([CBZ, CBNZ, CBZ_W]) | rt, "imm19", label);
      case 1: {
        const bit = rng.below(64);
        const word = TBZ | (rng.below(2) << 24) | ((bit >> 5) << 31) | ((bit & 31) << 19) | rt;
        return this.w.branch(word, "imm14", label);
      }
      default:
        return this.w.branch(B_COND | rng.below(16), "imm19", label);
    }
  }

  /** if, if-else, or a branch over dead code. */
  #skip(place: Place): void {
    const rng = this.rng;
    const over = this.w.label();
    if (rng.below(6) === 0) this.w.branch(B, "imm26", over);
    else this.#conditional(over);
    this.statements(place, 1 + rng.below(5));
    if (rng.below(3) !== 0) {
      this.w.place(over);
      return;
    }
    const end = this.w.label();
    this.w.branch(B, "imm26", end);
    this.w.place(over);
    this.statements(place, 1 + rng.below(4));
    this.w.place(end);
  }

  /** Iterations of a loop: 1 to `most`, fewer where it is entered often. */
  #count(place: Place, most: number): number {
    return 1 + this.rng.below(Math.max(1, Math.min(most, Math.floor(MAX_TIMES / place.times))));
  }

  #setCounter(counter: number, value: number): void {
    this.emit(0xd280_0000 | (value << 5) | counter); // movz
  }

  /** Count down and branch back: by flags or by the register. */
  #again(counter: number, top: Label): void {
    const decrement = (counter << 5) | counter | (1 << 10);
    this.left -= 2;
    if (this.rng.below(2) === 0) {
      this.w.emit(0xf100_0000 | decrement); // subs
      this.w.branch(B_COND | NE, "imm19", top);
    } else {
      this.w.emit(0xd100_0000 | decrement); // sub
      this.w.branch(CBNZ | counter, "imm19", top);
    }
  }

  #loop(place: Place): void {
    const rng = this.rng;
    const count = this.#count(place, rng.below(4) === 0 ? 40 : 6);
    const counter = COUNTERS[place.depth]!;
    const inner = { ...place, times: place.times * count, depth: place.depth + 1 };
    this.#setCounter(counter, count);
    const top = this.w.label();
    const out = this.w.label();
    this.w.place(top);
    this.statements(inner, 2 + rng.below(8));
    if (rng.below(4) === 0) this.#conditional(out); // break
    if (rng.below(4) === 0) this.statements(inner, 2);
    this.#again(counter, top);
    this.w.place(out);
  }

  /** A block that branches to itself. */
  #selfLoop(place: Place): void {
    const rng = this.rng;
    const count = this.#count(place, 60);
    const counter = COUNTERS[place.depth]!;
    this.#setCounter(counter, count);
    const top = this.w.label();
    this.w.place(top);
    const length = 1 + rng.below(4);
    for (let i = 0; i < length; i++) {
      if (rng.below(3) === 0) this.#access({ ...place, times: place.times * count });
      else this.emit(this.compute());
    }
    this.#again(counter, top);
  }

  /** A branch to one of four cases through a table of offsets. */
  #switch(place: Place): void {
    const rng = this.rng;
    const table: Table = {
      label: this.w.label(),
      targets: Array.from({ length: 4 }, () => this.w.label()),
    };
    this.tables.push(table);
    this.emit(0x9240_0400 | rn(rng.pick(this.#few)) | TARGET); // and x28, xn, #3
    this.w.adr(TABLE, table.label);
    this.emit(0xb8a0_7800 | (TARGET << 16) | rn(TABLE) | TARGET); // ldrsw x28, [x29, x28, lsl #2]
    this.emit(0x8b00_0000 | (TABLE << 16) | rn(TARGET) | TARGET); // add x28, x28, x29
    this.emit(BR | rn(TARGET));
    const end = this.w.label();
    for (const target of table.targets) {
      this.w.place(target);
      this.statements(place, 1 + rng.below(2));
      if (rng.below(4) !== 0) this.w.branch(B, "imm26", end);
    }
    this.w.place(end);
  }

  #call(place: Place, first: number): void {
    const rng = this.rng;
    const f = this.functions[first + rng.below(this.functions.length - first)]!;
    let times = place.times;
    if (f.kind === "recursive") {
      const depth = 1 + rng.below(5);
      this.#setCounter(RECURSION, depth);
      times *= depth;
    }
    f.times += times;
    this.left--;
    if (rng.below(3) === 0) {
      this.w.adr(TARGET, f.label);
      this.w.emit(BLR | rn(TARGET));
    } else this.w.branch(BL, "imm26", f.label);
    // What a function that skips leaves out.
    if (f.kind === "skips") this.emit(this.compute());
  }

  /** A return to an address that no call left. */
  #returnWithoutCall(): void {
    const to = this.w.label();
    const register = this.rng.pick([LINK, TARGET]);
    this.w.adr(register, to);
    this.emit(RET | rn(register));
    this.emit(this.compute());
    this.w.place(to);
  }
}
