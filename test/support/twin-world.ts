import { expect } from "vitest";
import { HostBug } from "../../emulator/arch/check.js";
import { VM_MAP_COPYIN_ENTRY_LIST } from "../../vm/map/copyin.js";
import { vmkFlagsFixed } from "../../vm/map/flags.js";
import { vmMapCreate } from "../../vm/map/lifecycle.js";
import { vmMapDropReference, vmMapReference, type VmMap } from "../../vm/map/map.js";
import { vmMapRemap } from "../../vm/map/remap.js";
import { vmObjectForVnode, type VnodeBacking } from "../../vm/object/index.js";
import type { VmObject } from "../../vm/object/object.js";
import {
  KERN_ABORTED,
  KERN_SUCCESS,
  MACH_SEND_INTERRUPTED,
  VM_INHERIT_COPY,
  VM_PROT_READ,
  type KernReturn,
} from "../../vm/types.js";
import { CELL, cellOf, matches, type Cell } from "./flat-cell.js";
import { FITS } from "./flat-copy.js";
import { FlatMap } from "./flat-model.js";
import { agree, compareCopy, compareSpace, type CopyPair, type Space } from "./twin-compare.js";
import { cellAround, fitOf, piecesOf, piecesOfEntries } from "./twin-fit.js";
import {
  addressIn,
  FILE_PAGES,
  MAX_COPIES,
  MAX_MAPS,
  sizeIn,
  type PageRange,
  type VmStep,
} from "./vm-steps.js";
import { PAGE, va, VmWorld, type VmWorldOptions } from "./vm-world.js";

/** Page `i` of the file is filled with FILE_FILL + i. */
const FILE_FILL = 0xe0;

const PAGE_SHIFTS = [14, 12] as const;

const FILE_CONTENTS = new Uint8Array(FILE_PAGES * PAGE).map((_, i) => FILE_FILL + i / PAGE);

export interface TwinOptions extends VmWorldOptions {
  /** An operation was broken off by an interrupt; it is about to be tried again. */
  readonly onAbort?: () => void;
}

