import { readFileSync } from "node:fs";
import { describe, expect, it } from "vitest";
import { waitStatus } from "../../../kernel-sim/syscall/darwin/process-calls.js";
import { DarwinWorld } from "../../support/darwin-world.js";

const O_RDWR = 2;
const O_CREAT = 0x200;
const O_DIRECTORY = 0x10_0000;
const O_CLOEXEC = 0x100_0000;
const O_NOFOLLOW = 0x100;
const AT_FDCWD = -2;

const FILES = {
  "/etc/motd": "hello from a file\n",
  "/etc/empty": "",
  "/link": { link: "etc/motd" },
} as const;

function world(): DarwinWorld {
  return new DarwinWorld(FILES);
}

function text(w: DarwinWorld, at: number, length: number): string {
  const bytes = w.read(at, length);
  return typeof bytes === "string" ? bytes : new TextDecoder().decode(bytes);
}

describe("open and openat", () => {
  it("give the lowest descriptor, or say why not", () => {
    const w = world();
    expect(w.bsd("open", "/etc/motd", 0, 0)).toBe(3);
    expect(w.bsd("open", "etc/motd", 0, 0)).toBe(4); // from the root, where it is
    expect(w.bsd("open", "/etc/none", 0, 0)).toBe("ENOENT");
    expect(w.bsd("open", "/etc/motd", O_RDWR, 0)).toBe("EROFS");
    expect(w.bsd("open", "/etc/new", O_CREAT | 1, 0)).toBe("EROFS");
    expect(w.bsd("open", "/etc", 1, 0)).toBe("EISDIR");
    expect(w.bsd("open", "/etc/motd", O_DIRECTORY, 0)).toBe("ENOTDIR");
    expect(w.bsd("open", "/link", O_NOFOLLOW, 0)).toBe("ELOOP");
    expect(w.bsd("open", "/etc", 3, 0)).toBe("EINVAL");
    expect(w.bsd("open", "/etc", O_CREAT | O_DIRECTORY, 0)).toBe("EINVAL");
    expect(w.bsd("open", 0, 0, 0)).toBe("EFAULT");
    expect(w.bsd("open", "", 0, 0)).toBe("ENOENT");
    expect(w.bsd("open", "x".repeat(1024), 0, 0)).toBe("ENAMETOOLONG");
  });

  it("openat starts at a directory, or where the task is", () => {
    const w = world();
    const etc = w.number("open", "/etc", 0, 0);
    expect(w.bsd("openat", etc, "motd", 0, 0)).toBe(4);
    expect(w.bsd("openat", AT_FDCWD, "link", 0, 0)).toBe(5);
    expect(w.bsd("openat", 4, "motd", 0, 0)).toBe("ENOTDIR");
    expect(w.bsd("openat", 77, "motd", 0, 0)).toBe("EBADF");
    expect(w.bsd("openat", 77, "/etc/motd", 0, 0)).toBe(6); // an absolute path does not care
  });
});

