import { describe, expect, it } from "vitest";
import { LoadError } from "../../../kernel-sim/loader/errors.js";
import { loadImage } from "../../../kernel-sim/loader/load.js";
import { fatFile, MachoFile } from "./macho-file.js";

const ARM64 = 0x0100_000c;
const X86_64 = 0x0100_0007;

function refusal(bytes: Uint8Array): string {
  const result = loadImage(bytes);
  if (!(result instanceof LoadError)) return "loaded";
  return `${result.errnoName}: ${result.message}`;
}

/** How `hello` is refused after `damage`. */
function damaged(damage: (file: MachoFile) => void): string {
  const file = new MachoFile();
  damage(file);
  return refusal(file.bytes);
}

describe("a static Mach-O executable", () => {
  it("is read", () => {
    const file = new MachoFile();
    const image = loadImage(file.bytes);
    if (image instanceof LoadError) throw new Error(image.message);
    expect(image).toMatchObject({
      format: "macho",
      personality: "darwin",
      sliceOffset: 0,
      pageZeroEnd: 2 ** 32,
      interpreter: null,
      libraries: [],
      customStackTop: null,
    });
    expect(image.segments.map((s) => [s.name, s.vmAddress, s.protection])).toEqual([
      ["__TEXT", 0x1_0000_0000, 5],
      ["__DATA", 0x1_0000_4000, 3],
      ["__LINKEDIT", 0x1_0000_8000, 1],
    ]);
    expect(image.symbols.lookup(image.entry + 4)).toEqual({ name: "start", offset: 4 });
    expect(image.symbols.addressOf("start")).toBe(image.entry);
    expect(image.symbols.lookup(0)).toBeNull();
  });

  it("is found inside a fat file", () => {
    const other = new MachoFile();
    const fat = fatFile([
      [X86_64, 3, new Uint8Array(100)],
      [ARM64, 0, other.bytes],
    ]);
    const image = loadImage(fat);
    if (image instanceof LoadError) throw new Error(image.message);
    expect(image.sliceOffset).toBe(0x8000);
    expect(image.bytes).toEqual(other.bytes);
  });

  it("survives a damaged symbol table without symbols", () => {
    const file = new MachoFile();
    const symtab = file.command(2);
    file.set32(symtab + 12, 0x4000_0000);
    const image = loadImage(file.bytes);
    if (image instanceof LoadError) throw new Error(image.message);
    expect(image.symbols.symbols).toEqual([]);
  });

  it("may bring its own stack, by the upper half of x6", () => {
    const file = new MachoFile();
    file.set32(file.command(5) + 16 + 52, 0x8000);
    expect(loadImage(file.bytes)).toMatchObject({ customStackTop: 0x8000 });
  });
});

const HEADER_CASES: readonly (readonly [string, (f: MachoFile) => void, string])[] = [
  ["an empty file", (f) => (f.bytes = new Uint8Array(0)), "ENOEXEC: the file is empty"],
  [
    "text",
    (f) => (f.bytes = new TextEncoder().encode("hello there")),
    "ENOEXEC: neither a Mach-O nor an ELF program",
  ],
  [
    "a script",
    (f) => (f.bytes = new TextEncoder().encode("#!/bin/sh\n")),
    "ENOEXEC: a script: run its interpreter with the script as argument",
  ],
  [
    "a byte-swapped header",
    (f) => f.set32(0, 0xcffaedfe),
    "EBADARCH: Mach-O file of a big-endian machine",
  ],
  ["32 bits", (f) => f.set32(0, 0xfeedface), "EBADARCH: 32-bit Mach-O file: only arm64 is run"],
  ["x86-64", (f) => f.set32(4, X86_64), "EBADARCH: Mach-O file for x86_64, not arm64"],
  ["arm64e", (f) => f.set32(8, 0x8000_0002), "EBADARCH: arm64e needs pointer authentication"],
  [
    "a dynamic library",
    (f) => f.set32(12, 6),
    "ENOEXEC: the file is a dynamic library, not an executable",
  ],
  [
    "commands beyond the file",
    (f) => f.set32(20, 0x10_0000),
    "EBADMACHO: load commands extend past the end of the file",
  ],
  [
    "more commands than fit",
    (f) => f.set32(16, 1000),
    "EBADMACHO: load command 9 is outside the header area",
  ],
  ["a tiny command", (f) => f.set32(36, 7), "EBADMACHO: load command 0 has size 7"],
  [
    "a huge command",
    (f) => f.set32(36, 0xffff_fff8),
    "EBADMACHO: load command 0 leaves the header area",
  ],
];

