import { beforeEach, describe, expect, it } from "vitest";
import type { KernelFaultRecord } from "../../../kernel-sim/events.js";
import type { ExitReport } from "../../../kernel-sim/kernel.js";
import { KERN_INVALID_ADDRESS, KERN_SUCCESS, PAGE_SIZE } from "../../../vm/types.js";
import { A64Program } from "../../support/a64-program.js";
import { DarwinWorld } from "../../support/darwin-world.js";

const SYS_EXIT = 1;
const SIGILL = 4;
const SIGTRAP = 5;
const SIGBUS = 10;
const SIGSEGV = 11;
const SIGSYS = 12;

let w: DarwinWorld;
let faults: KernelFaultRecord[];
beforeEach(() => {
  w = new DarwinWorld();
  faults = [];
});

function run(p: A64Program): ExitReport {
  w.kernel.onFault = (fault) => {
    if (!fault.fromKernel) faults.push(fault); // not the one that put the program there
  };
  return w.run(p);
}

/** The first line of a crash report, without who it is about. */
function headline(report: ExitReport): string {
  const text = report.kind === "signaled" ? report.report : report.kind;
  return text.split("\n")[0]!.replace(/^[^:]*: /, "");
}

describe("exceptions that are nobody's to resolve", () => {
  it.each<[string, number[], number, string]>([
    [
      "UDF",
      [0x0000_1234],
      SIGILL,
      "EXC_BAD_INSTRUCTION, code 1 (EXC_ARM_UNDEFINED), subcode 0x1234",
    ],
    [
      "an unallocated word",
      [0xffff_ffff],
      SIGILL,
      "EXC_BAD_INSTRUCTION, code 1 (EXC_ARM_UNDEFINED), subcode 0xffffffff",
    ],
    [
      "gdb's breakpoint",
      [0xe7ff_defe],
      SIGTRAP,
      "EXC_BREAKPOINT, code 1 (EXC_ARM_BREAKPOINT), subcode 0xe7ffdefe",
    ],
    [
      "its twin",
      [0xe7ff_deff],
      SIGTRAP,
      "EXC_BREAKPOINT, code 1 (EXC_ARM_BREAKPOINT), subcode 0xe7ffdeff",
    ],
    [
      "WFI",
      [0xd503_207f],
      SIGILL,
      "EXC_BAD_INSTRUCTION, code 1 (EXC_ARM_UNDEFINED), subcode 0xd503207f",
    ],
    [
      "MRS x0, CTR_EL0",
      [0xd53b_0020],
      SIGILL,
      "EXC_BAD_INSTRUCTION, code 1 (EXC_ARM_UNDEFINED), subcode 0xd53b0020",
    ],
    [
      "MSR DAIFSet",
      [0xd503_4fdf],
      SIGILL,
      "EXC_BAD_INSTRUCTION, code 1 (EXC_ARM_UNDEFINED), subcode 0xd5034fdf",
    ],
    [
      "HLT",
      [0xd440_0000],
      SIGILL,
      "EXC_BAD_INSTRUCTION, code 1 (EXC_ARM_UNDEFINED), subcode 0xd4400000",
    ],
  ])("%s", (_, words, signal, line) => {
    const report = run(new A64Program().word(...words));
    expect(report).toMatchObject({ kind: "signaled", signal, exitCode: 128 + signal });
    expect(headline(report)).toBe(`${line}: ${signal === SIGILL ? "SIGILL" : "SIGTRAP"}`);
  });

  it("WFE and hints are none", () => {
    const p = new A64Program().word(0xd503_205f, 0xd503_201f, 0xd503_203f).svc(SYS_EXIT, 3);
    expect(run(p)).toMatchObject({ kind: "exited", status: 3 });
  });

  it("BRK reports its own address, which is where the program stays", () => {
    const report = run(new A64Program().mov("x0", 5).word(0xd420_ffe0));
    expect(report).toMatchObject({ kind: "signaled", signal: SIGTRAP });
    const [, subcode] = /subcode (0x[0-9a-f]+)/.exec(headline(report))!;
    expect((report as { report: string }).report).toContain(`at pc ${subcode!}`);
  });

  it("an invalid Mach trap is EXC_SYSCALL", () => {
    const report = run(new A64Program().svc(-17));
    expect(report).toMatchObject({ kind: "signaled", signal: SIGSYS });
    expect(headline(report)).toBe("EXC_SYSCALL, code 17 (17), subcode 0x0: SIGSYS");
  });
});

describe("alignment", () => {
  const LDXR = 0xc85f_7c20; // ldxr x0, [x1]

  it("of exclusives comes before the translation", () => {
    const report = run(new A64Program().mov("x1", 4).word(LDXR));
    expect(headline(report)).toBe(
      "EXC_BAD_ACCESS, code 257 (EXC_ARM_DA_ALIGN), subcode 0x4: SIGBUS",
    );
    expect(faults.filter((f) => f.access !== "exec").length).toBe(0);
  });

  it("of the stack pointer leaves no fault address", () => {
    const p = new A64Program().mov("x1", 0x1_2345_6788).word(0x9100_003f).ldr("x0", "sp");
    const report = run(p);
    expect(headline(report)).toBe(
      "EXC_BAD_ACCESS, code 259 (EXC_ARM_SP_ALIGN), subcode 0x123456788: SIGBUS",
    );
  });

  it("of the PC comes before a missing page", () => {
    const report = run(new A64Program().mov("x1", 0x5000_0000_0002).blr("x1"));
    expect(headline(report)).toBe(
      "EXC_BAD_ACCESS, code 257 (EXC_ARM_DA_ALIGN), subcode 0x500000000002: SIGBUS",
    );
    expect(report).toMatchObject({ signal: SIGBUS });
  });

  it("of ordinary accesses is nobody's business, across pages either", () => {
    const at = w.anonymous(2) + PAGE_SIZE - 3;
    const p = new A64Program().mov("x1", at).mov("x2", 0x1122_3344_5566_7788n);
    p.str("x2", "x1").ldr("x3", "x1").word(0xcb02_0060).svc(SYS_EXIT, "x0"); // sub x0, x3, x2
    expect(run(p)).toMatchObject({ kind: "exited", status: 0 });
    expect(faults.filter((f) => f.access === "write").map((f) => f.address)).toEqual([at, at + 3]);
  });
});

