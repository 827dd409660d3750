import { spawnSync } from "node:child_process";
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { build, type OutputOptions } from "rolldown";
import configuration from "../../rolldown.config.js";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { El1Program, ROOT, tlbiVa } from "../support/el1-program.js";
import { AF } from "../support/page-tables.js";
import { unicornMissing } from "../support/unicorn.js";

/** The command as people start it: a process, its streams and its exit status. */
interface Outcome {
  readonly status: number | null;
  readonly stdout: string;
  readonly stderr: string;
}

let directory: string;
/** The build, made here and now: it has to be inside the package, where its imports resolve. */
const BUILD = `.cache/cli-test-${process.pid}`;

beforeAll(async () => {
  directory = mkdtempSync(join(tmpdir(), "machvm-"));
  // As the package is built, only from the sources.
  for (const part of configuration) {
    const [[name, file]] = Object.entries(part.input as Record<string, string>) as [
      [string, string],
    ];
    const source = file.replace(/^dist\/(.*)\.js$/, "$1.ts");
    await build({
      ...part,
      input: { [name]: source },
      resolve: { extensionAlias: { ".js": [".ts", ".js"] } },
      output: { ...(part.output as OutputOptions), dir: BUILD },
    });
  }
});
afterAll(() => {
  rmSync(directory, { recursive: true });
  rmSync(BUILD, { recursive: true });
});

function machvm(...args: string[]): Outcome {
  const result = spawnSync(process.execPath, [`${BUILD}/machvm.js`, ...args], {
    encoding: "utf8",
    env: { ...process.env, NO_COLOR: "1" },
  });
  return { status: result.status, stdout: result.stdout, stderr: result.stderr };
}

describe("a command line that cannot be used: one line, status 2", () => {
  it.each<[string[], string]>([
    [[], "machvm: no command given; see machvm --help\n"],
    [["jump"], "machvm: unknown command 'jump'\n"],
    [["run"], "machvm: missing required argument 'file'\n"],
    [
      ["run", "--ram", "1M", "x"],
      "machvm: option '--ram <size>' argument '1M' is invalid. RAM must be between 8M and 3G.\n",
    ],
    [["run", "--warp", "x"], "machvm: unknown option '--warp' (Did you mean --swap?)\n"],
    [["run", "--zzz", "x"], "machvm: unknown option '--zzz'\n"],
    [
      ["run", "--engine", "qemu", "x"],
      "machvm: option '--engine <name>' argument 'qemu' is invalid. Allowed choices are machvm, unicorn.\n",
    ],
    [
      ["run", "--unicorn", "libunicorn.so.2", "guests/bin/hello"],
      "machvm: --unicorn needs --engine unicorn\n",
    ],
    [
      ["run", "--engine", "unicorn", "--cpu", "apple-m1", "guests/bin/hello"],
      "machvm: --engine unicorn: Unicorn has no CPU like apple-m1\n",
    ],
    [
      ["run", "--engine", "unicorn", "--unicorn", "./none.so", "guests/bin/hello"],
      "machvm: ./none.so: cannot be loaded as a Unicorn library\n",
    ],
    [
      ["run", "--engine", "unicorn", "--unicorn", "no-such-package", "guests/bin/hello"],
      "machvm: --unicorn: no-such-package: cannot be loaded\n",
    ],
    [
      ["run", "--engine", "unicorn", "--unicorn", "package.json", "guests/bin/hello"],
      "machvm: --unicorn: package.json: cannot be loaded\n",
    ],
    [["run", "guests/bin/nothing"], "machvm: guests/bin/nothing: no such file\n"],
    [["run", "guests/bin"], "machvm: guests/bin: is a directory\n"],
    [
      ["run", "--root", "nowhere", "guests/bin/hello"],
      "machvm: option '--root <dir>' argument 'nowhere' is invalid. no such directory.\n",
    ],
  ])("%j", (args, complaint) => {
    expect(machvm(...args)).toEqual({ status: 2, stdout: "", stderr: complaint });
  });

  it("a file that is no program", () => {
    const outcome = machvm("run", "README.md");
    expect(outcome.status).toBe(2);
    expect(outcome.stderr).toMatch(/^machvm: README\.md: .*\n$/);
    expect(outcome.stderr.split("\n").length).toBe(2);
  });

  it("a truncated program", () => {
    const path = join(directory, "short");
    writeFileSync(path, Buffer.from("cffaedfe0c00000100000000", "hex"));
    const outcome = machvm("run", path);
    expect(outcome.status).toBe(2);
    expect(outcome.stderr.split("\n").length).toBe(2);
  });
});