const THREAD_CASES: readonly (readonly [string, (f: MachoFile) => void, string])[] = [
  ["an unknown flavor", (f) => f.set32(f.command(5) + 8, 17), "EBADEXEC: unknown thread flavor 17"],
  [
    "a short count",
    (f) => f.set32(f.command(5) + 12, 67),
    "EBADEXEC: thread state of 67 words instead of 68",
  ],
  [
    "a count beyond the command",
    (f) => f.set32(f.command(5) + 12, 69),
    "EBADMACHO: thread state leaves its command",
  ],
  [
    "LC_MAIN as well",
    (f) => f.append([0x8000_0028, 24, 0, 0, 0, 0]),
    "EBADEXEC: more than one entry point command",
  ],
  [
    "no thread",
    (f) => f.set32(f.command(5), 0x7777),
    "EBADEXEC: no LC_UNIXTHREAD: nothing says where to start",
  ],
  [
    "an entry point in data",
    (f) => f.set64(f.command(5) + 16 + 256, 0x1_0000_4000n),
    "EBADEXEC: entry point 0x100004000 is not in an executable segment",
  ],
  [
    "an entry point nowhere",
    (f) => f.set64(f.command(5) + 16 + 256, 0xffff_ffff_ffff_fff0n),
    "EBADEXEC: entry point 0x7ffffe000000 is not in an executable segment",
  ],
];

const SEGMENT_CASES: readonly (readonly [string, (f: MachoFile) => void, string])[] = [
  ["a 32-bit segment", (f) => f.append([1, 8]), "EBADMACHO: 32-bit segment in a 64-bit file"],
  ["a short command", (f) => f.append([0x19, 8]), "EBADMACHO: segment command is too short"],
  [
    "bytes past the end of the file",
    (f) => f.set64(f.segment("__DATA") + 48, 0x10_0000n),
    "EBADMACHO: segment __DATA extends past the end of the file",
  ],
  [
    "file offset plus size that wraps",
    (f) => f.set64(f.segment("__DATA") + 40, 0xffff_ffff_ffff_c000n),
    "EBADMACHO: segment __DATA extends past the end of the file",
  ],
  [
    "too many sections",
    (f) => f.set32(f.segment("__TEXT") + 64, 0x4000_0000),
    "EBADMACHO: 1073741824 sections do not fit in the segment command",
  ],
  [
    "a file offset on a 4 KiB page",
    (f) => f.set64(f.segment("__DATA") + 40, 0x1000n).set64(f.segment("__DATA") + 48, 0x1000n),
    "EBADMACHO: segment __DATA starts at 0x1000, not at a 16 KiB page",
  ],
  [
    "an address that wraps",
    (f) => f.set64(f.segment("__DATA") + 24, 0xffff_ffff_ffff_c000n),
    "EBADMACHO: segment __DATA wraps around the address space",
  ],
  [
    "an address above the map",
    (f) => f.set64(f.segment("__DATA") + 24, 0x7fff_fe00_0000n),
    "ENOMEM: segment __DATA is outside the address space",
  ],
  [
    "an overlap",
    (f) => f.set64(f.segment("__DATA") + 24, 0x1_0000_0000n),
    "ENOMEM: segments __TEXT and __DATA overlap",
  ],
  [
    "write and execute",
    (f) => f.set32(f.segment("__DATA") + 60, 7).set32(f.segment("__DATA") + 56, 7),
    "ENOMEM: segment __DATA is writable and executable",
  ],
  [
    "a header that is not executable",
    (f) => f.set32(f.segment("__TEXT") + 60, 1),
    "EBADMACHO: segment __TEXT maps the header but is not executable",
  ],
  [
    "the header twice",
    (f) => f.set64(f.segment("__DATA") + 40, 0n).set32(f.segment("__DATA") + 60, 5),
    "EBADMACHO: two segments map the start of the file",
  ],
  [
    "a small page zero",
    (f) => f.set64(f.segment("__PAGEZERO") + 32, 0x4000n),
    "EBADMACHO: __PAGEZERO must cover the first 4 GiB, but it ends at 0x4000",
  ],
  [
    "no page zero",
    (f) => f.set64(f.segment("__PAGEZERO") + 32, 0n),
    "EBADMACHO: __PAGEZERO must cover the first 4 GiB, but there is none",
  ],
  [
    "two version commands",
    (f) => {
      f.append([0x32, 24, 1, 0, 0, 0]);
      f.append([0x24, 16, 0, 0]);
    },
    "EBADMACHO: more than one version command",
  ],
];

