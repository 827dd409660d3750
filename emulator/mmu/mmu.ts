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
  /** With FSC_EXTERNAL: the physical address where there is no RAM. A device may be there. */
  physical: number;
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

/** Pages that hold translated code are tracked in units of the smallest page. */
const CODE_SHIFT = 12;

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
  readonly fault: TranslationFault = { status: 0, vaLo: 0, vaHi: 0, physical: 0 };
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
  readonly #codePages: Uint8Array;
  #tlb: Tlb;
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
    if (!this.memory.contains(pa, 1)) {
      this.fault.physical = pa;
      return this.#fail(FSC_EXTERNAL, vaLo, vaHi);
    }
    if (access === ACCESS_EXEC && this.#regime.enabled) this.#tlb.markExecuted();
    return pa;
  }

  /** Translate for a read of translated code and remember the page. @returns host offset, or -1 */
  refillRead(vaLo: number, vaHi: number): number {
    const pa = this.translate(vaLo, vaHi, ACCESS_READ, this.#el, this.#pan);
    if (pa < 0) return -1;
    const host = pa - this.memory.ramBase + RAM_OFFSET;
    if (!this.#isDevice()) this.inline.fillRead(vaLo, vaHi, host);
    return host;
  }

  /** The same for a write; a page that holds code is not remembered. @returns host offset, or -1 */
  refillWrite(vaLo: number, vaHi: number): number {
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
        return rights;
      }
    }
    const result = this.#walk;
    walk(this.memory, regime, vaLo, vaHi, result);
    this.counters.walks++;
    this.counters.walkReads += result.reads;
    if (result.fault >= 0) return this.#fail(result.fault, vaLo, vaHi);
    const { rights } = result;
    this.#tlb.insert(vaLo, vaHi, regime.asid, result.base, result.shift, rights);
    this.#lastRights = rights;
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

  /** Says whether any code was translated from the frames that share an inline TLB page with `pa`. */
  #codeInPage(pa: number): boolean {
    const unit = 1 << (this.inline.pageShift - CODE_SHIFT);
    const index = Math.floor((pa - this.memory.ramBase) / 2 ** CODE_SHIFT);
    const first = index - (index % unit);
    for (let i = first; i < first + unit; i++) if (this.#codePages[i] !== 0) return true;
    return false;
  }

  /** Whether code was translated from the 4 KiB of RAM that contain `pa`. */
  isCodePage(pa: number): boolean {
    return this.#codePages[Math.floor((pa - this.memory.ramBase) / 2 ** CODE_SHIFT)] === 1;
  }

  /** Code was translated from the 4 KiB of RAM at `pa`, or none is left there. */
  setCodePage(pa: number, isCode: boolean): void {
    const index = Math.floor((pa - this.memory.ramBase) / 2 ** CODE_SHIFT);
    if ((this.#codePages[index] === 1) === isCode) return;
    this.#codePages[index] = isCode ? 1 : 0;
    if (isCode) this.inline.flushWrites();
  }

  /** TLBI VAE1 and VALE1 (`asid`), VAAE1 and VAALE1 (null). There is no walk cache to tell apart. */
  tlbiVa(vaLo: number, vaHi: number, asid: number | null): void {
    this.counters.tlbiVa++;
    this.#tlb.invalidateVa(vaLo, vaHi, asid);
  }

  /** TLBI RVAE1 and its kin: `bytes` from the address on. */
  tlbiRange(vaLo: number, vaHi: number, bytes: number, asid: number | null): void {
    this.counters.tlbiRange++;
    this.#tlb.invalidateRange(vaLo, vaHi, Math.ceil(bytes / 2 ** this.#tlb.granuleShift), asid);
  }

  /** TLBI ASIDE1. */
  tlbiAsid(asid: number): void {
    this.counters.tlbiAsid++;
    this.#tlb.invalidateAsid(asid);
  }

  /** TLBI VMALLE1. */
  tlbiAll(): void {
    this.counters.tlbiAll++;
    this.#tlb.invalidateAll();
  }

  /** @internal The TLB lost an entry. */
  dropped(vaLo: number, vaHi: number, wasExecuted: boolean): void {
    this.inline.drop(vaLo, vaHi);
    this.onDropped?.(vaLo, vaHi);
    if (wasExecuted) this.onExecutedDropped?.(vaLo, vaHi);
  }
}

/** Addresses outside their half never hit: the TLB does not keep the bits that tell. */
function inHalf(regime: Regime, vaLo: number, vaHi: number): boolean {
  return inRange(halfFor(regime, vaHi), vaLo, vaHi);
}
