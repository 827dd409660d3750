import { readFileSync } from "node:fs";
import { describe, expect, it } from "vitest";
import { parseBareImage } from "../../../kernel-sim/bare/image.js";
import { LoadError } from "../../../kernel-sim/loader/errors.js";

const RAM = 0x4000_0000;
const RAM_END = RAM + 8 * 2 ** 20;
const hello = new Uint8Array(readFileSync("guests/bare/bin/hello.elf"));
/** hello.elf's program headers: PT_PHDR, then the first of three PT_LOADs. */
const [FIRST, LOAD] = [64, 64 + 56] as const;

/** hello.elf with some bytes changed. */
function patched(...changes: readonly (readonly [offset: number, value: number])[]): Uint8Array {
  const copy = Uint8Array.from(hello);
  for (const [offset, value] of changes) copy[offset] = value;
  return copy;
}

/** A flat image with an arm64 Image header. */
function linuxImage(textOffset: bigint, imageSize: bigint): Uint8Array {
  const bytes = new Uint8Array(64);
  const view = new DataView(bytes.buffer);
  view.setBigUint64(8, textOffset, true);
  view.setBigUint64(16, imageSize, true);
  view.setUint32(56, 0x644d_5241, true);
  return bytes;
}

describe("a bare image", () => {
  it("is an ELF file, by its physical addresses", () => {
    const image = parseBareImage(hello, RAM, RAM_END);
    expect(image).not.toBeInstanceOf(LoadError);
    if (image instanceof LoadError) return;
    const segments = image.segments.map((s) => [s.physical, s.bytes.length, s.sizeBytes]);
    expect([image.kind, image.entry, segments]).toEqual([
      "elf",
      0x4008_1800,
      [
        [0x4008_0000, 0x1d1, 0x1d1],
        [0x4008_1800, 0x1dfc, 0x1dfc],
        [0x4008_45fc, 0x408, 0xc43c],
      ],
    ]);
  });

  it.each<[string, Uint8Array, number, number]>([
    ["without a header at 512 KiB", new Uint8Array(64), RAM + 0x8_0000, 64],
    ["of old Linux as without a header", linuxImage(0x10_0000n, 0n), RAM + 0x8_0000, 64],
    ["where its header says", linuxImage(0x10_0000n, 0x2000n), RAM + 0x10_0000, 0x2000],
    ["2 MiB higher if QEMU's boot code is there", linuxImage(0n, 16n), RAM + 0x20_0000, 64],
  ])("%s, if it is flat", (_, file, physical, sizeBytes) => {
    const image = parseBareImage(file, RAM, RAM_END);
    expect(image).toEqual({
      kind: "flat",
      symbols: [],
      segments: [{ physical, bytes: file, sizeBytes }],
      entry: physical,
    });
  });

  it.each<[string, Uint8Array, RegExp]>([
    ["empty", new Uint8Array(), /the file is empty/],
    ["ELF cut in its header", hello.subarray(0, 40), /header/],
    ["ELF cut in its segments", hello.subarray(0, 0x1100), /a segment extends past the end/],
    ["ELF for x86-64", patched([18, 62]), /AArch64/],
    ["ELF of 32 bits", patched([4, 1]), /64/],
    ["ELF of big-endian", patched([5, 2]), /endian/],
    ["ELF entered outside its segments", patched([26, 0x18]), /entry point 0x40181800 is not in/],
    ["ELF outside RAM", patched([LOAD + 24 + 3, 0x90]), /\[0x90080000, .* is not in RAM/],
    ["ELF with less memory than bytes", patched([LOAD + 41, 0]), /more bytes in the file than/],
    [
      "ELF without anything to load",
      patched(...[1, 2, 3].map((n) => [FIRST + 56 * n, 4] as const)),
      /there is nothing to load/,
    ],
    ["flat behind the end of RAM", linuxImage(0x100_0000n, 64n), /is not in RAM/],
    ["flat without end", linuxImage(0x8_0000n, 2n ** 64n - 1n), /is not in RAM/],
  ])("%s is refused", (_, file, complaint) => {
    const error = parseBareImage(file, RAM, RAM_END);
    expect(error).toBeInstanceOf(LoadError);
    expect(String(error)).toMatch(complaint);
  });
});
