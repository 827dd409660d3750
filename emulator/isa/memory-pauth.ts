import type { Emitter } from "./emitter.js";
import { emitAuthenticate } from "./pauth.js";
import { inst, signed, type Row } from "./pattern.js";

/**
 * LDRAA and LDRAB (FEAT_PAuth, Arm ARM C6.2): authenticate the base address with a zero modifier, load from it
 * plus the offset. The pre-indexed forms write the authenticated sum back, last: where base and
 * destination are the same register (constrained unpredictable) it keeps the address, as in QEMU.
 */
function emitLoadAuthenticated(isB: 0 | 1, writesBack: boolean) {
  return (e: Emitter, f: { s: number; imm9: number; rn: number; rt: number }): void => {
    e.getBase(f.rn);
    emitAuthenticate(e, isB === 1 ? "DB" : "DA", 31);
    const offset = signed((f.s << 9) | f.imm9, 10) * 8;
    if (offset !== 0) {
      e.w.i64_const_number(offset);
      e.w.i64_add();
    }
    const address = e.popTemp("i64");
    e.w.local_get(address);
    e.load("x64");
    e.setX(f.rt);
    if (writesBack) {
      e.w.local_get(address);
      e.setXsp(f.rn);
    }
    e.free(address);
  };
}

export const ROWS: readonly Row[] = ([0, 1] as const).flatMap((m) =>
  ([0, 1] as const).map((w) =>
    inst(
      `LDRA${m === 0 ? "A" : "B"}${w === 1 ? " (pre-indexed)" : ""}`,
      `11 111 0 00 ${m} s:1 1 imm9:9 ${w} 1 rn:5 rt:5`,
      emitLoadAuthenticated(m, w === 1),
      { feature: "pauth" },
    ),
  ),
);
