import { partOfWord, type DeviceAccessBytes, type MmioDevice } from "./bus.js";
import { GicCpuInterface, SPURIOUS, type Group } from "./gic-cpu-interface.js";
import { gicIdentification, GicInterrupts } from "./gic-interrupts.js";
import type { Signal } from "./signal.js";

/**
 * GICv2 (Arm IHI 0048) without Security Extensions and without virtualization, for one CPU: what a GIC-400 looks like
 * from software. Both groups exist; until told otherwise every interrupt is of group 0 and signalled as IRQ.
 */

const GICD = {
  CTLR: 0x000,
  TYPER: 0x004,
  IIDR: 0x008,
  SGIR: 0xf00,
  CPENDSGIR: 0xf10,
  SPENDSGIR: 0xf20,
  SGI_END: 0xf30,
} as const;

const GICC = {
  CTLR: 0x00,
  PMR: 0x04,
  BPR: 0x08,
  IAR: 0x0c,
  EOIR: 0x10,
  RPR: 0x14,
  HPPIR: 0x18,
  ABPR: 0x1c,
  AIAR: 0x20,
  AEOIR: 0x24,
  AHPPIR: 0x28,
  APR: 0xd0,
  APR_END: 0xe0,
  IIDR: 0xfc,
  DIR: 0x1000,
} as const;

const CTLR_ACK_CTL = 1 << 2;
const CTLR_FIQ_EN = 1 << 3;
const CTLR_CBPR = 1 << 4;
const CTLR_EOI_MODE = 1 << 9;
const CTLR_BITS = 0x21f;
/** An acknowledgement of group 0 finds an interrupt of group 1, or the other way round. */
const OTHER_GROUP = 1022;
const IIDR = 0x0200_043b;
/** Architecture version 2 in PIDR2. */
const PID2 = 0x2b;

export class Gicv2 {
  readonly interrupts: GicInterrupts;
  readonly cpu: GicCpuInterface;
  readonly distributor: MmioDevice;
  readonly cpuInterface: MmioDevice;
  #ctlr = 0;

  /** @param count INTIDs, a multiple of 32; `irq` and `fiq` are the CPU's inputs */
  constructor(gicd: number, gicc: number, count: number, irq: Signal, fiq: Signal) {
    this.interrupts = new GicInterrupts(count, true);
    const shape = { priorityBits: 8, minBinaryPoint: 0 };
    this.cpu = new GicCpuInterface(this.interrupts, shape, irq, fiq);
    this.distributor = {
      name: "gicd",
      base: gicd,
      sizeBytes: 0x1_0000,
      read: (offset, bytes) => this.#readDistributor(offset, bytes),
      write: (offset, bytes, value) => this.#writeDistributor(offset, bytes, value),
    };
    this.cpuInterface = {
      name: "gicc",
      base: gicc,
      sizeBytes: 0x1_0000,
      read: (offset) => this.#readCpu(offset & ~3),
      write: (offset, _bytes, value) => this.#writeCpu(offset & ~3, value),
    };
  }

  reset(): void {
    this.interrupts.reset();
    this.#ctlr = 0;
    this.cpu.reset(false);
  }

