import fc from "fast-check";
import { expect } from "vitest";
import { HostBug } from "../../emulator/arch/check.js";
import { vmkFlagsFixed } from "../../vm/map/flags.js";
import type { VmMapCopy } from "../../vm/map/copy.js";
import { VM_MAP_COPYIN_ENTRY_LIST } from "../../vm/map/copyin.js";
import type { VmMap } from "../../vm/map/map.js";
import { vmMapRemap } from "../../vm/map/remap.js";
import { vmObjectForVnode, type VnodeBacking } from "../../vm/object/index.js";
import type { VmObject } from "../../vm/object/object.js";
import {
  KERN_ABORTED,
  KERN_SUCCESS,
  MACH_SEND_INTERRUPTED,
  VM_INHERIT_COPY,
  VM_INHERIT_NONE,
  VM_INHERIT_SHARE,
  VM_PROT_EXECUTE,
  VM_PROT_NONE,
  VM_PROT_READ,
  VM_PROT_WRITE,
  type VmInherit,
  type VmProt,
} from "../../vm/types.js";
import { bytesOf, FlatMap, type Cell, type FlatCopy } from "./flat-model.js";
import { PAGE, va, VmWorld, type VmWorldOptions } from "./vm-world.js";

/** A range of whole pages; `map` is taken modulo the number of address spaces alive. */
interface PageRange {
  readonly map: number;
  readonly page: number;
  readonly count: number;
}

/** A range of bytes. */
interface ByteRange {
  readonly map: number;
  readonly address: number;
  readonly size: number;
}

/** One thing somebody does to memory. `copy` is taken modulo the number of copies under way. */
export type VmStep =
  | ({ readonly op: "allocate" | "deallocate" | "wire" | "unwire" } & PageRange)
  | ({ readonly op: "protect"; readonly prot: VmProt; readonly setMax: boolean } & PageRange)
  | ({ readonly op: "inherit"; readonly inheritance: VmInherit } & PageRange)
  | ({ readonly op: "read" } & ByteRange)
  | ({ readonly op: "write"; readonly fill: number } & ByteRange)
  | { readonly op: "fork" | "exit"; readonly map: number }
  | ({ readonly op: "copyin"; readonly list: boolean } & ByteRange)
  | { readonly op: "copyout"; readonly map: number; readonly copy: number }
  | {
      readonly op: "overwrite";
      readonly map: number;
      readonly address: number;
      readonly copy: number;
    }
  | { readonly op: "discard"; readonly copy: number }
  | ({
      readonly op: "mapFile";
      readonly filePage: number;
      readonly asCopy: boolean;
    } & PageRange)
  | ({
      readonly op: "remap";
      readonly to: number;
      readonly toPage: number;
      readonly asCopy: boolean;
    } & PageRange);

/** Where steps reach; copies mapped "anywhere" end up in the low part. */
/** The one file there is; page `i` is filled with FILE_FILL + i. */
const FILE_PAGES = 6;
const FILE_FILL = 0xe0;

const FIRST_PAGE = 1;
const LAST_PAGE = 18;
const OPENING_PAGE = 7;
const MAX_MAPS = 4;
const MAX_COPIES = 3;

const map = fc.nat(MAX_MAPS - 1);
const page = fc.integer({ min: FIRST_PAGE, max: LAST_PAGE });
const pages = { map, page, count: fc.integer({ min: 1, max: 8 }) };
const inPage = fc.constantFrom(0, 0, 0, 1, 100, PAGE - 1);
const address = fc.tuple(page, inPage).map(([n, offset]) => n * PAGE + offset);
const size = fc
  .tuple(fc.integer({ min: 0, max: 6 }), fc.constantFrom(0, 0, 1, 200, PAGE - 100))
  .map(([n, rest]) => Math.max(n * PAGE + rest, 1));
const bytes = { map, address, size };
const R = VM_PROT_READ;
const prot = fc.constantFrom(
  VM_PROT_NONE,
  R,
  R | VM_PROT_WRITE,
  R | VM_PROT_WRITE,
  R | VM_PROT_EXECUTE,
  7,
);
const inheritance = fc.constantFrom(VM_INHERIT_SHARE, VM_INHERIT_COPY, VM_INHERIT_NONE);
const fill = fc.integer({ min: 1, max: 255 });
const copy = fc.nat(MAX_COPIES - 1);

