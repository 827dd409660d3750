/** One translated region. */
export interface Translation {
  /** Physical address of its first instruction, and the virtual address it was made for. */
  readonly physical: number;
  readonly pc: number;
  readonly modeKey: number;
  /** Executes it. @returns the table slot to go on at, or -1: see OFF_EXIT_CODE */
  readonly run: () => number;
}

/** Translations are forgotten in units of this size (log2), as the MMU tracks code. */
export const CODE_PAGE_SHIFT = 12;

/**
 * Translations by physical address: what code does depends on its bytes, its virtual address and the
 * mode, never on the address space, so tasks that share a page share its translations.
 */
export class CodeCache {
  readonly #byPhysical = new Map<number, Translation[]>();
  /** Physical addresses of translations that have instructions in a code page. */
  readonly #byPage = new Map<number, Set<number>>();
  size = 0;

  find(physical: number, pc: number, modeKey: number): Translation | null {
    for (const t of this.#byPhysical.get(physical) ?? []) {
      if (t.pc === pc && t.modeKey === modeKey) return t;
    }
    return null;
  }

  /** @param pages code pages the translation read instructions from */
  add(translation: Translation, pages: Iterable<number>): void {
    const list = this.#byPhysical.get(translation.physical);
    if (list === undefined) this.#byPhysical.set(translation.physical, [translation]);
    else list.push(translation);
    this.size++;
    for (const page of pages) {
      const set = this.#byPage.get(page);
      if (set === undefined) this.#byPage.set(page, new Set([translation.physical]));
      else set.add(translation.physical);
    }
  }

  /** Forget what was translated from a code page. @returns false if nothing was */
  dropPage(page: number): boolean {
    const set = this.#byPage.get(page);
    if (set === undefined) return false;
    for (const physical of set) {
      this.size -= this.#byPhysical.get(physical)?.length ?? 0;
      this.#byPhysical.delete(physical);
    }
    this.#byPage.delete(page);
    return true;
  }

  /** Forget one translation. */
  drop(translation: Translation): void {
    const list = this.#byPhysical.get(translation.physical);
    const at = list?.indexOf(translation) ?? -1;
    if (list === undefined || at < 0) return;
    list.splice(at, 1);
    this.size--;
    if (list.length === 0) this.#byPhysical.delete(translation.physical);
  }

  clear(): number[] {
    const pages = [...this.#byPage.keys()];
    this.#byPhysical.clear();
    this.#byPage.clear();
    this.size = 0;
    return pages;
  }
}
