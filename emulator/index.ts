/** The emulator's public face: a CPU, its MMU and memory. */
export { Machine, translatingEngine } from "./machine.js";
export type { MachineOptions } from "./machine-options.js";
export type { Firmware, Semihosting } from "./host-calls.js";
export type { RunExit } from "./runner.js";
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
export { Bus, type DeviceAccessBytes, type MmioDevice } from "./devices/bus.js";
export { GenericTimer } from "./devices/generic-timer.js";
export { Gicv2 } from "./devices/gicv2.js";
export { Gicv3 } from "./devices/gicv3.js";
export { Pl011, type UartInput } from "./devices/pl011.js";
export { Pl031 } from "./devices/pl031.js";
export type { Signal } from "./devices/signal.js";
export type { TimedDevice } from "./devices/timeline.js";
export { CpuState, type ExternalRegisters, type CpuSnapshot } from "./cpu/state.js";
export { CPU_MODEL_NAMES, type CpuModelName } from "./arch/cpu-model.js";
export { describeEsr, describeFaultStatus } from "./arch/esr.js";
export type { Vector } from "./cpu/exception.js";
export { Mmu, type MmuCounters, type TranslationFault } from "./mmu/mmu.js";
export { describeMmuCounters, type AsidCounters, type LevelCounters } from "./mmu/counters.js";
export type { CacheShape, Replacement } from "./mmu/replacement.js";
export { parseTlb, type ParsedTlb, type TlbOptions } from "./mmu/tlb-options.js";
export type {
  Barrier,
  MmuObserver,
  Position,
  Synchronization,
  TlbiOperation,
} from "./mmu/observer.js";
export {
  formatReport,
  MMU_RULES,
  symbolizer,
  type MmuMode,
  type MmuReport,
  type MmuRule,
  type MmuSanitizer,
  type Place,
  type ReportedAccess,
  type ReportedDescriptor,
  type SanitizerOptions,
  type Symbolize,
} from "./mmu/sanitizer/index.js";
export { ACCESS_EXEC, ACCESS_READ, ACCESS_WRITE, type Access } from "./mmu/access.js";
export type { TlbEntry } from "./mmu/tlb.js";
export { DEFAULT_RAM_BASE, MAX_RAM_BYTES, MIN_RAM_BYTES, PhysMemory } from "./mmu/phys-memory.js";
export { counterAt, INSTRUCTIONS_PER_SECOND } from "./arch/counter.js";
export * from "./unicorn/binding.js";
export { UnicornEngine, unicornRefuses } from "./unicorn/engine.js";
export { loadUnicornJs, type UnicornJs } from "./unicorn/emscripten.js";