function step<T extends VmStep["op"], R extends object>(
  op: T,
  weight: number,
  fields: { [K in keyof R]: fc.Arbitrary<R[K]> },
): { weight: number; arbitrary: fc.Arbitrary<VmStep> } {
  return {
    weight,
    arbitrary: fc.record({ op: fc.constant(op), ...fields }) as unknown as fc.Arbitrary<VmStep>,
  };
}

/** What every history begins with: memory, some of it written. */
export const opening: readonly VmStep[] = [
  { op: "allocate", map: 0, page: OPENING_PAGE, count: 10 },
  { op: "write", map: 0, address: (OPENING_PAGE + 1) * PAGE, size: 4 * PAGE, fill: 0x11 },
  { op: "write", map: 0, address: (OPENING_PAGE + 6) * PAGE, size: 2 * PAGE, fill: 0x22 },
];

/** Any step, the ones that move contents about more often. */
export const anyStep: fc.Arbitrary<VmStep> = fc.oneof(
  step("allocate", 5, pages),
  step("deallocate", 2, pages),
  step("protect", 3, { ...pages, prot, setMax: fc.constant(false) }),
  step("protect", 1, { ...pages, prot: prot.map((bits) => bits | R), setMax: fc.constant(true) }),
  step("inherit", 2, { ...pages, inheritance }),
  step("read", 3, bytes),
  step("write", 8, { ...bytes, fill }),
  step("wire", 2, pages),
  step("unwire", 2, pages),
  step("fork", 3, { map }),
  step("exit", 1, { map }),
  step("copyin", 5, { ...bytes, list: fc.boolean() }),
  step("copyout", 2, { map, copy }),
  step("overwrite", 5, { map, address, copy }),
  step("discard", 1, { copy }),
  step("mapFile", 2, { ...pages, filePage: fc.nat(FILE_PAGES - 1), asCopy: fc.boolean() }),
  step("remap", 2, { ...pages, to: map, toPage: page, asCopy: fc.boolean() }),
);

interface Space {
  readonly map: VmMap;
  readonly flat: FlatMap;
}

export interface TwinOptions extends VmWorldOptions {
  /** An operation was broken off by an interrupt; it is about to be tried again. */
  readonly onAbort?: () => void;
}

/** The VM and the flat model side by side. Every step is done to both, and all of both compared. */
export class TwinWorld {
  readonly w: VmWorld;
  readonly spaces: Space[];
  readonly copies: { readonly real: VmMapCopy; readonly flat: FlatCopy }[] = [];

  readonly #file: VmObject;
  readonly #fileCells: Cell[];

  readonly #onAbort: () => void;