describe("aborts", () => {
  it("a read, then a write: one vm_fault, then the pmap alone", () => {
    const at = w.anonymous(1);
    const p = new A64Program().mov("x1", at).ldr("x0", "x1", 8).str("x1", "x1", 16);
    run(p.svc(SYS_EXIT, "x0"));
    const mine = faults.filter((f) => f.address >= at && f.address < at + PAGE_SIZE);
    expect(
      mine.map((f) => [f.access, f.address - at, f.resolution, f.event?.type ?? null]),
    ).toEqual([
      ["read", 8, "vm-fault", 1],
      ["write", 16, "fast-fault", null],
    ]);
    expect(mine.map((f) => f.esrName)).toEqual([
      "data abort, lower EL: read, translation fault, level 3",
      "data abort, lower EL: write, permission fault, level 3",
    ]);
    expect(mine.map((f) => f.pc - mine[0]!.pc)).toEqual([0, 4]);
  });

  it("a first write takes one fault, a first atomic two", () => {
    const [a, b] = [w.anonymous(1), w.anonymous(1)];
    const p = new A64Program().mov("x1", a).mov("x2", b).str("x1", "x1");
    p.word(0xf821_0040).svc(SYS_EXIT, 0); // ldadd x1, x0, [x2]
    run(p);
    const of = (va: number): string[] =>
      faults.filter((f) => f.address === va).map((f) => `${f.access} ${f.resolution}`);
    expect(of(a)).toEqual(["write vm-fault"]);
    expect(of(b)).toEqual(["read vm-fault", "write fast-fault"]);
  });

  it("tags are ignored by accesses and told to the program", () => {
    const at = w.anonymous(1);
    const tagged = (0x5an << 56n) | BigInt(at);
    const p = new A64Program().mov("x1", tagged).str("x1", "x1").mov("x1", 0x5a00_0000_0000_0010n);
    const report = run(p.ldr("x0", "x1"));
    expect(faults.find((f) => f.address === at)).toMatchObject({ kr: KERN_SUCCESS });
    expect(faults.at(-1)).toMatchObject({ address: 0x10, kr: KERN_INVALID_ADDRESS });
    expect(headline(report)).toBe(
      "EXC_BAD_ACCESS, code 1 (KERN_INVALID_ADDRESS), subcode 0x5a00000000000010: SIGSEGV",
    );
  });

  it.each([
    ["the kernel's half", 0xffff_fe00_0000_0000n],
    ["its last bytes", 0xffff_ffff_ffff_fff8n],
    ["an address no table reaches", 1n << 50n],
    ["the last address of the user's half", (1n << 47n) - 8n],
    ["the top of what a map may hold", 0x7fff_fe00_0000n],
  ])("%s is an invalid address", (_, address) => {
    const report = run(new A64Program().mov("x1", address).ldr("x0", "x1"));
    expect(report).toMatchObject({ kind: "signaled", signal: SIGSEGV });
    expect(headline(report)).toBe(
      `EXC_BAD_ACCESS, code 1 (KERN_INVALID_ADDRESS), subcode 0x${address.toString(16)}: SIGSEGV`,
    );
  });

  it("cache maintenance of what is not mapped counts as a read", () => {
    const report = run(new A64Program().mov("x1", 0x5000_0000_0000).word(0xd50b_7a21)); // dc cvac, x1
    expect(report).toMatchObject({ kind: "signaled", signal: SIGSEGV });
    expect(faults.at(-1)).toMatchObject({ access: "read", resolution: "failed" });
    expect(faults.at(-1)!.esr & 0x140).toBe(0x140); // CM and WnR
  });

  it("DC ZVA is a write", () => {
    const at = w.anonymous(1);
    run(new A64Program().mov("x1", at).word(0xd50b_7421).svc(SYS_EXIT, 0));
    expect(faults.find((f) => f.address === at)).toMatchObject({
      access: "write",
      kr: KERN_SUCCESS,
    });
  });

  it("a page that is not executable says so, with the access it denies", () => {
    const at = w.anonymous(1);
    w.write(at, [0xc0, 0x03, 0x5f, 0xd6]);
    const report = run(new A64Program().mov("x1", at).blr("x1"));
    expect(report).toMatchObject({ kind: "signaled", signal: SIGBUS });
    expect((report as { report: string }).report.split("\n").slice(0, 4)).toEqual([
      `hello[1]: EXC_BAD_ACCESS, code 2 (KERN_PROTECTION_FAILURE), subcode 0x${at.toString(16)}: SIGBUS`,
      `  at pc 0x${at.toString(16)}: .word 0xd65f03c0`,
      `  instruction abort, lower EL: fetch, permission fault, level 3 (ESR 0x8200000f, FAR 0x${at.toString(16)})`,
      expect.stringContaining("which denies execute."),
    ]);
  });
});
