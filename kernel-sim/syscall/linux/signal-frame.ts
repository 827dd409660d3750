import type { SignalInfo } from "../../personality.js";
import { SI_USER } from "./signals.js";

/** The registers a signal frame keeps. */
export interface FrameRegisters {
  /** x0..x30. */
  readonly x: readonly bigint[];
  readonly sp: bigint;
  readonly pc: bigint;
  /** PSTATE as SPSR_EL1 holds it. */
  readonly pstate: bigint;
  /** V0..V31, 16 bytes each. */
  readonly v: Uint8Array;
  readonly fpsr: number;
  readonly fpcr: number;
}

export interface AltStack {
  readonly base: bigint;
  readonly size: bigint;
  readonly flags: number;
}

/**
 * struct rt_sigframe: siginfo, then ucontext with the stack, the mask and the sigcontext, whose
 * reserved area holds an fpsimd_context and an empty record. Linux: arch/arm64/kernel/signal.c.
 */
const INFO = { signo: 0, errno: 4, code: 8, address: 16, size: 128 } as const;
const UC = INFO.size;
const UC_STACK = UC + 16;
const UC_MASK = UC + 40;
const CONTEXT = UC + 176;
const FAULT_ADDRESS = CONTEXT;
const REGS = CONTEXT + 8;
const SP = CONTEXT + 256;
const PC = CONTEXT + 264;
const PSTATE = CONTEXT + 272;
const RESERVED = CONTEXT + 288;
const RESERVED_SIZE = 4096;
const FPSIMD_MAGIC = 0x4650_8001;
const FPSIMD_SIZE = 528;

export const FRAME_SIZE = RESERVED + RESERVED_SIZE;
/** Where handlers with SA_SIGINFO find the two structures in the frame. */
export const FRAME_INFO = 0;
export const FRAME_UCONTEXT = UC;

export function encodeFrame(
  signal: SignalInfo,
  registers: FrameRegisters,
  mask: bigint,
  stack: AltStack,
): Uint8Array {
  const bytes = new Uint8Array(FRAME_SIZE);
  const view = new DataView(bytes.buffer);
  view.setInt32(INFO.signo, signal.number, true);
  view.setInt32(INFO.code, signal.code, true);
  if (signal.code !== SI_USER) view.setBigUint64(INFO.address, signal.address, true);
  view.setBigUint64(UC_STACK, stack.base, true);
  view.setInt32(UC_STACK + 8, stack.flags, true);
  view.setBigUint64(UC_STACK + 16, stack.size, true);
  view.setBigUint64(UC_MASK, mask, true);
  view.setBigUint64(FAULT_ADDRESS, signal.code !== SI_USER ? signal.address : 0n, true);
  registers.x.forEach((x, i) => {
    view.setBigUint64(REGS + 8 * i, x, true);
  });
  view.setBigUint64(SP, registers.sp, true);
  view.setBigUint64(PC, registers.pc, true);
  view.setBigUint64(PSTATE, registers.pstate, true);
  view.setUint32(RESERVED, FPSIMD_MAGIC, true);
  view.setUint32(RESERVED + 4, FPSIMD_SIZE, true);
  view.setUint32(RESERVED + 8, registers.fpsr, true);
  view.setUint32(RESERVED + 12, registers.fpcr, true);
  bytes.set(registers.v, RESERVED + 16);
  return bytes;
}

/**
 * Read back what a handler may have changed. Linux: parse_user_sigframe, restore_sigframe.
 * @returns null for a frame whose first record is not the fpsimd one
 */
export function decodeFrame(
  bytes: Uint8Array,
): { readonly registers: FrameRegisters; readonly mask: bigint; readonly stack: AltStack } | null {
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  const magic = view.getUint32(RESERVED, true);
  if (magic !== FPSIMD_MAGIC || view.getUint32(RESERVED + 4, true) !== FPSIMD_SIZE) return null;
  const x = Array.from({ length: 31 }, (_, i) => view.getBigUint64(REGS + 8 * i, true));
  return {
    registers: {
      x,
      sp: view.getBigUint64(SP, true),
      pc: view.getBigUint64(PC, true),
      pstate: view.getBigUint64(PSTATE, true),
      v: bytes.slice(RESERVED + 16, RESERVED + FPSIMD_SIZE),
      fpsr: view.getUint32(RESERVED + 8, true),
      fpcr: view.getUint32(RESERVED + 12, true),
    },
    mask: view.getBigUint64(UC_MASK, true),
    stack: {
      base: view.getBigUint64(UC_STACK, true),
      flags: view.getInt32(UC_STACK + 8, true),
      size: view.getBigUint64(UC_STACK + 16, true),
    },
  };
}
