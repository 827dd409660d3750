import type { PhysMemoryAccess, TlbSink } from "../../vm/platform.js";
import { PAGE_SIZE, type Ppn } from "../../vm/types.js";

/** Where RAM starts on the test machine: 1 GiB, as on the emulated one. */
export const TEST_FIRST_PPN = (0x4000_0000 / PAGE_SIZE) as Ppn;

/** Physical memory on a plain buffer: what the VM needs of a machine, without the machine. */
export class BufferMemory implements PhysMemoryAccess {
  readonly firstPpn: Ppn;
  readonly pageCount: number;
  /** Frames reported by `noteWrite`, in order. */
  readonly noted: Ppn[] = [];
  /** How often each frame was handed out: one that was not is unchanged. */
  readonly #handedOut: Uint32Array;
  readonly #bytes: Uint8Array;
  readonly #words: Uint32Array;
  readonly #base: number;

  constructor(pageCount: number, firstPpn: Ppn = TEST_FIRST_PPN) {
    this.firstPpn = firstPpn;
    this.pageCount = pageCount;
    this.#base = firstPpn * PAGE_SIZE;
    this.#handedOut = new Uint32Array(pageCount);
    this.#bytes = new Uint8Array(pageCount * PAGE_SIZE);
    this.#bytes.fill(0xa5); // nobody may count on fresh memory being zero
    this.#words = new Uint32Array(this.#bytes.buffer);
  }

  readPteLo(pa: number): number {
    return this.#words[this.#word(pa)]! | 0;
  }

  readPteHi(pa: number): number {
    return this.#words[this.#word(pa) + 1]! | 0;
  }

  writePte(pa: number, lo: number, hi: number): void {
    const at = this.#word(pa);
    this.#words[at] = lo;
    this.#words[at + 1] = hi;
  }

  page(ppn: Ppn): Uint8Array {
    this.#handedOut[ppn - this.firstPpn]! += 1;
    return this.peek(ppn);
  }

  /** A frame's bytes for reading only. */
  peek(ppn: Ppn): Uint8Array {
    const start = this.#pageStart(ppn);
    return this.#bytes.subarray(start, start + PAGE_SIZE);
  }

  /** Changes whenever somebody may have written the frame. */
  version(ppn: Ppn): number {
    return this.#handedOut[ppn - this.firstPpn]!;
  }

  zeroPage(ppn: Ppn): void {
    this.page(ppn).fill(0);
  }

  copyPage(from: Ppn, to: Ppn): void {
    this.page(to).set(this.page(from));
  }

  noteWrite(ppn: Ppn): void {
    this.#pageStart(ppn);
    this.noted.push(ppn);
  }

  #word(pa: number): number {
    const at = pa - this.#base;
    if (at % 8 !== 0 || at < 0 || at >= this.#bytes.length) {
      throw new Error(`bad table entry address 0x${pa.toString(16)}`);
    }
    return at / 4;
  }

  #pageStart(ppn: Ppn): number {
    const index = ppn - this.firstPpn;
    if (!(index >= 0 && index < this.pageCount)) throw new Error(`frame ${ppn} is not RAM`);
    return index * PAGE_SIZE;
  }
}

/** One TLB maintenance instruction as it was asked for. */
export type TlbOp =
  | {
      readonly op: "va";
      readonly va: number;
      readonly asid: number | null;
      readonly lastLevel: boolean;
    }
  | {
      readonly op: "range";
      readonly va: number;
      readonly bytes: number;
      readonly asid: number | null;
      readonly lastLevel: boolean;
    }
  | { readonly op: "asid"; readonly asid: number }
  | { readonly op: "all" | "dsb ish" | "dsb ishst" | "dmb" | "isb" };

const BARRIERS: ReadonlySet<string> = new Set(["dsb ish", "dsb ishst", "dmb", "isb"]);

/** An instruction as the manual names it, with hexadecimal operands. */
function opText(op: TlbOp): string {
  if (op.op === "asid") return `aside1is ${op.asid}`;
  if (op.op === "all") return "vmalle1is";
  if (op.op !== "va" && op.op !== "range") return op.op;
  const range = op.op === "range" ? "r" : "";
  const form = `${range}va${op.asid === null ? "a" : ""}${op.lastLevel ? "l" : ""}e1is`;
  const size = op.op === "range" ? `+${op.bytes.toString(16)}` : "";
  return `${form} ${op.va.toString(16)}${size}${op.asid === null ? "" : ` asid ${op.asid}`}`;
}

/** A TLB that only writes down what it is told. `asid: null` stands for the all-ASID forms. */
export class RecordingTlb implements TlbSink {
  readonly ops: TlbOp[] = [];

  tlbiVa(va: number, asid: number, lastLevel: boolean): void {
    this.ops.push({ op: "va", va, asid, lastLevel });
  }

  tlbiVaAllAsid(va: number, lastLevel: boolean): void {
    this.ops.push({ op: "va", va, asid: null, lastLevel });
  }

  tlbiRange(va: number, bytes: number, asid: number | null, lastLevel: boolean): void {
    this.ops.push({ op: "range", va, bytes, asid, lastLevel });
  }

  tlbiAsid(asid: number): void {
    this.ops.push({ op: "asid", asid });
  }

  tlbiAll(): void {
    this.ops.push({ op: "all" });
  }

  dsb(domain: "ish" | "ishst"): void {
    this.ops.push({ op: `dsb ${domain}` });
  }

  dmb(): void {
    this.ops.push({ op: "dmb" });
  }

  isb(): void {
    this.ops.push({ op: "isb" });
  }

  /** Invalidations only, and forget them. */
  take(): TlbOp[] {
    return this.ops.splice(0).filter(({ op }) => !BARRIERS.has(op));
  }

  /** Everything in order, and forget it: "dsb ishst", "vale1is 4000 asid 1", ... */
  takeText(): string[] {
    return this.ops.splice(0).map(opText);
  }
}
