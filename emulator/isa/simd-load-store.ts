import type { Emitter, Local } from "./emitter.js";
import { inst, type Row, type RowOptions } from "./pattern.js";
import { setVq } from "./simd-lanes.js";

/** LD1-LD4 and ST1-ST4 of whole registers: consecutive, or element by element in turn. */

type Multiple = Readonly<Record<"q" | "size" | "rn" | "rt", number>>;
/** `rm` 31 adds the bytes transferred. */
type PostIndexed = Multiple & { readonly rm: number };

/** Write the base back after the transfer: plus its bytes, or plus Xm. */
export function postIndex(
  e: Emitter,
  f: { readonly rn: number; readonly rm: number },
  bytes: number,
): void {
  e.getXsp(f.rn);
  if (f.rm === 31) e.w.i64_const(bytes, 0);
  else e.getX(f.rm);
  e.w.i64_add();
  e.setXsp(f.rn);
}

function registerBytes(f: Multiple): number {
  return f.q === 0 ? 8 : 16;
}

/** LD1: the registers one after the other. */
function loadConsecutive(e: Emitter, f: Multiple, count: number): void {
  const step = registerBytes(f);
  e.getBase(f.rn);
  const host = e.hostRead(step * count, 1 << f.size);
  for (let i = 0; i < count; i++) {
    e.w.local_get(host);
    if (f.q === 0) e.w.v128_load64_zero(step * i);
    else e.w.v128_load(step * i);
    e.setV((f.rt + i) & 31);
  }
  e.free(host);
}

/** ST1. */
function storeConsecutive(e: Emitter, f: Multiple, count: number): void {
  const step = registerBytes(f);
  e.getBase(f.rn);
  const stores = (host: Local): void => {
    for (let i = 0; i < count; i++) {
      e.w.local_get(host);
      e.getV((f.rt + i) & 31);
      if (f.q === 0) e.w.v128_store64_lane(step * i, 0);
      else e.w.v128_store(step * i);
    }
  };
  e.hostWrite(step * count, stores, 1 << f.size);
}

/** Push a v128 put together from bytes of locals: `pick(i)` names byte i as 16 * local + byte, or -1 for any. */
function gather(e: Emitter, from: readonly Local[], pick: (byte: number) => number): void {
  const wanted = Array.from({ length: 16 }, (_, i) => pick(i));
  const sources = [...new Set(wanted.filter((b) => b >= 0).map((b) => b >> 4))];
  sources.forEach((source, k) => {
    const local = from[source];
    if (local === undefined) return;
    e.w.local_get(local);
    if (k === 0 && sources.length > 1) return;
    if (k === 0) e.w.local_get(local);
    const before = k <= 1 ? sources[0] : -1; // later, the bytes so far are in place
    e.w.i8x16_shuffle(
      wanted.map((b, i) => {
        if (b >> 4 === source && b >= 0) return k === 0 ? b & 15 : 16 + (b & 15);
        return b >= 0 && b >> 4 === before ? b & 15 : i;
      }),
    );
  });
}

/** Byte of memory that is byte `i` of register `r` when `count` registers take elements in turn. */
function interleavedByte(size: number, count: number, r: number, i: number): number {
  const element = (i >> size) * count + r;
  return (element << size) | (i & ((1 << size) - 1));
}

/** LD2, LD3, LD4. */
function loadInterleaved(e: Emitter, f: Multiple, count: number): void {
  const bytes = registerBytes(f) * count;
  e.getBase(f.rn);
  const host = e.hostRead(bytes, 1 << f.size);
  const chunks: Local[] = [];
  for (let at = 0; at < bytes; at += 16) {
    e.w.local_get(host);
    if (bytes - at < 16) e.w.v128_load64_zero(at);
    else e.w.v128_load(at);
    chunks.push(e.popTemp("v128"));
  }
  e.free(host);
  for (let r = 0; r < count; r++) {
    gather(e, chunks, (i) => (i < bytes / count ? interleavedByte(f.size, count, r, i) : -1));
    setVq(e, (f.rt + r) & 31, f.q);
  }
  e.free(...chunks);
}

/** ST2, ST3, ST4. */
function storeInterleaved(e: Emitter, f: Multiple, count: number): void {
  const bytes = registerBytes(f) * count;
  const registers: Local[] = [];
  for (let r = 0; r < count; r++) {
    e.getV((f.rt + r) & 31);
    registers.push(e.popTemp("v128"));
  }
  const chunks: Local[] = [];
  for (let at = 0; at < bytes; at += 16) {
    gather(e, registers, (i) => {
      if (at + i >= bytes) return -1;
      const element = (at + i) >> f.size;
      const byte = (Math.floor(element / count) << f.size) | ((at + i) & ((1 << f.size) - 1));
      return 16 * (element % count) + byte;
    });
    chunks.push(e.popTemp("v128"));
  }
  e.getBase(f.rn);
  const stores = (host: Local): void => {
    chunks.forEach((chunk, k) => {
      e.w.local_get(host);
      e.w.local_get(chunk);
      if (bytes - 16 * k < 16) e.w.v128_store64_lane(16 * k, 0);
      else e.w.v128_store(16 * k);
    });
  };
  e.hostWrite(bytes, stores, 1 << f.size);
  e.free(...registers, ...chunks);
}

type Transfer = (e: Emitter, f: Multiple, count: number) => void;

/** Name, opcode, registers, load, store; the doubleword forms of LD2..LD4 need 128 bits. */
const FORMS: readonly (readonly [string, string, number, Transfer, Transfer])[] = [
  ["1 (one register)", "0111", 1, loadConsecutive, storeConsecutive],
  ["1 (two registers)", "1010", 2, loadConsecutive, storeConsecutive],
  ["1 (three registers)", "0110", 3, loadConsecutive, storeConsecutive],
  ["1 (four registers)", "0010", 4, loadConsecutive, storeConsecutive],
  ["2 (multiple structures)", "1000", 2, loadInterleaved, storeInterleaved],
  ["3 (multiple structures)", "0100", 3, loadInterleaved, storeInterleaved],
  ["4 (multiple structures)", "0000", 4, loadInterleaved, storeInterleaved],
];

function rows(
  name: string,
  isLoad: 0 | 1,
  opcode: string,
  count: number,
  transfer: Transfer,
): Row[] {
  const isInterleaved = transfer === loadInterleaved || transfer === storeInterleaved;
  const options: RowOptions<Multiple> = {
    feature: "simd",
    undefinedIf: (f) => isInterleaved && f.size === 3 && f.q === 0,
  };
  const plain = `0 q:1 0011000 ${isLoad} 000000 ${opcode} size:2 rn:5 rt:5`;
  const post = `0 q:1 0011001 ${isLoad} 0 rm:5 ${opcode} size:2 rn:5 rt:5`;
  return [
    inst(name, plain as "q:1 size:2 rn:5 rt:5", (e, f) => transfer(e, f, count), options),
    inst(
      `${name}, post-index`,
      post as "q:1 rm:5 size:2 rn:5 rt:5",
      (e, f: PostIndexed) => {
        transfer(e, f, count);
        postIndex(e, f, registerBytes(f) * count);
      },
      options,
    ),
  ];
}

export const ROWS: readonly Row[] = FORMS.flatMap(([suffix, opcode, count, load, store]) => [
  ...rows(`LD${suffix}`, 1, opcode, count, load),
  ...rows(`ST${suffix}`, 0, opcode, count, store),
]);
