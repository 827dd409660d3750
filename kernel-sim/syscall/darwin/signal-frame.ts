/** The registers a signal frame keeps (struct mcontext64: exception, thread and NEON state). */
export interface FrameRegisters {
  /** x0..x30. */
  readonly x: readonly bigint[];
  readonly sp: bigint;
  readonly pc: bigint;
  /** PSTATE as SPSR_EL1 holds it. */
  readonly cpsr: number;
  /** V0..V31, 16 bytes each. */
  readonly v: Uint8Array;
  readonly fpsr: number;
  readonly fpcr: number;
}

/** The exception that brought the thread into the kernel (ARM_EXCEPTION_STATE64). */
export interface FrameException {
  readonly far: bigint;
  readonly esr: number;
}

export interface FrameInfo {
  readonly signal: number;
  readonly code: number;
  readonly address: bigint;
  readonly sp: bigint;
}

/** What sigreturn restores besides registers (struct user_ucontext64). */
export interface FrameContext {
  /** The interrupted code was on the alternate stack already. */
  readonly onStack: boolean;
  readonly mask: number;
  /** uc_stack: the frame's own stack pointer, and the alternate stack's size when it is entered. */
  readonly stackPointer: bigint;
  readonly stackSize: bigint;
}

/** From the frame's address up: siginfo, ucontext, mcontext. */
const INFO_SIZE = 104;
export const UCONTEXT_SIZE = 56;
export const MCONTEXT_SIZE = 816;
export const FRAME_INFO = 0;
export const FRAME_UCONTEXT = INFO_SIZE;
export const FRAME_MCONTEXT = INFO_SIZE + UCONTEXT_SIZE;
export const FRAME_SIZE = FRAME_MCONTEXT + MCONTEXT_SIZE;
/** Bytes below the stack pointer that leaf functions may use (C_64_REDZONE_LEN). */
export const RED_ZONE = 128;

/** mcontext: offsets of its parts. */
const THREAD = 16;
const NEON = 288;
const SP = THREAD + 248;
const PC = THREAD + 256;
const CPSR = THREAD + 264;
const FPSR = NEON + 512;
const FPCR = NEON + 516;
/** siginfo.si_code and friends; the first word of the padding holds sp. */
const PAD = 48;
const UC_ONSTACK = 1;

/** A whole frame as it lies at `address`. XNU: bsd/dev/arm/unix_signal.c sendsig. */
export function encodeFrame(
  address: bigint,
  info: FrameInfo,
  context: FrameContext,
  exception: FrameException,
  registers: FrameRegisters,
): Uint8Array {
  const bytes = new Uint8Array(FRAME_SIZE);
  const view = new DataView(bytes.buffer);
  view.setInt32(0, info.signal, true);
  view.setInt32(8, info.code, true);
  view.setBigUint64(24, info.address, true);
  view.setBigUint64(PAD, info.sp, true);

  const uc = FRAME_UCONTEXT;
  const onStack = context.onStack ? UC_ONSTACK : 0;
  view.setInt32(uc, onStack, true);
  view.setUint32(uc + 4, context.mask, true);
  view.setBigUint64(uc + 8, context.stackPointer, true);
  view.setBigUint64(uc + 16, context.stackSize, true);
  view.setInt32(uc + 24, onStack, true);
  view.setBigUint64(uc + 40, BigInt(MCONTEXT_SIZE), true);
  view.setBigUint64(uc + 48, address + BigInt(FRAME_MCONTEXT), true);

  const mc = FRAME_MCONTEXT;
  view.setBigUint64(mc, exception.far, true);
  view.setUint32(mc + 8, exception.esr, true);
  registers.x.forEach((x, i) => {
    view.setBigUint64(mc + THREAD + 8 * i, x, true);
  });
  view.setBigUint64(mc + SP, registers.sp, true);
  view.setBigUint64(mc + PC, registers.pc, true);
  view.setUint32(mc + CPSR, registers.cpsr, true);
  bytes.set(registers.v, mc + NEON);
  view.setUint32(mc + FPSR, registers.fpsr, true);
  view.setUint32(mc + FPCR, registers.fpcr, true);
  return bytes;
}

/** What sigreturn reads first: where the rest is, and how large it claims to be. */
export function decodeUcontext(bytes: Uint8Array): {
  readonly onStack: boolean;
  readonly mask: bigint;
  readonly mcontextSize: bigint;
  readonly mcontext: bigint;
} {
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  return {
    onStack: (view.getInt32(0, true) & UC_ONSTACK) !== 0,
    mask: BigInt(view.getUint32(4, true)),
    mcontextSize: view.getBigUint64(40, true),
    mcontext: view.getBigUint64(48, true),
  };
}

/** The registers of an mcontext, which a handler may have changed. */
export function decodeMcontext(bytes: Uint8Array): FrameRegisters {
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  return {
    x: Array.from({ length: 31 }, (_, i) => view.getBigUint64(THREAD + 8 * i, true)),
    sp: view.getBigUint64(SP, true),
    pc: view.getBigUint64(PC, true),
    cpsr: view.getUint32(CPSR, true),
    v: bytes.slice(NEON, NEON + 512),
    fpsr: view.getUint32(FPSR, true),
    fpcr: view.getUint32(FPCR, true),
  };
}
