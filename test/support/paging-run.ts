import { check, HostBug } from "../../emulator/arch/check.js";
import { THREAD_ABORTSAFE, type Blocking } from "../../vm/blocking.js";
import { MemorySwap } from "../../vm/compressor/index.js";
import { vmFault } from "../../vm/fault/index.js";
import { vmMapCopyDiscard } from "../../vm/map/copy.js";
import { vmMapCopyinInternal } from "../../vm/map/copyin.js";
import { vmMapCopyOverwrite } from "../../vm/map/copy-overwrite.js";
import { vmMapEnterMemObject } from "../../vm/map/enter-mem-object.js";
import { vmMapEnter } from "../../vm/map/enter.js";
import { vmkFlagsFixed } from "../../vm/map/flags.js";
import { vmMapFork } from "../../vm/map/fork.js";
import { vmMapDeallocate } from "../../vm/map/lifecycle.js";
import type { VmMap } from "../../vm/map/map.js";
import {
  VnodePager,
  vmObjectDeactivatePages,
  vmObjectDeallocate,
  vmObjectForVnode,
  vmObjectReference,
  type VnodeBacking,
} from "../../vm/object/index.js";
import type { VmObject } from "../../vm/object/object.js";
import type { PagerFaultInfo } from "../../vm/object/pager.js";
import { armFastFault } from "../../vm/pmap/index.js";
import { vmPageoutScan } from "../../vm/page/scan.js";
import { SeededRandom } from "../../vm/random.js";
import {
  KERN_FAILURE,
  KERN_MEMORY_ERROR,
  KERN_SUCCESS,
  VM_INHERIT_COPY,
  VM_INHERIT_SHARE,
  VM_PROT_DEFAULT,
  VM_PROT_READ,
  VM_PROT_WRITE,
  type KernReturn,
  type VmProt,
} from "../../vm/types.js";
import { walk } from "./page-walk.js";
import { DISK, VmThreads, YIELD } from "./vm-threads.js";
import { PAGE, va, VmWorld } from "./vm-world.js";

/** Pages of anonymous memory of each task, of a file mapped privately, and of one mapped shared. */
const ANONYMOUS = 24;
const FILE = 8;
const SHARED = 6;
const BASE = 4;
const FILE_AT = BASE + ANONYMOUS;
const SHARED_AT = FILE_AT + FILE;
const STEPS = 40;
/** Address spaces at once: their page tables cannot be paged out. */
const MAX_MAPS = 4;
const WORDS = PAGE / 4;

/**
 * One run of several tasks in little memory: everything random is drawn from the seed, also how much
 * RAM there is, when pages go out, and which pager is slow or fails. Every byte a task reads is checked
 * against a model that knows no paging, and every invariant at the end and in between.
 */
export class PagingRun {
  readonly #random: SeededRandom;
  readonly #world: VmWorld;
  readonly #threads: VmThreads;
  /** What the shared file's pages contain, as all tasks see them: fill values. */
  readonly #shared: number[];
  readonly #privateObject: VmObject;
  readonly #sharedObject: VmObject;
  #switches = 0;
  #nextThread: Blocking<void>[] = [];
  faults = 0;
  errors = 0;

