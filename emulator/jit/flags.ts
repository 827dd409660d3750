import type { Body, Local } from "../wasm/builder.js";

/**
 * Condition flags as operands: an instruction that sets flags leaves a kind and two values, and NZCV
 * is computed when something needs it. Values of 32-bit kinds are zero-extended.
 */
export const FLAGS_NZCV = 0;
export const FLAGS_ADD32 = 1;
export const FLAGS_ADD64 = 2;
export const FLAGS_SUB32 = 3;
export const FLAGS_SUB64 = 4;
export const FLAGS_LOGIC32 = 5;
export const FLAGS_LOGIC64 = 6;
export const FLAG_KINDS = 7;
export type FlagKind = 0 | 1 | 2 | 3 | 4 | 5 | 6;

/** The three locals that hold the flags. */
export interface FlagLocals {
  readonly kind: Local;
  readonly a: Local;
  readonly b: Local;
}

/** True for kinds with 64-bit values. */
function is64(kind: FlagKind): boolean {
  return kind === FLAGS_ADD64 || kind === FLAGS_SUB64 || kind === FLAGS_LOGIC64;
}

function push(w: Body, kind: FlagKind, local: Local): void {
  w.local_get(local);
  if (!is64(kind)) w.i32_wrap_i64();
}

/** Push NZCV in bits 31:28 of an i32 for operands of a known kind. */
export function emitPacked(w: Body, kind: FlagKind, f: FlagLocals): void {
  if (kind === FLAGS_NZCV) {
    w.local_get(f.a);
    w.i32_wrap_i64();
    return;
  }
  const wide = is64(kind);
  const type = wide ? "i64" : "i32";
  const top = (): void => {
    if (wide) {
      w.i64_const(63, 0);
      w.i64_shr_u();
      w.i32_wrap_i64();
    } else {
      w.i32_const(31);
      w.i32_shr_u();
    }
  };
  const place = (bit: number): void => {
    w.i32_const(bit);
    w.i32_shl();
  };
  const a = w.temp(type);
  const r = w.temp(type);
  push(w, kind, f.a);
  w.local_set(a);
  if (kind === FLAGS_LOGIC32 || kind === FLAGS_LOGIC64) {
    w.local_get(a);
    top();
    place(31);
    w.local_get(a);
    if (wide) w.i64_eqz();
    else w.i32_eqz();
    place(30);
    w.i32_or();
    w.free(a, r);
    return;
  }
  const isAdd = kind === FLAGS_ADD32 || kind === FLAGS_ADD64;
  const b = w.temp(type);
  push(w, kind, f.b);
  w.local_set(b);
  w.local_get(a);
  w.local_get(b);
  w[`${type}_${isAdd ? "add" : "sub"}` as const]();
  w.local_tee(r);
  top();
  place(31);
  w.local_get(r);
  w[`${type}_eqz` as const]();
  place(30);
  w.i32_or();
  if (isAdd) {
    w.local_get(r);
    w.local_get(a);
    w[`${type}_lt_u` as const]();
  } else {
    w.local_get(a);
    w.local_get(b);
    w[`${type}_ge_u` as const]();
  }
  place(29);
  w.i32_or();
  // Overflow: operands agree in sign (add) or differ (sub), and the result differs from a.
  w.local_get(a);
  w.local_get(r);
  w[`${type}_xor` as const]();
  w.local_get(isAdd ? b : a);
  w.local_get(isAdd ? r : b);
  w[`${type}_xor` as const]();
  w[`${type}_and` as const]();
  top();
  place(28);
  w.i32_or();
  w.free(a, b, r);
}

/** Push NZCV for operands whose kind is only known at run time. */
export function emitPackedAnyKind(w: Body, f: FlagLocals): void {
  const out = w.temp("i32");
  const done = w.block();
  for (let kind = 0; kind < FLAG_KINDS; kind++) {
    w.local_get(f.kind);
    w.i32_const(kind);
    w.i32_eq();
    const arm = w.if_();
    emitPacked(w, kind as FlagKind, f);
    w.local_set(out);
    w.br(done);
    w.end(arm);
  }
  w.end(done);
  w.local_get(out);
  w.free(out);
}

/** Pop packed flags, push whether the A64 condition holds (0 or 1). */
export function emitPackedCondition(w: Body, code: number): void {
  const f = w.temp("i32");
  w.local_set(f);
  const bitAt = (n: number): void => {
    w.local_get(f);
    w.i32_const(n);
    w.i32_shr_u();
    w.i32_const(1);
    w.i32_and();
  };
  const signsDiffer = (): void => {
    w.local_get(f);
    w.local_get(f);
    w.i32_const(3);
    w.i32_shl();
    w.i32_xor();
    w.i32_const(31);
    w.i32_shr_u();
  };
  switch (code >> 1) {
    case 0:
      bitAt(30);
      break;
    case 1:
      bitAt(29);
      break;
    case 2:
      bitAt(31);
      break;
    case 3:
      bitAt(28);
      break;
    case 4:
      w.local_get(f);
      w.i32_const(29);
      w.i32_shr_u();
      w.i32_const(3);
      w.i32_and();
      w.i32_const(1);
      w.i32_eq();
      break;
    case 5:
      signsDiffer();
      w.i32_eqz();
      break;
    case 6:
      signsDiffer();
      bitAt(30);
      w.i32_or();
      w.i32_eqz();
      break;
    default:
      w.i32_const(1);
  }
  if ((code & 1) !== 0 && code !== 15) w.i32_eqz();
  w.free(f);
}

/** Comparisons that answer a condition after a - b directly, by condition code. */
const SUB_COMPARE = [
  "eq",
  "ne",
  "ge_u",
  "lt_u",
  null,
  null,
  null,
  null,
  "gt_u",
  "le_u",
  "ge_s",
  "lt_s",
  "gt_s",
  "le_s",
] as const;

/** Push whether a condition holds for flags of a known kind, without computing NZCV where possible. */
export function emitCondition(w: Body, code: number, kind: FlagKind, f: FlagLocals): void {
  if (code >= 14) {
    w.i32_const(1);
    return;
  }
  const type = is64(kind) ? "i64" : "i32";
  const invert = (code & 1) !== 0;
  if (kind === FLAGS_SUB32 || kind === FLAGS_SUB64) {
    const compare = SUB_COMPARE[code];
    if (compare !== null && compare !== undefined) {
      push(w, kind, f.a);
      push(w, kind, f.b);
      w[`${type}_${compare}` as const]();
      return;
    }
  }
  const family = code >> 1;
  const isLogic = kind === FLAGS_LOGIC32 || kind === FLAGS_LOGIC64;
  if (kind !== FLAGS_NZCV && (family === 0 || family === 2 || (isLogic && family >= 5))) {
    // Z and N need the result only; after a logical operation so do the signed comparisons.
    push(w, kind, f.a);
    if (!isLogic) {
      push(w, kind, f.b);
      const isAdd = kind === FLAGS_ADD32 || kind === FLAGS_ADD64;
      w[`${type}_${isAdd ? "add" : "sub"}` as const]();
    }
    if (family === 0) {
      w[`${type}_eqz` as const]();
    } else {
      if (type === "i64") w.i64_const(0, 0);
      else w.i32_const(0);
      w[`${type}_${family === 2 ? "lt_s" : family === 5 ? "ge_s" : "gt_s"}` as const]();
    }
    if (invert) w.i32_eqz();
    return;
  }
  emitPacked(w, kind, f);
  emitPackedCondition(w, code);
}
