import { readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { describe, expect, it } from "vitest";
import { machVmProtect, rawProt, rawU64 } from "../../../vm/mach-vm.js";
import type { VmOffset, VmProt } from "../../../vm/types.js";
import { machWorld } from "../map/mach-world.js";

/** Lines the type checker must refuse: an `@ts-expect-error` above a line it accepts is an error. */
export function wouldNotCompile(raw: ReturnType<typeof rawU64>): unknown[] {
  // @ts-expect-error raw arguments are no numbers
  const sum = raw + 1n;
  // @ts-expect-error nor do they become any
  const number = Number(raw) + Number(raw >> 1n);
  // @ts-expect-error not even an address of the same bits
  const address: VmOffset = raw;
  // @ts-expect-error rights are raw as well
  const prot: VmProt = rawProt(3);
  // @ts-expect-error and not any other raw argument
  const other: ReturnType<typeof rawProt> = raw;
  // @ts-expect-error plain numbers are not raw: say so first
  const call = (): unknown => machVmProtect(machWorld().map, 0, 0, false, 3);
  return [sum, number, address, prot, other, call];
}

describe("raw arguments", () => {
  it("are opened by the sanitizer alone", () => {
    const root = join(import.meta.dirname, "../../..");
    const opened: string[] = [];
    for (const folder of ["vm", "kernel-sim"]) {
      for (const name of readdirSync(join(root, folder), { recursive: true, encoding: "utf8" })) {
        if (!name.endsWith(".ts") || (folder === "vm" && name === "sanitize.ts")) continue;
        const text = readFileSync(join(root, folder, name), "utf8");
        if (/as unknown as (bigint|number|Raw)/.test(text)) opened.push(`${folder}/${name}`);
      }
    }
    expect(opened).toEqual([]);
  });
});
