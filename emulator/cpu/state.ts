import { check } from "../arch/check.js";
import { DEFAULT_CPU_CONFIG, type CpuConfig } from "../arch/cpu-model.js";
import {
  resetValue,
  SYSREGS,
  sysreg,
  sysregSlot,
  writableBits,
  type SysregFile,
  type SysregName,
} from "../arch/sysreg.js";
import type { PhysMemory } from "../mmu/phys-memory.js";
import {
  OFF_EXCLUSIVE_VALID,
  OFF_FPCR,
  OFF_FPSR,
  OFF_FPSR_EXACT,
  OFF_ICOUNT,
  OFF_INTERRUPTS,
  OFF_NZCV,
  OFF_PC,
  OFF_PSTATE,
  OFF_RANDOM,
  OFF_SP_EL0,
  OFF_SP_EL1,
  OFF_SYSREG,
  OFF_V,
  OFF_WAITED,
  OFF_X,
  PSTATE_DAIF,
  PSTATE_EL,
  PSTATE_PAN,
  PSTATE_SP,
  SYSREG_SLOTS,
} from "./state-layout.js";

/** PSTATE after a reset: EL1 with its own stack pointer, interrupts masked. */
const RESET_PSTATE = (0xf << PSTATE_DAIF) | (1 << PSTATE_EL) | (1 << PSTATE_SP);

/**
 * The registers a thread owns: X0..X30, SP_EL0, PC, PSTATE, V0..V31, FPCR, FPSR and the two EL0
 * thread pointers. A copy, in the byte layout of the state block plus the thread pointers.
 */
export interface CpuSnapshot {
  /** Bytes OFF_X up to OFF_V + 512. */
  readonly registers: Uint8Array;
  readonly spEl0: bigint;
  readonly pc: bigint;
  readonly nzcv: number;
  readonly pstate: number;
  readonly fpcr: number;
  readonly fpsr: number;
  readonly tpidrEl0: bigint;
  readonly tpidrroEl0: bigint;
}

/** System registers that are an interrupt controller's (GICv3): 64-bit values, unsigned. */
export interface ExternalRegisters {
  read(name: SysregName): bigint;
  write(name: SysregName, value: bigint): void;
}

/** Where there is none, the registers are UNDEFINED and nobody asks. */
const NO_EXTERNAL: ExternalRegisters = { read: () => 0n, write: () => undefined };

const REGISTERS_END = OFF_V + 32 * 16;
const TPIDR_EL0 = sysregSlot("TPIDR_EL0");
const TPIDRRO_EL0 = sysregSlot("TPIDRRO_EL0");

/** The CPU's registers, by name, over the state block that translated code works on. */
export class CpuState implements SysregFile {
  readonly #i32: Int32Array;
  readonly #u32: Uint32Array;
  readonly #i64: BigInt64Array;
  readonly #u8: Uint8Array;
  /** What kind of CPU this is. */
  readonly config: CpuConfig;
  /** SPSR_EL1's bits that this CPU has, flags included. */
  readonly spsrBits: number;
  /** Who keeps the registers of the interrupt controller. */
  external: ExternalRegisters = NO_EXTERNAL;

  constructor(memory: PhysMemory, config: CpuConfig = DEFAULT_CPU_CONFIG) {
    this.config = config;
    this.spsrBits = writableBits(sysreg("SPSR_EL1"), config.model).lo;
    this.#i32 = memory.i32;
    this.#u32 = memory.u32;
    this.#i64 = memory.i64;
    this.#u8 = memory.u8;
    check(SYSREGS.length <= SYSREG_SLOTS, "state block has too few system register slots");
    this.reset();
  }

  /** Power-on state: EL1, translation off, registers zero. */
  reset(): void {
    this.#u8.fill(0, OFF_X, OFF_SYSREG + SYSREG_SLOTS * 8);
    this.pstate = RESET_PSTATE;
    for (const row of SYSREGS) {
      if (row.home.kind !== "slot") continue;
      const { lo, hi } = resetValue(row, this.config.model);
      this.#u32[OFF_SYSREG / 4 + row.home.slot * 2] = lo;
      this.#u32[OFF_SYSREG / 4 + row.home.slot * 2 + 1] = hi;
    }
    this.setSysreg("CNTFRQ_EL0", BigInt(this.config.counterHz));
    this.#u32[OFF_RANDOM / 4] = this.config.seed;
  }

