import { describe, expect, it } from "vitest";
import { parseBareImage } from "../../../kernel-sim/bare/image.js";
import { LoadError } from "../../../kernel-sim/loader/errors.js";
import { elfImage } from "../../support/qemu-elf.js";

const RAM = 0x4000_0000;
const RAM_END = RAM + 8 * 2 ** 20;
const CODE = 0x4008_0000;
const DATA = 0x4009_0000;
const code = new Uint8Array(32).fill(1);
const data = new Uint8Array(8).fill(2);
const elf = elfImage(CODE + 16, [
  { address: CODE, bytes: code, flags: "rx" },
  { address: DATA, bytes: data, flags: "rw" },
]);
/** Its program headers, and fields in them. */
const [FIRST, SECOND] = [64, 64 + 56] as const;
const [ENTRY, VADDR, PADDR, MEMSZ] = [24, 16, 24, 40] as const;

/** The ELF file with some bytes changed. */
function patched(...changes: readonly (readonly [offset: number, value: number])[]): Uint8Array {
  const copy = Uint8Array.from(elf);
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
  it.each<[string, Uint8Array]>([
    ["as linked", elf],
    ["linked for other virtual addresses", patched([FIRST + VADDR + 4, 1], [ENTRY + 4, 1])],
    // Zeroes behind the bytes of the second segment.
    ["with zeroed memory", patched([SECOND + MEMSZ + 1, 0x10])],
  ])("is an ELF file, by its physical addresses: %s", (title, file) => {
    const sizeBytes = title === "with zeroed memory" ? 0x1008 : 8;
    expect(parseBareImage(file, RAM, RAM_END)).toEqual({
      kind: "elf",
      entry: CODE + 16,
      segments: [
        { physical: CODE, bytes: code, sizeBytes: 32 },
        { physical: DATA, bytes: data, sizeBytes },
      ],
      symbols: [],
    });
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
    ["ELF cut in its header", elf.subarray(0, 40), /header/],
    ["ELF cut in its segments", elf.subarray(0, 0x1_0010), /a segment extends past the end/],
    ["ELF for x86-64", patched([18, 62]), /AArch64/],
    ["ELF of 32 bits", patched([4, 1]), /64/],
    ["ELF of big-endian", patched([5, 2]), /endian/],
    [
      "ELF entered outside its segments",
      patched([ENTRY, 0x20]),
      /entry point 0x40080020 is not in/,
    ],
    ["ELF outside RAM", patched([FIRST + PADDR + 3, 0x90]), /\[0x90080000, .* is not in RAM/],
    [
      "ELF with less memory than bytes",
      patched([FIRST + MEMSZ, 31]),
      /more bytes in the file than/,
    ],
    ["ELF without anything to load", patched([FIRST, 4], [SECOND, 4]), /there is nothing to load/],
    ["flat behind the end of RAM", linuxImage(0x100_0000n, 64n), /is not in RAM/],
    ["flat without end", linuxImage(0x8_0000n, 2n ** 64n - 1n), /is not in RAM/],
  ])("%s is refused", (_, file, complaint) => {
    const error = parseBareImage(file, RAM, RAM_END);
    expect(error).toBeInstanceOf(LoadError);
    expect(String(error)).toMatch(complaint);
  });
});
