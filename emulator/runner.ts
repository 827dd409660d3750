import { check } from "./arch/check.js";
import { takeException, type Vector } from "./cpu/exception.js";
import type { CpuState } from "./cpu/state.js";
import type { Timeline } from "./devices/timeline.js";
import type { CpuEngine, EngineExit } from "./engine.js";
import type { ExceptionHooks } from "./exception-hooks.js";
import type { Hooks } from "./hooks.js";
import type { HostCalls } from "./host-calls.js";
import type { Decoder } from "./isa/decode.js";
import type { Mmu } from "./mmu/mmu.js";
import { Tracer } from "./tracer.js";

/** Why `run` came back. The state is exact in every case. */
export type RunExit =
  /** Host mode: an exception has been taken to EL1 (ELR, SPSR, ESR, FAR set); the PC has not moved. */
  | { readonly kind: "exception"; readonly vector: Vector }
  /** The instruction limit was reached. */
  | { readonly kind: "budget" }
  /** `stop` was called. */
  | { readonly kind: "stopped" }
  /** `runUntil` came to its address: the instruction there is not executed. */
  | { readonly kind: "reached" }
  /**
   * A machine with timed devices waits (WFI) for an interrupt, and no device will ever ask for one by itself: only the
   * embedder can. The PC is behind the instruction.
   */
  | { readonly kind: "idle" };

const BUDGET: RunExit = { kind: "budget" };
const STOPPED: RunExit = { kind: "stopped" };
const IDLE: RunExit = { kind: "idle" };
/** Exceptions taken one after the other with nothing executed before it is clear that nothing ever will be. */
const STUCK_AFTER = 16;

/** What an embedder may set (see `Machine`). */
export interface RunCallbacks {
  readonly onIdle: (() => boolean) | null;
  readonly onStuck: (() => void) | null;
}

/** What a runner works with. */
export interface RunnerParts {
  readonly cpu: CpuState;
  readonly mmu: Mmu;
  readonly engine: CpuEngine;
  readonly decoder: Decoder;
  readonly hooks: Hooks;
  readonly exceptionHooks: ExceptionHooks;
  readonly calls: HostCalls;
  readonly timeline: Timeline;
  readonly callbacks: RunCallbacks;
  /** The guest's vectors handle its exceptions, not the embedder. */
  readonly vectors: boolean;
}

/** Runs the engine, from one event to the next, until the embedder is to know: takes exceptions, lets time go on. */
export class Runner {
  readonly #cpu: CpuState;
  readonly #engine: CpuEngine;
  readonly #hooks: Hooks;
  readonly #exceptionHooks: ExceptionHooks;
  readonly #calls: HostCalls;
  readonly #timeline: Timeline;
  readonly #callbacks: RunCallbacks;
  readonly #vectors: boolean;
  readonly #tracer: Tracer;
  #running = false;
  #inEngine = false;
  #stopRequested = false;
  #waiting = false;

  constructor(parts: RunnerParts) {
    const { cpu, mmu, engine, decoder, hooks } = parts;
    this.#cpu = cpu;
    this.#engine = engine;
    this.#hooks = hooks;
    this.#exceptionHooks = parts.exceptionHooks;
    this.#calls = parts.calls;
    this.#timeline = parts.timeline;
    this.#callbacks = parts.callbacks;
    this.#vectors = parts.vectors;
    this.#tracer = new Tracer({
      cpu,
      mmu,
      engine: {
        enterContext: () => {
          engine.enterContext();
        },
        run: (limit) => this.#runEngine(limit),
      },
      decoder,
      hooks,
      stopRequested: () => this.#stopRequested,
    });
  }

  /** @param until stop before the instruction at this address, unsigned; or null */
  run(maxInstructions: number, until: bigint | null): RunExit {
    check(!this.#running, "run called while the machine runs");
    this.#running = true;
    this.#stopRequested = false;
    try {
      return this.#runOn(maxInstructions, until);
    } finally {
      this.#running = false;
    }
  }

  /** Have the run that is going on come back; without one nothing happens. */
  stop(): void {
    if (!this.#running) return;
    this.#stopRequested = true;
    if (this.#inEngine) this.#engine.stop();
  }

  /** As after WFI. */
  waitForInterrupt(): void {
    this.#waiting = true;
  }

  #runOn(maxInstructions: number, until: bigint | null): RunExit {
    const cpu = this.#cpu;
    let end = cpu.instructionCount + maxInstructions;
    let isInVector = false;
    let stuck = 0;
    for (;;) {
      const start = cpu.instructionCount;
      const left = end - start;
      const traced = until !== null || this.#hooks.has("code") || this.#hooks.has("block");
      const bound = Math.min(left, this.#untilEvent());
      const exit = traced ? this.#tracer.run(bound, until) : this.#runEngine(bound);
      stuck = cpu.instructionCount === start ? stuck + 1 : 0;
      if (isInVector && stuck > 0) end--;
      switch (exit.kind) {
        case "stopped":
        case "reached":
          return exit;
        case "budget":
          break;
        case "attention":
          this.#timeline.touch();
          break;
        case "wait":
          this.#waiting = true;
          break;
        case "exception":
          isInVector = false;
          if (this.#exceptionHooks.dealtWith(exit.exception)) break;
          if (this.#calls.answer(exit.exception)) this.#engine.contextChanged();
          else {
            takeException(cpu, exit.exception, this.#vectors);
            if (!this.#vectors) return { kind: "exception", vector: exit.exception.vector };
            isInVector = true;
            if (stuck === STUCK_AFTER) this.#callbacks.onStuck?.();
          }
      }
      if (this.#waiting) {
        this.#waiting = false;
        if (!this.#wait()) return IDLE;
      }
      if (this.#stopRequested) return STOPPED;
      if (cpu.instructionCount >= end) return BUDGET;
    }
  }

  /** Let happen what is due. @returns instructions until the next event */
  #untilEvent(): number {
    if (this.#timeline.isEmpty) return Infinity;
    const { time } = this.#cpu;
    return this.#timeline.advance(time) - time;
  }

  /**
   * WFI: time goes on to the next event, whether or not that raises an interrupt. Without timed devices it does nothing,
   * as the architecture allows.
   * @returns false if nothing would ever happen
   */
  #wait(): boolean {
    if (this.#timeline.isEmpty) return true;
    while (this.#cpu.interrupts === 0) {
      const next = this.#timeline.advance(this.#cpu.time);
      if (this.#cpu.interrupts !== 0) break;
      if (next === Infinity) {
        if (this.#callbacks.onIdle?.() === true) continue;
        return false;
      }
      this.#cpu.waited = next - this.#cpu.instructionCount;
    }
    return true;
  }

  #runEngine(limit: number): EngineExit {
    this.#inEngine = true;
    try {
      return this.#engine.run(limit);
    } finally {
      this.#inEngine = false;
    }
  }
}
