import { readFileSync } from "node:fs";
import koffi from "koffi";
import { openNodeFs } from "../../kernel-sim/cli/node-fs.js";
import { Kernel } from "../../kernel-sim/kernel.js";
import type { Blocking } from "../../vm/blocking.js";
import { vmFault } from "../../vm/fault/index.js";
import { vmMapEnterMemObject } from "../../vm/map/enter-mem-object.js";
import { vmMapEnter } from "../../vm/map/enter.js";
import { vmkFlagsFixed } from "../../vm/map/flags.js";
import { vmMapFork } from "../../vm/map/fork.js";
import type { VmMap } from "../../vm/map/map.js";
import { vmObjectForVnode } from "../../vm/object/index.js";
import { vmPageoutScan } from "../../vm/page/scan.js";
import type { PhysMemoryAccess, TlbSink } from "../../vm/platform.js";
import { VmSystem } from "../../vm/system.js";
import { PAGE_SIZE, VM_INHERIT_COPY, type Ppn, type VmOffset } from "../../vm/types.js";
import { Daemons } from "../support/daemons.js";

/**
 * `node --import ./register.mjs test/bench/vm-faults.ts`: what each kind of fault costs in the VM, alone
 * and with more and more pages resident; then first touches by a guest on the whole machine, beside
 * Unicorn with a hook that maps a page at each miss, in the same run. Times are of the processor, the
 * host's own first touch of its memory included, which `with host memory touched before` leaves out.
 */

/** Processor time of this process, milliseconds: what other work on the machine disturbs least. */
function processorMs(): number {
  const { user, system } = process.cpuUsage();
  return (user + system) / 1000;
}

const READ = 1;
const WRITE = 3;
const BASE = 2 ** 32;
const ROUNDS = Number(process.env["MACHVM_BENCH_ROUNDS"] ?? 5);

/** RAM that the host gives page by page, as it is touched. */
class BenchMemory implements PhysMemoryAccess {
  readonly firstPpn = 0x10000 as Ppn;
  readonly startsZero = true;
  readonly #bytes: Uint8Array;
  readonly #words: Int32Array;

  constructor(readonly pageCount: number) {
    const buffer = new ArrayBuffer(pageCount * PAGE_SIZE);
    this.#bytes = new Uint8Array(buffer);
    this.#words = new Int32Array(buffer);
  }

  #index(pa: number): number {
    return (pa - this.firstPpn * PAGE_SIZE) / 4;
  }

  readPteLo(pa: number): number {
    return this.#words[this.#index(pa)]!;
  }

  readPteHi(pa: number): number {
    return this.#words[this.#index(pa) + 1]!;
  }

  writePte(pa: number, lo: number, hi: number): void {
    const at = this.#index(pa);
    this.#words[at] = lo;
    this.#words[at + 1] = hi;
  }

  page(ppn: Ppn): Uint8Array {
    const at = (ppn - this.firstPpn) * PAGE_SIZE;
    return this.#bytes.subarray(at, at + PAGE_SIZE);
  }

  zeroPage(ppn: Ppn): void {
    this.page(ppn).fill(0);
  }

  copyPage(from: Ppn, to: Ppn): void {
    this.page(to).set(this.page(from));
  }

  noteWrite(): void {
    // no code is translated here
  }
}

const NO_TLB: TlbSink = {
  tlbiVa: () => undefined,
  tlbiVaAllAsid: () => undefined,
  tlbiRange: () => undefined,
  tlbiAsid: () => undefined,
  tlbiAll: () => undefined,
  dmb: () => undefined,
  dsb: () => undefined,
  isb: () => undefined,
};

class Bench {
  readonly system: VmSystem;
  readonly daemons: Daemons;
  readonly map: VmMap;

  constructor(pages: number) {
    this.system = new VmSystem({
      phys: new BenchMemory(pages),
      tlb: NO_TLB,
      seed: 1,
      wakeup: (channel, result) => {
        this.daemons.wakeup(channel, result);
      },
    });
    this.daemons = new Daemons(this.system);
    this.map = this.system.createTaskMap()!;
  }

  run<T>(work: Blocking<T>): T {
    let step = work.next();
    while (step.done !== true) step = work.next(this.daemons.waitFor(step.value) ?? 0);
    return step.value;
  }

  allocate(pages: number, at = BASE): void {
    const request = { address: at as VmOffset, size: pages * PAGE_SIZE, flags: vmkFlagsFixed() };
    this.run(vmMapEnter(this.map, request));
  }

