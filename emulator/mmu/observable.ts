import type { SysregFile } from "../arch/sysreg.js";
import type { Access } from "./access.js";
import { InlineTlb } from "./inline-tlb.js";
import {
  ControlRegisters,
  type Barrier,
  type MmuObserver,
  type Position,
  type Synchronization,
} from "./observer.js";
import { PAGE_CODE, PAGE_WATCHED, PageMarks } from "./page-marks.js";
import type { PhysMemory } from "./phys-memory.js";

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

/** What `fault.status` says when the observer wants the instruction again, alone: no fault status. */
export const FSC_AGAIN = -2;

/** What an MMU needs for being watched, and for knowing what must not be written unseen. */
export abstract class ObservableMmu {
  readonly memory: PhysMemory;
  readonly inline: InlineTlb;
  readonly fault: TranslationFault = { status: 0, vaLo: 0, vaHi: 0, physical: 0 };
  /** A translation that code was fetched through is gone: links to that code must be checked again. */
  onExecutedDropped: ((vaLo: number, vaHi: number) => void) | null = null;
  /** Kept by the engine while it runs. */
  position: Position = "host";
  protected readonly sysregs: SysregFile;
  protected readonly marks: PageMarks;
  protected watcher: MmuObserver | null = null;
  #controls: ControlRegisters | null = null;

  constructor(memory: PhysMemory, sysregs: SysregFile) {
    this.memory = memory;
    this.sysregs = sysregs;
    this.inline = new InlineTlb(memory);
    this.marks = new PageMarks(memory.ramBase, memory.ramBytes);
  }

  protected fail(status: number, vaLo: number, vaHi: number): -1 {
    this.fault.status = status;
    this.fault.vaLo = vaLo;
    this.fault.vaHi = vaHi;
    return -1;
  }

  get observer(): MmuObserver | null {
    return this.watcher;
  }

  /** Tell `observer` everything from now on, or nobody. The inline TLB is emptied. */
  setObserver(observer: MmuObserver | null): void {
    this.watcher = observer;
    this.#controls = observer === null ? null : new ControlRegisters(this.sysregs);
    this.forgetInline();
  }

  /** Tell the observer of every write to the 4 KiB of RAM at `pa`, or no longer. */
  watch(pa: number, isWatched: boolean): void {
    this.#mark(pa, PAGE_WATCHED, isWatched);
  }

  isWatched(pa: number): boolean {
    return this.marks.has(pa, PAGE_WATCHED);
  }

  /** Whether code was translated from the 4 KiB of RAM that contain `pa`. */
  isCodePage(pa: number): boolean {
    return this.marks.has(pa, PAGE_CODE);
  }

  /** Code was translated from the 4 KiB of RAM at `pa`, or none is left there. */
  setCodePage(pa: number, isCode: boolean): void {
    this.#mark(pa, PAGE_CODE, isCode);
  }

  #mark(pa: number, mark: number, isSet: boolean): void {
    if (this.marks.set(pa, mark, isSet) && isSet) this.inline.flushWrites();
  }

  /** The next access to any page, and the next entry to any code, asks the MMU; the TLB stays as it is. */
  forgetInline(): void {
    this.inline.flush();
    this.onExecutedDropped?.(0, 0);
  }

  /**
   * Tell the observer that a translation is about to be used.
   * @returns false with `fault` set to FSC_AGAIN: the instruction has to be run alone
   */
  announce(vaLo: number, vaHi: number, access: Access, el: 0 | 1, pan: boolean): boolean {
    if (this.watcher === null) return true;
    const exact = this.position !== "inexact";
    if (!this.watcher.accessed(vaLo, vaHi, access, el, pan, exact)) return true;
    this.fail(FSC_AGAIN, vaLo, vaHi);
    return false;
  }

  /** `[pa, pa + bytes)` was written, by the guest or the host. */
  noteWrite(pa: number, bytes: number): void {
    const { watcher } = this;
    if (watcher === null) return;
    this.marks.eachMarked(pa, bytes, PAGE_WATCHED, (at, size) => {
      watcher.written(at, size);
    });
  }

  /** A control register may have been written. */
  controlWritten(): void {
    if (this.watcher !== null) this.#controls?.tellChanges(this.watcher);
  }

  barrier(barrier: Barrier): void {
    this.watcher?.barrier(barrier);
  }

  synchronized(by: Synchronization): void {
    this.watcher?.synchronized(by);
  }
}
