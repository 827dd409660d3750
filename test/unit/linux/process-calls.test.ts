import { readFileSync } from "node:fs";
import { describe, expect, it } from "vitest";
import { LinuxWorld } from "../../support/linux-world.js";
import { NO_RESULT } from "../../../kernel-sim/syscall/linux/call.js";
import { linuxState } from "../../../kernel-sim/syscall/linux/state.js";
import { LINUX_CALLS } from "../../../kernel-sim/syscall/linux/table.js";

const SIGCHLD = 17;
const CLONE_VM = 0x100;
const CLONE_VFORK = 0x4000;
const CLONE_THREAD = 0x1_0000;
const CLONE_SETTLS = 0x8_0000;

function words(w: LinuxWorld, address: number, count: number): bigint[] | string {
  const bytes = w.read(address, 8 * count);
  if (typeof bytes === "string") return bytes;
  const view = new DataView(bytes.slice().buffer);
  return Array.from({ length: count }, (_, i) => view.getBigUint64(8 * i, true));
}

/** Put 64-bit words into the task's memory. */
function put(w: LinuxWorld, address: number, values: readonly (number | bigint)[]): void {
  const view = new DataView(new ArrayBuffer(8 * values.length));
  values.forEach((value, i) => {
    view.setBigUint64(8 * i, BigInt(value), true);
  });
  w.write(address, new Uint8Array(view.buffer));
}

function int(w: LinuxWorld, address: number): number | string {
  const bytes = w.read(address, 4);
  return typeof bytes === "string" ? bytes : new DataView(bytes.slice().buffer).getInt32(0, true);
}

describe("clone", () => {
  it("forks: 0 in the child, the pid in the parent, another stack and thread pointer if asked", () => {
    const w = new LinuxWorld();
    const pid = w.number("clone", SIGCHLD | CLONE_SETTLS, 0x7000_0000, 0, 0x1234_5678, 0);
    const child = w.kernel.tasks.get(pid);
    const thread = child?.threads[0];
    expect(child?.parent).toBe(w.task);
    expect(child?.map).not.toBe(w.task.map);
    expect(thread?.saved?.cpu.spEl0).toBe(0x7000_0000n);
    expect(thread?.saved?.cpu.tpidrEl0).toBe(0x1234_5678n);
    expect(thread?.saved?.cpu.registers.slice(0, 8)).toEqual(new Uint8Array(8));
  });

  it("tells pids where it is asked to, in either memory", () => {
    const w = new LinuxWorld();
    const pid = w.number("clone", SIGCHLD | 0x10_0000 | 0x100_0000, 0, w.scratch, 0, w.scratch + 8);
    expect(int(w, w.scratch)).toBe(pid);
    expect(int(w, w.scratch + 8)).toBe(0); // only in the child's memory
  });

  it("copies what Linux keeps about a task", () => {
    const w = new LinuxWorld();
    const end = w.number("brk", w.number("brk", 0) + 5000);
    const child = w.kernel.tasks.get(w.number("clone", SIGCHLD, 0, 0, 0, 0));
    if (child === undefined) throw new Error("no child");
    expect(linuxState(child).brkEnd).toBe(end);
    expect(linuxState(child)).not.toBe(linuxState(w.task));
  });

  it("refuses threads and other signals", () => {
    const w = new LinuxWorld();
    expect(w.call("clone", CLONE_VM | CLONE_THREAD, 0, 0, 0, 0)).toBe("ENOSYS");
    expect(w.call("clone", CLONE_VM | SIGCHLD, 0, 0, 0, 0)).toBe("ENOSYS");
    expect(w.call("clone", 10, 0, 0, 0, 0)).toBe("EINVAL");
    expect(w.kernel.tasks.size).toBe(1);
  });

  it("shares memory and waits for CLONE_VM | CLONE_VFORK", () => {
    const w = new LinuxWorld();
    expect(() => w.call("clone", CLONE_VM | CLONE_VFORK | SIGCHLD, 0, 0, 0, 0)).toThrow("vfork");
    const child = [...w.kernel.tasks.values()].find((t) => t.parent === w.task);
    expect(child?.map).toBe(w.task.map);
    expect(w.task.map.refCount).toBe(2);
  });
});

describe("wait4 and waitid", () => {
  it("have nobody to wait for", () => {
    const w = new LinuxWorld();
    expect(w.call("wait4", -1, 0, 0, 0)).toBe("ECHILD");
    expect(w.call("wait4", -1, 0, 0x10, 0)).toBe("EINVAL");
    expect(w.call("waitid", 0, 0, 0, 4, 0)).toBe("ECHILD");
    expect(w.call("waitid", 0, 0, 0, 0, 0)).toBe("EINVAL");
    expect(w.call("waitid", 7, 0, 0, 4, 0)).toBe("EINVAL");
  });

  it("do not sleep with WNOHANG", () => {
    const w = new LinuxWorld();
    const pid = w.number("clone", SIGCHLD, 0, 0, 0, 0);
    expect(w.call("wait4", pid, 0, 1, 0)).toBe(0);
    expect(w.call("wait4", pid + 1, 0, 1, 0)).toBe("ECHILD");
    expect(w.call("waitid", 1, pid, w.scratch, 5, 0)).toBe(0);
    expect(int(w, w.scratch)).toBe(0);
  });
});

