import { describe, expect, it } from "vitest";
import {
  EXC_ARITHMETIC,
  EXC_ARM_DA_ALIGN,
  EXC_ARM_FP_DZ,
  EXC_ARM_FP_IO,
  EXC_ARM_SP_ALIGN,
  EXC_BAD_ACCESS,
  EXC_BAD_INSTRUCTION,
  EXC_BREAKPOINT,
  EXC_SOFTWARE,
  EXC_SYSCALL,
  type ExcInfo,
  type ExcType,
} from "../../../kernel-sim/exception.js";
import { exceptionTriage } from "../../../kernel-sim/exception-triage.js";
import { postSignal, takePending } from "../../../kernel-sim/signal.js";
import { DARWIN } from "../../../kernel-sim/syscall/darwin/index.js";
import { deliverDarwinSignal } from "../../../kernel-sim/syscall/darwin/signal-delivery.js";
import { darwinState } from "../../../kernel-sim/syscall/darwin/state.js";
import { runNow } from "../../../vm/blocking.js";
import {
  KERN_INVALID_ADDRESS,
  KERN_MEMORY_ERROR,
  KERN_PROTECTION_FAILURE,
} from "../../../vm/types.js";
import { DarwinWorld } from "../../support/darwin-world.js";

const SIGBUS = 10;
const SIGSEGV = 11;
const SIGUSR1 = 30;
const SIGUSR2 = 31;
const FAR = 0x0b00_0001_2345_6789n; // with a tag
const PC = 0x1_0000_4000n;
const HANDLER = 0x1_1111_0000n;
const TRAMPOLINE = 0x1_2222_0000n;
const ONSTACK = 1;
const RESETHAND = 4;
const NODEFER = 0x10;
const SIGINFO = 0x40;
const VALIDATE = 0x400;

function exc(type: ExcType, code: number, subcode = FAR): ExcInfo {
  return { type, code, subcode, esr: 0x9200_0047, far: FAR, pc: PC };
}

function install(w: DarwinWorld, signal: number, flags: number, mask = 0): void {
  w.write64(w.scratch, HANDLER, TRAMPOLINE, (BigInt(flags) << 32n) | BigInt(mask));
  expect(w.bsd("sigaction", signal, w.scratch, 0)).toBe(0);
}

/** Take the lowest pending signal as the way back to user mode does. */
function deliver(w: DarwinWorld, signal: number): boolean {
  const info = takePending(w.thread, signal);
  if (info === null) throw new Error("not pending");
  return runNow(deliverDarwinSignal(w.kernel, w.thread, info));
}

