import { readFileSync } from "node:fs";
import { describe, expect, it } from "vitest";
import { LoadError } from "../../../kernel-sim/loader/errors.js";
import type { LoadedImage } from "../../../kernel-sim/loader/image.js";
import { loadImage } from "../../../kernel-sim/loader/load.js";

function hello(): Uint8Array {
  return Uint8Array.from(readFileSync(new URL("../../../guests/bin/hello.elf", import.meta.url)));
}

function damaged(damage: (view: DataView) => void): LoadedImage | LoadError {
  const bytes = hello();
  damage(new DataView(bytes.buffer));
  return loadImage(bytes);
}

function refusal(damage: (view: DataView) => void): string {
  const result = damaged(damage);
  return result instanceof LoadError ? `${result.errnoName}: ${result.message}` : "loaded";
}

/** File offset of a field of program header `n`. */
const phdr = (n: number, field: number): number => 64 + 56 * n + field;

describe("a static ELF executable", () => {
  it("is read", () => {
    const image = damaged(() => undefined);
    if (image instanceof LoadError) throw new Error(image.message);
    expect(image).toMatchObject({
      format: "elf",
      personality: "linux",
      positionIndependent: false,
      interpreter: null,
      programHeaders: { address: 0x40_0040, entryBytes: 56, count: 3 },
    });
    expect(image.symbols.lookup(image.entry)).toEqual({ name: "_start", offset: 0 });
  });
});

const CASES: readonly (readonly [string, (v: DataView) => void, string])[] = [
  [
    "32-bit",
    (v) => {
      v.setUint8(4, 1);
    },
    "ENOEXEC: 32-bit ELF file: only AArch64 is run",
  ],
  [
    "big-endian",
    (v) => {
      v.setUint8(5, 2);
    },
    "ENOEXEC: big-endian ELF file",
  ],
  [
    "x86-64",
    (v) => {
      v.setUint16(18, 62, true);
    },
    "ENOEXEC: ELF file for x86-64, not AArch64",
  ],
  [
    "an object file",
    (v) => {
      v.setUint16(16, 1, true);
    },
    "ENOEXEC: ELF file of type 1, not an executable",
  ],
  [
    "odd header size",
    (v) => {
      v.setUint16(54, 55, true);
    },
    "ENOEXEC: program headers of 55 bytes instead of 56",
  ],
  [
    "no headers",
    (v) => {
      v.setUint16(56, 0, true);
    },
    "ENOEXEC: 0 program headers",
  ],
  [
    "headers outside",
    (v) => {
      v.setBigUint64(32, 1n << 63n, true);
    },
    "ENOEXEC: the program headers are not inside the file",
  ],
  [
    "entry outside",
    (v) => {
      v.setBigUint64(24, 0x1000n, true);
    },
    "ENOEXEC: entry point 0x1000 is not in a segment",
  ],
  [
    "entry beyond",
    (v) => {
      v.setBigUint64(24, 1n << 63n, true);
    },
    "ENOEXEC: the entry point 0x8000000000000000 is outside the address space",
  ],
  [
    "file size above memory size",
    (v) => {
      v.setBigUint64(phdr(0, 40), 1n, true);
    },
    "EINVAL: segment 0 has more bytes in the file than in memory",
  ],
  [
    "beyond the file",
    (v) => {
      v.setBigUint64(phdr(0, 32), 0x10_0000n, true);
      v.setBigUint64(phdr(0, 40), 0x10_0000n, true);
    },
    "ENOEXEC: segment 0 extends past the end of the file",
  ],
  [
    "misaligned",
    (v) => {
      v.setBigUint64(phdr(1, 8), 1n, true);
    },
    "EINVAL: segment 1: address and file offset differ within a page",
  ],
  [
    "overlap",
    (v) => {
      v.setBigUint64(phdr(0, 40), 0x1_0000n, true);
    },
    "EINVAL: segment 1 overlaps or precedes the one before it",
  ],
  [
    "above the map",
    (v) => {
      v.setBigUint64(phdr(1, 16), 0x7fff_ffff_f0f0n, true);
    },
    "ENOMEM: segment 1 is outside the address space",
  ],
];

describe("a damaged ELF file is refused", () => {
  it.each(CASES)("%s", (_, damage, expected) => {
    expect(refusal(damage)).toBe(expected);
  });

  it("when it is cut short", () => {
    expect(String(loadImage(hello().subarray(0, 40)))).toContain("the ELF header is cut short");
  });
});

describe("what else an ELF file may say", () => {
  it("an interpreter, an executable stack", () => {
    const image = damaged((v) => {
      v.setUint32(phdr(2, 0), 3, true); // PT_GNU_STACK becomes PT_INTERP
      v.setBigUint64(phdr(2, 8), 232n, true);
      v.setBigUint64(phdr(2, 32), 6n, true);
      new Uint8Array(v.buffer).set(new TextEncoder().encode("/ld.so").subarray(0, 5), 232);
      v.setUint8(237, 0);
    });
    expect(image).toMatchObject({ interpreter: "/ld.s" });
    expect(
      damaged((v) => {
        v.setUint32(phdr(2, 4), 7, true);
      }),
    ).toMatchObject({
      executableStack: true,
    });
  });

  it("broken section headers cost the symbols only", () => {
    const image = damaged((v) => {
      v.setBigUint64(40, 0xffff_ffff_ffffn, true);
    });
    expect(image).toMatchObject({ format: "elf", symbols: { symbols: [] } });
  });
});
