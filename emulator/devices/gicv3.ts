import type { SysregName } from "../arch/sysreg.js";
import type { ExternalRegisters } from "../cpu/state.js";
import { partOfWord, type DeviceAccessBytes, type MmioDevice } from "./bus.js";
import { GicCpuInterface, SPURIOUS, type Group } from "./gic-cpu-interface.js";
import { FIRST_SPI, gicIdentification, GicInterrupts } from "./gic-interrupts.js";
import type { Signal } from "./signal.js";

/**
 * GICv3 (Arm IHI 0069) for one CPU: affinity routing always on, one security state (GICD_CTLR.DS 1), no LPIs, 5 bits of
 * priority. Group 0 is signalled as FIQ, group 1 as IRQ.
 */

const GICD = { CTLR: 0, TYPER: 4, IIDR: 8, IROUTER: 0x6000, IROUTER_END: 0x8000 } as const;
/** EnableGrp0, EnableGrp1; ARE and DS are always set. */
const CTLR_ENABLES = 3;
const CTLR_FIXED = (1 << 4) | (1 << 6);
/** 16 bits of INTID, affinity 3, no 1-of-N interrupts. */
const TYPER = (15 << 19) | (1 << 24) | (1 << 25);
const IIDR = 0x43b;
/** Architecture version 3 in PIDR2. */
const PID2 = 0x3b;

const GICR = { IIDR: 4, TYPER: 8, WAKER: 0x14, SGI_FRAME: 0x1_0000, SIZE: 0x2_0000 } as const;
/** The last redistributor of its range. */
const GICR_TYPER = 1 << 4;
const WAKER_SLEEP = 1 << 1;
const WAKER_ASLEEP = 1 << 2;
const IGRPMODR = 0xd00;

const PRIORITY_BITS = 5;
const CTLR_CBPR = 1;
const CTLR_EOI_MODE = 2;
/** PRIbits, 24 bits of INTID, affinity 3. */
const ICC_CTLR = ((PRIORITY_BITS - 1) << 8) | (1 << 11) | (1 << 15);
/** System registers only: SRE, and the bypasses disabled. */
const ICC_SRE = 7;

export class Gicv3 implements ExternalRegisters {
  readonly interrupts: GicInterrupts;
  readonly cpu: GicCpuInterface;
  readonly distributor: MmioDevice;
  readonly redistributor: MmioDevice;
  #waker = WAKER_SLEEP | WAKER_ASLEEP;
  readonly #modifiers: Uint32Array;
  readonly #routes: Uint32Array;

  /** @param count INTIDs, a multiple of 32; `irq` and `fiq` are the CPU's inputs */
  constructor(gicd: number, gicr: number, count: number, irq: Signal, fiq: Signal) {
    this.interrupts = new GicInterrupts(count, false);
    const shape = { priorityBits: PRIORITY_BITS, minBinaryPoint: 7 - PRIORITY_BITS };
    this.cpu = new GicCpuInterface(this.interrupts, shape, irq, fiq);
    this.#modifiers = new Uint32Array(count / 32);
    this.#routes = new Uint32Array(count * 2);
    this.distributor = {
      name: "gicd",
      base: gicd,
      sizeBytes: 0x1_0000,
      read: (offset, bytes) => this.#readDistributor(offset, bytes),
      write: (offset, bytes, value) => this.#writeDistributor(offset, bytes, value),
    };
    this.redistributor = {
      name: "gicr",
      base: gicr,
      sizeBytes: GICR.SIZE,
      read: (offset, bytes) => this.#readRedistributor(offset, bytes),
      write: (offset, bytes, value) => this.#writeRedistributor(offset, bytes, value),
    };
  }

  reset(): void {
    this.interrupts.reset();
    this.cpu.reset(true);
    this.#waker = WAKER_SLEEP | WAKER_ASLEEP;
    this.#modifiers.fill(0);
    this.#routes.fill(0);
  }

  // Distributor and redistributor: SPIs there, SGIs and PPIs here

