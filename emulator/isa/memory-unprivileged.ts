import type { Emitter } from "./emitter.js";
import { inst, signed, type Row } from "./pattern.js";
import { getForStore, integerTransfer, setFromLoad } from "./transfer.js";

/**
 * LDTR, STTR and their kin (Arm ARM C4.1.94): at EL1 with PSTATE.UAO clear their permissions are checked as
 * EL0's would be (PAN does not count); otherwise they are plain accesses.
 */
function emitUnprivileged(
  e: Emitter,
  f: { size: number; opc: number; imm9: number; rn: number; rt: number },
): void {
  const t = integerTransfer(f.size, f.opc)!;
  const offset = signed(f.imm9, 9);
  const isPlain = e.mode.el === 0;
  e.getBase(f.rn);
  if (offset !== 0) {
    e.w.i64_const_number(offset);
    e.w.i64_add();
  }
  if (t.isLoad) {
    if (isPlain) e.load(t.kind);
    else e.loadUnprivileged(t.kind);
    setFromLoad(e, t, f.rt);
  } else {
    getForStore(e, t, f.rt);
    if (isPlain) e.store(t.kind);
    else e.storeUnprivileged(t.kind);
  }
}

export const ROWS: readonly Row[] = [
  inst("LDTR, STTR", "size:2 111 0 00 opc:2 0 imm9:9 10 rn:5 rt:5", emitUnprivileged, {
    undefinedIf: (f) => integerTransfer(f.size, f.opc) === null,
  }),
];
