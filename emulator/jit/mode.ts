import type { CpuConfig } from "../arch/cpu-model.js";
import { sysregSlot } from "../arch/sysreg.js";
import { PSTATE_SP } from "../cpu/state-layout.js";
import type { CpuState } from "../cpu/state.js";
import type { Mode } from "../isa/emitter.js";

const SCTLR = sysregSlot("SCTLR_EL1");
const CPACR = sysregSlot("CPACR_EL1");

const SCTLR_A = 1 << 1;
const SCTLR_SA = 1 << 3;
const SCTLR_SA0 = 1 << 4;
/** CPACR_EL1.FPEN: 3 traps nothing, 1 traps EL0, 0 and 2 trap both levels. */
const CPACR_FPEN_SHIFT = 20;
/** FPCR.RMode, FZ, DN, AHP and FZ16 within `Mode.fpcr`: any of them needs exact variants. */
const FPCR_NOT_DEFAULT = 0xf9;

const SCTLR_NAA = 1 << 6;
/** BT0 and BT1, in the high half. */
const SCTLR_HI_BT0 = 1 << 3;
const SCTLR_HI_BT1 = 1 << 4;

/** What a mode depends on besides the CPU's registers. */
export interface Surroundings {
  readonly accessHooks: boolean;
  /** Somebody watches the MMU. */
  readonly observed: boolean;
  /** The page of the code is guarded (FEAT_BTI). */
  readonly inGuardedPage: boolean;
  readonly coherent: boolean;
}

/** Bits of a mode's key; FPCR's bits 26:19 are in 15:8, (pageShift - 12) / 2 in 3:2. */
const KEY = {
  el1: 1 << 0,
  spSel: 1 << 1,
  fpTrapped: 1 << 4,
  spAlignment: 1 << 5,
  strictAlignment: 1 << 6,
  fpsrExact: 1 << 7,
  unalignedOrdered: 1 << 16,
  accessHooks: 1 << 17,
  guarded: 1 << 18,
  strictLanding: 1 << 19,
  coherent: 1 << 20,
  observed: 1 << 21,
  careful: 1 << 30,
} as const;
const KEY_GRANULE_SHIFT = 2;
const KEY_FPCR_SHIFT = 8;
const FPCR_SHIFT = 19;

/** The bits of a key that the CPU's registers tell, whatever page the code is in. */
export const KEY_OF_REGISTERS = ~(KEY.guarded | KEY.strictLanding);

/** The key of the mode that the CPU is in. */
export function modeKeyOf(cpu: CpuState, pageShift: number, around: Surroundings): number {
  const el = cpu.el;
  const sctlr = cpu.readLo(SCTLR);
  const fpen = (cpu.readLo(CPACR) >>> CPACR_FPEN_SHIFT) & 3;
  const fpcr = (cpu.fpcr >>> FPCR_SHIFT) & 0xff;
  let key = el | (((pageShift - 12) >> 1) << KEY_GRANULE_SHIFT) | (fpcr << KEY_FPCR_SHIFT);
  if (el === 1 && (cpu.pstate & (1 << PSTATE_SP)) !== 0) key |= KEY.spSel;
  if (fpen !== 3 && (fpen !== 1 || el === 0)) key |= KEY.fpTrapped;
  if ((sctlr & (el === 0 ? SCTLR_SA0 : SCTLR_SA)) !== 0) key |= KEY.spAlignment;
  if ((sctlr & SCTLR_A) !== 0) key |= KEY.strictAlignment;
  if (cpu.fpsrExact) key |= KEY.fpsrExact;
  if ((sctlr & SCTLR_NAA) !== 0) key |= KEY.unalignedOrdered;
  if (around.accessHooks) key |= KEY.accessHooks;
  if (around.coherent) key |= KEY.coherent;
  if (around.observed) key |= KEY.observed;
  if (around.inGuardedPage && cpu.config.model.features.has("bti")) {
    key |= KEY.guarded;
    const strict = cpu.readHi(SCTLR) & (el === 0 ? SCTLR_HI_BT0 : SCTLR_HI_BT1);
    if (strict !== 0) key |= KEY.strictLanding;
  }
  return key;
}

const modesOf = new WeakMap<CpuConfig, Map<number, Mode>>();

/** The mode of a key: the same object for the same key and kind of CPU. */
export function modeOf(config: CpuConfig, key: number): Mode {
  let modes = modesOf.get(config);
  if (modes === undefined) modesOf.set(config, (modes = new Map<number, Mode>()));
  let mode = modes.get(key);
  if (mode === undefined) modes.set(key, (mode = newMode(config, key)));
  return mode;
}

function newMode(config: CpuConfig, key: number): Mode {
  const fpcr = (key >>> KEY_FPCR_SHIFT) & 0xff;
  return {
    key,
    el: (key & KEY.el1) !== 0 ? 1 : 0,
    spSel: (key & KEY.spSel) !== 0 ? 1 : 0,
    pageShift: 12 + 2 * ((key >>> KEY_GRANULE_SHIFT) & 3),
    fpTrapped: (key & KEY.fpTrapped) !== 0,
    spAlignment: (key & KEY.spAlignment) !== 0,
    strictAlignment: (key & KEY.strictAlignment) !== 0,
    unalignedOrdered: (key & KEY.unalignedOrdered) !== 0,
    config,
    fpcr,
    fpDefault: (fpcr & FPCR_NOT_DEFAULT) === 0,
    fpsrExact: (key & KEY.fpsrExact) !== 0,
    accessHooks: (key & KEY.accessHooks) !== 0,
    observed: (key & KEY.observed) !== 0,
    guarded: (key & KEY.guarded) !== 0,
    strictLanding: (key & KEY.strictLanding) !== 0,
    coherent: (key & KEY.coherent) !== 0,
    careful: (key & KEY.careful) !== 0,
  };
}

/** The same mode for the end of a run. */
export function carefulKey(key: number): number {
  return key | KEY.careful;
}
