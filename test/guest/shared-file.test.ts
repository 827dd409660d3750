import { mkdtempSync, mkdirSync, readFileSync, rmSync, symlinkSync, writeFileSync } from "node:fs";
import { spawnSync } from "node:child_process";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, describe, expect, it } from "vitest";
import { openNodeFs } from "../../kernel-sim/cli/node-fs.js";
import { Kernel } from "../../kernel-sim/kernel.js";
import { qemuMissing } from "../support/qemu.js";
import { assertNoReports, STRICT } from "../support/no-reports.js";

const folder = mkdtempSync(join(tmpdir(), "machvm-writable-"));
const outside = join(folder, "outside");
const root = join(folder, "root");
mkdirSync(outside);
mkdirSync(join(root, "dir"), { recursive: true });
writeFileSync(join(outside, "secret"), "secret");
symlinkSync(outside, join(root, "out"));
symlinkSync(join(outside, "made"), join(root, "dangling"));
symlinkSync("/dir", join(root, "inside"));
afterAll(() => {
  rmSync(folder, { recursive: true });
});

function run(suffix: string, path: string, writable = true): { text: string; status: number } {
  let text = "";
  const kernel = new Kernel({
    ...STRICT,
    ramBytes: 16 * 2 ** 20,
    fs: openNodeFs(root, writable),
    console: {
      write(_fd, bytes) {
        text += new TextDecoder().decode(bytes);
      },
    },
  });
  const program = `guests/bin/shared-file${suffix}`;
  const loaded = kernel.exec(readFileSync(program), program, ["shared-file", path]);
  if (!loaded.ok) throw new Error(loaded.error.toString());
  const report = kernel.run();
  assertNoReports(kernel.machine.mmuReports);
  kernel.assertConsistent();
  kernel.shutdown();
  kernel.assertNoLeaks();
  return { text, status: report.exitCode };
}

/** The file as it must be: what was stored and written before it was cut, and the last store of all. */
function expected(): Buffer {
  const bytes = Buffer.alloc(3 * 16384);
  bytes[5] = "m".charCodeAt(0);
  bytes[16384 + 7] = "w".charCodeAt(0);
  bytes[2 * 16384] = "e".charCodeAt(0);
  return bytes;
}

describe("a file mapped shared, in a tree that can be written", () => {
  it.each([".elf", ""])(
    "is one with its mappings, cut and grown under them: shared-file%s",
    (suffix) => {
      const { text, status } = run(suffix, `/dir/file${suffix}`);
      expect(text).not.toMatch(/NO$/m);
      expect(text.split("\n")).toHaveLength(19);
      expect(status).toBe(0);
      expect(readFileSync(join(root, "dir", `file${suffix}`)).equals(expected())).toBe(true);
    },
  );

  it.skipIf(qemuMissing !== null)(`behaves as under qemu-aarch64 ${qemuMissing ?? ""}`, () => {
    const path = join(folder, "theirs");
    const theirs = spawnSync("qemu-aarch64", ["guests/bin/shared-file.elf", path]);
    expect(run(".elf", "/ours").text).toBe(theirs.stdout.toString());
    expect(readFileSync(path).equals(readFileSync(join(root, "ours")))).toBe(true);
  });
});

describe("what a guest may not do", () => {
  it.each([
    ["make a file outside by a link to a directory", "/out/made"],
    ["make one at the end of a dangling link", "/dangling"],
    ["make one above the root", "/../../outside/made"],
    ["make one in a directory that is none", "/dir/nowhere/file"],
    ["make one without a name", "/dir/new/.."],
  ])("%s", (_, path) => {
    const { status } = run(".elf", path);
    expect(status).toBe(1);
    expect(() => readFileSync(join(outside, "made"))).toThrow("ENOENT");
  });

  it("overwrite what a link shows outside the tree", () => {
    run(".elf", "/out/secret");
    expect(readFileSync(join(outside, "secret"), "utf8")).toBe("secret");
  });

  it("write at all, unless it was said that it may", () => {
    const { text, status } = run(".elf", "/dir/another", false);
    expect([text, status]).toEqual(["shared-file: /dir/another: failed\n", 1]);
    expect(() => readFileSync(join(root, "dir", "another"))).toThrow("ENOENT");
  });

  it("but it may follow links inside the tree", () => {
    expect(run(".elf", "/inside/linked").status).toBe(0);
    expect(readFileSync(join(root, "dir", "linked")).equals(expected())).toBe(true);
  });
});
