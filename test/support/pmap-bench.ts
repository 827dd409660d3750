import {
  pmapAssertConsistent,
  pmapCreate,
  pmapCreateKernel,
  PmapSystem,
  type Pmap,
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

  constructor(frames = 64, tables = 24) {
    this.memory = new BufferMemory(frames + tables);
    for (let i = frames; i < frames + tables; i++) this.free.push((TEST_FIRST_PPN + i) as Ppn);
    this.system = new PmapSystem(this.memory, this.tlb, {
      allocPage: () => this.free.pop() ?? null,
      freePage: (ppn) => this.free.push(ppn),
    });
    this.kernel = pmapCreateKernel(this.system);
  }

  user(): Pmap {
    const pmap = pmapCreate(this.system);
    if (pmap === null) throw new Error("no pmap");
    return pmap;
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
