import { check } from "../../emulator/arch/check.js";
import { alignDown } from "../../vm/address.js";
import type { Blocking, Wait, WaitResult } from "../../vm/blocking.js";
import {
  vmMapCopyDiscard,
  type VmMapCopy,
  type VmMapCopyEntryList,
  type VmMapCopyKernelBuffer,
} from "../../vm/map/copy.js";
import { vmMapCopyin, vmMapCopyinInternal } from "../../vm/map/copyin.js";
import { vmMapCopyout, type CopyoutResult } from "../../vm/map/copyout.js";
import { vmMapCopyOverwrite } from "../../vm/map/copy-overwrite.js";
import { vmMapRemove } from "../../vm/map/delete.js";
import { vmMapEnter, type EnterRequest } from "../../vm/map/enter.js";
import { vmMapEnterMemObject, type PlacementRequest } from "../../vm/map/enter-mem-object.js";
import type { VmMapEntry } from "../../vm/map/entry.js";
import { vmkFlagsAnywhere, vmkFlagsFixed } from "../../vm/map/flags.js";
import { vmMapFork } from "../../vm/map/fork.js";
import { vmMapInherit } from "../../vm/map/inherit.js";
import { vmMapDeallocate, vmMapRaiseMinOffset } from "../../vm/map/lifecycle.js";
import type { VmMap } from "../../vm/map/map.js";
import { vmMapProtect } from "../../vm/map/protect.js";
import { vmMapUnwireNested } from "../../vm/map/unwire.js";
import { vmMapWireNested } from "../../vm/map/wire.js";
import { vmObjectDeallocate, vmObjectReference } from "../../vm/object/index.js";
import type { VmObject } from "../../vm/object/object.js";
import type { SwapStore } from "../../vm/compressor/swap.js";
import type { VmPage } from "../../vm/page/page.js";
import { vmPageoutScan } from "../../vm/page/scan.js";
import { vmPageFree, vmPageGrabPageout } from "../../vm/page/resident.js";
import { rawU64 } from "../../vm/sanitize.js";
import type { VmSystem, VmSystemOptions } from "../../vm/system.js";
import {
  KERN_SUCCESS,
  PAGE_SIZE,
  VM_INHERIT_COPY,
  VM_PROT_ALL,
  VM_PROT_DEFAULT,
  VM_PROT_READ,
  VM_PROT_WRITE,
  type KernReturn,
  type VmInherit,
  type VmOffset,
  type VmProt,
} from "../../vm/types.js";
import { Daemons } from "./daemons.js";
import { TestCpu } from "./test-cpu.js";
import { testSystem, type TestSystem } from "./vm-buffer.js";
import { assertWorldConsistent, pageOf } from "./vm-world-checks.js";

export const PAGE = PAGE_SIZE;

export interface VmWorldOptions {
  /** Frames of RAM. */
  readonly pages?: number;
  readonly seed?: number;
  readonly swap?: SwapStore | null;
  /** What lists of pages the machine keeps; see VmSystemOptions. */
  readonly pageQueues?: NonNullable<VmSystemOptions["pageQueues"]>;
  /** The machine's clock; it stands still otherwise. */
  readonly now?: () => number;
  /** Who sleeps on a channel is woken, where there are several threads. */
  readonly wakeup?: (channel: object, result?: WaitResult) => void;
  /** Check everything after every so many operations; 1 unless said otherwise. */
  readonly checkEvery?: number;
  /** What happens to a thread that goes to sleep; without it, sleeping fails the test. */
  readonly onWait?: (wait: Wait, world: VmWorld) => WaitResult;
}

/**
 * A whole VM with user address spaces and one thread, for tests. Each operation runs to its end and
 * is followed by every consistency check there is: maps, objects, frames, page tables and a TLB that
 * forgets nothing by itself.
 */
export class VmWorld {
  readonly test: TestSystem;
  readonly system: VmSystem;
  /** The address spaces alive, in order of creation. */
  readonly maps = new Set<VmMap>();
  /** Copies made by `copyin` and not consumed yet. */
  readonly copies = new Set<VmMapCopy>();
  /** Objects the test itself holds a reference on. */
  readonly objects = new Set<VmObject>();
  /** What the files behind some objects contain. */
  readonly files = new Map<VmObject, Uint8Array>();
  readonly #checkEvery: number;
  #unchecked = 0;
  readonly daemons: Daemons;
  readonly #hoard: VmPage[] = [];
  readonly #cpu: TestCpu;
  readonly #onWait: ((wait: Wait, world: VmWorld) => WaitResult) | null;

