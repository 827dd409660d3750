import { BodyCore } from "./body-core.js";
import {
  MEMORY,
  PLAIN,
  SATURATING,
  SIMD,
  SIMD_LANE,
  SIMD_MEMORY,
  SIMD_MEMORY_LANE,
} from "./opcodes.js";

export type { Label, Local } from "./body-core.js";
export type { ValType } from "./opcodes.js";

type Plain = Readonly<
  Record<keyof typeof PLAIN | keyof typeof SATURATING | keyof typeof SIMD, () => void>
>;
type WithOffset = Readonly<
  Record<keyof typeof MEMORY | keyof typeof SIMD_MEMORY, (offset?: number) => void>
>;
type WithLane = Readonly<Record<keyof typeof SIMD_LANE, (lane: number) => void>>;
type WithOffsetAndLane = Readonly<
  Record<keyof typeof SIMD_MEMORY_LANE, (offset: number, lane: number) => void>
>;

/**
 * A function body under construction: one method per instruction. Instructions without immediates, loads, stores and
 * lane instructions come from the opcode tables; memory instructions take a byte offset and declare no alignment. The others,
 * locals and labels: see `BodyCore`.
 */
export type Body = BodyCore & Plain & WithOffset & WithLane & WithOffsetAndLane;

// An object that has lost a property is a hash table to V8, until it is used. Otherwise every method that is added makes
// a new layout with room for all: ten milliseconds for these.
Object.defineProperty(BodyCore.prototype, "lost", { value: null, configurable: true });
Reflect.deleteProperty(BodyCore.prototype, "lost");

function define(name: string, method: (this: BodyCore, a: number, b: number) => void): void {
  Object.defineProperty(BodyCore.prototype, name, { value: method });
}

for (const [name, opcode] of Object.entries(PLAIN)) {
  define(name, function () {
    this.byte(opcode);
  });
}
for (const [name, opcode] of Object.entries(SATURATING)) {
  define(name, function () {
    this.pair(0xfc, opcode);
  });
}
for (const [name, opcode] of Object.entries(SIMD)) {
  define(name, function () {
    this.simd(opcode);
  });
}
for (const [name, opcode] of Object.entries(MEMORY)) {
  define(name, function (offset = 0) {
    this.pair(opcode, 0);
    this.u32(offset);
  });
}
for (const [name, opcode] of Object.entries(SIMD_MEMORY)) {
  define(name, function (offset = 0) {
    this.simd(opcode);
    this.byte(0);
    this.u32(offset);
  });
}
for (const [name, opcode] of Object.entries(SIMD_LANE)) {
  define(name, function (lane) {
    this.simd(opcode);
    this.byte(lane);
  });
}
for (const [name, opcode] of Object.entries(SIMD_MEMORY_LANE)) {
  define(name, function (offset, lane) {
    this.simd(opcode);
    this.byte(0);
    this.u32(offset);
    this.byte(lane);
  });
}

/** A fresh function body; call `begin` before each function. */
export function newBody(): Body {
  return new BodyCore() as Body;
}
