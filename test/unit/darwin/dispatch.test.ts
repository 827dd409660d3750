import { describe, expect, it } from "vitest";
import { BSD_CALLS, MACH_TRAPS } from "../../../kernel-sim/syscall/darwin/table.js";
import { DarwinWorld } from "../../support/darwin-world.js";

const SIGSYS_BIT = 1n << 11n;
const ENOSYS = 78n;
const EBADF = 9n;

describe("the tables", () => {
  it.each([
    [1, "exit"],
    [2, "fork"],
    [3, "read"],
    [4, "write"],
    [7, "wait4"],
    [73, "munmap"],
    [74, "mprotect"],
    [197, "mmap"],
    [199, "lseek"],
    [339, "fstat64"],
    [396, "read_nocancel"],
    [397, "write_nocancel"],
    [398, "open_nocancel"],
    [400, "wait4_nocancel"],
    [464, "openat_nocancel"],
    [500, "getentropy"],
  ])("BSD call %i is %s", (number, name) => {
    expect(BSD_CALLS.get(number)?.name).toBe(name);
  });

  it.each([
    [10, "mach_vm_allocate"],
    [12, "mach_vm_deallocate"],
    [14, "mach_vm_protect"],
    [15, "mach_vm_map"],
    [26, "mach_reply_port"],
    [28, "task_self_trap"],
    [31, "mach_msg_trap"],
    [47, "mach_msg2_trap"],
    [61, "thread_switch"],
    [89, "mach_timebase_info_trap"],
  ])("Mach trap -%i is %s", (number, name) => {
    expect(MACH_TRAPS.get(number)?.name).toBe(name);
  });

  it("a nocancel variant has the handler of the call it belongs to", () => {
    expect(BSD_CALLS.get(396)?.handler).toBe(BSD_CALLS.get(3)?.handler);
    expect(BSD_CALLS.get(411)?.returns).toBe("u64");
  });

  it("traps outside XNU's table have no row", () => {
    for (const number of [0, 1, 17, 30, 127]) expect(MACH_TRAPS.has(number)).toBe(false);
  });
});

describe("a BSD call", () => {
  it("clears the carry and x1 when it succeeds", () => {
    const w = new DarwinWorld();
    w.kernel.cpu.setSysreg("SPSR_EL1", 0xf000_0000n);
    w.kernel.cpu.setX(1, 0x1234n);
    expect(w.svc(20)).toEqual({ x0: 1n, x1: 0n, carry: false });
    expect(w.kernel.cpu.sysreg("SPSR_EL1")).toBe(0xd000_0000n);
  });

  it("sets the carry, x0 to the positive error number and x1 to 0 when it fails", () => {
    const w = new DarwinWorld();
    expect(w.svc(6, 77, 0x1234)).toEqual({ x0: EBADF, x1: 0n, carry: true });
  });

  it("takes its number from the low 16 bits of w16", () => {
    const w = new DarwinWorld();
    expect(w.svc(0x1_0014n).x0).toBe(1n);
    expect(w.svc(0x5_0000_0014n).x0).toBe(1n); // bits 63:32 do not count
  });

  it("goes by x0 when all of x16 is zero, with arguments from x1", () => {
    const w = new DarwinWorld();
    expect(w.svc(0, 20)).toEqual({ x0: 1n, x1: 0n, carry: false });
    expect(w.svc(0, 6, 77)).toEqual({ x0: EBADF, x1: 0n, carry: true });
  });

  it.each([
    ["outside the table", 0x3fffn],
    ["number 0, not indirect", 0x1_0000_0000n],
  ])("is ENOSYS and a SIGSYS %s", (_, x16) => {
    const w = new DarwinWorld();
    expect(w.svc(x16)).toEqual({ x0: ENOSYS, x1: 0n, carry: true });
    expect(w.thread.pendingSignals).toBe(SIGSYS_BIT);
  });

  it("mlockall is ENOSYS without a signal", () => {
    const w = new DarwinWorld();
    expect(w.bsd("mlockall", 1)).toBe("ENOSYS");
    expect(w.bsd("munlockall", 1)).toBe("ENOSYS");
    expect(w.thread.pendingSignals).toBe(0n);
  });

  it("sign-extends an int and zero-extends an unsigned int", () => {
    const w = new DarwinWorld();
    expect(w.svc(24).x0).toBe(501n);
    expect(w.svc(60, 0o77).x0).toBe(0o22n);
  });

  it("returns two descriptors of a pipe in registers", () => {
    const w = new DarwinWorld();
    expect(w.svc(42)).toEqual({ x0: 3n, x1: 4n, carry: false });
  });

  it("fork: the parent gets the child's id; the child its own, and 1 in x1", () => {
    const w = new DarwinWorld();
    expect(w.svc(2)).toEqual({ x0: 2n, x1: 0n, carry: false });
    const registers = w.kernel.tasks.get(2)?.threads[0]?.saved?.cpu.registers;
    const view = new DataView(registers?.buffer ?? new ArrayBuffer(0));
    expect(view.getBigUint64(0, true)).toBe(2n);
    expect(view.getBigUint64(8, true)).toBe(1n);
    expect(w.kernel.tasks.get(2)?.threads[0]?.saved?.spsr).toBe(0n); // carry clear
  });
});

