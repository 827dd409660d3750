import { accessType, type Emitter } from "./emitter.js";
import { inst, signed, type Row } from "./pattern.js";
import {
  getForStore,
  integerRegister,
  setFromLoad,
  vectorRegister,
  withAddress,
  writeBack,
  type Indexing,
  type Transfer,
} from "./transfer.js";

/**
 * LDP, STP and their kin: two registers, one check of the address (Arm ARM C4.1.94). Constrained unpredictable
 * combinations do as in QEMU: the second of two equal destinations wins, write-back wins over both.
 */

interface Pair {
  opc: number;
  l: number;
  imm7: number;
  rt2: number;
  rn: number;
  rt: number;
}

function pairTransfer(v: 0 | 1, opc: number, isLoad: boolean): Transfer | null {
  if (opc === 3) return null;
  if (v === 1) return vectorRegister(opc + 2, isLoad);
  if (opc === 1) return isLoad ? integerRegister(4, true, true) : null;
  return integerRegister(opc === 0 ? 4 : 8, isLoad);
}

/** A plain wasm load of a transfer's kind at a constant offset from the address on the stack. */
function loadAt(e: Emitter, t: Transfer, offset: number): void {
  const { w } = e;
  switch (t.kind) {
    case "xu32":
      return w.i64_load32_u(offset);
    case "xs32":
      return w.i64_load32_s(offset);
    case "x64":
      return w.i64_load(offset);
    case "v32":
      return w.v128_load32_zero(offset);
    case "v64":
      return w.v128_load64_zero(offset);
    default:
      return w.v128_load(offset);
  }
}

function storeAt(e: Emitter, t: Transfer, offset: number): void {
  const { w } = e;
  switch (t.kind) {
    case "xu32":
      return w.i64_store32(offset);
    case "x64":
      return w.i64_store(offset);
    case "v32":
      return w.v128_store32_lane(offset, 0);
    case "v64":
      return w.v128_store64_lane(offset, 0);
    default:
      return w.v128_store(offset);
  }
}

function emitPair(v: 0 | 1, mode: Indexing["mode"]) {
  return (e: Emitter, f: Pair): void => {
    const { w } = e;
    const t = pairTransfer(v, f.opc, f.l === 1)!;
    const at: Indexing = { rn: f.rn, offset: signed(f.imm7, 7) * t.bytes, mode };
    withAddress(e, at, (address) => {
      w.local_get(address);
      if (!t.isLoad) {
        e.hostWrite(
          t.bytes * 2,
          (host) => {
            w.local_get(host);
            getForStore(e, t, f.rt);
            storeAt(e, t, 0);
            w.local_get(host);
            getForStore(e, t, f.rt2);
            storeAt(e, t, t.bytes);
          },
          t.bytes,
        );
        writeBack(e, at, address);
        return;
      }
      const host = e.hostRead(t.bytes * 2, t.bytes);
      w.local_get(host);
      loadAt(e, t, 0);
      const first = e.popTemp(accessType(t.kind));
      w.local_get(host);
      loadAt(e, t, t.bytes);
      const second = e.popTemp(accessType(t.kind));
      w.local_get(first);
      setFromLoad(e, t, f.rt);
      w.local_get(second);
      setFromLoad(e, t, f.rt2);
      writeBack(e, at, address);
      e.free(host, first, second);
    });
  };
}

export const ROWS: readonly Row[] = (
  [
    ["no-allocate", "00", "offset"],
    ["post-indexed", "01", "post"],
    ["offset", "10", "offset"],
    ["pre-indexed", "11", "pre"],
  ] as const
).flatMap(([name, bits, mode]) =>
  ([0, 1] as const).map((v) =>
    inst(
      `load/store pair, ${name}${v === 1 ? " (SIMD&FP)" : ""}`,
      `opc:2 101 ${v} 0 ${bits} l:1 imm7:7 rt2:5 rn:5 rt:5`,
      emitPair(v, mode),
      {
        // LDNPSW does not exist.
        undefinedIf: (f) =>
          pairTransfer(v, f.opc, f.l === 1) === null || (bits === "00" && v === 0 && f.opc === 1),
        ...(v === 1 ? ({ feature: "fp" } as const) : {}),
      },
    ),
  ),
);
