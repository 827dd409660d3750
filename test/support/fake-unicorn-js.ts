import koffi from "koffi";
import type { UnicornJs } from "../../emulator/index.js";

/**
 * The surface of a unicorn.js module that our binding uses, over the native library: pointers are offsets
 * into a heap of its own, handles are numbers, callbacks have signatures, variadic arguments stand in memory.
 * It says nothing about whether the real module has this surface.
 */
export function fakeUnicornJs(): { MUnicorn: () => Promise<UnicornJs> } {
  return { MUnicorn: () => Promise.resolve(makeModule()) };
}

const HEAP_BYTES = 32 * 2 ** 20;
/** Emscripten's letters. */
const TYPES: Readonly<Record<string, string>> = { v: "void", i: "int", j: "int64_t" };
let protos = 0;

function makeModule(): UnicornJs {
  const lib = koffi.load("libunicorn.so.2");
  const memcpy = koffi.load("libc.so.6").func("uint64_t memcpy(void*, void*, size_t)");
  const heap = new Uint8Array(HEAP_BYTES);
  const base = BigInt(memcpy(heap, heap, 0) as bigint);
  const at = (pointer: number): bigint => base + BigInt(pointer);
  const open = lib.func("int uc_open(int, int, _Out_ void**)");
  const close = lib.func("int uc_close(void*)");
  const ctl = lib.func("int uc_ctl(void*, int, ...)");
  const regRead = lib.func("int uc_reg_read(void*, int, void*)");
  const regWrite = lib.func("int uc_reg_write(void*, int, void*)");
  const mapPtr = lib.func("int uc_mem_map_ptr(void*, uint64_t, size_t, uint32_t, void*)");
  const unmap = lib.func("int uc_mem_unmap(void*, uint64_t, size_t)");
  const hookAdd = lib.func(
    "int uc_hook_add(void*, _Out_ size_t*, int, void*, void*, uint64_t, uint64_t)",
  );
  const start = lib.func("int uc_emu_start(void*, uint64_t, uint64_t, uint64_t, size_t)");
  const stop = lib.func("int uc_emu_stop(void*)");
  const handles: unknown[] = [null];
  const functions: unknown[] = [null];
  const free = new Map<number, number[]>();
  const sizes = new Map<number, number>();
  const view = new DataView(heap.buffer);
  let top = 4096;
  return {
    HEAPU8: heap,
    _malloc(bytes) {
      const size = Math.ceil(bytes / 4096) * 4096;
      const pointer = free.get(size)?.pop() ?? top;
      if (pointer === top) top += size;
      sizes.set(pointer, size);
      return pointer + size <= HEAP_BYTES ? pointer : 0;
    },
    _free(pointer) {
      const size = sizes.get(pointer)!;
      free.set(size, [...(free.get(size) ?? []), pointer]);
    },
    addFunction(callback, signature) {
      const [result, ...params] = [...signature].map((letter) => TYPES[letter]!);
      // The first parameter is the engine: a pointer, which the callback does not look at.
      const types = ["int64_t", ...params.slice(1, -1), "int64_t"].join(", ");
      const proto = koffi.proto(`${result!} FakeJs${protos++}(${types})`);
      const wide = (...args: (number | bigint)[]): unknown =>
        (callback as (...args: unknown[]) => unknown)(
          ...args.map((arg, i) => (params[i] === "int64_t" ? BigInt(arg) : Number(arg))),
        );
      return functions.push(koffi.register(wide, koffi.pointer(proto))) - 1;
    },
    removeFunction(pointer) {
      koffi.unregister(functions[pointer] as bigint);
    },
    _uc_open(arch, mode, out) {
      const handle: unknown[] = [null];
      const error = open(arch, mode, handle) as number;
      view.setUint32(out, handles.push(handle[0]) - 1, true);
      return error;
    },
    _uc_close: (uc) => close(handles[uc]) as number,
    _uc_ctl(uc, control, args) {
      const count = (control >>> 26) & 15;
      const variadic =
        count === 1
          ? ["int", view.getInt32(args, true)]
          : [
              "uint64_t",
              view.getBigUint64(args, true),
              "uint64_t",
              view.getBigUint64(args + 8, true),
            ];
      return ctl(handles[uc], control, ...variadic) as number;
    },
    _uc_reg_read: (uc, register, value) => regRead(handles[uc], register, at(value)) as number,
    _uc_reg_write: (uc, register, value) => regWrite(handles[uc], register, at(value)) as number,
    _uc_mem_map_ptr: (uc, va, size, perms, pointer) =>
      mapPtr(handles[uc], va, size, perms, at(pointer)) as number,
    _uc_mem_unmap: (uc, va, size) => unmap(handles[uc], va, size) as number,
    _uc_hook_add: (uc, _out, type, callback, _user, begin, end) =>
      hookAdd(handles[uc], [0], type, functions[callback], null, begin, end) as number,
    _uc_emu_start: (uc, begin, until, timeout, count) =>
      start(handles[uc], begin, until, timeout, count) as number,
    _uc_emu_stop: (uc) => stop(handles[uc]) as number,
  };
}
