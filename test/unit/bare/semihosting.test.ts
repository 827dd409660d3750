import { mkdirSync, mkdtempSync, readFileSync, rmSync, symlinkSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { FILE_MODES, type SemihostingFiles } from "../../../kernel-sim/bare/semihosting-files.js";
import { openHostFiles } from "../../../kernel-sim/cli/bare-files.js";

let outer: string;
let root: string;
let files: SemihostingFiles;
beforeAll(() => {
  outer = mkdtempSync(join(tmpdir(), "machvm-root-"));
  root = join(outer, "root");
  mkdirSync(join(root, "sub"), { recursive: true });
  writeFileSync(join(outer, "secret"), "secret");
  writeFileSync(join(root, "plain"), "plain");
  symlinkSync(join(outer, "secret"), join(root, "absolute"));
  symlinkSync("../secret", join(root, "relative"));
  symlinkSync(outer, join(root, "up"));
  symlinkSync("sub", join(root, "inside"));
  symlinkSync("nowhere", join(root, "dangling"));
  symlinkSync("../new", join(root, "dangling-out"));
  files = openHostFiles(root);
});
afterAll(() => {
  rmSync(outer, { recursive: true });
});

const text = (path: string): string | null => {
  const opened = files.open(path, "r");
  if (!opened.ok) return null;
  const into = new Uint8Array(100);
  const got = opened.value.read(into);
  opened.value.close();
  return got.ok ? new TextDecoder().decode(into.subarray(0, got.value)) : null;
};

describe("semihosting files stay inside their directory", () => {
  it.each(["absolute", "relative", "up/secret", "../secret", "/../../secret", "sub/../../secret"])(
    "%s leads nowhere outside",
    (path) => {
      for (const mode of FILE_MODES) {
        const opened = files.open(path, mode);
        if (opened.ok) opened.value.close();
      }
      expect(files.remove(path).ok && readFileSync(join(outer, "secret"), "utf8")).not.toBe("");
      expect(readFileSync(join(outer, "secret"), "utf8")).toBe("secret");
      expect(text(path)).not.toBe("secret");
    },
  );

  it("`..` at the top is the top; links within are followed", () => {
    expect(text("../plain")).toBe("plain");
    expect(text("inside/../plain")).toBe("plain");
    const made = files.open("inside/made", "w");
    expect(made.ok).toBe(true);
    if (made.ok) made.value.close();
    expect(readFileSync(join(root, "sub/made"), "utf8")).toBe("");
  });

  it("nothing is made through a link that leads nowhere", () => {
    for (const path of ["dangling", "dangling-out"]) expect(files.open(path, "w").ok).toBe(false);
    expect(files.open("sub", "w").ok).toBe(false);
    expect(files.open("sub/no/such", "w").ok).toBe(false);
  });

  it("appending writes at the end whatever the position", () => {
    const opened = files.open("plain", "a+");
    expect(opened.ok).toBe(true);
    if (!opened.ok) return;
    opened.value.seek(1);
    expect(opened.value.write(new TextEncoder().encode("!"))).toEqual({ ok: true, value: 1 });
    opened.value.close();
    expect(text("plain")).toBe("plain!");
  });

  it("renames within only", () => {
    expect(files.rename("plain", "../../renamed").ok).toBe(true);
    expect(text("renamed")).toBe("plain!");
    expect(readFileSync(join(root, "renamed"), "utf8")).toBe("plain!");
  });
});
