import type { CpuConfig } from "../arch/cpu-model.js";
import type { ValType } from "../wasm/builder.js";
import type { Body, Local } from "../wasm/builder.js";

export type { Body, Label, Local, ValType } from "../wasm/builder.js";

/**
 * Everything about the CPU that translated code depends on besides the instruction words, packed
 * into one number (jit/mode.ts). Code translated under one mode never runs under another.
 */
export interface Mode {
  readonly key: number;
  readonly el: 0 | 1;
  /** 0: SP is SP_EL0; 1: SP is SP_EL1. */
  readonly spSel: 0 | 1;
  /** log2 of the inline TLB's page: 12, 14 or 16. */
  readonly pageShift: number;
  /** FP and SIMD instructions trap (CPACR_EL1.FPEN). */
  readonly fpTrapped: boolean;
  /** A misaligned SP used as a base faults (SCTLR_EL1.SA or SA0). */
  readonly spAlignment: boolean;
  /** Every misaligned data access faults (SCTLR_EL1.A). */
  readonly strictAlignment: boolean;
  /** Ordered accesses may cross 16-byte boundaries (SCTLR_EL1.nAA, FEAT_LSE2). */
  readonly unalignedOrdered: boolean;
  /** What kind of CPU this is. Not part of the key: a machine has one. */
  readonly config: CpuConfig;
  /** FPCR bits 26:19 (AHP, DN, FZ, RMode, Stride, FZ16), shifted down to bit 0. Zero: default. */
  readonly fpcr: number;
  /** The default rounding and NaN behaviour: code may use WebAssembly's own arithmetic. */
  readonly fpDefault: boolean;
  /** FPSR's cumulative flags are kept: arithmetic has to raise them. */
  readonly fpsrExact: boolean;
  /** Every data access calls the host, where a hook sees it. */
  readonly accessHooks: boolean;
  /** Somebody watches the MMU: what it must be told exactly runs alone. */
  readonly observed: boolean;
  /** The code lies in guarded pages (FEAT_BTI). */
  readonly guarded: boolean;
  /** SCTLR_EL1.BT0 or BT1: PACIASP is no landing pad for jumps. */
  readonly strictLanding: boolean;
  /** A store into translated code counts from the next instruction on, without maintenance. */
  readonly coherent: boolean;
  /** Every block looks at the budget, so that a run ends as near to its limit as a block allows. */
  readonly careful: boolean;
}

/**
 * What a memory access moves. A kind starting with `w` leaves or takes an i32, `x` an i64; then
 * signedness and the bits in memory. Stores ignore signedness: use `wu8`, `wu16`, `w32`, `x64`, ... `v32` and `v64` move
 * the low lane of a vector; a load clears the rest.
 */
export type AccessKind =
  | "wu8"
  | "ws8"
  | "wu16"
  | "ws16"
  | "w32"
  | "xu8"
  | "xs8"
  | "xu16"
  | "xs16"
  | "xu32"
  | "xs32"
  | "x64"
  | "f32"
  | "f64"
  | "v32"
  | "v64"
  | "v128";

/** Bytes in memory of each access kind. */
export const ACCESS_BYTES: Readonly<Record<AccessKind, number>> = {
  wu8: 1,
  ws8: 1,
  wu16: 2,
  ws16: 2,
  w32: 4,
  xu8: 1,
  xs8: 1,
  xu16: 2,
  xs16: 2,
  xu32: 4,
  xs32: 4,
  x64: 8,
  f32: 4,
  f64: 8,
  v32: 4,
  v64: 8,
  v128: 16,
};

/** The wasm type an access kind pushes or pops. */
export function accessType(kind: AccessKind): ValType {
  if (kind === "f32" || kind === "f64") return kind;
  if (kind.startsWith("v")) return "v128";
  return kind.startsWith("w") ? "i32" : "i64";
}

