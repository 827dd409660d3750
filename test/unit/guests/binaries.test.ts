import { createHash } from "node:crypto";
import { readdirSync, readFileSync, statSync } from "node:fs";
import { describe, expect, it } from "vitest";
import { readManifest } from "../../../guests/manifest.js";
import { makeStatic } from "../../../guests/postlink.js";
import { LoadError } from "../../../kernel-sim/loader/errors.js";
import type { LoadedImage } from "../../../kernel-sim/loader/image.js";
import { loadImage } from "../../../kernel-sim/loader/load.js";

const { programs, darwinPrograms } = readManifest();
const FILES = [...programs.flatMap((p) => [p.macho, p.elf]), ...darwinPrograms.map((p) => p.macho)];
const PAGE = 0x4000;
const MAX_BYTES = 64 * 1024;

function load(path: string): LoadedImage {
  const image = loadImage(readFileSync(path));
  if (image instanceof LoadError) throw image;
  return image;
}

describe("guests/bin", () => {
  it("is what the manifest lists", () => {
    const listed = FILES.map((f) => f.path.replace("guests/bin/", "")).sort();
    expect(readdirSync("guests/bin").sort()).toEqual(listed);
  });

  it.each(FILES.map((f) => [f.path, f.sha256]))("%s: digest and size", (path, sha256) => {
    expect(createHash("sha256").update(readFileSync(path)).digest("hex")).toBe(sha256);
    expect(statSync(path).size).toBeLessThan(MAX_BYTES);
  });

  it.each(FILES.map((f) => [f.path]))("%s: static, on 16 KiB pages, enters its code", (path) => {
    const image = load(path);
    expect(image.interpreter).toBeNull();
    expect(image.libraries).toEqual([]);
    for (const segment of image.segments) {
      expect((segment.vmAddress - segment.fileOffset) % PAGE).toBe(0);
      if (image.format === "macho") expect(segment.vmAddress % PAGE).toBe(0);
    }
    const code = image.segments.find(
      (s) => image.entry >= s.vmAddress && image.entry < s.vmAddress + s.vmSize,
    );
    expect((code?.protection ?? 0) & 4).toBe(4);
  });

  it("has symbols, for reports", () => {
    for (const { path } of FILES) {
      expect(load(path).symbols.addressOf("main"), path).not.toBeNull();
    }
  });
});

describe("the post-link step", () => {
  it("refuses what is not a linked Mach-O program", () => {
    expect(() => makeStatic(new Uint8Array(4))).toThrow();
    expect(() => makeStatic(readFileSync("guests/bin/hello.elf"))).toThrow();
  });
});

it("the sample's digest is the one sha256 is expected to print", () => {
  const digest = createHash("sha256").update(readFileSync("guests/data/sample.txt")).digest("hex");
  const expected = programs.find((p) => p.name === "sha256")?.runs[0]?.stdout;
  expect(expected).toBe(`${digest}  guests/data/sample.txt\n`);
});
