import { getField } from "./arch/bits.js";
import {
  EC_DATA_ABORT_LOWER,
  EC_DATA_ABORT_SAME,
  EC_UNKNOWN,
  esrClass,
  FSC_ACCESS_FLAG_L0,
  FSC_ADDRESS_SIZE_L0,
  FSC_EXTERNAL,
  FSC_PERMISSION_L0,
  FSC_TRANSLATION_L0,
  isAbortClass,
  IssDataAbort,
} from "./arch/esr.js";
import type { Exception } from "./cpu/exception.js";
import type { CpuState } from "./cpu/state.js";
import type { FaultEvent, HookKind, Hooks } from "./hooks.js";
import { addressOf } from "./virtual-memory.js";

/** Kinds of hooks that exceptions are for. */
const ASKED: readonly HookKind[] = ["unmapped", "protected", "invalid", "exception"];
/** Fault status without its level, where it has one. */
const LEVELLED = 0x3c;

/**
 * Which hook an abort is for: "protected" when a page is there and refuses (permission, access flag),
 * "unmapped" when none is (translation, address size, no RAM), null for the rest (alignment, ...).
 */
function kindOf(status: number): "unmapped" | "protected" | null {
  if (status === FSC_EXTERNAL) return "unmapped";
  switch (status & LEVELLED) {
    case FSC_TRANSLATION_L0:
    case FSC_ADDRESS_SIZE_L0:
      return "unmapped";
    case FSC_PERMISSION_L0:
    case FSC_ACCESS_FLAG_L0:
      return "protected";
    default:
      return null;
  }
}

function accessOf(esr: number): FaultEvent["access"] {
  const ec = esrClass(esr);
  if (ec !== EC_DATA_ABORT_LOWER && ec !== EC_DATA_ABORT_SAME) return "exec";
  return getField(esr, 0, IssDataAbort.wnr) === 1 ? "write" : "read";
}

/** Lets hooks deal with exceptions before they are taken. */
export class ExceptionHooks {
  readonly #hooks: Hooks;
  readonly #cpu: CpuState;
  readonly #wordAtPc: () => number;
  /** There are hooks that want to be asked. */
  #asking = false;
  /** The exception a hook dealt with last, and when: the same again without progress is taken. */
  #handled = "";

  /** @param wordAtPc the instruction at the PC, 0 if it cannot be read */
  constructor(hooks: Hooks, cpu: CpuState, wordAtPc: () => number) {
    this.#hooks = hooks;
    this.#cpu = cpu;
    this.#wordAtPc = wordAtPc;
  }

  /** A hook was set or removed. */
  hooksChanged(): void {
    this.#asking = ASKED.some((kind) => this.#hooks.has(kind));
  }

  /** Whether a hook takes care of an exception. What it did not cure it is not asked about again. */
  dealtWith(exception: Exception): boolean {
    if (!this.#asking) return false;
    const cpu = this.#cpu;
    const { esr, far } = exception;
    const what = `${cpu.instructionCount} ${cpu.pc} ${esr} ${far?.lo} ${far?.hi}`;
    if (what === this.#handled) return false;
    const handled = askHooks(this.#hooks, exception, cpu.pc, this.#wordAtPc);
    this.#handled = handled ? what : "";
    return handled;
  }
}

/**
 * Ask the hooks that concern an exception whether one deals with it.
 * @param pc where it is due
 * @param fetch the instruction word at the PC, 0 if it cannot be read
 */
function askHooks(hooks: Hooks, exception: Exception, pc: bigint, fetch: () => number): boolean {
  const { vector, esr, far } = exception;
  const address = far === null ? null : addressOf(far.lo, far.hi);
  const ec = esrClass(esr);
  if (vector === "sync" && isAbortClass(ec) && address !== null) {
    const status = esr & 0x3f;
    const kind = kindOf(status);
    const event = { access: accessOf(esr), address, status };
    if (kind !== null && hooks.ask(kind, address, event)) return true;
  }
  if (vector === "sync" && ec === EC_UNKNOWN && hooks.has("invalid")) {
    if (hooks.ask("invalid", pc, { address: pc, word: fetch() })) return true;
  }
  return hooks.ask("exception", pc, { vector, esr, address });
}
