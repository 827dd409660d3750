import { describe, expect, it } from "vitest";
import { openNodeFs } from "../../kernel-sim/cli/node-fs.js";
import { PAGE_SIZE } from "../../vm/types.js";
import { A64Program } from "../support/a64-program.js";
import { DarwinWorld } from "../support/darwin-world.js";

/** Programs of a few instructions: what only shows when user code really runs. */

const SYS = {
  exit: 1,
  fork: 2,
  read: 3,
  write: 4,
  close: 6,
  wait4: 7,
  kill: 37,
  pipe: 42,
  sigaction: 46,
  sigprocmask: 48,
  sigaltstack: 53,
  execve: 59,
  sigsuspend: 111,
  sigreturn: 184,
  mmap: 197,
} as const;
const SIGTRAP = 5;
const SIGSEGV = 11;
const SIGSYS = 12;
const SIGUSR1 = 30;
const SA_ONSTACK = 1;
const SA_RESTART = 2;
const SA_SIGINFO = 0x40;
const SA_VALIDATE = 0x400;
const SHARED_ANON = 0x1001;
const PRIVATE_ANON = 0x1002;
/** Where things are in the memory x28 points at. Results are written out from its start. */
const ACTION = 0x400;
const MASK = 0x480;
const STATUS = 0x488;
const BYTE = 0x490;
const STACK = 0x4a0;

/** Install `handler` by the trampoline every program has. */
function install(p: A64Program, signal: number, flags: number): A64Program {
  p.mov("x9", { label: "handler" }).str("x9", "x28", ACTION);
  p.mov("x9", { label: "trampoline" }).str("x9", "x28", ACTION + 8);
  p.mov("x9", BigInt(flags) << 32n).str("x9", "x28", ACTION + 16);
  return p.add("x10", "x28", ACTION).svc(SYS.sigaction, signal, "x10", 0);
}

/** What libsystem's _sigtramp does: call the handler (signal, info, context), then sigreturn. */
function trampoline(p: A64Program): A64Program {
  p.label("trampoline").mov("x19", "x4").mov("x20", "x5").mov("x21", "x1");
  p.mov("x9", "x0").mov("x0", "x2").mov("x1", "x3").mov("x2", "x4").blr("x9");
  return p.svc(SYS.sigreturn, "x19", "x21", "x20").word(0xd420_0000);
}

/** Write `words` results and exit. */
function finish(p: A64Program, words: number): A64Program {
  return p.svc(SYS.write, 1, "x28", 8 * words).svc(SYS.exit, 0);
}

function exited(status: number): object {
  return { kind: "exited", status };
}

describe("a handler", () => {
  it("sees the fault, and its changes to the context count when it returns", () => {
    const w = new DarwinWorld();
    const p = install(new A64Program(), SIGSEGV, SA_SIGINFO | SA_VALIDATE);
    p.mov("x22", 0x7777).mov("x1", 0x0a00_0092_3456_7890n);
    p.label("fault").ldr("x22", "x1");
    p.str("x22", "x28", 24);
    finish(p, 4);
    trampoline(p);
    // Record si_signo and si_code, si_addr, and pc; then skip the load.
    p.label("handler").ldr("x9", "x1").str("x9", "x28", 0);
    p.ldr("x9", "x1", 24).str("x9", "x28", 8);
    p.ldr("x10", "x2", 48)
      .ldr("x9", "x10", 16 + 256)
      .mov("x11", { label: "fault" });
    p.word(0xcb0b_0129).str("x9", "x28", 16); // SUB x9, x9, x11
    p.ldr("x9", "x10", 16 + 256)
      .add("x9", "x9", 4)
      .str("x9", "x10", 16 + 256)
      .ret();
    expect(w.run(p)).toMatchObject(exited(0));
    expect(w.outputWords).toEqual([11n, 0x0a00_0092_3456_7890n, 0n, 0x7777n]);
  });

  it("of BRK gets the PC of the BRK, and finds it there again unless it moves on", () => {
    const w = new DarwinWorld();
    const p = install(new A64Program(), SIGTRAP, SA_SIGINFO);
    p.mov("x23", 0).label("trap").word(0xd420_0020);
    finish(p, 3);
    trampoline(p);
    p.label("handler").add("x23", "x23", 1); // restored by sigreturn, so count in memory
    p.ldr("x9", "x28").add("x9", "x9", 1).str("x9", "x28");
    p.ldr("x10", "x1", 24).mov("x11", { label: "trap" }).word(0xcb0b_014a); // SUB x10, x10, x11
    p.str("x10", "x28", 8).sub("x9", "x9", 3).cbnz("x9", "again");
    p.ldr("x10", "x2", 48).ldr("x9", "x10", 272).add("x9", "x9", 4).str("x9", "x10", 272);
    p.label("again").ret();
    expect(w.run(p)).toMatchObject(exited(0));
    expect(w.outputWords).toEqual([3n, 0n, 0n]);
  });

  it("of a stack overflow runs on the alternate stack", () => {
    const w = new DarwinWorld();
    const p = install(new A64Program(), SIGSEGV, SA_ONSTACK);
    p.svc(SYS.mmap, 0, 0x10000, 3, PRIVATE_ANON, -1, 0).str("x0", "x28", STACK);
    p.mov("x9", 0x10000)
      .str("x9", "x28", STACK + 8)
      .str("xzr", "x28", STACK + 16);
    p.add("x10", "x28", STACK).svc(SYS.sigaltstack, "x10", 0);
    p.label("recurse").sub("sp", "sp", 1024).str("x0", "sp").b("recurse");
    trampoline(p);
    p.label("handler").svc(SYS.exit, 33);
    expect(w.run(p)).toMatchObject(exited(33));
  });

  it("without one, the overflow is fatal although it is handled", () => {
    const w = new DarwinWorld();
    const p = install(new A64Program(), SIGSEGV, 0);
    p.label("recurse").sub("sp", "sp", 1024).str("x0", "sp").b("recurse");
    trampoline(p).label("handler").svc(SYS.exit, 33);
    expect(w.run(p)).toMatchObject({ kind: "signaled", signal: SIGSEGV, exitCode: 139 });
  });

  it("of SIGSYS returns into a call that failed with ENOSYS", () => {
    const w = new DarwinWorld();
    const p = install(new A64Program(), SIGSYS, 0);
    p.svc(0x3fff, 1, 2).cset("x9", "cs").str("x0", "x28").str("x9", "x28", 8);
    finish(p, 3);
    trampoline(p);
    p.label("handler").mov("x9", 1).str("x9", "x28", 16).ret();
    expect(w.run(p)).toMatchObject(exited(0));
    expect(w.outputWords).toEqual([78n, 1n, 1n]);
  });
});

