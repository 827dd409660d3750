import { readFileSync } from "node:fs";
import { describe, expect, it } from "vitest";
import { loadProgram, type Program } from "../../../kernel-sim/exec.js";
import { Kernel } from "../../../kernel-sim/kernel.js";
import { runNow } from "../../../vm/blocking.js";
import { copyinMap } from "../../../vm/copyio.js";
import { vmMapDeallocate } from "../../../vm/map/lifecycle.js";
import { vmMapRegions } from "../../../vm/map/region.js";
import {
  KERN_INVALID_ADDRESS,
  KERN_SUCCESS,
  PAGE_SIZE,
  protString,
  type VmOffset,
} from "../../../vm/types.js";
import { MachoFile } from "../loader/macho-file.js";
import { ET_DYN, ET_EXEC, elfFile, PT_INTERP, R, RW, RWX, RX, type ElfPart } from "./elf-file.js";

const KIB = 1024;
const MIB = 2 ** 20;

/** A kernel that builds address spaces and runs nothing. */
class ExecWorld {
  readonly kernel: Kernel;

  constructor(seed = 1) {
    this.kernel = new Kernel({ ramBytes: 32 * MIB, seed });
  }

  /** Load a program; a refusal must leave nothing behind, and is returned as text. */
  load(bytes: Uint8Array, argv: readonly string[] = ["prog"]): Program | string {
    const { kernel } = this;
    const file = kernel.vnodes.image("/bin/prog", bytes);
    const request = { file, path: "/bin/prog", argv, env: ["A=1"], stackBytes: 8 * MIB };
    const result = runNow(loadProgram(kernel, request));
    file.release();
    if (result.ok) {
      kernel.vm.assertConsistent({ maps: [result.program.map] });
      return result.program;
    }
    kernel.vnodes.reclaim();
    kernel.assertNoLeaks();
    return result.error.toString();
  }

  /** As `load`, of a file that is good. */
  program(bytes: Uint8Array): Program {
    const result = this.load(bytes);
    if (typeof result === "string") throw new Error(result);
    return result;
  }

  dispose(program: Program): void {
    runNow(vmMapDeallocate(program.map));
    this.kernel.vnodes.reclaim();
    this.kernel.assertNoLeaks();
  }
}

/** Bytes of a program's memory, or the number of the refusal. */
function read({ map }: Program, address: number, length = 1): number[] | number {
  const bytes = new Uint8Array(length);
  const kr = runNow(copyinMap(map, address as VmOffset, bytes));
  return kr === KERN_SUCCESS ? [...bytes] : kr;
}

/** The map as lines: offset from `base`, size in KiB, protections, pager. */
function layout({ map }: Program, base: number, end = Infinity): string[] {
  return vmMapRegions(map)
    .filter((r) => r.start >= base && r.start < end)
    .map((r) => {
      const size = (r.end - r.start) / KIB;
      const prot = `${protString(r.protection)}/${protString(r.maxProtection)}`;
      return `+${(r.start - base).toString(16)} ${size}K ${prot} ${r.pager ?? "-"}`;
    });
}

function guest(name: string): Uint8Array {
  return readFileSync(new URL(`../../../guests/bin/${name}`, import.meta.url));
}

const BASE = 0x40_0000;
/** Code, then data of 6000 bytes in the file and 40000 in memory. */
const PARTS: readonly ElfPart[] = [
  { flags: RX, vaddr: BASE, offset: 0, filesz: 5000 },
  { flags: RW, vaddr: BASE + 0x1_4000, offset: 0x4000, filesz: 6000, memsz: 40000 },
];