describe("read and write", () => {
  it("move bytes and the offset", () => {
    const w = world();
    const fd = w.number("open", "/etc/motd", 0, 0);
    expect(w.bsd("read", fd, w.scratch, 5)).toBe(5);
    expect(text(w, w.scratch, 5)).toBe("hello");
    expect(w.bsd("lseek", fd, -5, 2)).toBe(13);
    expect(w.bsd("read", fd, w.scratch, 64)).toBe(5);
    expect(w.bsd("read", fd, w.scratch, 64)).toBe(0);
    expect(w.bsd("pread", fd, w.scratch, 4, 6)).toBe(4);
    expect(text(w, w.scratch, 4)).toBe("from");
    expect(w.bsd("lseek", fd, 0, 1)).toBe(18);
  });

  it("refuse descriptors, sizes and pointers, in this order", () => {
    const w = world();
    const fd = w.number("open", "/etc/motd", 0, 0);
    expect(w.bsd("read", 77, 0, -1)).toBe("EBADF");
    expect(w.bsd("read", fd, 0, 0x8000_0000)).toBe("EINVAL");
    expect(w.bsd("read", fd, 0, 4)).toBe("EFAULT");
    expect(w.bsd("write", fd, w.scratch, 4)).toBe("EBADF"); // not open for writing
    expect(w.bsd("write", 1, 0, 4)).toBe("EFAULT");
    expect(w.bsd("write", 1, 0, 0)).toBe(0);
    expect(w.bsd("read", 1, w.scratch, 4)).toBe("EBADF");
  });

  it("a vector: count, memory and sum are checked before the descriptor", () => {
    const w = world();
    const fd = w.number("open", "/etc/motd", 0, 0);
    const [a, b] = [w.scratch + 256, w.scratch + 512];
    w.write64(w.scratch, a, 5, 0, 0, b, 5);
    expect(w.bsd("readv", fd, w.scratch, 3)).toBe(10);
    expect([text(w, a, 5), text(w, b, 5)]).toEqual(["hello", " from"]);
    expect(w.bsd("readv", fd, w.scratch, 0)).toBe("EINVAL");
    expect(w.bsd("readv", fd, w.scratch, 1025)).toBe("EINVAL");
    expect(w.bsd("readv", 77, 8, 1)).toBe("EFAULT");
    expect(w.bsd("readv", 77, w.scratch, 1)).toBe("EBADF");
    w.write64(w.scratch, a, 0x7fff_ffff, b, 1);
    expect(w.bsd("readv", 77, w.scratch, 2)).toBe("EINVAL");
    w.write64(w.scratch, a, 2, b, 3);
    expect(w.bsd("writev", 1, w.scratch, 2)).toBe(5);
  });

  it("a pipe without a reader: EPIPE and SIGPIPE", () => {
    const w = world();
    w.svc(42);
    expect(w.bsd("write", 4, "12345", 5)).toBe(5);
    expect(w.bsd("read", 3, w.scratch, 64)).toBe(5);
    expect(w.bsd("lseek", 3, 0, 0)).toBe("ESPIPE");
    expect(w.bsd("pread", 3, w.scratch, 1, 0)).toBe("ESPIPE");
    expect(w.bsd("close", 3)).toBe(0);
    expect(w.bsd("write", 4, "1", 1)).toBe("EPIPE");
    expect(w.thread.pendingSignals).toBe(1n << 12n);
  });

  it("the console is not a terminal and cannot seek", () => {
    const w = world();
    expect(w.bsd("ioctl", 1, 0x4048_7413, w.scratch)).toBe("ENOTTY");
    expect(w.bsd("ioctl", 77, 0x4048_7413, w.scratch)).toBe("EBADF");
    expect(w.bsd("lseek", 1, 0, 0)).toBe("ESPIPE");
  });
});

describe("descriptors", () => {
  it("dup, dup2 and close", () => {
    const w = world();
    expect(w.bsd("dup", 1)).toBe(3);
    expect(w.bsd("dup2", 1, 9)).toBe(9);
    expect(w.bsd("dup2", 9, 9)).toBe(9);
    expect(w.bsd("dup2", 77, 5)).toBe("EBADF");
    expect(w.bsd("dup2", 1, -1)).toBe("EBADF");
    expect(w.bsd("close", 9)).toBe(0);
    expect(w.bsd("close", 9)).toBe("EBADF");
  });

  it("fcntl", () => {
    const w = world();
    const fd = w.number("open", "/link", O_CLOEXEC, 0);
    const fcntl = (cmd: number, arg = 0): string | number => w.bsd("fcntl", fd, cmd, arg);
    expect(fcntl(1)).toBe(1);
    expect(fcntl(2, 0)).toBe(0);
    expect(fcntl(1)).toBe(0);
    expect(fcntl(0, 20)).toBe(20);
    expect(fcntl(67, 20)).toBe(21);
    expect(w.bsd("fcntl", 21, 1, 0)).toBe(1);
    expect(fcntl(0, -1)).toBe("EINVAL");
    expect(fcntl(3)).toBe(0);
    expect(fcntl(4, 4)).toBe(0);
    expect(fcntl(3)).toBe(4);
    expect(fcntl(50, w.scratch)).toBe(0);
    expect(text(w, w.scratch, 10)).toBe("/etc/motd\0");
    expect(fcntl(48)).toBe(0);
    expect(w.bsd("fcntl", 1, 50, w.scratch)).toBe("EBADF");
    expect(fcntl(999)).toBe("EINVAL");
    expect(w.bsd("fcntl", 77, 1, 0)).toBe("EBADF");
  });
});

