import { expect } from "vitest";
import type { Feature } from "../../emulator/arch/features.js";
import { hex } from "../../emulator/arch/hex.js";
import { FP_SIMD_ROWS } from "../../emulator/isa/fp-simd-table.js";
import type { Row } from "../../emulator/isa/pattern.js";
import { DATA_BYTES, harness } from "./fp-simd-cases.js";
import { UC_REG, Unicorn } from "./unicorn.js";

/** Features of `max` that libunicorn 2.0.1 does not have. */
const LACKING: readonly Feature[] = ["bf16", "i8mm"];

function isLacking(row: Row): boolean {
  return row.features(row.extract(row.value)).some((f) => LACKING.includes(f));
}

/** The floating-point and SIMD rows the library can judge, and the others. */
export const JUDGED_ROWS: readonly Row[] = FP_SIMD_ROWS.filter((row) => !isLacking(row));
export const UNJUDGED_ROWS: readonly Row[] = FP_SIMD_ROWS.filter(isLacking);

/** Where the code, the register blocks and the data of `fp-simd-cases` lie in the judge's memory. */
export interface CaseAddresses {
  readonly code: number;
  readonly blocks: number;
  readonly data: number;
}

const CODE_BYTES = 0x800_0000;
/** Each word gets fresh code addresses: the judge caches translations. */
export const CODE_STEP = 0x400;

/** The outside CPU, running the cases. */
export class CaseJudge {
  readonly #uc = new Unicorn();
  readonly #addresses: CaseAddresses;
  #at: number;

  constructor(addresses: CaseAddresses) {
    this.#addresses = addresses;
    this.#at = addresses.code;
    this.#uc.map(addresses.code, CODE_BYTES);
    this.#uc.map(addresses.blocks, 0x10_0000);
    this.#uc.map(addresses.data, DATA_BYTES);
  }

  /** Run the word on every block; blocks and data are updated in place. */
  run(word: number, blocks: Uint8Array, data: Uint8Array): void {
    const code = harness(word);
    const at = this.#at;
    this.#at += CODE_STEP;
    const { blocks: blocksAt, data: dataAt } = this.#addresses;
    this.#uc.write(at, code);
    this.#uc.write(blocksAt, blocks);
    this.#uc.write(dataAt, data);
    const sp = new Uint8Array(new BigUint64Array([BigInt(blocksAt)]).buffer);
    this.#uc.writeRegister(UC_REG.sp, sp);
    expect(this.#uc.run(at, at + code.length), `unicorn on ${hex(word, 8)}`).toBe(0);
    blocks.set(this.#uc.read(blocksAt, blocks.length));
    data.set(this.#uc.read(dataAt, data.length));
  }
}
