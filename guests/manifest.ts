/** What guests/manifest.json says: the committed binaries, and what each is expected to do. */
import { createHash } from "node:crypto";
import { readFileSync } from "node:fs";
import { fileURLToPath } from "node:url";
import { DARWIN_PROGRAMS, GUEST_PROGRAMS, type GuestRun } from "./programs.js";

/** The two builds of a program. */
export type GuestFormat = "macho" | "elf";

export interface GuestFile {
  /** Relative to the repository root, as are file names in `args`. */
  readonly path: string;
  /** Lower-case hexadecimal. */
  readonly sha256: string;
}

export interface ManifestEntry {
  readonly name: string;
  readonly source: string;
  readonly summary: string;
  readonly macho: GuestFile;
  readonly elf: GuestFile;
  readonly runs: readonly GuestRun[];
}

export interface GuestManifest {
  /** Version line by tool name; other versions may well produce other bytes. */
  readonly toolchain: Readonly<Record<string, string>>;
  readonly programs: readonly ManifestEntry[];
  /** What runs on XNU only. */
  readonly darwinPrograms: readonly Omit<ManifestEntry, "elf">[];
}

/** The exit status of a run: what the program returned, or 128 plus the signal that ended it. */
export function exitStatusOf(run: GuestRun, format: GuestFormat): number {
  return typeof run.exitStatus === "number" ? run.exitStatus : run.exitStatus[format];
}

export function sha256Hex(bytes: Uint8Array): string {
  return createHash("sha256").update(bytes).digest("hex");
}

/** The committed manifest. */
export function readManifest(): GuestManifest {
  const path = fileURLToPath(new URL("manifest.json", import.meta.url));
  return JSON.parse(readFileSync(path, "utf8")) as GuestManifest;
}

/** The manifest of binaries that `read` finds by file name. */
export function makeManifest(
  toolchain: Readonly<Record<string, string>>,
  read: (file: string) => Uint8Array,
): GuestManifest {
  const file = (name: string): GuestFile => ({
    path: `guests/bin/${name}`,
    sha256: sha256Hex(read(name)),
  });
  const programs = GUEST_PROGRAMS.map(({ name, summary, runs }) => ({
    name,
    source: `guests/src/${name}.c`,
    summary,
    macho: file(name),
    elf: file(`${name}.elf`),
    runs,
  }));
  const darwinPrograms = DARWIN_PROGRAMS.map(({ name, summary, runs }) => ({
    name,
    source: `guests/src/${name}.c`,
    summary,
    macho: file(name),
    runs,
  }));
  return { toolchain, programs, darwinPrograms };
}
