import {
  CODE,
  CODE_BYTES,
  CRASHED,
  DATA,
  DATA_BYTES,
  DataPages,
  NZCV,
  PC,
  SP,
  type FuzzCase,
  type Judge,
  type Outcome,
  type Registers,
  type Verdict,
} from "./fuzz-case.js";
import { pristineData } from "./fuzz-inputs.js";
import { elfImage, EXIT, joined, moveTo, runElf, SVC, wordBytes, write } from "./qemu-elf.js";

/**
 * qemu-aarch64 as a judge of whole cases: one program that loads all registers, jumps into a case, comes
 * back from where its final BRK was, and writes registers and data to its standard output.
 */

// All near the data: qemu-aarch64 marks every page between the first and the last address of a program.
const HARNESS = CODE + 0x10_0000;
const PRISTINE = CODE + 0x80_0000;
const STATES = CODE + 0x90_0000;
/** Registers of a run: V0..V31, then X0..X30, SP, NZCV. */
const STATE_BYTES = 1024;
const AT_X = 512;
const LINK = 30;
const rn = (register: number): number => register << 5;

const B = (from: number, to: number): number =>
  (0x1400_0000 | (((to - from) / 4) & 0x3ff_ffff)) >>> 0;

function vectors(opcode: number): number[] {
  return Array.from({ length: 16 }, (_, i) => {
    return (opcode | ((2 * i) << 15) | ((2 * i + 1) << 10) | rn(LINK) | (2 * i)) >>> 0;
  });
}

/** LDR or STR of Xt at the place of register `slot`. */
function general(opcode: number, t: number, slot: number): number {
  return (opcode | ((AT_X / 8 + slot) << 10) | rn(LINK) | t) >>> 0;
}
const LDR = 0xf940_0000;
const STR = 0xf900_0000;
const X29_DOWN = Array.from({ length: 30 }, (_, n) => n);

/** ldp q0, q1, [x0], #32; stp q0, q1, [x1], #32; subs x2, x2, #32; b.ne */
const COPY = [0xacc1_0400, 0xac81_0420, 0xf100_8042, 0x54ff_ffa1];

function runWords(at: number, state: number, one: FuzzCase): { words: number[]; back: number } {
  const words = [
    ...moveTo(0, PRISTINE),
    ...moveTo(1, DATA),
    ...moveTo(2, DATA_BYTES),
    ...COPY,
    ...moveTo(LINK, state),
    ...vectors(0xad40_0000),
    general(LDR, 0, SP),
    0x9100_001f, // mov sp, x0
    general(LDR, 0, NZCV),
    0xd51b_4200, // msr nzcv, x0
    ...X29_DOWN.map((n) => general(LDR, n, n)),
    general(LDR, LINK, LINK),
  ];
  words.push(B(at + 4 * words.length, one.at));
  const back = at + 4 * words.length;
  words.push(
    0xd51b_d040 | LINK, // msr tpidr_el0, x30
    ...moveTo(LINK, state),
    ...X29_DOWN.map((n) => general(STR, n, n)),
    0xd53b_4200, // mrs x0, nzcv
    general(STR, 0, NZCV),
    0x9100_03e0, // mov x0, sp
    general(STR, 0, SP),
    0xd53b_d040, // mrs x0, tpidr_el0
    general(STR, 0, LINK),
    ...vectors(0xad00_0000),
    ...write(state, STATE_BYTES),
    ...write(DATA, DATA_BYTES),
  );
  return { words, back };
}

function stateBytes({ x, v }: Registers): Uint8Array {
  const words = new BigUint64Array(STATE_BYTES / 8);
  words.set(v);
  words.set(x.subarray(0, 33), AT_X / 8);
  return new Uint8Array(words.buffer);
}

/** Runs the first input of each case: a case is one place in the program. */
export class QemuJudge implements Judge {
  readonly #cpu: string;
  readonly #pristine = pristineData();

  /** @param cpu as qemu-aarch64 calls it */
  constructor(cpu: string) {
    this.#cpu = cpu;
  }

  run(cases: readonly FuzzCase[]): Promise<Verdict[]> {
    const verdicts: Verdict[] = [];
    while (verdicts.length < cases.length) {
      const found = this.#batch(cases.slice(verdicts.length));
      verdicts.push(...found);
      if (verdicts.length < cases.length) verdicts.push(CRASHED);
    }
    return Promise.resolve(verdicts);
  }

  /** @returns the outcomes of the cases up to the first that ends the program */
  #batch(cases: readonly FuzzCase[]): Verdict[] {
    const code = new Uint8Array(CODE_BYTES);
    const harness: number[] = [];
    cases.forEach((one, i) => {
      const state = STATES + i * STATE_BYTES;
      const { words, back } = runWords(HARNESS + 4 * harness.length, state, one);
      harness.push(...words);
      const body = [...one.words];
      body[one.end] = B(one.at + 4 * one.end, back);
      code.set(wordBytes(...body), one.at - CODE);
    });
    harness.push(...moveTo(0, 0), ...moveTo(8, EXIT), SVC);
    const states = joined(cases.map(({ inputs }) => stateBytes(inputs[0]!)));
    const image = elfImage(HARNESS, [
      { address: CODE, bytes: code, flags: "rx" },
      { address: HARNESS, bytes: wordBytes(...harness), flags: "rx" },
      { address: PRISTINE, bytes: this.#pristine, flags: "rw" },
      { address: STATES, bytes: states, flags: "rw" },
      { address: DATA, bytes: this.#pristine, flags: "rw" },
    ]);
    const { stdout } = runElf(this.#cpu, image);
    const done = Math.floor(stdout.length / (STATE_BYTES + DATA_BYTES));
    return cases.slice(0, done).map((one, i) => [this.#outcome(one, stdout, i)]);
  }

  #outcome(one: FuzzCase, stdout: Buffer, index: number): Outcome {
    const at = index * (STATE_BYTES + DATA_BYTES);
    const state = new BigUint64Array(Uint8Array.from(stdout.subarray(at, at + STATE_BYTES)).buffer);
    const x = new BigUint64Array(PC + 1);
    x.set(state.subarray(AT_X / 8, AT_X / 8 + PC));
    x[PC] = BigInt(one.at + 4 * one.end);
    const written = stdout.subarray(at + STATE_BYTES, at + STATE_BYTES + DATA_BYTES);
    const data = Uint8Array.from(written);
    const pages = new DataPages(
      this.#pristine,
      (offset) => data.subarray(offset, offset + 4096),
      false,
    );
    return { stop: "end", x, v: state.slice(0, 64), changes: pages.changes() };
  }
}
