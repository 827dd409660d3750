/**
 * The little of Unicorn's C interface that `UnicornEngine` needs. Implementations: unicorn.js
 * (unicorn/emscripten.ts), and the native library by FFI (kernel-sim/cli). Numbers are those of
 * unicorn.h and arm64.h, 2.0 and 2.1. Every failure Unicorn reports is a `UnicornError`.
 */
export interface UnicornBinding {
  /** Which library this is, for messages. */
  readonly name: string;
  /**
   * Make the CPU, with nothing mapped and at EL1.
   * @param model UC_CPU_ARM64_*
   */
  open(model: number, handlers: UnicornHandlers): void;
  close(): void;
  /** Copy registers from the CPU to the WebAssembly memory. */
  regRead(batch: RegisterBatch): void;
  /** Copy registers from the WebAssembly memory to the CPU. */
  regWrite(batch: RegisterBatch): void;
  /**
   * Map `[va, va + size)` onto the WebAssembly memory at byte offset `host`. A library that cannot share
   * memory copies: in here and in `hostWrote`, and back after `emuStart`.
   * @param va an unsigned 64-bit address
   * @param perms UC_PROT_*
   */
  memMapPtr(va: bigint, size: number, perms: number, host: number): void;
  memUnmap(va: bigint, size: number): void;
  /** Forget what was translated from a range that is mapped. @returns false if it cannot */
  removeCode(va: bigint, size: number): boolean;
  /** The WebAssembly memory at `[host, host + size)` was changed by somebody else. */
  hostWrote(host: number, size: number): void;
  /**
   * Run from `begin` until the PC is `until` or `count` instructions are executed.
   * @returns UC_ERR_*
   */
  emuStart(begin: bigint, until: bigint, count: number): number;
  emuStop(): void;
}

/** What Unicorn calls while it runs. None of these throws. */
export interface UnicornHandlers {
  /** A block of `size` bytes begins. */
  block(address: bigint | number, size: number): void;
  /** An exception: QEMU's EXCP_* number. Emulation has to be stopped. */
  interrupt(number: number): void;
  /**
   * An access to what is not mapped, or not so. @param type UC_MEM_*
   * @returns true to try again
   */
  memory(type: number, address: bigint, size: number): boolean;
}

/** Registers, and where in the WebAssembly memory their values are. */
export interface RegisterBatch {
  /** UC_ARM64_REG_* */
  readonly registers: readonly number[];
  /** Byte offset of each. */
  readonly offsets: readonly number[];
  /** Bytes of each: 4, 8 or 16. */
  readonly bytes: readonly number[];
}

/** A failure of the library that is no fault of the guest. */
export class UnicornError extends Error {}

export const UC_ARCH_ARM64 = 2;
export const UC_MODE_ARM = 0;

/** UC_ARM64_REG_*. */
export const UC_REG = {
  NZCV: 3,
  SP: 4,
  PC: 260,
  CPACR_EL1: 261,
  TPIDR_EL0: 262,
  TPIDRRO_EL0: 263,
  FPCR: 291,
  FPSR: 292,
  x: (n: number): number => (n === 29 ? 1 : n === 30 ? 2 : 199 + n),
  q: (n: number): number => 104 + n,
} as const;

/** UC_CPU_ARM64_*. */
export const UC_CPU_ARM64_A72 = 2;
export const UC_CPU_ARM64_MAX = 3;

export const UC_PROT_READ = 1;
export const UC_PROT_WRITE = 2;
export const UC_PROT_EXEC = 4;

export const UC_HOOK_INTR = 1 << 0;
export const UC_HOOK_BLOCK = 1 << 3;
/** Reads, writes and fetches of what is not mapped, and of what is mapped but forbids them. */
export const UC_HOOK_MEM_INVALID = 0x3f0;

/** UC_MEM_*: what kind of access `UnicornHandlers.memory` is told of. */
export const UC_MEM_WRITE_UNMAPPED = 20;
export const UC_MEM_FETCH_UNMAPPED = 21;
export const UC_MEM_WRITE_PROT = 22;
export const UC_MEM_FETCH_PROT = 24;

/** uc_ctl: type, number of arguments in 29:26, 1 << 30 for a write. */
export const UC_CTL_WRITE_CPU_MODEL = 7 | (1 << 26) | (1 << 30);
export const UC_CTL_WRITE_TB_REMOVE_CACHE = 9 | (2 << 26) | (1 << 30);

/** QEMU's exception numbers that stand for one instruction each; others are left to the fallback. */
export const EXCP_SWI = 2;
export const EXCP_BKPT = 7;
