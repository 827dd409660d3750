import { expect } from "vitest";
import { hex } from "../../emulator/arch/hex.js";
import { OFF_SP_EL0, OFF_V, OFF_X } from "../../emulator/cpu/state-layout.js";
import { decoderFor } from "../../emulator/isa/table.js";
import { Machine } from "../../emulator/machine.js";
import { RegisterBatch, UC_REG, Unicorn } from "./unicorn.js";

/** Short instruction sequences on our machine and on the outside CPU, each from its own registers. */

/** Registers of a case: X0..X30, SP, NZCV, and V0..V31 as two words each (low first). */
export interface Registers {
  readonly x: BigUint64Array;
  readonly v: BigUint64Array;
}
export const SP = 31;
export const NZCV = 32;
/** Only in results. */
export const PC = 33;

export interface Sequence {
  readonly at: number;
  readonly words: readonly number[];
  readonly before: Registers;
}

export interface Layout {
  readonly code: number;
  readonly codeBytes: number;
  /** Memory that sequences work on, compared after each; 0 bytes for none. */
  readonly data: number;
  readonly dataBytes: number;
}

const BRK = 0xd420_0000;
const ESR_BRK = 0xf200_0000n;
const PAGE = 4096;

/** The code of sequences that lie `step` bytes apart, each followed by a BRK. */
export function assemble(sequences: readonly Sequence[], step: number): Uint8Array {
  const code = new Uint32Array((sequences.length * step) / 4);
  sequences.forEach(({ words }, i) => {
    code.set([...words, BRK], (i * step) / 4);
  });
  return new Uint8Array(code.buffer);
}

/** What runs sequences. Memory carries over from one to the next. */
interface Runner {
  write(at: number, bytes: Uint8Array): void;
  /** Run to the end of the sequence. @returns registers afterwards; valid until the next call */
  run(sequence: Sequence): Registers;
  data(): Uint8Array;
}

export class JudgeRunner implements Runner {
  readonly #uc = new Unicorn();
  readonly #layout: Layout;
  readonly #x = new RegisterBatch([
    ...Array.from({ length: 31 }, (_, n) => UC_REG.x(n)),
    UC_REG.sp,
    UC_REG.nzcv,
    UC_REG.pc,
  ]);
  readonly #v = new RegisterBatch(
    Array.from({ length: 32 }, (_, n) => UC_REG.q(n)),
    2,
  );

  constructor(layout: Layout) {
    this.#layout = layout;
    this.#uc.map(layout.code, Math.ceil(layout.codeBytes / PAGE) * PAGE);
    if (layout.dataBytes > 0) this.#uc.map(layout.data, layout.dataBytes);
  }

  write(at: number, bytes: Uint8Array): void {
    this.#uc.write(at, bytes);
  }

  run(sequence: Sequence): Registers {
    const { at, words, before } = sequence;
    this.#x.values.set(before.x);
    this.#x.values[PC] = BigInt(at);
    this.#uc.writeBatch(this.#x);
    const vectors = this.#layout.dataBytes > 0;
    if (vectors) {
      this.#v.values.set(before.v);
      this.#uc.writeBatch(this.#v);
    }
    const error = this.#uc.run(at, at + 4 * words.length);
    if (error !== 0) expect.fail(`unicorn: error ${error}, ${describeSequence(sequence)}`);
    this.#uc.readBatch(this.#x);
    if (vectors) this.#uc.readBatch(this.#v);
    return { x: this.#x.values, v: this.#v.values };
  }

  data(): Uint8Array {
    return this.#uc.read(this.#layout.data, this.#layout.dataBytes);
  }
}

export class OurRunner implements Runner {
  readonly machine: Machine;
  readonly #layout: Layout;
  readonly #x: BigUint64Array;
  readonly #v: BigUint64Array;
  readonly #sp: BigUint64Array;
  readonly #after = new BigUint64Array(34);

  constructor(layout: Layout) {
    this.machine = new Machine({ ramBytes: 32 * 2 ** 20, exceptions: "host" });
    this.machine.cpu.setSysreg("CPACR_EL1", 3n << 20n);
    this.#layout = layout;
    const { buffer } = this.machine.memory.memory;
    this.#x = new BigUint64Array(buffer, OFF_X, 31);
    this.#v = new BigUint64Array(buffer, OFF_V, 64);
    this.#sp = new BigUint64Array(buffer, OFF_SP_EL0, 1);
  }