  constructor(options: TwinOptions = {}) {
    this.#onAbort = options.onAbort ?? ((): void => expect.fail("nobody interrupts"));
    this.w = new VmWorld(options);
    const contents = new Uint8Array(FILE_PAGES * PAGE).map((_, i) => FILE_FILL + i / PAGE);
    this.#file = vmObjectForVnode(this.w.system, memoryFile(contents));
    this.w.objects.add(this.#file);
    this.w.files.set(this.#file, contents);
    this.#fileCells = Array.from({ length: FILE_PAGES }, (_, i) => ({
      bytes: contents.slice(i * PAGE, (i + 1) * PAGE),
    }));
    this.spaces = [{ map: this.w.newMap(), flat: new FlatMap() }];
  }

  /** Do one step. Throws where the two disagree, and at any inconsistency of the VM. */
  apply(step: VmStep): void {
    try {
      this.#apply(step);
      this.compare();
    } catch (error) {
      // The details of a HostBug lead to all of the machine: too much for a report.
      throw error instanceof HostBug ? new Error(error.message, { cause: error.stack }) : error;
    }
  }

  #apply(step: VmStep): void {
    const { w } = this;
    switch (step.op) {
      case "allocate":
      case "deallocate":
      case "wire":
      case "unwire":
      case "protect":
      case "inherit":
        return this.#applyToRange(step);
      case "read": {
        const { map: real, flat } = this.#space(step.map);
        const got = this.#untilDone(() => w.read(real, step.address, step.size));
        return expect(got).toEqual(flat.read(step.address, step.size));
      }
      case "write": {
        const { map: real, flat } = this.#space(step.map);
        const data = new Uint8Array(step.size).fill(step.fill);
        const kr = this.#untilDone(() => w.write(real, step.address, data));
        return expect(kr).toBe(flat.write(step.address, data));
      }
      case "fork": {
        if (this.spaces.length === MAX_MAPS) return;
        const { map: real, flat } = this.#space(step.map);
        const child = w.tryFork(real);
        if (child !== null) this.spaces.push({ map: child, flat: flat.fork() });
        return;
      }
      case "exit": {
        if (this.spaces.length === 1) return;
        const space = this.#space(step.map);
        this.spaces.splice(this.spaces.indexOf(space), 1);
        return w.exit(space.map);
      }
      case "remap":
        return this.#remap(step);
      case "mapFile":
        return this.#mapFile(step);
      default:
        return this.#applyToCopy(step);
    }
  }

  #applyToRange(step: Extract<VmStep, PageRange> & { op: string }): void {
    const { w } = this;
    const { map: real, flat } = this.#space(step.map);
    const from = step.page * PAGE;
    const length = step.count * PAGE;
    switch (step.op) {
      case "allocate":
        return expect(w.allocateAt(real, from, length)).toBe(flat.allocateAt(from, length));
      case "deallocate":
        return expect(w.deallocate(real, from, length)).toBe(flat.deallocate(from, length));
      case "wire":
        return expect(flat.wire(from, length, VM_PROT_READ)).toContain(
          this.#untilDone(() => w.wire(real, from, length, VM_PROT_READ)),
        );
      case "unwire":
        return expect(w.unwire(real, from, length)).toBe(flat.unwire(from, length));
      case "protect":
        return expect(w.protect(real, from, length, step.prot, step.setMax)).toBe(
          flat.protect(from, length, step.prot, step.setMax),
        );
      case "inherit":
        return expect(w.inherit(real, from, length, step.inheritance)).toBe(
          flat.inherit(from, length, step.inheritance),
        );
      default:
        return;
    }
  }

  #applyToCopy(
    step: Extract<VmStep, { op: "copyin" | "copyout" | "overwrite" | "discard" }>,
  ): void {
    const { w, copies } = this;
    if (step.op === "copyin") {
      if (copies.length === MAX_COPIES) return;
      const { map: real, flat } = this.#space(step.map);
      const flags = step.list ? VM_MAP_COPYIN_ENTRY_LIST : 0;
      let made = w.copyin(real, step.address, step.size, flags);
      while (made.kr === MACH_SEND_INTERRUPTED) {
        this.#onAbort();
        made = w.copyin(real, step.address, step.size, flags);
      }
      const expected = flat.copyin(step.address, step.size, step.list);
      if (made.copy === null || typeof expected === "number") {
        return expect(made.kr).toBe(typeof expected === "number" ? expected : KERN_SUCCESS);
      }
      copies.push({ real: made.copy, flat: expected });
      return;
    }
    if (copies.length === 0) return;
    const index = step.copy % copies.length;
    const { real: copied, flat: flatCopy } = copies[index]!;
    copies.splice(index, 1);
    if (step.op === "discard") return w.discard(copied);
    const { map: real, flat } = this.#space(step.map);
    if (step.op === "copyout") {
      expect(w.copyout(real, copied)).toEqual({
        kr: KERN_SUCCESS,
        address: flat.copyout(flatCopy),
      });
      return;
    }
    const kr = w.overwrite(real, step.address, copied);
    expect(kr).toBe(flat.overwrite(step.address, flatCopy));
    if (kr !== KERN_SUCCESS) w.discard(copied);
  }

  #remap(step: Extract<VmStep, { op: "remap" }>): void {
    const from = this.#space(step.map);
    const to = this.#space(step.to);
    const source = step.page * PAGE;
    const target = step.toPage * PAGE;
    const length = step.count * PAGE;
    const request = {
      address: va(target),
      flags: vmkFlagsFixed(),
      sourceMap: from.map,
      sourceAddress: va(source),
      size: length,
      copy: step.asCopy,
      inheritance: VM_INHERIT_COPY,
    };
    const kr = this.#untilDone(() => this.w.run(vmMapRemap(to.map, request)).kr);
    expect(kr).toBe(to.flat.remapFrom(from.flat, source, target, length, step.asCopy));
  }

  #mapFile(step: Extract<VmStep, { op: "mapFile" }>): void {
    const { map: real, flat } = this.#space(step.map);
    const count = Math.min(step.count, FILE_PAGES - step.filePage);
    const request = { address: va(step.page * PAGE), size: count * PAGE, flags: vmkFlagsFixed() };
    const offset = step.filePage * PAGE;
    const kr = this.#untilDone(() =>
      this.w.mapObject(real, request, this.#file, offset, step.asCopy),
    );
    const cells = this.#fileCells.slice(step.filePage, step.filePage + count);
    expect(kr).toBe(flat.mapFile(request.address, cells, step.asCopy));
  }

  /** What is interrupted changes nothing, so it can be done again. */
  #untilDone<T>(operation: () => T): T {
    for (;;) {
      const result = operation();
      if (result !== KERN_ABORTED && result !== MACH_SEND_INTERRUPTED) return result;
      this.#onAbort();
    }
  }

  #space(index: number): Space {
    return this.spaces[index % this.spaces.length]!;
  }

  /** Every page of every address space: rights, wirings and contents. */
  compare(): void {
    for (const { map: real, flat } of this.spaces) {
      let mapped = 0;
      for (const entry of real.entries) {
        for (let at: number = entry.start; at < entry.end; at += PAGE) {
          const record = flat.pages.get(at / PAGE);
          const expected =
            record === undefined
              ? null
              : {
                  protection: record.prot,
                  maxProtection: record.max,
                  inheritance: record.inheritance,
                  userWiredCount: record.userWired,
                };
          const { protection, maxProtection, inheritance: inherits, userWiredCount } = entry;
          const got = { protection, maxProtection, inheritance: inherits, userWiredCount };
          if (expected === null || !sameRights(got, expected)) {
            expect({ page: at / PAGE, ...got }).toEqual({ page: at / PAGE, ...expected });
          }
          const contents = this.w.peek(real, at);
          if (!sameBytes(contents, record?.cell.bytes ?? null)) {
            expect.fail(`page ${at / PAGE} of ${real.owner} has other contents`);
          }
          mapped += 1;
        }
      }
      expect(mapped).toBe(flat.pages.size);
    }
    for (const { real, flat } of this.copies) {
      if (real.type === "kernelBuffer" && !sameBytes(real.data, bytesOf(flat))) {
        expect.fail("a copy by value has other contents");
      }
    }
  }
}

/** A file that is written back into `contents`. */
function memoryFile(contents: Uint8Array): VnodeBacking {
  return {
    key: "file",
    name: "/file",
    size: () => contents.length,
    read(offset, into) {
      into.set(contents.subarray(offset, offset + into.length));
      return Math.min(into.length, contents.length - offset);
    },
    write(offset, from) {
      contents.set(from, offset);
      return from.length;
    },
  };
}

interface Rights {
  readonly protection: number;
  readonly maxProtection: number;
  readonly inheritance: number;
  readonly userWiredCount: number;
}

function sameRights(a: Rights, b: Rights): boolean {
  return (
    a.protection === b.protection &&
    a.maxProtection === b.maxProtection &&
    a.inheritance === b.inheritance &&
    a.userWiredCount === b.userWiredCount
  );
}

const ZERO = Buffer.alloc(PAGE);

function sameBytes(a: Uint8Array | null, b: Uint8Array | null): boolean {
  return a !== null && Buffer.compare(a, b ?? ZERO) === 0;
}