/** The VM and the flat model side by side. Every step is done to both, and all of both compared. */
export class TwinWorld {
  readonly w: VmWorld;
  readonly spaces: Space[] = [];
  /** The submaps that parts of the others are views of, one of each page size. */
  readonly subs: readonly Space[];
  readonly copies: CopyPair[] = [];

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
    this.#fileCells = Array.from({ length: contents.length / CELL }, (_, i) =>
      cellOf(contents.slice(i * CELL, (i + 1) * CELL)),
    );
    this.subs = PAGE_SHIFTS.map((shift) => newSpace(this.#newSubmap(shift)));
    for (const shift of PAGE_SHIFTS) this.#spawn(shift);
  }

  /** No hardware translates a submap by itself. */
  #newSubmap(pageShift: 12 | 14): VmMap {
    const map = vmMapCreate(this.w.system, null, va(PAGE), va(2 ** 32), undefined, "sub");
    map.pageShift = pageShift;
    this.w.maps.add(map);
    return map;
  }

  /** Where there is memory for it. */
  #spawn(pageShift: 12 | 14): void {
    const map = this.w.tryNewMap(`task of 2^${pageShift}`, pageShift);
    if (map !== null) this.spaces.push(newSpace(map));
  }

  /** A map shows submaps of its own page size. */
  #subOf({ flat }: Space): Space {
    const sub = this.subs.find((other) => other.flat.pageSize === flat.pageSize);
    return sub ?? expect.fail("no submap of that page size");
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
        const address = addressIn(flat, step.address);
        const size = sizeIn(flat, step.size);
        const got = this.#untilDone(() => w.read(real, address, size));
        const expected = flat.read(address, size);
        if (typeof expected === "number" || typeof got === "number") return agree(got, expected);
        return void (matches(got, expected) || expect(got).toEqual(expected.bytes));
      }
      case "write": {
        const { map: real, flat } = this.#space(step.map);
        const address = addressIn(flat, step.address);
        const bytes = new Uint8Array(sizeIn(flat, step.size)).fill(step.fill);
        const kr = this.#untilDone(() => w.write(real, address, bytes));
        return agree(kr, flat.write(address, { bytes, known: null }));
      }
      case "spawn":
        if (this.spaces.length < MAX_MAPS) this.#spawn(step.pageShift);
        return;
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
    const from = addressIn(flat, step.page * PAGE);
    const length = step.count * flat.pageSize;
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
    const space = this.#space(step.map);
    const { map: real, flat } = space;
    const sub = this.#subOf(space);
    const from = addressIn(flat, step.page * PAGE);
    const inside = addressIn(flat, step.inside * PAGE);
    const length = step.count * flat.pageSize;
    vmMapReference(sub.map);
    const kr = this.w.allocateAt(real, from, length, { submap: sub.map, offset: inside });
    if (kr !== KERN_SUCCESS) vmMapDropReference(sub.map);
    agree(kr, flat.mapWindow(from, length, sub.flat, inside));
  }

  #changeSub(step: Extract<VmStep, { op: "subAllocate" | "subDeallocate" | "subProtect" }>): void {
    const { w } = this;
    const { map: real, flat } = this.#subOf(this.#space(step.map));
    const from = addressIn(flat, step.page * PAGE);
    const length = step.count * flat.pageSize;
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

  #applyToCopy(
    step: Extract<VmStep, { op: "copyin" | "copyout" | "overwrite" | "discard" }>,
  ): void {
    const { w, copies } = this;
    if (step.op === "copyin") {
      if (copies.length === MAX_COPIES) return;
      const { map: real, flat } = this.#space(step.map);
      const flags = step.list ? VM_MAP_COPYIN_ENTRY_LIST : 0;
      const from = addressIn(flat, step.address);
      const size = sizeIn(flat, step.size);
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
    const at = step.op === "overwrite" ? addressIn(target.flat, step.address) : 0;
    if (step.op === "overwrite" && target.flat.hasWindow(at, flatCopy.size)) return;
    copies.splice(index, 1);
    if (step.op === "discard") return w.discard(copied);
    const { map: real, flat } = target;
    if (step.op === "copyout") {
      const pieces = copied.type === "entryList" ? piecesOfEntries(copied.entries) : [];
      const { before, behind, inside } = fitOf(pieces, flat.pageSize);
      const out = w.copyout(real, copied);
      agree(out.kr, KERN_SUCCESS);
      agree(out.address, flat.copyout(flatCopy, !inside && before === 0 && behind === 0));
      return;
    }
    const kr = w.overwrite(real, at, copied);
    agree(kr, flat.overwrite(at, flatCopy));
    if (kr !== KERN_SUCCESS) w.discard(copied);
  }

  #remap(step: Extract<VmStep, { op: "remap" }>): void {
    const from = this.#space(step.map);
    const to = this.#space(step.to);
    const source = addressIn(from.flat, step.page * PAGE);
    const target = addressIn(to.flat, step.toPage * PAGE);
    const length = step.count * from.flat.pageSize;
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
    const mapped = this.#untilDone(() => this.w.run(vmMapRemap(to.map, request)));
    // Sharing has settled by now which objects the memory is in.
    const coarser = to.flat.pageSize > from.flat.pageSize;
    const fit = coarser ? fitOf(piecesOf(from, source, length), to.flat.pageSize) : FITS;
    const file = { object: this.#file, cells: this.#fileCells };
    const others = [...this.spaces, ...this.subs];
    const kr = to.flat.remapFrom(from.flat, {
      source,
      target,
      size: length,
      asCopy: step.asCopy,
      fit,
      around: (address) => cellAround(to, address, others, file),
    });
    agree(mapped.kr, kr);
    if (mapped.kr === KERN_SUCCESS) agree(mapped.address, target + (step.asCopy ? 0 : fit.before));
  }

  #mapFile(step: Extract<VmStep, { op: "mapFile" }>): void {
    const { map: real, flat } = this.#space(step.map);
    const count = Math.min(step.count, FILE_PAGES - step.filePage);
    const address = va(addressIn(flat, step.page * PAGE));
    const request = { address, size: count * flat.pageSize, flags: vmkFlagsFixed() };
    const offset = step.filePage * flat.pageSize;
    const kr = this.#untilDone(() =>
      this.w.mapObject(real, request, this.#file, offset, step.asCopy),
    );
    const cells = this.#fileCells.slice(offset / CELL, (offset + request.size) / CELL);
    agree(kr, flat.mapFile(request.address, cells, step.asCopy));
  }

  /** What is interrupted changes nothing, so it can be done again. */
  #untilDone<T>(operation: () => T): T {
    for (;;) {
      const result = operation();
      const kr =
        typeof result === "object" && result !== null && "kr" in result ? result.kr : result;
      if (kr !== KERN_ABORTED && kr !== MACH_SEND_INTERRUPTED) return result;
      this.#onAbort();
    }
  }

  #space(index: number): Space {
    return this.spaces[index % this.spaces.length]!;
  }

  /** Every page of every address space: rights, wirings and contents. */
  compare(): void {
    for (const sub of this.subs) compareSpace(this.w, sub, sub.map);
    for (const space of this.spaces) compareSpace(this.w, space, this.#subOf(space).map);
    for (const copy of this.copies) compareCopy(copy);
  }
}

function newSpace(map: VmMap): Space {
  return { map, flat: new FlatMap(map.pageSize), seen: new Map() };
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

function agreeOn(got: KernReturn, allowed: readonly KernReturn[]): void {
  if (!allowed.includes(got)) expect(allowed).toContain(got);
}
