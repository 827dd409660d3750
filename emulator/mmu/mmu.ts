import { FSC_EXTERNAL, FSC_PERMISSION_L0 } from "../arch/esr.js";
import type { SysregFile } from "../arch/sysreg.js";
import {
  ACCESS_EXEC,
  ACCESS_READ,
  ACCESS_WRITE,
  allows,
  RIGHT_AP_EL0,
  RIGHT_DEVICE,
  RIGHT_GUARDED,
  rightsOf,
  type Access,
} from "./access.js";
import { InlineTlb } from "./inline-tlb.js";
import {
  ControlRegisters,
  type Barrier,
  type MmuObserver,
  type Position,
  type Synchronization,
  type TlbiOperation,
} from "./observer.js";
import { RAM_OFFSET, type PhysMemory } from "./phys-memory.js";
import { newRegime, readRegime, type Regime } from "./regime.js";
import { Tlb, type TlbListener, type TlbShape } from "./tlb.js";
import { halfFor, inRange, newWalkResult, walk, type WalkResult } from "./walk.js";

/** Why the last translation failed: what ESR and FAR are made of. */
export interface TranslationFault {
  /** DFSC or IFSC: 6 bits, level included. */
  status: number;
  /** The address that could not be translated, as halves. */
  vaLo: number;
  vaHi: number;
}

/** Event counts since reset. */
export interface MmuCounters {
  /** Lookups in the TLB model: misses of the inline TLB, instruction fetches, host accesses. */
  lookups: number;
  hits: number;
  walks: number;
  walkReads: number;
  tlbiVa: number;
  tlbiRange: number;
  tlbiAsid: number;
  tlbiAll: number;
}

/** Pages that hold translated code, or are watched, are tracked in units of the smallest page. */
const CODE_SHIFT = 12;
const PAGE_CODE = 1;
const PAGE_WATCHED = 2;

/** What `fault.status` says when the observer wants the instruction again, alone: no fault status. */
export const FSC_AGAIN = -2;

/** Rights where translation is off: everything, everywhere, and no business of PAN's. */
const FLAT_RIGHTS =
  (rightsOf(0, false, false, false) | rightsOf(1, false, false, false)) & ~RIGHT_AP_EL0;

/**
 * The memory management unit: the walker, the TLB and its inline cache behind one face. The TLB
 * model is the truth about what the CPU believes; the inline TLB holds nothing else.
 */
export class Mmu implements TlbListener {
  readonly memory: PhysMemory;
  readonly inline: InlineTlb;
  readonly fault: TranslationFault = { status: 0, vaLo: 0, vaHi: 0 };
  readonly counters: MmuCounters = {
    lookups: 0,
    hits: 0,
    walks: 0,
    walkReads: 0,
    tlbiVa: 0,
    tlbiRange: 0,
    tlbiAsid: 0,
    tlbiAll: 0,
  };
  /** A translation that code was fetched through is gone: links to that code must be checked again. */
  onExecutedDropped: ((vaLo: number, vaHi: number) => void) | null = null;
  /** A translation is gone, for whatever reason; for an engine that keeps translations of its own. */
  onDropped: ((vaLo: number, vaHi: number) => void) | null = null;
  readonly #sysregs: SysregFile;
  readonly #regime: Regime = newRegime();
  readonly #walk: WalkResult = newWalkResult();
  readonly #shape: TlbShape | undefined;
  /** PAGE_* bits. */
  readonly #codePages: Uint8Array;
  #tlb: Tlb;
  #observer: MmuObserver | null = null;
  #controls: ControlRegisters | null = null;
  /** Kept by the engine while it runs. */
  position: Position = "host";
  /** Who data accesses are made for. */
  #el: 0 | 1 = 1;
  #pan = false;

  constructor(memory: PhysMemory, sysregs: SysregFile, shape?: TlbShape) {
    this.memory = memory;
    this.#sysregs = sysregs;
    this.#shape = shape;
    this.inline = new InlineTlb(memory);
    this.#codePages = new Uint8Array(memory.ramBytes >>> CODE_SHIFT);
    this.#tlb = new Tlb(this, this.inline.pageShift, shape);
  }

  get tlb(): Tlb {
    return this.#tlb;
  }

  get regime(): Readonly<Regime> {
    return this.#regime;
  }

