import {
  pmapAssertConsistent,
  pmapCreate,
  pmapCreateKernel,
  pmapSwitch,
  PMAP_CREATE_64BIT,
  PMAP_CREATE_FORCE_4K_PAGES,
  PmapSystem,
  type Pmap,
  type PmapFeatures,
} from "../../vm/pmap/index.js";
import { findPte } from "../../vm/pmap/tables.js";
import type { Ppn, VmOffset } from "../../vm/types.js";
import { BufferMemory, RecordingTlb, TEST_FIRST_PPN } from "./phys-buffer.js";

/** A pmap system on a small buffer: frames from 0 up are for mapping, page tables come from the top. */
export class PmapBench {
  readonly tlb = new RecordingTlb();
  readonly memory: BufferMemory;
  readonly system: PmapSystem;
  readonly kernel: Pmap;
  /** Frames that page tables may take. */
  readonly free: Ppn[] = [];

  constructor(frames = 64, tables = 24, features: PmapFeatures = {}) {
    this.memory = new BufferMemory(frames + tables);
    for (let i = frames; i < frames + tables; i++) this.free.push((TEST_FIRST_PPN + i) as Ppn);
    const source = {
      allocPage: () => this.free.pop() ?? null,
      freePage: (ppn: Ppn) => this.free.push(ppn),
    };
    this.system = new PmapSystem(this.memory, this.tlb, source, features);
    this.kernel = pmapCreateKernel(this.system);
  }

  user(): Pmap {
    const pmap = pmapCreate(this.system);
    if (pmap === null) throw new Error("no pmap");
    return pmap;
  }

  user4K(): Pmap {
    const flags = PMAP_CREATE_64BIT | PMAP_CREATE_FORCE_4K_PAGES;
    const pmap = pmapCreate(this.system, flags);
    if (pmap === null) throw new Error("no pmap");
    return pmap;
  }

  /** Make a pmap the active one. @returns what was done to the registers, in order */
  activate(pmap: Pmap): string[] {
    const done: string[] = [];
    pmapSwitch(pmap, {
      parkTtbr0: () => done.push("park"),
      setTg0: (code) => done.push(`tg0 ${code}`),
      setTtbr0: (lo, hi) => done.push(`ttbr0 ${(hi * 2 ** 32 + lo).toString(16)}`),
    });
    return done;
  }

  /** Frame number `n` of the machine. */
  frame(n: number): Ppn {
    return (TEST_FIRST_PPN + n) as Ppn;
  }

  /** The entry for an address as one number; 0n if there is none. */
  pte(pmap: Pmap, va: VmOffset): bigint {
    const at = findPte(pmap, va);
    if (at === 0) return 0n;
    const lo = BigInt.asUintN(32, BigInt(this.memory.readPteLo(at)));
    return (BigInt.asUintN(32, BigInt(this.memory.readPteHi(at))) << 32n) | lo;
  }

  check(): void {
    pmapAssertConsistent(this.system);
  }
}

/** A user address with a readable name: page `n`. */
export function page(n: number): VmOffset {
  return (n * 0x4000) as VmOffset;
}
