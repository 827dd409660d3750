/** What was translated together: the regions of one WebAssembly module. It lives and dies as a whole. */
export interface Unit {
  /** Pages its regions lie in: virtual and physical address of each. They call one another directly. */
  readonly pages: readonly MappedPage[];
  /** Code pages (CODE_PAGE_SHIFT) from the first instruction of each region to its last. */
  readonly codePages: ReadonlySet<number>;
  readonly translations: Translation[];
  /** Physical address and number of instructions of each block of its whole regions, and their mode: none if it has none. */
  readonly covered: readonly number[];
  readonly modeKey: number;
  /** About how much memory it costs. */
  bytes: number;
  /** Doors that have been opened, or are not to be. */
  readonly opened: Set<number>;
  /** `CodeCache.epoch` when its pages were last found mapped where they were. */
  checked: number;
}

export interface MappedPage {
  readonly va: number;
  readonly pa: number;
}

/** One translated region. */
export interface Translation {
  readonly unit: Unit;
  /** Physical address of its first instruction, and the virtual address it was made for. */
  readonly physical: number;
  readonly pc: number;
  readonly modeKey: number;
  /** Where the code that begins at `pc` has its first gap. */
  readonly end: number;
  /** A block within a region, for control that came into the middle of that: a region of its own if it stays there. */
  readonly isDetour: boolean;
  /** Addresses of the indirect branches in it. */
  readonly indirect: readonly number[];
  /** Where else its region can be entered: addresses, each followed by the number of the entry (jit/entries.ts). */
  readonly doors: readonly number[];
  /** Somebody asked for it, or is not to be counted; until then it was translated on a guess. */
  wanted: boolean;
  /** Executes it. @returns the table slot to go on at, or one of NEXT_* (jit/exit.ts) */
  readonly run: () => number;
}

/** Translations are forgotten in units of this size (log2), as the MMU tracks code. */
export const CODE_PAGE_SHIFT = 12;
export const CODE_PAGE_BYTES = 2 ** CODE_PAGE_SHIFT;

/**
 * Translations by physical address: what code does depends on its bytes, its virtual address and the
 * mode, never on the address space, so tasks that share a page share its translations.
 */
export class CodeCache {
  readonly #byPhysical = new Map<number, Translation[]>();
  readonly #byPage = new Map<number, Set<Unit>>();
  readonly #covered = new Coverage();
  readonly #onDrop: (translation: Translation) => void;
  /** Memory that the translations take, by estimate. */
  bytes = 0;
  /** Counts the moments after which pages may be mapped elsewhere. */
  epoch = 0;

  /** @param onDrop told of every translation that is forgotten */
  constructor(onDrop: (translation: Translation) => void) {
    this.#onDrop = onDrop;
  }

  /** @param isMapped whether a page is still where it was */
  find(
    physical: number,
    pc: number,
    modeKey: number,
    isMapped: (page: MappedPage) => boolean,
  ): Translation | null {
    for (const t of this.#byPhysical.get(physical) ?? []) {
      if (t.pc !== pc || t.modeKey !== modeKey) continue;
      if (this.#isMapped(t.unit, isMapped)) return t;
    }
    return null;
  }

  #isMapped(unit: Unit, isMapped: (page: MappedPage) => boolean): boolean {
    if (unit.checked !== this.epoch) {
      if (!unit.pages.every(isMapped)) return false;
      unit.checked = this.epoch;
    }
    return true;
  }

