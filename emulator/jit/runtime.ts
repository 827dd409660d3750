import {
  OFF_EXIT_CODE,
  OFF_FLAG_A,
  OFF_FLAG_B,
  OFF_FLAG_KIND,
  OFF_NZCV,
} from "../cpu/state-layout.js";
import { helpers, helperType } from "../isa/helpers.js";
import { newBody, type Local } from "../wasm/builder.js";
import type { FuncType, ModuleBuilder } from "../wasm/module.js";
import { EXIT_LOOKUP } from "./exit.js";
import { emitPackedAnyKind } from "./flags.js";

/** A region returns the table slot to go on at, or -1 with OFF_EXIT_CODE saying why it came back. */
export const REGION_TYPE: FuncType = { params: [], results: ["i32"] };

/** The slow paths a region may call, besides the helpers of isa/helpers.ts. */
const SLOW_PATHS: Readonly<Record<string, FuncType>> = {
  loadSlow: { params: ["i32", "i32", "i32"], results: ["i32"] },
  storeSlow: { params: ["i32", "i32", "i32"], results: ["i32"] },
  loadUnprivileged: { params: ["i32", "i32", "i32"], results: ["i32"] },
  storeUnprivileged: { params: ["i32", "i32", "i32"], results: ["i32"] },
  alignmentFault: { params: ["i32", "i32", "i32"], results: [] },
};

/** Type of a slow path or helper. */
export function hostFunctionType(name: string): FuncType {
  return SLOW_PATHS[name] ?? helperType(name);
}

/** What every machine has besides its regions. */
export interface Runtime {
  /** Stands in every unlinked table slot: asks for a lookup. The PC is in the state block already. */
  readonly stub: () => number;
  /** Turns the flags' operands into NZCV. */
  readonly settleFlags: () => void;
  /** Runs the region of a slot, then whatever each region says comes next, until one comes back. */
  readonly chain: (slot: number) => void;
  /** The host functions as WebAssembly functions, to be imported by regions. */
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
  const names = [...Object.keys(SLOW_PATHS), ...helpers().keys()];
  const imported = names.map((name) => module.import(name, hostFunctionType(name)));
  const stub = newBody();
  stub.begin([]);
  stub.i32_const(0);
  stub.i32_const(EXIT_LOOKUP);
  stub.i32_store(OFF_EXIT_CODE);
  stub.i32_const(-1);
  module.func(REGION_TYPE, stub, [stub]);
  emitSettle(module);
  emitChain(module);
  imported.forEach((index, i) => {
    const type = hostFunctionType(names[i]!);
    const forward = newBody();
    forward.begin(type.params);
    type.params.forEach((_, parameter) => {
      forward.local_get(parameter as Local);
    });
    forward.call(index);
    module.func(type, forward, [forward]);
  });
  const exports = instantiate(module.finish({ importsTable: true }));
  const hostFunctions: WebAssembly.ModuleImports = {};
  names.forEach((name, i) => {
    hostFunctions[name] = exports[`f${3 + i}`] as () => void;
  });
  return {
    stub: exports["f0"] as () => number,
    settleFlags: exports["f1"] as () => void,
    chain: exports["f2"] as (slot: number) => void,
    hostFunctions,
  };
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
  module.func({ params: [], results: [] }, w, [w]);
}

function emitChain(module: ModuleBuilder): void {
  const w = newBody();
  w.begin(["i32"]);
  const slot = 0 as Local;
  const next = w.loop();
  w.local_get(slot);
  w.call_indirect(module.type(REGION_TYPE));
  w.local_tee(slot);
  w.i32_const(0);
  w.i32_ge_s();
  w.br_if(next);
  w.end(next);
  module.func({ params: ["i32"], results: [] }, w, [w]);
}
