import { describe, expect, it } from "vitest";
import { LinuxWorld } from "../../support/linux-world.js";
import { PAGE_SIZE } from "../../../vm/types.js";

const R = 1;
const RW = 3;
const RX = 5;
const SHARED = 0x01;
const PRIVATE = 0x02;
const FIXED = 0x10;
const ANON = 0x22;
const NOREPLACE = 0x10_0000;
const O_RDONLY = 0;
const AT_FDCWD = -100;
const MAYMOVE = 1;
const MREMAP_FIXED = 2;

/** Two and a half pages, each byte the number of its page plus one. */
const FILE = new Uint8Array(2.5 * PAGE_SIZE).map((_, i) => 1 + Math.floor(i / PAGE_SIZE));

function world(): LinuxWorld {
  return new LinuxWorld({ "/data": FILE });
}

/** One byte of memory. */
function byte(w: LinuxWorld, address: number): number | string {
  const bytes = w.read(address, 1);
  return typeof bytes === "string" ? bytes : (bytes[0] ?? -1);
}

function anonymous(w: LinuxWorld, pages: number, prot = RW): number {
  return w.number("mmap", 0, pages * PAGE_SIZE, prot, ANON, -1, 0);
}

function openData(w: LinuxWorld): number {
  return w.number("openat", AT_FDCWD, "/data", O_RDONLY, 0);
}

/** Which of `pages` pages are in memory. */
function resident(w: LinuxWorld, at: number, pages: number): number[] | string {
  const result = w.call("mincore", at, pages * PAGE_SIZE, w.scratch);
  if (result !== 0) return String(result);
  const bytes = w.read(w.scratch, pages);
  return typeof bytes === "string" ? bytes : [...bytes];
}

describe("mmap", () => {
  it("places mappings downwards from below the stack, without gaps", () => {
    const w = world();
    const first = anonymous(w, 1);
    const second = anonymous(w, 2);
    expect(second).toBe(first - 2 * PAGE_SIZE);
    expect(first).toBeGreaterThan(0x7f00_0000_0000);
    expect(byte(w, first)).toBe(0);
  });

  it("takes a hint that is free, and another place if it is not", () => {
    const w = world();
    const hint = 0x10_0000_0000;
    expect(w.number("mmap", hint + 1, PAGE_SIZE, RW, ANON, -1, 0)).toBe(hint + PAGE_SIZE);
    expect(w.number("mmap", hint, 2 * PAGE_SIZE, RW, ANON, -1, 0)).not.toBe(hint);
  });

  it("replaces what is there with MAP_FIXED, not with MAP_FIXED_NOREPLACE", () => {
    const w = world();
    const at = anonymous(w, 3);
    w.write(at + PAGE_SIZE, [7]);
    const middle = at + PAGE_SIZE;
    expect(w.call("mmap", middle, PAGE_SIZE, RW, ANON | NOREPLACE, -1, 0)).toBe("EEXIST");
    expect(byte(w, middle)).toBe(7);
    expect(w.call("mmap", middle, PAGE_SIZE, RW, ANON | FIXED, -1, 0)).toBe(middle);
    expect(byte(w, middle)).toBe(0);
    expect(w.call("munmap", middle, PAGE_SIZE)).toBe(0);
    expect(w.call("mmap", middle, PAGE_SIZE, RW, ANON | NOREPLACE, -1, 0)).toBe(middle);
  });

  it("maps files: private ones copy on write, the rest of the last page is zero", () => {
    const w = world();
    const fd = openData(w);
    const size = FILE.length;
    const copy = w.number("mmap", 0, size, RW, PRIVATE, fd, 0);
    const shared = w.number("mmap", 0, size, R, SHARED, fd, 0);
    expect(w.call("close", fd)).toBe(0);
    w.write(copy + PAGE_SIZE, [99]);
    expect([byte(w, copy), byte(w, copy + PAGE_SIZE), byte(w, copy + 2 * PAGE_SIZE)]).toEqual([
      1, 99, 3,
    ]);
    expect(byte(w, shared + PAGE_SIZE)).toBe(2);
    expect(byte(w, copy + 3 * PAGE_SIZE - 1)).toBe(0);
    expect(w.write(shared, [1])).toBe("EFAULT");
  });

  it("has nothing beyond the last page of a file", () => {
    const w = world();
    const at = w.number("mmap", 0, 5 * PAGE_SIZE, R, PRIVATE, openData(w), PAGE_SIZE);
    expect(byte(w, at)).toBe(2);
    expect(byte(w, at + PAGE_SIZE)).toBe(3);
    expect(byte(w, at + 2 * PAGE_SIZE)).toBe("EFAULT");
  });

  it.each<[string, readonly number[], string]>([
    ["neither shared nor private", [0, PAGE_SIZE, RW, 0x20, -1, 0], "EINVAL"],
    ["no length", [0, 0, RW, ANON, -1, 0], "EINVAL"],
    ["an offset inside a page", [0, PAGE_SIZE, RW, PRIVATE, 3, 4096], "EINVAL"],
    ["a fixed address inside a page", [0x1000_0001, PAGE_SIZE, RW, ANON | FIXED, -1, 0], "EINVAL"],
    ["a fixed address below 64 KiB", [PAGE_SIZE, PAGE_SIZE, RW, ANON | FIXED, -1, 0], "EPERM"],
    ["more than there is", [0, 2 ** 47, RW, ANON, -1, 0], "ENOMEM"],
    ["no file", [0, PAGE_SIZE, R, PRIVATE, 9, 0], "EBADF"],
    ["a file that is not open for reading", [0, PAGE_SIZE, R, PRIVATE, 1, 0], "EACCES"],
    ["a file that cannot be written", [0, PAGE_SIZE, RW, SHARED, 3, 0], "EACCES"],
    ["what is no file", [0, PAGE_SIZE, R, PRIVATE, 0, 0], "ENODEV"],
    ["writable code", [0, PAGE_SIZE, 7, ANON, -1, 0], "EACCES"],
  ])("refuses %s", (_, args, errno) => {
    const w = world();
    expect(openData(w)).toBe(3);
    expect(w.call("mmap", ...args)).toBe(errno);
  });
});

