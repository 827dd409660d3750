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
import type { FaultEvent, Hooks } from "./hooks.js";
import { addressOf } from "./virtual-memory.js";

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

/**
 * Ask the hooks that concern an exception whether one deals with it.
 * @param pc where it is due
 * @param fetch the instruction word at the PC, 0 if it cannot be read
 */
export function askHooks(
  hooks: Hooks,
  exception: Exception,
  pc: bigint,
  fetch: () => number,
): boolean {
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