describe("stat", () => {
  it("fills the 144 bytes with 64-bit inode numbers", () => {
    const w = world();
    expect(w.bsd("stat64", "/link", w.scratch)).toBe(0);
    const bytes = w.read(w.scratch, 144) as Uint8Array;
    const view = new DataView(bytes.buffer, bytes.byteOffset);
    expect(view.getUint16(4, true)).toBe(0o100644);
    expect(view.getUint16(6, true)).toBe(1);
    expect(view.getUint32(16, true)).toBe(501);
    expect(view.getBigUint64(96, true)).toBe(18n);
    expect(view.getBigUint64(104, true)).toBe(1n);
    expect(view.getInt32(112, true)).toBe(4096);
    const fd = w.number("open", "/etc/motd", 0, 0);
    expect(w.bsd("fstat64", fd, w.scratch)).toBe(0);
    expect(w.read(w.scratch, 144)).toEqual(bytes);
    expect(w.bsd("lstat64", "/link", w.scratch)).toBe(0);
    expect(w.words32(w.scratch + 4, 1)[0]! & 0xf000).toBe(0o120000);
    expect(w.bsd("fstat64", 1, w.scratch)).toBe(0);
    expect(w.words32(w.scratch + 4, 1)[0]! & 0xf000).toBe(0o020000);
  });

  it("or the 120 bytes of the old layout", () => {
    const w = world();
    expect(w.bsd("stat", "/etc/motd", w.scratch)).toBe(0);
    const bytes = w.read(w.scratch, 120) as Uint8Array;
    const view = new DataView(bytes.buffer, bytes.byteOffset);
    expect(view.getUint16(8, true)).toBe(0o100644);
    expect(view.getBigUint64(72, true)).toBe(18n);
    expect(w.bsd("fstat", 77, w.scratch)).toBe("EBADF");
    expect(w.bsd("lstat", "/none", w.scratch)).toBe("ENOENT");
  });

  it("fstatat64 takes one flag", () => {
    const w = world();
    const etc = w.number("open", "/etc", 0, 0);
    expect(w.bsd("fstatat64", etc, "motd", w.scratch, 0)).toBe(0);
    expect(w.bsd("fstatat64", AT_FDCWD, "link", w.scratch, 0x20)).toBe(0);
    expect(w.words32(w.scratch + 4, 1)[0]! & 0xf000).toBe(0o120000);
    expect(w.bsd("fstatat64", etc, "motd", w.scratch, 1)).toBe("EINVAL");
  });

  it("access knows a read-only file system", () => {
    const w = world();
    expect(w.bsd("access", "/etc/motd", 4)).toBe(0);
    expect(w.bsd("access", "/etc/motd", 2)).toBe("EROFS");
    expect(w.bsd("access", "/etc/motd", 1)).toBe("EACCES");
    expect(w.bsd("access", "/etc/motd", 8)).toBe("EINVAL");
    expect(w.bsd("unlink", "/etc/motd")).toBe("EROFS");
    expect(w.bsd("mkdir", 0, 0)).toBe("EFAULT");
  });

  it("readlink, chdir and the entries of a directory", () => {
    const w = world();
    expect(w.bsd("readlink", "/link", w.scratch, 4)).toBe(4);
    expect(text(w, w.scratch, 4)).toBe("etc/");
    expect(w.bsd("readlink", "/etc", w.scratch, 4)).toBe("EINVAL");
    expect(w.bsd("chdir", "/etc")).toBe(0);
    expect(w.bsd("chdir", "motd")).toBe("ENOTDIR");
    const fd = w.number("open", ".", 0, 0);
    expect(w.bsd("fchdir", fd)).toBe(0);
    const position = w.scratch + 4096;
    expect(w.bsd("getdirentries64", fd, w.scratch, 64, position)).toBe(64); // "." and ".."
    expect(w.bsd("getdirentries64", fd, w.scratch, 2048, position)).toBe(64);
    expect(w.words64(position, 1)).toEqual([2n]);
    expect(text(w, w.scratch + 21, 5)).toBe("empty");
    expect(text(w, w.scratch + 32 + 21, 4)).toBe("motd");
    expect(w.words32(w.scratch + 2044, 1)).toEqual([1]); // the directory ended
    expect(w.bsd("getdirentries64", fd, w.scratch, 2048, position)).toBe(0);
    expect(w.bsd("getdirentries64", 1, w.scratch, 64, position)).toBe("EINVAL");
  });
});