describe("the address space of an ELF program", () => {
  it("has its segments, zeroes after the data, and nothing else up to the heap", () => {
    const w = new ExecWorld();
    const program = w.program(elfFile(ET_EXEC, 0x8000, PARTS));
    expect(layout(program, BASE, BASE + MIB)).toEqual([
      "+0 16K r-x/rwx vnode /bin/prog",
      "+14000 16K rw-/rwx vnode /bin/prog",
      "+18000 32K rw-/rwx -",
    ]);
    const data = BASE + 0x1_4000;
    expect(read(program, data + 5999, 2)).toEqual([6, 0]);
    expect(read(program, data + PAGE_SIZE - 1, 2)).toEqual([0, 0]);
    // The rest of the last page of code is what the file has there.
    expect(read(program, BASE + 5001)).toEqual([2]);
    expect(read(program, BASE + PAGE_SIZE)).toBe(KERN_INVALID_ADDRESS);
    expect(read(program, 0)).toBe(KERN_INVALID_ADDRESS);
    expect(program.linux?.brkStart).toBeGreaterThanOrEqual(BASE + 0x2_0000);
    expect(program.pc).toBe(BASE + 64 + 2 * 56);
    w.dispose(program);
  });

  it("brings pages in when they are touched, and shares clean ones", () => {
    const w = new ExecWorld();
    const parts = [{ flags: RX, vaddr: BASE, offset: 0, filesz: 0x1_0000 }];
    const program = w.program(elfFile(ET_EXEC, 0x1_0000, parts));
    const { counters } = w.kernel.vm;
    expect(counters.pageins).toBe(0);
    read(program, BASE);
    expect(counters.pageins).toBe(1);
    read(program, BASE + 1);
    expect(counters.pageins).toBe(1);
    w.dispose(program);
  });

  it("has a stack with a guard, and the page that signal handlers return to", () => {
    const w = new ExecWorld();
    const program = w.program(guest("hello.elf"));
    const [start, size] = [program.stackTop - 9 * MIB, 8 * MIB];
    expect(layout(program, start - PAGE_SIZE)).toEqual([
      "+0 16K r-x/rwx -",
      "+4000 1024K ---/rwx -",
      `+104000 ${size / KIB}K rw-/rwx -`,
    ]);
    expect(read(program, start - PAGE_SIZE, 8)).toEqual([0x68, 0x11, 0x80, 0xd2, 1, 0, 0, 0xd4]);
    expect(program.sp % 16).toBe(0);
    expect(read(program, program.sp, 8)).toEqual([1, 0, 0, 0, 0, 0, 0, 0]);
    w.dispose(program);
  });

  it("is moved if it can be, by the seed", () => {
    const pie = elfFile(ET_DYN, 0x8000, [{ flags: RX, vaddr: 0, offset: 0, filesz: 0x8000 }]);
    const places = [1, 1, 2].map((seed) => {
      const w = new ExecWorld(seed);
      const program = w.program(pie);
      expect(program.pc - program.slide).toBe(64 + 56);
      expect(program.slide % PAGE_SIZE).toBe(0);
      const { slide, stackTop, linux } = program;
      w.dispose(program);
      return [slide, stackTop, linux?.brkStart, linux?.signalReturn];
    });
    expect(places[1]).toEqual(places[0]);
    for (const i of [0, 1, 2, 3]) expect(places[2]?.[i]).not.toBe(places[0]?.[i]);
  });

  it.each<[string, number, readonly ElfPart[], string]>([
    [
      "laid out for no page size at all",
      ET_EXEC,
      [{ flags: RX, vaddr: BASE + 0x1200, offset: 0x2000, filesz: 300 }],
      "segment 0: address and file offset differ within a page (at file offset 0x40) [EINVAL]",
    ],
    [
      "two segments in one page",
      ET_EXEC,
      [
        { flags: RX, vaddr: BASE, offset: 0, filesz: 300 },
        { flags: RW, vaddr: BASE + 0x800, offset: 0x800, filesz: 300 },
      ],
      "segment LOAD 1 shares a 4 KiB page with the one before it [EINVAL]",
    ],
    [
      "writable code",
      ET_EXEC,
      [{ flags: RWX, vaddr: BASE, offset: 0, filesz: 300 }],
      "segment LOAD 0 is writable and executable [EACCES]",
    ],
    [
      "a segment in page zero",
      ET_EXEC,
      [{ flags: RX, vaddr: 0x4000, offset: 0, filesz: 200 }],
      "segment LOAD 0 cannot be mapped: KERN_INVALID_ADDRESS [ENOMEM]",
    ],
  ])("is refused: %s", (_, type, parts, complaint) => {
    expect(new ExecWorld().load(elfFile(type, 0x8000, parts))).toBe(complaint);
  });

  it.each<[string, readonly ElfPart[]]>([
    [
      "addresses and offsets that differ by 4 KiB",
      [{ flags: RX, vaddr: BASE + 0x1000, offset: 0x2000, filesz: 300 }],
    ],
    [
      "segments in neighbouring pages of 4 KiB",
      [
        { flags: RX, vaddr: BASE, offset: 0, filesz: 300 },
        { flags: RW, vaddr: BASE + 0x1000, offset: 0x3000, filesz: 300, memsz: 0x2800 },
      ],
    ],
  ])("has pages of 4 KiB if its file is laid out for them: %s", (_, parts) => {
    const w = new ExecWorld();
    const program = w.program(elfFile(ET_EXEC, 0x8000, parts));
    expect([program.map.pageSize, program.map.pmap?.pageSize]).toEqual([4096, 4096]);
    const last = parts.at(-1)!;
    const number = 1 + last.offset / 4096; // every byte of the file is the number of its page
    expect(read(program, last.vaddr + 298, 2)).toEqual([number, number]);
    // What else is in the page is the file's in code, and zeroes in data.
    expect(read(program, last.vaddr + 300)).toEqual([last.memsz === undefined ? number : 0]);
    w.dispose(program);
  });

  it("is refused when it needs an interpreter, which is named", () => {
    const bytes = elfFile(ET_DYN, 0x8000, [
      { flags: RX, vaddr: 0, offset: 0, filesz: 0x8000 },
      { type: PT_INTERP, flags: R, vaddr: 0x1000, offset: 0x1000, filesz: 28 },
    ]);
    bytes.set(new TextEncoder().encode("/lib/ld-linux-aarch64.so.1\0\0"), 0x1000);
    expect(new ExecWorld().load(bytes)).toBe(
      "dynamically linked: it would need /lib/ld-linux-aarch64.so.1; " +
        "only static executables are run [ENOEXEC]",
    );
  });

  it("is refused with too many arguments", () => {
    const complaint = new ExecWorld().load(guest("hello.elf"), ["x".repeat(MIB)]);
    expect(complaint).toBe("arguments and environment exceed 1 MiB [E2BIG]");
  });
});

