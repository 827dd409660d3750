import { describe, expect, it } from "vitest";
import { PAGE_SIZE } from "../../../vm/types.js";
import { DarwinWorld } from "../../support/darwin-world.js";

const R = 1;
const RW = 3;
const P = PAGE_SIZE;
const TOP = -P; // the last page of all

/** Three pages with a hole in the middle. */
function holed(w: DarwinWorld): number {
  const at = w.anonymous(3);
  expect(w.bsd("munmap", at + P, P)).toBe(0);
  return at;
}

/** What mincore says of so many pages. */
function mincore(w: DarwinWorld, at: number, pages: number): number[] {
  expect(w.bsd("mincore", at, pages * P, w.scratch)).toBe(0);
  const bytes = w.read(w.scratch, pages);
  return typeof bytes === "string" ? [] : [...bytes];
}

describe("munmap", () => {
  it("refuses a misaligned start, zero bytes and wrapping; a hole is fine", () => {
    const w = new DarwinWorld();
    const at = holed(w);
    expect(w.bsd("munmap", at + 1, P)).toBe("EINVAL");
    expect(w.bsd("munmap", at, 0)).toBe("EINVAL");
    expect(w.bsd("munmap", TOP, 2 * P)).toBe("EINVAL");
    expect(w.bsd("munmap", at + P, P)).toBe(0);
    expect(w.bsd("munmap", at, 2 * P + 1)).toBe(0); // rounded up to the third page
    expect(w.read(at + 2 * P, 1)).toBe("EFAULT");
  });
});

describe("mprotect", () => {
  it("checks in order: alignment, zero bytes, maximum, holes", () => {
    const w = new DarwinWorld();
    const at = holed(w);
    expect(w.bsd("mprotect", at + 1, P, R)).toBe("EINVAL");
    expect(w.bsd("mprotect", at + P, 0, R)).toBe(0);
    expect(w.bsd("mprotect", at, 3 * P, R)).toBe("ENOMEM");
    expect(w.write(at, [1])).toBe(null); // nothing changed
    expect(w.bsd("mprotect", TOP, 2 * P, R)).toBe("EINVAL");
    expect(w.bsd("mprotect", at, P, 0x20)).toBe("ENOTSUP");
  });

  it("write implies read, and no more than the maximum is given", () => {
    const w = new DarwinWorld({ "/f": "text" });
    const at = w.anonymous(1, 0);
    expect(w.read(at, 1)).toBe("EFAULT");
    expect(w.bsd("mprotect", at, P, 2)).toBe(0);
    expect(w.read(at, 1)).toEqual(Uint8Array.of(0));
    const fd = w.number("open", "/f", 0, 0);
    const file = w.number("mmap", 0, P, R, 1, fd, 0);
    expect(w.bsd("mprotect", file, P, RW)).toBe("EACCES");
  });
});

describe("msync", () => {
  it("refuses bad ranges and both sync flags; a hole is ENOMEM", () => {
    const w = new DarwinWorld();
    const at = holed(w);
    expect(w.bsd("msync", at + 1, P, 0x10)).toBe("EINVAL");
    expect(w.bsd("msync", at, 0, 0x10)).toBe("EINVAL");
    expect(w.bsd("msync", TOP, 2 * P, 0x10)).toBe("EINVAL");
    expect(w.bsd("msync", at, P, 0x11)).toBe("EINVAL");
    expect(w.bsd("msync", at, P, 0x10)).toBe(0);
    expect(w.bsd("msync_nocancel", at, 3 * P, 0x10)).toBe("ENOMEM");
  });
});

describe("madvise", () => {
  it("takes every advice of macOS and none it does not have", () => {
    const w = new DarwinWorld();
    const at = w.anonymous(2);
    for (const advice of [0, 1, 2, 3, 4, 5, 6]) expect(w.bsd("madvise", at, P, advice)).toBe(0);
    expect(w.bsd("madvise", at + 5, 1, 0)).toBe(0); // the start is rounded down
    expect(w.bsd("madvise", at, P, 10)).toBe("ENOTSUP");
    expect(w.bsd("madvise", at, P, 12)).toBe("EINVAL");
    expect(w.bsd("madvise", at, P, -1)).toBe("EINVAL");
  });

  it("tells a hole from what is outside the map", () => {
    const w = new DarwinWorld();
    const at = holed(w);
    expect(w.bsd("madvise", at, 3 * P, 1)).toBe("EINVAL");
    expect(w.bsd("madvise", 1n << 47n, P, 1)).toBe("ENOMEM");
    expect(w.bsd("madvise", 0, P, 5)).toBe("EINVAL");
    expect(w.bsd("madvise", TOP, 2 * P, 1)).toBe("EINVAL");
  });

  it("FREE makes pages clean: their contents may go", () => {
    const w = new DarwinWorld();
    const at = w.anonymous(1);
    w.write(at, [5]);
    expect(mincore(w, at, 1)).toEqual([0x87]);
    expect(w.bsd("madvise", at, P, 5)).toBe(0);
    expect(mincore(w, at, 1)[0]! & 0x4).toBe(0);
  });
});

