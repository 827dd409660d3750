import fc from "fast-check";
import { describe, expect, it } from "vitest";
import type { MmuRule } from "../../emulator/index.js";
import { formatReport, MmuSanitizer, type MmuReport } from "../../emulator/mmu/sanitizer/index.js";
import {
  AREA,
  AREA_L2,
  AREA_L3,
  DATA,
  El1Program,
  El1World,
  IDENTITY_L2,
  page,
  ROOT,
  slot,
  tlbiVa,
} from "../support/el1-program.js";

/**
 * Programs that keep the rules, made of steps that change one page and use it; and the same with one
 * instruction left out.
 */

const PAGES = 6;
const READ_ONLY = DATA | (1n << 7n);

/** What a page is mapped as: a frame, and whether it may be written; null: not at all. */
type State = { readonly frame: number; readonly writable: boolean } | null;

interface Step {
  readonly page: number;
  readonly frame: number;
  readonly writable: boolean;
  /** Unmap, if it is mapped. */
  readonly unmap: boolean;
}

/** One instruction that may be left out, and what is then reported. */
type Piece =
  | { readonly emit: (p: El1Program) => void; readonly without?: MmuRule }
  | ((p: El1Program) => void);

const value = (state: State): bigint =>
  state === null ? 0n : page(state.frame, state.writable ? DATA : READ_ONLY);

function pieces(step: Step, was: State, is: State): Piece[] {
  const n = step.page;
  const va = AREA + 0x1000 * n;
  const store = (descriptor: bigint) => (p: El1Program) => void p.store(slot(n), descriptor);
  const dsb = (p: El1Program): void => void p.dsb("ishst");
  const wait = (p: El1Program): void => void p.dsb("ish");
  const tlbi = (p: El1Program): void => void p.tlbiOf("vale1is", tlbiVa(va, 1));
  // Writing shows every difference: none, read-only, another frame.
  const use = (p: El1Program): void => void p.mov("x9", va).str("x9", "x9", 8 * n);
  if (was === null) {
    return is === null
      ? [use]
      : [store(value(is)), { emit: dsb, without: "write-without-dsb" }, use];
  }
  const moved = is !== null && is.frame !== was.frame;
  if (!moved) {
    if (is?.writable === was.writable) return [use];
    return [
      store(value(is)),
      { emit: dsb, without: "tlbi-before-dsb" },
      { emit: tlbi, without: "missing-tlbi" },
      { emit: wait, without: "tlbi-without-dsb" },
      use,
    ];
  }
  const without: MmuRule = "break-before-make";
  // From one read-only page to another with the same contents nothing could show.
  const matters = was.writable || is.writable ? { without } : {};
  return [
    { emit: store(0n), ...matters },
    { emit: dsb, ...matters },
    { emit: tlbi, ...matters },
    { emit: wait, ...matters },
    store(value(is)),
    { emit: dsb, without: "write-without-dsb" },
    use,
  ];
}

/** The pieces of a program, with the page each belongs to. */
function programOf(steps: readonly Step[]): { readonly piece: Piece; readonly page: number }[] {
  const states: State[] = Array.from({ length: PAGES }, () => null);
  return steps.flatMap((step) => {
    const was = states[step.page]!;
    const { frame, writable } = step;
    const is: State = step.unmap && was !== null ? null : { frame, writable };
    states[step.page] = is;
    return pieces(step, was, is).map((piece) => ({ piece, page: step.page }));
  });
}

function run(parts: readonly Piece[], omitted: number): readonly MmuReport[] {
  const program = new El1Program();
  parts.forEach((piece, i) => {
    if (i === omitted) return;
    if (typeof piece === "function") piece(program);
    else piece.emit(program);
  });
  const world = new El1World();
  const { machine } = world;
  const sanitizer = new MmuSanitizer(machine.mmu, machine.cpu);
  machine.mmu.setObserver(sanitizer);
  expect(world.run(program).kind).toBe("reached");
  return sanitizer.reports;
}

const step: fc.Arbitrary<Step> = fc.record({
  page: fc.nat(PAGES - 1),
  frame: fc.nat(7),
  writable: fc.boolean(),
  unmap: fc.boolean(),
});
const steps = fc.array(step, { minLength: 3, maxLength: 10, size: "max" });

describe("the MMU sanitizer", () => {
  it("is silent about programs that keep the rules", () => {
    fc.assert(
      fc.property(steps, (list) => {
        expect(run(programOf(list).map(({ piece }) => piece), -1)).toEqual([]); // prettier-ignore
      }),
      { numRuns: 10 },
    );
  });

  it("survives tables of any contents, that point to themselves included", () => {
    const tables = [ROOT, IDENTITY_L2, AREA_L2, AREA_L3];
    const descriptor = fc.oneof(
      fc.bigInt({ min: 0n, max: 2n ** 64n - 1n }),
      fc.constantFrom(...tables).map((pa) => BigInt(pa) | 3n),
      fc.nat(15).map((n) => page(n)),
      fc.constant(0n),
    );
    const write = fc.tuple(fc.constantFrom(...tables), fc.nat(511), descriptor);
    fc.assert(
      fc.property(fc.array(write, { minLength: 5, maxLength: 30 }), (writes) => {
        const world = new El1World();
        const { machine } = world;
        const sanitizer = new MmuSanitizer(machine.mmu, machine.cpu);
        machine.mmu.setObserver(sanitizer);
        for (const [table, index, value] of writes) {
          world.write(table + 8 * index, value);
          machine.readVirtual(BigInt(AREA + index * 0x1000), 8);
          machine.mmu.tlbiVa(AREA, 0, 1);
          machine.mmu.barrier({ kind: "dsb", accesses: "all" });
          machine.mmu.synchronized("isb");
        }
        sanitizer.settle();
        for (const report of sanitizer.reports) formatReport(report);
        machine.mmu.tlbiAll();
        machine.mmu.barrier({ kind: "dsb", accesses: "all" });
      }),
      { numRuns: 10 },
    );
  });

  it("finds one instruction left out", () => {
    fc.assert(
      fc.property(steps, fc.nat(), (list, which) => {
        const parts = programOf(list);
        const candidates = parts.flatMap(({ piece }, i) =>
          typeof piece !== "function" && piece.without !== undefined ? [i] : [],
        );
        fc.pre(candidates.length > 0);
        const at = candidates[which % candidates.length]!;
        const { piece, page: n } = parts[at]!;
        const [report] = run(
          parts.map((part) => part.piece),
          at,
        );
        expect([report?.rule, report?.descriptor?.pa]).toEqual([
          typeof piece === "function" ? null : piece.without,
          slot(n),
        ]);
      }),
      { numRuns: 25 },
    );
  });
});
