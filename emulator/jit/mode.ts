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

const modesOf = new WeakMap<CpuConfig, Map<number, Mode>>();

/** What a mode depends on besides the CPU's registers. */
export interface Surroundings {
  readonly accessHooks: boolean;
  /** Somebody watches the MMU. */
  readonly observed: boolean;
  /** The page of the code is guarded (FEAT_BTI). */
  readonly inGuardedPage: boolean;
  readonly coherent: boolean;
}

/**
 * The mode the CPU is in. Bits of its key: EL 0, SPSel 1, (pageShift - 12) / 2 in 3:2, FP trapped 4,
 * SP alignment 5, strict alignment 6, exact FPSR 7, FPCR bits 26:19 in 15:8, nAA 16, access hooks 17, guarded 18,
 * strict landing 19, coherent 20, observed 21, careful 30.
 * The same object for the same key and kind of CPU.
 */
export function modeOf(cpu: CpuState, pageShift: number, around: Surroundings): Mode {
  const { accessHooks, observed, inGuardedPage, coherent } = around;
  const el = cpu.el;
  const spSel = el === 1 ? (cpu.pstate >>> PSTATE_SP) & 1 : 0;
  const sctlr = cpu.readLo(SCTLR);
  const fpen = (cpu.readLo(CPACR) >>> CPACR_FPEN_SHIFT) & 3;
  const fpTrapped = !(fpen === 3 || (fpen === 1 && el === 1));
  const spAlignment = (sctlr & (el === 0 ? SCTLR_SA0 : SCTLR_SA)) !== 0;
  const strictAlignment = (sctlr & SCTLR_A) !== 0;
  const unalignedOrdered = (sctlr & SCTLR_NAA) !== 0;
  const guarded = inGuardedPage && cpu.config.model.features.has("bti");
  const strictLanding =
    guarded && (cpu.readHi(SCTLR) & (el === 0 ? SCTLR_HI_BT0 : SCTLR_HI_BT1)) !== 0;
  const { fpsrExact } = cpu;
  const fpcr = (cpu.fpcr >>> 19) & 0xff;
  const key =
    el |
    (spSel << 1) |
    (((pageShift - 12) >> 1) << 2) |
    (Number(fpTrapped) << 4) |
    (Number(spAlignment) << 5) |
    (Number(strictAlignment) << 6) |
    (Number(fpsrExact) << 7) |
    (fpcr << 8) |
    (Number(unalignedOrdered) << 16) |
    (Number(accessHooks) << 17) |
    (Number(guarded) << 18) |
    (Number(strictLanding) << 19) |
    (Number(coherent) << 20) |
    (Number(observed) << 21);
  const { config } = cpu;
  let modes = modesOf.get(config);
  if (modes === undefined) modesOf.set(config, (modes = new Map<number, Mode>()));
  let mode = modes.get(key);
  if (mode === undefined) {
    mode = {
      key,
      el,
      spSel: spSel as 0 | 1,
      pageShift,
      fpTrapped,
      spAlignment,
      strictAlignment,
      unalignedOrdered,
      config,
      fpcr,
      fpDefault: (fpcr & FPCR_NOT_DEFAULT) === 0,
      fpsrExact,
      accessHooks,
      observed,
      guarded,
      strictLanding,
      coherent,
      careful: false,
    };
    modes.set(key, mode);
  }
  return mode;
}

/** The bit of the key that says `careful`. */
const CAREFUL = 1 << 30;

const carefulModes = new WeakMap<Mode, Mode>();

/** The same mode for the end of a run. */
export function carefulMode(mode: Mode): Mode {
  let careful = carefulModes.get(mode);
  if (careful === undefined) {
    careful = { ...mode, key: mode.key | CAREFUL, careful: true };
    carefulModes.set(mode, careful);
  }
  return careful;
}
