import { readFileSync } from "node:fs";
import { inspect } from "node:util";
import { runInNewContext } from "node:vm";
import { describe, expect, it } from "vitest";
import * as emulator from "../../../emulator/index.js";

/**
 * The examples of emulator/README.md: each block runs after the one called "setup", and logs what its comments that
 * follow a statement say.
 */
const text = readFileSync("emulator/README.md", "utf8");
const blocks = new Map(
  [...text.matchAll(/```ts example=(\w+)\n(.*?)```/gs)].map((m) => [m[1]!, m[2]!]),
);

describe("emulator/README.md", () => {
  it.each([...blocks.keys()].filter((name) => name !== "setup"))("%s", (name) => {
    const code = blocks.get(name)!;
    const lines: string[] = [];
    const log = (...values: unknown[]): void => {
      lines.push(values.map((v) => (typeof v === "string" ? v : inspect(v))).join(" "));
    };
    const globals = { ...emulator, log, Uint8Array, Uint32Array };
    runInNewContext(`${blocks.get("setup")!}\n${code}`, globals);
    const said = [...code.matchAll(/^\/\/ (.*)$/gm)].map((m) => m[1]!);
    expect(lines).toEqual(said);
  });

  it("has an example for each part", () => {
    expect([...blocks.keys()]).toEqual([
      ...["setup", "registers", "running", "hooks", "memory", "devices", "contexts", "counters"],
    ]);
  });
});