  constructor(seed: number) {
    this.#random = new SeededRandom(seed);
    const pages = 56 + this.#below(80);
    this.#world = new VmWorld({
      pages,
      seed,
      swap: new UnreliableSwap(1000, this.#chance(2) ? 0 : 1 + this.#below(10), this.#random),
      wakeup: (channel, result) => {
        this.#threads.wakeup(channel, result);
      },
    });
    this.#threads = new VmThreads(
      (count) => this.#below(count),
      () => false,
    );
    const fail = this.#chance(2) ? 0 : 2 + this.#below(20);
    this.#privateObject = this.#file("/private", FILE, fail);
    this.#shared = Array.from({ length: SHARED }, (_, i) => 1000 + i);
    this.#sharedObject = this.#file("/shared", SHARED, fail);
  }

  run(): void {
    const w = this.#world;
    const programs: Blocking<void>[] = [];
    for (let i = 1 + this.#below(3); i > 0; i--) {
      const map = w.newMap();
      programs.push(this.#task(map, this.#newModel(), STEPS));
    }
    programs.push(this.#pressure());
    this.#threads.run(
      [...programs],
      () => {
        this.#switches++;
        if (this.#switches % 64 === 0) w.system.assertConsistent();
      },
      w.system.daemons.map(({ work }) => work),
      this.#nextThread,
    );
    w.check();
    for (const map of [...w.maps]) w.exit(map);
    const { compressor } = w.system;
    check(compressor.pagesCompressed === 0, "compressed pages are left");
    check(compressor.segmentCount === 0 && compressor.swapSlots.used === 0, "segments are left");
  }

  get counters(): VmWorld["system"]["counters"] {
    return this.#world.system.counters;
  }

  /** A file whose page i is full of 1000 + i. @param fail one request in so many fails; 0: none */
  #file(name: string, pages: number, fail: number): VmObject {
    const bytes = new Uint8Array(pages * PAGE);
    const words = new Int32Array(bytes.buffer);
    words.forEach((_, i) => (words[i] = 1000 + Math.floor(i / WORDS)));
    const { system } = this.#world;
    const backing: VnodeBacking = {
      key: name,
      name,
      size: () => bytes.length,
      read(offset, into) {
        into.set(bytes.subarray(offset, offset + into.length));
        return into.length;
      },
      write(offset, from) {
        bytes.set(from, offset);
        return from.length;
      },
    };
    const pager = new UnreliablePager(system, backing, fail, this.#random);
    system.objects.vnodePagers.set(backing.key, pager);
    const object = vmObjectForVnode(system, backing);
    pager.deallocate();
    this.#world.objects.add(object);
    this.#world.files.set(object, bytes);
    return object;
  }

  /** What a task's private pages are filled with; null where nothing is known any more. */
  #newModel(): number[] {
    return Array.from({ length: ANONYMOUS + FILE }, (_, i) =>
      i < ANONYMOUS ? 0 : 1000 + i - ANONYMOUS,
    );
  }

  *#task(map: VmMap, model: number[], steps: number): Blocking<void> {
    const fixed = { address: va(BASE * PAGE), size: ANONYMOUS * PAGE, flags: vmkFlagsFixed() };
    yield* vmMapEnter(map, fixed);
    yield* this.#mapFile(map, this.#privateObject, FILE_AT, FILE, true);
    yield* this.#mapFile(map, this.#sharedObject, SHARED_AT, SHARED, false);
    yield* this.#steps(map, model, steps);
  }

  *#mapFile(map: VmMap, file: VmObject, at: number, pages: number, copy: boolean): Blocking<void> {
    vmObjectReference(file);
    const where = { address: va(at * PAGE), size: pages * PAGE, flags: vmkFlagsFixed() };
    const inherit = copy ? VM_INHERIT_COPY : VM_INHERIT_SHARE;
    const prot = VM_PROT_DEFAULT;
    const entered = yield* vmMapEnterMemObject(map, where, file, 0, copy, prot, prot, inherit);
    if (entered.kr !== KERN_SUCCESS) vmObjectDeallocate(file);
  }

  *#steps(map: VmMap, model: number[], steps: number): Blocking<void> {
    for (let i = 0; i < steps; i++) {
      yield* this.#step(map, model, steps);
      yield YIELD;
    }
  }

  *#step(map: VmMap, model: number[], steps: number): Blocking<void> {
    const page = this.#below(model.length);
    switch (this.#below(12)) {
      case 0:
      case 1:
      case 2:
        return yield* this.#write(map, model, page);
      case 3: {
        const value = this.#random.next32() % 50;
        const at = this.#below(SHARED);
        const bytes = yield* this.#access(map, SHARED_AT + at, VM_PROT_READ | VM_PROT_WRITE);
        if (bytes === null) return;
        fillPage(bytes, value);
        this.#shared[at] = value;
        return;
      }
      case 4: {
        const at = this.#below(SHARED);
        const bytes = yield* this.#access(map, SHARED_AT + at, VM_PROT_READ);
        if (bytes !== null) expectPage(bytes, this.#shared[at]!, "shared");
        return;
      }
      case 5: {
        if (steps < 8 || this.#world.maps.size >= MAX_MAPS) return;
        const child = yield* vmMapFork(map);
        if (child === null) return;
        this.#world.maps.add(child);
        this.#nextThread.push(this.#child(child, [...model], Math.floor(steps / 3)));
        return;
      }
      case 6:
        return yield* this.#copy(map, model);
      default: {
        const bytes = yield* this.#access(map, BASE + page, VM_PROT_READ);
        if (bytes !== null) expectPage(bytes, model[page]!, "private");
      }
    }
  }

  *#child(map: VmMap, model: number[], steps: number): Blocking<void> {
    yield* this.#steps(map, model, steps);
    this.#world.maps.delete(map);
    yield* vmMapDeallocate(map);
  }

  *#write(map: VmMap, model: number[], page: number): Blocking<void> {
    const value = this.#random.next32() % 200;
    const bytes = yield* this.#access(map, BASE + page, VM_PROT_READ | VM_PROT_WRITE);
    if (bytes === null) return;
    fillPage(bytes, value);
    model[page] = value;
  }

  /** mach_vm_copy of a few anonymous pages over others. */
  *#copy(map: VmMap, model: number[]): Blocking<void> {
    const count = 1 + this.#below(4);
    const from = this.#below(ANONYMOUS - count);
    const to = this.#below(ANONYMOUS - count);
    const size = count * PAGE;
    const made = yield* vmMapCopyinInternal(map, va((BASE + from) * PAGE), size, 0);
    if (made.kr !== KERN_SUCCESS) return;
    const before = model.slice(from, from + count);
    const kr = yield* vmMapCopyOverwrite(map, va((BASE + to) * PAGE), made.copy, size, false);
    if (kr === KERN_SUCCESS) model.splice(to, count, ...before);
    else yield* vmMapCopyDiscard(made.copy);
    check(kr === KERN_SUCCESS, "copy failed", kr);
  }

  /** Access a page as the CPU would. @returns its bytes now, or null if its pager failed */
  *#access(map: VmMap, page: number, prot: VmProt): Blocking<Uint8Array | null> {
    const address = page * PAGE;
    for (let tries = 0; tries < 200; tries++) {
      check(map.pmap !== null, "map without a pmap");
      const { phys } = map.context;
      const found = walk(phys, map.pmap.root, address);
      const fine = found !== null && found.read && (found.write || (prot & VM_PROT_WRITE) === 0);
      if (fine && found.accessFlag) return phys.page(found.ppn);
      if (found !== null && armFastFault(map.pmap, va(address), prot) === KERN_SUCCESS) continue;
      this.faults++;
      const kr = yield* vmFault(map, va(address), prot, false, THREAD_ABORTSAFE);
      if (kr === KERN_SUCCESS) continue;
      check(kr === KERN_MEMORY_ERROR && page >= FILE_AT, "fault failed", kr, page);
      this.errors++;
      return null;
    }
    throw new HostBug("a resolved fault is taken again and again");
  }

  /** Memory is asked back at moments nobody expects. */
  *#pressure(): Blocking<void> {
    const { system } = this.#world;
    for (let i = 0; i < 12; i++) {
      for (let n = this.#below(30); n > 0; n--) yield YIELD;
      for (const object of [...system.objects.live]) {
        if (this.#chance(3)) vmObjectDeactivatePages(object, 0, object.size, false);
      }
      const { targets } = system.pages;
      const target = system.pages.free.count + 1 + this.#below(20);
      Object.assign(system.pages, {
        targets: { ...targets, target: Math.max(target, targets.target) },
      });
      if (this.#chance(2)) yield* vmPageoutScan(system);
      else for (let n = 5; n > 0; n--) yield YIELD;
      Object.assign(system.pages, { targets });
    }
  }

  #below(limit: number): number {
    return this.#random.next32() % limit;
  }

  /** One time in `times`. */
  #chance(times: number): boolean {
    return this.#below(times) === 0;
  }
}

