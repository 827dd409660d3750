import { OFF_BOUNCE } from "../cpu/state-layout.js";
import { addPac, authenticate, genericPac, strip, type PacKey } from "../cpu/pauth/pointer.js";
import type { Word } from "../cpu/pauth/qarma.js";
import type { Emitter } from "./emitter.js";
import { helper } from "./helpers.js";
import { inst, type Row } from "./pattern.js";
import { pushControl, type SystemHelperContext } from "./system-context.js";

/**
 * Pointer authentication of registers (FEAT_PAuth, Arm ARM C4.1.95). While SCTLR_EL1.En* of a key is clear its
 * instructions leave the register alone.
 */

const KEYS = ["IA", "IB", "DA", "DB"] as const satisfies readonly PacKey[];
/** SCTLR_EL1: EnIA, EnIB, EnDA, EnDB. */
const ENABLE: Readonly<Record<PacKey, number>> = {
  IA: 1 << 31,
  IB: 1 << 30,
  DA: 1 << 27,
  DB: 1 << 13,
};

const PARAMETERS = ["i32", "i32", "i32", "i32", "i32"] as const;

/** A helper of (pointer low, high, modifier low, high, key) that leaves its result in the bounce buffer. */
function pointerHelper(
  name: string,
  compute: (c: SystemHelperContext, pointer: Word, modifier: Word, key: PacKey) => Word,
): string {
  return helper(name, PARAMETERS, null, (context, lo, hi, modifierLo, modifierHi, key) => {
    const c = context as SystemHelperContext;
    const modifier = { hi: modifierHi!, lo: modifierLo! };
    const out = compute(c, { hi: hi!, lo: lo! }, modifier, KEYS[key!]!);
    c.memory.i32[OFF_BOUNCE / 4] = out.lo;
    c.memory.i32[OFF_BOUNCE / 4 + 1] = out.hi;
    return undefined;
  });
}

const HELPERS = {
  add: pointerHelper("pacAdd", (c, p, m, key) => addPac(c.cpu, p, m, key)),
  auth: pointerHelper("pacAuth", (c, p, m, key) => authenticate(c.cpu, p, m, key)),
  strip: pointerHelper("pacStrip", (c, p, _, key) => strip(c.cpu, p, key.startsWith("I"))),
  generic: pointerHelper("pacGeneric", (c, p, m) => ({ hi: genericPac(c.cpu, p, m), lo: 0 })),
} as const;

/** Pop an i64, push its halves as i32, low first. */
function splitHalves(e: Emitter): void {
  const value = e.popTemp("i64");
  e.w.local_get(value);
  e.w.i32_wrap_i64();
  e.w.local_get(value);
  e.w.i64_const(32, 0);
  e.w.i64_shr_u();
  e.w.i32_wrap_i64();
  e.free(value);
}

/** A register as modifier: 31 is zero, "sp" the stack pointer. */
export type Modifier = number | "sp";

function pushModifier(e: Emitter, modifier: Modifier): void {
  if (modifier === "sp") e.getXsp(31);
  else e.getX(modifier);
}

/** Pop an i64 pointer, push the result of a helper. */
function callPointerHelper(
  e: Emitter,
  operation: keyof typeof HELPERS,
  modifier: Modifier,
  key: PacKey,
): void {
  splitHalves(e);
  pushModifier(e, modifier);
  splitHalves(e);
  e.w.i32_const(KEYS.indexOf(key));
  e.callHelper(HELPERS[operation]);
  e.w.i32_const(0);
  e.w.i64_load(OFF_BOUNCE);
}

export interface PointerAuth {
  readonly operation: "add" | "auth" | "strip";
  readonly key: PacKey;
  readonly rd: number;
  readonly modifier: Modifier;
}

/** Pop a pointer, push it authenticated if its key is enabled. */
export function emitAuthenticate(e: Emitter, key: PacKey, modifier: Modifier): void {
  emitIfEnabled(e, "auth", key, modifier);
}

function emitIfEnabled(
  e: Emitter,
  operation: "add" | "auth",
  key: PacKey,
  modifier: Modifier,
): void {
  const { w } = e;
  const pointer = e.popTemp("i64");
  pushControl(e, "SCTLR_EL1", ENABLE[key]);
  const enabled = w.if_("i64");
  w.local_get(pointer);
  callPointerHelper(e, operation, modifier, key);
  w.else_(enabled);
  w.local_get(pointer);
  w.end(enabled);
  e.free(pointer);
}

/** Sign, authenticate or strip a register. */
export function emitPointerAuth(e: Emitter, f: PointerAuth): void {
  e.getX(f.rd);
  if (f.operation === "strip") callPointerHelper(e, "strip", 31, f.key);
  else emitIfEnabled(e, f.operation, f.key, f.modifier);
  e.setX(f.rd);
}

function emitPacga(e: Emitter, f: { rm: number; rn: number; rd: number }): void {
  e.getX(f.rn);
  callPointerHelper(e, "generic", f.rm === 31 ? "sp" : f.rm, "IA");
  e.setX(f.rd);
}

const pauth = { feature: "pauth" } as const;

export const ROWS: readonly Row[] = [
  // Rn is the modifier, or SP; the forms ending in Z have a zero modifier.
  ...(["add", "auth"] as const).flatMap((operation) =>
    KEYS.flatMap((key, index) => {
      const name = `${operation === "add" ? "PAC" : "AUT"}${key}`;
      const bits =
        `${operation === "add" ? "0" : "1"}${index.toString(2).padStart(2, "0")}` as const;
      return [
        inst(
          name,
          `1 1 0 11010110 00001 000${bits} rn:5 rd:5` as "rn:5 rd:5",
          (e, f) => {
            emitPointerAuth(e, { operation, key, rd: f.rd, modifier: f.rn === 31 ? "sp" : f.rn });
          },
          pauth,
        ),
        inst(
          `${name.slice(0, 4)}Z${name.slice(4)}`,
          `1 1 0 11010110 00001 001${bits} 11111 rd:5` as "rd:5",
          (e, f) => {
            emitPointerAuth(e, { operation, key, rd: f.rd, modifier: 31 });
          },
          pauth,
        ),
      ];
    }),
  ),
  ...(["IA", "DA"] as const).map((key, isData) =>
    inst(
      isData === 0 ? "XPACI" : "XPACD",
      `1 1 0 11010110 00001 01000${isData} 11111 rd:5` as "rd:5",
      (e, f) => {
        emitPointerAuth(e, { operation: "strip", key, rd: f.rd, modifier: 31 });
      },
      pauth,
    ),
  ),
  inst("PACGA", "1 0 0 11010110 rm:5 001100 rn:5 rd:5", emitPacga, pauth),
];
