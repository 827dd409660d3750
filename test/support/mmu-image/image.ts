import { Machine, type MachineOptions } from "../../../emulator/index.js";
import { assembleBareMetal, DATA_ADDRESS, PROGRAM_ADDRESS, runBareMetal } from "../qemu-system.js";

/**
 * A bare-metal program that tries one access after another, each under translation tables and control registers
 * of its own, and records what came of it. The program lives in one half of the address space while the row
 * changes the other; which one is free the row says.
 */
export interface MmuRow {
  /** What is tried: the index of a step (OPERATIONS). */
  readonly operation: OperationName;
  readonly va: bigint;
  /** The half whose registers the row sets: the program moves to the other one. */
  readonly half: 0 | 1;
  readonly ttbr: bigint;
  /** The fields of TCR_EL1 for that half and for both; `baseTcr` has the other's. */
  readonly tcr: bigint;
  readonly mair: bigint;
  /** Besides M. */
  readonly sctlr: bigint;
  /** PSTATE the access is made under: EL, PAN, UAO. */
  readonly pstate: bigint;
  /** Written before: descriptors, by physical address. At most MAX_WRITES. */
  readonly writes: readonly (readonly [address: number, value: bigint])[];
  /** Physical address of 8 bytes to tell of afterwards: a descriptor the hardware may have changed. */
  readonly watch?: number;
}

/** What came of a row. */
export interface MmuOutcome {
  /** ESR_EL1 of the exception that ended the step: SVC #0x55 where nothing went wrong, #0x66 in the target page. */
  readonly esr: bigint;
  readonly far: bigint;
  readonly par: bigint;
  /** x0 after the step, and the 8 bytes at `watch`. */
  readonly value: bigint;
  readonly watched: bigint;
  /** PAR_EL1 of every form of AT, for the step `at all`: S1E1R, S1E1W, S1E0R, S1E0W, S1E1RP, S1E1WP; an ESR with
   * bit 63 set where the instruction was aborted. */
  readonly pars: readonly bigint[];
}

/** Physical addresses that rows may use: tables, and the target of what they map. */
export const TABLES = 0x4200_0000;
export const TABLE_STRIDE = 0x1_0000;
export const FRAME = 0x4300_0000;
/** Filled with SVC #0x66. */
const FRAME_BYTES = 0x1_0000;
/** SCTLR_EL1 the program runs under: RES1 bits, SA, SPAN, EIS and EOS. */
export const SCTLR_BASE = 0x30d0_0980n | (1n << 12n) | (1n << 2n);
const SCTLR_M = 1n;
const HIGH_ALIAS = 0xffff_ff80_0000_0000n;
const ROW_WORDS = 26;
const OUT_WORDS = 12;
export const MAX_WRITES = 7;
const HEADER_BYTES = 0x3000;

/** 39 bits and 4 KiB pages in both halves; 48 bits of output; no ASID of 16 bits. */
const TCR_HALF = [25n, (25n << 16n) | (2n << 30n)] as const;
const TCR_BASE = TCR_HALF[0] | TCR_HALF[1] | (5n << 32n);
/** The fields of TCR_EL1 that belong to each half. */
const TCR_MASK = [
  0xffffn | (1n << 37n) | (1n << 41n) | (0xfn << 43n) | (1n << 51n) | (1n << 53n) | (1n << 55n),
  0xffbf_0000n |
    (1n << 38n) |
    (1n << 42n) |
    (0xfn << 47n) |
    (1n << 52n) |
    (1n << 54n) |
    (1n << 56n),
] as const;
const TCR_COMMON = (7n << 32n) | (1n << 22n) | (1n << 36n) | (3n << 39n);

