import { FSC_ALIGNMENT } from "../arch/esr.js";
import { helpers } from "../isa/helpers.js";
import type { SystemHelperContext } from "../isa/system-context.js";
import type { PhysMemory } from "../mmu/phys-memory.js";
import type { FindHost } from "./data-access.js";

/** Who answers what translated code calls: what it could not do by itself. */
export interface CodeHost extends SystemHelperContext {
  readonly memory: PhysMemory;
  readonly unprivilegedRead: FindHost;
  readonly unprivilegedWrite: FindHost;
  loadSlow(lo: number, hi: number, bytes: number, unit: number, find?: FindHost): number;
  storeSlow(lo: number, hi: number, bytes: number, unit: number, find?: FindHost): number;
  lookUpNested(): number;
  dataAbort(status: number, isWrite: boolean, lo: number, hi: number): void;
}

/** The JavaScript functions that the runtime module imports (runtime.ts), with memory and table. */
export function hostFunctions(host: CodeHost, table: WebAssembly.Table): WebAssembly.ModuleImports {
  const imports: WebAssembly.ModuleImports = {
    memory: host.memory.memory,
    table,
    loadSlow: (lo: number, hi: number, bytes: number, unit: number) =>
      host.loadSlow(lo, hi, bytes, unit),
    storeSlow: (lo: number, hi: number, bytes: number, unit: number) =>
      host.storeSlow(lo, hi, bytes, unit),
    loadHooked: (lo: number, hi: number, bytes: number, unit: number) =>
      host.loadSlow(lo, hi, bytes, unit),
    storeHooked: (lo: number, hi: number, bytes: number, unit: number) =>
      host.storeSlow(lo, hi, bytes, unit),
    loadUnprivileged: (lo: number, hi: number, bytes: number, unit: number) =>
      host.loadSlow(lo, hi, bytes, unit, host.unprivilegedRead),
    storeUnprivileged: (lo: number, hi: number, bytes: number, unit: number) =>
      host.storeSlow(lo, hi, bytes, unit, host.unprivilegedWrite),
    lookUp: () => host.lookUpNested(),
    alignmentFault: (lo: number, hi: number, isWrite: number) => {
      host.dataAbort(FSC_ALIGNMENT, isWrite !== 0, lo, hi);
    },
  };
  for (const helper of helpers().values()) {
    imports[helper.name] = (...args: number[]) => helper.run(host, ...args);
  }
  return imports;
}