describe("execve", () => {
  const HELLO = readFileSync("guests/bin/hello.elf");
  const MACHO = readFileSync("guests/bin/hello");

  /** execve with arguments `argv`, put into memory. */
  function execve(w: LinuxWorld, path: string, argv: readonly string[] = []): unknown {
    const texts = w.scratch + 1024;
    let at = texts;
    const pointers = argv.map((text) => {
      const bytes = new TextEncoder().encode(`${text}\0`);
      w.write(at, bytes);
      at += bytes.length;
      return at - bytes.length;
    });
    put(w, w.scratch, [...pointers, 0]);
    return w.call("execve", path, w.scratch, 0);
  }

  it("replaces the program, keeping pid and open files that are not close-on-exec", () => {
    const w = new LinuxWorld({ "/data": "x" });
    expect(w.call("openat", -100, "/data", 0, 0)).toBe(3);
    expect(w.call("openat", -100, "/data", 0o2000000, 0)).toBe(4);
    const old = w.task.map;
    // no file of the world can be executed: permissions are 0644
    expect(execve(w, "/data")).toBe("EACCES");
    expect(w.task.map).toBe(old);
    expect(w.task.files.descriptors).toEqual([0, 1, 2, 3, 4]);
  });

  it("refuses what it cannot run", () => {
    const w = new LinuxWorld({
      "/hello": { program: HELLO },
      "/macho": { program: MACHO },
      "/text": { program: new TextEncoder().encode("text") },
      "/loop": { program: new TextEncoder().encode("#!/loop") },
      "/none": { program: new TextEncoder().encode("#!") },
      "/script": { program: new TextEncoder().encode("#! /hello  one \nrest") },
    });
    expect(execve(w, "/nothing")).toBe("ENOENT");
    expect(execve(w, "/")).toBe("EACCES");
    expect(execve(w, "/macho")).toBe("ENOEXEC");
    expect(execve(w, "/text")).toBe("ENOEXEC");
    expect(execve(w, "/loop")).toBe("ELOOP");
    expect(execve(w, "/none")).toBe("ENOEXEC");
    expect(w.call("execve", "/hello", 8, 0)).toBe("EFAULT");
    expect(execve(w, "/script", ["s", "a", "b"])).toBe(NO_RESULT);
    const sp = Number(w.kernel.cpu.spEl0);
    const [argc, ...argv] = words(w, sp, 6) as bigint[];
    const texts = argv.slice(0, 5).map((pointer) => {
      const bytes = w.read(Number(pointer), 16);
      return typeof bytes === "string" ? bytes : new TextDecoder().decode(bytes).split("\0")[0];
    });
    expect([argc, ...texts]).toEqual([5n, "/hello", "one", "/script", "a", "b"]);
  });
});

describe("time", () => {
  it("follows the executed instructions and is the same on every run", () => {
    const [a, b] = [new LinuxWorld(), new LinuxWorld()].map((w) => {
      expect(w.call("clock_gettime", 0, w.scratch)).toBe(0);
      expect(w.call("gettimeofday", w.scratch + 16, 0)).toBe(0);
      return words(w, w.scratch, 4);
    });
    expect(a).toEqual(b);
    const w = new LinuxWorld();
    expect(w.call("clock_gettime", 1, w.scratch)).toBe(0);
    const before = words(w, w.scratch, 2);
    w.kernel.clock.skipTo(w.kernel.clock.nanoseconds + 1_500_000_000n);
    expect(w.call("clock_gettime", 1, w.scratch)).toBe(0);
    const [seconds, nanoseconds] = words(w, w.scratch, 2) as [bigint, bigint];
    expect(seconds * 1_000_000_000n + nanoseconds).toBe(
      (before[0] as bigint) * 1_000_000_000n + (before[1] as bigint) + 1_500_000_000n,
    );
  });

  it("refuses clocks there are not, and times that are none", () => {
    const w = new LinuxWorld();
    expect(w.call("clock_gettime", 99, w.scratch)).toBe("EINVAL");
    put(w, w.scratch, [0, 1_000_000_000]);
    expect(w.call("nanosleep", w.scratch, 0)).toBe("EINVAL");
    expect(w.call("nanosleep", 8, 0)).toBe("EFAULT");
    put(w, w.scratch, [0, 0]);
    expect(w.call("nanosleep", w.scratch, 0)).toBe(0);
    expect(() => {
      put(w, w.scratch, [1, 0]);
      w.call("nanosleep", w.scratch, 0);
    }).toThrow("nanosleep");
  });
});

describe("futex", () => {
  const [WAIT, WAKE] = [0, 1];

  it("does not sleep on a word that has changed, nor past its deadline", () => {
    const w = new LinuxWorld();
    put(w, w.scratch, [7]);
    put(w, w.scratch + 8, [0, 0]);
    expect(w.call("futex", w.scratch, WAIT, 8, 0, 0, 0)).toBe("EAGAIN");
    expect(w.call("futex", w.scratch, WAIT, 7, w.scratch + 8, 0, 0)).toBe("ETIMEDOUT");
    expect(w.call("futex", w.scratch + 1, WAIT, 7, 0, 0, 0)).toBe("EINVAL");
    expect(w.call("futex", w.scratch, WAKE, 1, 0, 0, 0)).toBe(0);
    expect(w.call("futex", w.scratch, 3, 1, 0, 0, 0)).toBe("ENOSYS");
    expect(() => w.call("futex", w.scratch, WAIT | 0x80, 7, 0, 0, 0)).toThrow("futex");
    expect(w.number("futex", w.scratch, WAKE | 0x80, 5, 0, 0, 0)).toBe(1);
  });
});

describe("the call table", () => {
  it("has the numbers of asm-generic/unistd.h", () => {
    const known = {
      write: 64,
      exit_group: 94,
      rt_sigreturn: 139,
      clone: 220,
      mmap: 222,
      wait4: 260,
    };
    for (const [name, number] of Object.entries(known)) {
      expect(LINUX_CALLS.get(number)?.name).toBe(name);
    }
  });
});
