import type { Emitter } from "./emitter.js";
import { inst, signed, type Row } from "./pattern.js";
import {
  emitTransfer,
  integerRegister,
  integerTransfer,
  setFromLoad,
  vectorRegister,
  vectorTransfer,
  type Indexing,
  type Transfer,
} from "./transfer.js";

/** Loads and stores of one register (Arm ARM C4.1.94). Prefetches do nothing. */

interface SizeOpc {
  readonly size: number;
  readonly opc: number;
}

/** PRFM shares the integer forms: size 3, opc 2. */
function isPrefetch(f: SizeOpc): boolean {
  return f.size === 3 && f.opc === 2;
}

type Lookup = (size: number, opc: number) => Transfer | null;

/** A row's emitter and its unallocated combinations, for one register file and addressing form. */
function form<F extends SizeOpc & { readonly rt: number }>(
  lookup: Lookup,
  prefetchAllowed: boolean,
  index: (f: F, bytes: number) => Indexing,
) {
  const isInteger = lookup === integerTransfer;
  return {
    emit: (e: Emitter, f: F): void => {
      const t = lookup(f.size, f.opc);
      if (t !== null) emitTransfer(e, t, f.rt, index(f, t.bytes));
    },
    options: {
      undefinedIf: (f: F): boolean =>
        lookup(f.size, f.opc) === null && !(isInteger && prefetchAllowed && isPrefetch(f)),
      ...(isInteger ? {} : ({ feature: "fp" } as const)),
    },
  };
}

function rowsFor(v: "0" | "1", lookup: Lookup): Row[] {
  const suffix = v === "1" ? " (SIMD&FP)" : "";
  const unsigned = form<SizeOpc & { imm12: number; rn: number; rt: number }>(
    lookup,
    true,
    (f, bytes) => ({ rn: f.rn, offset: f.imm12 * bytes, mode: "offset" }),
  );
  const nine = (mode: Indexing["mode"], prefetch: boolean) =>
    form<SizeOpc & { imm9: number; rn: number; rt: number }>(lookup, prefetch, (f) => ({
      rn: f.rn,
      offset: signed(f.imm9, 9),
      mode,
    }));
  const register = form<
    SizeOpc & { rm: number; option: number; s: number; rn: number; rt: number }
  >(lookup, true, (f, bytes) => ({
    rn: f.rn,
    offset: { rm: f.rm, option: f.option, shift: f.s === 1 ? Math.log2(bytes) : 0 },
    mode: "offset",
  }));
  const unscaled = nine("offset", true);
  const post = nine("post", false);
  const pre = nine("pre", false);
  return [
    inst(
      `load/store unsigned immediate${suffix}`,
      `size:2 111 ${v} 01 opc:2 imm12:12 rn:5 rt:5`,
      unsigned.emit,
      unsigned.options,
    ),
    inst(
      `load/store unscaled${suffix}`,
      `size:2 111 ${v} 00 opc:2 0 imm9:9 00 rn:5 rt:5`,
      unscaled.emit,
      unscaled.options,
    ),
    inst(
      `load/store post-indexed${suffix}`,
      `size:2 111 ${v} 00 opc:2 0 imm9:9 01 rn:5 rt:5`,
      post.emit,
      post.options,
    ),
    inst(
      `load/store pre-indexed${suffix}`,
      `size:2 111 ${v} 00 opc:2 0 imm9:9 11 rn:5 rt:5`,
      pre.emit,
      pre.options,
    ),
    inst(
      `load/store register offset${suffix}`,
      `size:2 111 ${v} 00 opc:2 1 rm:5 option:3 s:1 10 rn:5 rt:5`,
      register.emit,
      {
        ...register.options,
        undefinedIf: (f) => (f.option & 2) === 0 || register.options.undefinedIf(f),
      },
    ),
  ];
}

function literal(t: Transfer) {
  return (e: Emitter, f: { imm19: number; rt: number }): void => {
    e.pcRelative(signed(f.imm19, 19) * 4);
    e.load(t.kind);
    setFromLoad(e, t, f.rt);
  };
}

const LITERALS: readonly Row[] = [
  inst("LDR (literal, 32-bit)", "00 011 0 00 imm19:19 rt:5", literal(integerRegister(4, true))),
  inst("LDR (literal, 64-bit)", "01 011 0 00 imm19:19 rt:5", literal(integerRegister(8, true))),
  inst("LDRSW (literal)", "10 011 0 00 imm19:19 rt:5", literal(integerRegister(4, true, true))),
  inst("PRFM (literal)", "11 011 0 00 imm19:19 rt:5", () => undefined),
  inst("LDR (literal, S)", "00 011 1 00 imm19:19 rt:5", literal(vectorRegister(2, true)), {
    feature: "fp",
  }),
  inst("LDR (literal, D)", "01 011 1 00 imm19:19 rt:5", literal(vectorRegister(3, true)), {
    feature: "fp",
  }),
  inst("LDR (literal, Q)", "10 011 1 00 imm19:19 rt:5", literal(vectorRegister(4, true)), {
    feature: "fp",
  }),
];

export const ROWS: readonly Row[] = [
  ...rowsFor("0", integerTransfer),
  ...rowsFor("1", vectorTransfer),
  ...LITERALS,
];
