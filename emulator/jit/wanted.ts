import type { Mode } from "../isa/emitter.js";
import { ACCESS_EXEC } from "../mmu/access.js";
import type { Mmu } from "../mmu/mmu.js";

/** Which translation is wanted. */
export interface Wanted {
  readonly physical: number;
  readonly pc: number;
  readonly mode: Mode;
  /** Whose translations of addresses count. */
  readonly el: 0 | 1;
  /** One instruction only. */
  readonly single: boolean;
  /** A slice has ended here, so time is spent here: a whole region is worth it, but not what it calls. */
  readonly resumes: boolean;
}

/** Physical address of an instruction, -1 where there is none to fetch, or not in the wanted mode. */
export function physicalOf(mmu: Mmu, va: number, { el, mode }: Wanted): number {
  const pa = mmu.translate((va % 2 ** 32) | 0, Math.floor(va / 2 ** 32), ACCESS_EXEC, el, false);
  return mode.config.model.features.has("bti") && mode.guarded !== mmu.lastGuarded ? -1 : pa;
}
