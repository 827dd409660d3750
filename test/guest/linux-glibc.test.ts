import { spawnSync } from "node:child_process";
import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { qemuMissing, runQemu } from "../support/qemu.js";
import { runGuest } from "../support/run-guest.js";
import { toolMissing } from "../support/tools.js";

const COMPILER = "aarch64-linux-gnu-gcc";
const missing = toolMissing(COMPILER) ?? qemuMissing;

let directory: string;

beforeAll(() => {
  directory = mkdtempSync(join(tmpdir(), "machvm-glibc-"));
});
afterAll(() => rmSync(directory, { recursive: true }));

function build(name: string, link = "-static"): string {
  const program = join(directory, `${name}${link}`);
  const source = `test/guest/glibc/${name}.c`;
  const args = ["-O1", link, "-o", program, source, "-lm"];
  const { stderr } = spawnSync(COMPILER, args, { encoding: "utf8" });
  expect(stderr).toBe("");
  return program;
}

/** Programs with the GNU C library linked in: they start, and do what they do under qemu. */
describe.skipIf(missing !== null)(`static programs with glibc ${missing ?? ""}`, () => {
  it.each([
    ["library", "-static"],
    ["system", "-static"],
    ["system", "-static-pie"],
  ])("%s.c, linked %s", (name, link) => {
    const program = build(name, link);
    const args = ["guests/data/sample.txt"];
    const options = { env: ["GREETING=hello"] };
    const { stdout, stderr, status } = runGuest(program, args, options);
    expect({ stdout, stderr, status }).toEqual(runQemu(program, args, options));
  });

  it("posix_spawn runs a program, and hears why one cannot be run", () => {
    const { stdout, status } = runGuest(build("spawn"), []);
    expect({ stdout, status }).toEqual({
      stdout:
        "nothing to spawn: No such file or directory\n" +
        "hello, world\n1 argument\n  1: spawned\nSuccess\nreaped: 1, status 0\n",
      status: 0,
    });
  });
});