describe("exceptions become the signals XNU sends", () => {
  it.each([
    [EXC_BAD_ACCESS, KERN_INVALID_ADDRESS, "SIGSEGV", 11, 2, FAR],
    [EXC_BAD_ACCESS, KERN_PROTECTION_FAILURE, "SIGBUS", 10, 1, FAR],
    [EXC_BAD_ACCESS, KERN_MEMORY_ERROR, "SIGBUS", 10, 1, FAR],
    [EXC_BAD_ACCESS, EXC_ARM_DA_ALIGN, "SIGBUS", 10, 1, FAR],
    [EXC_BAD_ACCESS, EXC_ARM_SP_ALIGN, "SIGBUS", 10, 1, FAR],
    [EXC_BAD_INSTRUCTION, 1, "SIGILL", 4, 2, PC],
    [EXC_BREAKPOINT, 1, "SIGTRAP", 5, 0, PC],
    [EXC_ARITHMETIC, EXC_ARM_FP_DZ, "SIGFPE", 8, 1, PC],
    [EXC_ARITHMETIC, EXC_ARM_FP_IO, "SIGFPE", 8, 5, PC],
    [EXC_SYSCALL, 17, "SIGSYS", 12, 0, PC],
    [EXC_SOFTWARE, 0x10001, "SIGPIPE", 13, 0, PC],
    [EXC_SOFTWARE, 0x10003, "SIGKILL", 9, 0, PC],
  ] as const)("type %i code %i: %s", (type, code, name, number, siCode, address) => {
    const { task } = new DarwinWorld();
    const signal = DARWIN.exceptionSignal(exc(type, code), task);
    expect(signal).toEqual({ name, number, code: siCode, address });
  });

  it("a protection failure in the stack's region is a SIGSEGV that is forced", () => {
    const { task } = new DarwinWorld();
    const at = (address: number): unknown =>
      DARWIN.exceptionSignal(exc(EXC_BAD_ACCESS, KERN_PROTECTION_FAILURE, BigInt(address)), task);
    const mib = 2 ** 20;
    expect(at(task.userStack - 64 * mib)).toMatchObject({ number: SIGSEGV, forced: true });
    expect(at(task.userStack - 8)).toMatchObject({ number: SIGSEGV });
    expect(at(task.userStack)).toMatchObject({ number: SIGBUS });
    expect(at(task.userStack - 64 * mib - 1)).toMatchObject({ number: SIGBUS });
  });

  it("a stack overflow keeps only a handler that runs on another stack", () => {
    const w = new DarwinWorld();
    const overflow = exc(
      EXC_BAD_ACCESS,
      KERN_PROTECTION_FAILURE,
      BigInt(w.task.userStack - 64 * 2 ** 20),
    );
    install(w, SIGSEGV, 0);
    exceptionTriage(w.kernel, w.thread, overflow);
    expect(w.task.signalActions.has(SIGSEGV)).toBe(false);

    install(w, SIGSEGV, ONSTACK);
    w.write64(w.scratch, w.anonymous(2), 32768, 0);
    expect(w.bsd("sigaltstack", w.scratch, 0)).toBe(0);
    exceptionTriage(w.kernel, w.thread, overflow);
    expect(w.task.signalActions.has(SIGSEGV)).toBe(true);
    w.thread.signalMask = 1n << 10n; // blocked: forced open, and the default action
    exceptionTriage(w.kernel, w.thread, overflow);
    expect(w.task.signalActions.has(SIGSEGV)).toBe(false);
    expect(w.thread.signalMask).toBe(0n);
  });

  it.each([
    [3, "SIGQUIT", "core"],
    [9, "SIGKILL", "terminate"],
    [16, "SIGURG", "ignore"],
    [17, "SIGSTOP", "stop"],
    [19, "SIGCONT", "continue"],
    [20, "SIGCHLD", "ignore"],
    [23, "SIGIO", "ignore"],
    [30, "SIGUSR1", "terminate"],
  ])("signal %i is %s: %s", (number, name, action) => {
    expect(DARWIN.signalName(number)).toBe(name);
    expect(DARWIN.signalDefault(number)).toBe(action);
  });
});

describe("sigaction", () => {
  it("takes a trampoline in, and does not give it out", () => {
    const w = new DarwinWorld();
    install(w, SIGUSR1, SIGINFO | NODEFER | RESETHAND, 0x8001_0100);
    w.write64(w.scratch, -1, -1, -1);
    expect(w.bsd("sigaction", SIGUSR1, 0, w.scratch)).toBe(0);
    // SIGKILL and SIGSTOP are not in the mask; the third word is untouched.
    expect(w.words64(w.scratch, 3)).toEqual([
      HANDLER,
      (BigInt(SIGINFO | NODEFER) << 32n) | 0x8000_0000n,
      (1n << 64n) - 1n,
    ]);
  });

  it("refuses signals nobody can catch or that do not exist", () => {
    const w = new DarwinWorld();
    for (const signal of [0, -1, 9, 17, 32]) {
      expect(w.bsd("sigaction", signal, 0, 0)).toBe("EINVAL");
    }
    expect(w.bsd("sigaction", SIGUSR1, 1, 0)).toBe("EFAULT");
    expect(w.bsd("sigaction", SIGUSR1, 0, 1)).toBe("EFAULT");
  });

  it("ignoring a signal takes back one that is pending", () => {
    const w = new DarwinWorld();
    w.thread.signalMask = 1n << 29n;
    postSignal(w.kernel, w.task, SIGUSR1);
    expect(w.bsd("sigpending", w.scratch)).toBe(0);
    expect(w.words32(w.scratch, 1)).toEqual([1 << 29]);
    w.write64(w.scratch, 1, 0, 0);
    expect(w.bsd("sigaction", SIGUSR1, w.scratch, 0)).toBe(0);
    expect(w.thread.pendingSignals).toBe(0n);
  });
});

