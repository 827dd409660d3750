import { check } from "../emulator/arch/check.js";

/** Lock ranks: a lock is only taken while every lock held has a lower rank. */
export const LOCK_RANK_MAP = 1;
export const LOCK_RANK_OBJECT = 2;
export const LOCK_RANK_PAGE_QUEUES = 3;
export const LOCK_RANK_PMAP = 4;

/**
 * A modelled read-write lock. JavaScript runs one thread at a time and nothing in the VM blocks
 * while it holds one of these (a generator gives them all up before it yields), so a lock that is
 * not free when asked for is a bug of ours, never a wait.
 */
export class VmLock {
  readonly name: string;
  readonly rank: number;
  #shared = 0;
  #exclusive = false;

  constructor(name: string, rank: number) {
    this.name = name;
    this.rank = rank;
  }

  get held(): boolean {
    return this.#exclusive || this.#shared > 0;
  }

  lockExclusive(): void {
    check(!this.held, `${this.name}: exclusive lock taken while held`);
    this.#exclusive = true;
  }

  unlockExclusive(): void {
    check(this.#exclusive, `${this.name}: not held exclusively`);
    this.#exclusive = false;
  }

  lockShared(): void {
    check(!this.#exclusive, `${this.name}: shared lock taken while held exclusively`);
    this.#shared += 1;
  }

  unlockShared(): void {
    check(this.#shared > 0, `${this.name}: not held shared`);
    this.#shared -= 1;
  }

  assertExclusive(): void {
    // The text is made only when it is needed: this runs in every lookup.
    if (!this.#exclusive) check(false, `${this.name} must be held exclusively`);
  }

  assertHeld(): void {
    if (!this.held) check(false, `${this.name} must be held`);
  }

  assertNotHeld(): void {
    check(!this.held, `${this.name} must not be held`);
  }
}