describe("processes", () => {
  it("know who they are", () => {
    const w = world();
    const ids = ["getpid", "getppid", "getuid", "geteuid", "getgid", "getegid", "issetugid"];
    expect(ids.map((name) => w.bsd(name))).toEqual([1, 0, 501, 501, 20, 20, 0]);
    expect(w.bsd("thread_selfid")).toBe(w.thread.id);
    expect(w.bsd("getpgid", 77)).toBe("ESRCH");
  });

  it("wait4: nobody to wait for, a child that lives, an impossible pid", () => {
    const w = world();
    expect(w.bsd("wait4", -1, 0, 0, 0)).toBe("ECHILD");
    const pid = w.number("fork");
    expect(w.bsd("wait4", -1, 0, 1, 0)).toBe(0);
    expect(w.bsd("wait4", pid + 1, 0, 1, 0)).toBe("ECHILD");
    expect(w.bsd("wait4", -0x8000_0000, 0, 1, 0)).toBe("EINVAL");
  });

  it("a wait status is what sys/wait.h takes apart", () => {
    const signal = { number: 11, name: "SIGSEGV", code: 0, address: 0n };
    expect(waitStatus({ kind: "dead", status: { kind: "exited", status: 0x1ff } })).toBe(0xff00);
    expect(
      waitStatus({
        kind: "dead",
        status: { kind: "signaled", signal, coreDumped: true, report: () => "" },
      }),
    ).toBe(0x8b);
    expect(waitStatus({ kind: "stopped", signal: 17 })).toBe(0x117f);
    expect(waitStatus({ kind: "continued" })).toBe(0x137f);
  });

  it("execve refuses what is no program of this system, and changes nothing then", () => {
    const w = new DarwinWorld({
      "/text": "#!/bin/sh\n",
      "/hello.elf": readFileSync("guests/bin/hello.elf"),
    });
    const { map } = w.task;
    expect(w.bsd("execve", "/none", 0, 0)).toBe("ENOENT");
    expect(w.bsd("execve", "/text", 0, 0)).toBe("EACCES"); // files here are not executable
    expect(w.bsd("execve", "/text", 8, 0)).toBe("EFAULT");
    expect(w.task.map).toBe(map);
  });
});

