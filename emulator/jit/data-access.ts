import { dataAbortIss, EC_DATA_ABORT_LOWER, EC_DATA_ABORT_SAME, makeEsr } from "../arch/esr.js";
import { Debug } from "../cpu/debug.js";
import type { Exception } from "../cpu/exception.js";
import type { CpuState } from "../cpu/state.js";
import { OFF_BOUNCE, PSTATE_UAO } from "../cpu/state-layout.js";
import type { Bus } from "../devices/bus.js";
import type { AccessHook, EngineExit } from "../engine.js";
import { ACCESS_READ, ACCESS_WRITE, type Access } from "../mmu/access.js";
import { FSC_AGAIN, type Mmu } from "../mmu/mmu.js";
import { RAM_OFFSET, type PhysMemory } from "../mmu/phys-memory.js";
import { DeviceAccess } from "./device-access.js";
import { ATTENTION_EXIT } from "./engine-exits.js";
import type { Pace } from "./pace.js";

/** Host offset of the byte at an address, or -1 with the MMU's `fault` filled in. */
export type FindHost = (lo: number, hi: number, isUnaligned: boolean) => number;

/** Stands for an exception where an instruction is to be run again, alone. */
export const AGAIN: Exception = { vector: "sync", esr: 0, far: null };

/** The slow path of data accesses: what translated code could not do with the inline TLB alone. */
export abstract class DataAccess {
  readonly memory: PhysMemory;
  readonly cpu: CpuState;
  readonly mmu: Mmu;
  protected pending: Exception | null = null;
  /** The exception level that accesses are made for. */
  protected el: 0 | 1 = 1;
  protected accessHook: AccessHook | null = null;
  protected readonly debug: Debug;
  /** The next instruction may give a debug exception. */
  protected isLive = false;
  protected readonly devices: DeviceAccess;
  /** The instruction accesses a device: it is to be executed again, alone, with everything exact. */
  protected redo = false;
  /** Why the machine wants to come back at the next instruction, or null. */
  protected attention: EngineExit | null = null;
  protected pace: Pace = "full";

  constructor(memory: PhysMemory, cpu: CpuState, mmu: Mmu, bus: Bus | null) {
    this.memory = memory;
    this.cpu = cpu;
    this.mmu = mmu;
    this.devices = new DeviceAccess(bus, memory, mmu.fault);
    this.debug = new Debug(cpu);
  }

  /** Physical memory was written: translations of it are stale. */
  abstract noteWrite(physical: number, bytes: number): void;

  raise(esr: number, far: { readonly lo: number; readonly hi: number } | null): void {
    this.pending = { vector: "sync", esr, far };
  }

  runsAlone(): boolean {
    if (this.mmu.position !== "inexact") return true;
    this.pending = AGAIN;
    return false;
  }

  // Devices

