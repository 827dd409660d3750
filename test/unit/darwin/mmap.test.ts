import { describe, expect, it } from "vitest";
import { vmMapRegionAt } from "../../../vm/map/region.js";
import { PAGE_SIZE, type VmOffset } from "../../../vm/types.js";
import { DarwinWorld } from "../../support/darwin-world.js";

const R = 1;
const W = 2;
const RW = 3;
const X = 4;
const SHARED = 0x1;
const PRIVATE = 0x2;
const FIXED = 0x10;
const NOEXTEND = 0x100;
const JIT = 0x800;
const ANON = 0x1000;
const CODESIGN = 0x2000;
const MEDIA = 0x4000;
const UNIX03 = 0x4_0000;
const TPRO = 0x8_0000;
const P = PAGE_SIZE;

/** Two and a half pages, each byte the number of its page plus one. */
const FILE = new Uint8Array(2.5 * P).map((_, i) => 1 + Math.floor(i / P));

function world(): DarwinWorld {
  return new DarwinWorld({ "/data": FILE, "/dir/x": "x" });
}

function region(w: DarwinWorld, at: number): { cur: number; max: number; inherit: number } | null {
  const info = vmMapRegionAt(w.task.map, at as VmOffset);
  if (info === null) return null;
  return { cur: info.protection, max: info.maxProtection, inherit: info.inheritance };
}

describe("anonymous mmap", () => {
  it("is zero, takes the lowest free place, and has everything as its maximum", () => {
    const w = world();
    const at = w.anonymous(2);
    expect(at % P).toBe(0);
    expect(w.read(at, 2)).toEqual(Uint8Array.of(0, 0));
    expect(region(w, at)).toEqual({ cur: RW, max: 7, inherit: 1 });
    expect(w.number("mmap", 0, P, 0, SHARED | ANON, -1, 0)).toBeGreaterThan(at);
  });

  it("what can be written or executed can be read", () => {
    const w = world();
    expect(region(w, w.anonymous(1, W))?.cur).toBe(RW);
    expect(region(w, w.anonymous(1, X))?.cur).toBe(R | X);
    expect(region(w, w.anonymous(1, 0x100 | R))?.cur).toBe(R); // unknown bits are dropped
  });

  it("shared memory is inherited as shared", () => {
    const w = world();
    const at = w.number("mmap", 0, P, RW, SHARED | ANON, -1, 0);
    expect(region(w, at)?.inherit).toBe(0);
  });

  it("neither shared nor private is private, without UNIX03", () => {
    const w = world();
    expect(w.bsd("mmap", 0, P, RW, ANON | UNIX03, -1, 0)).toBe("EINVAL");
    const at = w.number("mmap", 0, P, RW, ANON, -1, 0);
    expect(region(w, at)?.inherit).toBe(1);
  });

  it("the descriptor is -1 or carries a tag and VM flags", () => {
    const w = world();
    expect(w.bsd("mmap", 0, P, RW, PRIVATE | ANON, 3, 0)).toBe("EINVAL");
    const at = w.number("mmap", 0, P, RW, PRIVATE | ANON, 42 << 24, 0);
    expect(vmMapRegionAt(w.task.map, at as VmOffset)?.tag).toBe(42);
  });

  it("zero bytes: EINVAL with UNIX03, else success and 0, after every other check", () => {
    const w = world();
    expect(w.bsd("mmap", 0, 0, RW, PRIVATE | ANON | UNIX03, -1, 0)).toBe("EINVAL");
    expect(w.bsd("mmap", 0, 0, RW, PRIVATE | ANON, -1, 0)).toBe(0);
    expect(w.bsd("mmap", 0, 0, R, PRIVATE, 77, 0)).toBe("EBADF");
  });

  it("a hint is rounded up, and passed over when it is occupied", () => {
    const w = world();
    const hint = 0x80_0000_0000;
    const flags = PRIVATE | ANON;
    expect(w.number("mmap", hint - 1, P, RW, flags, -1, 0)).toBe(hint);
    expect(w.number("mmap", hint, P, RW, flags, -1, 0)).toBe(hint + P);
  });

  it("a hint above all space is tried again from the bottom", () => {
    const w = world();
    const at = w.number("mmap", 0x7fff_fd00_0000, 0x200_0000, RW, PRIVATE | ANON, -1, 0);
    expect(at).toBeLessThan(0x7fff_0000_0000);
  });

  it("fixed replaces what is there; an address inside a page is EINVAL", () => {
    const w = world();
    const at = w.anonymous(3);
    w.write(at, new Uint8Array(3 * P).fill(7));
    const flags = PRIVATE | ANON | FIXED;
    expect(w.number("mmap", at + P, P, RW, flags, -1, 0)).toBe(at + P);
    expect(w.read(at, 1)).toEqual(Uint8Array.of(7));
    expect(w.read(at + P, 1)).toEqual(Uint8Array.of(0));
    expect(w.read(at + 2 * P, 1)).toEqual(Uint8Array.of(7));
    expect(w.bsd("mmap", at + 1, P, RW, flags, -1, 0)).toBe("EINVAL");
    expect(w.bsd("mmap", 0, P, RW, flags, -1, 0)).toBe("ENOMEM"); // below the map's minimum
    expect(w.bsd("mmap", 0x8000_0000_0000n, P, RW, flags, -1, 0)).toBe("ENOMEM");
  });

  it.each([
    ["unknown flag", 0x10_0000 | PRIVATE | ANON, RW, "EINVAL"],
    ["known flag without effect", NOEXTEND | PRIVATE | ANON, RW, "ok"],
    ["JIT and fixed", JIT | FIXED | PRIVATE | ANON, RW, "EINVAL"],
    ["JIT and shared", JIT | SHARED | ANON, RW, "EINVAL"],
    ["JIT of a file", JIT | PRIVATE, RW, "EINVAL"],
    ["JIT, writable code", JIT | PRIVATE | ANON, 7, "ok"],
    ["writable code without JIT", PRIVATE | ANON, 7, "EACCES"],
    ["resilient codesign, anonymous", CODESIGN | PRIVATE | ANON, R, "EINVAL"],
    ["resilient media, TPRO", MEDIA | TPRO | PRIVATE, RW, "EINVAL"],
    ["resilient codesign, code", CODESIGN | PRIVATE, R | X, "EPERM"],
    ["resilient codesign, shared and writable", CODESIGN | SHARED, RW, "EPERM"],
    ["TPRO, not writable", TPRO | PRIVATE | ANON, R, "EPERM"],
    ["TPRO, code", TPRO | PRIVATE | ANON, 7, "EPERM"],
    ["TPRO, which takes hardware that is not there", TPRO | PRIVATE | ANON, RW, "EACCES"],
  ])("%s", (_, flags, prot, expected) => {
    const w = world();
    const result = w.bsd("mmap", 0, P, prot, flags, -1, 0);
    expect(typeof result === "number" ? "ok" : result).toBe(expected);
  });

  it("wrapping around is EINVAL, too much is ENOMEM", () => {
    const w = world();
    const flags = PRIVATE | ANON;
    expect(w.bsd("mmap", 0, -1n, RW, flags, -1, 0)).toBe("EINVAL");
    expect(w.bsd("mmap", 0, P, RW, flags, -1, -P)).toBe("EINVAL");
    expect(w.bsd("mmap", 0, 1n << 47n, RW, flags, -1, 0)).toBe("ENOMEM");
    expect(w.bsd("mmap", 0, 1n << 63n, RW, flags, -1, 0)).toBe("ENOMEM");
  });
});