  /** log2 of the page the inline TLB works in. */
  get pageShift(): number {
    return this.inline.pageShift;
  }

  /**
   * The control registers, the exception level or PSTATE.PAN may have changed: read them again. The
   * TLB keeps what it has; the inline TLB starts empty for the new context.
   */
  contextChanged(el: 0 | 1, pan: boolean): void {
    this.#el = el;
    this.#pan = pan;
    this.controlWritten();
    readRegime(this.#sysregs, this.#regime);
    const shift = this.#regime.pageShift;
    if (shift === this.inline.pageShift) {
      this.inline.flush();
      return;
    }
    // Entries are held at the smallest granule in use; another granule starts with an empty TLB.
    this.#tlb.invalidateAll();
    this.inline.setPageShift(shift);
    this.#tlb = new Tlb(this, shift, this.#shape);
  }

  /**
   * Translate one byte's address through the TLB, walking on a miss.
   * @returns the physical address, or -1 with `fault` filled in
   */
  translate(vaLo: number, vaHi: number, access: Access, el: 0 | 1, pan: boolean): number {
    const rights = this.#find(vaLo, vaHi);
    if (rights < 0) return -1;
    if (!allows(rights, access, el, pan)) {
      return this.#fail(FSC_PERMISSION_L0 + this.#levelOf(vaLo, vaHi), vaLo, vaHi);
    }
    const pa = this.#physical(vaLo, vaHi);
    if (!this.memory.contains(pa, 1)) return this.#fail(FSC_EXTERNAL, vaLo, vaHi);
    if (access === ACCESS_EXEC && this.#regime.enabled) this.#tlb.markExecuted();
    return pa;
  }

  /** Translate for a read of translated code and remember the page. @returns host offset, or -1 */
  refillRead(vaLo: number, vaHi: number): number {
    if (!this.announce(vaLo, vaHi, ACCESS_READ, this.#el, this.#pan)) return -1;
    const pa = this.translate(vaLo, vaHi, ACCESS_READ, this.#el, this.#pan);
    if (pa < 0) return -1;
    const host = pa - this.memory.ramBase + RAM_OFFSET;
    if (!this.#isDevice()) this.inline.fillRead(vaLo, vaHi, host);
    return host;
  }

  /** The same for a write; a page that holds code or is watched is not remembered. @returns host offset, or -1 */
  refillWrite(vaLo: number, vaHi: number): number {
    if (!this.announce(vaLo, vaHi, ACCESS_WRITE, this.#el, this.#pan)) return -1;
    const pa = this.translate(vaLo, vaHi, ACCESS_WRITE, this.#el, this.#pan);
    if (pa < 0) return -1;
    const host = pa - this.memory.ramBase + RAM_OFFSET;
    if (!this.#isDevice() && !this.#codeInPage(pa)) this.inline.fillWrite(vaLo, vaHi, host);
    return host;
  }

  #lastRights = 0;

  /** Whether the page of the last translation is guarded (FEAT_BTI). */
  get lastGuarded(): boolean {
    return (this.#lastRights & RIGHT_GUARDED) !== 0;
  }

  #isDevice(): boolean {
    return (this.#lastRights & RIGHT_DEVICE) !== 0;
  }

  #physical(vaLo: number, vaHi: number): number {
    if (!this.#regime.enabled) return (vaHi & 0x00ff_ffff) * 2 ** 32 + (vaLo >>> 0);
    return this.#tlb.physical + ((vaLo & ((1 << this.#tlb.granuleShift) - 1)) >>> 0);
  }

  /** @returns RIGHT_* bits of the address's translation, or -1 with `fault` filled in */
  #find(vaLo: number, vaHi: number): number {
    const regime = this.#regime;
    if (!regime.enabled) {
      this.#lastRights = FLAT_RIGHTS;
      const pa = this.#physical(vaLo, vaHi);
      if (pa >= regime.outputLimit) return this.#fail(0, vaLo, vaHi);
      return FLAT_RIGHTS;
    }
    this.counters.lookups++;
    if (inHalf(regime, vaLo, vaHi)) {
      const rights = this.#tlb.lookup(vaLo, vaHi, regime.asid);
      if (rights >= 0) {
        this.counters.hits++;
        this.#lastRights = rights;
        this.#observer?.hit?.(vaLo, vaHi, regime.asid);
        return rights;
      }
    }
    const result = this.#walk;
    walk(this.memory, regime, vaLo, vaHi, result, this.#observer);
    this.counters.walks++;
    this.counters.walkReads += result.reads;
    if (result.fault >= 0) return this.#fail(result.fault, vaLo, vaHi);
    const { rights } = result;
    this.#tlb.insert(vaLo, vaHi, regime.asid, result.base, result.shift, rights);
    this.#lastRights = rights;
    const { base, shift, level } = result;
    this.#observer?.filled?.(vaLo, vaHi, regime.asid, base, shift, level, rights);
    return rights;
  }

  /** Level of the leaf that translates an address: a permission fault names it. */
  #levelOf(vaLo: number, vaHi: number): number {
    if (!this.#regime.enabled) return 0;
    const result = this.#walk;
    walk(this.memory, this.#regime, vaLo, vaHi, result);
    return result.fault < 0 ? result.level : 3;
  }

  #fail(status: number, vaLo: number, vaHi: number): -1 {
    this.fault.status = status;
    this.fault.vaLo = vaLo;
    this.fault.vaHi = vaHi;
    return -1;
  }

  /** Says whether any of the frames that share an inline TLB page with `pa` holds code or is watched. */
  #codeInPage(pa: number): boolean {
    const unit = 1 << (this.inline.pageShift - CODE_SHIFT);
    const index = Math.floor((pa - this.memory.ramBase) / 2 ** CODE_SHIFT);
    const first = index - (index % unit);
    for (let i = first; i < first + unit; i++) if (this.#codePages[i] !== 0) return true;
    return false;
  }

  /** Whether code was translated from the 4 KiB of RAM that contain `pa`. */
  isCodePage(pa: number): boolean {
    return (this.#pageBits(pa) & PAGE_CODE) !== 0;
  }

  #pageBits(pa: number): number {
    return this.#codePages[Math.floor((pa - this.memory.ramBase) / 2 ** CODE_SHIFT)]!;
  }

  /** Code was translated from the 4 KiB of RAM at `pa`, or none is left there. */
  setCodePage(pa: number, isCode: boolean): void {
    this.#setPageBit(pa, PAGE_CODE, isCode);
  }

  #setPageBit(pa: number, bit: number, isSet: boolean): void {
    const index = Math.floor((pa - this.memory.ramBase) / 2 ** CODE_SHIFT);
    if (((this.#codePages[index]! & bit) !== 0) === isSet) return;
    this.#codePages[index]! ^= bit;
    if (isSet) this.inline.flushWrites();
  }

  // Observing

  get observer(): MmuObserver | null {
    return this.#observer;
  }

  /** Tell `observer` everything from now on, or nobody. The inline TLB is emptied. */
  setObserver(observer: MmuObserver | null): void {
    this.#observer = observer;
    this.#controls = observer === null ? null : new ControlRegisters(this.#sysregs);
    this.forgetInline();
  }

  /** Tell the observer of every write to the 4 KiB of RAM at `pa`, or no longer. */
  watch(pa: number, isWatched: boolean): void {
    this.#setPageBit(pa, PAGE_WATCHED, isWatched);
  }

  isWatched(pa: number): boolean {
    return (this.#pageBits(pa) & PAGE_WATCHED) !== 0;
  }

  /** Take a translation in as a speculative access may: no rights are checked, no fault is told. */
  speculate(vaLo: number, vaHi: number): void {
    const regime = this.#regime;
    if (!regime.enabled || !inHalf(regime, vaLo, vaHi)) return;
    if (this.#tlb.lookup(vaLo, vaHi, regime.asid) >= 0) return;
    const result = this.#walk;
    walk(this.memory, regime, vaLo, vaHi, result, this.#observer);
    if (result.fault >= 0) return;
    this.#tlb.insert(vaLo, vaHi, regime.asid, result.base, result.shift, result.rights);
  }

  /** Lose what the TLB has of an address. */
  evict(vaLo: number, vaHi: number): void {
    this.#tlb.invalidateVa(vaLo, vaHi, null);
  }

  /** The next access to any page, and the next entry to any code, asks the MMU; the TLB stays as it is. */
  forgetInline(): void {
    this.inline.flush();
    this.onExecutedDropped?.(0, 0);
  }

  /**
   * Tell the observer that a translation is about to be used.
   * @returns false with `fault` set to FSC_AGAIN: the instruction has to be run alone
   */
  announce(vaLo: number, vaHi: number, access: Access, el: 0 | 1, pan: boolean): boolean {
    if (this.#observer === null) return true;
    const exact = this.position !== "inexact";
    if (!this.#observer.accessed(vaLo, vaHi, access, el, pan, exact)) return true;
    this.#fail(FSC_AGAIN, vaLo, vaHi);
    return false;
  }

  /** `[pa, pa + bytes)` was written, by the guest or the host. */
  noteWrite(pa: number, bytes: number): void {
    const observer = this.#observer;
    if (observer === null) return;
    for (let at = pa; at < pa + bytes;) {
      const next = Math.min(at - (at % 2 ** CODE_SHIFT) + 2 ** CODE_SHIFT, pa + bytes);
      if (this.isWatched(at)) observer.written(at, next - at);
      at = next;
    }
  }

  /** A control register may have been written. */
  controlWritten(): void {
    if (this.#observer !== null) this.#controls?.tellChanges(this.#observer);
  }

  barrier(barrier: Barrier): void {
    this.#observer?.barrier(barrier);
  }

  synchronized(by: Synchronization): void {
    this.#observer?.synchronized(by);
  }

  // TLB maintenance

  #isWithheld(operation: TlbiOperation): boolean {
    return this.#observer?.invalidated(operation) ?? false;
  }

  /** Let an invalidation that the observer withheld take effect. */
  apply(operation: TlbiOperation): void {
    switch (operation.kind) {
      case "all":
        return this.#tlb.invalidateAll();
      case "asid":
        return this.#tlb.invalidateAsid(operation.asid);
      case "va":
        return this.#tlb.invalidateVa(operation.vaLo, operation.vaHi, operation.asid);
      case "range": {
        const { vaLo, vaHi, bytes, asid } = operation;
        const granules = Math.ceil(bytes / 2 ** this.#tlb.granuleShift);
        return this.#tlb.invalidateRange(vaLo, vaHi, granules, asid);
      }
    }
  }

  /**
   * TLBI VAE1 (`asid`) and VAAE1 (null); VALE1 and VAALE1 with `lastLevel`. There is no walk cache to
   * tell the two apart. @param level what the TTL field promises; no hint by default
   */
  tlbiVa(
    vaLo: number,
    vaHi: number,
    asid: number | null,
    lastLevel = false,
    level: number | null = null,
  ): void {
    this.counters.tlbiVa++;
    this.#invalidate({ kind: "va", vaLo, vaHi, bytes: 0, asid, lastLevel, level });
  }

  /** TLBI RVAE1 and its kin: `bytes` from the address on. */
  tlbiRange(
    vaLo: number,
    vaHi: number,
    bytes: number,
    asid: number | null,
    lastLevel = false,
    level: number | null = null,
  ): void {
    this.counters.tlbiRange++;
    this.#invalidate({ kind: "range", vaLo, vaHi, bytes, asid, lastLevel, level });
  }

  /** TLBI ASIDE1. */
  tlbiAsid(asid: number): void {
    this.counters.tlbiAsid++;
    this.#invalidate({ kind: "asid", asid });
  }

  /** TLBI VMALLE1. */
  tlbiAll(): void {
    this.counters.tlbiAll++;
    this.#invalidate({ kind: "all" });
  }

  #invalidate(operation: TlbiOperation): void {
    if (!this.#isWithheld(operation)) this.apply(operation);
  }

  /** @internal The TLB lost an entry. */
  dropped(vaLo: number, vaHi: number, wasExecuted: boolean): void {
    this.inline.drop(vaLo, vaHi);
    this.#observer?.evicted?.(vaLo, vaHi);
    this.onDropped?.(vaLo, vaHi);
    if (wasExecuted) this.onExecutedDropped?.(vaLo, vaHi);
  }
}

/** Addresses outside their half never hit: the TLB does not keep the bits that tell. */
function inHalf(regime: Regime, vaLo: number, vaHi: number): boolean {
  return inRange(halfFor(regime, vaHi), vaLo, vaHi);
}