/** The steps. x1 is the address, x3 a value. They run at EL1 or EL0. */
export const OPERATIONS = {
  ldrb: "ldrb w0, [x1]",
  ldrh: "ldrh w0, [x1]",
  ldrw: "ldr w0, [x1]",
  ldr: "ldr x0, [x1]",
  ldrq: "ldr q0, [x1]",
  ldp: "ldp x0, x4, [x1]",
  ld1: "ld1 {v0.8h, v1.8h}, [x1]",
  ldtr: "ldtr x0, [x1]",
  ldar: "ldar x0, [x1]",
  ldxr: "ldxr x0, [x1]",
  strb: "strb w3, [x1]",
  strh: "strh w3, [x1]",
  str: "str x3, [x1]",
  strq: "str q0, [x1]",
  stp: "stp x3, x3, [x1]",
  sttr: "sttr x3, [x1]",
  stlr: "stlr x3, [x1]",
  ldadd: "ldadd x3, x0, [x1]",
  swp: "swp x3, x0, [x1]",
  cas: "mov x0, #1\n cas x0, x3, [x1]",
  casp: "mov x6, #1\n mov x7, #1\n casp x6, x7, x4, x5, [x1]",
  prfm: "prfm pldl1keep, [x1]",
  "dc zva": "dc zva, x1",
  "dc cvac": "dc cvac, x1",
  "dc civac": "dc civac, x1",
  "dc ivac": "dc ivac, x1",
  "ic ivau": "ic ivau, x1",
  br: "br x1",
  s1e0r: "at s1e0r, x1\n isb",
  s1e1w: "at s1e1w, x1\n isb",
  "at all": ["s1e1r", "s1e1w", "s1e0r", "s1e0w", "s1e1rp", "s1e1wp"]
    .map((form, i) => `at ${form}, x1\n isb\n mrs x${2 + i}, par_el1`)
    .join("\n"),
} as const;
export type OperationName = keyof typeof OPERATIONS;
const NAMES = Object.keys(OPERATIONS) as OperationName[];
const AT_ALL = NAMES.indexOf("at all");
const STEP_BYTES = 128;

const at = (word: number): string => `#${8 * word}`;

/** Loads a 64-bit constant without a literal. */
function constant(register: string, value: bigint): string {
  const parts = [0, 1, 2, 3].map((i) => (value >> BigInt(16 * i)) & 0xffffn);
  return parts
    .map((part, i) => `${i === 0 ? "movz" : "movk"} ${register}, #${part}, lsl #${16 * i}`)
    .join("\n");
}

/**
 * x20 row and x21 outcome, as offsets from the data since the alias changes; x22 rows left; x28 the alias of the half
 * the program is in.
 */