describe("munmap and mprotect", () => {
  it("unmaps holes and parts of mappings", () => {
    const w = world();
    const at = anonymous(w, 4);
    expect(w.call("munmap", at + PAGE_SIZE, 1)).toBe(0);
    expect(w.call("munmap", at, 3 * PAGE_SIZE)).toBe(0);
    expect(byte(w, at + 2 * PAGE_SIZE)).toBe("EFAULT");
    expect(byte(w, at + 3 * PAGE_SIZE)).toBe(0);
    expect(w.call("munmap", at + 1, PAGE_SIZE)).toBe("EINVAL");
    expect(w.call("munmap", at, 0)).toBe("EINVAL");
    expect(w.call("munmap", at, 2 ** 48)).toBe("EINVAL");
  });

  it("changes what may be done", () => {
    const w = world();
    const at = anonymous(w, 2);
    expect(w.call("mprotect", at, 1, R)).toBe(0);
    expect(w.write(at, [1])).toBe("EFAULT");
    expect(w.write(at + PAGE_SIZE, [1])).toBeNull();
    expect(w.call("mprotect", at, PAGE_SIZE, 0)).toBe(0);
    expect(byte(w, at)).toBe("EFAULT");
    expect(w.call("mprotect", at, 2 * PAGE_SIZE, RX)).toBe(0);
    expect(w.call("mprotect", at, 0, RW)).toBe(0);
    expect(w.call("mprotect", at, PAGE_SIZE, 0x100)).toBe("EINVAL");
    expect(w.call("mprotect", at + 1, PAGE_SIZE, RW)).toBe("EINVAL");
    expect(w.call("mprotect", 0x10_0000_0000, PAGE_SIZE, RW)).toBe("ENOMEM");
  });
});