describe("limits", () => {
  it("are told and set, the hard one downwards only", () => {
    const w = world();
    const get = (which: number): bigint[] => {
      expect(w.bsd("getrlimit", which, w.scratch)).toBe(0);
      return w.words64(w.scratch, 2);
    };
    const set = (which: number, soft: number | bigint, hard: number | bigint): string | number => {
      w.write64(w.scratch, soft, hard);
      return w.bsd("setrlimit", which, w.scratch);
    };
    const infinity = (1n << 63n) - 1n;
    expect(get(0)).toEqual([infinity, infinity]);
    expect(get(3)[1]).toBe(64n * 2n ** 20n - 16384n);
    expect(set(0, 10, 20)).toBe(0);
    expect(get(0x1000)).toEqual([10n, 20n]); // libc's flag does not count
    expect(set(0, 10, 21)).toBe("EPERM");
    expect(set(0, 20, 10)).toBe("EINVAL");
    expect(set(8, 5, infinity)).toBe(0);
    expect(w.bsd("dup2", 1, 5)).toBe("EBADF");
    expect(w.bsd("getdtablesize")).toBe(5);
    expect(set(9, 0, 0)).toBe("EINVAL");
    expect(w.bsd("getrlimit", 9, w.scratch)).toBe("EINVAL");
    expect(w.bsd("setrlimit", 9, 0)).toBe("EFAULT"); // the structure is read first
  });
});

describe("information", () => {
  it("gettimeofday tells seconds, microseconds and ticks", () => {
    const w = world();
    w.kernel.clock.skipTo(2_500_000_000n);
    expect(w.bsd("gettimeofday", w.scratch, w.scratch + 16, w.scratch + 24)).toBe(0);
    expect(w.words64(w.scratch, 4)).toEqual([1_704_067_202n, 500_000n, 0n, 60_000_000n]);
    expect(w.bsd("gettimeofday", 0, 0, 0)).toBe(0);
  });

  it("getentropy gives at most 256 bytes, the same in every run", () => {
    const [a, b] = [world(), world()];
    for (const w of [a, b]) expect(w.bsd("getentropy", w.scratch, 256)).toBe(0);
    expect(a.read(a.scratch, 256)).toEqual(b.read(b.scratch, 256));
    expect(new Set(a.read(a.scratch, 256) as Uint8Array).size).toBeGreaterThan(100);
    expect(a.bsd("getentropy", a.scratch, 257)).toBe("EINVAL");
    expect(a.bsd("getentropy", 0, 1)).toBe("EFAULT");
  });

  it("sysctl by number and by name", () => {
    const w = world();
    const [old, length, name] = [w.scratch, w.scratch + 64, w.scratch + 128];
    const byName = (what: string, room: number): string | number => {
      w.write64(length, room);
      return w.bsd("sysctlbyname", what, what.length, old, length, 0, 0);
    };
    expect(byName("hw.pagesize", 8)).toBe(0);
    expect(w.words64(old, 1)).toEqual([16384n]);
    expect(byName("kern.ostype", 64)).toBe(0);
    expect(text(w, old, 7)).toBe("Darwin\0");
    expect(w.words64(length, 1)).toEqual([7n]);
    expect(byName("kern.ostype", 3)).toBe("ENOMEM");
    expect(w.words64(length, 1)).toEqual([3n]);
    expect(byName("hw.flux", 8)).toBe("ENOENT");

    w.write64(name, (7n << 32n) | 6n); // CTL_HW, HW_PAGESIZE
    w.write64(length, 4);
    expect(w.bsd("sysctl", name, 2, old, length, 0, 0)).toBe(0);
    expect(w.words32(old, 1)).toEqual([16384]);
    expect(w.bsd("sysctl", name, 2, 0, length, 0, 0)).toBe(0); // how long would it be?
    expect(w.words64(length, 1)).toEqual([4n]);
    expect(w.bsd("sysctl", name, 2, 0, 0, old, 4)).toBe("EPERM");
    expect(w.bsd("sysctl", name, 1, old, length, 0, 0)).toBe("EINVAL");
    expect(w.bsd("sysctl", 0, 2, old, length, 0, 0)).toBe("EFAULT");
  });
});
