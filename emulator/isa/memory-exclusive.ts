import {
  OFF_EXCLUSIVE_ADDRESS,
  OFF_EXCLUSIVE_SIZE,
  OFF_EXCLUSIVE_VALID,
} from "../cpu/state-layout.js";
import type { AccessKind, Emitter, Local } from "./emitter.js";
import { inst, type Row } from "./pattern.js";

/**
 * Exclusives, load-acquire and store-release (Arm ARM B2.9, C4.1.94). The local monitor remembers
 * the address and size of the last exclusive load; an exception, an exception return, CLREX and a
 * store-exclusive clear it. With one CPU nobody else can write in between.
 */
const KINDS = ["xu8", "xu16", "xu32", "x64"] as const satisfies readonly AccessKind[];

/** Push the base address, checked for alignment. Ordered accesses within 16 bytes need none (LSE2). */
function alignedBase(
  e: Emitter,
  rn: number,
  bytes: number,
  isWrite: boolean,
  lse2: boolean,
): Local {
  e.getBase(rn);
  const address = e.popTemp("i64");
  e.checkAligned(address, bytes, isWrite, lse2);
  return address;
}

function arm(e: Emitter, address: Local, bytes: number): void {
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
  const address = alignedBase(e, f.rn, bytes, false, false);
  e.w.local_get(address);
  e.load(KINDS[f.size]!);
  arm(e, address, bytes);
  e.setX(f.rt);
  e.free(address);
}

/** @param store emits the store to `address` */
function storeExclusive(
  e: Emitter,
  rn: number,
  rs: number,
  bytes: number,
  store: (address: Local) => void,
): void {
  const { w } = e;
  const address = alignedBase(e, rn, bytes, true, false);
  isArmed(e, address, bytes);
  const armed = w.if_("i32");
  store(address);
  w.i32_const(0);
  w.else_(armed);
  w.i32_const(1);
  w.end(armed);
  const status = e.popTemp("i32");
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
  storeExclusive(e, f.rn, f.rs, 1 << f.size, (address) => {
    e.w.local_get(address);
    e.getX(f.rt);
    e.store(KINDS[f.size]!);
  });
}

function emitLoadExclusivePair(
  e: Emitter,
  f: { sz: number; rt2: number; rn: number; rt: number },
): void {
  const { w } = e;
  const bytes = f.sz === 0 ? 8 : 16;
  const address = alignedBase(e, f.rn, bytes, false, false);
  w.local_get(address);
  const host = e.hostRead(bytes);
  const part = (offset: number): Local => {
    w.local_get(host);
    if (f.sz === 0) w.i64_load32_u(offset);
    else w.i64_load(offset);
    return e.popTemp("i64");
  };
  const first = part(0);
  const second = part(bytes / 2);
  arm(e, address, bytes);
  w.local_get(first);
  e.setX(f.rt);
  w.local_get(second);
  e.setX(f.rt2);
  e.free(address, host, first, second);
}

function emitStoreExclusivePair(
  e: Emitter,
  f: { sz: number; rs: number; rt2: number; rn: number; rt: number },
): void {
  const { w } = e;
  const bytes = f.sz === 0 ? 8 : 16;
  storeExclusive(e, f.rn, f.rs, bytes, (address) => {
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
  });
}

function emitLoadAcquire(e: Emitter, f: { size: number; rn: number; rt: number }): void {
  const address = alignedBase(e, f.rn, 1 << f.size, false, true);
  e.w.local_get(address);
  e.load(KINDS[f.size]!);
  e.setX(f.rt);
  e.free(address);
}

function emitStoreRelease(e: Emitter, f: { size: number; rn: number; rt: number }): void {
  const address = alignedBase(e, f.rn, 1 << f.size, true, true);
  e.w.local_get(address);
  e.getX(f.rt);
  e.store(KINDS[f.size]!);
  e.free(address);
}

// "x" marks bits that should be one and do not matter; o0 (bit 15) is the acquire or release.
export const ROWS: readonly Row[] = [
  inst("LDXR, LDAXR", "size:2 001000 0 1 0 xxxxx x xxxxx rn:5 rt:5", emitLoadExclusive),
  inst("STXR, STLXR", "size:2 001000 0 0 0 rs:5 x xxxxx rn:5 rt:5", emitStoreExclusive),
  inst("LDXP, LDAXP", "1 sz:1 001000 0 1 1 xxxxx x rt2:5 rn:5 rt:5", emitLoadExclusivePair),
  inst("STXP, STLXP", "1 sz:1 001000 0 0 1 rs:5 x rt2:5 rn:5 rt:5", emitStoreExclusivePair),
  inst("LDAR, LDLAR", "size:2 001000 1 1 0 xxxxx x xxxxx rn:5 rt:5", emitLoadAcquire),
  inst("STLR, STLLR", "size:2 001000 1 0 0 xxxxx x xxxxx rn:5 rt:5", emitStoreRelease),
  inst("LDAPR", "size:2 111000 1 0 1 xxxxx 1 100 00 rn:5 rt:5", emitLoadAcquire, {
    feature: "lrcpc",
  }),
];
