import { expect } from "vitest";
import { HostBug } from "../../emulator/arch/check.js";
import type { VmMapCopy } from "../../vm/map/copy.js";
import { VM_MAP_COPYIN_ENTRY_LIST } from "../../vm/map/copyin.js";
import { copyinMap, copyoutMap } from "../../vm/copyio.js";
import type { VmMapEntry } from "../../vm/map/entry.js";
import { vmkFlagsFixed } from "../../vm/map/flags.js";
import { vmMapCreate } from "../../vm/map/lifecycle.js";
import { vmMapDropReference, vmMapReference, type VmMap } from "../../vm/map/map.js";
import { vmMapRemap } from "../../vm/map/remap.js";
import { vmObjectForVnode, type VnodeBacking } from "../../vm/object/index.js";
import type { VmObject } from "../../vm/object/object.js";
import {
  KERN_ABORTED,
  KERN_INVALID_ADDRESS,
  KERN_SUCCESS,
  MACH_SEND_INTERRUPTED,
  VM_INHERIT_COPY,
  VM_PROT_READ,
  type KernReturn,
} from "../../vm/types.js";
import { bytesOf, cellOf, FlatMap, type Cell, type FlatCopy, type FlatPage } from "./flat-model.js";
import { FILE_PAGES, MAX_COPIES, MAX_MAPS, type PageRange, type VmStep } from "./vm-steps.js";
import { pageOf } from "./vm-world-checks.js";
import { PAGE, va, VmWorld, type VmWorldOptions } from "./vm-world.js";

/** Page `i` of the file is filled with FILE_FILL + i. */
const FILE_FILL = 0xe0;

const FILE_CONTENTS = new Uint8Array(FILE_PAGES * PAGE).map((_, i) => FILE_FILL + i / PAGE);

interface Space {
  readonly map: VmMap;
  readonly flat: FlatMap;
  /** What was last found equal, by page number. */
  readonly seen: Map<number, Seen>;
}

/** A page whose contents were compared, and what would have to change for them to differ now. */
interface Seen {
  ppn: number;
  frameVersion: number;
  cell: Cell;
  cellVersion: number;
}

export interface TwinOptions extends VmWorldOptions {
  /** An operation was broken off by an interrupt; it is about to be tried again. */
  readonly onAbort?: () => void;
  /** log2 of the page size of every map: 14, or 12. */
  readonly pageShift?: 12 | 14;
}

/** The VM and the flat model side by side. Every step is done to both, and all of both compared. */
export class TwinWorld {
  readonly w: VmWorld;
  readonly spaces: Space[];
  /** The submap that parts of the others are views of. */
  readonly sub: Space;
  readonly pageSize: number;
  readonly copies: { readonly real: VmMapCopy; readonly flat: FlatCopy }[] = [];

  readonly #file: VmObject;
  readonly #fileCells: Cell[];

  readonly #onAbort: () => void;

  constructor(options: TwinOptions = {}) {
    this.#onAbort = options.onAbort ?? ((): void => expect.fail("nobody interrupts"));
    this.w = new VmWorld(options);
    const contents = FILE_CONTENTS.slice();
    this.#file = vmObjectForVnode(this.w.system, memoryFile(contents));
    this.w.objects.add(this.#file);
    this.w.files.set(this.#file, contents);
    this.pageSize = 2 ** (options.pageShift ?? 14);
    this.#fileCells = Array.from({ length: (FILE_PAGES * PAGE) / this.pageSize }, (_, i) =>
      cellOf(contents.slice(i * this.pageSize, (i + 1) * this.pageSize)),
    );
    this.sub = this.#newSpace(this.#newSubmap());
    this.spaces = [this.#newSpace(this.w.newMap("task", options.pageShift))];
  }

  /** No hardware translates a submap by itself. */
  #newSubmap(): VmMap {
    const map = vmMapCreate(this.w.system, null, va(PAGE), va(2 ** 32), undefined, "sub");
    map.pageShift = Math.log2(this.pageSize);
    this.w.maps.add(map);
    return map;
  }

  #newSpace(map: VmMap): Space {
    return { map, flat: new FlatMap(this.pageSize), seen: new Map() };
  }

