import { PTE_LO_AF, PTE_LO_AP_RO } from "../arch/descriptor.js";
import type { CpuModel } from "../arch/cpu-model.js";
import {
  FSC_ADDRESS_SIZE_L0,
  FSC_ALIGNMENT,
  FSC_EXTERNAL,
  FSC_PERMISSION_L0,
  FSC_TRANSLATION_L0,
} from "../arch/esr.js";
import type { SysregFile } from "../arch/sysreg.js";
import {
  ACCESS_EXEC,
  ACCESS_READ,
  ACCESS_WRITE,
  allows,
  ATTR_AP_RO,
  ATTR_CONTIGUOUS,
  ATTR_GUARDED,
  ATTR_INDEX_SHIFT,
  ATTR_LEVEL_SHIFT,
  ATTR_SH_SHIFT,
  rightsUnder,
  type Access,
} from "./access.js";
import { countersOf, type AsidCounters } from "./counters.js";
import { MaintainedMmu } from "./maintained.js";
import { RAM_OFFSET, type PhysMemory } from "./phys-memory.js";
import { newRegime, readRegime, type Half, type Regime } from "./regime.js";
import type { TlbOptions } from "./tlb-options.js";
import { halfFor, inRange, newWalkResult, walk, type WalkResult, type WalkTarget } from "./walk.js";

export type { MmuCounters } from "./counters.js";
export { FSC_AGAIN, type TranslationFault } from "./observable.js";

/** What the last translation that succeeded found, besides the address. */
export interface TranslationDetails {
  /** The memory type's byte of MAIR_EL1; SH of the descriptor. */
  readonly memoryType: number;
  readonly shareability: number;
}

/** With translation off: normal write-back memory, AttrIndx counting for nothing. */
const FLAT_TYPE = 0xff;
/** SH of what is off: outer shareable. */
const FLAT_SH = 2;
const NO_ENTRY = -1;

/**
 * The memory management unit: the walker, the TLB and its inline cache behind one face. The TLB
 * model is the truth about what the CPU believes; the inline TLB holds nothing else.
 *
 * A translation that is refused is refused for the first reason in the architecture's order (Arm ARM D8.15): the address
 * is outside its half or denied to EL0 (E0PD); a level of the walk, from the first to the last; the output
 * address; the access flag; alignment, where the memory is Device; permissions; an external abort.
 *
 * With translation off memory is Normal here, as QEMU's is, though the architecture says Device: unaligned
 * accesses do not fault.
 */
export class Mmu extends MaintainedMmu {
  /** The MMU itself wrote a descriptor of 8 bytes: what was made of that memory is stale. */
  onDescriptorWrite: ((pa: number) => void) | null = null;
  readonly #model: CpuModel;
  readonly #regime: Regime = newRegime();
  readonly #walk: WalkResult = newWalkResult();
  readonly #target: WalkTarget;
  readonly #fillsInline: boolean;
  readonly #contiguous: boolean;
  /** Who data accesses are made for. */
  #el: 0 | 1 = 1;
  #pan = false;
  /** What the last lookup or walk found; the entry is NO_ENTRY where it may not be kept. */
  #entry = NO_ENTRY;
  #attributes = 0;
  #base = 0;
  #shift = 0;
  #asidCounters: AsidCounters;

