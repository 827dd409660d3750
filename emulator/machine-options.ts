import type { CpuModelName } from "./arch/cpu-model.js";
import type { ExternalRegisters } from "./cpu/state.js";
import type { CpuEngine, EngineParts } from "./engine.js";
import type { Firmware, Semihosting } from "./host-calls.js";
import type { MmuMode, SanitizerOptions } from "./mmu/sanitizer/index.js";
import type { TlbOptions } from "./mmu/tlb-options.js";

export interface MachineOptions {
  /** RAM in bytes, a multiple of 64 KiB. 256 MiB. */
  readonly ramBytes?: number;
  /** Physical address of the first byte of RAM. */
  readonly ramBase?: number;
  /**
   * Who handles exceptions taken to EL1: the guest's vectors ("vectors", the default), or the
   * embedder between two runs ("host").
   */
  readonly exceptions?: "host" | "vectors";
  /** Which CPU: "max" (Armv8.6-A, the default), "cortex-a57" (Armv8.0-A) or "apple-m1". */
  readonly cpuModel?: CpuModelName;
  /**
   * When FPSR's cumulative flags become exact: "lazy" (the default) from the guest's first access to
   * FPSR on, "exact" from the start. Exact flags cost speed.
   */
  readonly fpsr?: "lazy" | "exact";
  /** What the numbers of RNDR and RNDRRS start from: 32 bits. 0. */
  readonly seed?: number;
  /** Frequency of the system counter in Hz. 24 MHz. */
  readonly counterHz?: number;
  /** Keeps the system registers of a GICv3, ICC_*_EL1, which are UNDEFINED otherwise. */
  readonly gicRegisters?: ExternalRegisters;
  /** Answers HVC or SMC, which are UNDEFINED otherwise: there is no EL2 and no EL3. */
  readonly firmware?: Firmware;
  readonly semihosting?: Semihosting;
  /**
   * "coherent": code that is overwritten is executed as it is now, always. "architectural" (the default): for
   * certain only after the maintenance the architecture asks for, IC IVAU and ISB.
   */
  readonly icache?: "coherent" | "architectural";
  /** Upper bound of translated code, bytes: by estimate; all are made again when it is reached. 512 MiB. */
  readonly codeCacheBytes?: number;
  /** Shape and ways of the TLB (mmu/tlb-options.ts). */
  readonly tlb?: TlbOptions;
  /**
   * "strict": what the guest does with its translation tables is checked against the architecture
   * (`mmuReports`); `{ adversarial: seed }`: and hardware's freedom is used against it. "plain" by default.
   * The translating engine only.
   */
  readonly mmu?: MmuMode;
  /** Told of every new report, and asked what the host is doing. */
  readonly mmuReporting?: SanitizerOptions;
  /** What executes instructions: `translatingEngine` (the default), or another one. */
  readonly engine?: (parts: EngineParts) => CpuEngine;
}
