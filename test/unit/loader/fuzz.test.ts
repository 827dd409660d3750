import { readFileSync } from "node:fs";
import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { LoadError } from "../../../kernel-sim/loader/errors.js";
import { loadImage } from "../../../kernel-sim/loader/load.js";
import { MACH_VM_MAX_ADDRESS } from "../../../vm/types.js";
import { fatFile } from "./macho-file.js";

function guest(name: string): Uint8Array {
  return Uint8Array.from(readFileSync(new URL(`../../../guests/bin/${name}`, import.meta.url)));
}

const FILES: readonly (readonly [string, Uint8Array])[] = [
  ["Mach-O", guest("hello")],
  ["ELF", guest("hello.elf")],
  ["fat", fatFile([[0x0100_000c, 0, guest("hello")]])],
];

/** Values that break arithmetic, besides random ones. */
const word = fc.oneof(
  fc.constantFrom(0, 1, 7, 8, 0x7f, 0xff, 0x1000, 0x4000, 0x7fff_ffff, 0x8000_0000, 0xffff_ffff),
  fc.nat(0xffff_ffff),
);

describe("whatever the bytes are, a loader answers", () => {
  it.each(FILES)("%s with changed words and a changed length", (_, original) => {
    // Headers, load commands and program headers are in the first 2 KiB of an image.
    const at = fc.oneof({ weight: 9, arbitrary: fc.nat(2047) }, fc.nat(original.length - 4));
    const changes = fc.array(fc.tuple(at, word), { minLength: 1, maxLength: 6 });
    const cut = fc.option(fc.nat(original.length), { freq: 5 });
    fc.assert(
      fc.property(changes, cut, fc.boolean(), (edits, length, inSlice) => {
        const bytes = original.slice(0, length ?? original.length);
        const view = new DataView(bytes.buffer);
        for (const [offset, value] of edits) {
          const where = inSlice && original.length > 40000 ? offset + 16384 : offset;
          if (where + 4 <= bytes.length) view.setUint32(where, value, true);
        }
        const result = loadImage(bytes);
        if (result instanceof LoadError) {
          expect(result.message).not.toBe("");
          return;
        }
        for (const s of result.segments) {
          expect(s.fileOffset + s.fileSize).toBeLessThanOrEqual(result.bytes.length);
          expect(s.vmAddress + s.vmSize).toBeLessThanOrEqual(MACH_VM_MAX_ADDRESS);
          expect(s.vmSize).toBeGreaterThan(0);
          expect(s.protection & ~s.maxProtection).toBe(0);
        }
      }),
      { numRuns: 4000 },
    );
  });

  it("arbitrary bytes behind each magic number", () => {
    const magic = fc.constantFrom("cffaedfe", "7f454c46", "cafebabe", "feedfacf", "cefaedfe");
    fc.assert(
      fc.property(magic, fc.uint8Array({ maxLength: 300 }), (head, rest) => {
        const bytes = Uint8Array.from([...Buffer.from(head, "hex"), ...rest]);
        expect(loadImage(bytes)).toBeInstanceOf(LoadError);
      }),
      { numRuns: 2000 },
    );
  });
});