  /**
   * An access outside RAM, its data in the bounce buffer. Devices are accessed by single instructions, so that
   * count and registers are exact, and whatever the access brings about comes before the next instruction.
   * @returns false: the exception is recorded, or the instruction is to be executed again
   */
  #accessDevice(isWrite: boolean, bytes: number): boolean {
    if (this.pace !== "single") {
      this.redo = true;
      return false;
    }
    this.attention ??= ATTENTION_EXIT;
    const done = this.devices.perform(isWrite, bytes);
    if (!done) this.#failed(isWrite);
    return done;
  }

  // Slow paths

  dataAbort(status: number, isWrite: boolean, lo: number, hi: number): void {
    const ec = this.el === 0 ? EC_DATA_ABORT_LOWER : EC_DATA_ABORT_SAME;
    this.raise(makeEsr(ec, dataAbortIss(status, isWrite)), { lo, hi });
  }

  readonly #plainRead: FindHost = (lo, hi, isUnaligned) => this.mmu.refillRead(lo, hi, isUnaligned);
  readonly #plainWrite: FindHost = (lo, hi, isUnaligned) =>
    this.mmu.refillWrite(lo, hi, isUnaligned);
  readonly unprivilegedRead: FindHost = (lo, hi, isUnaligned) =>
    this.#findUnprivileged(lo, hi, ACCESS_READ, isUnaligned);
  readonly unprivilegedWrite: FindHost = (lo, hi, isUnaligned) =>
    this.#findUnprivileged(lo, hi, ACCESS_WRITE, isUnaligned);

  /** For LDTR and STTR at EL1: as EL0's access unless PSTATE.UAO is set. The inline TLB learns nothing. */
  #findUnprivileged(lo: number, hi: number, access: Access, isUnaligned: boolean): number {
    const { mmu, memory, cpu } = this;
    const isPlain = (cpu.pstate & (1 << PSTATE_UAO)) !== 0;
    const el = isPlain ? 1 : 0;
    const pan = isPlain && cpu.pan;
    if (!mmu.announce(lo, hi, access, el, pan)) return -1;
    const physical = mmu.translate(lo, hi, access, el, pan, isUnaligned);
    return physical < 0 ? -1 : physical - memory.ramBase + RAM_OFFSET;
  }

  /** Whether a watchpoint takes an access that translation allows; its exception is recorded. */
  #watchpoint(lo: number, hi: number, bytes: number, isWrite: boolean, find: FindHost): boolean {
    const isUnprivileged = find === this.unprivilegedRead || find === this.unprivilegedWrite;
    const asEl0 = isUnprivileged && (this.cpu.pstate & (1 << PSTATE_UAO)) === 0;
    const hit = this.debug.watchpointAt(lo, hi, bytes, isWrite, asEl0 ? 0 : this.el);
    if (hit !== null) this.raise(hit.esr, hit);
    return hit !== null;
  }

  /** @param unit log2 of the bytes that Device memory wants the access aligned to */
  loadSlow(lo: number, hi: number, bytes: number, unit: number, find = this.#plainRead): number {
    const { mmu } = this;
    const isUnaligned = isUnalignedTo(lo, unit);
    const host = find(lo, hi, isUnaligned);
    if (host >= 0 && this.isLive && this.#watchpoint(lo, hi, bytes, false, find)) return -1;
    if (host < 0) {
      if (!this.devices.isDevice()) return this.#failed(false);
      if (!this.#accessDevice(false, bytes)) return -1;
      this.accessHook?.(ACCESS_READ, lo, hi, bytes, OFF_BOUNCE);
      return OFF_BOUNCE;
    }
    const room = pageRoom(lo, mmu.pageShift);
    if (bytes <= room) {
      this.accessHook?.(ACCESS_READ, lo, hi, bytes, host);
      return host | 0;
    }
    const next = (lo >>> 0) + room;
    const second = find(next | 0, next >= 2 ** 32 ? (hi + 1) | 0 : hi, isUnaligned);
    if (second < 0) return this.#failed(false);
    const { u8 } = this.memory;
    u8.copyWithin(OFF_BOUNCE, host, host + room);
    u8.copyWithin(OFF_BOUNCE + room, second, second + bytes - room);
    this.accessHook?.(ACCESS_READ, lo, hi, bytes, OFF_BOUNCE);
    return OFF_BOUNCE;
  }

  storeSlow(lo: number, hi: number, bytes: number, unit: number, find = this.#plainWrite): number {
    const { mmu, memory } = this;
    const isUnaligned = isUnalignedTo(lo, unit);
    const host = find(lo, hi, isUnaligned);
    if (host >= 0 && this.isLive && this.#watchpoint(lo, hi, bytes, true, find)) return -1;
    if (host < 0) {
      if (!this.devices.isDevice()) return this.#failed(true);
      this.accessHook?.(ACCESS_WRITE, lo, hi, bytes, OFF_BOUNCE);
      return this.#accessDevice(true, bytes) ? 0 : -1;
    }
    const room = Math.min(bytes, pageRoom(lo, mmu.pageShift));
    if (!this.#mayStore(host)) return -1;
    if (room < bytes) {
      const next = (lo >>> 0) + room;
      const second = find(next | 0, next >= 2 ** 32 ? (hi + 1) | 0 : hi, isUnaligned);
      if (second < 0) return this.#failed(true);
      if (!this.#mayStore(second)) return -1;
      this.accessHook?.(ACCESS_WRITE, lo, hi, bytes, OFF_BOUNCE);
      memory.u8.copyWithin(second, OFF_BOUNCE + room, OFF_BOUNCE + bytes);
      this.#noteStore(second, bytes - room);
    } else this.accessHook?.(ACCESS_WRITE, lo, hi, bytes, OFF_BOUNCE);
    memory.u8.copyWithin(host, OFF_BOUNCE, OFF_BOUNCE + room);
    this.#noteStore(host, room);
    return 0;
  }

  /** A store to a watched page is told with its position. */
  #mayStore(host: number): boolean {
    const { mmu, memory } = this;
    return mmu.observer === null || !mmu.isWatched(memory.physAddress(host)) || this.runsAlone();
  }

  #noteStore(host: number, bytes: number): void {
    const physical = this.memory.physAddress(host);
    this.noteWrite(physical, bytes);
    this.mmu.noteWrite(physical, bytes);
  }

  #failed(isWrite: boolean): -1 {
    const { fault } = this.mmu;
    if (fault.status === FSC_AGAIN) {
      this.pending = AGAIN;
      return -1;
    }
    this.dataAbort(fault.status, isWrite, fault.vaLo, fault.vaHi);
    return -1;
  }
}

/** Biggest unit of an access, log2: beyond is only DC ZVA, which Device memory never takes. */
const MAX_UNIT = 4;

function isUnalignedTo(lo: number, unit: number): boolean {
  return unit > MAX_UNIT || (lo & ((1 << unit) - 1)) !== 0;
}

function pageRoom(lo: number, pageShift: number): number {
  return 2 ** pageShift - (lo & (2 ** pageShift - 1));
}