  /** X0..X30 as an unsigned 64-bit value; X31 reads as zero. */
  x(n: number): bigint {
    return n === 31 ? 0n : BigInt.asUintN(64, this.#i64[OFF_X / 8 + n]!);
  }

  setX(n: number, value: bigint): void {
    if (n !== 31) this.#i64[OFF_X / 8 + n] = value;
  }

  /** Low and high halves of Xn, signed. */
  xLo(n: number): number {
    return this.#i32[OFF_X / 4 + n * 2]!;
  }

  xHi(n: number): number {
    return this.#i32[OFF_X / 4 + n * 2 + 1]!;
  }

  /** Xn as a signed number: exact for magnitudes below 2^53. */
  xNumber(n: number): number {
    return this.xHi(n) * 2 ** 32 + this.#u32[OFF_X / 4 + n * 2]!;
  }

  /** The stack pointer in use: SP_EL0, or SP_EL1 at EL1 with SPSel 1. */
  get sp(): bigint {
    return BigInt.asUintN(64, this.#i64[this.#spOffset() / 8]!);
  }

  set sp(value: bigint) {
    this.#i64[this.#spOffset() / 8] = value;
  }

  get spEl0(): bigint {
    return BigInt.asUintN(64, this.#i64[OFF_SP_EL0 / 8]!);
  }

  set spEl0(value: bigint) {
    this.#i64[OFF_SP_EL0 / 8] = value;
  }

  #spOffset(): number {
    return this.el === 1 && (this.pstate & (1 << PSTATE_SP)) !== 0 ? OFF_SP_EL1 : OFF_SP_EL0;
  }

  get pc(): bigint {
    return BigInt.asUintN(64, this.#i64[OFF_PC / 8]!);
  }

  set pc(value: bigint) {
    this.#i64[OFF_PC / 8] = value;
  }

  get pcLo(): number {
    return this.#i32[OFF_PC / 4]!;
  }

  get pcHi(): number {
    return this.#i32[OFF_PC / 4 + 1]!;
  }

  set pcHi(value: number) {
    this.#i32[OFF_PC / 4 + 1] = value;
  }

  /** PC as a sign-extended number; only canonical addresses are exact. */
  get pcNumber(): number {
    return this.pcHi * 2 ** 32 + this.#u32[OFF_PC / 4]!;
  }

  /** N Z C V in bits 31:28, unsigned. */
  get nzcv(): number {
    return (this.#u32[OFF_NZCV / 4]! & 0xf000_0000) >>> 0;
  }

  set nzcv(value: number) {
    this.#u32[OFF_NZCV / 4] = value & 0xf000_0000;
  }

  /** PSTATE without the condition flags, in SPSR positions. */
  get pstate(): number {
    return this.#u32[OFF_PSTATE / 4]!;
  }

  set pstate(value: number) {
    this.#u32[OFF_PSTATE / 4] = value;
  }

  get el(): 0 | 1 {
    return ((this.pstate >>> PSTATE_EL) & 3) === 0 ? 0 : 1;
  }

  get pan(): boolean {
    return (this.pstate & (1 << PSTATE_PAN)) !== 0;
  }

  /** A live view of the 16 bytes of Vn. */
  v(n: number): Uint8Array {
    return this.#u8.subarray(OFF_V + n * 16, OFF_V + n * 16 + 16);
  }

  get fpcr(): number {
    return this.#u32[OFF_FPCR / 4]!;
  }

  set fpcr(value: number) {
    this.#u32[OFF_FPCR / 4] = value;
  }

  get fpsr(): number {
    return this.#u32[OFF_FPSR / 4]!;
  }

  set fpsr(value: number) {
    this.#u32[OFF_FPSR / 4] = value;
  }

  /** Whether FPSR's cumulative flags are kept exactly (Mode.fpsrExact); never goes back to false. */
  get fpsrExact(): boolean {
    return this.#u32[OFF_FPSR_EXACT / 4] !== 0;
  }

  set fpsrExact(value: boolean) {
    this.#u32[OFF_FPSR_EXACT / 4] = value ? 1 : 0;
  }

  /** Instructions executed since reset, as of the last return to the host. */
  get instructionCount(): number {
    return this.#u32[OFF_ICOUNT / 4 + 1]! * 2 ** 32 + this.#u32[OFF_ICOUNT / 4]!;
  }

  set instructionCount(value: number) {
    this.#u32[OFF_ICOUNT / 4] = value % 2 ** 32;
    this.#u32[OFF_ICOUNT / 4 + 1] = Math.floor(value / 2 ** 32);
  }

  /** Instruction times that passed while the CPU waited for interrupts. */
  get waited(): number {
    return this.#u32[OFF_WAITED / 4 + 1]! * 2 ** 32 + this.#u32[OFF_WAITED / 4]!;
  }

  set waited(value: number) {
    this.#u32[OFF_WAITED / 4] = value % 2 ** 32;
    this.#u32[OFF_WAITED / 4 + 1] = Math.floor(value / 2 ** 32);
  }

  /** Virtual time in instruction times (INSTRUCTIONS_PER_SECOND): what the counter and timers follow. */
  get time(): number {
    return this.instructionCount + this.waited;
  }

  /** Interrupt requests at the CPU: bit 7 IRQ, bit 6 FIQ, as in ISR_EL1. */
  get interrupts(): number {
    return this.#i32[OFF_INTERRUPTS / 4]!;
  }

  set interrupts(value: number) {
    this.#i32[OFF_INTERRUPTS / 4] = value;
  }

  /** The next 64-bit number of the generator behind RNDR (SplitMix64), as halves. */
  nextRandom(): { lo: number; hi: number } {
    const state = BigInt.asUintN(64, this.#i64[OFF_RANDOM / 8]! + 0x9e37_79b9_7f4a_7c15n);
    this.#i64[OFF_RANDOM / 8] = state;
    const mix = (z: bigint, shift: bigint, factor: bigint): bigint =>
      BigInt.asUintN(64, (z ^ (z >> shift)) * factor);
    const once = mix(state, 30n, 0xbf58_476d_1ce4_e5b9n);
    const twice = mix(once, 27n, 0x94d0_49bb_1331_11ebn);
    const out = twice ^ (twice >> 31n);
    return { lo: Number(BigInt.asIntN(32, out)), hi: Number(BigInt.asIntN(32, out >> 32n)) };
  }

  /** Forget an exclusive load (CLREX; also exceptions and context switches). */
  clearExclusive(): void {
    this.#i32[OFF_EXCLUSIVE_VALID / 4] = 0;
  }

  // SysregFile
  readLo(slot: number): number {
    return this.#i32[OFF_SYSREG / 4 + slot * 2]!;
  }

  readHi(slot: number): number {
    return this.#i32[OFF_SYSREG / 4 + slot * 2 + 1]!;
  }

  writeSlot(slot: number, lo: number, hi: number): void {
    this.#i32[OFF_SYSREG / 4 + slot * 2] = lo;
    this.#i32[OFF_SYSREG / 4 + slot * 2 + 1] = hi;
  }

  /**
   * A system register kept in a slot, as an unsigned 64-bit value. Reads and writes here are the
   * embedder's: no access rules, no side effects (tell the machine with `contextChanged`).
   */
  sysreg(name: SysregName): bigint {
    return BigInt.asUintN(64, this.#i64[OFF_SYSREG / 8 + sysregSlot(name)]!);
  }

  setSysreg(name: SysregName, value: bigint): void {
    const { home } = sysreg(name);
    check(home.kind === "slot", "not a register with a slot of its own", name);
    this.#i64[OFF_SYSREG / 8 + home.slot] = value;
  }

  save(): CpuSnapshot {
    return {
      registers: this.#u8.slice(OFF_X, REGISTERS_END),
      spEl0: this.spEl0,
      pc: this.pc,
      nzcv: this.nzcv,
      pstate: this.pstate,
      fpcr: this.fpcr,
      fpsr: this.fpsr,
      tpidrEl0: this.#i64[OFF_SYSREG / 8 + TPIDR_EL0]!,
      tpidrroEl0: this.#i64[OFF_SYSREG / 8 + TPIDRRO_EL0]!,
    };
  }

  restore(snapshot: CpuSnapshot): void {
    this.#u8.set(snapshot.registers, OFF_X);
    this.spEl0 = snapshot.spEl0;
    this.pc = snapshot.pc;
    this.nzcv = snapshot.nzcv;
    this.pstate = snapshot.pstate;
    this.fpcr = snapshot.fpcr;
    this.fpsr = snapshot.fpsr;
    this.#i64[OFF_SYSREG / 8 + TPIDR_EL0] = snapshot.tpidrEl0;
    this.#i64[OFF_SYSREG / 8 + TPIDRRO_EL0] = snapshot.tpidrroEl0;
    this.clearExclusive();
  }
}
