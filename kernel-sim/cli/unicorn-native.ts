import { UsageError } from "./usage.js";
import {
  UC_ARCH_ARM64,
  UC_CTL_WRITE_CPU_MODEL,
  UC_CTL_WRITE_TB_REMOVE_CACHE,
  UC_HOOK_BLOCK,
  UC_HOOK_INTR,
  UC_HOOK_MEM_INVALID,
  UC_MODE_ARM,
  UnicornError,
  type PhysMemory,
  type RegisterBatch,
  type UnicornBinding,
  type UnicornHandlers,
} from "../../emulator/index.js";

type Koffi = typeof import("koffi");

/** Where the systems keep it. */
const LIBRARIES = ["libunicorn.so.2", "libunicorn.2.dylib", "unicorn.dll"];

interface Api {
  open(arch: number, mode: number, out: unknown[]): number;
  close(uc: unknown): number;
  ctl(uc: unknown, control: number, ...args: unknown[]): number;
  memMapPtr(uc: unknown, va: bigint, size: number, perms: number, host: bigint): number;
  memUnmap(uc: unknown, va: bigint, size: number): number;
  regRead(uc: unknown, registers: Int32Array, values: BigUint64Array, count: number): number;
  regWrite(uc: unknown, registers: Int32Array, values: BigUint64Array, count: number): number;
  hookAdd(
    uc: unknown,
    hook: unknown[],
    type: number,
    callback: unknown,
    user: null,
    begin: bigint,
    end: bigint,
  ): number;
  start(uc: unknown, begin: bigint, until: bigint, timeout: bigint, count: number): number;
  stop(uc: unknown): number;
}

/** Callback types have names, which koffi keeps for the life of the process. */
interface Callbacks {
  readonly block: unknown;
  readonly interrupt: unknown;
  readonly memory: unknown;
}

/** libunicorn in this process, by koffi. Its memory is ours: pages are mapped where they are. */
class NativeUnicorn implements UnicornBinding {
  readonly name: string;
  readonly #koffi: Koffi;
  readonly #api: Api;
  readonly #callbacks: Callbacks;
  /** Address of the WebAssembly memory's first byte: it never moves, since it never grows. */
  readonly #base: bigint;
  readonly #batches = new Map<RegisterBatch, { ids: Int32Array; pointers: BigUint64Array }>();
  readonly #registered: bigint[] = [];
  #uc: unknown = null;

  constructor(koffi: Koffi, library: NativeLibrary, memory: PhysMemory) {
    this.name = library.name;
    this.#koffi = koffi;
    this.#api = library.api;
    this.#callbacks = library.callbacks;
    this.#base = library.addressOf(memory.u8);
  }

  open(model: number, handlers: UnicornHandlers): void {
    const out: unknown[] = [null];
    this.#ok(this.#api.open(UC_ARCH_ARM64, UC_MODE_ARM, out), "uc_open");
    this.#uc = out[0];
    this.#ok(this.#api.ctl(this.#uc, UC_CTL_WRITE_CPU_MODEL, "int", model), "uc_ctl");
    this.#hook(
      UC_HOOK_BLOCK,
      this.#callbacks.block,
      (_: unknown, at: bigint | number, n: number) => {
        handlers.block(at, n);
      },
    );
    this.#hook(UC_HOOK_INTR, this.#callbacks.interrupt, (_: unknown, number: number) => {
      handlers.interrupt(number);
    });
    this.#hook(
      UC_HOOK_MEM_INVALID,
      this.#callbacks.memory,
      (_: unknown, type: number, address: bigint | number, size: number) =>
        handlers.memory(type, BigInt(address), size),
    );
  }

  #hook(type: number, callbackType: unknown, callback: (...args: never[]) => unknown): void {
    const pointer = this.#koffi.register(
      callback as Parameters<Koffi["register"]>[0],
      this.#koffi.pointer(callbackType as import("koffi").TypeObject),
    );
    this.#registered.push(pointer as bigint);
    this.#ok(this.#api.hookAdd(this.#uc, [0], type, pointer, null, 1n, 0n), "uc_hook_add");
  }

  close(): void {
    this.#ok(this.#api.close(this.#uc), "uc_close");
    for (const pointer of this.#registered.splice(0)) this.#koffi.unregister(pointer);
    this.#uc = null;
  }

  regRead(batch: RegisterBatch): void {
    const { ids, pointers } = this.#batch(batch);
    this.#ok(this.#api.regRead(this.#uc, ids, pointers, ids.length), "uc_reg_read_batch");
  }

  regWrite(batch: RegisterBatch): void {
    const { ids, pointers } = this.#batch(batch);
    this.#ok(this.#api.regWrite(this.#uc, ids, pointers, ids.length), "uc_reg_write_batch");
  }

  #batch(batch: RegisterBatch): { ids: Int32Array; pointers: BigUint64Array } {
    let made = this.#batches.get(batch);
    if (made === undefined) {
      const pointers = batch.offsets.map((offset) => this.#base + BigInt(offset));
      made = {
        ids: Int32Array.from(batch.registers),
        pointers: BigUint64Array.from(pointers),
      };
      this.#batches.set(batch, made);
    }
    return made;
  }

  memMapPtr(va: bigint, size: number, perms: number, host: number): void {
    const at = this.#base + BigInt(host);
    this.#ok(this.#api.memMapPtr(this.#uc, va, size, perms, at), "uc_mem_map_ptr");
  }

  memUnmap(va: bigint, size: number): void {
    this.#ok(this.#api.memUnmap(this.#uc, va, size), "uc_mem_unmap");
  }

  removeCode(va: bigint, size: number): boolean {
    const range = ["uint64_t", va, "uint64_t", va + BigInt(size)];
    return this.#api.ctl(this.#uc, UC_CTL_WRITE_TB_REMOVE_CACHE, ...range) === 0;
  }

  hostWrote(): void {
    // the same bytes
  }

  emuStart(begin: bigint, until: bigint, count: number): number {
    return this.#api.start(this.#uc, begin, until, 0n, count);
  }

  emuStop(): void {
    this.#api.stop(this.#uc);
  }

  #ok(error: number, what: string): void {
    if (error !== 0) throw new UnicornError(`${this.name}: ${what} failed with error ${error}`);
  }
}