  /** Fault on each page of a range. @returns microseconds a fault */
  touch(pages: number, prot: number, at = BASE, map = this.map): number {
    const start = processorMs();
    for (let i = 0; i < pages; i++) {
      const kr = this.run(vmFault(map, (at + i * PAGE_SIZE) as VmOffset, prot, false, 0));
      if (kr !== 0) throw new Error(`fault failed: ${kr}`);
    }
    return (1000 * (processorMs() - start)) / pages;
  }

  /** Give every page of this much memory some contents of its own. */
  scribble(): void {
    for (const page of this.system.pages.all()) {
      if (page.object === null || page.wireCount > 0) continue;
      const words = new Uint32Array(this.system.phys.page(page.ppn).slice().buffer);
      for (let i = 0; i < words.length; i += 2) words[i] = 0x1000 + 8 * ((i * page.ppn) % 200);
      this.system.phys.page(page.ppn).set(new Uint8Array(words.buffer));
    }
  }

  pageOutAll(): void {
    const { pages } = this.system;
    const { targets } = pages;
    Object.assign(pages, { targets: { ...targets, target: pages.free.count + 1e6 } });
    this.run(vmPageoutScan(this.system));
    Object.assign(pages, { targets });
    this.daemons.drain();
  }

  mapFile(pages: number, at: number): void {
    const bytes = new Uint8Array(PAGE_SIZE).fill(1);
    const object = vmObjectForVnode(this.system, {
      key: "f",
      name: "f",
      size: () => pages * PAGE_SIZE,
      read(_offset, into) {
        into.set(bytes.subarray(0, into.length));
        return into.length;
      },
    });
    const where = { address: at as VmOffset, size: pages * PAGE_SIZE, flags: vmkFlagsFixed() };
    this.run(vmMapEnterMemObject(this.map, where, object, 0, false, 1, 1, VM_INHERIT_COPY));
  }
}

const N = 3000;

/** One kind of fault: a machine is prepared, then measured. */
const KINDS: Readonly<Record<string, () => number>> = {
  "zero-fill": () => {
    const b = new Bench(N + 200);
    b.allocate(N);
    return b.touch(N, WRITE);
  },
  "copy-on-write": () => {
    const b = new Bench(2 * N + 400);
    b.allocate(N);
    b.touch(N, WRITE);
    const child = b.run(vmMapFork(b.map))!;
    return b.touch(N, WRITE, BASE, child);
  },
  "page-in from file": () => {
    const b = new Bench(N + 200);
    b.mapFile(N, BASE);
    return b.touch(N, READ);
  },
  decompression: () => {
    const b = new Bench(N + 600);
    b.allocate(N);
    b.touch(N, WRITE);
    b.scribble();
    Object.assign(b.system.compressor, { store: null });
    b.pageOutAll();
    return b.touch(N, READ);
  },
  "re-fault after pageout (file)": () => {
    const b = new Bench(N + 200);
    b.mapFile(N, BASE);
    b.touch(N, READ);
    b.pageOutAll();
    return b.touch(N, READ);
  },
  "swap-in": () => {
    const b = new Bench(N + 600);
    b.allocate(N);
    b.touch(N, WRITE);
    b.scribble();
    b.pageOutAll();
    return b.touch(N, READ);
  },
};

/** Zero-fill with so many pages resident already. */
function withResident(resident: number): number {
  const b = new Bench(resident + 4096);
  b.allocate(resident);
  b.touch(resident, READ);
  const at = BASE + 2 ** 34;
  b.allocate(2000, at);
  return b.touch(2000, WRITE, at);
}

function median(values: readonly number[]): number {
  return [...values].sort((a, b) => a - b)[Math.floor(values.length / 2)] ?? NaN;
}

function line(name: string, microseconds: number): void {
  const rate = Math.round(1e6 / microseconds);
  console.log(
    `${name.padEnd(36)}${microseconds.toFixed(2).padStart(9)} us${String(rate).padStart(10)} faults/s`,
  );
}

function measure(work: () => number): number {
  work(); // the host's own compiler has seen it then
  return median(Array.from({ length: ROUNDS }, work));
}

/** Pages a guest touches for the first time; the whole machine. @returns microseconds a page */
function guestTouch(pages: number, hostTouched: boolean): number {
  const file = "guests/bin/touch.elf";
  const run = (count: number): number => {
    const kernel = new Kernel({ fs: openNodeFs("."), ramBytes: 512 * 2 ** 20 });
    if (hostTouched) touchHostMemory(kernel);
    const loaded = kernel.exec(readFileSync(file), file, [file, String(count), "1", "w"]);
    if (!loaded.ok) throw new Error(loaded.error.toString());
    const start = processorMs();
    kernel.run();
    return processorMs() - start;
  };
  // The difference of two runs leaves out what a run costs by itself.
  return (1000 * (run(2 * pages) - run(pages))) / pages;
}

