import { describe, expect, it } from "vitest";
import type { ExitReport } from "../../../kernel-sim/kernel.js";
import { TIME_SLICE } from "../../../kernel-sim/scheduler.js";
import { KernelPanic } from "../../../vm/types.js";
import { A64Program } from "../../support/a64-program.js";
import { DarwinWorld } from "../../support/darwin-world.js";

const SYS = {
  exit: 1,
  fork: 2,
  read: 3,
  write: 4,
  close: 6,
  wait4: 7,
  kill: 37,
  pipe: 42,
} as const;
const SYS_SIGPROCMASK = 48;
const SYS_SIGACTION = 46;
const SIGKILL = 9;
const SIGSEGV = 11;
const SIGSTOP = 17;
const SIGCONT = 19;

const LOOP = 2; // instructions of `spin`, a turn

/** SUBS, B.NE: `turns` times two instructions, flags and x9 changed. */
function spin(p: A64Program, label: string, turns: number): A64Program {
  return p.mov("x9", turns).label(label).sub("x9", "x9", 1).cbnz("x9", label);
}

describe("an instruction limit", () => {
  it("is reached exactly, wherever it falls", () => {
    for (const maxInstructions of [1, 2, 3, 997, 100_000, 100_001, 1_234_567]) {
      const w = new DarwinWorld({}, { maxInstructions });
      const report = w.run(new A64Program().label("top").add("x9", "x9", 1).b("top"));
      expect(report).toMatchObject({ kind: "limit", instructions: maxInstructions, exitCode: 124 });
      expect(w.kernel.machine.instructionsExecuted).toBe(maxInstructions);
    }
  });

  it("comes after the turns that fit before it", () => {
    const turns = (maxInstructions: number): number => {
      const w = new DarwinWorld({}, { maxInstructions });
      const p = new A64Program().svc(SYS.fork).mov("x9", 0);
      w.run(p.label("top").add("x9", "x9", 1).b("top"));
      return w.kernel.stats.contextSwitches - 1; // the last one was to kill the other task
    };
    expect([turns(TIME_SLICE / 2), turns(3 * TIME_SLICE)]).toEqual([0, 3]);
  });

  it("stays reached", () => {
    const w = new DarwinWorld({}, { maxInstructions: 10 });
    expect(w.run(new A64Program().label("top").b("top"))).toMatchObject({ kind: "limit" });
    expect(w.kernel.machine.instructionsExecuted).toBe(10); // shutting down took none
  });
});

describe("time slices", () => {
  it("are shared between tasks, and every register survives them", () => {
    // Parent and child each keep x10..x12, the stack pointer and the flags over several slices.
    const w = new DarwinWorld();
    const p = new A64Program().svc(SYS.fork).mov("x20", "x1").mov("x21", "x0");
    p.word(0xca01_0000); // eor x0, x0, x1: differs between the two
    p.mov("x10", "x0").mov("x11", "sp").mov("x12", "x20");
    p.word(0x9e67_0148); // fmov d8, x10
    spin(p, "loop", (3 * TIME_SLICE) / LOOP);
    p.word(0x9e66_010d).word(0xcb0a_01a0).cbnz("x0", "bad"); // fmov x13, d8; sub x0, x13, x10
    p.mov("x14", "sp").word(0xcb0b_01c0).cbnz("x0", "bad"); // sub x0, x14, x11
    p.word(0xcb14_0180).cbnz("x0", "bad"); // sub x0, x12, x20
    p.cbnz("x20", "good").mov("x9", 0);
    p.svc(SYS.wait4, "x21", "x28", 0, 0).ldrw("x0", "x28").cbnz("x0", "bad");
    p.label("good").svc(SYS.exit, 0).label("bad").svc(SYS.exit, 1);
    expect(w.run(p)).toMatchObject({ kind: "exited", status: 0 });
    expect(w.kernel.stats.contextSwitches).toBeGreaterThanOrEqual(6);
  });

  it("end for a thread that does nothing but fault, too", () => {
    // The child blocks SIGSEGV and faults for ever; the parent still gets to kill it.
    const w = new DarwinWorld();
    const p = new A64Program().svc(SYS.fork).mov("x21", "x0").cbnz("x1", "child");
    spin(p, "wait", TIME_SLICE).svc(SYS.kill, "x21", SIGKILL, 1);
    p.svc(SYS.wait4, "x21", "x28", 0, 0).ldrw("x0", "x28").svc(SYS.exit, "x0");
    p.label("child")
      .mov("x9", 1n << BigInt(SIGSEGV - 1))
      .str("x9", "x28");
    p.svc(SYS_SIGPROCMASK, 1, "x28", 0).mov("x1", 0).ldr("x0", "x1");
    expect(w.run(p)).toMatchObject({ kind: "exited", status: SIGKILL });
  });
});

