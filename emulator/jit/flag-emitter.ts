import type { Local } from "../wasm/builder.js";
import {
  emitCondition,
  emitPacked,
  emitPackedAnyKind,
  emitPackedCondition,
  FLAGS_ADD32,
  FLAGS_ADD64,
  FLAGS_LOGIC32,
  FLAGS_LOGIC64,
  FLAGS_NZCV,
  FLAGS_SUB32,
  FLAGS_SUB64,
  type FlagKind,
} from "./flags.js";
import { ValueEmitter } from "./value-emitter.js";

/** Condition flags, kept as the operands of what set them (jit/flags.ts). */
export class FlagEmitter extends ValueEmitter {
  /** What the flag locals hold here; null when only run time knows. */
  flagKind: FlagKind | null = null;

  #setFlags(kind: FlagKind): void {
    const f = this.frame.flagsForWrite();
    this.w.i32_const(kind);
    this.w.local_set(f.kind);
    this.flagKind = kind;
  }

  #operand(sf: number, from: Local, to: Local): void {
    this.w.local_get(from);
    if (sf === 0) this.w.i64_extend_i32_u();
    this.w.local_set(to);
  }

  flagsAdd(sf: number, a: Local, b: Local): void {
    const f = this.frame.flagsForWrite();
    this.#operand(sf, a, f.a);
    this.#operand(sf, b, f.b);
    this.#setFlags(sf === 0 ? FLAGS_ADD32 : FLAGS_ADD64);
  }

  flagsSub(sf: number, a: Local, b: Local): void {
    const f = this.frame.flagsForWrite();
    this.#operand(sf, a, f.a);
    this.#operand(sf, b, f.b);
    this.#setFlags(sf === 0 ? FLAGS_SUB32 : FLAGS_SUB64);
  }

  flagsAdc(sf: number, a: Local, b: Local, carry: Local): void {
    const w = this.w;
    const type = sf === 0 ? "i32" : "i64";
    const sum = w.temp(type);
    const result = w.temp(type);
    const top = (bit: number): void => {
      this.constR(type === "i32" ? 31 : 63, sf);
      w[`${type}_shr_u` as const]();
      if (sf !== 0) w.i32_wrap_i64();
      w.i32_const(bit);
      w.i32_shl();
    };
    w.local_get(a);
    w.local_get(b);
    this.add(sf);
    w.local_tee(sum);
    w.local_get(carry);
    if (sf !== 0) w.i64_extend_i32_u();
    this.add(sf);
    w.local_tee(result);
    top(31);
    w.local_get(result);
    w[`${type}_eqz` as const]();
    w.i32_const(30);
    w.i32_shl();
    w.i32_or();
    w.local_get(sum);
    w.local_get(a);
    w[`${type}_lt_u` as const]();
    w.local_get(result);
    w.local_get(sum);
    w[`${type}_lt_u` as const]();
    w.i32_or();
    w.i32_const(29);
    w.i32_shl();
    w.i32_or();
    w.local_get(a);
    w.local_get(result);
    this.xor(sf);
    w.local_get(b);
    w.local_get(result);
    this.xor(sf);
    this.and(sf);
    top(28);
    w.i32_or();
    w.free(sum, result);
    this.setNZCV();
  }

  flagsLogic(sf: number, result: Local): void {
    this.#operand(sf, result, this.frame.flagsForWrite().a);
    this.#setFlags(sf === 0 ? FLAGS_LOGIC32 : FLAGS_LOGIC64);
  }

  flagsConditional(sf: number, a: Local, b: Local, nzcv: number, isAdd: boolean): void {
    const w = this.w;
    const wide = sf !== 0;
    const kind = isAdd ? (wide ? FLAGS_ADD64 : FLAGS_ADD32) : wide ? FLAGS_SUB64 : FLAGS_SUB32;
    const wideA = w.temp("i64");
    const wideB = w.temp("i64");
    const holds = w.if_("i32");
    this.#operand(sf, a, wideA);
    this.#operand(sf, b, wideB);
    emitPacked(w, kind, { kind: wideA, a: wideA, b: wideB });
    w.else_(holds);
    w.i32_const(nzcv << 28);
    w.end(holds);
    w.free(wideA, wideB);
    this.setNZCV();
  }

  /** Push the packed flags of a floating-point comparison. */
  #packedFcmp(a: Local, b: Local): void {
    const w = this.w;
    // Less: N. Equal: Z and C. Greater: C. Unordered: C and V.
    w.i32_const(0x8 << 28);
    w.i32_const(0x6 << 28);
    w.i32_const(0x2 << 28);
    w.i32_const(0x3 << 28);
    w.local_get(a);
    w.local_get(b);
    w.f64_gt();
    w.select();
    w.local_get(a);
    w.local_get(b);
    w.f64_eq();
    w.select();
    w.local_get(a);
    w.local_get(b);
    w.f64_lt();
    w.select();
  }

  flagsFcmp(a: Local, b: Local): void {
    this.#packedFcmp(a, b);
    this.setNZCV();
  }

  flagsConditionalFcmp(a: Local, b: Local, nzcv: number): void {
    const holds = this.w.if_("i32");
    this.#packedFcmp(a, b);
    this.w.else_(holds);
    this.w.i32_const(nzcv << 28);
    this.w.end(holds);
    this.setNZCV();
  }

  setNZCV(): void {
    const f = this.frame.flagsForWrite();
    this.w.i32_const(0xf0000000 | 0);
    this.w.i32_and();
    this.w.i64_extend_i32_u();
    this.w.local_set(f.a);
    this.#setFlags(FLAGS_NZCV);
  }

  getNZCV(): void {
    const f = this.frame.flags();
    if (this.flagKind === null) emitPackedAnyKind(this.w, f);
    else emitPacked(this.w, this.flagKind, f);
  }

  cond(code: number): void {
    const f = this.frame.flags();
    if (this.flagKind === null) {
      if (code >= 14) this.w.i32_const(1);
      else {
        emitPackedAnyKind(this.w, f);
        emitPackedCondition(this.w, code);
      }
    } else emitCondition(this.w, code, this.flagKind, f);
  }
}