describe("sigprocmask", () => {
  it("blocks, unblocks and sets, and tells the old mask", () => {
    const w = new DarwinWorld();
    const change = (how: number, set: number): string | number => {
      w.write64(w.scratch, set);
      return w.bsd("sigprocmask", how, w.scratch, w.scratch + 8);
    };
    expect(change(1, 0x0001_0103)).toBe(0);
    expect(w.thread.signalMask).toBe(0x3n); // neither SIGKILL nor SIGSTOP
    expect(change(2, 0x1)).toBe(0);
    expect(w.words32(w.scratch + 8, 1)).toEqual([3]);
    expect(change(3, 0x10)).toBe(0);
    expect(w.thread.signalMask).toBe(0x10n);
    expect(change(4, 0)).toBe("EINVAL");
    expect(w.bsd("sigprocmask", 9, 0, w.scratch)).toBe(0); // how matters with a set only
    expect(w.words32(w.scratch, 1)).toEqual([0x10]);
  });
});

describe("sigaltstack", () => {
  it("checks flags and size, and not while it is in use", () => {
    const w = new DarwinWorld();
    const set = (size: number, flags: number): string | number => {
      w.write64(w.scratch, 0x5000, size, flags);
      return w.bsd("sigaltstack", w.scratch, 0);
    };
    expect(set(8191, 0)).toBe("ENOMEM");
    expect(set(8192, 1)).toBe("EINVAL");
    expect(set(8192, 0)).toBe(0);
    expect(w.bsd("sigaltstack", 0, w.scratch)).toBe(0);
    expect(w.words64(w.scratch, 3)).toEqual([0x5000n, 8192n, 0n]);
    darwinState(w.task).onAltStack = true;
    expect(set(8192, 0)).toBe("EPERM");
    expect(set(0, 4)).toBe("EINVAL");
    darwinState(w.task).onAltStack = false;
    expect(set(0, 4)).toBe(0);
    expect(w.bsd("sigaltstack", 0, w.scratch)).toBe(0);
    expect(w.words64(w.scratch, 3)).toEqual([0n, 0n, 4n]);
  });
});

describe("kill", () => {
  it("checks the signal, then the process", () => {
    const w = new DarwinWorld();
    expect(w.bsd("kill", 1, 32, 1)).toBe("EINVAL");
    expect(w.bsd("kill", 77, 15, 1)).toBe("ESRCH");
    expect(w.bsd("kill", 1, 0, 1)).toBe(0);
    expect(w.thread.pendingSignals).toBe(0n);
    w.thread.signalMask = ~0n;
    expect(w.bsd("kill", 1, 15, 1)).toBe(0);
    expect(w.bsd("__pthread_kill", w.trap("thread_self_trap"), SIGUSR2)).toBe(0);
    expect(w.thread.pendingSignals).toBe((1n << 14n) | (1n << 30n));
    expect(w.bsd("__pthread_kill", 0x1234, SIGUSR2)).toBe("ESRCH");
  });
});

