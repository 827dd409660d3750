import { check } from "../arch/check.js";

/**
 * The one WebAssembly memory: CPU state, engine tables (TLB, jump cache) and guest RAM, so that
 * translated code, the walker, the pmap and the VM all see the same bytes.
 *
 *     0                 CPU state block (cpu/state.ts)
 *     ENGINE_BASE       engine tables: inline TLB, jump cache, scratch
 *     RAM_OFFSET        guest RAM, `ramBytes` long
 */
export const STATE_BASE = 0;
export const ENGINE_BASE = 0x1_0000;
export const RAM_OFFSET = 0x40_0000;

/** Physical address of the first byte of RAM unless the machine says otherwise (as QEMU's virt). */
export const DEFAULT_RAM_BASE = 0x4000_0000;
export const MIN_RAM_BYTES = 0x40_0000;
export const MAX_RAM_BYTES = 3 * 1024 ** 3;

const WASM_PAGE = 0x1_0000;

/**
 * Guest physical memory. Physical addresses are plain numbers below 2^48; RAM occupies
 * `[ramBase, ramBase + ramBytes)`. "Host offset" means a byte offset into `memory`.
 */
export class PhysMemory {
  readonly memory: WebAssembly.Memory;
  readonly ramBase: number;
  readonly ramBytes: number;
  readonly u8: Uint8Array;
  readonly u16: Uint16Array;
  readonly u32: Uint32Array;
  readonly i32: Int32Array;
  readonly i64: BigInt64Array;
  readonly f64: Float64Array;

  /** @param ramBytes a multiple of 64 KiB between MIN_RAM_BYTES and MAX_RAM_BYTES */
  constructor(ramBytes: number, ramBase: number = DEFAULT_RAM_BASE) {
    check(
      ramBytes % WASM_PAGE === 0 && ramBytes >= MIN_RAM_BYTES && ramBytes <= MAX_RAM_BYTES,
      "RAM size out of range",
      ramBytes,
    );
    check(ramBase % WASM_PAGE === 0 && ramBase >= 0, "RAM base not aligned", ramBase);
    const pages = (RAM_OFFSET + ramBytes) / WASM_PAGE;
    this.memory = new WebAssembly.Memory({ initial: pages, maximum: pages });
    this.ramBase = ramBase;
    this.ramBytes = ramBytes;
    const buffer = this.memory.buffer;
    this.u8 = new Uint8Array(buffer);
    this.u16 = new Uint16Array(buffer);
    this.u32 = new Uint32Array(buffer);
    this.i32 = new Int32Array(buffer);
    this.i64 = new BigInt64Array(buffer);
    this.f64 = new Float64Array(buffer);
  }

  /** True if all of `[pa, pa + bytes)` is RAM. */
  contains(pa: number, bytes: number): boolean {
    return pa >= this.ramBase && pa + bytes <= this.ramBase + this.ramBytes;
  }

  /** Host offset of a physical address, which must be RAM. */
  hostOffset(pa: number): number {
    check(this.contains(pa, 1), "physical address is not RAM", pa);
    return pa - this.ramBase + RAM_OFFSET;
  }

  /** Physical address of a host offset that lies in RAM. */
  physAddress(hostOffset: number): number {
    return hostOffset - RAM_OFFSET + this.ramBase;
  }

  /** A live view of `[pa, pa + bytes)`, which must be RAM. */
  view(pa: number, bytes: number): Uint8Array {
    check(this.contains(pa, bytes), "physical range is not RAM", pa, bytes);
    const at = pa - this.ramBase + RAM_OFFSET;
    return this.u8.subarray(at, at + bytes);
  }
}