describe("mmap of a file", () => {
  it("shows the file, zero after its end within the last page", () => {
    const w = world();
    const fd = w.number("open", "/data", 0, 0);
    const at = w.number("mmap", 0, FILE.length, R, PRIVATE | UNIX03, fd, 0);
    expect(w.read(at, FILE.length)).toEqual(FILE);
    expect(w.read(at + FILE.length, 4)).toEqual(new Uint8Array(4));
    expect(region(w, at)).toEqual({ cur: R, max: 7, inherit: 1 });
  });

  it("a private copy can be written; the file and other mappings stay", () => {
    const w = world();
    const fd = w.number("open", "/data", 0, 0);
    const mine = w.number("mmap", 0, P, RW, PRIVATE, fd, 0);
    const other = w.number("mmap", 0, P, R, SHARED, fd, 0);
    w.write(mine, [99]);
    expect(w.read(mine, 2)).toEqual(Uint8Array.of(99, 1));
    expect(w.read(other, 2)).toEqual(Uint8Array.of(1, 1));
  });

  it("two mappings share one object", () => {
    const w = world();
    const fd = w.number("open", "/data", 0, 0);
    const again = w.number("open", "/data", 0, 0);
    const [a, b] = [fd, again].map((f) => w.number("mmap", 0, P, R, SHARED, f, 0)) as [
      number,
      number,
    ];
    const object = (at: number): number | null | undefined =>
      vmMapRegionAt(w.task.map, at as VmOffset)?.objectId;
    expect(object(a)).toBe(object(b));
  });

  it("an offset inside a page moves the result by as much", () => {
    const w = world();
    const fd = w.number("open", "/data", 0, 0);
    expect(w.bsd("mmap", 0, 16, R, PRIVATE | UNIX03, fd, P + 100)).toBe("EINVAL");
    const at = w.number("mmap", 0, 16, R, PRIVATE, fd, P + 100);
    expect(at % P).toBe(100);
    expect(w.read(at, 1)).toEqual(Uint8Array.of(2));
    // With FIXED the address must have the same place in its page.
    const room = w.anonymous(2);
    expect(w.bsd("mmap", room, 16, R, PRIVATE | FIXED, fd, 2 * P + 100)).toBe("EINVAL");
    expect(w.number("mmap", room + 100, 16, R, PRIVATE | FIXED, fd, 2 * P + 100)).toBe(room + 100);
    expect(w.read(room + 100, 1)).toEqual(Uint8Array.of(3));
  });

  it("what the descriptor is decides", () => {
    const w = world();
    const file = w.number("open", "/data", 0, 0);
    const directory = w.number("open", "/dir", 0, 0);
    w.svc(42); // descriptors 5 and 6 are a pipe
    const map = (fd: number, prot: number, flags: number): string | number =>
      w.bsd("mmap", 0, P, prot, flags | UNIX03, fd, 0);
    expect(map(77, R, PRIVATE)).toBe("EBADF");
    expect(map(0, R, PRIVATE)).toBe("ENODEV"); // the console: a character device
    expect(map(directory, R, PRIVATE)).toBe("EINVAL");
    expect(map(5, R, PRIVATE)).toBe("EINVAL");
    expect(map(file, RW, SHARED)).toBe("EACCES"); // not open for writing
    const shared = map(file, R, SHARED) as number;
    expect(region(w, shared)).toEqual({ cur: R, max: R | X, inherit: 0 });
  });
});