interface NativeLibrary {
  readonly name: string;
  readonly api: Api;
  readonly callbacks: Callbacks;
  addressOf(bytes: Uint8Array): bigint;
}

function bind(koffi: Koffi, name: string): NativeLibrary {
  const lib = koffi.load(name);
  const own = `machvm${callbackTypes++}`;
  return {
    name,
    api: {
      open: lib.func("int uc_open(int, int, _Out_ void**)"),
      close: lib.func("int uc_close(void*)"),
      ctl: lib.func("int uc_ctl(void*, int, ...)"),
      memMapPtr: lib.func("int uc_mem_map_ptr(void*, uint64_t, size_t, uint32_t, void*)"),
      memUnmap: lib.func("int uc_mem_unmap(void*, uint64_t, size_t)"),
      regRead: lib.func("int uc_reg_read_batch(void*, int*, void*, int)"),
      regWrite: lib.func("int uc_reg_write_batch(void*, int*, void*, int)"),
      hookAdd: lib.func(
        "int uc_hook_add(void*, _Out_ size_t*, int, void*, void*, uint64_t, uint64_t)",
      ),
      start: lib.func("int uc_emu_start(void*, uint64_t, uint64_t, uint64_t, size_t)"),
      stop: lib.func("int uc_emu_stop(void*)"),
    } as unknown as Api,
    // The engine's own pointer and the user data are not looked at: integers cost least.
    callbacks: {
      block: koffi.proto(`void ${own}Block(int64_t, uint64_t, uint32_t)`),
      interrupt: koffi.proto(`void ${own}Interrupt(int64_t, uint32_t)`),
      memory: koffi.proto(`bool ${own}Memory(int64_t, int, uint64_t, int, int64_t)`),
    },
    addressOf: addressFinder(koffi),
  };
}

let callbackTypes = 0;

/** Any C function that returns the pointer it is given tells the address of an array. */
function addressFinder(koffi: Koffi): (bytes: Uint8Array) => bigint {
  const libc = { darwin: "libSystem.dylib", win32: "msvcrt.dll" }[process.platform as string];
  const identity = koffi
    .load(libc ?? "libc.so.6")
    .func("uint64_t memcpy(void*, void*, size_t)") as unknown as (
    to: Uint8Array,
    from: Uint8Array,
    bytes: number,
  ) => bigint | number;
  return (bytes) => BigInt(identity(bytes, bytes, 0));
}

/**
 * Load libunicorn.
 * @param path of the library, or null for the system's
 * @throws UsageError saying what is missing
 */
export async function loadNativeUnicorn(
  path: string | null,
): Promise<(memory: PhysMemory) => UnicornBinding> {
  let koffi: Koffi;
  try {
    koffi = (await import("koffi")) as unknown as Koffi;
    koffi = (koffi as unknown as { default?: Koffi }).default ?? koffi;
  } catch {
    throw new UsageError("the package koffi is not installed");
  }
  for (const name of path === null ? LIBRARIES : [path]) {
    let library: NativeLibrary;
    try {
      library = bind(koffi, name);
    } catch {
      continue;
    }
    return (memory) => new NativeUnicorn(koffi, library, memory);
  }
  throw new UsageError(`${path ?? LIBRARIES[0]!}: cannot be loaded as a Unicorn library`);
}