describe("when nobody can go on", () => {
  const report = (p: A64Program): ExitReport => new DarwinWorld().run(p);

  it("a reader of a pipe nobody writes to is a deadlock", () => {
    const p = new A64Program().svc(SYS.pipe).svc(SYS.read, "x0", "x28", 1);
    expect(report(p)).toMatchObject({
      kind: "deadlock",
      exitCode: 125,
      message: "every thread sleeps for ever: pid 1: pipe",
    });
  });

  it("parent and child that wait for each other are one, told of both", () => {
    const p = new A64Program().svc(SYS.pipe).mov("x19", "x0").svc(SYS.fork).cbnz("x1", "child");
    p.svc(SYS.wait4, -1, 0, 0, 0).label("child").svc(SYS.read, "x19", "x28", 1);
    expect(report(p)).toMatchObject({
      kind: "deadlock",
      message: "every thread sleeps for ever: pid 1: wait for any child; pid 2: pipe",
    });
  });

  it("a fault whose signal is blocked repeats for ever", () => {
    const p = new A64Program().mov("x9", 1n << BigInt(SIGSEGV - 1)).str("x9", "x28");
    p.svc(SYS_SIGPROCMASK, 1, "x28", 0).mov("x1", 0x40).ldr("x0", "x1");
    const end = report(p);
    expect(end).toMatchObject({ kind: "deadlock" });
    expect((end as { message: string }).message).toMatch(
      /^every thread sleeps for ever: pid 1: the same exception over and over at 0x[0-9a-f]+$/,
    );
  });

  it("a fault whose signal is ignored does, too", () => {
    const p = new A64Program().mov("x9", 1).str("x9", "x28").str("xzr", "x28", 8);
    p.str("xzr", "x28", 16).svc(SYS_SIGACTION, SIGSEGV, "x28", 0).mov("x1", 0x40).ldr("x0", "x1");
    expect(report(p)).toMatchObject({ kind: "deadlock" });
  });

  it("many calls in a row are no repetition", () => {
    const p = new A64Program().mov("x16", 20); // getpid
    for (let i = 0; i < 1500; i++) p.word(0xd400_1001);
    expect(report(p.svc(SYS.exit, 4))).toMatchObject({ kind: "exited", status: 4 });
  });
});

describe("when memory runs out", () => {
  const RAM = { ramBytes: 8 * 2 ** 20, compressor: false };
  /** Touch a fresh page at x20 and go on to the next, for ever. */
  const touchAll = (p: A64Program, label: string): A64Program =>
    p.label(label).str("x20", "x20").add("x20", "x20", 0x400).b(label);
  const SYS_MMAP = 197;

  it("the task that holds most of it is killed", () => {
    const w = new DarwinWorld({}, RAM);
    const p = new A64Program().svc(SYS_MMAP, 0, 1n << 30n, 3, 0x1002, -1, 0).mov("x20", "x0");
    const report = w.run(touchAll(p, "more"));
    expect(report).toMatchObject({ kind: "signaled", signal: SIGKILL });
    expect((report as { report: string }).report).toMatch(
      /^hello\[1\]: killed by SIGKILL at pc .*: the machine has no free memory left$/,
    );
  });

  it("the others go on with what it leaves", () => {
    const w = new DarwinWorld({}, RAM);
    const p = new A64Program().svc(SYS.fork).mov("x21", "x0").cbz("x1", "parent");
    p.svc(SYS_MMAP, 0, 1n << 30n, 3, 0x1002, -1, 0).mov("x20", "x0");
    touchAll(p, "more").label("parent");
    p.svc(SYS.wait4, "x21", "x28", 0, 0).ldrw("x0", "x28").svc(SYS.exit, "x0");
    expect(w.run(p)).toMatchObject({ kind: "exited", status: SIGKILL });
  });

  it("and processes: fork fails in the end", () => {
    // Every child pauses in a read; the parent forks until it is refused and exits with the error.
    const w = new DarwinWorld({}, { ramBytes: 64 * 2 ** 20 });
    const p = new A64Program().svc(SYS.pipe).mov("x19", "x0");
    p.label("again").svc(SYS.fork).bIf("cs", "full").cbz("x1", "again");
    p.svc(SYS.read, "x19", "x28", 1).label("full").svc(SYS.exit, "x0");
    expect(w.run(p)).toMatchObject({ kind: "exited", status: 35 }); // EAGAIN
  });
});

