import { check } from "../arch/check.js";
import { LOOKUP_SLOT } from "./exit.js";
import type { JumpCache, JumpTarget } from "./jump-cache.js";

/** Slots at first, which are set one by one; and how many at most are added at a time, as many as there are. */
const FIRST_SLOTS = 512;
const MAX_GROWTH = 8192;

/**
 * The function table by which one region leads to the next. Every address that is a target somewhere has a slot
 * for each mode; the slot holds the translation that is right for the current address space, or the
 * stub that asks the dispatcher. When the address space changes all links are dropped and made again
 * as they are needed: the translations themselves stay.
 */
export class Links {
  readonly table: WebAssembly.Table;
  readonly #slots = new Map<number, Map<number, number>>();
  readonly #jumps: JumpCache;
  #stub: (() => number) | null = null;
  #next = LOOKUP_SLOT + 1;
  /** What each slot holds instead of the stub: setting a slot costs half a microsecond, knowing that it is set nothing. */
  readonly #held = new Map<number, () => number>();
  /** The slots that are linked, by address: the last mode's for each. */
  readonly #byPc = new Map<number, JumpTarget>();

  constructor(jumps: JumpCache) {
    this.#jumps = jumps;
    this.table = new WebAssembly.Table({ element: "anyfunc", initial: FIRST_SLOTS });
  }

  /** The stub for unlinked slots: fills the table. Called once. */
  setStub(stub: () => number): void {
    this.#stub = stub;
    for (let i = 0; i < this.table.length; i++) this.table.set(i, stub);
  }

  /** The slot for an address under a mode, made when it is new. */
  slotFor(modeKey: number, pc: number): number {
    let slots = this.#slots.get(modeKey);
    if (slots === undefined) this.#slots.set(modeKey, (slots = new Map()));
    let slot = slots.get(pc);
    if (slot === undefined) {
      slot = this.#next++;
      slots.set(pc, slot);
      if (slot >= this.table.length) {
        check(this.#stub !== null, "no stub yet");
        this.table.grow(Math.min(this.table.length, MAX_GROWTH), this.#stub);
      }
    }
    return slot;
  }

  /** From now on whoever goes to `slot`, which is that of an address under a mode, runs `run`. */
  link(slot: number, run: () => number, pc: number, modeKey: number): void {
    if (this.#held.get(slot) === run) return;
    this.#byPc.set(pc, { slot, modeKey });
    this.table.set(slot, run);
    this.#held.set(slot, run);
  }

  /**
   * Link an address that nobody has gone to yet. Branches to it find it; where an indirect one goes is still seen once, by
   * the dispatcher.
   */
  anticipate(pc: number, modeKey: number, run: () => number): void {
    this.link(this.slotFor(modeKey, pc), run, pc, modeKey);
  }

  /**
   * The slot that is linked for an address under a mode.
   * @param known the bits of the key that count
   */
  find(pc: number, modeKey: number, known: number): JumpTarget | null {
    const found = this.#byPc.get(pc);
    return found !== undefined && ((found.modeKey ^ modeKey) & known) === 0 ? found : null;
  }

  /** Forget every slot: no translation that knows one is left. */
  reset(): void {
    this.dropAll();
    this.#slots.clear();
    this.#next = LOOKUP_SLOT + 1;
  }

  /** Every slot asks the dispatcher again. */
  dropAll(): void {
    for (const slot of this.#held.keys()) this.table.set(slot, this.#stub);
    this.#held.clear();
    this.#byPc.clear();
    this.#jumps.flush();
  }
}
