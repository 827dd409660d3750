import type { Blocking } from "../blocking.js";

/**
 * Where segments go when they leave memory: numbered slots of one segment buffer each. XNU: swap
 * files, vm_compressor_backing_store.c. What an implementation returns is checked; it may sleep.
 */
export interface SwapStore {
  /** Slots there are; the store may refuse earlier. */
  readonly slotCount: number;
  /** Write a segment to a slot. @returns false if it is not kept; the slot stays as it was */
  write(slot: number, bytes: Uint8Array): Blocking<boolean>;
  /** Read what was written last to a slot. @returns false if it cannot be had */
  read(slot: number, into: Uint8Array): Blocking<boolean>;
  /** The contents of a slot are not needed any more. */
  discard(slot: number): void;
}

/** A swap store in the host's memory: never sleeps, never fails. */
export class MemorySwap implements SwapStore {
  readonly slotCount: number;
  readonly #slots = new Map<number, Uint8Array>();

  constructor(slotCount: number) {
    this.slotCount = slotCount;
  }

  *write(slot: number, bytes: Uint8Array): Blocking<boolean> {
    this.#slots.set(slot, bytes.slice());
    return true;
  }

  *read(slot: number, into: Uint8Array): Blocking<boolean> {
    const bytes = this.#slots.get(slot);
    if (bytes === undefined || bytes.length < into.length) return false;
    into.set(bytes.subarray(0, into.length));
    return true;
  }

  discard(slot: number): void {
    this.#slots.delete(slot);
  }
}

/** Which slots of a store are taken. The lowest free one is handed out, so that a file stays short. */
export class SwapSlots {
  readonly #taken: Uint8Array;
  #lowest = 0;
  used = 0;

  constructor(count: number) {
    this.#taken = new Uint8Array(count);
  }

  get count(): number {
    return this.#taken.length;
  }

  /** @returns null when the store is full */
  take(): number | null {
    for (let slot = this.#lowest; slot < this.#taken.length; slot++) {
      if (this.#taken[slot] !== 0) continue;
      this.#taken[slot] = 1;
      this.#lowest = slot + 1;
      this.used++;
      return slot;
    }
    this.#lowest = this.#taken.length;
    return null;
  }

  give(slot: number): void {
    this.#taken[slot] = 0;
    this.#lowest = Math.min(this.#lowest, slot);
    this.used--;
  }
}
