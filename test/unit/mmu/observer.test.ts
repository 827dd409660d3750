import { describe, expect, it } from "vitest";
import type { MmuObserver, TlbiOperation } from "../../../emulator/index.js";
import {
  AREA,
  AREA_L3,
  at,
  El1Program,
  El1World,
  page,
  ROOT,
  slot,
  tlbiVa,
} from "../../support/el1-program.js";

/** Writes down what it is told, with the PC where the position is known. */
class Recorder implements MmuObserver {
  readonly lines: string[] = [];
  readonly #world: El1World;

  constructor(world: El1World) {
    this.#world = world;
  }

  #note(line: string): void {
    const { mmu, cpu } = this.#world.machine;
    const where =
      mmu.position === "host" ? "host" : `${cpu.pc.toString(16)} #${cpu.instructionCount}`;
    this.lines.push(`${where}: ${line}`);
  }

  accessed(
    lo: number,
    hi: number,
    access: number,
    el: number,
    _pan: boolean,
    exact: boolean,
  ): boolean {
    if (lo >>> 0 < AREA) return false;
    if (!exact) return true;
    this.#note(`access ${access} el${el} ${(lo >>> 0).toString(16)} ${hi}`);
    return false;
  }

  descriptorRead(lo: number, _hi: number, asid: number, level: number, pa: number): void {
    if (lo >>> 0 >= AREA) this.lines.push(`read L${level} ${pa.toString(16)} asid ${asid}`);
  }

  filled(lo: number, _hi: number, asid: number, base: number, shift: number, level: number): void {
    if (lo >>> 0 < AREA) return;
    this.lines.push(`filled ${base.toString(16)} 2^${shift} L${level} asid ${asid}`);
  }

  evicted(lo: number): void {
    if (lo >>> 0 >= AREA) this.lines.push(`evicted ${(lo >>> 0).toString(16)}`);
  }

  invalidated(operation: TlbiOperation): boolean {
    this.#note(JSON.stringify(operation));
    return false;
  }

  barrier({ kind, accesses }: { kind: string; accesses: string }): void {
    this.#note(`${kind} ${accesses}`);
  }

  synchronized(by: string): void {
    this.lines.push(by);
  }

  contextWritten(name: string, old: bigint, value: bigint): void {
    this.#note(`${name} ${old.toString(16)} -> ${value.toString(16)}`);
  }

  written(pa: number, bytes: number): void {
    this.#note(`wrote ${pa.toString(16)} ${bytes}`);
  }
}

describe("an observer of the MMU", () => {
  const program = new El1Program()
    .mov("x0", 0)
    .label("loop") // many instructions in one region
    .add("x0", "x0", 1)
    .label("store")
    .store(slot(3), page(3))
    .label("dsb")
    .dsb("ishst")
    .isb()
    .label("load")
    .loadFrom(AREA + 0x3008)
    .label("tlbi")
    .tlbiOf("vale1is", tlbiVa(AREA + 0x3000, 1, 0b0111))
    .dsb("ish")
    .mov("x1", ROOT)
    .label("msr")
    .msr("TTBR0_EL1", "x1")
    .isb();

  it("is told everything, in order, with the guest's exact position", () => {
    const world = new El1World();
    const recorder = new Recorder(world);
    const { mmu } = world.machine;
    mmu.setObserver(recorder);
    mmu.watch(AREA_L3, true);
    expect(world.run(program)).toEqual({ kind: "reached" });
    const pc = (label: string, n: number): string => (at(program, label) + 4 * n).toString(16);
    const numbered = (label: string, n: number): string =>
      `${pc(label, n)} #${(at(program, label) - 0x4000_0000) / 4 + n}`;
    // mov of a 64-bit constant takes as many instructions as it has 16-bit parts
    const load = `${numbered("load", 2)}: access 0 el1 80003008 0`;
    expect(recorder.lines.filter((line) => line !== "host")).toEqual([
      `${numbered("dsb", -1)}: wrote ${slot(3).toString(16)} 8`,
      `${numbered("dsb", 0)}: dsb stores`,
      "isb",
      load,
      `read L1 ${(ROOT + 16).toString(16)} asid 1`,
      "read L2 40102000 asid 1",
      `read L3 ${slot(3).toString(16)} asid 1`,
      "filled 40303000 2^12 L3 asid 1",
      `${numbered("tlbi", 4)}: {"kind":"va","vaLo":-2147471360,"vaHi":0,"bytes":0,"asid":1,"lastLevel":true,"level":3}`,
      "evicted 80003000",
      `${numbered("tlbi", 5)}: dsb all`,
      `${numbered("msr", 0)}: TTBR0_EL1 1000040100000 -> 40100000`,
      "isb",
    ]);
  });

  it("changes nothing of what the guest does", () => {
    const plain = new El1World();
    const watched = new El1World();
    watched.machine.mmu.setObserver(new Recorder(watched));
    watched.machine.mmu.watch(AREA_L3, true);
    for (const world of [plain, watched]) {
      world.machine.memory.view(0x4030_3008, 8).fill(0x5a);
      world.run(program);
    }
    const state = (world: El1World): unknown => [
      world.machine.cpu.x(11),
      world.machine.instructionsExecuted,
      world.machine.cpu.pc,
    ];
    expect(plain.machine.cpu.x(11)).toBe(0x5a5a_5a5a_5a5a_5a5an);
    expect(state(watched)).toEqual(state(plain));
  });

  it("sees a store that crosses into a watched page", () => {
    const world = new El1World();
    const recorder = new Recorder(world);
    world.machine.mmu.setObserver(recorder);
    world.machine.mmu.watch(AREA_L3, true);
    world.run(new El1Program().store(AREA_L3 - 4, 0x1122_3344_5566_7788n));
    expect(recorder.lines.filter((line) => line.includes("wrote"))).toEqual([
      "40000018 #6: wrote 40103000 4",
    ]);
  });
});
