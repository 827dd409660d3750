import type { CpuState } from "../../cpu/state.js";
import type { Mmu } from "../mmu.js";
import { ContextWatch, type ContextChange } from "./context.js";
import { describeDescriptor, type Descriptor } from "./descriptor.js";
import { Maintenance } from "./maintenance.js";
import { Outcomes, vaNumber, type Use } from "./outcome.js";
import {
  MMU_RULES,
  reportKey,
  type MmuReport,
  type MmuRule,
  type Place,
  type ReportedAccess,
  type ReportedDescriptor,
  type ReportedValue,
} from "./report.js";
import { Tables, type Table, type TableListener } from "./tables.js";

export interface SanitizerOptions {
  /** Told of each report once, when it is new. */
  readonly onReport?: (report: MmuReport) => void;
  /** What the host, playing the kernel, is doing right now: a name, worked out when it is wanted. */
  readonly hostRoutine?: () => () => string;
}

const WHAT = ["read", "write", "fetch"] as const;

/** What the parts of the sanitizer share: the state they look at, and how they report. */
export class Reporter {
  readonly mmu: Mmu;
  readonly tables: Tables;
  readonly maintenance: Maintenance;
  readonly context: ContextWatch;
  readonly outcomes: Outcomes;
  /** Who wrote a descriptor last, by its physical address. */
  readonly writers = new Map<number, Place>();
  /** Leaves with the Contiguous bit. */
  contiguous = 0;
  readonly #cpu: CpuState;
  readonly #options: SanitizerOptions;
  readonly #reports = new Map<string, MmuReport>();

  constructor(mmu: Mmu, cpu: CpuState, options: SanitizerOptions, listener: TableListener) {
    this.mmu = mmu;
    this.#cpu = cpu;
    this.#options = options;
    this.outcomes = new Outcomes(mmu.memory);
    this.tables = new Tables(mmu.memory, listener);
    this.maintenance = new Maintenance(this.tables);
    this.context = new ContextWatch(cpu, this.tables);
  }

  get reports(): readonly MmuReport[] {
    return [...this.#reports.values()];
  }

  here(): Place {
    const instruction = this.#cpu.instructionCount;
    if (this.mmu.position !== "host") {
      const pc = vaNumber(this.#cpu.pcLo, this.#cpu.pcHi);
      return { kind: "guest", pc, instruction, el: this.#cpu.el };
    }
    return new HostPlace(instruction, this.#options.hostRoutine?.() ?? (() => "host"));
  }

  report(
    rule: MmuRule,
    parts: Partial<Omit<MmuReport, "rule" | "count" | "advice">> & { readonly advice?: string },
  ): void {
    const report: MmuReport = {
      rule,
      descriptor: null,
      writer: null,
      register: null,
      maintenance: null,
      access: null,
      detail: "",
      advice: MMU_RULES[rule].advice,
      count: 1,
      ...parts,
    };
    const key = reportKey(report);
    const known = this.#reports.get(key);
    if (known !== undefined) {
      known.count++;
      return;
    }
    this.#reports.set(key, report);
    this.#options.onReport?.(report);
  }

  #value(d: Descriptor, table: Table): ReportedValue {
    const value = (BigInt(d.hi >>> 0) << 32n) | BigInt(d.lo >>> 0);
    return { value, text: describeDescriptor(d, table.geometry, this.context.regime) };
  }

  /** A descriptor as it was (if that matters) and is. */
  descriptor(
    table: Table,
    index: number,
    va: number,
    asid: number | null,
    old: Descriptor | null,
  ): ReportedDescriptor {
    return {
      pa: table.pa + 8 * index,
      level: table.level,
      va,
      asid,
      old: old === null ? null : this.#value(old, table),
      now: this.#value(this.tables.read(table, index), table),
    };
  }

  access(use: Use, stale: string, now: string): ReportedAccess {
    const { access, el } = use;
    const va = vaNumber(use.vaLo, use.vaHi);
    return { place: this.here(), va, what: WHAT[access], el, stale, now };
  }
}

/** The part of a report that tells of a register. */
export function ofRegister(change: ContextChange): Pick<MmuReport, "register" | "writer"> {
  const { name, old, value, place } = change;
  return { register: { name, old, now: value }, writer: place };
}

/** A routine of the host by a name that is worked out when it is wanted. */
class HostPlace {
  readonly kind = "host";
  readonly instruction: number;
  readonly #nameOf: () => string;
  #name: string | null = null;

  constructor(instruction: number, nameOf: () => string) {
    this.instruction = instruction;
    this.#nameOf = nameOf;
  }

  get name(): string {
    this.#name ??= this.#nameOf();
    return this.#name;
  }
}