describe("run", () => {
  it("is the guest: its output, its status, its arguments", () => {
    const outcome = machvm("run", "guests/bin/hello", "--", "-x", "two words");
    expect(outcome.status).toBe(0);
    expect(outcome.stdout).toContain("hello, world\n");
    expect(outcome.stdout).toContain("two words");
    expect(outcome.stderr).toBe("");
  });

  it("a crash is 128 + the signal, with a report of one paragraph", () => {
    const outcome = machvm("run", "guests/bin/wild", "null");
    expect(outcome.status).toBe(128 + 11);
    expect(outcome.stderr).toContain("SIGSEGV");
    expect(outcome.stderr).toContain("KERN_INVALID_ADDRESS");
    expect(outcome.stderr).not.toContain("\n\n");
    expect(outcome.stderr).not.toMatch(/at .*\.ts:/);
  });

  it("an instruction limit ends the run by name", () => {
    const outcome = machvm("run", "--max-instructions", "1000", "guests/bin/sort");
    expect(outcome.status).toBe(124);
    expect(outcome.stderr).toMatch(/^machvm: limit: .*1000.*\n$/);
  });
});

it.skipIf(unicornMissing !== null)(`Unicorn runs it as well ${unicornMissing ?? ""}`, () => {
  const engine = ["--engine", "unicorn", "--unicorn", "libunicorn.so.2"];
  expect(machvm("run", ...engine, "guests/bin/hello", "x")).toEqual(
    machvm("run", "guests/bin/hello", "x"),
  );
});

it("what the README shows of the first run is what it prints", () => {
  const outcome = machvm("run", "--stats", "guests/bin/sha256", "guests/data/sample.txt");
  expect(readFileSync("README.md", "utf8")).toContain(
    `\`\`\`\n${outcome.stdout}${outcome.stderr}\`\`\`\n`,
  );
});

describe("trace", () => {
  it("shows a copy-on-write fault with two different frames, the same every time", () => {
    const first = machvm("trace", "guests/bin/cow");
    expect(first.status).toBe(0);
    const copies = [...first.stdout.matchAll(/ cow +.* (0x[0-9a-f]+)>(0x[0-9a-f]+) /g)];
    expect(copies.length).toBeGreaterThan(0);
    for (const [, from, to] of copies) expect(from).not.toBe(to);
    expect(machvm("trace", "guests/bin/cow")).toEqual(first);
  });

  it("--json is one object a line, numbered from 1", () => {
    const outcome = machvm("trace", "--json", "guests/bin/touch", "4");
    const records = outcome.stdout
      .trimEnd()
      .split("\n")
      .map((line) => JSON.parse(line) as { number: number; resolution: string });
    expect(records.map((r) => r.number)).toEqual(records.map((_, i) => i + 1));
    expect(records.every((r) => r.resolution !== "failed")).toBe(true);
  });

  it("-o keeps the trace out of the guest's output", () => {
    const path = join(directory, "trace.txt");
    const outcome = machvm("trace", "-o", path, "guests/bin/hello");
    expect(outcome.stdout).toContain("hello, world\n");
    expect(outcome.stderr).toBe("");
  });
});

describe("maps", () => {
  it("lists the program's segments, its stack, and totals", () => {
    const outcome = machvm("maps", "guests/bin/hello");
    expect(outcome.status).toBe(0);
    for (const word of ["__TEXT", "__DATA", "__LINKEDIT", "STACK GUARD", "Stack", "TOTAL"]) {
      expect(outcome.stdout).toContain(word);
    }
  });
});

