import type { CpuState } from "../../cpu/state.js";
import type { Mmu } from "../mmu.js";
import { Adversary } from "./adversary.js";
import type { SanitizerOptions } from "./reporter.js";
import { MmuSanitizer } from "./sanitizer.js";

/**
 * How a machine's MMU behaves. "plain": as the model is. "strict": the same, and software that relies on luck is
 * reported. Adversarial, with a seed: strict, and luck is bad: translations are fetched that nobody asked for, others
 * are lost, and a TLBI takes effect as late as it may.
 */
export type MmuMode = "plain" | "strict" | { readonly adversarial: number };

/** Put a mode in force. @returns who reports, or null in plain mode */
export function watchMmu(
  mmu: Mmu,
  cpu: CpuState,
  mode: MmuMode,
  options: SanitizerOptions,
): MmuSanitizer | null {
  if (mode === "plain") return null;
  const sanitizer = new MmuSanitizer(mmu, cpu, options);
  mmu.setObserver(mode === "strict" ? sanitizer : new Adversary(mmu, sanitizer, mode.adversarial));
  return sanitizer;
}
