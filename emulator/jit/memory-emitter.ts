import { EC_SP_ALIGNMENT } from "../arch/esr.js";
import { OFF_BOUNCE } from "../cpu/state-layout.js";
import { ACCESS_BYTES, accessType, type AccessKind, type Indexing } from "../isa/emitter.js";
import type { Local } from "../wasm/builder.js";
import { ExitEmitter } from "./exit-emitter.js";
import {
  emitHostRead,
  emitHostWrite,
  emitPlainLoad,
  emitPlainStore,
  pushHalves,
  type Extent,
} from "./memory-access.js";

/** Loads and stores. */
export class MemoryEmitter extends ExitEmitter {
  /** For the accesses of a strip, by the instruction's address, what is added to the low half of theirs (jit/strip.ts). */
  hostDeltas: ReadonlyMap<number, Local> | null = null;
  #indexing: Indexing | null = null;

  noteIndexing(at: Indexing): void {
    this.#indexing = at;
  }

  /** An access is about to be made. @returns its delta if it needs no check */
  #noteAccess(bytes: number, isWrite: boolean): Local | undefined {
    if (this.#indexing !== null) this.access = { at: this.#indexing, bytes, isWrite };
    this.#indexing = null;
    return this.hostDeltas?.get(this.pc);
  }

  /** Put the host address of an access of a strip into `host`. */
  #addDelta(va: Local, delta: Local, host: Local): void {
    const w = this.w;
    w.local_get(va);
    w.i32_wrap_i64();
    w.local_get(delta);
    w.i32_add();
    w.local_set(host);
  }

  getBase(r: number): void {
    if (r === 31 && this.mode.spAlignment) {
      this.getXsp(31);
      this.w.i32_wrap_i64();
      this.w.i32_const(15);
      this.w.i32_and();
      this.exceptionIf(EC_SP_ALIGNMENT, 0);
    }
    this.getXsp(r);
  }

  readonly #slowPath = {
    before: (): void => {
      this.markFault();
    },
    faultIf: this.faultIf,
  };

  load(kind: AccessKind): void {
    const host = this.hostRead(ACCESS_BYTES[kind]);
    this.w.local_get(host);
    emitPlainLoad(this.w, kind);
    this.w.free(host);
  }

  store(kind: AccessKind): void {
    const value = this.popTemp(accessType(kind));
    this.hostWrite(ACCESS_BYTES[kind], (host) => {
      this.w.local_get(host);
      this.w.local_get(value);
      emitPlainStore(this.w, kind);
    });
    this.w.free(value);
  }

  loadUnprivileged(kind: AccessKind): void {
    const w = this.w;
    const va = this.popTemp("i64");
    this.#strictAlignment(va, ACCESS_BYTES[kind], false);
    const host = w.temp("i32");
    this.#readByHost("loadUnprivileged", va, host, ACCESS_BYTES[kind], ACCESS_BYTES[kind]);
    w.local_get(host);
    emitPlainLoad(w, kind);
    w.free(va, host);
  }

  storeUnprivileged(kind: AccessKind): void {
    this.stores = true;
    const value = this.popTemp(accessType(kind));
    const va = this.popTemp("i64");
    this.#strictAlignment(va, ACCESS_BYTES[kind], true);
    const bytes = ACCESS_BYTES[kind];
    this.#writeByHost("storeUnprivileged", va, bytes, bytes, (host) => {
      this.w.local_get(host);
      this.w.local_get(value);
      emitPlainStore(this.w, kind);
    });
    this.w.free(va, value);
  }

  /** Have the host find `bytes` readable bytes at `va`: no lookup of the inline TLB. */
  #readByHost(name: string, va: Local, host: Local, bytes: number, unit: number): void {
    const w = this.w;
    pushHalves(w, va);
    w.i32_const(bytes);
    w.i32_const(Math.log2(unit));
    w.call(this.region.host(name));
    w.local_tee(host);
    w.i32_const(-1);
    w.i32_eq();
    this.takeRaised();
  }

  /** Have the host write what `emit` puts into the bounce buffer. */
  #writeByHost(
    name: string,
    va: Local,
    bytes: number,
    unit: number,
    emit: (host: Local) => void,
  ): void {
    const w = this.w;
    const host = w.temp("i32");
    w.i32_const(OFF_BOUNCE);
    w.local_set(host);
    emit(host);
    w.free(host);
    pushHalves(w, va);
    w.i32_const(bytes);
    w.i32_const(Math.log2(unit));
    w.call(this.region.host(name));
    this.takeRaised();
  }

  hostRead(bytes: number, unit = bytes): Local {
    const va = this.popTemp("i64");
    this.#strictAlignment(va, unit, false);
    const host = this.w.temp("i32");
    const delta = this.#noteAccess(bytes, false);
    if (delta !== undefined) this.#addDelta(va, delta, host);
    else if (this.mode.accessHooks) this.#readByHost("loadHooked", va, host, bytes, unit);
    else {
      const slow = this.region.host("loadSlow");
      emitHostRead(this.w, slow, va, host, this.#extent(bytes, unit), this.#slowPath);
    }
    this.w.free(va);
    return host;
  }

  hostWrite(bytes: number, emit: (host: Local) => void, unit = bytes): void {
    this.stores = true;
    const va = this.popTemp("i64");
    this.#strictAlignment(va, unit, true);
    const delta = this.#noteAccess(bytes, true);
    if (delta !== undefined) {
      const host = this.w.temp("i32");
      this.#addDelta(va, delta, host);
      emit(host);
      this.w.free(host);
    } else if (this.mode.accessHooks) this.#writeByHost("storeHooked", va, bytes, unit, emit);
    else {
      const slow = this.region.host("storeSlow");
      emitHostWrite(this.w, slow, va, this.#extent(bytes, unit), emit, this.#slowPath);
    }
    this.w.free(va);
  }

  #extent(bytes: number, unit: number): Extent {
    return { bytes, unit, pageShift: this.mode.pageShift };
  }

  /** SCTLR_EL1.A: an access is checked by the size of one register or element. */
  #strictAlignment(va: Local, bytes: number, isWrite: boolean): void {
    if (!this.mode.strictAlignment || bytes === 1 || bytes > 16) return;
    this.checkAligned(va, bytes, isWrite, false);
  }

  checkAligned(address: Local, bytes: number, isWrite: boolean, lse2: boolean): void {
    if (bytes === 1) return;
    const w = this.w;
    w.local_get(address);
    w.i32_wrap_i64();
    if (lse2) {
      w.i32_const(15);
      w.i32_and();
      w.i32_const(16 - bytes);
      w.i32_gt_u();
    } else {
      w.i32_const(bytes - 1);
      w.i32_and();
    }
    const bad = w.unlikely().if_();
    w.local_get(address);
    w.i32_wrap_i64();
    w.local_get(address);
    w.i64_const(32, 0);
    w.i64_shr_u();
    w.i32_wrap_i64();
    w.i32_const(isWrite ? 1 : 0);
    w.call(this.region.host("alignmentFault"));
    this.markFault();
    this.faults = true;
    w.br(this.faultLabel!);
    w.end(bad);
  }
}
