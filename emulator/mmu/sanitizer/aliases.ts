import type { Regime } from "../regime.js";
import { addressIn, memoryType, spanOf } from "./descriptor.js";
import type { Table, Tables } from "./tables.js";

/** Which leaves map each page, and as what memory (Arm ARM B2, "Mismatched memory attributes"). */

export interface Alias {
  readonly table: Table;
  readonly index: number;
  readonly pa: number;
  readonly span: number;
  /** Memory type, cacheability and shareability in words. */
  readonly type: string;
}

const UNIT = 4096;
/** Larger leaves are kept in a list. */
const MAX_UNITS = 16;

export class Aliases {
  readonly #byUnit = new Map<number, Alias[]>();
  #blocks: Alias[] = [];

  clear(): void {
    this.#byUnit.clear();
    this.#blocks = [];
  }

  /** @returns a leaf that maps some of the same memory as another type, or null */
  add(
    tables: Tables,
    table: Table,
    index: number,
    regime: Readonly<Regime>,
  ): { readonly added: Alias; readonly other: Alias } | null {
    const d = tables.descriptor(table, index);
    const pa = addressIn(d, table.geometry);
    const span = spanOf(table.geometry, table.level);
    const added: Alias = { table, index, pa, span, type: memoryType(d, regime) };
    const other = this.#mismatch(added);
    if (span > MAX_UNITS * UNIT) this.#blocks.push(added);
    else {
      for (const unit of unitsOf(added)) {
        const there = this.#byUnit.get(unit);
        if (there === undefined) this.#byUnit.set(unit, [added]);
        else there.push(added);
      }
    }
    return other === null ? null : { added, other };
  }

  #mismatch(added: Alias): Alias | null {
    const differs = (a: Alias): boolean =>
      a.type !== added.type && a.pa < added.pa + added.span && added.pa < a.pa + a.span;
    const block = this.#blocks.find(differs);
    if (block !== undefined) return block;
    const candidates =
      added.span / UNIT <= this.#byUnit.size
        ? [...unitsOf(added)].flatMap((unit) => this.#byUnit.get(unit) ?? [])
        : [...this.#byUnit.values()].flat();
    return candidates.find(differs) ?? null;
  }

  remove(tables: Tables, table: Table, index: number): void {
    const pa = addressIn(tables.descriptor(table, index), table.geometry);
    const span = spanOf(table.geometry, table.level);
    const isIt = (a: Alias): boolean => a.table === table && a.index === index;
    if (span > MAX_UNITS * UNIT) {
      this.#blocks = this.#blocks.filter((a) => !isIt(a));
      return;
    }
    for (const unit of unitsOf({ pa, span })) {
      const left = (this.#byUnit.get(unit) ?? []).filter((a) => !isIt(a));
      if (left.length > 0) this.#byUnit.set(unit, left);
      else this.#byUnit.delete(unit);
    }
  }
}

function* unitsOf({ pa, span }: { readonly pa: number; readonly span: number }): Generator<number> {
  for (let unit = pa / UNIT; unit < (pa + span) / UNIT; unit++) yield unit;
}
