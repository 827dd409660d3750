import type { Mode } from "../isa/emitter.js";

/**
 * Bits of a mode key: EL 0, SPSel 1, (pageShift - 12) / 2 in 3:2, FP trapped 4, SP alignment 5,
 * strict alignment 6, FPCR bits 26:19 in 15:8.
 */
export function modeKey(parts: Omit<Mode, "key" | "fpDefault">): number {
  return (
    parts.el |
    (parts.spSel << 1) |
    (((parts.pageShift - 12) >> 1) << 2) |
    (Number(parts.fpTrapped) << 4) |
    (Number(parts.spAlignment) << 5) |
    (Number(parts.strictAlignment) << 6) |
    (parts.fpcr << 8)
  );
}

/** FPCR.RMode, FZ, DN, AHP and FZ16 within `Mode.fpcr`: any of them needs exact variants. */
const FPCR_NOT_DEFAULT = 0xf9;

const modes = new Map<number, Mode>();

/** The mode a key stands for; the same object for the same key. */
export function modeOf(key: number): Mode {
  let mode = modes.get(key);
  if (mode === undefined) {
    const fpcr = (key >>> 8) & 0xff;
    mode = {
      key,
      el: (key & 1) as 0 | 1,
      spSel: ((key >>> 1) & 1) as 0 | 1,
      pageShift: 12 + ((key >>> 2) & 3) * 2,
      fpTrapped: (key & 0x10) !== 0,
      spAlignment: (key & 0x20) !== 0,
      strictAlignment: (key & 0x40) !== 0,
      fpcr,
      fpDefault: (fpcr & FPCR_NOT_DEFAULT) === 0,
    };
    modes.set(key, mode);
  }
  return mode;
}
