import { readdirSync, readFileSync } from "node:fs";
import { dirname, join, posix, relative, resolve } from "node:path";
import { fileURLToPath } from "node:url";
import { describe, expect, it } from "vitest";

/**
 * Imports point downward only (see "What may import what" in README.md). Each row names a room, the
 * rooms it may import from besides itself, and whether it may use Node's own modules.
 */
const ROOT = resolve(dirname(fileURLToPath(import.meta.url)), "../..");

interface Room {
  readonly name: string;
  /** Longest matching prefix wins. */
  readonly prefix: string;
  readonly mayImport: readonly string[];
  readonly node?: boolean;
  readonly packages?: readonly string[];
}

const EMULATOR_LOW = ["emulator/arch"];
const ROOMS: readonly Room[] = [
  { name: "emulator/arch", prefix: "emulator/arch/", mayImport: [] },
  { name: "emulator/wasm", prefix: "emulator/wasm/", mayImport: EMULATOR_LOW },
  {
    name: "emulator/devices",
    prefix: "emulator/devices/",
    mayImport: [...EMULATOR_LOW, "emulator/cpu"],
  },
  { name: "emulator/mmu", prefix: "emulator/mmu/", mayImport: [...EMULATOR_LOW, "emulator/cpu"] },
  { name: "emulator/cpu", prefix: "emulator/cpu/", mayImport: [...EMULATOR_LOW, "emulator/mmu"] },
  {
    name: "emulator/engine",
    prefix: "emulator/engine.",
    mayImport: [...EMULATOR_LOW, "emulator/mmu", "emulator/cpu", "emulator/devices"],
  },
  {
    name: "emulator/isa",
    prefix: "emulator/isa/",
    mayImport: [...EMULATOR_LOW, "emulator/wasm", "emulator/mmu", "emulator/cpu"],
  },
  {
    name: "emulator/jit",
    prefix: "emulator/jit/",
    mayImport: [
      ...EMULATOR_LOW,
      "emulator/engine",
      "emulator/wasm",
      "emulator/mmu",
      "emulator/cpu",
      "emulator/devices",
      "emulator/isa",
    ],
  },
  {
    name: "emulator/unicorn",
    prefix: "emulator/unicorn/",
    mayImport: [...EMULATOR_LOW, "emulator/engine", "emulator/mmu", "emulator/cpu"],
  },
  {
    name: "emulator",
    prefix: "emulator/",
    mayImport: [
      ...EMULATOR_LOW,
      "emulator/wasm",
      "emulator/mmu",
      "emulator/cpu",
      "emulator/devices",
      "emulator/isa",
      "emulator/jit",
      "emulator/engine",
      "emulator/unicorn",
    ],
  },
  { name: "vm", prefix: "vm/", mayImport: EMULATOR_LOW },
  {
    name: "kernel-sim",
    prefix: "kernel-sim/",
    mayImport: ["emulator", "emulator/arch", "vm"],
    packages: ["capstone-wasm"],
  },
  {
    name: "kernel-sim/cli",
    prefix: "kernel-sim/cli/",
    mayImport: ["kernel-sim", "emulator", "emulator/arch", "vm"],
    node: true,
    packages: ["commander", "capstone-wasm", "koffi"],
  },
  { name: "guests", prefix: "guests/", mayImport: [], node: true, packages: ["prettier"] },
];

function roomOf(path: string): Room | null {
  let best: Room | null = null;
  for (const room of ROOMS) {
    if (path.startsWith(room.prefix) && room.prefix.length > (best?.prefix.length ?? -1)) {
      best = room;
    }
  }
  return best;
}

function sources(folder: string): string[] {
  const found: string[] = [];
  for (const entry of readdirSync(join(ROOT, folder), { withFileTypes: true })) {
    const path = posix.join(folder, entry.name);
    if (entry.isDirectory()) found.push(...sources(path));
    else if (entry.name.endsWith(".ts")) found.push(path);
  }
  return found;
}

const IMPORT =
  /(?:^|\n)\s*(?:import|export)\s+(?:type\s+)?(?:[^"';]*?\sfrom\s+)?"([^"]+)"|import\("([^"]+)"\)/g;

function importsOf(path: string): string[] {
  const text = readFileSync(join(ROOT, path), "utf8");
  return [...text.matchAll(IMPORT)].map((m) => m[1] ?? m[2] ?? "");
}

const FILES = ["emulator", "vm", "kernel-sim", "guests"].flatMap(sources);

describe("layers", () => {
  it("has a room for every source file", () => {
    expect(FILES.filter((f) => roomOf(f) === null)).toEqual([]);
  });

  it("imports point downward only", () => {
    const wrong: string[] = [];
    for (const file of FILES) {
      const room = roomOf(file);
      if (room === null) continue;
      for (const target of importsOf(file)) {
        if (target.startsWith("node:")) {
          if (room.node !== true) wrong.push(`${file} imports ${target}`);
        } else if (target.startsWith(".")) {
          const to = relative(ROOT, resolve(ROOT, dirname(file), target));
          const toRoom = roomOf(to.replaceAll("\\", "/"));
          const allowed =
            toRoom !== null && (toRoom === room || room.mayImport.includes(toRoom.name));
          if (!allowed) wrong.push(`${file} imports ${to}`);
        } else if (!(room.packages ?? []).includes(target)) {
          wrong.push(`${file} imports package ${target}`);
        }
      }
    }
    expect(wrong).toEqual([]);
  });

  it("keeps one idea a file: none is longer than 600 lines", () => {
    const long = FILES.map((f) => {
      const lines = readFileSync(join(ROOT, f), "utf8").split("\n").length;
      return [f, lines] as const;
    }).filter(([, lines]) => lines > 600);
    expect(long).toEqual([]);
  });
});