  constructor(options: VmWorldOptions = {}) {
    this.test = testSystem({
      pages: options.pages ?? 256,
      seed: options.seed ?? 1,
      wakeup: (channel, result) => {
        options.wakeup?.(channel, result);
        this.daemons.wakeup(channel, result);
      },
      ...(options.swap === undefined ? {} : { swap: options.swap }),
      ...(options.pageQueues === undefined ? {} : { pageQueues: options.pageQueues }),
      ...(options.now === undefined ? {} : { now: options.now }),
    });
    this.system = this.test.system;
    this.#checkEvery = options.checkEvery ?? 1;
    if (this.#checkEvery > 1) this.system.faultSink = null;
    this.daemons = new Daemons(this.system);
    this.#onWait = options.onWait ?? null;
    this.#cpu = new TestCpu(this.test, (work) => this.finish(work));
  }

  /** Page out until `free` frames are free and nothing more is to be done, then check everything. */
  pageout(free = Infinity): void {
    this.run(pageOut(this, free));
  }

  /** Run an operation to its end, then check everything. */
  run<T>(work: Blocking<T>): T {
    const result = this.finish(work);
    this.check();
    return result;
  }

  /** Run an operation to its end without the checks. */
  finish<T>(work: Blocking<T>): T {
    let step = work.next();
    while (step.done !== true) {
      const woken = this.daemons.waitFor(step.value);
      if (woken !== null) {
        step = work.next(woken);
        continue;
      }
      check(this.#onWait !== null, `the only thread sleeps: ${step.value.reason}`, step.value);
      step = work.next(this.#onWait(step.value, this));
    }
    return step.value;
  }

  /** Check everything, if it is time to. */
  check(): void {
    this.#unchecked += 1;
    if (this.#unchecked >= this.#checkEvery) this.checkNow();
  }

  checkNow(): void {
    this.#unchecked = 0;
    this.test.phys.noted.length = 0;
    assertWorldConsistent(this);
    this.#cpu.assertNothingStale();
  }

  /**
   * A user address space whose page zero stays unmapped.
   * @param pageShift 14, or 12 for pages of 4 KiB
   */
  newMap(owner = "task", pageShift: 12 | 14 = 14): VmMap {
    const map = this.tryNewMap(owner, pageShift);
    check(map !== null, "no memory for another address space");
    return map;
  }

  /** Null when there is no memory for its root table. */
  tryNewMap(owner: string, pageShift: 12 | 14): VmMap | null {
    const map = this.system.createTaskMap(owner, pageShift);
    if (map === null) return null;
    check(vmMapRaiseMinOffset(map, PAGE as VmOffset) === KERN_SUCCESS, "raise_min_offset");
    this.maps.add(map);
    this.check();
    return map;
  }

  exit(map: VmMap): void {
    this.maps.delete(map);
    this.run(vmMapDeallocate(map));
  }

  fork(map: VmMap): VmMap {
    const child = this.tryFork(map);
    check(child !== null, "fork failed");
    return child;
  }

  /** Null when there is no memory for the child's root table. */
  tryFork(map: VmMap): VmMap | null {
    const child = this.finish(vmMapFork(map, 0, "child"));
    if (child !== null) this.maps.add(child);
    this.check();
    return child;
  }

  /** Map anonymous memory at `address`, readable and writable unless `request` says otherwise. */
  allocateAt(
    map: VmMap,
    address: number,
    size: number,
    request: Partial<EnterRequest> = {},
  ): KernReturn {
    const flags = vmkFlagsFixed();
    return this.run(vmMapEnter(map, { address: va(address), size, flags, ...request })).kr;
  }

  /** Map anonymous memory anywhere. */
  allocate(map: VmMap, size: number, request: Partial<EnterRequest> = {}): VmOffset {
    const flags = vmkFlagsAnywhere();
    const entered = this.run(vmMapEnter(map, { address: va(0), size, flags, ...request }));
    check("address" in entered, "allocate failed", entered.kr);
    return entered.address;
  }

  /** Map part of an object, readable and writable, shared or as a private copy. */
  mapObject(
    map: VmMap,
    request: PlacementRequest,
    object: VmObject,
    offset: number,
    copy: boolean,
  ): KernReturn {
    vmObjectReference(object);
    const entered = this.finish(
      vmMapEnterMemObject(
        map,
        request,
        object,
        offset,
        copy,
        VM_PROT_DEFAULT,
        VM_PROT_ALL,
        VM_INHERIT_COPY,
      ),
    );
    if (entered.kr !== KERN_SUCCESS) vmObjectDeallocate(object);
    this.check();
    return entered.kr;
  }

  deallocate(map: VmMap, address: number, size: number): KernReturn {
    return this.run(vmMapRemove(map, va(address), va(address + size)));
  }

  protect(map: VmMap, address: number, size: number, prot: VmProt, setMax = false): KernReturn {
    return this.run(vmMapProtect(map, va(address), va(address + size), prot, setMax));
  }

  inherit(map: VmMap, address: number, size: number, inheritance: VmInherit): KernReturn {
    const kr = vmMapInherit(map, va(address), va(address + size), inheritance);
    this.check();
    return kr;
  }

  /** As mlock does. */
  wire(map: VmMap, address: number, size: number, access: VmProt = VM_PROT_READ): KernReturn {
    return this.run(vmMapWireNested(map, va(address), va(address + size), access, true));
  }

  unwire(map: VmMap, address: number, size: number): KernReturn {
    return this.run(vmMapUnwireNested(map, va(address), va(address + size), true));
  }

  copyin(
    map: VmMap,
    address: number,
    size: number,
    flags = 0,
  ): { readonly kr: KernReturn; readonly copy: VmMapCopy | null } {
    const made = this.finish(vmMapCopyinInternal(map, va(address), size, flags));
    const copy = "copy" in made ? made.copy : null;
    if (copy !== null) this.copies.add(copy);
    this.check();
    return { kr: made.kr, copy };
  }

  /** A copy that must succeed, and be of the given kind. */
  copyinList(map: VmMap, address: number, size: number, flags = 0): VmMapCopyEntryList {
    const { kr, copy } = this.copyin(map, address, size, flags);
    check(copy?.type === "entryList", "not an entry list", kr);
    return copy;
  }

  copyinBuffer(map: VmMap, address: number, size: number): VmMapCopyKernelBuffer {
    const { kr, copy } = this.copyin(map, address, size);
    check(copy?.type === "kernelBuffer", "not a kernel buffer", kr);
    return copy;
  }

  copyout(map: VmMap, copy: VmMapCopy | null): CopyoutResult {
    const result = this.finish(vmMapCopyout(map, copy));
    if (result.kr === KERN_SUCCESS && copy !== null) this.copies.delete(copy);
    this.check();
    return result;
  }

  overwrite(
    map: VmMap,
    address: number,
    copy: VmMapCopy | null,
    options: { interruptible?: boolean; size?: number } = {},
  ): KernReturn {
    const size = options.size ?? copy?.size ?? 0;
    const interruptible = options.interruptible ?? false;
    const kr = this.finish(vmMapCopyOverwrite(map, va(address), copy, size, interruptible));
    if (kr === KERN_SUCCESS && copy !== null) this.copies.delete(copy);
    this.check();
    return kr;
  }

  discard(copy: VmMapCopy | null): void {
    if (copy !== null) this.copies.delete(copy);
    this.run(vmMapCopyDiscard(copy));
  }

  /** XNU: mach_vm_copy. */
  copyWithin(map: VmMap, from: number, to: number, size: number): KernReturn {
    const made = this.finish(vmMapCopyin(map, rawU64(from), rawU64(size), false));
    if (!("copy" in made)) {
      this.check();
      return made.kr;
    }
    if (made.copy !== null) this.copies.add(made.copy);
    const kr = this.overwrite(map, to, made.copy);
    if (kr !== KERN_SUCCESS) this.discard(made.copy);
    return kr;
  }

  /** Take frames out of circulation until only `free` are left. */
  hoard(free: number): void {
    while (this.system.pages.free.count > free) {
      const page = vmPageGrabPageout(this.system);
      if (page === null) return;
      this.#hoard.push(page);
    }
  }

  /** Give hoarded frames back. @returns false if there are none */
  unhoard(count: number): boolean {
    const pages = this.#hoard.splice(0, count);
    for (const page of pages) vmPageFree(this.system, page);
    return pages.length > 0;
  }

  /** Keep an object alive across what the test does. */
  hold(object: VmObject): VmObject {
    vmObjectReference(object);
    this.objects.add(object);
    return object;
  }

  release(object: VmObject): void {
    this.objects.delete(object);
    vmObjectDeallocate(object);
    this.check();
  }

  /**
   * Access one byte the way the CPU would: the TLB or a walk, and when that refuses, the pmap's fast
   * fault (not for a missing translation) and then vm_fault, until the access goes through.
   * @returns what the last fault said
   */
  touch(map: VmMap, address: number, access: VmProt): KernReturn {
    const kr = this.#cpu.access(map, address, access).kr;
    this.check();
    return kr;
  }

  /** Load bytes as the CPU would. @returns the fault's code if one cannot be resolved */
  read(map: VmMap, address: number, size: number): Uint8Array | KernReturn {
    const bytes = new Uint8Array(size);
    for (let done = 0; done < size;) {
      const at = address + done;
      const { kr, found } = this.#cpu.access(map, at, VM_PROT_READ);
      if (found === null) {
        this.check();
        return kr;
      }
      const inPage = at % map.pageSize;
      const from = (found.pa % PAGE) + inPage;
      const chunk = Math.min(map.pageSize - inPage, size - done);
      bytes.set(this.system.phys.page(found.ppn).subarray(from, from + chunk), done);
      done += chunk;
    }
    this.check();
    return bytes;
  }

  /** Store one byte, which must be possible, without the checks. */
  poke(map: VmMap, address: number, byte: number): void {
    const { kr, found } = this.#cpu.access(map, address, VM_PROT_READ | VM_PROT_WRITE);
    check(found !== null, "cannot be written", address, kr);
    const inFrame = (found.pa % PAGE) + (address % map.pageSize);
    this.system.phys.page(found.ppn)[inFrame] = byte;
  }

  /** Store bytes as the CPU would. Bytes before a fault that cannot be resolved are stored. */
  write(map: VmMap, address: number, bytes: Uint8Array | readonly number[]): KernReturn {
    let kr: KernReturn = KERN_SUCCESS;
    for (let done = 0; done < bytes.length;) {
      const at = address + done;
      const result = this.#cpu.access(map, at, VM_PROT_READ | VM_PROT_WRITE);
      kr = result.kr;
      if (result.found === null) break;
      const inPage = at % map.pageSize;
      const to = (result.found.pa % PAGE) + inPage;
      const chunk = Math.min(map.pageSize - inPage, bytes.length - done);
      this.system.phys.page(result.found.ppn).set(bytes.slice(done, done + chunk), to);
      done += chunk;
    }
    this.check();
    return kr;
  }

  /** One page's contents as the map defines them, whether resident or not; changes nothing. */
  peek(map: VmMap, address: number): Uint8Array | null {
    const entry = this.entryAt(map, address);
    if (entry === null) return null;
    const page = alignDown(va(address), PAGE);
    const found = pageOf(entry, page);
    if (found instanceof Uint8Array) return found;
    if (found !== null) return this.system.phys.page(found.ppn);
    let offset = entry.offset + (page - entry.start);
    let object = entry.object;
    for (; object !== null && object.shadow !== null; object = object.shadow) {
      offset += object.shadowOffset;
    }
    const file = object === null ? undefined : this.files.get(object);
    return file?.subarray(offset, offset + PAGE) ?? new Uint8Array(PAGE);
  }

  entryAt(map: VmMap, address: number): VmMapEntry | null {
    const entry = map.tree.floor(va(address));
    return entry !== null && address < entry.end ? entry : null;
  }

  /** The object an address is mapped to, which must exist. */
  objectAt(map: VmMap, address: number): VmObject {
    const object = this.entryAt(map, address)?.object ?? null;
    check(object !== null, "no object there", address);
    return object;
  }

  /** The frame an access to `address` would use now, without faulting; null if it would fault. */
  frameAt(map: VmMap, address: number): number | null {
    return this.#cpu.translate(map, address)?.ppn ?? null;
  }

  /** [start, end) in pages with the protection, per entry: what a test looks at first. */
  layout(map: VmMap): { start: number; end: number; prot: VmProt }[] {
    const start = ({ start: from }: VmMapEntry): number => from / PAGE;
    return Array.from(map.entries, (entry) => ({
      start: start(entry),
      end: entry.end / PAGE,
      prot: entry.protection,
    }));
  }
}

/** Ask the pageout scan for more than there is, once; nothing is swapped. */
function* pageOut(w: VmWorld, free: number): Blocking<void> {
  const { pages, compressor } = w.system;
  const { store } = compressor;
  Object.assign(compressor, { store: null });
  const { targets } = pages;
  Object.assign(pages, {
    targets: { ...targets, target: Math.min(free, pages.free.count + 10000) },
  });
  yield* vmPageoutScan(w.system);
  Object.assign(pages, { targets });
  w.daemons.drain();
  Object.assign(compressor, { store });
}

/** A number a test wrote as an address. */
export function va(address: number): VmOffset {
  return address as VmOffset;
}

export function vmWorld(options: VmWorldOptions = {}): VmWorld {
  return new VmWorld(options);
}
