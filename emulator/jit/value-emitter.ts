import type { Mode } from "../isa/emitter.js";
import type { Body, Local, ValType } from "../wasm/builder.js";
import { RegisterFrame } from "./frame.js";

/** Registers as values on the operand stack: the part of the emitter that cannot leave the region. */
export class ValueEmitter {
  readonly w: Body;
  readonly mode: Mode;
  readonly frame: RegisterFrame;
  /** Virtual address of the current instruction, and its word. */
  pc = 0;
  word = 0;

  constructor(w: Body, mode: Mode) {
    this.w = w;
    this.mode = mode;
    this.frame = new RegisterFrame(w, mode);
  }

  temp(type: ValType): Local {
    return this.w.temp(type);
  }

  free(...locals: Local[]): void {
    this.w.free(...locals);
  }

  popTemp(type: ValType): Local {
    const local = this.w.temp(type);
    this.w.local_set(local);
    return local;
  }

  // Integer registers

  getX(r: number): void {
    if (r === 31) this.w.i64_const(0, 0);
    else this.w.local_get(this.frame.x(r));
  }

  setX(r: number): void {
    if (r === 31) this.w.drop();
    else this.w.local_set(this.frame.xForWrite(r));
  }

  getW(r: number): void {
    if (r === 31) this.w.i32_const(0);
    else {
      this.w.local_get(this.frame.x(r));
      this.w.i32_wrap_i64();
    }
  }

  setW(r: number): void {
    this.w.i64_extend_i32_u();
    this.setX(r);
  }

  getR(r: number, sf: number): void {
    if (sf === 0) this.getW(r);
    else this.getX(r);
  }

  setR(r: number, sf: number): void {
    if (sf === 0) this.setW(r);
    else this.setX(r);
  }

  getXsp(r: number): void {
    this.w.local_get(this.frame.x(r));
  }

  setXsp(r: number): void {
    this.w.local_set(this.frame.xForWrite(r));
  }

  getRsp(r: number, sf: number): void {
    this.getXsp(r);
    if (sf === 0) this.w.i32_wrap_i64();
  }

  setRsp(r: number, sf: number): void {
    if (sf === 0) this.w.i64_extend_i32_u();
    this.setXsp(r);
  }

  pcRelative(offset: number): void {
    this.w.i64_const_number(this.pc + offset);
  }

  // Size-generic arithmetic

  constR(value: number, sf: number): void {
    if (sf === 0) this.w.i32_const(value);
    else this.w.i64_const_number(value);
  }

  add(sf: number): void {
    if (sf === 0) this.w.i32_add();
    else this.w.i64_add();
  }

  sub(sf: number): void {
    if (sf === 0) this.w.i32_sub();
    else this.w.i64_sub();
  }

  and(sf: number): void {
    if (sf === 0) this.w.i32_and();
    else this.w.i64_and();
  }

  or(sf: number): void {
    if (sf === 0) this.w.i32_or();
    else this.w.i64_or();
  }

  xor(sf: number): void {
    if (sf === 0) this.w.i32_xor();
    else this.w.i64_xor();
  }

  // Vector registers

  getV(n: number): void {
    this.w.local_get(this.frame.v(n));
  }

  setV(n: number): void {
    this.w.local_set(this.frame.vForWrite(n));
  }

  getD(n: number): void {
    this.getV(n);
    this.w.f64x2_extract_lane(0);
  }

  getS(n: number): void {
    this.getV(n);
    this.w.f32x4_extract_lane(0);
  }

  getDbits(n: number): void {
    this.getV(n);
    this.w.i64x2_extract_lane(0);
  }

  getSbits(n: number): void {
    this.getV(n);
    this.w.i32x4_extract_lane(0);
  }

  getHbits(n: number): void {
    this.getV(n);
    this.w.i16x8_extract_lane_u(0);
  }

  getBbits(n: number): void {
    this.getV(n);
    this.w.i8x16_extract_lane_u(0);
  }

  /** Pop a lane value into lane 0 of an otherwise zero register. */
  #setLane(n: number, type: ValType, replace: () => void): void {
    const value = this.popTemp(type);
    this.w.v128_const(ZERO_VECTOR);
    this.w.local_get(value);
    replace();
    this.setV(n);
    this.w.free(value);
  }

  setD(n: number): void {
    this.#setLane(n, "f64", () => {
      this.w.f64x2_replace_lane(0);
    });
  }

  setS(n: number): void {
    this.#setLane(n, "f32", () => {
      this.w.f32x4_replace_lane(0);
    });
  }

  setDbits(n: number): void {
    this.#setLane(n, "i64", () => {
      this.w.i64x2_replace_lane(0);
    });
  }

  setSbits(n: number): void {
    this.#setLane(n, "i32", () => {
      this.w.i32x4_replace_lane(0);
    });
  }

  setHbits(n: number): void {
    this.#setLane(n, "i32", () => {
      this.w.i16x8_replace_lane(0);
    });
  }

  setBbits(n: number): void {
    this.#setLane(n, "i32", () => {
      this.w.i8x16_replace_lane(0);
    });
  }

  setVlow(n: number): void {
    this.w.v128_const(LOW_HALF); // cheaper than the lane out and in again
    this.w.v128_and();
    this.setV(n);
  }
}

const ZERO_VECTOR = new Uint8Array(16);
const LOW_HALF = Uint8Array.from({ length: 16 }, (_, i) => (i < 8 ? 0xff : 0));
