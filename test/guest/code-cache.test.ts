import { spawnSync } from "node:child_process";
import { existsSync, mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { build } from "rolldown";
import { afterAll, beforeAll, beforeEach, describe, expect, it } from "vitest";

/** Processes that load one script with the code kept for it, print its value and whether the code fitted. */
let directory: string;
const script = (): string => join(directory, "script.js");
const cache = (): string => join(directory, "script.cache");

const PROGRAM = `
import { loadCachedScript } from "${process.cwd()}/kernel-sim/cli/code-cache.ts";
const [script, cache] = process.argv.slice(2);
const loaded = loadCachedScript(script, cache);
console.log(loaded.value(20) + " " + loaded.hit);
loaded.keep();
`;

/** Two scripts of one length, which is all that V8 itself compares. */
const textOf = (operator: "+" | "-"): string =>
  `(function (n) { function later(m) { return m ${operator} 1; } return later(n); })`;

beforeAll(async () => {
  directory = mkdtempSync(join(tmpdir(), "machvm-"));
  const input = join(directory, "load.ts");
  writeFileSync(input, PROGRAM);
  await build({
    input,
    platform: "node",
    resolve: { extensionAlias: { ".js": [".ts", ".js"] } },
    output: { file: join(directory, "load.cjs"), format: "cjs" },
    logLevel: "silent",
  });
});
afterAll(() => {
  rmSync(directory, { recursive: true });
});
beforeEach(() => {
  rmSync(cache(), { force: true, recursive: true });
  writeFileSync(script(), textOf("+"));
});

function load(...flags: string[]): string {
  const args = [...flags, join(directory, "load.cjs"), script(), cache()];
  const { stdout, stderr } = spawnSync(process.execPath, args, { encoding: "utf8" });
  return stdout + stderr;
}

describe("the code V8 made, kept for the next process", () => {
  it("fits the next time, and holds what was compiled only when it ran", () => {
    expect(load()).toBe("21 false\n");
    expect(load()).toBe("21 true\n");
    expect(readFileSync(cache()).includes("later")).toBe(true);
    expect(readdirSync(directory).filter((name) => name.startsWith("script.cache"))).toHaveLength(
      1,
    );
  });

  it("is not taken for another script of the same length", () => {
    expect(load()).toBe("21 false\n");
    writeFileSync(script(), textOf("-"));
    expect(load()).toBe("19 false\n");
    expect(load()).toBe("19 true\n");
  });

  it("is not taken under other flags of V8", () => {
    expect(load()).toBe("21 false\n");
    expect(load("--no-opt")).toBe("21 false\n");
    expect(load("--no-opt")).toBe("21 true\n");
  });

  it("is not taken when damaged or cut, wherever that is", () => {
    load();
    const whole = readFileSync(cache());
    for (const at of [0, 8, 16, 24, 32, whole.length >> 1, whole.length - 1]) {
      const damaged = Buffer.from(whole);
      damaged[at]! ^= 0x10;
      writeFileSync(cache(), damaged);
      expect([at, load()]).toEqual([at, "21 false\n"]);
    }
    for (const length of [0, 8, 24, whole.length - 1]) {
      writeFileSync(cache(), whole.subarray(0, length));
      expect([length, load()]).toEqual([length, "21 false\n"]);
    }
    expect(load()).toBe("21 true\n");
  });

  it("is done without where it cannot be written or read", () => {
    const elsewhere = join(directory, "no", "such", "script.cache");
    const { stdout } = spawnSync(
      process.execPath,
      [join(directory, "load.cjs"), script(), elsewhere],
      { encoding: "utf8" },
    );
    expect(stdout).toBe("21 false\n");
    expect(existsSync(elsewhere)).toBe(false);
  });

  it("complains of a script that is not there", () => {
    rmSync(script());
    expect(load()).toContain(`${script()} cannot be read`);
  });
});
