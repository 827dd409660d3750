import { describe, expect, it } from "vitest";
import { Machine } from "../../emulator/index.js";
import { Prng } from "../support/fp-operands.js";
import {
  assembleBareMetal,
  DATA_ADDRESS,
  PROGRAM_ADDRESS,
  qemuSystemMissing,
  runBareMetal,
} from "../support/qemu-system.js";
import { DIFF_ROUNDS, diffSeed } from "../support/scale.js";

/**
 * Pointer authentication against qemu-system-aarch64 -cpu max: one bare-metal program, translated here and run there,
 * does every instruction of it for many pointers, modifiers, keys, address layouts and enables. MACHVM_DIFF_ROUNDS
 * multiplies the work, MACHVM_DIFF_SEED changes the numbers.
 */
const SEED = diffSeed(20264);
const CASES = 600 * DIFF_ROUNDS;

/** Each leaves its result in x7, from the pointer in x0, the modifier in x1 and SP. */
const STEPS: readonly (readonly [name: string, code: string])[] = [
  ...["pac", "aut"].flatMap((verb) =>
    ["ia", "ib", "da", "db"].flatMap((key): [string, string][] => {
      const [class_, ab] = [key.slice(0, 1), key.slice(1)];
      return [
        [`${verb}${key}`, `mov x7, x0\n ${verb}${key} x7, x1`],
        [`${verb}${key} sp`, `mov x7, x0\n ${verb}${key} x7, sp`],
        [`${verb}${class_}z${ab}`, `mov x7, x0\n ${verb}${class_}z${ab} x7`],
        // A pointer that has just been signed, with the modifier or without.
        [`pac, ${verb}${key}`, `mov x7, x0\n pac${key} x7, x1\n ${verb}${key} x7, x1`],
      ];
    }),
  ),
  ...["paci", "auti"].flatMap((verb) =>
    ["a", "b"].flatMap((ab): [string, string][] => [
      [`${verb}${ab}1716`, `mov x17, x0\n mov x16, x1\n ${verb}${ab}1716\n mov x7, x17`],
      [`${verb}${ab}sp`, `mov x30, x0\n ${verb}${ab}sp\n mov x7, x30`],
      [`${verb}${ab}z`, `mov x30, x0\n ${verb}${ab}z\n mov x7, x30`],
    ]),
  ),
  ["xpaci", "mov x7, x0\n xpaci x7"],
  ["xpacd", "mov x7, x0\n xpacd x7"],
  ["xpaclri", "mov x30, x0\n xpaclri\n mov x7, x30"],
  ["pacga", "pacga x7, x0, x1"],
  ["pacga sp", "pacga x7, x0, sp"],
  ["ldraa", "mov x8, x20\n pacdza x8\n ldraa x7, [x8, #8]"],
  [
    "ldrab!",
    "add x8, x20, #64\n pacdzb x8\n ldrab x7, [x8, #-48]!\n sub x8, x8, x20\n add x7, x7, x8",
  ],
  ...["a", "b"].flatMap((ab): [string, string][] => [
    [`bra${ab}`, `mov x7, #1\n adr x8, 1f\n paci${ab} x8, x1\n bra${ab} x8, x1\n mov x7, #2\n1:`],
    [`bra${ab}z`, `mov x7, #1\n adr x8, 1f\n paciz${ab} x8\n bra${ab}z x8\n mov x7, #2\n1:`],
    [
      `blra${ab}`,
      `adr x8, 1f\n paci${ab} x8, sp\n blra${ab} x8, sp\n mov x7, #2\n1: sub x7, x30, x21`,
    ],
    [`reta${ab}`, `mov x7, #1\n adr x30, 1f\n paci${ab} x30, sp\n reta${ab}\n mov x7, #2\n1:`],
    [
      `ereta${ab}`,
      `mov x7, #0x3c5\n msr spsr_el1, x7\n adr x8, 1f\n paci${ab} x8, sp\n msr elr_el1, x8\n mov x7, #1\n ereta${ab}\n mov x7, #2\n1:`,
    ],
  ]),
];

/** Words of a case: pointer, modifier, key (low, high), TCR, SCTLR, two to spare; then the results. */
const INPUTS = 8;
const WORDS = INPUTS + STEPS.length;

const KEYS = ["apia", "apib", "apda", "apdb", "apga"];

/** x20 walks through the cases, x21 is the program's start, x22 the number of cases left. */
const SOURCE = `
    adr x21, .
    mov x20, #${DATA_ADDRESS}
    mov x22, #${CASES}
  next:
    ldp x0, x1, [x20]
    ldp x2, x3, [x20, #16]
    ldp x4, x5, [x20, #32]
    ${KEYS.map((key) => `msr ${key}keylo_el1, x2\n msr ${key}keyhi_el1, x3\n add x2, x2, #1\n ror x3, x3, #7`).join("\n")}
    msr tcr_el1, x4
    msr sctlr_el1, x5
    isb
    mov sp, x1
    ror x6, x1, #32
    mov sp, x6
    ${STEPS.map(([, code], i) => `${code}\n str x7, [x20, #${8 * (INPUTS + i)}]`).join("\n ")}
    add x20, x20, #${8 * WORDS}
    sub x22, x22, #1
    cbnz x22, next