describe("the address space of a Mach-O program", () => {
  it("is slid as a whole, above a page zero that nothing can be mapped in", () => {
    const w = new ExecWorld();
    const file = new MachoFile().set32(24, 0x20_0001); // MH_PIE
    const program = w.program(file.bytes);
    const { slide, map } = program;
    expect(slide % PAGE_SIZE).toBe(0);
    expect(slide).toBeGreaterThan(0);
    expect(slide).toBeLessThan(80 * MIB);
    expect(map.minOffset).toBe(2 ** 32 + slide);
    expect(layout(program, 2 ** 32 + slide, 2 ** 32 + slide + MIB)).toEqual([
      "+0 16K r-x/r-x vnode /bin/prog",
      "+4000 16K rw-/rw- vnode /bin/prog",
      "+8000 16K r--/r-- vnode /bin/prog",
    ]);
    expect(program.stackTop).toBe(0x1_6fe0_0000 - slide);
    expect(program.symbols.nearest(program.pc)).toEqual({ name: "start", offset: 0 });
    expect(program.symbols.nearest(0)).toBeNull();
    w.dispose(program);
  });

  it("stays where it is without MH_PIE", () => {
    const w = new ExecWorld();
    const program = w.program(new MachoFile().set32(24, 1).bytes);
    expect(program.slide).toBe(0);
    expect(layout(program, 0x1_6be0_0000)).toEqual([
      "+0 57344K ---/rwx -",
      "+3800000 8192K rw-/rwx -",
      // The commpage's surroundings, and the GPU carve-out.
      "+e54200000 1048576K ---/--- -",
      "+e94200000 402653184K ---/--- -",
    ]);
    expect(vmMapRegions(program.map).find((r) => r.permanent)?.start).toBe(0x1_0000_8000);
    w.dispose(program);
  });

  it("has the file's bytes after the end of a segment's data, and zeroes in whole pages", () => {
    const w = new ExecWorld();
    const file = new MachoFile().set32(24, 1);
    const data = file.segment("__DATA");
    file.set64(data + 48, 100n); // filesize
    file.set64(data + 32, 0x4000n); // vmsize
    file.bytes[0x4000 + 99] = 0xaa;
    file.bytes[0x4000 + 100] = 0xbb;
    const program = w.program(file.bytes);
    expect(read(program, 0x1_0000_4000 + 99, 2)).toEqual([0xaa, 0xbb]);
    w.dispose(program);
  });

  it("has zero-fill pages where the file ends before the segment", () => {
    const w = new ExecWorld();
    const file = new MachoFile().set32(24, 1);
    file.set64(file.segment("__DATA") + 48, 0n);
    const program = w.program(file.bytes);
    expect(layout(program, 0x1_0000_0000, 0x1_0000_8000)).toEqual([
      "+0 16K r-x/r-x vnode /bin/prog",
      "+4000 16K rw-/rw- -",
    ]);
    expect(read(program, 0x1_0000_4000, 4)).toEqual([0, 0, 0, 0]);
    w.dispose(program);
  });

  it("starts with the registers of LC_UNIXTHREAD, but sp and pc", () => {
    const w = new ExecWorld();
    const file = new MachoFile();
    file.set64(file.command(5) + 16 + 8 * 3, 0x1234n); // x3
    const program = w.program(file.bytes);
    expect(program.x[3]).toBe(0x1234n);
    expect(program.x[4]).toBe(0n);
    expect(program.sp).toBeLessThan(program.stackTop);
    expect(read(program, program.sp, 8)).toEqual([1, 0, 0, 0, 0, 0, 0, 0]);
    w.dispose(program);
  });
});