describe("a damaged Mach-O file is refused", () => {
  it.each([...HEADER_CASES, ...THREAD_CASES, ...SEGMENT_CASES])("%s", (_, damage, expected) => {
    expect(damaged(damage)).toBe(expected);
  });

  it("thread errors come before segment errors", () => {
    const both = damaged((f) => {
      f.set64(f.segment("__DATA") + 40, 0x1000n);
      f.set32(f.command(5) + 8, 9);
    });
    expect(both).toBe("EBADEXEC: unknown thread flavor 9");
  });

  it("says where", () => {
    const file = new MachoFile();
    const at = file.segment("__DATA") + 40;
    file.set64(at, 0x1000n).set64(at + 8, 0x1000n);
    const error = loadImage(file.bytes);
    expect(error).toMatchObject({ offset: at, errnoName: "EBADMACHO" });
    expect(String(error)).toContain(`(at file offset 0x${at.toString(16)}) [EBADMACHO]`);
  });

  it("fat files without our processor, or with a slice outside", () => {
    expect(refusal(fatFile([[X86_64, 3, new Uint8Array(8)]]))).toBe(
      "EBADARCH: fat file without an arm64 slice (has: x86_64)",
    );
    const fat = fatFile([[ARM64, 0, new MachoFile().bytes]]);
    new DataView(fat.buffer).setUint32(8 + 12, 0x7fff_ffff);
    expect(refusal(fat)).toBe("EBADMACHO: the arm64 slice is not inside the fat file");
    new DataView(fat.buffer).setUint32(4, 0xffff_ffff);
    expect(refusal(fat)).toBe("EBADMACHO: fat file lists 4294967295 slices past its end");
  });

  it("dynamic executables, with what they would need", () => {
    const text = (s: string, words: number): number[] => {
      const bytes = new Uint8Array(words * 4);
      bytes.set(new TextEncoder().encode(s));
      return [...new Uint32Array(bytes.buffer)];
    };
    const expected =
      "EBADEXEC: dynamically linked: it would need /usr/lib/dyld, /usr/lib/libSystem.B.dylib; " +
      "only static executables are run";
    const refused = damaged((f) => {
      f.set32(24, 0x20_0085);
      f.append([0xe, 28, 12, ...text("/usr/lib/dyld", 4)]);
      f.append([0xc, 56, 24, 0, 0, 0, ...text("/usr/lib/libSystem.B.dylib", 8)]);
    });
    expect(refused).toBe(expected);
    expect(damaged((f) => f.set32(24, 0x4))).toBe(
      "EBADEXEC: dynamically linked, but no LC_LOAD_DYLINKER says by what",
    );
  });
});
