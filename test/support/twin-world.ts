import { expect } from "vitest";
import { HostBug } from "../../emulator/arch/check.js";
import type { VmMapCopy } from "../../vm/map/copy.js";
import { VM_MAP_COPYIN_ENTRY_LIST } from "../../vm/map/copyin.js";
import { vmkFlagsFixed } from "../../vm/map/flags.js";
import type { VmMap } from "../../vm/map/map.js";
import { vmMapRemap } from "../../vm/map/remap.js";
import { vmObjectForVnode, type VnodeBacking } from "../../vm/object/index.js";
import type { VmObject } from "../../vm/object/object.js";
import {
  KERN_ABORTED,
  KERN_SUCCESS,
  MACH_SEND_INTERRUPTED,
  VM_INHERIT_COPY,
  VM_PROT_READ,
} from "../../vm/types.js";
import { bytesOf, FlatMap, type Cell, type FlatCopy } from "./flat-model.js";
import { FILE_PAGES, MAX_COPIES, MAX_MAPS, type PageRange, type VmStep } from "./vm-steps.js";
import { PAGE, va, VmWorld, type VmWorldOptions } from "./vm-world.js";

/** Page `i` of the file is filled with FILE_FILL + i. */
const FILE_FILL = 0xe0;

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
