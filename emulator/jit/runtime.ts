import {
  OFF_EXIT_CODE,
  OFF_FLAG_A,
  OFF_FLAG_B,
  OFF_FLAG_KIND,
  OFF_NZCV,
} from "../cpu/state-layout.js";
import { newBody } from "../wasm/builder.js";
import type { ModuleBuilder } from "../wasm/module.js";
import { EXIT_LOOKUP } from "./exit.js";
import { emitPackedAnyKind } from "./flags.js";
import { REGION_TYPE } from "./translate.js";

/**
 * The two functions every machine has besides its regions: `f0`, the stub behind unlinked table slots
 * (the PC is in the state block already), and `f1`, which turns the flags' operands into NZCV.
 */
export function buildRuntime(module: ModuleBuilder): Uint8Array<ArrayBuffer> {
  module.begin();
  const stub = newBody();
  stub.begin([]);
  stub.i32_const(0);
  stub.i32_const(EXIT_LOOKUP);
  stub.i32_store(OFF_EXIT_CODE);
  module.func(REGION_TYPE, stub, [stub]);

  const settle = newBody();
  settle.begin([]);
  const f = { kind: settle.local("i32"), a: settle.local("i64"), b: settle.local("i64") };
  settle.i32_const(0);
  settle.i32_load(OFF_FLAG_KIND);
  settle.local_set(f.kind);
  settle.i32_const(0);
  settle.i64_load(OFF_FLAG_A);
  settle.local_set(f.a);
  settle.i32_const(0);
  settle.i64_load(OFF_FLAG_B);
  settle.local_set(f.b);
  settle.i32_const(0);
  emitPackedAnyKind(settle, f);
  settle.i32_store(OFF_NZCV);
  module.func(REGION_TYPE, settle, [settle]);
  return module.finish();
}