describe("bare", () => {
  const HELLO = "guests/bare/bin/hello.elf";

  it("is the image: its output, its exit code", () => {
    const { status, stdout, stderr } = machvm("bare", HELLO);
    expect(stdout).toBe(readFileSync("guests/bare/expected/hello.txt", "utf8"));
    expect([status, stderr]).toEqual([42, ""]);
  });

  it("status 0 is SYSTEM_OFF", () => {
    const { status, stdout, stderr } = machvm("bare", "guests/bare/bin/psci.elf");
    expect(stdout).toBe(readFileSync("guests/bare/expected/psci.txt", "utf8"));
    expect([status, stderr]).toEqual([0, ""]);
  });

  it("status 124 is the instruction limit", () => {
    const { status, stderr } = machvm("bare", "--max-instructions", "1000", HELLO);
    expect(status).toBe(124);
    expect(stderr).toMatch(/^machvm: limit: 1000 instructions, pc 0x[0-9a-f]+\n$/);
  });

  it("status 125 is a machine that can never go on", () => {
    const asleep = image("asleep.bin", new El1Program().word(WFI).assemble());
    expect(machvm("bare", asleep)).toEqual({
      status: 125,
      stdout: "",
      stderr: "machvm: asleep: pc 0x40080004, and nothing will ever wake the CPU\n",
    });
    const stuck = image("stuck.bin", new El1Program().word(0).assemble());
    expect(machvm("bare", stuck)).toEqual({
      status: 125,
      stdout: "",
      stderr:
        "machvm: stuck: no vector table can be executed at VBAR_EL1 0x0 " +
        "(instruction abort, same EL: fetch, external abort, pc 0x200)\n",
    });
  });

  it("status 66 is a program that the MMU sanitizer has reported", () => {
    const lucky = image("lucky.bin", unmapsBlock("and uses it").assemble());
    expect(machvm("bare", lucky)).toEqual({ status: 0, stdout: "", stderr: "" });
    const { status, stdout, stderr } = machvm("bare", "--mmu", "strict", lucky);
    expect([status, stdout]).toEqual([66, ""]);
    expect(stderr).toMatch(/^mmu: missing-tlbi: stale translation/);
    expect(stderr).toMatch(/\nmachvm: mmu: 1 report, seen once\n$/);
    const right = image("right.bin", unmapsBlock("and maps it again").assemble());
    expect(machvm("bare", "--mmu", "strict", right)).toEqual({ status: 0, stdout: "", stderr: "" });
  });

  it.each<[string[], string]>([
    [[], "machvm: missing required argument 'file'\n"],
    [["nothing.elf"], "machvm: nothing.elf: no such file\n"],
    [
      ["--gic", "4", HELLO],
      "machvm: option '--gic <version>' argument '4' is invalid. Allowed choices are 2, 3.\n",
    ],
    [
      ["--psci", "eret", HELLO],
      "machvm: option '--psci <conduit>' argument 'eret' is invalid. Allowed choices are hvc, smc.\n",
    ],
    [
      ["--append", "two\nlines", HELLO],
      "machvm: option '--append <text>' argument 'two\nlines' is invalid. expected one line of at most 2048 characters.\n",
    ],
  ])("%j cannot be used: one complaint, status 2", (args, complaint) => {
    expect(machvm("bare", ...args)).toEqual({ status: 2, stdout: "", stderr: complaint });
  });

  it("an ELF file cut short is refused: one line, status 2", () => {
    const path = image("bad.elf", readFileSync(HELLO).subarray(0, 0x1100));
    const { status, stdout, stderr } = machvm("bare", path);
    expect([status, stdout]).toEqual([2, ""]);
    expect(stderr).toMatch(
      /^machvm: .*bad\.elf: .*a segment extends past the end of the file.*\n$/,
    );
  });
});

const WFI = 0xd503_207f;
const HVC = 0xd400_0002;
const SYSTEM_OFF = 0x8400_0008;
/** 39 bits of address with a 4 KiB granule: blocks of 1 GiB in the root table. Nothing by TTBR1. */
const TCR = 25n | (1n << 8n) | (1n << 10n) | (3n << 12n) | (1n << 23n);

function image(name: string, bytes: Uint8Array): string {
  const path = join(directory, name);
  writeFileSync(path, bytes);
  return path;
}

/** A flat image that turns the MMU on, uses a block at 0x80000000, unmaps it, and loads from there once more. */
function unmapsBlock(how: "and uses it" | "and maps it again"): El1Program {
  const block = 0x4000_0000n | AF | (3n << 8n) | 1n;
  const address = 0x8000_0000;
  const program = new El1Program().store(ROOT + 8, block).store(ROOT + 16, block);
  for (const [name, value] of [
    ["MAIR_EL1", 0xffn],
    ["TCR_EL1", TCR],
    ["TTBR0_EL1", BigInt(ROOT)],
    ["SCTLR_EL1", 0x30d0_0801n],
  ] as const) {
    program.mov("x9", value).msr(name, "x9");
  }
  program
    .dsb("ish")
    .isb()
    .loadFrom(address)
    .store(ROOT + 16, 0n)
    .dsb("ish");
  if (how === "and maps it again") {
    program
      .tlbiOf("vae1is", tlbiVa(address))
      .dsb("ish")
      .store(ROOT + 16, block)
      .dsb("ish");
  }
  return program.isb().loadFrom(address).mov("x0", SYSTEM_OFF).word(HVC);
}