/** Fill a page so that its contents are one of several kinds to a compressor. */
function fillPage(bytes: Uint8Array, value: number): void {
  const words = new Int32Array(bytes.buffer, bytes.byteOffset, WORDS);
  words.fill(value);
  if (value % 4 === 1) for (let i = 0; i < WORDS; i++) words[i] = value + 64 * (i % 3);
  if (value % 4 === 2) {
    for (let i = 0, x = value; i < WORDS; i++) words[i] = x = Math.imul(x, 1664525) + 1013904223;
  }
}

const expected = new Uint8Array(PAGE);

function expectPage(bytes: Uint8Array, value: number, what: string): void {
  if (value < 1000) fillPage(expected, value);
  else new Int32Array(expected.buffer).fill(value);
  check(Buffer.compare(bytes, expected) === 0, `${what} memory has changed`, value, bytes[0]);
}

/** A file's pager that sleeps first, and sometimes fails. */
class UnreliablePager extends VnodePager {
  readonly #fail: number;
  readonly #random: SeededRandom;

  constructor(ctx: VmWorld["system"], backing: VnodeBacking, fail: number, random: SeededRandom) {
    super(ctx, backing);
    this.#fail = fail;
    this.#random = random;
  }

  override *dataRequest(
    object: VmObject,
    offset: number,
    length: number,
    access: VmProt,
    info: PagerFaultInfo,
  ): Blocking<KernReturn> {
    yield DISK;
    if (this.#fail > 0 && this.#random.next32() % this.#fail === 0) return KERN_MEMORY_ERROR;
    return yield* super.dataRequest(object, offset, length, access, info);
  }

  override *dataReturn(object: VmObject, offset: number, bytes: Uint8Array): Blocking<KernReturn> {
    yield DISK;
    if (this.#fail > 0 && this.#random.next32() % this.#fail === 0) return KERN_FAILURE;
    return yield* super.dataReturn(object, offset, bytes);
  }
}

/** Swap that sleeps, and refuses one segment in `fail`; what it took it gives back. */
class UnreliableSwap extends MemorySwap {
  readonly #fail: number;
  readonly #random: SeededRandom;

  constructor(slots: number, fail: number, random: SeededRandom) {
    super(slots);
    this.#fail = fail;
    this.#random = random;
  }

  override *write(slot: number, bytes: Uint8Array): Blocking<boolean> {
    yield DISK;
    if (this.#fail > 0 && this.#random.next32() % this.#fail === 0) return false;
    return yield* super.write(slot, bytes);
  }

  override *read(slot: number, into: Uint8Array): Blocking<boolean> {
    yield DISK;
    return yield* super.read(slot, into);
  }
}
