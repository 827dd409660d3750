/**
 * What the fuzzers run: code, register values to start from, and one layout of memory that every case
 * shares, so that neither side ever maps or unmaps anything between cases.
 */

/** Positions in `x` of a register file: X0..X30, then these. */
export const SP = 31;
export const NZCV = 32;
/** Only in outcomes. */
export const PC = 33;

/** X0..X30, SP, NZCV (and PC in outcomes), and V0..V31 as two words each, low first. */
export interface Registers {
  readonly x: BigUint64Array;
  readonly v: BigUint64Array;
}

export interface FuzzCase {
  /** Virtual address of the first instruction. */
  readonly at: number;
  /** The code: instructions, functions, tables. */
  readonly words: readonly number[];
  /** Index in `words` of the BRK that ends the case. */
  readonly end: number;
  /** Register values to run it from, one run each. */
  readonly inputs: readonly Registers[];
}

/** What the judge's process is sent. */
export interface FuzzBatch {
  /** The data before every run. */
  readonly pristine: Uint8Array;
  readonly cases: readonly FuzzCase[];
}

/** How a run ended: at the final BRK, or at an instruction that could not be executed. */
export type Stop = "end" | "fault";

export interface Outcome extends Registers {
  readonly stop: Stop;
  /** Words of the data that differ from the pristine data: offset from DATA and value, in pairs. */
  readonly changes: Uint32Array;
}

/** The judge died on the case. */
export const CRASHED = "crashed";
export type Verdict = readonly Outcome[] | typeof CRASHED;

/** Another implementation of the architecture. */
export interface Judge {
  /** @returns what became of each case, in order */
  run(cases: readonly FuzzCase[]): Promise<Verdict[]>;
}

export const BRK = 0xd420_0000;
export const NOP = 0xd503_201f;

/** Code lies here, readable and executable. */
export const CODE = 0x8_0134_0000;
export const CODE_BYTES = 0x8_0000;

/** Two 16 KiB pages meet here, and the lower halves of their addresses wrap. */
export const CENTRE = 0x8_0000_0000;
/** All data lies in [DATA, DATA + DATA_BYTES). */
export const DATA = CENTRE - 0x8000;
export const DATA_BYTES = 0x2_0000;
/** Unit of the memory map: a multiple of either granule. */
export const UNIT = 0x4000;

/**
 * The rights of each unit of the data: readable and writable, read-only, or not there. Around all of it
 * nothing is mapped.
 */
export const UNITS: readonly ("rw" | "ro" | "none")[] = [
  "rw",
  "rw", // CENTRE is its end
  "rw",
  "rw", // a hole follows
  "none",
  "rw", // read-only memory follows
  "ro",
  "rw", // the stack
];
export const HOLE = DATA + 4 * UNIT;
export const READ_ONLY = DATA + 6 * UNIT;
export const STACK_TOP = DATA + 8 * UNIT;

const PAGE = 4096;

/** The data of one side: a view of each page of 4 KiB, by offset from DATA, holes left out. */
export class DataPages {
  readonly #pages: readonly { at: number; now: Uint8Array; was: Uint8Array }[];
  readonly #writable: readonly { now: Uint8Array; was: Uint8Array }[];

  /**
   * @param view the bytes of the 4 KiB at an offset from DATA
   * @param fill put the pristine data there
   */
  constructor(pristine: Uint8Array, view: (offset: number) => Uint8Array, fill = true) {
    const pages = [];
    for (let at = 0; at < DATA_BYTES; at += PAGE) {
      const rights = UNITS[(at / UNIT) | 0];
      if (rights === "none") continue;
      pages.push({ at, now: view(at), was: pristine.subarray(at, at + PAGE), rights });
    }
    this.#pages = pages;
    this.#writable = pages.filter((page) => page.rights === "rw");
    if (fill) for (const { now, was } of pages) now.set(was);
  }

  /** Undo all changes. */
  restore(): void {
    for (const { now, was } of this.#writable) now.set(was);
  }

  changes(): Uint32Array {
    const out: number[] = [];
    for (const { at, now, was } of this.#pages) {
      if (Buffer.compare(now, was) === 0) continue;
      const a = new Uint32Array(now.buffer, now.byteOffset, PAGE / 4);
      const b = new Uint32Array(was.buffer, was.byteOffset, PAGE / 4);
      for (let i = 0; i < a.length; i++) if (a[i] !== b[i]) out.push(at + 4 * i, a[i]!);
    }
    return Uint32Array.from(out);
  }
}