  #readDistributor(offset: number, bytes: DeviceAccessBytes): number {
    const { forwarded } = this.cpu;
    const at = offset & ~3;
    let word: number;
    if (at === GICD.CTLR) word = (forwarded[0] ? 1 : 0) | (forwarded[1] ? 2 : 0);
    else if (at === GICD.TYPER) word = this.interrupts.count / 32 - 1;
    else if (at === GICD.IIDR) word = IIDR;
    else if (at >= GICD.CPENDSGIR && at < GICD.SGI_END) word = this.#pendingSgis(at & 0xf);
    else {
      const common = this.interrupts.read(offset, bytes, 0, this.interrupts.count);
      if (common !== null) return common;
      word = gicIdentification(at, PID2) ?? 0;
    }
    return partOfWord(word, offset, bytes);
  }

  /** Four SGIs from `first` on, a byte each: the only CPU is bit 0. */
  #pendingSgis(first: number): number {
    let word = 0;
    for (let i = 0; i < 4; i++) word |= this.interrupts.latched[first + i]! << (8 * i);
    return word;
  }

  #writeDistributor(offset: number, bytes: DeviceAccessBytes, value: number): boolean {
    const at = offset & ~3;
    if (at === GICD.CTLR) {
      if (offset !== at) return true;
      this.cpu.forwarded[0] = (value & 1) !== 0;
      this.cpu.forwarded[1] = (value & 2) !== 0;
      this.cpu.update();
    } else if (at === GICD.SGIR) this.#sendSgi(value);
    else if (at >= GICD.CPENDSGIR && at < GICD.SGI_END) {
      const isSet = at >= GICD.SPENDSGIR;
      for (let i = 0; i < bytes; i++) {
        if (((value >>> (8 * i)) & 1) === 0) continue;
        this.interrupts.latched[(offset & 0xf) + i] = isSet ? 1 : 0;
      }
      this.cpu.update();
    } else this.interrupts.write(offset, bytes, value, 0, this.interrupts.count);
    return true; // what is read-only or reserved ignores writes
  }

  /** TargetListFilter 0: the CPUs listed, 1: all others, 2: this one. */
  #sendSgi(value: number): void {
    const filter = (value >>> 24) & 3;
    const isForUs = filter === 2 || (filter === 0 && ((value >>> 16) & 1) !== 0);
    if (isForUs) this.interrupts.makePending(value & 15);
  }

  #readCpu(offset: number): number {
    const { cpu } = this;
    switch (offset) {
      case GICC.CTLR:
        return this.#ctlr;
      case GICC.PMR:
        return cpu.priorityMask;
      case GICC.BPR:
        return cpu.binaryPoint(0);
      case GICC.ABPR:
        return cpu.binaryPoint(1);
      case GICC.IAR:
        return this.#acknowledge(this.#isSeen(cpu.signalled()));
      case GICC.AIAR:
        return this.#acknowledge(this.#ofGroup1(cpu.signalled()));
      case GICC.RPR:
        return cpu.runningPriority;
      case GICC.HPPIR:
        return this.#isSeen(cpu.highestPending());
      case GICC.AHPPIR:
        return this.#ofGroup1(cpu.highestPending());
      case GICC.IIDR:
        return IIDR;
      default:
        if (offset < GICC.APR || offset >= GICC.APR_END) return 0;
        return cpu.activePriorities(null, (offset - GICC.APR) / 4);
    }
  }

  /** Group 1 is acknowledged by the alias registers unless AckCtl says otherwise. */
  #isSeen(id: number): number {
    const isHidden =
      id !== SPURIOUS && this.cpu.groupOf(id) === 1 && (this.#ctlr & CTLR_ACK_CTL) === 0;
    return isHidden ? OTHER_GROUP : id;
  }

  #ofGroup1(id: number): number {
    return id !== SPURIOUS && this.cpu.groupOf(id) === 0 ? SPURIOUS : id;
  }

  #acknowledge(id: number): number {
    if (id < OTHER_GROUP) this.cpu.acknowledge(id);
    return id;
  }

  #writeCpu(offset: number, value: number): boolean {
    const { cpu } = this;
    switch (offset) {
      case GICC.CTLR:
        this.#ctlr = value & CTLR_BITS;
        cpu.enabled[0] = (value & 1) !== 0;
        cpu.enabled[1] = (value & 2) !== 0;
        cpu.fiqForGroup0 = (value & CTLR_FIQ_EN) !== 0;
        cpu.commonBinaryPoint = (value & CTLR_CBPR) !== 0;
        cpu.splitEnd = (value & CTLR_EOI_MODE) !== 0;
        cpu.update();
        break;
      case GICC.PMR:
        cpu.priorityMask = value;
        break;
      case GICC.BPR:
        cpu.setBinaryPoint(0, value);
        break;
      case GICC.ABPR:
        cpu.setBinaryPoint(1, value);
        break;
      case GICC.EOIR:
        this.#end(value & 0x3ff, null);
        break;
      case GICC.AEOIR:
        this.#end(value & 0x3ff, 1);
        break;
      case GICC.DIR:
        cpu.deactivate(value & 0x3ff);
        break;
      default:
        if (offset >= GICC.APR && offset < GICC.APR_END) {
          cpu.setActivePriorities(null, (offset - GICC.APR) / 4, value);
        }
    }
    return true;
  }

  #end(id: number, group: Group | null): void {
    if (id >= this.interrupts.count) return;
    const own = this.cpu.groupOf(id);
    if (group === null || own === group) this.cpu.end(id, own);
  }
}
