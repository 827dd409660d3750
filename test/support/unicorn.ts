import koffi from "koffi";
import { notInstalled } from "./tools.js";

/**
 * The outside judge of differential tests: an AArch64 CPU of libunicorn 2 (QEMU's translator and soft float),
 * called through koffi. Tests skip, saying why, where the library is not installed.
 */

/** Register numbers of unicorn's arm64.h. */
export const UC_REG = {
  nzcv: 3,
  sp: 4,
  x: (n: number): number => (n === 29 ? 1 : n === 30 ? 2 : 199 + n),
  q: (n: number): number => 104 + n,
  pc: 260,
  cpacrEl1: 261,
} as const;

const UC_ARCH_ARM64 = 2;
export const UC_PROT_READ = 1;
export const UC_PROT_WRITE = 2;
export const UC_PROT_ALL = 7;
const PAGE = 4096;
const UC_CTL_WRITE_CPU_MODEL = 7 | (1 << 26) | (1 << 30);
const UC_CPU_ARM64_MAX = 3;

interface Api {
  open(arch: number, mode: number, out: unknown[]): number;
  close(uc: unknown): number;
  ctl(uc: unknown, control: number, ...args: unknown[]): number;
  memMap(uc: unknown, address: bigint, size: bigint, prot: number): number;
  memMapPtr(uc: unknown, address: bigint, size: bigint, prot: number, host: unknown): number;
  memWrite(uc: unknown, address: bigint, bytes: Uint8Array, size: bigint): number;
  memRead(uc: unknown, address: bigint, bytes: Uint8Array, size: bigint): number;
  regWrite(uc: unknown, reg: number, value: Uint8Array): number;
  regRead(uc: unknown, reg: number, value: Uint8Array): number;
  regWriteBatch(uc: unknown, regs: Int32Array, values: BigUint64Array, count: number): number;
  regReadBatch(uc: unknown, regs: Int32Array, values: BigUint64Array, count: number): number;
  start(uc: unknown, begin: bigint, until: bigint, timeout: bigint, count: bigint): number;
}

function bind(): Api | string {
  for (const name of ["libunicorn.so.2", "libunicorn.2.dylib", "unicorn.dll"]) {
    let lib;
    try {
      lib = koffi.load(name);
    } catch {
      continue;
    }
    return {
      open: lib.func("int uc_open(int, int, _Out_ void**)"),
      close: lib.func("int uc_close(void*)"),
      ctl: lib.func("int uc_ctl(void*, int, ...)"),
      memMap: lib.func("int uc_mem_map(void*, uint64_t, uint64_t, uint32_t)"),
      memMapPtr: lib.func("int uc_mem_map_ptr(void*, uint64_t, uint64_t, uint32_t, void*)"),
      memWrite: lib.func("int uc_mem_write(void*, uint64_t, void*, uint64_t)"),
      memRead: lib.func("int uc_mem_read(void*, uint64_t, _Out_ void*, uint64_t)"),
      regWrite: lib.func("int uc_reg_write(void*, int, void*)"),
      regRead: lib.func("int uc_reg_read(void*, int, _Out_ void*)"),
      regWriteBatch: lib.func("int uc_reg_write_batch(void*, int*, void*, int)"),
      regReadBatch: lib.func("int uc_reg_read_batch(void*, int*, void*, int)"),
      start: lib.func("int uc_emu_start(void*, uint64_t, uint64_t, uint64_t, uint64_t)"),
    };
  }
  return notInstalled("libunicorn.so.2", "libunicorn2");
}

const api = bind();

/** Why there is no judge here, or null if there is one. */
export const unicornMissing: string | null = typeof api === "string" ? api : null;

/** A fixed set of registers, moved to and from the CPU in one call. */
export class RegisterBatch {
  readonly registers: Int32Array;
  /** The values, in the order of `registers`: `words` 64-bit words each. */
  readonly values: BigUint64Array;
  /** Where the library finds each value: addresses in native memory, which `values` views. */
  readonly pointers: BigUint64Array;