  /** Steps are told in pages of 16 KiB from page 1 up: the same place in the pages there are. */
  #address(address: number): number {
    const page = Math.floor(address / PAGE);
    return (page - 1) * this.pageSize + PAGE + this.#inPage(address % PAGE);
  }

  #size(size: number): number {
    return Math.floor(size / PAGE) * this.pageSize + this.#inPage(size % PAGE);
  }

  #inPage(offset: number): number {
    return offset < this.pageSize ? offset : offset - (PAGE - this.pageSize);
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
      case "window":
        return this.#window(step);
      case "subAllocate":
      case "subDeallocate":
      case "subProtect":
        return this.#changeSub(step);
      case "allocate":
      case "deallocate":
      case "wire":
      case "unwire":
      case "protect":
      case "inherit":
        return this.#applyToRange(step);
      case "read": {
        const { map: real, flat } = this.#space(step.map);
        const address = this.#address(step.address);
        const size = this.#size(step.size);
        const got = this.#untilDone(() => this.#read(real, address, size));
        const expected = flat.read(address, size);
        if (typeof expected === "number" || typeof got === "number") {
          return agree(got, this.#code(real, expected));
        }
        return void (Buffer.compare(got, expected) === 0 || expect(got).toEqual(expected));
      }
      case "write": {
        const { map: real, flat } = this.#space(step.map);
        const address = this.#address(step.address);
        const data = new Uint8Array(this.#size(step.size)).fill(step.fill);
        const kr = this.#untilDone(() => this.#write(real, address, data));
        return agree(kr, this.#code(real, flat.write(address, data)));
      }
      case "fork": {
        if (this.spaces.length === MAX_MAPS) return;
        const { map: real, flat } = this.#space(step.map);
        const child = w.tryFork(real);
        if (child !== null) {
          this.spaces.push({ map: child, flat: flat.fork(), seen: new Map() });
        }
        return;
      }
      case "exit": {
        if (this.spaces.length === 1) return;
        const space = this.#space(step.map);
        this.spaces.splice(this.spaces.indexOf(space), 1);
        space.flat.deallocate(0, 64 * PAGE); // its views of the submap are unwired
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
    const from = this.#address(step.page * PAGE);
    const length = step.count * this.pageSize;
    if (flat.hasWindow(from, length)) return this.#applyToWindow(step, real, flat, from, length);
    switch (step.op) {
      case "allocate": {
        const flags = vmkFlagsFixed({ tag: step.tag });
        const kr = w.allocateAt(real, from, length, { flags });
        return agree(kr, flat.allocateAt(from, length));
      }
      case "deallocate":
        return agree(w.deallocate(real, from, length), flat.deallocate(from, length));
      case "wire":
        return agreeOn(
          this.#untilDone(() => w.wire(real, from, length, VM_PROT_READ)),
          flat.wire(from, length, VM_PROT_READ),
        );
      case "unwire":
        return agree(w.unwire(real, from, length), flat.unwire(from, length));
      case "protect":
        return agree(
          w.protect(real, from, length, step.prot, step.setMax),
          flat.protect(from, length, step.prot, step.setMax),
        );
      case "inherit":
        return agree(
          w.inherit(real, from, length, step.inheritance),
          flat.inherit(from, length, step.inheritance),
        );
      default:
        return;
    }
  }

  /** A range with views in it: what does not depend on how they are grouped. */
  #applyToWindow(
    step: { readonly op: string },
    real: VmMap,
    flat: FlatMap,
    from: number,
    length: number,
  ): void {
    const { w } = this;
    switch (step.op) {
      case "deallocate":
        return agree(w.deallocate(real, from, length), flat.deallocate(from, length));
      case "unwire":
        return agree(w.unwire(real, from, length), flat.unwire(from, length));
      case "wire":
        if (!flat.canWireWindow(from, length, VM_PROT_READ)) return;
        agree(
          this.#untilDone(() => w.wire(real, from, length, VM_PROT_READ)),
          KERN_SUCCESS,
        );
        return flat.wireWindow(from, length);
      default:
        return;
    }
  }

  #window(step: Extract<VmStep, { op: "window" }>): void {
    const { map: real, flat } = this.#space(step.map);
    const from = this.#address(step.page * PAGE);
    const inside = this.#address(step.inside * PAGE);
    const length = step.count * this.pageSize;
    vmMapReference(this.sub.map);
    const kr = this.w.allocateAt(real, from, length, { submap: this.sub.map, offset: inside });
    if (kr !== KERN_SUCCESS) vmMapDropReference(this.sub.map);
    agree(kr, flat.mapWindow(from, length, this.sub.flat, inside));
  }

  #changeSub(step: Extract<VmStep, { op: "subAllocate" | "subDeallocate" | "subProtect" }>): void {
    const { w } = this;
    const { map: real, flat } = this.sub;
    const from = this.#address(step.page * PAGE);
    const length = step.count * this.pageSize;
    switch (step.op) {
      case "subAllocate":
        return agree(w.allocateAt(real, from, length), flat.allocateAt(from, length));
      case "subProtect":
        return agree(
          w.protect(real, from, length, step.prot),
          flat.protect(from, length, step.prot, false),
        );
      default:
        // What is wired through a view stays.
        for (const [, record] of flat.range(from, length)) if (record?.userWired) return;
        return agree(w.deallocate(real, from, length), flat.deallocate(from, length));
    }
  }

  /** As the CPU, or the kernel where no hardware translates. */
  #read(map: VmMap, address: number, size: number): Uint8Array | KernReturn {
    if (map.pmap !== null) return this.w.read(map, address, size);
    const into = new Uint8Array(size);
    const kr = this.w.run(copyinMap(map, va(address), into));
    return kr === KERN_SUCCESS ? into : kr;
  }

  #write(map: VmMap, address: number, data: Uint8Array): KernReturn {
    if (map.pmap !== null) return this.w.write(map, address, data);
    return this.w.run(copyoutMap(map, va(address), data));
  }

  /** The kernel calls every failure a bad address. */
  #code<T>(map: VmMap, kr: T): T | KernReturn {
    return map.pmap === null && typeof kr === "number" && kr !== KERN_SUCCESS
      ? KERN_INVALID_ADDRESS
      : kr;
  }

  #applyToCopy(
    step: Extract<VmStep, { op: "copyin" | "copyout" | "overwrite" | "discard" }>,
  ): void {
    const { w, copies } = this;
    if (step.op === "copyin") {
      if (copies.length === MAX_COPIES) return;
      const { map: real, flat } = this.#space(step.map);
      const flags = step.list ? VM_MAP_COPYIN_ENTRY_LIST : 0;
      const from = this.#address(step.address);
      const size = this.#size(step.size);
      let made = w.copyin(real, from, size, flags);
      while (made.kr === MACH_SEND_INTERRUPTED) {
        this.#onAbort();
        made = w.copyin(real, from, size, flags);
      }
      const expected = flat.copyin(from, size, step.list);
      if (made.copy === null || typeof expected === "number") {
        return agree(made.kr, typeof expected === "number" ? expected : KERN_SUCCESS);
      }
      copies.push({ real: made.copy, flat: expected });
      return;
    }
    if (copies.length === 0) return;
    const index = step.copy % copies.length;
    const { real: copied, flat: flatCopy } = copies[index]!;
    const target = this.#space(step.op === "discard" ? 0 : step.map);
    const at = step.op === "overwrite" ? this.#address(step.address) : 0;
    if (step.op === "overwrite" && target.flat.hasWindow(at, flatCopy.size)) return;
    copies.splice(index, 1);
    if (step.op === "discard") return w.discard(copied);
    const { map: real, flat } = target;
    if (step.op === "copyout") {
      const out = w.copyout(real, copied);
      agree(out.kr, KERN_SUCCESS);
      agree(out.address, flat.copyout(flatCopy));
      return;
    }
    const kr = w.overwrite(real, at, copied);
    agree(kr, flat.overwrite(at, flatCopy));
    if (kr !== KERN_SUCCESS) w.discard(copied);
  }

  #remap(step: Extract<VmStep, { op: "remap" }>): void {
    const from = this.#space(step.map);
    const to = this.#space(step.to);
    const source = this.#address(step.page * PAGE);
    const target = this.#address(step.toPage * PAGE);
    const length = step.count * this.pageSize;
    if (from.flat.hasWindow(source, length)) return;
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
    agree(kr, to.flat.remapFrom(from.flat, source, target, length, step.asCopy));
  }

  #mapFile(step: Extract<VmStep, { op: "mapFile" }>): void {
    const { map: real, flat } = this.#space(step.map);
    const count = Math.min(step.count, FILE_PAGES - step.filePage);
    const address = va(this.#address(step.page * PAGE));
    const request = { address, size: count * this.pageSize, flags: vmkFlagsFixed() };
    const offset = step.filePage * this.pageSize;
    const kr = this.#untilDone(() =>
      this.w.mapObject(real, request, this.#file, offset, step.asCopy),
    );
    const cells = this.#fileCells.slice(step.filePage, step.filePage + count);
    agree(kr, flat.mapFile(request.address, cells, step.asCopy));
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
    this.#compareSpace(this.sub);
    for (const space of this.spaces) this.#compareSpace(space);
    for (const { real, flat } of this.copies) {
      if (real.type === "kernelBuffer" && !sameBytes(real.data, bytesOf(flat))) {
        expect.fail("a copy by value has other contents");
      }
    }
  }

  #compareSpace(space: Space): void {
    const { map: real, flat } = space;
    const { pageSize } = this;
    let mapped = 0;
    for (let entry = real.firstEntry; entry !== null; entry = entry.next) {
      for (let at: number = entry.start; at < entry.end; at += pageSize) {
        const number = at / pageSize;
        const record = flat.pages.get(number);
        if (record === undefined || !sameRights(entry, record)) {
          expect({ page: number, ...rightsOf(entry) }).toEqual({
            page: number,
            ...(record === undefined ? null : expectedRights(record)),
          });
        } else if (record.window === null) {
          this.#compareContents(space, entry, at, number, record.cell);
        } else if (entry.submap !== this.sub.map) {
          expect.fail(`page ${number} of ${real.owner} is no view`);
        }
        mapped += 1;
      }
    }
    agree(mapped, flat.pages.size);
  }

  #compareContents(space: Space, entry: VmMapEntry, at: number, number: number, cell: Cell): void {
    const { phys } = this.w.test;
    const found = pageOf(entry, at);
    const inFrame = (entry.offset + (at - entry.start)) % PAGE;
    if (found instanceof Uint8Array) {
      if (!sameBytes(found.subarray(inFrame, inFrame + this.pageSize), cell.bytes)) {
        expect.fail(`compressed page ${number} of ${space.map.owner} has other contents`);
      }
      return;
    }
    const page = found;
    const ppn = page?.ppn ?? -1;
    const frameVersion = page === null ? 0 : phys.version(page.ppn);
    const seen = space.seen.get(number);
    if (
      seen?.ppn === ppn &&
      seen.frameVersion === frameVersion &&
      seen.cell === cell &&
      seen.cellVersion === cell.version &&
      page !== null
    ) {
      return;
    }
    const contents =
      page === null
        ? this.#unbacked(entry, at)
        : phys.peek(page.ppn).subarray(inFrame, inFrame + this.pageSize);
    if (!sameBytes(contents, cell.bytes)) {
      expect.fail(`page ${number} of ${space.map.owner} has other contents`);
    }
    const now = { ppn, frameVersion, cell, cellVersion: cell.version };
    if (seen === undefined) space.seen.set(number, now);
    else Object.assign(seen, now);
  }

  /** What a page without a frame holds: part of the file, or zeroes. */
  #unbacked(entry: VmMapEntry, at: number): Uint8Array | null {
    let offset = entry.offset + (at - entry.start);
    let object = entry.object;
    for (; object !== null && object.shadow !== null; object = object.shadow) {
      offset += object.shadowOffset;
    }
    const file = object === null ? undefined : this.w.files.get(object);
    return file?.subarray(offset, offset + this.pageSize) ?? null;
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

