import type { PhysMemory } from "../mmu/phys-memory.js";
import {
  UC_ARCH_ARM64,
  UC_CTL_WRITE_CPU_MODEL,
  UC_CTL_WRITE_TB_REMOVE_CACHE,
  UC_HOOK_BLOCK,
  UC_HOOK_INTR,
  UC_HOOK_MEM_INVALID,
  UC_MODE_ARM,
  UC_PROT_WRITE,
  UnicornError,
  type RegisterBatch,
  type UnicornBinding,
  type UnicornHandlers,
} from "./binding.js";

/**
 * What is used of a unicorn.js 2.1 module, once its factory has made it: C functions by their exported names, with
 * 64-bit values as bigints and pointers as numbers, and the heap.
 */
export interface UnicornJs {
  HEAPU8: Uint8Array;
  _malloc(bytes: number): number;
  _free(pointer: number): void;
  addFunction(callback: (...args: never[]) => unknown, signature: string): number;
  removeFunction(pointer: number): void;
  _uc_open(arch: number, mode: number, out: number): number;
  _uc_close(uc: number): number;
  /** Variadic: the arguments stand in memory. */
  _uc_ctl?(uc: number, control: number, args: number): number;
  _uc_reg_read(uc: number, register: number, value: number): number;
  _uc_reg_write(uc: number, register: number, value: number): number;
  _uc_mem_map_ptr(uc: number, va: bigint, size: number, perms: number, pointer: number): number;
  _uc_mem_unmap(uc: number, va: bigint, size: number): number;
  _uc_hook_add(
    uc: number,
    out: number,
    type: number,
    callback: number,
    user: number,
    begin: bigint,
    end: bigint,
    args: number,
  ): number;
  _uc_emu_start(uc: number, begin: bigint, until: bigint, timeout: bigint, count: number): number;
  _uc_emu_stop(uc: number): number;
}

const FUNCTIONS = [
  "_malloc",
  "_free",
  "addFunction",
  "removeFunction",
  "_uc_open",
  "_uc_close",
  "_uc_reg_read",
  "_uc_reg_write",
  "_uc_mem_map_ptr",
  "_uc_mem_unmap",
  "_uc_hook_add",
  "_uc_emu_start",
  "_uc_emu_stop",
] as const satisfies readonly (keyof UnicornJs)[];

/** A page copied to the module's heap, shared by every address it is mapped at. */
interface Copy {
  readonly pointer: number;
  readonly sizeBytes: number;
  uses: number;
  writableUses: number;
}

interface Mapping {
  readonly host: number;
  readonly writable: boolean;
}

/**
 * unicorn.js. Its memory is not ours, so pages are copied: to its heap when they are mapped or changed by
 * the host, and back, those the guest can write, after each run.
 */
class EmscriptenUnicorn implements UnicornBinding {
  readonly name = "unicorn.js";
  readonly #js: UnicornJs;
  readonly #memory: PhysMemory;
  readonly #copies = new Map<number, Copy>();
  readonly #mappings = new Map<bigint, Mapping>();
  readonly #callbacks: number[] = [];
  /** 16 bytes for values and results. */
  #scratch = 0;
  #uc = 0;

  constructor(js: UnicornJs, memory: PhysMemory) {
    this.#js = js;
    this.#memory = memory;
  }