  /** @param words 1 for 64-bit registers, 2 for Q registers */
  constructor(registers: readonly number[], words: 1 | 2 = 1) {
    this.registers = Int32Array.from(registers);
    const native: unknown = koffi.alloc("uint64_t", registers.length * words);
    this.values = new BigUint64Array(koffi.view(native, registers.length * words * 8));
    const base = koffi.address(native);
    this.pointers = BigUint64Array.from(registers, (_, i) => base + BigInt(8 * words * i));
  }
}

/** One emulated CPU with its own memory. Every failure of the library throws. */
export class Unicorn {
  readonly #api: Api;
  readonly #uc: unknown;

  constructor() {
    if (typeof api === "string") throw new Error(api);
    this.#api = api;
    const out: unknown[] = [null];
    this.#ok(api.open(UC_ARCH_ARM64, 0, out), "uc_open");
    this.#uc = out[0];
    this.#ok(api.ctl(this.#uc, UC_CTL_WRITE_CPU_MODEL, "int", UC_CPU_ARM64_MAX), "uc_ctl");
    const fpEnabled = new Uint8Array(8);
    fpEnabled[2] = 0x30; // CPACR_EL1.FPEN = 0b11
    this.writeRegister(UC_REG.cpacrEl1, fpEnabled);
  }

  /** Map fresh zeroed memory; address and size are multiples of 4 KiB. */
  map(address: number, sizeBytes: number): void {
    const size = BigInt(sizeBytes);
    this.#ok(this.#api.memMap(this.#uc, BigInt(address), size, UC_PROT_ALL), "uc_mem_map");
  }

  /** Map zeroed memory that this process sees too. Code written into it must not have run before. */
  mapShared(address: number, sizeBytes: number, prot: number): Uint8Array {
    const size = BigInt(sizeBytes);
    const host: unknown = koffi.alloc("uint8_t", sizeBytes + PAGE);
    const offset = Number(-koffi.address(host) & BigInt(PAGE - 1));
    const aligned = koffi.address(host) + BigInt(offset);
    const error = this.#api.memMapPtr(this.#uc, BigInt(address), size, prot, aligned);
    this.#ok(error, "uc_mem_map_ptr");
    const bytes = new Uint8Array(koffi.view(host, sizeBytes + PAGE), offset, sizeBytes);
    bytes.fill(0);
    return bytes;
  }

  write(address: number, bytes: Uint8Array): void {
    const n = BigInt(bytes.length);
    this.#ok(this.#api.memWrite(this.#uc, BigInt(address), bytes, n), "uc_mem_write");
  }

  read(address: number, sizeBytes: number): Uint8Array {
    const bytes = new Uint8Array(sizeBytes);
    const n = BigInt(sizeBytes);
    this.#ok(this.#api.memRead(this.#uc, BigInt(address), bytes, n), "uc_mem_read");
    return bytes;
  }

  /** @param value 8 bytes, or 16 for a Q register */
  writeRegister(reg: number, value: Uint8Array): void {
    this.#ok(this.#api.regWrite(this.#uc, reg, value), "uc_reg_write");
  }

  readRegister(reg: number, sizeBytes = 8): Uint8Array {
    const value = new Uint8Array(sizeBytes);
    this.#ok(this.#api.regRead(this.#uc, reg, value), "uc_reg_read");
    return value;
  }

  writeBatch(batch: RegisterBatch): void {
    const { registers, pointers } = batch;
    const { regWriteBatch } = this.#api;
    this.#ok(regWriteBatch(this.#uc, registers, pointers, registers.length), "uc_reg_write_batch");
  }

  readBatch(batch: RegisterBatch): void {
    const { registers, pointers } = batch;
    const { regReadBatch } = this.#api;
    this.#ok(regReadBatch(this.#uc, registers, pointers, registers.length), "uc_reg_read_batch");
  }

  /**
   * Run from `begin` until the PC is `until`, or `count` instructions if that is not zero.
   * @returns unicorn's error number, 0 when all went well
   */
  run(begin: number, until: number, count = 0): number {
    return this.#api.start(this.#uc, BigInt(begin), BigInt(until), 0n, BigInt(count));
  }

  close(): void {
    this.#ok(this.#api.close(this.#uc), "uc_close");
  }

  #ok(err: number, what: string): void {
    if (err !== 0) throw new Error(`${what} failed with error ${err}`);
  }
}
