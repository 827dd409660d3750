import type { Emitter, Local } from "./emitter.js";
import { inst, type Row } from "./pattern.js";
import { setVq } from "./simd-lanes.js";
import { postIndex } from "./simd-load-store.js";

/** LD1-LD4 and ST1-ST4 of one element per register, and LD1R-LD4R to every lane. */

type Single = Readonly<Record<"q" | "r" | "opcode" | "s" | "size" | "rn" | "rt", number>>;

interface Structure {
  /** log2 of the element's bytes. */
  readonly scale: number;
  readonly index: number;
  /** Registers, and elements in memory. */
  readonly count: number;
}

/** opcode 2:1 says the element, opcode 0 and R the number of registers. Arm ARM: LD1 (single structure). */
function structureOf(f: Single): Structure | null {
  const count = (((f.opcode & 1) << 1) | f.r) + 1;
  const place = (f.q << 3) | (f.s << 2) | f.size;
  switch (f.opcode >> 1) {
    case 0:
      return { scale: 0, index: place, count };
    case 1:
      return (f.size & 1) === 0 ? { scale: 1, index: place >> 1, count } : null;
    case 2:
      if (f.size === 0) return { scale: 2, index: place >> 2, count };
      return f.size === 1 && f.s === 0 ? { scale: 3, index: f.q, count } : null;
    default: // replicate
      return f.s === 0 ? { scale: f.size, index: 0, count } : null;
  }
}

function isReplicate(f: Single): boolean {
  return f.opcode >> 1 === 3;
}

const LOAD_LANE = [
  "v128_load8_lane",
  "v128_load16_lane",
  "v128_load32_lane",
  "v128_load64_lane",
] as const;
const STORE_LANE = [
  "v128_store8_lane",
  "v128_store16_lane",
  "v128_store32_lane",
  "v128_store64_lane",
] as const;
const LOAD_SPLAT = [
  "v128_load8_splat",
  "v128_load16_splat",
  "v128_load32_splat",
  "v128_load64_splat",
] as const;

/** @returns bytes transferred */
function emitLoad(e: Emitter, f: Single): number {
  const structure = structureOf(f);
  if (structure === null) return 0;
  const { scale, index, count } = structure;
  e.getBase(f.rn);
  const host = e.hostRead(count << scale, 1 << scale);
  for (let i = 0; i < count; i++) {
    const register = (f.rt + i) & 31;
    e.w.local_get(host);
    if (isReplicate(f)) {
      e.w[LOAD_SPLAT[scale & 3]!](i << scale);
      setVq(e, register, f.q);
    } else {
      e.getV(register);
      e.w[LOAD_LANE[scale & 3]!](i << scale, index);
      e.setV(register);
    }
  }
  e.free(host);
  return count << scale;
}

/** @returns bytes transferred */
function emitStore(e: Emitter, f: Single): number {
  const structure = structureOf(f);
  if (structure === null) return 0;
  const { scale, index, count } = structure;
  e.getBase(f.rn);
  const stores = (host: Local): void => {
    for (let i = 0; i < count; i++) {
      e.w.local_get(host);
      e.getV((f.rt + i) & 31);
      e.w[STORE_LANE[scale & 3]!](i << scale, index);
    }
  };
  e.hostWrite(count << scale, stores, 1 << scale);
  return count << scale;
}

function loadUndefined(f: Single): boolean {
  return structureOf(f) === null;
}

function storeUndefined(f: Single): boolean {
  return structureOf(f) === null || isReplicate(f);
}

export const ROWS: readonly Row[] = [
  inst(
    "LD1-LD4 (single structure), LD1R-LD4R",
    "0 q:1 0011010 1 r:1 00000 opcode:3 s:1 size:2 rn:5 rt:5",
    (e, f) => void emitLoad(e, f),
    { feature: "simd", undefinedIf: loadUndefined },
  ),
  inst(
    "LD1-LD4 (single structure), LD1R-LD4R, post-index",
    "0 q:1 0011011 1 r:1 rm:5 opcode:3 s:1 size:2 rn:5 rt:5",
    (e, f) => postIndex(e, f, emitLoad(e, f)),
    { feature: "simd", undefinedIf: loadUndefined },
  ),
  inst(
    "ST1-ST4 (single structure)",
    "0 q:1 0011010 0 r:1 00000 opcode:3 s:1 size:2 rn:5 rt:5",
    (e, f) => void emitStore(e, f),
    { feature: "simd", undefinedIf: storeUndefined },
  ),
  inst(
    "ST1-ST4 (single structure), post-index",
    "0 q:1 0011011 0 r:1 rm:5 opcode:3 s:1 size:2 rn:5 rt:5",
    (e, f) => postIndex(e, f, emitStore(e, f)),
    { feature: "simd", undefinedIf: storeUndefined },
  ),
];