`;

const TBI = 3n << 37n;
const TBID = 3n << 51n;
const ENABLES = (1n << 31n) | (1n << 30n) | (1n << 27n) | (1n << 13n);
const SCTLR_RES1 = 0x30d0_0980n;

/** Often canonical for the layout, or nearly so. @param agrees bits 55 and 63 are to be equal */
function makePointer(rng: Prng, t0sz: number, t1sz: number, agrees: boolean): bigint {
  const isUpper = rng.below(2) === 1;
  const bits = BigInt(64 - (isUpper ? t1sz : t0sz));
  let pointer = rng.bits(64);
  if (rng.below(4) !== 0) {
    const low = pointer & ((1n << bits) - 1n);
    pointer = isUpper ? low | (((1n << (64n - bits)) - 1n) << bits) : low;
    if (rng.below(3) === 0) pointer ^= rng.bits(8) << 56n;
    if (rng.below(4) === 0) pointer ^= 1n << BigInt(40 + rng.below(24));
  }
  if (agrees) {
    const bit55 = (pointer >> 55n) & 1n;
    pointer = (pointer & ~(1n << 63n)) | (bit55 << 63n);
  }
  return pointer;
}

/**
 * In a symmetric layout both halves have the same size and tags. Otherwise QEMU, which goes by bit 55, and the manual,
 * which goes by bit 63 where no half has tags, disagree about pointers whose bits 55 and 63 differ.
 */
function isSymmetric(tcr: bigint): boolean {
  const both = (at: bigint): boolean => ((tcr >> at) & 3n) % 3n === 0n;
  return ((tcr ^ (tcr >> 16n)) & 0x3fn) === 0n && both(37n) && both(51n);
}

function makeTcr(rng: Prng): bigint {
  // Signed pointers to the program itself need bit 30.
  const t0sz = BigInt(16 + rng.below(18));
  const granules = 2n << 30n; // 4 KiB in both halves
  if (rng.below(2) === 0) {
    const tags = rng.below(2) === 0 ? 0n : TBI;
    return t0sz | (t0sz << 16n) | granules | tags | (rng.below(2) === 0 ? 0n : TBID);
  }
  const tags = ((rng.bits(2) << 37n) & TBI) | ((rng.bits(2) << 51n) & TBID);
  return t0sz | (BigInt(16 + rng.below(24)) << 16n) | granules | tags;
}

function makeCases(): BigUint64Array {
  const rng = new Prng(SEED);
  const data = new BigUint64Array(CASES * WORDS);
  for (let i = 0; i < CASES; i++) {
    const tcr = makeTcr(rng);
    const enables = rng.below(4) === 0 ? rng.bits(64) & ENABLES : ENABLES;
    const [t0sz, t1sz] = [Number(tcr & 0x3fn), Number((tcr >> 16n) & 0x3fn)];
    const pointer = makePointer(rng, t0sz, t1sz, !isSymmetric(tcr));
    const inputs = [pointer, rng.bits(64), rng.bits(64), rng.bits(64), tcr, SCTLR_RES1 | enables];
    data.set(inputs, i * WORDS);
  }
  return data;
}

function runHere(program: Uint8Array, data: Uint8Array): BigUint64Array {
  const machine = new Machine({ ramBytes: 64 * 2 ** 20, exceptions: "host" });
  machine.memory.view(PROGRAM_ADDRESS, program.length).set(program);
  machine.memory.view(DATA_ADDRESS, data.length).set(data);
  machine.cpu.pc = BigInt(PROGRAM_ADDRESS);
  expect(machine.run(1e8)).toEqual({ kind: "exception", vector: "sync" });
  expect(machine.cpu.sysreg("ESR_EL1")).toBe(0x0200_0000n); // the first HLT
  return new BigUint64Array(machine.memory.view(DATA_ADDRESS, data.length).slice().buffer);
}

describe.skipIf(qemuSystemMissing !== null)(
  `pointer authentication ${qemuSystemMissing ?? ""}`,
  () => {
    it(`agrees with qemu-system-aarch64 over ${CASES} pointers (seed ${SEED})`, () => {
      const cases = makeCases();
      const data = new Uint8Array(cases.buffer);
      const program = assembleBareMetal(SOURCE, data.length);
      const ours = runHere(program, data);
      const theirs = new BigUint64Array(runBareMetal(program, data).slice().buffer);
      const differences: string[] = [];
      for (let i = 0; i < CASES; i++) {
        const [pointer, modifier, , , tcr, sctlr] = cases.subarray(i * WORDS, i * WORDS + INPUTS);
        STEPS.forEach(([name], k) => {
          const at = i * WORDS + INPUTS + k;
          if (ours[at] === theirs[at]) return;
          // QEMU strips nothing while no key is enabled; the manual's Strip does not look at the enables.
          if (name.startsWith("xpac") && (sctlr! & ENABLES) === 0n) return;
          // Signed twice: bits 55 and 63 may differ.
          if (name.startsWith("pac, pac") && !isSymmetric(tcr!)) return;
          const text = [pointer, modifier, tcr, sctlr, ours[at], theirs[at]].map((v) =>
            v?.toString(16),
          );
          differences.push(`${name}: x0, x1, TCR, SCTLR, ours, QEMU: ${text.join(" ")}`);
        });
      }
      expect(differences).toEqual([]);
    });
  },
);