describe("a Mach trap", () => {
  it("returns in x0 and leaves x1 and the carry alone", () => {
    const w = new DarwinWorld();
    w.kernel.cpu.setSysreg("SPSR_EL1", 0x2000_0000n);
    const self = w.svc(-28, 0, 0x55).x0;
    expect(w.svc(-12, self, 0x55, 0)).toEqual({ x0: 0n, x1: 0x55n, carry: true });
  });

  it.each([1, 17, 30, 127, 5000])("-%i does not exist: EXC_SYSCALL, so SIGSYS", (number) => {
    const w = new DarwinWorld();
    w.svc(-number, 0x99);
    expect(w.kernel.cpu.x(0)).toBe(0x99n);
    expect(w.thread.pendingSignals).toBe(SIGSYS_BIT);
    expect(w.thread.exception?.exc).toMatchObject({ type: 7, code: number });
  });
});

describe("a platform call", () => {
  const PLATFORM = 0x8000_0000n;

  it("sets and gets the cthread pointer, in TPIDRRO_EL0", () => {
    const w = new DarwinWorld();
    w.svc(PLATFORM, 0x1_2345_6789n, 0, 0, 2);
    expect(w.kernel.cpu.sysreg("TPIDRRO_EL0")).toBe(0x1_2345_6789n);
    expect(w.svc(PLATFORM, 0, 0, 0, 3).x0).toBe(0x1_2345_6789n);
    w.svc(PLATFORM, 1n << 48n, 0, 0, 2);
    expect(w.svc(PLATFORM, 0, 0, 0, 3).x0).toBe(0n);
  });

  it.each([0, 1, 4, 77])("selector %i does nothing", (selector) => {
    const w = new DarwinWorld();
    expect(w.svc(PLATFORM, 0x42, 0, 0, selector).x0).toBe(0x42n);
    expect(w.thread.pendingSignals).toBe(0n);
  });
});

describe("the tracer", () => {
  it("is told name, arguments with text, and result", () => {
    const w = new DarwinWorld();
    w.bsd("open", "/none", 0, 0);
    w.bsd("write", 1, "abc", 3);
    w.svc(-28);
    const seen = w.records.map(({ family, code, name, args, result }) => ({
      call: `${family} ${code} ${name}`,
      text: args.map((arg) => arg.text),
      result,
    }));
    expect(seen).toEqual([
      {
        call: "bsd 5 open",
        text: ["/none", null, null],
        result: { kind: "error", value: 2, name: "ENOENT" },
      },
      {
        call: "bsd 4 write",
        text: [null, "abc", null],
        result: { kind: "value", value: 3n, text: null },
      },
      {
        call: "mach 28 task_self_trap",
        text: [],
        result: { kind: "value", value: 0x103n, text: null },
      },
    ]);
  });
});
