import {
  OFF_EXCLUSIVE_ADDRESS,
  OFF_EXCLUSIVE_SIZE,
  OFF_EXCLUSIVE_VALID,
  OFF_EXCLUSIVE_VALUE,
} from "../cpu/state-layout.js";
import type { AccessKind, Emitter, Local } from "./emitter.js";
import { orderedAddress } from "./memory-ordered.js";
import { inst, type Row } from "./pattern.js";

/**
 * Exclusives (Arm ARM B2.9, C4.1.94). The monitor remembers the address, the size and the value of the last
 * exclusive load; an exception, an exception return, CLREX, a store-exclusive and a write by the embedder clear
 * it. A store-exclusive fails if the location does not hold that value any more: some store has come between,
 * this CPU's own included, as in QEMU. One with the status register among its operands (constrained
 * unpredictable) stores the old register and then writes the status.
 */
const KINDS = ["xu8", "xu16", "xu32", "x64"] as const satisfies readonly AccessKind[];

/** @param values of the halves for a pair */
function arm(e: Emitter, address: Local, bytes: number, values: readonly Local[]): void {
  const { w } = e;
  w.i32_const(0);
  w.i32_const(1);
  w.i32_store(OFF_EXCLUSIVE_VALID);
  w.i32_const(0);
  w.i32_const(bytes);
  w.i32_store(OFF_EXCLUSIVE_SIZE);
  w.i32_const(0);
  w.local_get(address);
  w.i64_store(OFF_EXCLUSIVE_ADDRESS);
  values.forEach((value, i) => {
    w.i32_const(0);
    w.local_get(value);
    w.i64_store(OFF_EXCLUSIVE_VALUE + 8 * i);
  });
}

/** Push 1 if an i64 local is what the exclusive load saw. */
function isSeen(e: Emitter, value: Local, i: number): void {
  e.w.local_get(value);
  e.w.i32_const(0);
  e.w.i64_load(OFF_EXCLUSIVE_VALUE + 8 * i);
  e.w.i64_eq();
}

/** Push 1 if the monitor allows a store of `bytes` at `address`. */
function isArmed(e: Emitter, address: Local, bytes: number): void {
  const { w } = e;
  w.i32_const(0);
  w.i32_load(OFF_EXCLUSIVE_VALID);
  w.i32_const(0);
  w.i32_load(OFF_EXCLUSIVE_SIZE);
  w.i32_const(bytes);
  w.i32_eq();
  w.i32_and();
  w.i32_const(0);
  w.i64_load(OFF_EXCLUSIVE_ADDRESS);
  w.local_get(address);
  w.i64_eq();
  w.i32_and();
}

function emitLoadExclusive(e: Emitter, f: { size: number; rn: number; rt: number }): void {
  const bytes = 1 << f.size;
  const address = orderedAddress(e, f.rn, bytes, false, "exclusive");
  e.w.local_get(address);
  e.load(KINDS[f.size]!);
  const value = e.popTemp("i64");
  arm(e, address, bytes, [value]);
  e.w.local_get(value);
  e.setX(f.rt);
  e.free(address, value);
}

/**
 * @param unchanged pushes 1 if the location at `address` holds what the exclusive load saw
 * @param store emits the store to `address`
 */
function storeExclusive(
  e: Emitter,
  rn: number,
  rs: number,
  bytes: number,
  unchanged: (address: Local) => void,
  store: (address: Local) => void,
): void {
  const { w } = e;
  const address = orderedAddress(e, rn, bytes, true, "exclusive");
  const status = e.temp("i32");
  w.i32_const(1);
  w.local_set(status);
  isArmed(e, address, bytes);
  const armed = w.if_();
  unchanged(address);
  const allowed = w.if_();
  store(address);
  w.i32_const(0);
  w.local_set(status);
  w.end(allowed);
  w.end(armed);
  w.i32_const(0);
  w.i32_const(0);
  w.i32_store(OFF_EXCLUSIVE_VALID);
  w.local_get(status);
  e.setW(rs);
  e.free(address, status);
}

function emitStoreExclusive(
  e: Emitter,
  f: { size: number; rs: number; rn: number; rt: number },
): void {
  storeExclusive(
    e,
    f.rn,
    f.rs,
    1 << f.size,
    (address) => {
      e.w.local_get(address);
      e.load(KINDS[f.size]!);
      const now = e.popTemp("i64");
      isSeen(e, now, 0);
      e.free(now);
    },
    (address) => {
      e.w.local_get(address);
      e.getX(f.rt);
      e.store(KINDS[f.size]!);
    },
  );
}

/** Two words of 32 or 64 bits at an address, as i64. The caller frees them. */
function loadPair(e: Emitter, address: Local, sz: number): readonly [Local, Local] {
  const { w } = e;
  const bytes = sz === 0 ? 8 : 16;
  w.local_get(address);
  const host = e.hostRead(bytes);
  const part = (offset: number): Local => {
    w.local_get(host);
    if (sz === 0) w.i64_load32_u(offset);
    else w.i64_load(offset);
    return e.popTemp("i64");
  };
  const pair = [part(0), part(bytes / 2)] as const;
  e.free(host);
  return pair;
}

function emitLoadExclusivePair(
  e: Emitter,
  f: { sz: number; rt2: number; rn: number; rt: number },
): void {
  const { w } = e;
  const bytes = f.sz === 0 ? 8 : 16;
  const address = orderedAddress(e, f.rn, bytes, false, "exclusive");
  const pair = loadPair(e, address, f.sz);
  arm(e, address, bytes, pair);
  w.local_get(pair[0]);
  e.setX(f.rt);
  w.local_get(pair[1]);
  e.setX(f.rt2);
  e.free(address, ...pair);
}

function emitStoreExclusivePair(
  e: Emitter,
  f: { sz: number; rs: number; rt2: number; rn: number; rt: number },
): void {
  const { w } = e;
  const bytes = f.sz === 0 ? 8 : 16;
  storeExclusive(
    e,
    f.rn,
    f.rs,
    bytes,
    (address) => {
      const now = loadPair(e, address, f.sz);
      isSeen(e, now[0], 0);
      isSeen(e, now[1], 1);
      w.i32_and();
      e.free(...now);
    },
    (address) => {
      w.local_get(address);
      e.hostWrite(bytes, (host) => {
        for (const [r, offset] of [
          [f.rt, 0],
          [f.rt2, bytes / 2],
        ] as const) {
          w.local_get(host);
          e.getX(r);
          if (f.sz === 0) w.i64_store32(offset);
          else w.i64_store(offset);
        }
      });
    },
  );
}

// "x" marks bits that should be one and do not matter; o0 (bit 15) is the acquire or release.
export const ROWS: readonly Row[] = [
  inst("LDXR, LDAXR", "size:2 001000 0 1 0 xxxxx x xxxxx rn:5 rt:5", emitLoadExclusive),
  inst("STXR, STLXR", "size:2 001000 0 0 0 rs:5 x xxxxx rn:5 rt:5", emitStoreExclusive),
  inst("LDXP, LDAXP", "1 sz:1 001000 0 1 1 xxxxx x rt2:5 rn:5 rt:5", emitLoadExclusivePair),
  inst("STXP, STLXP", "1 sz:1 001000 0 0 1 rs:5 x rt2:5 rn:5 rt:5", emitStoreExclusivePair),
];
