import { spawnSync } from "node:child_process";
import { describe, expect, it } from "vitest";
import { exitStatusOf, readManifest, type GuestFormat } from "../../guests/manifest.js";
import { runGuest } from "../support/run-guest.js";
import { unicornMissing } from "../support/unicorn.js";
import type { GuestReply, GuestRequest } from "../support/unicorn-guests.js";

/**
 * The programs of guests/ on the Unicorn engine and on ours: the same output, exit status, faults and calls after
 * the same instructions. Programs that Unicorn's own bugs make different:
 */
const DIFFERENT: Readonly<Record<string, string>> = {
  "wild misaligned-sp": "Unicorn 2.0.1 does not check the alignment of SP",
};

/** Millions of instructions, each block of them a call from Unicorn: shorter runs of the same are here. */
const LONG: readonly string[] = [
  "sort",
  "matrix",
  "sha256 guests/data/empty guests/data/missing guests/data/sample.txt",
];

interface Case extends GuestRequest {
  readonly label: string;
  readonly status: number;
}

function casesOf(format: GuestFormat): Case[] {
  return readManifest().programs.flatMap((program) =>
    program.runs.map((run) => ({
      label: [program.name, ...run.args].join(" "),
      path: program[format].path,
      args: run.args,
      status: exitStatusOf(run, format),
    })),
  );
}

/** Run guests in one process. An abort of the library leaves the replies before it. */
function onUnicorn(cases: readonly Case[]): (GuestReply | undefined)[] {
  const input = cases.map(({ path, args }) => JSON.stringify({ path, args })).join("\n");
  const child = spawnSync(
    process.execPath,
    ["--import", "./register.mjs", "test/support/unicorn-guests.ts"],
    { input, encoding: "utf8", maxBuffer: 64 * 2 ** 20 },
  );
  const replies = child.stdout.split("\n").filter((line) => line !== "");
  if (replies.length < cases.length) {
    console.error(`${cases[replies.length]!.label}: ${child.signal ?? child.stderr}`);
  }
  return cases.map((_, i) => {
    const line = replies[i];
    return line === undefined ? undefined : (JSON.parse(line) as GuestReply);
  });
}

describe.skipIf(unicornMissing !== null)(`guests on Unicorn ${unicornMissing ?? ""}`, () => {
  it("do the same", { timeout: 300_000 }, () => {
    const cases = (["macho", "elf"] as const)
      .flatMap(casesOf)
      .filter(({ label }) => DIFFERENT[label] === undefined && !LONG.includes(label));
    const replies = onUnicorn(cases);
    cases.forEach(({ label, path, args, status }, i) => {
      const ours = runGuest(path, args);
      const { instructions, syscalls } = ours.kernel.stats;
      const { fallbacks, ...reply } = replies[i] ?? { fallbacks: 0 };
      expect({ label, path, ...reply }).toEqual({
        ...{ label, path, stdout: ours.stdout, stderr: ours.stderr, status },
        ...{ instructions, syscalls, faults: ours.kernel.faultCount },
      });
      expect(fallbacks).toBeLessThanOrEqual(1);
    });
  });
});
