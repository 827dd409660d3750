import { OFF_FLAG_A, OFF_FLAG_B, OFF_FLAG_KIND, OFF_NZCV } from "../cpu/state-layout.js";
import { helpers, helperType } from "../isa/helpers.js";
import { newBody, type Local } from "../wasm/builder.js";
import type { FuncType, ModuleBuilder } from "../wasm/module.js";
import { emitChain, emitEnter, emitStub, ENTER_TYPE, REGION_TYPE } from "./dispatch.js";
import { emitPackedAnyKind } from "./flags.js";
import { emitLoadSlow, emitStoreSlow, HOST_SLOW, LOAD_SLOW, STORE_SLOW } from "./slow-memory.js";

/** What a region may call, besides the helpers of isa/helpers.ts. */
const REGION_CALLS: Readonly<Record<string, FuncType>> = {
  loadSlow: LOAD_SLOW,
  storeSlow: STORE_SLOW,
  loadHooked: HOST_SLOW,
  storeHooked: HOST_SLOW,
  loadUnprivileged: HOST_SLOW,
  storeUnprivileged: HOST_SLOW,
  alignmentFault: { params: ["i32", "i32", "i32"], results: [] },
  enter: ENTER_TYPE,
};

/** Those of them that are the host's own. */
const FORWARDED = [
  "loadHooked",
  "storeHooked",
  "loadUnprivileged",
  "storeUnprivileged",
  "alignmentFault",
] as const;

/** Type of anything a region may call. */
export function hostFunctionType(name: string): FuncType {
  return REGION_CALLS[name] ?? helperType(name);
}

/** What every machine has besides its regions. */
export interface Runtime {
  /** Stands in every unlinked table slot: asks for a lookup. The PC is in the state block already. */
  readonly stub: () => number;
  /** Turns the flags' operands into NZCV. */
  readonly settleFlags: () => void;
  /** Runs the region of a slot, then whatever each region says comes next, until one comes back. */
  readonly chain: (slot: number) => void;
  /** What regions call, as WebAssembly functions, to be imported by their modules. */
  readonly hostFunctions: WebAssembly.ModuleImports;
}

/**
 * Make the runtime module: the only one that imports the table and JavaScript functions. V8 gives
 * every instance that imports a table a copy of it (0.1 ms for 4096 slots) and compiles a wrapper
 * for every JavaScript function a module imports (40 us each): regions must do neither.
 */
export function makeRuntime(
  module: ModuleBuilder,
  instantiate: (bytes: Uint8Array<ArrayBuffer>) => Record<string, unknown>,
): Runtime {
  module.begin();
  const forwarded = [...FORWARDED, ...helpers().keys()];
  const hostLoad = module.import("loadSlow", HOST_SLOW);
  const hostStore = module.import("storeSlow", HOST_SLOW);
  const lookUp = module.import("lookUp", REGION_TYPE);
  const imported = forwarded.map((name) => module.import(name, hostFunctionType(name)));
  const names: string[] = [];
  const define = (name: string, emit: () => void): void => {
    names.push(name);
    emit();
  };
  define("stub", () => {
    emitStub(module, lookUp);
  });
  define("settle", () => {
    emitSettle(module);
  });
  define("chain", () => {
    emitChain(module);
  });
  define("enter", () => {
    emitEnter(module);
  });
  define("loadSlow", () => {
    emitLoadSlow(module, hostLoad);
  });
  define("storeSlow", () => {
    emitStoreSlow(module, hostStore);
  });
  forwarded.forEach((name, i) => {
    define(name, () => {
      emitForward(module, hostFunctionType(name), imported[i]!);
    });
  });
  const exports = instantiate(module.finish({ importsTable: true }));
  const made = new Map(names.map((name, i) => [name, exports[`f${i}`]]));
  const hostFunctions: WebAssembly.ModuleImports = {};
  for (const name of [...Object.keys(REGION_CALLS), ...helpers().keys()]) {
    hostFunctions[name] = made.get(name) as () => void;
  }
  return {
    stub: made.get("stub") as () => number,
    settleFlags: made.get("settle") as () => void,
    chain: made.get("chain") as (slot: number) => void,
    hostFunctions,
  };
}

/** A WebAssembly function that calls an imported one. */
function emitForward(module: ModuleBuilder, type: FuncType, index: number): void {
  const w = newBody();
  w.begin(type.params);
  type.params.forEach((_, parameter) => {
    w.local_get(parameter as Local);
  });
  w.call(index);
  module.func(type, w);
}

function emitSettle(module: ModuleBuilder): void {
  const w = newBody();
  w.begin([]);
  const f = { kind: w.local("i32"), a: w.local("i64"), b: w.local("i64") };
  w.i32_const(0);
  w.i32_load(OFF_FLAG_KIND);
  w.local_set(f.kind);
  w.i32_const(0);
  w.i64_load(OFF_FLAG_A);
  w.local_set(f.a);
  w.i32_const(0);
  w.i64_load(OFF_FLAG_B);
  w.local_set(f.b);
  w.i32_const(0);
  emitPackedAnyKind(w, f);
  w.i32_store(OFF_NZCV);
  module.func({ params: [], results: [] }, w);
}

/** Compile and instantiate at once. @returns the exports */
export function instantiate(
  bytes: Uint8Array<ArrayBuffer>,
  imports: WebAssembly.Imports,
): Record<string, unknown> {
  return new WebAssembly.Instance(new WebAssembly.Module(bytes), imports).exports;
}