describe("without a handler", () => {
  it.each([
    ["a call there is not", 0x3fff, SIGSYS],
    ["a Mach trap there is not", -17, SIGSYS],
  ])("%s ends the task", (_, number, signal) => {
    const w = new DarwinWorld();
    const p = new A64Program().svc(number).svc(SYS.exit, 0);
    expect(w.run(p)).toMatchObject({ kind: "signaled", signal, exitCode: 128 + signal });
  });

  it("mlockall fails and life goes on", () => {
    const w = new DarwinWorld();
    const p = new A64Program().svc(324, 1).svc(SYS.exit, "x0");
    expect(w.run(p)).toMatchObject(exited(78));
  });
});

describe("a read from a pipe that a signal breaks", () => {
  /** The child kills its parent, then writes; the parent reads meanwhile. */
  function interrupted(flags: number): DarwinWorld {
    const w = new DarwinWorld();
    const p = install(new A64Program(), SIGUSR1, flags);
    p.svc(SYS.pipe).mov("x24", "x0").mov("x25", "x1");
    p.svc(SYS.fork).cbnz("x1", "child").mov("x26", "x0");
    p.add("x10", "x28", BYTE).svc(SYS.read, "x24", "x10", 1).cset("x9", "cs");
    p.str("x0", "x28").str("x9", "x28", 8);
    p.svc(SYS.wait4, "x26", 0, 0, 0);
    finish(p, 3);
    p.label("child").svc(39).svc(SYS.kill, "x0", SIGUSR1, 1);
    p.svc(-61, 0, 2, 1); // thread_switch: wait 1 ms
    p.svc(SYS.write, "x25", "x28", 1).svc(SYS.exit, 0);
    trampoline(p);
    p.label("handler").mov("x9", 1).str("x9", "x28", 16).ret();
    expect(w.run(p)).toMatchObject(exited(0));
    return w;
  }

  it("starts again with SA_RESTART", () => {
    const w = interrupted(SA_RESTART);
    expect(w.outputWords).toEqual([1n, 0n, 1n]);
    const reads = w.records.filter(({ name }) => name === "read").map(({ result }) => result);
    expect(reads).toEqual([
      { kind: "error", value: -1, name: "ERESTART" },
      { kind: "value", value: 1n, text: null },
    ]);
  });

  it("is EINTR without", () => {
    expect(interrupted(0).outputWords).toEqual([4n, 1n, 1n]);
  });
});

describe("sigsuspend", () => {
  it("waits with another mask, and puts the old one back after the handler", () => {
    const w = new DarwinWorld();
    const p = install(new A64Program(), SIGUSR1, SA_RESTART);
    p.mov("x9", 1 << 29)
      .str("x9", "x28", MASK)
      .add("x10", "x28", MASK);
    p.svc(SYS.sigprocmask, 1, "x10", 0);
    p.svc(SYS.fork).cbnz("x1", "child");
    p.svc(SYS.sigsuspend, 0).cset("x9", "cs").str("x0", "x28").str("x9", "x28", 8);
    p.add("x10", "x28", 24).svc(SYS.sigprocmask, 1, 0, "x10");
    finish(p, 4);
    p.label("child").svc(39).svc(SYS.kill, "x0", SIGUSR1, 1).svc(SYS.exit, 0);
    trampoline(p);
    p.label("handler").mov("x9", 1).str("x9", "x28", 16).ret();
    expect(w.run(p)).toMatchObject(exited(0));
    expect(w.outputWords).toEqual([4n, 1n, 1n, 1n << 29n]);
  });
});

