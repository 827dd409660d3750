import { existsSync, mkdirSync, readFileSync, writeFileSync } from "node:fs";
import { fileURLToPath } from "node:url";
import { beforeAll, describe, expect, it, vi } from "vitest";
import { disassemble, prepareDisassembler } from "../../../kernel-sim/disassembler.js";
import { CODE, BRK, CENTRE, SP, STACK_TOP, type FuzzCase } from "../../support/fuzz-case.js";
import { FuzzMachine } from "../../support/fuzz-machine.js";
import { wasmText } from "../../support/wasm-text.js";

/**
 * What representative code is translated to, as text for review: test/golden/wasm. A change of the
 * translator shows there; MACHVM_UPDATE_GOLDEN=1 rewrites the files.
 */

const FOLDER = fileURLToPath(new URL("../../golden/wasm/", import.meta.url));
const UPDATE = process.env["MACHVM_UPDATE_GOLDEN"] === "1";

/** Code by name; each is followed by a BRK. X1 and X2 hold addresses of data, X0 a small number. */
const BLOCKS: Readonly<Record<string, readonly number[]>> = {
  "add-loop": [0x8b00_0021, 0xf100_0400, 0x54ff_ffc1],
  "load-store": [0xf940_0023, 0x8b00_0063, 0xf900_0043],
  "flags-and-branch": [0xeb02_003f, 0x5400_0062, 0x1a9f_17e3, 0x1400_0002, 0x9a83_0463],
  "call-return": [
    ...[0x9400_0003, 0x9100_0463, 0x1400_0006],
    ...[0xaa1e_03e4, 0x9400_0003, 0xd65f_0080, 0xd503_201f, 0xd65f_03c0],
  ],
  "call-of-leaf": [0x9400_0003, 0x9100_0463, 0x1400_0003, 0x8b00_0063, 0xd65f_03c0],
  "fp-add": [0x1e62_2820, 0x1e60_2862],
  fmla: [0x4e22_cc20, 0x4e62_cc64],
  "pair-and-stack": [0xa9be_7bfd, 0xa941_0c22, 0xa8c2_7bfd],
  bitfield: [0xd344_3c03, 0x9348_3c04, 0xb37c_0c05, 0x53057c06],
  "csel-chain": [0xf100_041f, 0x9a83_1064, 0x9a84_a485, 0xda85_50a6],
  "indirect-branch": [0x1000_0063, 0xd61f_0060, 0xd503_201f, 0x9100_0463],
  "copy-loop": [0xacc1_0420, 0xac81_0440, 0xf100_0400, 0x54ff_ffa1],
  "uneven-loop": [0xf940_0023, 0xd27a_0021, 0xf100_0400, 0x54ff_ffa1],
  "page-crossing": [0xf85f_c023, 0xf81f_c043],
  atomics: [0xf8e0_0023, 0xc85f_fc43, 0xc804_fc43],
};

/** The modules compiled while a case runs. */
function modulesOf(words: readonly number[]): Uint8Array[] {
  const machine = new FuzzMachine("16K");
  const x = new BigUint64Array(33);
  x[0] = 3n;
  x[1] = BigInt(CENTRE);
  x[2] = BigInt(CENTRE + 0x4000);
  x[SP] = BigInt(STACK_TOP - 0x100);
  const one: FuzzCase = {
    at: CODE,
    words: [...words, BRK],
    end: words.length,
    inputs: [{ x, v: new BigUint64Array(64) }],
  };
  machine.load(one);
  const modules: Uint8Array[] = [];
  const { Module } = WebAssembly;
  const spy = vi.spyOn(WebAssembly, "Module").mockImplementation(function (bytes) {
    modules.push(new Uint8Array(bytes as ArrayBuffer).slice());
    return new Module(bytes);
  });
  try {
    expect(machine.run(one, one.inputs[0]!)?.stop).toBe("end");
  } finally {
    spy.mockRestore();
  }
  return modules;
}

describe("translated code", () => {
  beforeAll(prepareDisassembler);

  it.each(Object.entries(BLOCKS))("%s", (name, words) => {
    const code = words.map((word, i) => `;; ${disassemble(word, BigInt(CODE + 4 * i))}`);
    const text = [...code, "", ...modulesOf(words).map(wasmText)].join("\n");
    const path = `${FOLDER}${name}.wat`;
    if (UPDATE) {
      mkdirSync(FOLDER, { recursive: true });
      writeFileSync(path, text);
    }
    expect(existsSync(path), `${path} is missing: run with MACHVM_UPDATE_GOLDEN=1`).toBe(true);
    expect(text).toBe(readFileSync(path, "utf8"));
  });
});
