/** The bare programs: images for `machvm bare` and for qemu-system-aarch64 -M virt. */

export interface BareProgram {
  readonly name: string;
  /** In src/, without .c; by default the program's name. */
  readonly source?: string;
  readonly summary: string;
  /** The interrupt controller it drives, if it does: it is compiled for this one. */
  readonly gic?: 2 | 3;
  /** Uses floating-point registers itself. */
  readonly floatingPoint?: boolean;
  /** Boot arguments. */
  readonly append?: string;
  /** Reads and writes semihosting files. */
  readonly files?: boolean;
  readonly exitStatus: number;
}

/** What each prints is in expected/NAME.txt, the same here and under QEMU. */
export const BARE_PROGRAMS: readonly BareProgram[] = [
  { name: "hello", summary: "the UART, semihosting, the state at the start", exitStatus: 42 },
  {
    name: "exceptions",
    summary: "exceptions at EL1 and from EL0, nested, illegal returns",
    exitStatus: 0,
  },
  {
    name: "interrupts-v2",
    source: "interrupts",
    summary: "GICv2: timers, UART, SGIs, priorities, preemption",
    gic: 2,
    exitStatus: 0,
  },
  {
    name: "interrupts-v3",
    source: "interrupts",
    summary: "the same by GICv3's system registers",
    gic: 3,
    exitStatus: 0,
  },
  {
    name: "priorities-v2",
    source: "priorities",
    summary: "GICv2 asked directly: masks, group priorities, ending in two steps, groups",
    gic: 2,
    exitStatus: 0,
  },
  {
    name: "priorities-v3",
    source: "priorities",
    summary: "the same of GICv3",
    gic: 3,
    exitStatus: 0,
  },
  { name: "debug", summary: "software step, breakpoints, watchpoints", exitStatus: 0 },
  { name: "fp", summary: "floating point at EL1", floatingPoint: true, exitStatus: 0 },
  {
    name: "aborts",
    summary: "data aborts taken to the vector and back, for the benchmark",
    append: "5000",
    exitStatus: 0,
  },
  {
    name: "tlb",
    summary: "loads that hit and miss the TLB, walk, or follow a TLBI, for the benchmark",
    append: "walks 500",
    exitStatus: 0,
  },
  { name: "psci", summary: "PSCI calls, a reset, power off", exitStatus: 0 },
  {
    name: "files",
    summary: "semihosting: files, features, command line",
    append: "one two",
    files: true,
    exitStatus: 9,
  },
];