  write(at: number, bytes: Uint8Array): void {
    this.machine.memory.view(at, bytes.length).set(bytes);
    this.machine.notifyWrite(at, bytes.length);
  }

  /** Forget the translations of everything: keeps a long run small. */
  forget(): void {
    this.machine.notifyWrite(this.#layout.code, this.#layout.codeBytes);
  }

  run({ at, words, before }: Sequence): Registers {
    const { cpu } = this.machine;
    cpu.pstate = 0;
    this.#x.set(before.x.subarray(0, 31));
    this.#v.set(before.v);
    this.#sp[0] = before.x[SP]!;
    cpu.nzcv = Number(before.x[NZCV]);
    cpu.pc = BigInt(at);
    const exit = this.machine.run(words.length + 1);
    const after = this.#after;
    after.set(this.#x);
    after[SP] = this.#sp[0];
    after[NZCV] = BigInt(cpu.nzcv >>> 0);
    after[PC] = cpu.pc;
    const esr = cpu.sysreg("ESR_EL1");
    if (exit.kind !== "exception" || esr !== ESR_BRK) {
      expect.fail(
        `ours: ${exit.kind}, ESR ${esr.toString(16)}, FAR ${cpu.sysreg("FAR_EL1").toString(16)}, ` +
          describeSequence({ at, words, before }),
      );
    }
    return { x: after, v: this.#v };
  }

  data(): Uint8Array {
    const { data, dataBytes } = this.#layout;
    return dataBytes === 0 ? new Uint8Array(0) : this.machine.memory.view(data, dataBytes);
  }
}

function describeSequence({ at, words, before }: Sequence): string {
  const decoder = decoderFor("max");
  const code = words.map((w) => `  ${hex(w, 8)} ${decoder.decode(w)?.name ?? "UNDEFINED"}`);
  const inputs = NAMES.flatMap((name, i) =>
    i < PC ? [`${name}=${before.x[i]!.toString(16)}`] : [],
  );
  return [`at ${hex(at)}:`, ...code, inputs.join(" ")].join("\n");
}

const NAMES = [...Array.from({ length: 31 }, (_, n) => `x${n}`), "sp", "nzcv", "pc"];

function differences(names: (i: number) => string, a: BigUint64Array, b: BigUint64Array): string[] {
  const out: string[] = [];
  a.forEach((value, i) => {
    if (value === b[i]) return;
    out.push(`${names(i)}: ours ${value.toString(16)}, judge ${b[i]!.toString(16)}`);
  });
  return out;
}

function same(a: BigUint64Array, b: BigUint64Array): boolean {
  for (let i = 0; i < a.length; i++) if (a[i] !== b[i]) return false;
  return true;
}

/** Run one sequence on both and fail with everything there is to know about a difference. */
export function compare(
  ours: OurRunner,
  judge: JudgeRunner,
  sequence: Sequence,
  seed: number,
): void {
  const theirs = judge.run(sequence);
  const mine = ours.run(sequence);
  const myData = ours.data();
  const theirData = myData.length > 0 ? judge.data() : myData;
  const dataAgrees = Buffer.compare(myData, theirData) === 0;
  const vectorsAgree = myData.length === 0 || same(mine.v, theirs.v);
  if (same(mine.x, theirs.x) && vectorsAgree && dataAgrees) return;
  const lines = [
    `seed ${seed}, ${describeSequence(sequence)}`,
    ...differences((i) => NAMES[i]!, mine.x, theirs.x),
    ...(vectorsAgree ? [] : differences((i) => `v${i >> 1}[${i & 1}]`, mine.v, theirs.v)),
  ];
  const byte = myData.findIndex((value, i) => value !== theirData[i]);
  if (byte >= 0) {
    const eight = (data: Uint8Array): string => {
      return Buffer.from(data.subarray(byte, byte + 8)).toString("hex");
    };
    lines.push(`data +${hex(byte)}: ours ${eight(myData)}, judge ${eight(theirData)}`);
  }
  expect.fail(lines.join("\n"));
}
