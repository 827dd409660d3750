import type { GicInterrupts } from "./gic-interrupts.js";
import type { Signal } from "./signal.js";

/** No interrupt to acknowledge. */
export const SPURIOUS = 1023;
const IDLE_PRIORITY = 0x100;

export type Group = 0 | 1;

interface ActivePriority {
  readonly priority: number;
  readonly group: Group;
}

/** What GICv2 and GICv3 do differently. */
export interface CpuInterfaceShape {
  /** Bits of a priority that count for masking: 8 or fewer, the high ones. */
  readonly priorityBits: number;
  /** Smallest binary point of group 0: the bits above it are the group priority. Group 1's is one higher. */
  readonly minBinaryPoint: number;
}

/**
 * The CPU interface: which interrupt is signalled, acknowledged and ended (Arm IHI 0048 3.3, IHI 0069 4.8). Its
 * registers are gicv2.ts's and gicv3.ts's.
 */
export class GicCpuInterface {
  readonly #interrupts: GicInterrupts;
  readonly #shape: CpuInterfaceShape;
  readonly #irq: Signal;
  readonly #fiq: Signal;
  #active: ActivePriority[] = [];
  #priorityMask = 0;
  readonly #binaryPoint: [number, number];
  /** Groups forwarded by the distributor. */
  readonly forwarded: [boolean, boolean] = [false, false];
  /** Groups enabled in the CPU interface. */
  readonly enabled: [boolean, boolean] = [false, false];
  /** Group 0 is signalled as FIQ. */
  fiqForGroup0 = false;
  /** Ending an interrupt drops the priority only; it is deactivated separately. */
  splitEnd = false;
  /** Group 0's binary point serves both groups. */
  commonBinaryPoint = false;

  constructor(interrupts: GicInterrupts, shape: CpuInterfaceShape, irq: Signal, fiq: Signal) {
    this.#interrupts = interrupts;
    this.#shape = shape;
    this.#irq = irq;
    this.#fiq = fiq;
    this.#binaryPoint = [shape.minBinaryPoint, shape.minBinaryPoint + 1];
    interrupts.onChange = () => {
      this.update();
    };
  }

  reset(fiqForGroup0: boolean): void {
    this.#active = [];
    this.#priorityMask = 0;
    this.#binaryPoint[0] = this.#shape.minBinaryPoint;
    this.#binaryPoint[1] = this.#shape.minBinaryPoint + 1;
    this.forwarded.fill(false);
    this.enabled.fill(false);
    this.fiqForGroup0 = fiqForGroup0;
    this.splitEnd = this.commonBinaryPoint = false;
    this.update();
  }

  get priorityMask(): number {
    return this.#priorityMask;
  }

  set priorityMask(value: number) {
    this.#priorityMask = value & (0xff << (8 - this.#shape.priorityBits)) & 0xff;
    this.update();
  }

  binaryPoint(group: Group): number {
    return this.#binaryPoint[group];
  }

  setBinaryPoint(group: Group, value: number): void {
    this.#binaryPoint[group] = Math.max(value & 7, this.#shape.minBinaryPoint + group);
    this.update();
  }

  #groupPriority(id: number, group: Group): number {
    const point =
      group === 0 || this.commonBinaryPoint ? this.#binaryPoint[0] + 1 : this.#binaryPoint[1];
    return this.#interrupts.priority[id]! & (0xff << point);
  }

  /** Priority of what is being handled, the lower the more urgent; 0xff when nothing is. */
  get runningPriority(): number {
    return Math.min(this.#running, 0xff);
  }

  get #running(): number {
    let running = IDLE_PRIORITY;
    for (const { priority } of this.#active) running = Math.min(running, priority);
    return running;
  }

  groupOf(id: number): Group {
    return this.#interrupts.group[id] === 1 ? 1 : 0;
  }

  /** The pending interrupt of the highest priority, of groups that are enabled; lowest INTID first. */
  highestPending(): number {
    const { count, enabled, active, priority } = this.#interrupts;
    let best = SPURIOUS;
    let bestPriority = IDLE_PRIORITY;
    for (let id = 0; id < count; id++) {
      if (enabled[id] === 0 || active[id] === 1 || priority[id]! >= bestPriority) continue;
      const group = this.groupOf(id);
      if (!this.forwarded[group] || !this.enabled[group]) continue;
      if (!this.#interrupts.isPending(id)) continue;
      best = id;
      bestPriority = priority[id]!;
    }
    return best;
  }

  /** What would be acknowledged now, or SPURIOUS: priority mask and running priority allow it. */
  signalled(): number {
    const id = this.highestPending();
    if (id === SPURIOUS || this.#interrupts.priority[id]! >= this.#priorityMask) return SPURIOUS;
    return this.#groupPriority(id, this.groupOf(id)) < this.#running ? id : SPURIOUS;
  }

  update(): void {
    const id = this.signalled();
    const isFiq = id !== SPURIOUS && this.fiqForGroup0 && this.groupOf(id) === 0;
    this.#fiq(isFiq);
    this.#irq(id !== SPURIOUS && !isFiq);
  }

  /** Make what `signalled` says active. */
  acknowledge(id: number): void {
    const group = this.groupOf(id);
    this.#active.push({ priority: this.#groupPriority(id, group), group });
    this.#interrupts.active[id] = 1;
    this.#interrupts.latched[id] = 0;
    this.update();
  }

  /** The handler of an interrupt has finished: drop the running priority, and deactivate unless that is separate. */
  end(id: number, group: Group): void {
    const at = this.#active.findIndex((a) => a.priority === this.#running);
    if (id >= this.#interrupts.count || at < 0 || this.#active[at]!.group !== group) return;
    this.#active.splice(at, 1);
    if (this.splitEnd) this.update();
    else this.deactivate(id);
  }

  deactivate(id: number): void {
    if (id < this.#interrupts.count) this.#interrupts.active[id] = 0;
    this.update();
  }

  /** Active priorities of a group, or of both (null), as a register with a bit for each level of preemption. */
  activePriorities(group: Group | null, register: number): number {
    const shift = this.#shape.minBinaryPoint + 1;
    let bits = 0;
    for (const { priority, group: of } of this.#active) {
      const level = priority >>> shift;
      if ((group === null || of === group) && level >>> 5 === register) bits |= 1 << (level & 31);
    }
    return bits >>> 0;
  }

  setActivePriorities(group: Group | null, register: number, bits: number): void {
    const shift = this.#shape.minBinaryPoint + 1;
    const isOther = ({ priority, group: of }: ActivePriority): boolean =>
      (group !== null && of !== group) || priority >>> (shift + 5) !== register;
    this.#active = this.#active.filter(isOther);
    for (let i = 0; i < 32; i++) {
      if ((bits >>> i) & 1) {
        this.#active.push({ priority: (register * 32 + i) << shift, group: group ?? 0 });
      }
    }
    this.update();
  }
}
