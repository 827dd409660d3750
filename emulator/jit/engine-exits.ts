import type { EngineExit } from "../engine.js";

/** What a run of the engine ends with, where it is always the same. */
export const BUDGET_EXIT: EngineExit = { kind: "budget" };
export const STOPPED_EXIT: EngineExit = { kind: "stopped" };
export const ATTENTION_EXIT: EngineExit = { kind: "attention" };
export const WAIT_EXIT: EngineExit = { kind: "wait" };
export const IRQ_EXIT: EngineExit = {
  kind: "exception",
  exception: { vector: "irq", esr: 0, far: null },
};
export const FIQ_EXIT: EngineExit = {
  kind: "exception",
  exception: { vector: "fiq", esr: 0, far: null },
};

/** A synchronous exception that leaves FAR_EL1 alone. */
export function syncExit(esr: number): EngineExit {
  return { kind: "exception", exception: { vector: "sync", esr, far: null } };
}
