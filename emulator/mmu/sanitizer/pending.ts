import { hexVa } from "../../arch/hex.js";
import type { TlbiOperation } from "../observer.js";
import { isGlobal, kindOf, spanOf, type Descriptor } from "./descriptor.js";
import { vaNumber } from "./outcome.js";
import type { Place } from "./report.js";
import type { Path, Table } from "./tables.js";

/**
 * A descriptor that was written, until the maintenance it needs is complete. `old` is what hardware may
 * still keep of it; null where it kept nothing (the old one was invalid or unused), so that only the
 * write has to become visible.
 */
export interface Pending {
  readonly table: Table;
  readonly index: number;
  readonly old: Descriptor | null;
  /** What memory had before, for reports. */
  readonly was: Descriptor;
  /** Ways to it that a TLBI has yet to cover, each complete on its own. */
  paths: PendingPath[];
  readonly writer: Place;
  /** The table that the old descriptor led to, held until this is complete. */
  readonly child: Table | null;
  /** A DSB came after the write. */
  visible: boolean;
  /** TLBIs that fell short. */
  early: Shortfall | null;
  narrow: Shortfall | null;
  /** Position in the order of events. */
  readonly sequence: number;
}

export interface PendingPath extends Path {
  /** ASID of the entries, or null: global, or the high half's. */
  readonly asid: number | null;
  /** A TLBI that covers it was executed; complete with the next DSB. */
  covered: Shortfall | null;
  /** Complete, but not yet synchronized: instruction fetches may use the old translation. */
  complete: boolean;
}

export interface Shortfall {
  readonly place: Place;
  readonly text: string;
}

/** Bytes a pending descriptor covers. */
export function spanOfPending({ table }: Pending): number {
  return spanOf(table.geometry, table.level);
}

/** "TLBI VALE1 of 0x80003000, ASID 1". */
export function describeTlbi(op: TlbiOperation): string {
  if (op.kind === "all") return "TLBI VMALLE1";
  if (op.kind === "asid") return `TLBI ASIDE1 of ASID ${op.asid}`;
  const name = `${op.kind === "range" ? "R" : ""}VA${op.asid === null ? "A" : ""}${op.lastLevel ? "L" : ""}E1`;
  const start = vaNumber(op.vaLo, op.vaHi);
  const range =
    op.kind === "range" ? `${hexVa(start)} to ${hexVa(start + op.bytes)}` : hexVa(start);
  const asid = op.asid === null ? "" : `, ASID ${op.asid}`;
  const level = op.level === null ? "" : `, TTL level ${op.level}`;
  return `TLBI ${name} of ${range}${asid}${level}`;
}

/** How urgently a reason for not covering an entry is worth telling: more for the nearer miss. */
export interface Miss {
  readonly why: string;
  readonly near: boolean;
}

/**
 * Whether a TLBI covers what hardware may keep of an entry (Arm ARM C5.5, and D8 "TLB maintenance
 * instructions").
 * @returns null if it does
 */
export function missOf(op: TlbiOperation, pending: Pending, path: PendingPath): Miss | null {
  if (op.kind === "all") return null;
  const { old, table } = pending;
  if (old === null) return null;
  const isTable = kindOf(old, table.geometry) === "table";
  const global = !isTable && isGlobal(old);
  const asidOk = op.asid === null || global || path.asid === null || op.asid === path.asid;
  const wrongAsid = `the entry is of ASID ${path.asid}`;
  if (op.kind === "asid") {
    if (global) return { why: "the entry is global", near: true };
    return asidOk ? null : { why: wrongAsid, near: true };
  }
  const start = vaNumber(op.vaLo, op.vaHi);
  const end = start + Math.max(op.bytes, 1);
  if (start >= path.va + spanOfPending(pending) || end <= path.va) {
    return { why: `the address is ${hexVa(path.va)}`, near: false };
  }
  if (!asidOk) return { why: wrongAsid, near: true };
  if (isTable && op.lastLevel) {
    return {
      why: "a table descriptor changed, which the forms with L leave in walk caches",
      near: true,
    };
  }
  if (op.level !== null && (isTable || op.level !== old.level)) {
    return { why: `the entry is ${isTable ? "a table" : ""} of level ${old.level}`, near: true };
  }
  return null;
}

/** Pending descriptors by the address they translate. */
export class PendingSet {
  readonly #all = new Set<Pending>();
  readonly #bySlot = new Map<number, Pending[]>();
  /** By bytes covered, then by address. */
  readonly #bySpan = new Map<number, Map<number, Set<Pending>>>();

  get size(): number {
    return this.#all.size;
  }

  [Symbol.iterator](): Iterator<Pending> {
    return this.#all[Symbol.iterator]();
  }

  add(pending: Pending): void {
    this.#all.add(pending);
    const slot = slotOf(pending);
    const same = this.#bySlot.get(slot);
    if (same === undefined) this.#bySlot.set(slot, [pending]);
    else same.push(pending);
    const span = spanOfPending(pending);
    let byVa = this.#bySpan.get(span);
    if (byVa === undefined) this.#bySpan.set(span, (byVa = new Map<number, Set<Pending>>()));
    for (const { va } of pending.paths) {
      const there = byVa.get(va);
      if (there === undefined) byVa.set(va, new Set([pending]));
      else there.add(pending);
    }
  }

  delete(pending: Pending): void {
    this.#all.delete(pending);
    const slot = slotOf(pending);
    const left = this.of(pending.table, pending.index).filter((p) => p !== pending);
    if (left.length > 0) this.#bySlot.set(slot, left);
    else this.#bySlot.delete(slot);
    this.#forget(pending, pending.paths);
  }

  /** A way to it is done. */
  dropPath(pending: Pending, path: PendingPath): void {
    pending.paths = pending.paths.filter((p) => p !== path);
    if (pending.paths.some((p) => p.va === path.va)) return;
    this.#forget(pending, [path]);
  }

  #forget(pending: Pending, paths: readonly PendingPath[]): void {
    const byVa = this.#bySpan.get(spanOfPending(pending));
    for (const { va } of paths) {
      const there = byVa?.get(va);
      there?.delete(pending);
      if (there?.size === 0) byVa?.delete(va);
    }
  }

  /** Those that translate an address. */
  *at(va: number): Generator<Pending> {
    for (const [span, byVa] of this.#bySpan) {
      const there = byVa.get(Math.floor(va / span) * span);
      if (there !== undefined) yield* there;
    }
  }

  /** Those of one slot. */
  of(table: Table, index: number): readonly Pending[] {
    return this.#bySlot.get(table.pa + 8 * index) ?? [];
  }
}

/** Physical address of the descriptor. */
export function slotOf({ table, index }: Pending): number {
  return table.pa + 8 * index;
}