/** How a base register and an offset make an address, and what happens to the base. */
export interface Indexing {
  readonly rn: number;
  /** Bytes, or a register extended by `option` (UXTB..SXTX) and shifted left. */
  readonly offset: number | RegisterOffset;
  readonly mode: "offset" | "pre" | "post";
}

export interface RegisterOffset {
  readonly rm: number;
  readonly option: number;
  readonly shift: number;
}

/**
 * What an instruction row writes its semantics with. Values travel on the WebAssembly operand
 * stack: `get*` pushes, `set*` pops. Registers live in wasm locals between the entry and the exits
 * of a region; rows never see where. `sf` is the size bit: 1 = 64-bit (i64), 0 = 32-bit (i32).
 *
 * Order matters for exact exceptions: everything that can fault comes before the first `set*`.
 */
export interface Emitter {
  /** The function body: one method per WebAssembly instruction. */
  readonly w: Body;
  readonly mode: Mode;
  /** Virtual address of this instruction, sign-extended. */
  readonly pc: number;
  /** The instruction word, unsigned. */
  readonly word: number;

  /** Borrow a scratch local; every one must be freed by the end of the instruction. */
  temp(type: ValType): Local;
  free(...locals: Local[]): void;
  /** Pop the top of the stack into a fresh scratch local. */
  popTemp(type: ValType): Local;

  // Integer registers: 31 is XZR (reads as zero, writes vanish) ...
  getX(r: number): void;
  setX(r: number): void;
  getW(r: number): void;
  /** Pops i32; clears bits 63:32. */
  setW(r: number): void;
  getR(r: number, sf: number): void;
  setR(r: number, sf: number): void;
  // ... or SP in these.
  getXsp(r: number): void;
  setXsp(r: number): void;
  getRsp(r: number, sf: number): void;
  setRsp(r: number, sf: number): void;
  /** Push the base address of a load or store; 31 is SP, with the SP alignment check. */
  getBase(r: number): void;
  /** Push the address `pc + offset` as i64. */
  pcRelative(offset: number): void;

  // Size-generic arithmetic: the i64 or i32 instruction of that name.
  constR(value: number, sf: number): void;
  add(sf: number): void;
  sub(sf: number): void;
  and(sf: number): void;
  or(sf: number): void;
  xor(sf: number): void;

  // Condition flags. Operands are copied; flags are computed when something needs them.
  /** NZCV of a + b, the result not yet truncated: operands are locals of i64 (sf 1) or i32. */
  flagsAdd(sf: number, a: Local, b: Local): void;
  /** NZCV of a - b. */
  flagsSub(sf: number, a: Local, b: Local): void;
  /** NZCV of a + b + carry, carry an i32 0 or 1. */
  flagsAdc(sf: number, a: Local, b: Local, carry: Local): void;
  /** N and Z of a result, C and V clear. */
  flagsLogic(sf: number, result: Local): void;
  /** Pops an i32 condition: flags of a - b (or a + b if `isAdd`) when it is true, else the 4 bits of `nzcv`. */
  flagsConditional(sf: number, a: Local, b: Local, nzcv: number, isAdd: boolean): void;
  /** Flags of FCMP, both operands f64 (promote single precision: exact). Raises no FPSR bits. */
  flagsFcmp(a: Local, b: Local): void;
  /** As flagsConditional with flagsFcmp in the true arm. */
  flagsConditionalFcmp(a: Local, b: Local, nzcv: number): void;
  /** Pops an i32 with the flags in bits 31:28; other bits are ignored. */
  setNZCV(): void;
  /** Pushes an i32 with the flags in bits 31:28, other bits zero. */
  getNZCV(): void;
  /** Push 1 if the A64 condition code (0..15) holds, else 0. */
  cond(code: number): void;

