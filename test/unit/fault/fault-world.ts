import { check } from "../../../emulator/arch/check.js";
import { THREAD_ABORTSAFE, type Blocking, type Interruptible } from "../../../vm/blocking.js";
import type { VmCounters } from "../../../vm/context.js";
import { vmFault, type FaultEvent } from "../../../vm/fault/index.js";
import { vmkFlagsFixed } from "../../../vm/map/flags.js";
import type { VmMap } from "../../../vm/map/map.js";
import { VnodePager, vmObjectForVnode } from "../../../vm/object/index.js";
import type { VmObject } from "../../../vm/object/object.js";
import type { PagerFaultInfo } from "../../../vm/object/pager.js";
import {
  KERN_SUCCESS,
  VM_PROT_READ,
  VM_PROT_WRITE,
  type KernReturn,
  type VmProt,
} from "../../../vm/types.js";
import { TestFile } from "../../support/test-file.js";
import { PAGE, va, VmWorld, type VmWorldOptions } from "../../support/vm-world.js";

export const READ = VM_PROT_READ;
export const WRITE = VM_PROT_READ | VM_PROT_WRITE;
/** Where the tests put things. */
export const A = 0x10000;

/** What a step changed: counters that moved, and the faults it took. */
export interface Effects {
  readonly kr: KernReturn;
  readonly counters: Partial<VmCounters>;
  readonly events: readonly FaultEvent[];
}

/** A world with one map, for looking at what single faults do. */
export class FaultWorld extends VmWorld {
  readonly map: VmMap;

  constructor(options: VmWorldOptions = {}) {
    super(options);
    this.map = this.newMap();
  }

  /** Do something and see what moved. */
  effects(step: () => KernReturn): Effects {
    const before = { ...this.system.counters };
    const seen = this.test.faults.length;
    const kr = step();
    const counters: Partial<VmCounters> = {};
    for (const [name, now] of Object.entries(this.system.counters) as [
      keyof VmCounters,
      number,
    ][]) {
      if (now !== before[name]) counters[name] = now - before[name];
    }
    return { kr, counters, events: this.test.faults.slice(seen) };
  }

  /** One access by the CPU, and what it took. */
  access(address: number, prot: VmProt, map = this.map): Effects {
    return this.effects(() => this.touch(map, address, prot));
  }

  /** One vm_fault, without asking the tables first. */
  fault(
    address: number,
    prot: VmProt,
    map = this.map,
    interruptible: Interruptible = THREAD_ABORTSAFE,
  ): Effects {
    return this.effects(() => this.run(this.faulting(address, prot, map, interruptible)));
  }

  faulting(
    address: number,
    prot: VmProt,
    map = this.map,
    interruptible: Interruptible = THREAD_ABORTSAFE,
  ): Blocking<KernReturn> {
    return vmFault(map, va(address), prot, false, interruptible);
  }

  /** The one fault an access took. */
  event(address: number, prot: VmProt, map = this.map): FaultEvent {
    const { events } = this.access(address, prot, map);
    check(events.length === 1 && events[0] !== undefined, "not exactly one fault", events);
    return events[0];
  }

  byte(address: number, map = this.map): number | undefined {
    const bytes = this.read(map, address, 1);
    check(typeof bytes !== "number", "cannot be read", bytes);
    return bytes[0];
  }

  store(address: number, value: number, map = this.map): void {
    check(this.write(map, address, [value]) === KERN_SUCCESS, "cannot be written", address);
  }

  /** Map `pages` pages of an object at `address`. */
  place(object: VmObject, address: number, pages: number, copy: boolean, map = this.map): void {
    const request = { address: va(address), size: pages * PAGE, flags: vmkFlagsFixed() };
    check(this.mapObject(map, request, object, 0, copy) === KERN_SUCCESS, "cannot be mapped");
  }

  /** The object of a file whose page i is full of i + 1. */
  fileObject(pages: number, pager?: (file: TestFile) => VnodePager): VmObject {
    const bytes = new Uint8Array(pages * PAGE).map((_, i) => Math.floor(i / PAGE) + 1);
    return this.objectOf(new TestFile("/file", bytes), pager);
  }

  objectOf(file: TestFile, pager?: (file: TestFile) => VnodePager): VmObject {
    const made = pager?.(file);
    if (made) this.system.objects.vnodePagers.set(file.key, made);
    const object = vmObjectForVnode(this.system, file);
    made?.deallocate();
    this.objects.add(object);
    this.files.set(object, file.bytes);
    return object;
  }
}

/** A file's pager that sleeps first: what `channel` waits for, and then something else may happen. */
export class SleepyPager extends VnodePager {
  static readonly disk = {};

  override *dataRequest(
    object: VmObject,
    offset: number,
    length: number,
    access: VmProt,
    info: PagerFaultInfo,
  ): Blocking<KernReturn> {
    yield { channel: SleepyPager.disk, interruptible: 0, reason: "disk" };
    return yield* super.dataRequest(object, offset, length, access, info);
  }
}