const PROGRAM = `
    ${constant("x9", BigInt(FRAME))}
    ${constant("x10", BigInt(FRAME + FRAME_BYTES))}
    ${constant("x11", 0xd400_0cc1_d400_0cc1n)}
  fill: str x11, [x9], #8
    cmp x9, x10
    b.ne fill
    mov x20, #${HEADER_BYTES}
    mov x28, #0
    mov x9, #3 << 20
    msr cpacr_el1, x9
    ${constant("x9", BigInt(DATA_ADDRESS))}
    ldr x22, [x9, #0x2000]
    ldr x21, [x9, #0x2008]
    msr ttbr0_el1, x9
    msr ttbr1_el1, x9
    bl neutral
  row:
    ${constant("x27", BigInt(DATA_ADDRESS))}
    orr x27, x27, x28
    add x26, x27, x20
    ldr x28, [x26, ${at(1)}]
    adr x9, moved
    and x9, x9, #0x7fffffffff
    orr x9, x9, x28
    br x9
  moved:
    ${constant("x27", BigInt(DATA_ADDRESS))}
    orr x27, x27, x28
    add x26, x27, x20
    adr x9, vectors
    msr vbar_el1, x9
    ldr x10, [x26, ${at(11)}]
    add x11, x26, ${at(12)}
    cbz x10, written
  write: ldp x12, x13, [x11], #16
    orr x12, x12, x28
    str x13, [x12]
    sub x10, x10, #1
    cbnz x10, write
  written:
    ${constant("x9", BigInt(FRAME + 0x830))}
    orr x9, x9, x28
    ${constant("x10", 0x0706_0504_0302_0100n)}
    stp x10, x10, [x9]
    stp x10, x10, [x9, #16]
    stp x10, x10, [x9, #32]
    stp x10, x10, [x9, #48]
    stp x10, x10, [x9, #64]
    dsb sy
    ldp x9, x10, [x26, ${at(3)}]
    msr ttbr0_el1, x9
    msr ttbr1_el1, x10
    ldp x9, x10, [x26, ${at(5)}]
    msr tcr_el1, x9
    msr mair_el1, x10
    isb
    tlbi vmalle1
    dsb sy
    ldp x9, x10, [x26, ${at(7)}]
    msr sctlr_el1, x9
    isb
    msr spsr_el1, x10
    msr far_el1, xzr
    msr par_el1, xzr
    ldr x9, [x26]
    adr x10, steps
    add x10, x10, x9, lsl #${Math.log2(STEP_BYTES)}
    msr elr_el1, x10
    ldr x1, [x26, ${at(2)}]
    ldr x3, [x26, ${at(10)}]
    mov x0, #0
    mov x2, #0
    mov x4, #0
    mov x5, #0
    mov x6, #0
    mov x7, #0
    isb
    eret
  caught:
    mrs x9, esr_el1
    ldr x10, [x26]
    cmp x10, #${AT_ALL}
    b.ne ended
    lsr x10, x9, #26
    cmp x10, #0x25
    b.ne ended
    orr x9, x9, #1 << 63
    msr par_el1, x9
    mrs x9, elr_el1
    add x9, x9, #4
    msr elr_el1, x9
    eret
  ended:
    add x25, x27, x21
    mrs x10, far_el1
    stp x9, x10, [x25]
    mrs x10, par_el1
    stp x10, x0, [x25, #16]
    stp x2, x3, [x25, #40]
    stp x4, x5, [x25, #56]
    stp x6, x7, [x25, #72]
    bl neutral
    ldr x9, [x26, ${at(9)}]
    cbz x9, unwatched
    orr x9, x9, x28
    ldr x9, [x9]
  unwatched:
    str x9, [x25, #32]
    add x20, x20, #${8 * ROW_WORDS}
    add x21, x21, #${8 * OUT_WORDS}
    sub x22, x22, #1
    cbnz x22, row
    adr x9, low
    and x9, x9, #0x7fffffffff
    br x9
  low:
    ${constant("x9", SCTLR_BASE)}
    msr sctlr_el1, x9
    isb
    b finished
  neutral:
    // The program's own tables in both halves.
    ${constant("x9", TCR_BASE)}
    msr tcr_el1, x9
    ${constant("x9", BigInt(DATA_ADDRESS))}
    msr ttbr0_el1, x9
    msr ttbr1_el1, x9
    mov x9, #0xff
    msr mair_el1, x9
    isb
    tlbi vmalle1
    dsb sy
    isb
    ${constant("x9", SCTLR_BASE | SCTLR_M)}
    msr sctlr_el1, x9
    isb
    ret
    .balign 2048
  vectors:
    ${Array.from({ length: 16 }, () => ".balign 128\n b caught").join("\n")}
    .balign ${STEP_BYTES}
  steps:
    ${NAMES.map((name) => `.balign ${STEP_BYTES}\n ${OPERATIONS[name]}\n svc #0x55`).join("\n")}
    .balign ${STEP_BYTES}
  finished:
`;

/** A block of the program's own tables: code for both levels, data for EL1. */
function kernelTables(): BigUint64Array {
  const words = new BigUint64Array(HEADER_BYTES / 8);
  const AF = 1n << 10n;
  words[1] = BigInt(DATA_ADDRESS + 0x1000) | 3n;
  for (let i = 0; i < 32; i++) {
    const base = BigInt(0x4000_0000 + i * 0x20_0000);
    const code = AF | (3n << 6n) | 1n;
    const data = AF | (3n << 53n) | 1n;
    words[512 + i] = base | (i === 0 ? code : data);
  }
  return words;
}

function encode(row: MmuRow): bigint[] {
  const { half } = row;
  const other = half === 0 ? 1 : 0;
  const kernel = BigInt(DATA_ADDRESS);
  const tcr = (row.tcr & (TCR_MASK[half] | TCR_COMMON)) | TCR_HALF[other];
  const ttbrs = half === 0 ? [row.ttbr, kernel] : [kernel, row.ttbr];
  return [
    BigInt(NAMES.indexOf(row.operation)),
    half === 0 ? HIGH_ALIAS : 0n,
    row.va,
    ...ttbrs,
    tcr,
    row.mair,
    SCTLR_BASE | SCTLR_M | row.sctlr,
    row.pstate,
    BigInt(row.watch ?? 0),
    0x1234_5678_9abc_def0n,
    BigInt(row.writes.length),
    ...row.writes.flatMap(([address, value]) => [BigInt(address), value]),
  ];
}

export interface Image {
  readonly program: Uint8Array;
  readonly data: Uint8Array;
  readonly rows: number;
}

export function makeImage(rows: readonly MmuRow[]): Image {
  const outcomes = HEADER_BYTES + rows.length * ROW_WORDS * 8;
  const bytes = outcomes + rows.length * OUT_WORDS * 8;
  const words = new BigUint64Array(bytes / 8);
  words.set(kernelTables());
  words[0x2000 / 8] = BigInt(rows.length);
  words[0x2008 / 8] = BigInt(outcomes);
  rows.forEach((row, i) => {
    words.set(
      encode(row).map((v) => BigInt.asUintN(64, v)),
      HEADER_BYTES / 8 + i * ROW_WORDS,
    );
  });
  const data = new Uint8Array(words.buffer);
  return { program: assembleBareMetal(PROGRAM, data.length), data, rows: rows.length };
}

function decode({ rows }: Image, data: Uint8Array): MmuOutcome[] {
  const words = new BigUint64Array(data.slice().buffer);
  return Array.from({ length: rows }, (_, i) => {
    const first = HEADER_BYTES / 8 + rows * ROW_WORDS + i * OUT_WORDS;
    const [esr, far, par, value, watched, ...pars] = words.subarray(first, first + 5 + 6);
    return { esr: esr!, far: far!, par: par!, value: value!, watched: watched!, pars };
  });
}

export function runImageHere(image: Image, options: MachineOptions = {}): MmuOutcome[] {
  const machine = new Machine({ ramBytes: 64 * 2 ** 20, ...options });
  machine.writePhysical(PROGRAM_ADDRESS, image.program);
  machine.writePhysical(DATA_ADDRESS, image.data);
  machine.cpu.pc = BigInt(PROGRAM_ADDRESS);
  const end = BigInt(PROGRAM_ADDRESS + firstHlt(image.program));
  machine.hook("invalid", ({ address }) => {
    if (address === end) machine.stop();
    return address === end;
  });
  const exit = machine.run(1e8);
  if (exit.kind !== "stopped") throw new Error(`the image did not finish: ${exit.kind}`);
  return decode(image, machine.readPhysical(DATA_ADDRESS, image.data.length));
}

const HLT = 0xd45e_0000;

/** Offset of the instruction the program ends with. */
function firstHlt(program: Uint8Array): number {
  const words = new Uint32Array(program.slice(0, program.length & ~3).buffer);
  return 4 * words.indexOf(HLT);
}

export function runImageUnderQemu(image: Image): MmuOutcome[] {
  return decode(image, runBareMetal(image.program, image.data));
}
