import { execFileSync } from "node:child_process";
import { mkdirSync, mkdtempSync, renameSync, rmSync, symlinkSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { openNodeFs } from "../../../kernel-sim/cli/node-fs.js";
import { MemoryFs } from "../../../kernel-sim/fs/memory-fs.js";
import { OPEN_READ, type FileSystem } from "../../../kernel-sim/fs/types.js";

let base = "";
let root = "";

function readText(fs: FileSystem, path: string): string {
  const opened = fs.open(path, OPEN_READ);
  if (!opened.ok) return opened.errno;
  const into = new Uint8Array(100);
  const count = opened.value.read(0, into);
  opened.value.close();
  return typeof count === "number" ? new TextDecoder().decode(into.subarray(0, count)) : count;
}

beforeAll(() => {
  base = mkdtempSync(join(tmpdir(), "machvm-fs-"));
  root = join(base, "root");
  mkdirSync(join(root, "dir/deep"), { recursive: true });
  mkdirSync(join(base, "etc"));
  writeFileSync(join(base, "secret"), "outside");
  writeFileSync(join(base, "etc/passwd"), "outside");
  writeFileSync(join(root, "inside"), "inside");
  writeFileSync(join(root, "dir/deep/file"), "deep");
  mkdirSync(join(root, "etc"));
  writeFileSync(join(root, "etc/passwd"), "the guest's");
  const links: Readonly<Record<string, string>> = {
    up: "../secret",
    "dir/upup": "../../secret",
    absolute: "/etc/passwd",
    "host-absolute": join(base, "secret"),
    "out-dir": "..",
    "dir/out-dir": "../..",
    "to-root": "/",
    "loop-a": "loop-b",
    "loop-b": "loop-a",
    self: "self",
    dangling: "nowhere",
    good: "dir/deep/file",
    "good-dir": "dir/deep",
    "dir/up-and-back": "../../root/inside",
  };
  for (const [name, target] of Object.entries(links)) symlinkSync(target, join(root, name));
  execFileSync("mkfifo", [join(root, "fifo")]);
});

afterAll(() => {
  rmSync(base, { recursive: true, force: true });
});

/** The same tree in memory: both file systems must say the same of every path. */
function twin(): MemoryFs {
  return new MemoryFs({
    "/inside": "inside",
    "/dir/deep/file": "deep",
    "/etc/passwd": "the guest's",
    "/up": { link: "../secret" },
    "/dir/upup": { link: "../../secret" },
    "/absolute": { link: "/etc/passwd" },
    "/host-absolute": { link: join(base, "secret") },
    "/out-dir": { link: ".." },
    "/dir/out-dir": { link: "../.." },
    "/to-root": { link: "/" },
    "/loop-a": { link: "loop-b" },
    "/loop-b": { link: "loop-a" },
    "/self": { link: "self" },
    "/dangling": { link: "nowhere" },
    "/good": { link: "dir/deep/file" },
    "/good-dir": { link: "dir/deep" },
    "/dir/up-and-back": { link: "../../root/inside" },
  });
}

const CASES: readonly (readonly [path: string, expected: string])[] = [
  ["/inside", "inside"],
  ["/good", "deep"],
  ["/good-dir/file", "deep"],
  ["/dir/../inside", "inside"],
  ["//dir//deep/./file", "deep"],
  ["/../../../inside", "inside"],
  ["/../secret", "ENOENT"],
  ["/dir/../../secret", "ENOENT"],
  ["/up", "ENOENT"],
  ["/dir/upup", "ENOENT"],
  ["/host-absolute", "ENOENT"],
  ["/absolute", "the guest's"],
  ["/out-dir/etc/passwd", "the guest's"],
  ["/dir/out-dir/etc/passwd", "the guest's"],
  ["/out-dir/secret", "ENOENT"],
  ["/to-root/to-root/to-root/inside", "inside"],
  ["/dir/up-and-back", "ENOENT"],
  ["/loop-a", "ELOOP"],
  ["/self/x", "ELOOP"],
  ["/dangling", "ENOENT"],
  ["/inside/", "ENOTDIR"],
  ["/inside/x", "ENOTDIR"],
  ["/inside/..", "ENOTDIR"],
  ["/dir", "EISDIR"],
  ["", "ENOENT"],
  ["/in\0side", "EINVAL"],
  [`/${"x".repeat(256)}`, "ENAMETOOLONG"],
];

describe("a hostile tree", () => {
  it.each(CASES)("reads %j as %j from the host and from memory", (path, expected) => {
    expect(readText(openNodeFs(root), path)).toBe(expected);
    expect(readText(twin(), path)).toBe(expected);
  });

  it("refuses special files and does not hang on a fifo", () => {
    expect(readText(openNodeFs(root), "/fifo")).toBe("EACCES");
  });

  it("says what a link is without following it", () => {
    for (const fs of [openNodeFs(root), twin()]) {
      expect(fs.readlink("/up")).toEqual({ ok: true, value: "../secret" });
      expect(fs.lstat("/up")).toMatchObject({ ok: true, value: { kind: "symlink" } });
      expect(fs.stat("/good")).toMatchObject({ ok: true, value: { kind: "file", sizeBytes: 4 } });
      expect(fs.readlink("/inside")).toEqual({ ok: false, errno: "EINVAL" });
      expect(fs.open("/good", { ...OPEN_READ, noFollow: true })).toMatchObject({ errno: "ELOOP" });
      expect(fs.realpath("/to-root/dir/../good-dir/./file")).toEqual({
        ok: true,
        value: "/dir/deep/file",
      });
    }
  });

  it("is read-only", () => {
    for (const fs of [openNodeFs(root), twin()]) {
      expect(fs.open("/inside", { ...OPEN_READ, write: true })).toMatchObject({ errno: "EROFS" });
      expect(fs.open("/new", { ...OPEN_READ, create: true })).toMatchObject({ errno: "EROFS" });
      expect(fs.open("/dir", { ...OPEN_READ, write: true })).toMatchObject({ errno: "EISDIR" });
      expect(fs.open("/inside", { ...OPEN_READ, create: true, exclusive: true })).toMatchObject({
        errno: "EEXIST",
      });
    }
  });

  it("lists by name order, links as links", () => {
    const names = (fs: FileSystem): unknown => {
      const listed = fs.list("/dir");
      return listed.ok ? listed.value.map((e) => [e.name, e.kind]) : listed.errno;
    };
    const expected = [
      ["deep", "directory"],
      ["out-dir", "symlink"],
      ["up-and-back", "symlink"],
      ["upup", "symlink"],
    ];
    expect(names(openNodeFs(root))).toEqual(expected);
    expect(names(twin())).toEqual(expected);
  });

  it("keeps reading the file it opened when the path is switched to a link out", () => {
    const fs = openNodeFs(root);
    writeFileSync(join(root, "switched"), "before");
    const opened = fs.open("/switched", OPEN_READ);
    renameSync(join(root, "switched"), join(base, "moved"));
    symlinkSync(join(base, "secret"), join(root, "switched"));
    expect(opened.ok).toBe(true);
    if (!opened.ok) return;
    const into = new Uint8Array(6);
    expect(opened.value.read(0, into)).toBe(6);
    expect(new TextDecoder().decode(into)).toBe("before");
    opened.value.close();
    expect(readText(fs, "/switched")).toBe("ENOENT");
  });

  it("works under a root that is itself reached through a link", () => {
    symlinkSync(root, join(base, "alias"));
    expect(readText(openNodeFs(join(base, "alias")), "/inside")).toBe("inside");
    expect(readText(openNodeFs(join(base, "alias")), "/up")).toBe("ENOENT");
  });
});
