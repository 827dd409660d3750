import { FPSR } from "../cpu/fp/format.js";
import { OFF_FPSR, OFF_FPSR_EXACT } from "../cpu/state-layout.js";
import type { PhysMemory } from "../mmu/phys-memory.js";
import type { Emitter } from "./emitter.js";

/**
 * FPSR's cumulative bits in translated code. They are kept only under `mode.fpsrExact`: from the guest's first
 * access to FPSR on, or from the start if the machine was made so. Host code may call `raiseFpsr` in any
 * mode.
 */

/** Pop an i32; if it is not zero an integer has saturated: raise QC. */
export function raiseQc(e: Emitter): void {
  const { w } = e;
  if (!e.mode.fpsrExact) {
    w.drop();
    return;
  }
  const saturated = w.unlikely().if_();
  w.i32_const(0);
  w.i32_const(0);
  w.i32_load(OFF_FPSR);
  w.i32_const(FPSR.QC);
  w.i32_or();
  w.i32_store(OFF_FPSR);
  w.end(saturated);
}

/** Push 1 if FPSR.IXC is clear, so that an inexact result would change it. */
export function pushInexactMatters(e: Emitter): void {
  const { w } = e;
  w.i32_const(0);
  w.i32_load(OFF_FPSR);
  w.i32_const(FPSR.IXC);
  w.i32_and();
  w.i32_eqz();
}

/** Raise bits of FPSR from host code, if they are kept. */
export function raiseFpsr(memory: PhysMemory, bits: number): void {
  if (memory.u32[OFF_FPSR_EXACT >> 2] === 0) return;
  memory.u32[OFF_FPSR >> 2]! |= bits;
}