describe("brk", () => {
  it("grows and shrinks by bytes, in pages, and says where the end is", () => {
    const w = world();
    const start = w.number("brk", 0);
    expect(w.call("brk", start - 1)).toBe(start);
    expect(w.call("brk", start + 100)).toBe(start + 100);
    expect(byte(w, start + PAGE_SIZE - 1)).toBe(0);
    expect(byte(w, start + PAGE_SIZE)).toBe("EFAULT");
    w.write(start, [5]);
    expect(w.call("brk", start + 3 * PAGE_SIZE)).toBe(start + 3 * PAGE_SIZE);
    w.write(start + 2 * PAGE_SIZE, [6]);
    expect(w.call("brk", start + PAGE_SIZE)).toBe(start + PAGE_SIZE);
    expect(w.call("brk", start + 3 * PAGE_SIZE)).toBe(start + 3 * PAGE_SIZE);
    expect([byte(w, start), byte(w, start + 2 * PAGE_SIZE)]).toEqual([5, 0]);
  });

  it("stops at what is mapped above", () => {
    const w = world();
    const start = w.number("brk", 0);
    const wall = start + 2 * PAGE_SIZE;
    expect(w.call("mmap", wall, PAGE_SIZE, RW, ANON | NOREPLACE, -1, 0)).toBe(wall);
    expect(w.call("brk", wall)).toBe(wall);
    expect(w.call("brk", wall + 1)).toBe(wall);
  });
});

describe("mremap", () => {
  it("shrinks and grows in place", () => {
    const w = world();
    const at = anonymous(w, 4);
    w.write(at, [1]);
    expect(w.call("mremap", at, 4 * PAGE_SIZE, PAGE_SIZE, 0, 0)).toBe(at);
    expect(byte(w, at + PAGE_SIZE)).toBe("EFAULT");
    expect(w.call("mremap", at, PAGE_SIZE, 3 * PAGE_SIZE, 0, 0)).toBe(at);
    expect([byte(w, at), byte(w, at + 2 * PAGE_SIZE)]).toEqual([1, 0]);
  });

  it("moves when something is in the way, if it may", () => {
    const w = world();
    anonymous(w, 1);
    const at = anonymous(w, 2);
    w.write(at, [1]);
    w.write(at + PAGE_SIZE, [2]);
    expect(w.call("mremap", at, 2 * PAGE_SIZE, 5 * PAGE_SIZE, 0, 0)).toBe("ENOMEM");
    const moved = w.number("mremap", at, 2 * PAGE_SIZE, 5 * PAGE_SIZE, MAYMOVE, 0);
    expect(moved).not.toBe(at);
    expect([0, 1, 4].map((page) => byte(w, moved + page * PAGE_SIZE))).toEqual([1, 2, 0]);
    expect(byte(w, at)).toBe("EFAULT");
    w.write(moved, [9]);
    expect(byte(w, moved)).toBe(9);
  });

  it("moves to a fixed address, replacing what is there", () => {
    const w = world();
    const target = anonymous(w, 2);
    const at = anonymous(w, 2);
    w.write(target, [1]);
    w.write(at, [2]);
    const flags = MAYMOVE | MREMAP_FIXED;
    expect(w.call("mremap", at, 2 * PAGE_SIZE, PAGE_SIZE, flags, target)).toBe(target);
    expect([byte(w, target), byte(w, target + PAGE_SIZE)]).toEqual([2, 0]);
    expect(byte(w, at)).toBe("EFAULT");
    expect(w.call("mremap", target, PAGE_SIZE, PAGE_SIZE, flags, target)).toBe("EINVAL");
  });

  it("goes on with the file when a file mapping grows", () => {
    const w = world();
    const at = w.number("mmap", 0, PAGE_SIZE, RW, PRIVATE, openData(w), 0);
    w.write(at, [50]);
    const grown = w.number("mremap", at, PAGE_SIZE, 3 * PAGE_SIZE, MAYMOVE, 0);
    expect([0, 1, 2].map((page) => byte(w, grown + page * PAGE_SIZE))).toEqual([50, 2, 3]);
  });

  it("refuses what is not one mapping", () => {
    const w = world();
    const at = anonymous(w, 3);
    expect(w.call("munmap", at + PAGE_SIZE, PAGE_SIZE)).toBe(0);
    expect(w.call("mremap", at, 3 * PAGE_SIZE, PAGE_SIZE, 0, 0)).toBe("EFAULT");
    expect(w.call("mremap", at + PAGE_SIZE, PAGE_SIZE, PAGE_SIZE, 0, 0)).toBe("EFAULT");
    expect(w.call("mremap", at + 1, PAGE_SIZE, PAGE_SIZE, 0, 0)).toBe("EINVAL");
    expect(w.call("mremap", at, PAGE_SIZE, 0, 0, 0)).toBe("EINVAL");
    expect(w.call("mremap", at, PAGE_SIZE, PAGE_SIZE, MREMAP_FIXED, at)).toBe("EINVAL");
  });
});

