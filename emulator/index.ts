/** The emulator's public face: a CPU, its MMU and memory. */
export {
  Machine,
  translatingEngine,
  type Firmware,
  type MachineOptions,
  type RunExit,
} from "./machine.js";
export type { AccessHook, CpuEngine, EngineCounters, EngineExit, EngineParts } from "./engine.js";
export type {
  AccessEvent,
  BlockEvent,
  CodeEvent,
  ExceptionEvent,
  FaultEvent,
  Hook,
  HookHandlers,
  HookKind,
  HookRange,
} from "./hooks.js";
export { Cpu, type CpuContext, type RegisterName } from "./registers.js";
export type { MemoryFault, VirtualRead } from "./virtual-memory.js";
export { CpuState, type CpuSnapshot } from "./cpu/state.js";
export { CPU_MODEL_NAMES, type CpuModelName } from "./arch/cpu-model.js";
export { describeEsr, describeFaultStatus } from "./arch/esr.js";
export type { Vector } from "./cpu/exception.js";
export { Mmu, type MmuCounters, type TranslationFault } from "./mmu/mmu.js";
export { ACCESS_EXEC, ACCESS_READ, ACCESS_WRITE, RIGHT_GLOBAL, type Access } from "./mmu/access.js";
export type { TlbEntry } from "./mmu/tlb.js";
export { DEFAULT_RAM_BASE, MAX_RAM_BYTES, MIN_RAM_BYTES, PhysMemory } from "./mmu/phys-memory.js";
export { counterAt, INSTRUCTIONS_PER_SECOND } from "./isa/system-registers.js";
export * from "./unicorn/binding.js";
export { UnicornEngine, unicornRefuses } from "./unicorn/engine.js";
export { loadUnicornJs, type UnicornJs } from "./unicorn/emscripten.js";