  /**
   * A region that can be entered at an address in its middle, and has not been yet. Takes the door: it is not found again.
   * @param isMapped whether a page is still where it was
   */
  takeDoor(
    physical: number,
    pc: number,
    modeKey: number,
    isMapped: (page: MappedPage) => boolean,
  ): { readonly into: Translation; readonly entry: number } | null {
    for (const unit of this.#byPage.get(Math.floor(physical / CODE_PAGE_BYTES)) ?? []) {
      if (unit.modeKey !== modeKey || unit.opened.has(pc)) continue;
      for (const into of unit.translations) {
        if (into.physical - into.pc !== physical - pc) continue;
        const at = doorAt(into.doors, pc);
        if (at < 0 || !this.#isMapped(unit, isMapped)) continue;
        unit.opened.add(pc);
        return { into, entry: into.doors[at + 1]! };
      }
    }
    return null;
  }

  /** Whether the instruction at an address is part of a region, wherever that begins. */
  covers(physical: number, modeKey: number): boolean {
    return this.#covered.has(physical, modeKey);
  }

  /** A translation, wherever its unit's other pages are mapped. */
  peek(physical: number, pc: number, modeKey: number): Translation | null {
    const list = this.#byPhysical.get(physical);
    return list?.find((t) => t.pc === pc && t.modeKey === modeKey) ?? null;
  }

  /** Find a translation from now on. */
  addTranslation(translation: Translation): void {
    const list = this.#byPhysical.get(translation.physical);
    if (list === undefined) this.#byPhysical.set(translation.physical, [translation]);
    else list.push(translation);
  }

  add(unit: Unit): void {
    for (const translation of unit.translations) this.addTranslation(translation);
    this.bytes += unit.bytes;
    this.#covered.add(unit.covered, unit.modeKey);
    for (const page of unit.codePages) {
      const set = this.#byPage.get(page);
      if (set === undefined) this.#byPage.set(page, new Set([unit]));
      else set.add(unit);
    }
  }

  /** Forget what was translated from a code page. @returns code pages that nothing is left of */
  dropPage(page: number): number[] {
    return [...(this.#byPage.get(page) ?? [])].flatMap((unit) => this.drop(unit));
  }

  /** Find a translation no more. The rest of its unit, which may call it, stays. */
  hide(translation: Translation): void {
    const list = this.#byPhysical.get(translation.physical);
    const at = list?.indexOf(translation) ?? -1;
    if (list === undefined || at < 0) return;
    list.splice(at, 1);
    if (list.length === 0) this.#byPhysical.delete(translation.physical);
  }

  /** Forget a unit. @returns code pages that nothing is left of */
  drop(unit: Unit): number[] {
    for (const translation of unit.translations) {
      this.hide(translation);
      this.#onDrop(translation);
    }
    const emptied: number[] = [];
    for (const page of unit.codePages) {
      const set = this.#byPage.get(page);
      if (set?.delete(unit) !== true) continue;
      if (set.size > 0) continue;
      this.#byPage.delete(page);
      this.#covered.dropPage(page);
      emptied.push(page);
    }
    this.bytes -= unit.bytes;
    return emptied;
  }

  /** Forget everything. @returns the code pages there were */
  clear(): number[] {
    const pages = [...this.#byPage.keys()];
    this.#byPhysical.clear();
    this.#byPage.clear();
    this.#covered.clear();
    this.bytes = 0;
    return pages;
  }
}

/** Index of an address in `Translation.doors`, -1 if it is none. */
export function doorAt(doors: readonly number[], pc: number): number {
  for (let i = 0; i < doors.length; i += 2) if (doors[i] === pc) return i;
  return -1;
}

/** A set of instructions: a bit for each, by mode and code page. */
class Coverage {
  readonly #pages = new Map<number, Map<number, Uint32Array>>();

  /** @param ranges physical addresses, each followed by a number of instructions */
  add(ranges: readonly number[], modeKey: number): void {
    for (let i = 0; i < ranges.length; i += 2) {
      let page = Math.floor(ranges[i]! / CODE_PAGE_BYTES);
      let n = (ranges[i]! - page * CODE_PAGE_BYTES) >> 2;
      let left = ranges[i + 1]!;
      while (left > 0) {
        const bits = this.#bitsOf(page++, modeKey);
        const end = Math.min(n + left, INSNS_PER_PAGE);
        left -= end - n;
        for (; n < end; n++) bits[n >>> 5]! |= 1 << n;
        n = 0;
      }
    }
  }

  #bitsOf(page: number, modeKey: number): Uint32Array {
    let modes = this.#pages.get(page);
    if (modes === undefined) this.#pages.set(page, (modes = new Map()));
    let bits = modes.get(modeKey);
    if (bits === undefined) modes.set(modeKey, (bits = new Uint32Array(WORDS_OF_BITS)));
    return bits;
  }

  has(physical: number, modeKey: number): boolean {
    const bits = this.#pages.get(Math.floor(physical / CODE_PAGE_BYTES))?.get(modeKey);
    if (bits === undefined) return false;
    const n = (physical % CODE_PAGE_BYTES) / 4;
    return (bits[n >>> 5]! & (1 << n)) !== 0;
  }

  dropPage(page: number): void {
    this.#pages.delete(page);
  }

  clear(): void {
    this.#pages.clear();
  }
}

const INSNS_PER_PAGE = CODE_PAGE_BYTES / 4;
const WORDS_OF_BITS = INSNS_PER_PAGE / 32;