describe("a delivered signal", () => {
  /** A task with recognisable registers and a fault pending. */
  function faulting(flags: number): { w: DarwinWorld; sp: bigint } {
    const w = new DarwinWorld();
    install(w, SIGSEGV, flags, 0x4000_0000);
    const { cpu } = w.kernel;
    for (let n = 0; n < 31; n++) cpu.setX(n, (1n << 60n) + BigInt(n));
    for (let n = 0; n < 32; n++) cpu.v(n).fill(n + 1);
    cpu.fpcr = 0x0100_0000;
    cpu.fpsr = 0x10;
    const sp = cpu.spEl0 - 8n;
    cpu.spEl0 = sp;
    cpu.setSysreg("ELR_EL1", PC);
    cpu.setSysreg("SPSR_EL1", 0x6000_0000n);
    w.thread.signalMask = 0x2n;
    exceptionTriage(w.kernel, w.thread, exc(EXC_BAD_ACCESS, KERN_INVALID_ADDRESS));
    return { w, sp };
  }

  it("has the 976-byte frame of arm64, below the red zone", () => {
    const { w, sp } = faulting(SIGINFO);
    expect(deliver(w, SIGSEGV)).toBe(true);
    const { cpu } = w.kernel;
    const frame = (sp - 976n - 128n) & ~15n;
    expect(cpu.spEl0).toBe(frame);
    expect([0, 1, 2, 3, 4].map((n) => cpu.x(n))).toEqual([HANDLER, 30n, 11n, frame, frame + 104n]);
    expect(cpu.sysreg("ELR_EL1")).toBe(TRAMPOLINE);
    expect(cpu.sysreg("SPSR_EL1")).toBe(0n);
    expect(cpu.x(6)).toBe((1n << 60n) + 6n);
    expect(w.thread.signalMask).toBe(0x4000_0402n);

    // siginfo
    expect(w.words32(frame, 6)).toEqual([11, 0, 2, 0, 0, 0]);
    expect(w.words64(frame + 24n, 4)).toEqual([FAR, 0n, 0n, sp]);
    // ucontext
    expect(w.words32(frame + 104n, 2)).toEqual([0, 2]);
    expect(w.words64(frame + 112n, 6)).toEqual([frame, 0n, 0n, 0n, 816n, frame + 160n]);
    // mcontext: exception, thread and NEON state
    expect(w.words64(frame + 160n, 2)).toEqual([FAR, 0x9200_0047n]);
    expect(w.thread.exception).toBeNull(); // a signal sent later is not this fault's
    const x = Array.from({ length: 31 }, (_, n) => (1n << 60n) + BigInt(n));
    expect(w.words64(frame + 176n, 34)).toEqual([...x, sp, PC, 0x6000_0000n]);
    expect(w.words64(frame + 448n, 4)).toEqual([
      0x0101_0101_0101_0101n,
      0x0101_0101_0101_0101n,
      0x0202_0202_0202_0202n,
      0x0202_0202_0202_0202n,
    ]);
    expect(w.words32(frame + 448n + 512n, 2)).toEqual([0x10, 0x0100_0000]);
  });

  it("sigreturn with the right token brings everything back", () => {
    const { w, sp } = faulting(0);
    deliver(w, SIGSEGV);
    const { cpu } = w.kernel;
    const [context, token] = [cpu.x(4), cpu.x(5)];
    expect(cpu.x(1)).toBe(1n); // one argument for the handler
    for (let n = 0; n < 32; n++) cpu.v(n).fill(0);
    cpu.fpcr = 0;
    w.svc(184, context, 30, token);
    expect(Array.from({ length: 31 }, (_, n) => cpu.x(n))).toEqual(
      Array.from({ length: 31 }, (_, n) => (1n << 60n) + BigInt(n)),
    );
    expect(cpu.spEl0).toBe(sp);
    expect(cpu.sysreg("ELR_EL1")).toBe(PC);
    expect(cpu.sysreg("SPSR_EL1")).toBe(0x6000_0000n);
    expect(cpu.v(31)).toEqual(new Uint8Array(16).fill(32));
    expect([cpu.fpcr, cpu.fpsr]).toEqual([0x0100_0000, 0x10]);
    expect(w.thread.signalMask).toBe(0x2n);
  });

  it("a wrong token is EINVAL when validation is on, but the mask is back already", () => {
    const { w } = faulting(VALIDATE);
    deliver(w, SIGSEGV);
    const context = w.kernel.cpu.x(4);
    expect(w.bsd("sigreturn", context, 30, w.kernel.cpu.x(5) ^ 1n)).toBe("EINVAL");
    expect(w.thread.signalMask).toBe(0x2n);
  });

  it("any token will do when the first sigaction did not ask for validation", () => {
    const { w, sp } = faulting(0);
    deliver(w, SIGSEGV);
    w.svc(184, w.kernel.cpu.x(4), 30, 0);
    expect(w.kernel.cpu.spEl0).toBe(sp);
  });

  it("sigreturn checks what it reads, and two styles read nothing", () => {
    const { w } = faulting(VALIDATE);
    deliver(w, SIGSEGV);
    const [context, token] = [w.kernel.cpu.x(4), w.kernel.cpu.x(5)];
    expect(w.bsd("sigreturn", 0, 30, token)).toBe("EFAULT");
    w.write64(Number(context) + 40, 800);
    expect(w.bsd("sigreturn", context, 30, token)).toBe("EINVAL");
    w.write64(Number(context) + 40, 816, 8);
    expect(w.bsd("sigreturn", context, 30, token)).toBe("EFAULT");
    expect(w.bsd("sigreturn", 0, 0x4000_0000, 0)).toBe(0);
    expect(darwinState(w.task).onAltStack).toBe(true);
    expect(w.bsd("sigreturn", 0, 0x8000_0000, 0)).toBe(0);
    expect(darwinState(w.task).onAltStack).toBe(false);
  });

  it("goes to the alternate stack, once", () => {
    const { w } = faulting(ONSTACK | NODEFER);
    const base = w.anonymous(4);
    w.write64(w.scratch, base, 65536, 0);
    expect(w.bsd("sigaltstack", w.scratch, 0)).toBe(0);
    deliver(w, SIGSEGV);
    const first = (BigInt(base) + 65536n - 976n - 128n) & ~15n;
    expect(w.kernel.cpu.spEl0).toBe(first);
    expect(w.words32(first + 104n, 1)).toEqual([0]);
    expect(w.words64(first + 112n, 3)).toEqual([first, 65536n, 0n]);

    exceptionTriage(w.kernel, w.thread, exc(EXC_BAD_ACCESS, KERN_INVALID_ADDRESS));
    deliver(w, SIGSEGV);
    const second = (first - 976n - 128n) & ~15n;
    expect(w.kernel.cpu.spEl0).toBe(second);
    expect(w.words32(second + 104n, 1)).toEqual([1]);
    expect(w.words64(second + 112n, 3)).toEqual([second, 0n, 1n]);
  });

  it("SA_RESETHAND resets, but not for SIGILL and SIGTRAP", () => {
    const { w } = faulting(RESETHAND);
    deliver(w, SIGSEGV);
    expect(w.task.signalActions.has(SIGSEGV)).toBe(false);
    install(w, 4, RESETHAND);
    exceptionTriage(w.kernel, w.thread, exc(EXC_BAD_INSTRUCTION, 1));
    deliver(w, 4);
    expect(w.task.signalActions.has(4)).toBe(true);
  });

  it("SEGV and BUS sent by kill have the code of a fault and no address; others the PC", () => {
    const w = new DarwinWorld();
    install(w, SIGSEGV, SIGINFO);
    install(w, SIGUSR1, SIGINFO);
    w.kernel.cpu.setSysreg("ELR_EL1", PC);
    w.bsd("kill", 1, SIGSEGV, 1);
    deliver(w, SIGSEGV);
    const segv = w.kernel.cpu.x(3);
    expect(w.words32(segv + 8n, 1)).toEqual([2]);
    expect(w.words64(segv + 24n, 1)).toEqual([0n]);
    w.kernel.cpu.setSysreg("ELR_EL1", PC);
    w.bsd("kill", 1, SIGUSR1, 1);
    deliver(w, SIGUSR1);
    const usr1 = w.kernel.cpu.x(3);
    expect(w.words32(usr1 + 8n, 1)).toEqual([0]);
    expect(w.words64(usr1 + 24n, 1)).toEqual([PC]);
  });

  it("is refused when the frame cannot be written", () => {
    const { w } = faulting(0);
    w.kernel.cpu.spEl0 = 0x1000n;
    expect(deliver(w, SIGSEGV)).toBe(false);
  });
});
