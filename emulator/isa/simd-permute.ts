import type { Emitter } from "./emitter.js";
import { inst, type Row, type RowOptions } from "./pattern.js";
import { noSingleDoubleword } from "./simd-groups.js";
import { joinLowHalves, pushSplat, setVq, shuffleLanes } from "./simd-lanes.js";

/** EXT, ZIP, UZP, TRN, TBL and TBX. */

type Permute = Readonly<Record<"q" | "size" | "rm" | "rn" | "rd", number>>;

/** Lane numbers: Vn's from 0, Vm's from `m`. `pairs` lanes per register half. */
type Pick = (lane: number, pairs: number, m: number) => number;

function permute(pick: Pick) {
  return (e: Emitter, f: Permute): void => {
    const pairs = (f.q === 0 ? 8 : 16) >> (f.size + 1);
    e.getV(f.rn);
    e.getV(f.rm);
    e.w.i8x16_shuffle(
      shuffleLanes(f.size, (lane) => (lane < 2 * pairs ? pick(lane, pairs, 16 >> f.size) : 0)),
    );
    setVq(e, f.rd, f.q);
  };
}

const unzip =
  (odd: number): Pick =>
  (lane, pairs, m) =>
    lane < pairs ? 2 * lane + odd : m + 2 * (lane - pairs) + odd;

const zip =
  (half: number): Pick =>
  (lane, pairs, m) =>
    (lane & 1) * m + half * pairs + (lane >> 1);

const transpose =
  (odd: number): Pick =>
  (lane, _, m) =>
    (lane & 1) * m + (lane & ~1) + odd;

function emitExt(e: Emitter, f: Readonly<Record<"q" | "rm" | "imm4" | "rn" | "rd", number>>): void {
  e.getV(f.rn);
  e.getV(f.rm);
  if (f.q === 1) {
    e.w.i8x16_shuffle(shuffleLanes(0, (i) => i + f.imm4));
    e.setV(f.rd);
    return;
  }
  joinLowHalves(e);
  const joined = e.popTemp("v128");
  e.w.local_get(joined);
  e.w.local_get(joined);
  e.w.i8x16_shuffle(shuffleLanes(0, (i) => (i < 8 ? i + f.imm4 : 0)));
  setVq(e, f.rd, 0);
  e.free(joined);
}

type Table = Readonly<Record<"q" | "rm" | "len" | "rn" | "rd", number>>;

/** Push the bytes Vm selects from `len + 1` registers from Vn on; zero where it points beyond. */
function pushLookup(e: Emitter, f: Table): void {
  for (let i = 0; i <= f.len; i++) {
    e.getV((f.rn + i) & 31);
    e.getV(f.rm);
    if (i > 0) {
      pushSplat(e, 0, BigInt(16 * i)); // smaller indices wrap to large ones
      e.w.i8x16_sub();
    }
    e.w.i8x16_swizzle();
    if (i > 0) e.w.v128_or();
  }
}

function emitTbl(e: Emitter, f: Table): void {
  pushLookup(e, f);
  setVq(e, f.rd, f.q);
}

/** TBX leaves bytes alone where the index points beyond the table. */
function emitTbx(e: Emitter, f: Table): void {
  pushLookup(e, f);
  e.getV(f.rd);
  e.getV(f.rm);
  pushSplat(e, 0, BigInt(16 * (f.len + 1)));
  e.w.i8x16_lt_u();
  e.w.v128_bitselect();
  setVq(e, f.rd, f.q);
}

const LANES: RowOptions<Permute> = { feature: "simd", undefinedIf: noSingleDoubleword };
const SIMD = { feature: "simd" } as const;

export const ROWS: readonly Row[] = [
  inst("UZP1", "0 q:1 001110 size:2 0 rm:5 0 001 10 rn:5 rd:5", permute(unzip(0)), LANES),
  inst("TRN1", "0 q:1 001110 size:2 0 rm:5 0 010 10 rn:5 rd:5", permute(transpose(0)), LANES),
  inst("ZIP1", "0 q:1 001110 size:2 0 rm:5 0 011 10 rn:5 rd:5", permute(zip(0)), LANES),
  inst("UZP2", "0 q:1 001110 size:2 0 rm:5 0 101 10 rn:5 rd:5", permute(unzip(1)), LANES),
  inst("TRN2", "0 q:1 001110 size:2 0 rm:5 0 110 10 rn:5 rd:5", permute(transpose(1)), LANES),
  inst("ZIP2", "0 q:1 001110 size:2 0 rm:5 0 111 10 rn:5 rd:5", permute(zip(1)), LANES),
  inst("EXT", "0 q:1 101110 00 0 rm:5 0 imm4:4 0 rn:5 rd:5", emitExt, {
    feature: "simd",
    undefinedIf: (f) => f.q === 0 && f.imm4 > 7,
  }),
  inst("TBL", "0 q:1 001110 00 0 rm:5 0 len:2 0 00 rn:5 rd:5", emitTbl, SIMD),
  inst("TBX", "0 q:1 001110 00 0 rm:5 0 len:2 1 00 rn:5 rd:5", emitTbx, SIMD),
];