describe("madvise", () => {
  const DONTNEED = 4;
  const WILLNEED = 3;

  it("forgets private memory with MADV_DONTNEED", () => {
    const w = world();
    const at = anonymous(w, 3);
    for (const page of [0, 1, 2]) w.write(at + page * PAGE_SIZE, [8]);
    expect(w.call("madvise", at + PAGE_SIZE, PAGE_SIZE, DONTNEED)).toBe(0);
    expect([0, 1, 2].map((page) => byte(w, at + page * PAGE_SIZE))).toEqual([8, 0, 8]);
  });

  it("shows a file as it is again after MADV_DONTNEED", () => {
    const w = world();
    const at = w.number("mmap", 0, FILE.length, RW, PRIVATE, openData(w), 0);
    w.write(at + PAGE_SIZE, [77]);
    expect(w.call("madvise", at, FILE.length, DONTNEED)).toBe(0);
    expect(byte(w, at + PAGE_SIZE)).toBe(2);
  });

  it("brings pages in with MADV_WILLNEED, and takes hints", () => {
    const w = world();
    const at = anonymous(w, 2);
    expect(w.call("madvise", at, PAGE_SIZE, WILLNEED)).toBe(0);
    expect(resident(w, at, 2)).toEqual([1, 0]);
    for (const hint of [0, 1, 2, 8, 14, 15]) expect(w.call("madvise", at, PAGE_SIZE, hint)).toBe(0);
    expect(w.call("madvise", at, PAGE_SIZE, 99)).toBe("EINVAL");
    expect(w.call("madvise", at + 1, PAGE_SIZE, 0)).toBe("EINVAL");
    expect(w.call("madvise", 0x10_0000_0000, PAGE_SIZE, 0)).toBe("ENOMEM");
  });
});

describe("mincore and mlock", () => {
  it("locks once, however often it is asked", () => {
    const w = world();
    const at = anonymous(w, 3);
    expect(resident(w, at, 3)).toEqual([0, 0, 0]);
    expect(w.call("mlock", at + 1, PAGE_SIZE)).toBe(0);
    expect(resident(w, at, 3)).toEqual([1, 1, 0]);
    expect(w.call("mlock", at, 3 * PAGE_SIZE)).toBe(0);
    expect(w.task.map.userWireSize).toBe(3 * PAGE_SIZE);
    expect(w.call("munlock", at, 2 * PAGE_SIZE)).toBe(0);
    expect(w.task.map.userWireSize).toBe(PAGE_SIZE);
    expect(w.call("madvise", at, 3 * PAGE_SIZE, 4)).toBe("EINVAL");
  });

  it("refuses holes and more than the limit", () => {
    const w = world();
    const at = anonymous(w, 3);
    expect(w.call("munmap", at + PAGE_SIZE, PAGE_SIZE)).toBe(0);
    expect(w.call("mlock", at, 3 * PAGE_SIZE)).toBe("ENOMEM");
    expect(w.call("munlock", at, 3 * PAGE_SIZE)).toBe("ENOMEM");
    expect(resident(w, at, 3)).toBe("ENOMEM");
    w.task.map.userWireLimit = PAGE_SIZE;
    const other = anonymous(w, 2);
    expect(w.call("mlock", other, 2 * PAGE_SIZE)).toBe("ENOMEM");
    expect(w.task.map.userWireSize).toBe(0);
  });

  it("locks everything but code, now and later", () => {
    const w = world();
    expect(w.call("mlockall", 0)).toBe("EINVAL");
    expect(w.call("mlockall", 2)).toBe(0);
    const at = anonymous(w, 2);
    expect(resident(w, at, 2)).toEqual([1, 1]);
    expect(w.call("munlockall")).toBe(0);
    expect(w.task.map.userWireSize).toBe(0);
  });

  it("has nothing to write back", () => {
    const w = world();
    const at = anonymous(w, 1);
    expect(w.call("msync", at, PAGE_SIZE, 4)).toBe(0);
    expect(w.call("msync", at, PAGE_SIZE, 5)).toBe("EINVAL");
    expect(w.call("msync", at + 1, PAGE_SIZE, 4)).toBe("EINVAL");
    expect(w.call("msync", 0x10_0000_0000, PAGE_SIZE, 4)).toBe("ENOMEM");
  });
});
