import { sysreg, sysregKey, type SysregName } from "../../emulator/arch/sysreg.js";
import { Machine, type RunExit } from "../../emulator/index.js";
import { A64Program, type Register } from "./a64-program.js";
import { moveSysreg } from "./el1-world.js";
import { AF, NG, PAGE } from "./page-tables.js";

/** TLBI operations by name: CRm and op2 (Arm ARM C5.5). */
const TLBI = {
  vmalle1: [7, 0],
  vae1: [7, 1],
  aside1: [7, 2],
  vaae1: [7, 3],
  vale1: [7, 5],
  vaale1: [7, 7],
  vmalle1is: [3, 0],
  vae1is: [3, 1],
  aside1is: [3, 2],
  vaae1is: [3, 3],
  vale1is: [3, 5],
  vaale1is: [3, 7],
  rvae1: [6, 1],
  rvaae1: [6, 3],
  rvale1: [6, 5],
  rvaale1: [6, 7],
} as const;
export type TlbiName = keyof typeof TLBI;

const DSB = { sy: 15, ish: 11, ishst: 10, ishld: 9, nsh: 7 } as const;

/** A64Program with what page-table code needs. */
export class El1Program extends A64Program {
  dsb(domain: keyof typeof DSB): this {
    return this.word(0xd503_309f | (DSB[domain] << 8));
  }

  isb(): this {
    return this.word(0xd503_3fdf);
  }

  eret(): this {
    return this.word(0xd69f_03e0);
  }

  msr(name: SysregName, from: Register): this {
    const rt = from === "xzr" ? 31 : Number(from.slice(1));
    return this.word(moveSysreg(sysreg(name).key, rt, false));
  }

  tlbi(name: TlbiName, operand: Register = "xzr"): this {
    const [crm, op2] = TLBI[name];
    const rt = operand === "xzr" ? 31 : Number(operand.slice(1));
    return this.word(0xd500_0000 | (1 << 19) | ((sysregKey(1, 0, 8, crm, op2) & 0x3fff) << 5) | rt);
  }

  /** STR of an 8-byte constant at a constant address; changes x9 and x10. */
  store(address: number, value: bigint): this {
    return this.mov("x9", address).mov("x10", value).str("x10", "x9");
  }

  /** TLBI with a constant operand; changes x9. */
  tlbiOf(name: TlbiName, operand: bigint): this {
    return this.mov("x9", operand).tlbi(name, "x9");
  }

  /** LDR from a constant address into x11; changes x9. */
  loadFrom(address: number): this {
    return this.mov("x9", address).ldr("x11", "x9");
  }
}

/** Operand of a TLBI by address. */
export function tlbiVa(va: number, asid = 0, ttl = 0): bigint {
  return (BigInt(asid) << 48n) | (BigInt(ttl) << 44n) | ((BigInt(va) >> 12n) & (2n ** 44n - 1n));
}

/** Where things are: RAM, and translation tables with a 4 KiB granule, 39 bits of address, in a block of it. */
export const CODE = 0x4000_0000;
const VECTORS = CODE + 0x8_0000;
export const ROOT = 0x4010_0000;
export const IDENTITY_L2 = 0x4010_1000;
/** Level 2 and level 3 tables of `AREA`. */
export const AREA_L2 = 0x4010_2000;
export const AREA_L3 = 0x4010_3000;
/** A second address space with tables of its own for `AREA`. */
export const ROOT_B = 0x4010_4000;
export const AREA_B_L2 = 0x4010_5000;
export const AREA_B_L3 = 0x4010_6000;
/** Pages that are mapped in the area, and free ones. */
export const FRAME = 0x4030_0000;
/** 2 MiB of addresses with 4 KiB pages, unmapped but for what a test maps. */
export const AREA = 0x8000_0000;

export const TABLE = 3n;
/** A page or block at EL1: read and write, inner shareable, write-back, not executable, of this ASID. */
export const DATA = AF | NG | (3n << 8n) | (3n << 53n);
const TCR = 25n | (25n << 16n) | (2n << 30n) | (2n << 32n);

/**
 * A machine at EL1 with translation on and code, data and tables at the same addresses as without:
 * the guest can edit its tables.
 */
export class El1World {
  readonly machine = new Machine({ ramBytes: 8 * 2 ** 20 });

  constructor() {
    const code = AF | (3n << 8n) | 1n;
    for (const [root, l2, l3] of [
      [ROOT, AREA_L2, AREA_L3],
      [ROOT_B, AREA_B_L2, AREA_B_L3],
    ] as const) {
      this.write(root + 8, BigInt(IDENTITY_L2) | TABLE);
      this.write(root + 16, BigInt(l2) | TABLE);
      this.write(l2, BigInt(l3) | TABLE);
    }
    for (let i = 0; i < 4; i++) {
      this.write(IDENTITY_L2 + 8 * i, BigInt(CODE + i * 0x20_0000) | code);
    }
    const { cpu } = this.machine;
    cpu.pstate = 0b0101;
    // An exception skips its instruction: mrs x12, elr_el1; add x12, x12, #4; msr elr_el1, x12; eret
    const skip = new Uint32Array([0xd538_402c, 0x9100_118c, 0xd518_402c, 0xd69f_03e0]);
    for (const vector of [0x200, 0x400]) {
      this.machine.writePhysical(VECTORS + vector, new Uint8Array(skip.buffer));
    }
    cpu.setSysreg("VBAR_EL1", BigInt(VECTORS));
    cpu.setSysreg("MAIR_EL1", 0x04_44_ffn);
    cpu.setSysreg("TCR_EL1", TCR);
    cpu.setSysreg("TTBR0_EL1", BigInt(ROOT) | (1n << 48n));
    cpu.setSysreg("TTBR1_EL1", 0n);
    cpu.setSysreg("TCR_EL1", TCR | (1n << 23n));
    cpu.setSysreg("SCTLR_EL1", cpu.sysreg("SCTLR_EL1") | 1n);
    this.machine.contextChanged();
  }

  write(pa: number, value: bigint): void {
    const bytes = new Uint8Array(8);
    new DataView(bytes.buffer).setBigUint64(0, value, true);
    this.machine.writePhysical(pa, bytes);
  }

  /** Map page `n` of the area to frame `frame` in the first address space. */
  map(n: number, frame = n, attributes = DATA, l3 = AREA_L3): void {
    this.write(l3 + 8 * n, page(frame, attributes));
  }

  /** Run a program from its start to its end. */
  run(program: El1Program, limit = 10_000): RunExit {
    const code = program.assemble();
    this.machine.writePhysical(CODE, code);
    this.machine.cpu.pc = BigInt(CODE);
    return this.machine.runUntil(BigInt(CODE + code.length), limit);
  }
}

/** Address of a label of a program that `El1World` runs. */
export function at(program: El1Program, label: string): number {
  return CODE + program.offsetOf(label);
}

/** A page descriptor for a frame of the world. */
export function page(frame: number, attributes = DATA): bigint {
  return BigInt(FRAME + 0x1000 * frame) | attributes | PAGE;
}

/** Physical address of the area's level 3 descriptor of page `n`. */
export function slot(n: number): number {
  return AREA_L3 + 8 * n;
}