/** Assertions cost more than what they check: only a failing one is made. */
function agree(got: unknown, expected: unknown): void {
  if (got !== expected) expect(got).toBe(expected);
}

function agreeOn(got: KernReturn, allowed: readonly KernReturn[]): void {
  if (!allowed.includes(got)) expect(allowed).toContain(got);
}

function sameRights(entry: VmMapEntry, record: FlatPage): boolean {
  return (
    entry.protection === record.prot &&
    entry.maxProtection === record.max &&
    entry.inheritance === record.inheritance &&
    entry.userWiredCount === record.userWired
  );
}

function rightsOf(entry: VmMapEntry): object {
  const { protection, maxProtection, inheritance, userWiredCount } = entry;
  return { protection, maxProtection, inheritance, userWiredCount };
}

function expectedRights(record: FlatPage): object {
  return {
    protection: record.prot,
    maxProtection: record.max,
    inheritance: record.inheritance,
    userWiredCount: record.userWired,
  };
}

const ZERO = Buffer.alloc(PAGE);

/** Null bytes are all zero. */
function sameBytes(a: Uint8Array | null, b: Uint8Array | null): boolean {
  if (a === null || b === null) {
    const bytes = a ?? b;
    return bytes === null || Buffer.compare(bytes, ZERO.subarray(0, bytes.length)) === 0;
  }
  return Buffer.compare(a, b) === 0;
}