  #readDistributor(offset: number, bytes: DeviceAccessBytes): number {
    const { forwarded } = this.cpu;
    const at = offset & ~3;
    if (at === GICD.CTLR) {
      return partOfWord(
        CTLR_FIXED | (forwarded[0] ? 1 : 0) | (forwarded[1] ? 2 : 0),
        offset,
        bytes,
      );
    }
    if (at === GICD.TYPER)
      return partOfWord(TYPER | (this.interrupts.count / 32 - 1), offset, bytes);
    if (at === GICD.IIDR) return partOfWord(IIDR, offset, bytes);
    if (at >= IGRPMODR && at < IGRPMODR + 0x80) {
      return at === IGRPMODR ? 0 : (this.#modifiers[(at - IGRPMODR) / 4] ?? 0);
    }
    if (at >= GICD.IROUTER && at < GICD.IROUTER_END) {
      return this.#routes[(at - GICD.IROUTER) / 4] ?? 0;
    }
    return (
      this.interrupts.read(offset, bytes, FIRST_SPI, this.interrupts.count) ??
      partOfWord(gicIdentification(at & 0xfff, PID2) ?? 0, offset, bytes)
    );
  }

  #writeDistributor(offset: number, bytes: DeviceAccessBytes, value: number): boolean {
    const at = offset & ~3;
    if (at === GICD.CTLR) {
      if (offset !== at) return true;
      const enables = value & CTLR_ENABLES;
      this.cpu.forwarded[0] = (enables & 1) !== 0;
      this.cpu.forwarded[1] = (enables & 2) !== 0;
      this.cpu.update();
    } else if (at > IGRPMODR && at < IGRPMODR + this.interrupts.count / 8) {
      this.#modifiers[(at - IGRPMODR) / 4] = value;
    } else if (
      at >= GICD.IROUTER + FIRST_SPI * 8 &&
      at < GICD.IROUTER + this.interrupts.count * 8
    ) {
      this.#routes[(at - GICD.IROUTER) / 4] = value;
    } else this.interrupts.write(offset, bytes, value, FIRST_SPI, this.interrupts.count);
    return true; // what is read-only or reserved ignores writes
  }

  #readRedistributor(offset: number, bytes: DeviceAccessBytes): number {
    const at = offset & ~3;
    if (at >= GICR.SGI_FRAME) {
      const inFrame = offset - GICR.SGI_FRAME;
      if ((inFrame & ~3) === IGRPMODR) return partOfWord(this.#modifiers[0]!, offset, bytes);
      return this.interrupts.read(inFrame, bytes, 0, FIRST_SPI) ?? 0;
    }
    if (at === GICR.IIDR) return partOfWord(IIDR, offset, bytes);
    if (at === GICR.TYPER) return partOfWord(GICR_TYPER, offset, bytes);
    if (at === GICR.WAKER) return partOfWord(this.#waker, offset, bytes);
    return partOfWord(gicIdentification(at & 0xffff, PID2) ?? 0, offset, bytes);
  }

  #writeRedistributor(offset: number, bytes: DeviceAccessBytes, value: number): boolean {
    if (offset >= GICR.SGI_FRAME) {
      const inFrame = offset - GICR.SGI_FRAME;
      if (inFrame === IGRPMODR) this.#modifiers[0] = value;
      else this.interrupts.write(inFrame, bytes, value, 0, FIRST_SPI);
    } else if (offset === GICR.WAKER) {
      this.#waker = (value & WAKER_SLEEP) !== 0 ? WAKER_SLEEP | WAKER_ASLEEP : 0;
    }
    return true;
  }

  // System registers

  read(name: SysregName): bigint {
    return BigInt(this.#readIcc(name) >>> 0);
  }

  #readIcc(name: SysregName): number {
    const { cpu } = this;
    switch (name) {
      case "ICC_PMR_EL1":
        return cpu.priorityMask;
      case "ICC_IAR0_EL1":
        return this.#acknowledge(0);
      case "ICC_IAR1_EL1":
        return this.#acknowledge(1);
      case "ICC_HPPIR0_EL1":
        return this.#ofGroup(cpu.highestPending(), 0);
      case "ICC_HPPIR1_EL1":
        return this.#ofGroup(cpu.highestPending(), 1);
      case "ICC_BPR0_EL1":
        return cpu.binaryPoint(0);
      case "ICC_BPR1_EL1":
        return cpu.commonBinaryPoint ? Math.min(cpu.binaryPoint(0) + 1, 7) : cpu.binaryPoint(1);
      case "ICC_AP0R0_EL1":
        return cpu.activePriorities(0, 0);
      case "ICC_AP1R0_EL1":
        return cpu.activePriorities(1, 0);
      case "ICC_RPR_EL1":
        return cpu.runningPriority;
      case "ICC_CTLR_EL1":
        return (
          ICC_CTLR | (cpu.commonBinaryPoint ? CTLR_CBPR : 0) | (cpu.splitEnd ? CTLR_EOI_MODE : 0)
        );
      case "ICC_SRE_EL1":
        return ICC_SRE;
      case "ICC_IGRPEN0_EL1":
        return cpu.enabled[0] ? 1 : 0;
      case "ICC_IGRPEN1_EL1":
        return cpu.enabled[1] ? 1 : 0;
      default:
        return 0;
    }
  }

  #ofGroup(id: number, group: Group): number {
    return id !== SPURIOUS && this.cpu.groupOf(id) === group ? id : SPURIOUS;
  }

  #acknowledge(group: Group): number {
    const id = this.#ofGroup(this.cpu.signalled(), group);
    if (id !== SPURIOUS) this.cpu.acknowledge(id);
    return id;
  }

  write(name: SysregName, value: bigint): void {
    const { cpu } = this;
    const low = Number(value & 0xffff_ffffn);
    switch (name) {
      case "ICC_PMR_EL1":
        cpu.priorityMask = low;
        break;
      case "ICC_EOIR0_EL1":
        cpu.end(low & 0xff_ffff, 0);
        break;
      case "ICC_EOIR1_EL1":
        cpu.end(low & 0xff_ffff, 1);
        break;
      case "ICC_DIR_EL1":
        if (cpu.splitEnd) cpu.deactivate(low & 0xff_ffff);
        break;
      case "ICC_BPR0_EL1":
        cpu.setBinaryPoint(0, low);
        break;
      case "ICC_BPR1_EL1":
        if (!cpu.commonBinaryPoint) cpu.setBinaryPoint(1, low);
        break;
      case "ICC_AP0R0_EL1":
        cpu.setActivePriorities(0, 0, low);
        break;
      case "ICC_AP1R0_EL1":
        cpu.setActivePriorities(1, 0, low);
        break;
      case "ICC_SGI0R_EL1":
        this.#sendSgi(value, 0);
        break;
      case "ICC_SGI1R_EL1":
        this.#sendSgi(value, 1);
        break;
      case "ICC_CTLR_EL1":
        cpu.commonBinaryPoint = (low & CTLR_CBPR) !== 0;
        cpu.splitEnd = (low & CTLR_EOI_MODE) !== 0;
        cpu.update();
        break;
      case "ICC_IGRPEN0_EL1":
      case "ICC_IGRPEN1_EL1":
        cpu.enabled[name === "ICC_IGRPEN0_EL1" ? 0 : 1] = (low & 1) !== 0;
        cpu.update();
        break;
      default:
      // ICC_SRE_EL1 is fixed; ICC_ASGI1R_EL1 is for the other security state, which there is none of.
    }
  }

  /** INTID in 27:24; IRM, bit 40, means all CPUs but this one; otherwise a list of CPUs of the cluster named. */
  #sendSgi(value: bigint, group: Group): void {
    const id = Number((value >> 24n) & 15n);
    const isForOthers = ((value >> 40n) & 1n) === 1n;
    const affinity = value & 0x00ff_f0ff_00ff_0000n;
    const isForUs = !isForOthers && affinity === 0n && (value & 1n) === 1n;
    if (isForUs && this.cpu.groupOf(id) === group) this.interrupts.makePending(id);
  }
}
