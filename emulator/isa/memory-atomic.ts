import type { AccessKind, Emitter, Local } from "./emitter.js";
import { orderedAddress } from "./memory-ordered.js";
import { inst, type Row } from "./pattern.js";

/**
 * Atomic memory operations (FEAT_LSE, Arm ARM C4.1.94). A fault is a read fault where the location
 * cannot be read, a write fault where it can be read only. Compare and swap writes what was there when
 * the comparison fails, so that it needs the right to write either way. Registers change last.
 */
const UNSIGNED = ["xu8", "xu16", "xu32", "x64"] as const satisfies readonly AccessKind[];

interface Atomic {
  size: number;
  rs: number;
  rn: number;
  rt: number;
}

/** Pop an i64 cut to the access size, zero-extended. */
function zeroExtend(e: Emitter, size: number): void {
  if (size === 3) return;
  e.w.i64_const([0xff, 0xffff, -1][size]!, 0);
  e.w.i64_and();
}

function signExtend(e: Emitter, size: number): void {
  const { w } = e;
  if (size === 0) w.i64_extend8_s();
  else if (size === 1) w.i64_extend16_s();
  else if (size === 2) w.i64_extend32_s();
}

type Operation = (e: Emitter, old: Local, operand: Local, size: number) => void;

function pick(compare: "i64_gt_s" | "i64_lt_s" | "i64_gt_u" | "i64_lt_u"): Operation {
  return (e, old, operand, size) => {
    const { w } = e;
    const extend = compare.endsWith("s") ? signExtend : zeroExtend;
    w.local_get(old);
    w.local_get(operand);
    w.local_get(old);
    extend(e, size);
    w.local_get(operand);
    extend(e, size);
    w[compare]();
    w.select();
  };
}

function combine(op: "i64_add" | "i64_xor" | "i64_or"): Operation {
  return (e, old, operand) => {
    e.w.local_get(old);
    e.w.local_get(operand);
    e.w[op]();
  };
}

function emitAtomic(operation: Operation) {
  return (e: Emitter, f: Atomic): void => {
    const { w } = e;
    const address = orderedAddress(e, f.rn, 1 << f.size, false, "atomic");
    w.local_get(address);
    e.load(UNSIGNED[f.size]!);
    const old = e.popTemp("i64");
    e.getX(f.rs);
    const operand = e.popTemp("i64");
    w.local_get(address);
    operation(e, old, operand, f.size);
    e.store(UNSIGNED[f.size]!);
    w.local_get(old);
    e.setX(f.rt);
    e.free(address, old, operand);
  };
}

/** Stores in any case: what was there where the comparison fails, since the access is a write even then. */
function emitCas(e: Emitter, f: Atomic): void {
  const { w } = e;
  const address = orderedAddress(e, f.rn, 1 << f.size, false, "atomic");
  w.local_get(address);
  e.load(UNSIGNED[f.size]!);
  const old = e.popTemp("i64");
  w.local_get(address);
  e.getX(f.rt);
  w.local_get(old);
  w.local_get(old);
  e.getX(f.rs);
  zeroExtend(e, f.size);
  w.i64_eq();
  w.select();
  e.store(UNSIGNED[f.size]!);
  w.local_get(old);
  e.setX(f.rs);
  e.free(address, old);
}

function emitCasp(e: Emitter, f: { sz: number; rs: number; rn: number; rt: number }): void {
  const { w } = e;
  const half = f.sz === 0 ? 4 : 8;
  const address = orderedAddress(e, f.rn, half * 2, false, "atomic");
  w.local_get(address);
  const host = e.hostRead(half * 2);
  const part = (offset: number): Local => {
    w.local_get(host);
    if (f.sz === 0) w.i64_load32_u(offset);
    else w.i64_load(offset);
    return e.popTemp("i64");
  };
  const first = part(0);
  const second = part(half);
  const same = (old: Local, r: number): void => {
    w.local_get(old);
    e.getX(r);
    if (f.sz === 0) zeroExtend(e, 2);
    w.i64_eq();
  };
  same(first, f.rs);
  same(second, f.rs + 1);
  w.i32_and();
  const equal = e.popTemp("i32");
  w.local_get(address);
  e.hostWrite(half * 2, (to) => {
    for (const [r, old, offset] of [
      [f.rt, first, 0],
      [f.rt + 1, second, half],
    ] as const) {
      w.local_get(to);
      e.getX(r);
      w.local_get(old);
      w.local_get(equal);
      w.select();
      if (f.sz === 0) w.i64_store32(offset);
      else w.i64_store(offset);
    }
  });
  w.local_get(first);
  e.setX(f.rs);
  w.local_get(second);
  e.setX(f.rs + 1);
  e.free(address, host, first, second, equal);
}

const clear: Operation = (e, old, operand) => {
  e.w.local_get(old);
  e.w.local_get(operand);
  e.w.i64_const(-1, -1);
  e.w.i64_xor();
  e.w.i64_and();
};

const swap: Operation = (e, _old, operand) => {
  e.w.local_get(operand);
};

export const ROWS: readonly Row[] = [
  ...(
    [
      ["LDADD", "0", "000", combine("i64_add")],
      ["LDCLR", "0", "001", clear],
      ["LDEOR", "0", "010", combine("i64_xor")],
      ["LDSET", "0", "011", combine("i64_or")],
      ["LDSMAX", "0", "100", pick("i64_gt_s")],
      ["LDSMIN", "0", "101", pick("i64_lt_s")],
      ["LDUMAX", "0", "110", pick("i64_gt_u")],
      ["LDUMIN", "0", "111", pick("i64_lt_u")],
      ["SWP", "1", "000", swap],
    ] as const
  ).map(([name, o3, opc, operation]) =>
    inst(name, `size:2 111000 x x 1 rs:5 ${o3} ${opc} 00 rn:5 rt:5`, emitAtomic(operation), {
      feature: "lse",
    }),
  ),
  inst("CAS", "size:2 001000 1 x 1 rs:5 x 11111 rn:5 rt:5", emitCas, { feature: "lse" }),
  inst("CASP", "0 sz:1 001000 0 x 1 rs:5 x 11111 rn:5 rt:5", emitCasp, {
    feature: "lse",
    undefinedIf: (f) => (f.rs & 1) !== 0 || (f.rt & 1) !== 0,
  }),
];