  open(model: number, handlers: UnicornHandlers): void {
    const js = this.#js;
    if (this.#scratch === 0) this.#scratch = this.#allocate(16);
    this.#ok(js._uc_open(UC_ARCH_ARM64, UC_MODE_ARM, this.#scratch), "uc_open");
    this.#uc = this.#view().getUint32(this.#scratch, true);
    if (js._uc_ctl !== undefined) {
      this.#view().setInt32(this.#scratch, model, true);
      this.#ok(js._uc_ctl(this.#uc, UC_CTL_WRITE_CPU_MODEL, this.#scratch), "uc_ctl");
    }
    this.#hook(UC_HOOK_BLOCK, "vijii", (_: number, address: bigint, size: number) => {
      handlers.block(address, size);
    });
    this.#hook(UC_HOOK_INTR, "viii", (_: number, number: number) => {
      handlers.interrupt(number);
    });
    this.#hook(
      UC_HOOK_MEM_INVALID,
      "iiijiji",
      (_: number, type: number, address: bigint, size: number) =>
        handlers.memory(type, address, size) ? 1 : 0,
    );
  }

  #hook(type: number, signature: string, callback: (...args: never[]) => unknown): void {
    const pointer = this.#js.addFunction(callback, signature);
    this.#callbacks.push(pointer);
    const out = this.#scratch;
    this.#ok(this.#js._uc_hook_add(this.#uc, out, type, pointer, 0, 1n, 0n, 0), "uc_hook_add");
  }

  close(): void {
    this.#ok(this.#js._uc_close(this.#uc), "uc_close");
    for (const pointer of this.#callbacks.splice(0)) this.#js.removeFunction(pointer);
    for (const { pointer } of this.#copies.values()) this.#js._free(pointer);
    this.#copies.clear();
    this.#mappings.clear();
  }

  regRead({ registers, offsets, bytes }: RegisterBatch): void {
    const at = this.#scratch;
    registers.forEach((register, i) => {
      this.#ok(this.#js._uc_reg_read(this.#uc, register, at), "uc_reg_read");
      this.#memory.u8.set(this.#js.HEAPU8.subarray(at, at + bytes[i]!), offsets[i]!);
    });
  }

  regWrite({ registers, offsets, bytes }: RegisterBatch): void {
    registers.forEach((register, i) => {
      const from = offsets[i]!;
      this.#js.HEAPU8.set(this.#memory.u8.subarray(from, from + bytes[i]!), this.#scratch);
      this.#ok(this.#js._uc_reg_write(this.#uc, register, this.#scratch), "uc_reg_write");
    });
  }

  memMapPtr(va: bigint, size: number, perms: number, host: number): void {
    const copy = this.#copies.get(host) ?? this.#copyIn(host, size);
    const writable = (perms & UC_PROT_WRITE) !== 0;
    copy.uses++;
    if (writable) copy.writableUses++;
    this.#mappings.set(va, { host, writable });
    const error = this.#js._uc_mem_map_ptr(this.#uc, va, size, perms, copy.pointer);
    this.#ok(error, "uc_mem_map_ptr");
  }

  memUnmap(va: bigint, size: number): void {
    this.#ok(this.#js._uc_mem_unmap(this.#uc, va, size), "uc_mem_unmap");
    const mapping = this.#mappings.get(va);
    if (mapping === undefined) return;
    this.#mappings.delete(va);
    const copy = this.#copies.get(mapping.host)!;
    if (mapping.writable) copy.writableUses--;
    if (--copy.uses > 0) return;
    this.#js._free(copy.pointer);
    this.#copies.delete(mapping.host);
  }

  removeCode(va: bigint, size: number): boolean {
    if (this.#js._uc_ctl === undefined) return false;
    const args = this.#view();
    args.setBigUint64(this.#scratch, va, true);
    args.setBigUint64(this.#scratch + 8, va + BigInt(size), true);
    return this.#js._uc_ctl(this.#uc, UC_CTL_WRITE_TB_REMOVE_CACHE, this.#scratch) === 0;
  }

  hostWrote(host: number, size: number): void {
    for (const [page, copy] of this.#copies) {
      if (host >= page + copy.sizeBytes || page >= host + size) continue;
      this.#js.HEAPU8.set(this.#memory.u8.subarray(page, page + copy.sizeBytes), copy.pointer);
    }
  }

  emuStart(begin: bigint, until: bigint, count: number): number {
    // size_t has 32 bits here: a longer run comes back early.
    const most = Math.min(count, 2 ** 31 - 1);
    const error = this.#js._uc_emu_start(this.#uc, begin, until, 0n, most);
    for (const [host, { pointer, sizeBytes, writableUses }] of this.#copies) {
      if (writableUses === 0) continue;
      this.#memory.u8.set(this.#js.HEAPU8.subarray(pointer, pointer + sizeBytes), host);
    }
    return error;
  }

  emuStop(): void {
    this.#js._uc_emu_stop(this.#uc);
  }

  #copyIn(host: number, sizeBytes: number): Copy {
    const pointer = this.#allocate(sizeBytes);
    const copy = { pointer, sizeBytes, uses: 0, writableUses: 0 };
    this.#js.HEAPU8.set(this.#memory.u8.subarray(host, host + sizeBytes), pointer);
    this.#copies.set(host, copy);
    return copy;
  }

  #allocate(bytes: number): number {
    const pointer = this.#js._malloc(bytes);
    if (pointer === 0) throw new UnicornError("unicorn.js is out of memory");
    return pointer;
  }

  /** The heap may have grown since the last time. */
  #view(): DataView {
    return new DataView(this.#js.HEAPU8.buffer);
  }

  #ok(error: number, what: string): void {
    if (error !== 0) throw new UnicornError(`unicorn.js: ${what} failed with error ${error}`);
  }
}

/**
 * Make a binding of a unicorn.js module: something with an asynchronous factory `MUnicorn` as its default or
 * named export.
 * @returns why it is none, in a few words
 */
export async function loadUnicornJs(
  module: unknown,
): Promise<((memory: PhysMemory) => UnicornBinding) | string> {
  const named = module as { readonly default?: unknown; readonly MUnicorn?: unknown };
  const factory = named.MUnicorn ?? named.default;
  if (typeof factory !== "function") return "no unicorn.js: it has no MUnicorn factory";
  const js = (await (factory as () => unknown)()) as UnicornJs;
  for (const name of FUNCTIONS) {
    if (typeof js[name] !== "function") return `not a unicorn.js this works with: no ${name}`;
  }
  if (!(js.HEAPU8 instanceof Uint8Array)) return "not a unicorn.js this works with: no HEAPU8";
  return (memory) => new EmscriptenUnicorn(js, memory);
}
