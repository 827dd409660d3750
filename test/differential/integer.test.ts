import { describe, expect, it } from "vitest";
import { hex } from "../../emulator/arch/hex.js";
import { OFF_SP_EL0, OFF_X } from "../../emulator/cpu/state-layout.js";
import { Machine } from "../../emulator/machine.js";
import { Prng } from "../support/fp-operands.js";
import { MAX_SEQUENCE, randomRegister, randomSequence } from "../support/integer-cases.js";
import { RegisterBatch, UC_REG, Unicorn, unicornMissing } from "../support/unicorn.js";

/**
 * Random sequences of integer instructions, without memory accesses: X0..X30, SP, NZCV and PC afterwards,
 * ours against the judge's. Run with another MACHVM_SEED for another set.
 */

const SEED = Number(process.env["MACHVM_SEED"] ?? 20261);
const SEQUENCES = Number(process.env["MACHVM_SEQUENCES"] ?? 100_000);
const BATCH = 2_000;
const CODE = 0x4000_0000;
/** A sequence and the BRK behind it. */
const STEP = 4 * (MAX_SEQUENCE + 1);
const BRK = 0xd420_0000;
const EC_BRK = 0xf200_0000;

const REGISTERS = [...Array.from({ length: 31 }, (_, n) => UC_REG.x(n)), UC_REG.sp, UC_REG.nzcv];
const SP = 31;
const NZCV = 32;

interface Case {
  readonly at: number;
  readonly words: readonly number[];
  readonly before: BigUint64Array;
}

function makeCase(rng: Prng, at: number): Case {
  const before = BigUint64Array.from(REGISTERS, () => randomRegister(rng));
  before[NZCV] = BigInt(rng.below(16)) << 28n;
  return { at, words: randomSequence(rng), before };
}

class Judge {
  readonly #uc = new Unicorn();
  readonly #batch = new RegisterBatch([...REGISTERS, UC_REG.pc]);

  constructor() {
    this.#uc.map(CODE, Math.ceil((SEQUENCES * STEP) / 4096) * 4096);
  }

  load(at: number, code: Uint8Array): void {
    this.#uc.write(at, code);
  }

  /** @returns the registers after the sequence, the PC last */
  run({ at, words, before }: Case): BigUint64Array {
    const end = at + 4 * words.length;
    this.#batch.values.set(before);
    this.#batch.values[REGISTERS.length] = BigInt(at);
    this.#uc.writeBatch(this.#batch);
    expect(this.#uc.run(at, end), `unicorn at ${hex(at)}`).toBe(0);
    this.#uc.readBatch(this.#batch);
    return this.#batch.values;
  }
}

class Ours {
  readonly #machine = new Machine({ ramBytes: 16 * 2 ** 20, exceptions: "host" });

  load(at: number, code: Uint8Array): void {
    this.#machine.memory.view(at, code.length).set(code);
    this.#machine.notifyWrite(CODE, SEQUENCES * STEP);
  }

  run({ at, words, before }: Case): BigUint64Array {
    const { cpu, memory } = this.#machine;
    const x = new BigUint64Array(memory.memory.buffer, OFF_X, 31);
    x.set(before.subarray(0, 31));
    cpu.pstate = 0;
    cpu.spEl0 = before[SP]!;
    cpu.nzcv = Number(before[NZCV]);
    cpu.pc = BigInt(at);
    const exit = this.#machine.run(words.length + 1);
    expect(exit.kind, `our machine at ${hex(at)}`).toBe("exception");
    expect(cpu.sysreg("ESR_EL1"), "our machine's ESR").toBe(BigInt(EC_BRK));
    const after = new BigUint64Array(REGISTERS.length + 1);
    after.set(x);
    after[SP] = new BigUint64Array(memory.memory.buffer, OFF_SP_EL0, 1)[0]!;
    after[NZCV] = BigInt(cpu.nzcv >>> 0);
    after[REGISTERS.length] = cpu.pc;
    return after;
  }
}

function report({ at, words, before }: Case, ours: BigUint64Array, theirs: BigUint64Array): string {
  const names = [...Array.from({ length: 31 }, (_, n) => `x${n}`), "sp", "nzcv", "pc"];
  const lines = names.flatMap((name, i) =>
    ours[i] === theirs[i]
      ? []
      : [`${name}: ours ${ours[i]!.toString(16)}, judge ${theirs[i]!.toString(16)}`],
  );
  const inputs = names.flatMap((name, i) =>
    i < before.length ? [`${name}=${before[i]!.toString(16)}`] : [],
  );
  const machine = new Machine({ ramBytes: 4 * 2 ** 20 });
  const code = words.map((w) => `${hex(w, 8)} ${machine.describeInstruction(w) ?? "?"}`);
  return [`at ${hex(at)}:`, ...code, ...lines, inputs.join(" ")].join("\n");
}

function runBatch(rng: Prng, first: number, judge: Judge, ours: Ours): void {
  const base = CODE + first * STEP;
  const code = new Uint32Array((BATCH * STEP) / 4);
  const cases = Array.from({ length: BATCH }, (_, i) => makeCase(rng, base + i * STEP));
  cases.forEach(({ words }, i) => {
    code.set([...words, BRK], (i * STEP) / 4);
  });
  judge.load(base, new Uint8Array(code.buffer));
  ours.load(base, new Uint8Array(code.buffer));
  for (const one of cases) {
    const theirs = judge.run(one);
    const mine = ours.run(one);
    if (mine.every((value, i) => value === theirs[i])) continue;
    expect.fail(`seed ${SEED}, ${report(one, mine, theirs)}`);
  }
}

describe.skipIf(unicornMissing !== null)(`integer instructions ${unicornMissing ?? ""}`, () => {
  it(`agree with libunicorn over ${SEQUENCES} sequences (seed ${SEED})`, () => {
    const rng = new Prng(SEED);
    const judge = new Judge();
    const ours = new Ours();
    for (let first = 0; first < SEQUENCES; first += BATCH) runBatch(rng, first, judge, ours);
  }, 120_000);
});