describe("mincore", () => {
  it("0x80 where nothing is mapped or nothing was touched", () => {
    const w = new DarwinWorld();
    const at = holed(w);
    expect(mincore(w, at, 3)).toEqual([0x80, 0x80, 0x80]);
  });

  it("in core, referenced and modified as the pages were used", () => {
    const w = new DarwinWorld();
    const at = w.anonymous(3);
    w.read(at, 1);
    w.write(at + P, [1]);
    expect(mincore(w, at, 3)).toEqual([0x83, 0x87, 0x80]);
  });

  it("pages of a file are not anonymous", () => {
    const w = new DarwinWorld({ "/f": new Uint8Array(2 * P) });
    const fd = w.number("open", "/f", 0, 0);
    const at = w.number("mmap", 0, 2 * P, R, 1, fd, 0);
    w.read(at, 1);
    expect(mincore(w, at, 1)[0]! & 0x81).toBe(0x01);
    expect(mincore(w, at, 2)[1]! & 0x80).toBe(0);
  });

  it("a page written after a copy was made is the writer's own", () => {
    const w = new DarwinWorld({ "/f": new Uint8Array(2 * P) });
    const fd = w.number("open", "/f", 0, 0);
    const at = w.number("mmap", 0, 2 * P, RW, 2, fd, 0);
    w.write(at, [1]);
    expect(mincore(w, at, 1)[0]! & 0xc5).toBe(0xc5);
  });

  it("zero bytes succeed, a bad vector is EFAULT, wrapping EINVAL", () => {
    const w = new DarwinWorld();
    const at = w.anonymous(1);
    expect(w.bsd("mincore", at, 0, 0)).toBe(0);
    expect(w.bsd("mincore", at, P, 0)).toBe("EFAULT");
    expect(w.bsd("mincore", TOP, 2 * P, w.scratch)).toBe("EINVAL");
  });
});

describe("minherit", () => {
  it("takes 0 to 2, ignores holes, refuses the rest", () => {
    const w = new DarwinWorld();
    const at = holed(w);
    for (const inherit of [0, 1, 2]) expect(w.bsd("minherit", at, 3 * P, inherit)).toBe(0);
    expect(w.bsd("minherit", at, P, 3)).toBe("EINVAL");
    expect(w.bsd("minherit", TOP, 2 * P, 1)).toBe("EINVAL");
  });
});

describe("mlock and munlock", () => {
  it("make pages resident, count once per entry, and undo one level a call", () => {
    const w = new DarwinWorld();
    const at = w.anonymous(2);
    const { map } = w.task;
    expect(w.bsd("mlock", at + 5, P)).toBe(0); // both pages are touched
    expect(mincore(w, at, 2).map((byte) => byte & 1)).toEqual([1, 1]);
    expect(map.userWireSize).toBe(2 * P);
    expect(w.bsd("mlock", at, 2 * P)).toBe(0);
    expect(map.userWireSize).toBe(2 * P);
    expect(w.bsd("munlock", at, 2 * P)).toBe(0);
    expect(map.userWireSize).toBe(2 * P);
    expect(w.bsd("munlock", at, 2 * P)).toBe(0);
    expect(map.userWireSize).toBe(0);
  });

  it("zero bytes succeed; a hole is ENOMEM; wrapping EINVAL; over the limit EAGAIN", () => {
    const w = new DarwinWorld();
    const at = holed(w);
    expect(w.bsd("mlock", at + P, 0)).toBe(0);
    expect(w.bsd("mlock", at, 3 * P)).toBe("ENOMEM");
    expect(w.task.map.userWireSize).toBe(0);
    expect(w.bsd("mlock", TOP, 2 * P)).toBe("EINVAL");
    expect(w.bsd("munlock", TOP, 2 * P)).toBe("EINVAL");
    w.write64(w.scratch, P, P);
    expect(w.bsd("setrlimit", 6, w.scratch)).toBe(0);
    const two = w.anonymous(2);
    expect(w.bsd("mlock", two, 2 * P)).toBe("EAGAIN");
    expect(w.bsd("mlock", two, P)).toBe(0);
  });

  it("memory without access is wired all the same", () => {
    const w = new DarwinWorld();
    const at = w.anonymous(1, 0);
    expect(w.bsd("mlock", at, P)).toBe(0);
    expect(mincore(w, at, 1)[0]! & 1).toBe(1);
    expect(w.bsd("munlock", at, P)).toBe(0);
  });
});