  constructor(memory: PhysMemory, sysregs: SysregFile, model: CpuModel, options: TlbOptions = {}) {
    super(memory, sysregs, options);
    this.#model = model;
    this.#target = { memory, tables: this.tlb.walkCache, observer: null };
    this.#fillsInline = options.inline ?? true;
    this.#contiguous = options.contiguous ?? false;
    readRegime(sysregs, model, this.#regime);
    this.#asidCounters = countersOf(this.counters, this.#regime.asid);
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
    const regime = this.#regime;
    const { asid } = regime;
    readRegime(this.sysregs, this.#model, regime);
    if (regime.asid !== asid) this.#asidCounters = countersOf(this.counters, regime.asid);
    if (regime.pageShift === this.inline.pageShift) this.inline.flush();
    else this.inline.setPageShift(regime.pageShift);
  }

  // Translation

  /**
   * Translate the address of an access through the TLB, walking on a miss.
   * @param isUnaligned the access is not aligned as Device memory asks
   * @returns the physical address, or -1 with `fault` filled in
   */
  translate(
    vaLo: number,
    vaHi: number,
    access: Access,
    el: 0 | 1,
    pan: boolean,
    isUnaligned = false,
  ): number {
    const pa = this.#resolve(vaLo, vaHi, access, el, pan, true, isUnaligned);
    if (pa < 0) return -1;
    if (!this.memory.contains(pa, 1)) {
      this.fault.physical = pa;
      return this.fail(FSC_EXTERNAL, vaLo, vaHi);
    }
    if (access === ACCESS_EXEC && this.#entry !== NO_ENTRY) this.tlb.markExecuted(this.#entry);
    return pa;
  }

  /**
   * Translate for an AT instruction or cache maintenance: nothing is accessed, so an output address that leads
   * nowhere is no fault. They set the access flag where the hardware does that (TCR_EL1.HA), as the manual's
   * pseudocode and QEMU do, but make no page dirty.
   */
  probe(vaLo: number, vaHi: number, access: Access, el: 0 | 1, pan: boolean): number {
    return this.#resolve(vaLo, vaHi, access, el, pan, false, false);
  }

  #resolve(
    vaLo: number,
    vaHi: number,
    access: Access,
    el: 0 | 1,
    pan: boolean,
    isAccess: boolean,
    isUnaligned: boolean,
  ): number {
    const regime = this.#regime;
    const half = halfFor(regime, vaHi);
    const ignoresTop = access === ACCESS_EXEC ? half.fetchTopByteIgnored : half.topByteIgnored;
    if (!regime.enabled) return this.#flat(vaLo, vaHi, ignoresTop);
    this.counters.lookups++;
    this.#asidCounters.lookups++;
    if (
      half.badSize ||
      (el === 0 && half.deniedToEl0) ||
      !inRange(half.txsz, ignoresTop, vaLo, vaHi)
    ) {
      return this.fail(FSC_TRANSLATION_L0, vaLo, vaHi);
    }
    let isFresh = !this.#lookup(half, vaLo, vaHi, access);
    for (;;) {
      if (isFresh && !this.#walkTo(vaLo, vaHi)) return -1;
      const flagIsClear = isFresh && this.#walk.clearAccessFlag;
      // What has its access flag clear must not be kept; and a refused access does not set it.
      if (isFresh && !flagIsClear) this.#keep(half, vaLo, vaHi, access);
      if (isUnaligned && this.#isDevice()) return this.fail(FSC_ALIGNMENT, vaLo, vaHi);
      const attributes = this.#attributes;
      if (!allows(attributes, access, el, pan, regime)) {
        const level = (attributes >> ATTR_LEVEL_SHIFT) & 3;
        return this.fail(FSC_PERMISSION_L0 + level, vaLo, vaHi);
      }
      const dirties = isAccess && access === ACCESS_WRITE && (attributes & ATTR_AP_RO) !== 0;
      if (dirties && !isFresh) {
        // A clean page is written. The descriptor itself decides, not what the TLB remembers of it.
        this.tlb.forget(vaLo, vaHi, regime.asid, half.geometry.index);
        isFresh = true;
        continue;
      }
      if (flagIsClear || dirties) this.#update(flagIsClear, dirties);
      if (flagIsClear) this.#keep(half, vaLo, vaHi, access);
      else if (dirties) this.tlb.setAttributes(this.#entry, this.#attributes);
      return this.#base + offsetWithin(vaLo, vaHi, this.#shift);
    }
  }

  /** Translation is off: addresses are physical. */
  #flat(vaLo: number, vaHi: number, ignoresTop: boolean): number {
    this.#entry = NO_ENTRY;
    this.#attributes = 0;
    const pa = ((ignoresTop ? vaHi & 0x00ff_ffff : vaHi) >>> 0) * 2 ** 32 + (vaLo >>> 0);
    if (pa >= this.#regime.physicalLimit) return this.fail(FSC_ADDRESS_SIZE_L0, vaLo, vaHi);
    return pa;
  }

  #lookup({ geometry }: Half, vaLo: number, vaHi: number, access: Access): boolean {
    const { asid } = this.#regime;
    const entry = this.tlb.lookup(vaLo, vaHi, asid, geometry.index, access);
    if (entry < 0) {
      this.#asidCounters.misses++;
      return false;
    }
    this.counters.hits++;
    this.#take(entry);
    this.watcher?.hit?.(vaLo, vaHi, asid);
    return true;
  }

  #take(entry: number): void {
    this.#entry = entry;
    this.#attributes = this.tlb.attributes(entry);
    this.#base = this.tlb.base(entry);
    this.#shift = this.tlb.shift(entry);
  }

  /** Walk to the address's leaf. @returns false with `fault` set */
  #walkTo(vaLo: number, vaHi: number): boolean {
    const { counters } = this;
    const found = this.#walk;
    this.#target.observer = this.watcher;
    walk(this.#target, this.#regime, vaLo, vaHi, found);
    counters.walks++;
    this.#asidCounters.walks++;
    if (found.isShort) counters.shortWalks++;
    counters.walkReads += found.reads;
    this.#entry = NO_ENTRY;
    this.#attributes = found.attributes;
    this.#base = found.base;
    this.#shift = found.shift;
    if (found.fault < 0) return true;
    counters.walkFaults++;
    this.fail(found.fault, vaLo, vaHi);
    return false;
  }

  /** Keep what the walk found in the TLB. */
  #keep({ geometry }: Half, vaLo: number, vaHi: number, access: Access): void {
    const { level } = this.#walk;
    const attributes = this.#attributes;
    if (this.#contiguous && (attributes & ATTR_CONTIGUOUS) !== 0) {
      this.#shift = geometry.contiguousShift[level as 0 | 1 | 2 | 3];
      this.#base -= this.#base % 2 ** this.#shift;
    }
    const { asid } = this.#regime;
    const [shift, base] = [this.#shift, this.#base];
    const { index } = geometry;
    this.#entry = this.tlb.insert(vaLo, vaHi, asid, index, shift, attributes, base, access);
    if (this.watcher === null) return;
    const rights = rightsUnder(attributes, this.#regime);
    this.watcher.filled?.(vaLo, vaHi, asid, base, shift, level, rights);
  }

  /**
   * The hardware sets the access flag of the descriptor just read, or makes the page dirty: DBM and AP[2] become
   * DBM alone. There is one CPU: it is atomic.
   */
  #update(setsFlag: boolean, dirties: boolean): void {
    const found = this.#walk;
    if (setsFlag) {
      found.pteLo |= PTE_LO_AF;
      this.counters.accessFlagsSet++;
    }
    if (dirties) {
      found.pteLo &= ~PTE_LO_AP_RO;
      this.#attributes &= ~ATTR_AP_RO;
      this.counters.dirtyStatesSet++;
    }
    this.memory.i32[this.memory.hostOffset(found.ptePa) / 4] = found.pteLo;
    this.onDescriptorWrite?.(found.ptePa);
    this.watcher?.updatedByHardware?.(found.ptePa, found.pteLo, found.pteHi);
  }

  #memoryType(): number {
    const { enabled, mairLo, mairHi } = this.#regime;
    if (!enabled) return FLAT_TYPE;
    const index = (this.#attributes >> ATTR_INDEX_SHIFT) & 7;
    return ((index < 4 ? mairLo >>> (index * 8) : mairHi >>> ((index - 4) * 8)) & 0xff) >>> 0;
  }

  #isDevice(): boolean {
    return (this.#memoryType() & 0xf0) === 0;
  }

  /** Of the last translation that succeeded. */
  get lastDetails(): TranslationDetails {
    const { enabled } = this.#regime;
    // Off, memory is Device-nGnRnE as far as PAR_EL1 tells.
    const memoryType = enabled ? this.#memoryType() : 0;
    const shareability = enabled ? (this.#attributes >> ATTR_SH_SHIFT) & 3 : FLAT_SH;
    return { memoryType, shareability };
  }

  /** Whether the page of the last translation is guarded (FEAT_BTI). */
  get lastGuarded(): boolean {
    return (this.#attributes & ATTR_GUARDED) !== 0;
  }

  // For translated code

  /**
   * Translate for a read of translated code and remember the page, unless it is Device memory.
   * @returns host offset, or -1
   */
  refillRead(vaLo: number, vaHi: number, isUnaligned: boolean): number {
    if (!this.announce(vaLo, vaHi, ACCESS_READ, this.#el, this.#pan)) return -1;
    const pa = this.translate(vaLo, vaHi, ACCESS_READ, this.#el, this.#pan, isUnaligned);
    if (pa < 0) return -1;
    const host = pa - this.memory.ramBase + RAM_OFFSET;
    if (this.#fillsInline && !this.#isDevice()) this.inline.fillRead(vaLo, vaHi, host);
    return host;
  }

  /** The same for a write; a page that holds code or is watched is not remembered. @returns host offset, or -1 */
  refillWrite(vaLo: number, vaHi: number, isUnaligned: boolean): number {
    if (!this.announce(vaLo, vaHi, ACCESS_WRITE, this.#el, this.#pan)) return -1;
    const pa = this.translate(vaLo, vaHi, ACCESS_WRITE, this.#el, this.#pan, isUnaligned);
    if (pa < 0) return -1;
    const host = pa - this.memory.ramBase + RAM_OFFSET;
    const remembers = this.#fillsInline && !this.#isDevice();
    if (remembers && !this.marks.anyInPage(pa, this.inline.pageShift)) {
      this.inline.fillWrite(vaLo, vaHi, host);
    }
    return host;
  }

  /**
   * Take a translation in as a speculative access may: no rights are checked, no fault is told, no access flag
   * is set.
   */
  speculate(vaLo: number, vaHi: number): void {
    const regime = this.#regime;
    const half = halfFor(regime, vaHi);
    if (!regime.enabled || half.badSize) return;
    if (!inRange(half.txsz, half.topByteIgnored, vaLo, vaHi)) return;
    if (this.tlb.lookup(vaLo, vaHi, regime.asid, half.geometry.index, ACCESS_READ) >= 0) return;
    if (!this.#walkTo(vaLo, vaHi) || this.#walk.clearAccessFlag) return;
    this.#keep(half, vaLo, vaHi, ACCESS_READ);
  }
}

/** The low bits of an address that a translation of `2^shift` bytes leaves alone. */
function offsetWithin(vaLo: number, vaHi: number, shift: number): number {
  if (shift < 32) return (vaLo & ((1 << shift) - 1)) >>> 0;
  return ((vaHi & ((1 << (shift - 32)) - 1)) >>> 0) * 2 ** 32 + (vaLo >>> 0);
}
