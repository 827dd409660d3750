import { check } from "../arch/check.js";
import type { PhysMemory } from "../mmu/phys-memory.js";
import type { ValType } from "../wasm/builder.js";

/**
 * Host code that translated instructions call for what is rare or exact beyond WebAssembly's own
 * arithmetic. A helper sees the machine through `HelperContext` only. Parameters and results are
 * i32, f32 or f64 numbers: an i64 would box a bigint on every call. Anything wider goes through
 * the bounce buffer (`OFF_BOUNCE` in the state block), which a helper may use freely.
 *
 * X, SP and V registers are *not* in the state block while translated code runs: pass what a
 * helper needs. FPCR, FPSR and PSTATE (but not NZCV) are.
 */
export interface HelperContext {
  readonly memory: PhysMemory;
}

export interface Helper<C extends HelperContext = HelperContext> {
  readonly name: string;
  readonly params: readonly ("i32" | "f32" | "f64")[];
  readonly result: "i32" | "f32" | "f64" | null;
  readonly run: (context: C, ...args: number[]) => number | undefined;
}

const registry = new Map<string, Helper>();

/** Add a helper; called while the row files load. @returns its name, for `Emitter.callHelper` */
export function helper(
  name: string,
  params: Helper["params"],
  result: Helper["result"],
  run: Helper["run"],
): string {
  check(!registry.has(name), "helper registered twice", name);
  registry.set(name, { name, params, result, run });
  return name;
}

/** All registered helpers by name. */
export function helpers(): ReadonlyMap<string, Helper> {
  return registry;
}

/** A helper's signature as WebAssembly types. @throws HostBug if there is no such helper */
export function helperType(name: string): { params: readonly ValType[]; results: ValType[] } {
  const found = registry.get(name);
  check(found !== undefined, "no such helper", name);
  return { params: found.params, results: found.result === null ? [] : [found.result] };
}