describe("fork", () => {
  it("shares shared memory and copies private memory", () => {
    const w = new DarwinWorld();
    const p = new A64Program();
    p.svc(SYS.mmap, 0, PAGE_SIZE, 3, SHARED_ANON, -1, 0).mov("x24", "x0");
    p.svc(SYS.mmap, 0, PAGE_SIZE, 3, PRIVATE_ANON, -1, 0).mov("x25", "x0");
    p.mov("x9", 1).str("x9", "x24").str("x9", "x25");
    p.svc(SYS.fork).cbnz("x1", "child").mov("x26", "x0").str("x26", "x28");
    p.add("x10", "x28", STATUS).svc(SYS.wait4, -1, "x10", 0, 0).str("x0", "x28", 8);
    p.ldrw("x9", "x28", STATUS).str("x9", "x28", 16);
    p.ldr("x9", "x24").str("x9", "x28", 24).ldr("x9", "x25").str("x9", "x28", 32);
    finish(p, 5);
    p.label("child").mov("x26", "x0").mov("x9", 2).str("x9", "x24").str("x9", "x25");
    p.svc(SYS.exit, "x26");
    expect(w.run(p)).toMatchObject(exited(0));
    expect(w.outputWords).toEqual([2n, 2n, 0x200n, 2n, 1n]);
  });

  it("the child's death by a signal is in the status", () => {
    const w = new DarwinWorld();
    const p = new A64Program().svc(SYS.fork).cbnz("x1", "child");
    p.add("x10", "x28", STATUS).svc(SYS.wait4, -1, "x10", 0, 0);
    p.ldrw("x9", "x28", STATUS).str("x9", "x28");
    finish(p, 1);
    p.label("child").mov("x9", 0).str("x9", "x9");
    expect(w.run(p)).toMatchObject(exited(0));
    expect(w.outputWords).toEqual([11n]);
  });

  it("swtch lets the child run", () => {
    const w = new DarwinWorld();
    const p = new A64Program();
    p.svc(SYS.mmap, 0, PAGE_SIZE, 3, SHARED_ANON, -1, 0).mov("x24", "x0");
    p.svc(SYS.fork).cbnz("x1", "child");
    p.svc(-60).str("x0", "x28").ldr("x9", "x24").str("x9", "x28", 8);
    finish(p, 2);
    p.label("child").mov("x9", 5).str("x9", "x24").svc(SYS.exit, 0);
    expect(w.run(p)).toMatchObject(exited(0));
    expect(w.outputWords).toEqual([1n, 5n]);
  });
});

describe("time", () => {
  it("passes while everybody sleeps", () => {
    const w = new DarwinWorld();
    const p = new A64Program().svc(-3).mov("x24", "x0");
    p.mov("x9", 24_000_000).word(0x8b09_0000).svc(-90).svc(-3); // ADD x0, x0, x9
    p.word(0xcb18_0000).str("x0", "x28"); // SUB x0, x0, x24
    finish(p, 1);
    expect(w.run(p)).toMatchObject(exited(0));
    expect(w.outputWords[0]).toBeGreaterThanOrEqual(24_000_000n);
    expect(w.outputWords[0]).toBeLessThan(24_001_000n);
  });
});

describe("execve", () => {
  it("replaces the program: arguments arrive, handlers and mappings do not", () => {
    const w = new DarwinWorld(openNodeFs("."));
    const texts = ["guests/bin/hello", "hello", "one", "two words"];
    const at = texts.map((_, i) => w.scratch + 0x800 + 64 * i);
    texts.forEach((text, i) => w.write(at[i]!, new TextEncoder().encode(`${text}\0`)));
    w.write64(w.scratch + 0x600, ...at.slice(1), 0);
    const p = new A64Program().add("x10", "x28", 0x600).mov("x9", at[0]!);
    p.svc(SYS.execve, "x9", "x10", 0).svc(SYS.exit, "x0");
    expect(w.run(p)).toMatchObject(exited(0));
    expect(w.output).toBe("hello, world\n2 arguments\n  1: one\n  2: two words\n");
  });

  it("an ELF program is no program of Darwin's", () => {
    const w = new DarwinWorld(openNodeFs("."));
    w.write(w.scratch + 0x800, new TextEncoder().encode("guests/bin/hello.elf\0"));
    const p = new A64Program().mov("x9", w.scratch + 0x800);
    p.svc(SYS.execve, "x9", 0, 0).svc(SYS.exit, "x0");
    expect(w.run(p)).toMatchObject(exited(8)); // ENOEXEC
  });
});