describe("families", () => {
  it("children of the dead are reaped at once, and the run ends with the first task", () => {
    const w = new DarwinWorld();
    // 1 forks 2, which forks 3 and exits; 3 outlives it; 1 reaps 2 only.
    const p = new A64Program().svc(SYS.fork).cbz("x1", "first").svc(SYS.fork).cbz("x1", "second");
    spin(p, "orphan", 1000).svc(SYS.exit, 3).label("second").svc(SYS.exit, 2);
    p.label("first").svc(SYS.wait4, -1, "x28", 0, 0).mov("x20", "x0");
    spin(p, "idle", 2 * TIME_SLICE)
      .svc(SYS.wait4, -1, 0, 0, 0)
      .cset("x9", "cs");
    p.str("x20", "x28", 8).str("x0", "x28", 16).svc(SYS.write, 1, "x28", 24).svc(SYS.exit, 0);
    const pids: number[] = [];
    w.kernel.onExit = (record) => pids.push(record.pid);
    expect(w.run(p)).toMatchObject({ kind: "exited", status: 0 });
    expect(w.outputWords).toEqual([0x200n, 2n, 10n]); // status 2, pid 2, ECHILD
    expect(pids).toEqual([2, 3, 1]);
  });

  it("a child is stopped, continued and killed, and its parent is told each time", () => {
    const WUNTRACED = 2;
    const w = new DarwinWorld();
    const p = new A64Program().svc(SYS.fork).mov("x21", "x0").cbz("x1", "parent");
    p.label("child").b("child").label("parent");
    p.svc(SYS.kill, "x21", SIGSTOP, 1).svc(SYS.wait4, "x21", "x28", WUNTRACED, 0);
    p.svc(SYS.kill, "x21", SIGCONT, 1).add("x10", "x28", 8);
    p.svc(SYS.wait4, "x21", "x10", WUNTRACED | 1, 0).str("x0", "x28", 16);
    p.svc(SYS.kill, "x21", SIGSTOP, 1).svc(SYS.kill, "x21", SIGKILL, 1).add("x10", "x28", 8);
    p.svc(SYS.wait4, "x21", "x10", 0, 0).svc(SYS.write, 1, "x28", 24).svc(SYS.exit, 0);
    expect(w.run(p)).toMatchObject({ kind: "exited", status: 0 });
    expect(w.outputWords).toEqual([BigInt((SIGSTOP << 8) | 0x7f), BigInt(SIGKILL), 0n]);
  });

  it("observers see a dying task with its address space still there", () => {
    const w = new DarwinWorld();
    const seen: number[] = [];
    w.kernel.onTaskExit = (task) => seen.push(task.pid, task.map.nentries);
    const before = w.task.map.nentries;
    w.run(new A64Program().svc(SYS.exit, 0));
    expect(seen).toEqual([1, before + 1]);
  });
});

describe("a panic", () => {
  it("ends the run with a report, and the kernel runs no more", () => {
    const w = new DarwinWorld();
    w.kernel.onFault = () => {
      throw new KernelPanic("test panic");
    };
    w.kernel.current = null;
    w.kernel.scheduler.enqueue(w.thread);
    const report = w.kernel.run();
    expect(report).toMatchObject({ kind: "panic", message: "test panic", exitCode: 70 });
    expect(w.kernel.run()).toMatchObject({ kind: "panic" });
    w.kernel.shutdown();
  });
});
