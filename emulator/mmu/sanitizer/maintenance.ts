import type { Access } from "../access.js";
import { ACCESS_EXEC } from "../access.js";
import type { Barrier, TlbiOperation } from "../observer.js";
import { isCacheable, isGlobal, kindOf, type Descriptor } from "./descriptor.js";
import {
  describeTlbi,
  missOf,
  PendingSet,
  type Pending,
  type PendingPath,
  type Shortfall,
} from "./pending.js";
import type { MmuRule, Place } from "./report.js";
import type { Path, Root, Table, Tables } from "./tables.js";

/** A TLBI that was executed. */
interface Executed {
  readonly operation: TlbiOperation;
  readonly place: Place;
  readonly sequence: number;
  /** Tables in use when it was executed: filled again at once, whatever it invalidated. */
  readonly inUse: readonly Root[];
}

/** What is wrong with using an address now. */
export interface Hazard {
  readonly pending: Pending;
  readonly path: PendingPath;
  readonly rule: MmuRule;
  readonly shortfall: Shortfall | null;
}

/** TLBIs remembered to say which one fell short. */
const RECENT = 16;

/** Follows every changed descriptor through DSB, TLBI, DSB and ISB. */
export class Maintenance {
  readonly pending = new PendingSet();
  readonly #tables: Tables;
  #sinceDsb: Executed[] = [];
  #recent: Executed[] = [];
  #sequence = 0;

  constructor(tables: Tables) {
    this.#tables = tables;
  }

  /**
   * A descriptor that hardware may keep was changed, or one that it now may keep was written.
   * @param old null where it kept nothing
   * @param child the table it led to, held for us
   */
  add(
    table: Table,
    index: number,
    old: Descriptor | null,
    was: Descriptor,
    paths: readonly Path[],
    writer: Place,
    child: Table | null,
  ): void {
    const kept = old ?? this.#tables.descriptor(table, index);
    const global = kindOf(kept, table.geometry) === "leaf" && isGlobal(kept);
    this.pending.add({
      table,
      index,
      old,
      was,
      writer,
      child,
      visible: false,
      early: null,
      narrow: null,
      sequence: ++this.#sequence,
      paths: paths.map((path) => ({
        ...path,
        asid: global ? null : path.root.asid,
        covered: null,
        complete: false,
      })),
    });
  }

  finish(pending: Pending): void {
    this.pending.delete(pending);
    if (pending.child !== null) this.#tables.unhold(pending.child);
  }

  invalidated(operation: TlbiOperation, place: Place): void {
    const inUse = this.#tables.roots.filter((root) => root.isCurrent);
    const executed = { operation, place, sequence: ++this.#sequence, inUse };
    this.#sinceDsb.push(executed);
    this.#recent = [...this.#recent.slice(1 - RECENT), executed];
    for (const pending of this.pending) {
      for (const path of pending.paths) this.#judge(pending, path, executed);
    }
  }

  #judge(pending: Pending, path: PendingPath, { operation, place }: Executed): void {
    if (pending.old === null || path.covered !== null) return;
    const miss = missOf(operation, pending, path);
    const text = describeTlbi(operation);
    if (miss !== null) {
      if (miss.near) pending.narrow = { place, text: `${text}: ${miss.why}` };
    } else if (pending.visible) path.covered = { place, text };
    else pending.early = { place, text };
  }

  barrier({ accesses }: Barrier): void {
    if (accesses === "loads") return;
    for (const pending of this.pending) {
      pending.visible = true;
      if (accesses !== "all") continue;
      for (const path of pending.paths) path.complete = path.covered !== null;
    }
    if (accesses === "all") this.#cleanRoots();
  }

  /** What was used before, and is not now, may have left the TLB altogether. */
  #cleanRoots(): void {
    const executed = this.#sinceDsb;
    this.#sinceDsb = [];
    for (const { operation, inUse } of executed) {
      if (operation.kind !== "all" && operation.kind !== "asid") continue;
      for (const root of [...this.#tables.roots]) {
        if (root.isCurrent || inUse.includes(root)) continue;
        if (operation.kind === "asid") {
          if (root.asid !== operation.asid) continue;
          const isKept = (other: Root): boolean => other.cached !== "nothing";
          root.cached = this.#tables.hasGlobals(root, isKept) ? "global" : "nothing";
        } else root.cached = "nothing";
        if (root.cached === "nothing") this.#tables.dropRoot(root);
      }
    }
  }

  /** A context synchronization event: what is complete is so for fetches too. */
  synchronized(): void {
    for (const pending of this.pending) {
      if (pending.old === null) {
        if (pending.visible) this.finish(pending);
        continue;
      }
      for (const path of pending.paths) {
        if (path.complete) this.pending.dropPath(pending, path);
      }
      if (pending.paths.length === 0) this.finish(pending);
    }
  }

  /** Pending changes that an access to an address under an ASID might not see. */
  *hazards(va: number, asid: number, access: Access): Generator<Hazard> {
    for (const pending of this.pending.at(va)) {
      for (const path of pending.paths) {
        const span = 2 ** pending.table.geometry.levelShift[pending.table.level as 0 | 1 | 2 | 3];
        if (va < path.va || va >= path.va + span) continue;
        if (path.asid !== null && path.asid !== asid) continue;
        const hazard = this.#hazard(pending, path, access === ACCESS_EXEC);
        if (hazard !== null) yield hazard;
      }
    }
  }

  #hazard(pending: Pending, path: PendingPath, isFetch: boolean): Hazard | null {
    const hazard = (rule: MmuRule, shortfall: Shortfall | null = null): Hazard => ({
      pending,
      path,
      rule,
      shortfall,
    });
    if (pending.old === null) {
      if (!pending.visible) return hazard("write-without-dsb");
      return isFetch ? hazard("missing-isb") : null;
    }
    if (path.complete) return isFetch ? hazard("missing-isb", path.covered) : null;
    if (path.covered !== null) return hazard("tlbi-without-dsb", path.covered);
    if (pending.early !== null) return hazard("tlbi-before-dsb", pending.early);
    const narrow = pending.narrow ?? this.#lastMiss(pending, path);
    return narrow === null ? hazard("missing-tlbi") : hazard("tlbi-too-narrow", narrow);
  }

  /** The last TLBI since the change, which was for something else. */
  #lastMiss(pending: Pending, path: PendingPath): Shortfall | null {
    const last = this.#recent.findLast((e) => e.sequence > pending.sequence);
    if (last === undefined) return null;
    const miss = missOf(last.operation, pending, path);
    return { place: last.place, text: `${describeTlbi(last.operation)}: ${miss?.why ?? ""}` };
  }

  /** Maintenance that is due: everything should be complete now. */
  *due(): Generator<Hazard> {
    for (const pending of this.pending) {
      for (const path of pending.paths) {
        const hazard = this.#hazard(pending, path, false);
        if (hazard !== null) yield hazard;
      }
    }
  }

  /** What hardware may keep of a slot besides what memory has. */
  keptOf(table: Table, index: number): Descriptor[] {
    return this.pending.of(table, index).flatMap(({ old, paths }) => {
      const kept = old !== null && isCacheable(old, table.geometry);
      return kept && paths.some((path) => !path.complete) ? [old] : [];
    });
  }
}
