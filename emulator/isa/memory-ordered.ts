import type { AccessKind, Emitter, Local } from "./emitter.js";
import { inst, signed, type Row } from "./pattern.js";
import { integerTransfer, setFromLoad, type Transfer } from "./transfer.js";

/**
 * Load-acquire and store-release (Arm ARM C4.1.94), with the alignment rules they share with exclusives and
 * atomics. Every access here is ordered anyway, so acquire and release add nothing.
 */
const KINDS = ["xu8", "xu16", "xu32", "x64"] as const satisfies readonly AccessKind[];

/** How misaligned an access may be (Arm ARM, AArch64.UnalignedAccessFaults). */
export type Ordering = "exclusive" | "atomic" | "ordered";

/**
 * Check the alignment of an exclusive, atomic or ordered access. The address must be a multiple of the size;
 * but with FEAT_LSE2, unless SCTLR_EL1.A is set, an atomic or ordered access may lie anywhere within 16 aligned
 * bytes and, with SCTLR_EL1.nAA, an ordered one anywhere at all.
 */
export function checkOrderedAlignment(
  e: Emitter,
  address: Local,
  bytes: number,
  isWrite: boolean,
  ordering: Ordering,
): void {
  const { strictAlignment, unalignedOrdered, config } = e.mode;
  const relaxed = ordering !== "exclusive" && !strictAlignment && config.model.features.has("lse2");
  if (relaxed && ordering === "ordered" && unalignedOrdered) return;
  e.checkAligned(address, bytes, isWrite, relaxed);
}

/** The base address plus an offset, checked. The caller frees it. */
export function orderedAddress(
  e: Emitter,
  rn: number,
  bytes: number,
  isWrite: boolean,
  ordering: Ordering,
  offset = 0,
): Local {
  e.getBase(rn);
  if (offset !== 0) {
    e.w.i64_const_number(offset);
    e.w.i64_add();
  }
  const address = e.popTemp("i64");
  checkOrderedAlignment(e, address, bytes, isWrite, ordering);
  return address;
}

function emitLoad(e: Emitter, t: Transfer, rn: number, rt: number, offset = 0): void {
  const address = orderedAddress(e, rn, t.bytes, false, "ordered", offset);
  e.w.local_get(address);
  e.load(t.kind);
  setFromLoad(e, t, rt);
  e.free(address);
}

function emitStore(e: Emitter, size: number, rn: number, rt: number, offset = 0): void {
  const address = orderedAddress(e, rn, 1 << size, true, "ordered", offset);
  e.w.local_get(address);
  e.getX(rt);
  e.store(KINDS[size]!);
  e.free(address);
}

function emitLoadAcquire(e: Emitter, f: { size: number; rn: number; rt: number }): void {
  emitLoad(e, integerTransfer(f.size, 1)!, f.rn, f.rt);
}

interface Unscaled {
  size: number;
  opc: number;
  imm9: number;
  rn: number;
  rt: number;
}

/** LDAPUR and its sign-extending forms, STLUR: size and opc as in the plain unscaled forms. */
function emitUnscaled(e: Emitter, f: Unscaled): void {
  const t = integerTransfer(f.size, f.opc)!;
  const offset = signed(f.imm9, 9);
  if (t.isLoad) emitLoad(e, t, f.rn, f.rt, offset);
  else emitStore(e, f.size, f.rn, f.rt, offset);
}

// "x" marks bits that should be one and do not matter. LDLAR and STLLR (bit 15 zero) come with
// FEAT_LOR, which no model has.
export const ROWS: readonly Row[] = [
  inst("LDAR", "size:2 001000 1 1 0 xxxxx 1 xxxxx rn:5 rt:5", emitLoadAcquire),
  inst("STLR", "size:2 001000 1 0 0 xxxxx 1 xxxxx rn:5 rt:5", (e, f) => {
    emitStore(e, f.size, f.rn, f.rt);
  }),
  inst("LDAPR", "size:2 111000 1 0 1 11111 1 100 00 rn:5 rt:5", emitLoadAcquire, {
    feature: "lrcpc",
  }),
  inst("LDAPUR, STLUR", "size:2 011001 opc:2 0 imm9:9 00 rn:5 rt:5", emitUnscaled, {
    feature: "lrcpc2",
    undefinedIf: (f) => integerTransfer(f.size, f.opc) === null,
  }),
];
