import {
  ACCESS_BYTES,
  type AccessKind,
  type Emitter,
  type Indexing,
  type Local,
} from "./emitter.js";
import { getExtended } from "./integer-register.js";

export type { Indexing } from "./emitter.js";

/** What one register transfer moves: the memory access and how it meets the register. */
export interface Transfer {
  readonly isLoad: boolean;
  readonly kind: AccessKind;
  /** Register side: X (i64), W (i32, upper half cleared), or a SIMD&FP register of a width. */
  readonly register: "x" | "w" | "b" | "h" | "s" | "d" | "q";
  readonly bytes: number;
}

function transfer(isLoad: boolean, kind: AccessKind, register: Transfer["register"]): Transfer {
  return { isLoad, kind, register, bytes: ACCESS_BYTES[kind] };
}

const UNSIGNED = ["xu8", "xu16", "xu32", "x64"] as const;
const SIGNED = ["xs8", "xs16", "xs32"] as const;
const VECTOR = [
  ["wu8", "b"],
  ["wu16", "h"],
  ["v32", "s"],
  ["v64", "d"],
  ["v128", "q"],
] as const;

/** Integer transfer by the fields size and opc, or null if unallocated (or a prefetch). */
export function integerTransfer(size: number, opc: number): Transfer | null {
  if (opc < 2) return transfer(opc === 1, UNSIGNED[size]!, "x");
  if (opc === 2) return size === 3 ? null : transfer(true, SIGNED[size]!, "x");
  return size > 1 ? null : transfer(true, size === 0 ? "ws8" : "ws16", "w");
}

/** SIMD&FP transfer by size and opc; opc bit 1 with size 0 is a Q register. */
export function vectorTransfer(size: number, opc: number): Transfer | null {
  const log2 = (opc & 2) === 0 ? size : size === 0 ? 4 : 5;
  const row = VECTOR[log2];
  return row === undefined ? null : transfer((opc & 1) === 1, row[0], row[1]);
}

/** The transfer of one SIMD&FP register of 2^log2 bytes. */
export function vectorRegister(log2: number, isLoad: boolean): Transfer {
  const row = VECTOR[log2]!;
  return transfer(isLoad, row[0], row[1]);
}

/** The transfer of one W, X or sign-extended W register. */
export function integerRegister(bytes: 4 | 8, isLoad: boolean, signExtend = false): Transfer {
  return transfer(isLoad, bytes === 8 ? "x64" : signExtend ? "xs32" : "xu32", "x");
}

/** Push the register's value as the access kind stores it. */
export function getForStore(e: Emitter, t: Transfer, r: number): void {
  switch (t.register) {
    case "x":
      return e.getX(r);
    case "w":
      return e.getW(r);
    case "b":
      return e.getBbits(r);
    case "h":
      return e.getHbits(r);
    case "s":
    case "d":
    case "q":
      return e.getV(r);
  }
}

/** Pop what the access kind loaded into the register. */
export function setFromLoad(e: Emitter, t: Transfer, r: number): void {
  switch (t.register) {
    case "x":
      return e.setX(r);
    case "w":
      return e.setW(r);
    case "b":
      return e.setBbits(r);
    case "h":
      return e.setHbits(r);
    case "s":
    case "d":
    case "q":
      return e.setV(r);
  }
}

/** Push base plus offset: the base is on the stack. */
function addOffset(e: Emitter, { offset }: Indexing): void {
  if (offset === 0) return;
  if (typeof offset === "number") e.w.i64_const_number(offset);
  else getExtended(e, offset.rm, offset.option, offset.shift);
  e.w.i64_add();
}

/**
 * Compute the address of an access; `access` is called with it in a local, then the base register is
 * written back. A fault in `access` leaves every register alone.
 */
export function withAddress(e: Emitter, at: Indexing, access: (address: Local) => void): void {
  e.getBase(at.rn);
  if (at.mode !== "post") addOffset(e, at);
  e.noteIndexing(at);
  const address = e.popTemp("i64");
  access(address);
  e.free(address);
}

/** Write the base register back; `address` is what `withAddress` computed. */
export function writeBack(e: Emitter, at: Indexing, address: Local): void {
  if (at.mode === "offset") return;
  e.w.local_get(address);
  if (at.mode === "post") addOffset(e, at);
  e.setXsp(at.rn);
}

/** One register to or from memory. */
export function emitTransfer(e: Emitter, t: Transfer, rt: number, at: Indexing): void {
  const { w } = e;
  withAddress(e, at, (address) => {
    w.local_get(address);
    if (t.isLoad) {
      e.load(t.kind);
      setFromLoad(e, t, rt);
      // Last: a base that is the destination too (constrained unpredictable) keeps the address, as in QEMU.
      writeBack(e, at, address);
    } else {
      getForStore(e, t, rt);
      e.store(t.kind);
      writeBack(e, at, address);
    }
  });
}