/** Have the host give the machine all its memory, without changing a byte of it. */
function touchHostMemory(kernel: Kernel): void {
  const { phys } = kernel.vm;
  for (let i = 0; i < phys.pageCount; i++) {
    const page = phys.page((phys.firstPpn + i) as Ppn);
    for (let at = 0; at < page.length; at += 4096) page[at] = page[at]!;
  }
}

const UNMAPPED_HOOK = koffi.proto("bool unmapped_hook(void*, int, uint64_t, int, int64_t, void*)");

/** The same under Unicorn, whose hook maps each page when it is missed. @returns null without it */
function unicornTouch(pages: number): number | null {
  let lib;
  try {
    lib = koffi.load("libunicorn.so.2");
  } catch {
    return null;
  }
  const open = lib.func("int uc_open(int, int, _Out_ void**)");
  const map = lib.func("int uc_mem_map(void*, uint64_t, uint64_t, uint32_t)");
  const write = lib.func("int uc_mem_write(void*, uint64_t, void*, uint64_t)");
  const start = lib.func("int uc_emu_start(void*, uint64_t, uint64_t, uint64_t, uint64_t)");
  const close = lib.func("int uc_close(void*)");
  const hookAdd = lib.func(
    "int uc_hook_add(void*, _Out_ size_t*, int, void*, void*, uint64_t, uint64_t)",
  );
  const out: unknown[] = [null];
  open(2, 0, out);
  const uc = out[0];
  const callback = koffi.register(
    (_uc: unknown, _type: number, address: number | bigint): boolean => {
      const page = (BigInt(address) / 0x4000n) * 0x4000n;
      return (map(uc, page, 0x4000n, 7) as number) === 0;
    },
    koffi.pointer(UNMAPPED_HOOK),
  );
  // movz x0, #1, lsl 32; movz/movk w1, pages; loop: str x0, [x0]; add x0, x0, #4, lsl 12; subs w1; b.ne
  const code = new Uint32Array([
    0xd2c0_0020,
    (0x5280_0001 | ((pages & 0xffff) << 5)) >>> 0,
    (0x72a0_0001 | ((pages >>> 16) << 5)) >>> 0,
    0xf900_0000,
    0x9140_1000,
    0x7100_0421,
    0x54ff_ffa1,
  ]);
  map(uc, 0x10000n, 0x10000n, 7);
  write(uc, 0x10000n, new Uint8Array(code.buffer), BigInt(code.byteLength));
  hookAdd(uc, [0], (1 << 4) | (1 << 5), callback, null, 1n, 0n);
  const begin = processorMs();
  const error = start(uc, 0x10000n, 0x10000n + BigInt(code.byteLength), 0n, 0n) as number;
  const time = processorMs() - begin;
  koffi.unregister(callback);
  close(uc);
  if (error !== 0) throw new Error(`uc_emu_start: ${error}`);
  return (1000 * time) / pages;
}

console.log(`vm_fault, median of ${ROUNDS} rounds of ${N} faults`);
for (const [name, work] of Object.entries(KINDS)) line(name, measure(work));
console.log("zero-fill with pages resident already");
for (const resident of [10, 1000, 10_000, 100_000]) {
  line(
    `  ${resident}`,
    measure(() => withResident(resident)),
  );
}
console.log("first touch by a guest, whole machine, and Unicorn with a hook that maps the page");
const TOUCH = 3000;
/** Each page mapped is a region of its own to Unicorn, which gives up above some thousands. */
const UNICORN_PAGES = 1000;
const ours: number[] = [];
const touched: number[] = [];
const theirs: number[] = [];
for (let round = 0; round < ROUNDS; round++) {
  ours.push(guestTouch(TOUCH, false));
  touched.push(guestTouch(TOUCH, true));
  const unicorn = unicornTouch(UNICORN_PAGES);
  if (unicorn !== null) theirs.push(unicorn);
}
line("  machvm", median(ours));
line("  with host memory touched before", median(touched));
if (theirs.length === 0) console.log("  Unicorn: libunicorn.so.2 is not installed");
else {
  line("  Unicorn", median(theirs));
  const ratios = theirs.map((t, i) => t / ours[i]!);
  console.log(`  machvm is ${median(ratios).toFixed(1)} times as fast`);
}