  // Vector registers. A scalar write clears the rest of the 128-bit register.
  getV(n: number): void;
  setV(n: number): void;
  /** Lane 0 as f64, f32, i64 bits, i32 bits. */
  getD(n: number): void;
  getS(n: number): void;
  getDbits(n: number): void;
  getSbits(n: number): void;
  /** Lane 0 as an unsigned 16- or 8-bit value in an i32. */
  getHbits(n: number): void;
  getBbits(n: number): void;
  setD(n: number): void;
  setS(n: number): void;
  setDbits(n: number): void;
  setSbits(n: number): void;
  /** Pops an i32 of which the low 16 or 8 bits count. */
  setHbits(n: number): void;
  setBbits(n: number): void;
  /** Pops v128; keeps its low 64 bits and clears the high ones (a Q=0 vector result). */
  setVlow(n: number): void;

  // Memory. All little-endian; the address is any i64, canonical or not.
  /** Pops an i64 address, pushes the value. Faults leave exactly. */
  load(kind: AccessKind): void;
  /** Pops a value and under it an i64 address. */
  store(kind: AccessKind): void;
  /** The same as EL0 would do them at EL1, unless PSTATE.UAO is set (LDTR, STTR). Always through the host. */
  loadUnprivileged(kind: AccessKind): void;
  storeUnprivileged(kind: AccessKind): void;
  /**
   * Pops an i64 address of `bytes` (at most 64) readable bytes; returns an i32 scratch local with
   * an address for plain wasm loads. The caller frees it.
   * @param unit the address must be a multiple of it with SCTLR_EL1.A, and on Device memory always: the size of one
   *   register or element; more than 16 bytes, as of DC ZVA, Device memory refuses altogether
   */
  hostRead(bytes: number, unit?: number): Local;
  /**
   * Pops an i64 address; `emit` is called twice to emit the same plain wasm stores of exactly
   * `bytes` (at most 64) bytes through the given i32 address local. All or nothing.
   * @param unit as for `hostRead`
   */
  hostWrite(bytes: number, emit: (host: Local) => void, unit?: number): void;
  /**
   * Alignment fault if the i64 address in `address` is not a multiple of `bytes` (whatever SCTLR_EL1.A
   * says): for exclusives, acquire-release and atomics, before translation. With `lse2`, only an
   * access that crosses a 16-byte boundary faults (isa/memory-ordered.ts decides).
   */
  checkAligned(address: Local, bytes: number, isWrite: boolean, lse2: boolean): void;

  // Control. At most one of these ends an instruction.
  branch(target: number): void;
  /** Pops an i32: go to `target` if it is not zero, else to the next instruction. */
  branchIf(target: number): void;
  /** Pops an i64 target. */
  branchIndirect(): void;
  /** A direct call: the link register has been set. */
  call(target: number): void;
  /** Pops an i64 target of a call: the link register has been set. */
  callIndirect(): void;

  // What a loop may be translated better for, if it is known. None of it changes what is emitted here.

  /** The access that follows is at this address. */
  noteIndexing(at: Indexing): void;
  /** The instruction does nothing else to X registers and SP (31) than Xrd = Xrn + by, a constant or a register. */
  noteStep(rd: number, rn: number, by: number | { readonly rm: number }): void;
  /** Pops an i64 target; a return, as a hint. */
  ret(): void;
  /** Take an exception unconditionally; the return address is this instruction + `returnOffset`. */
  exception(ec: number, iss: number, returnOffset?: 0 | 4): void;
  /** Pops an i32: if it is not zero, take the exception with this instruction as return address. */
  exceptionIf(ec: number, iss: number): void;
  /** UNDEFINED: exception class 0. */
  undefined(): void;
  /** Pops an i32: if it is not zero the helper recorded an exception (see `raise`); take it. */
  takeRaised(): void;
  /** Leave the region after this instruction: what code was translated for may have changed. */
  leave(): void;
  /** Pops an i32: if it is not zero, leave after this instruction. */
  leaveIf(): void;
  /** Leave, with the PC that a helper left in the state block. */
  leaveToPc(): void;

  /** Call a host helper by name (isa/helpers.ts): pops its parameters, pushes its result. */
  callHelper(name: string): void;
  /** Push the number of instructions executed before this one, as i64. */
  instructionCount(): void;
}
