import { FRAME, TABLE_STRIDE, TABLES, type MmuRow, type OperationName } from "./image.js";

/** Translation tables for one address, worked out from the manual alone (Arm ARM D8.2 and D8.3). */

export interface Granule {
  readonly name: "4K" | "16K" | "64K";
  readonly pageShift: number;
  /** Lowest address bit of each level's index. */
  readonly shifts: readonly [number, number, number, number];
  readonly tg0: bigint;
  readonly tg1: bigint;
  /** Levels a leaf may be at, with 52-bit output addresses implemented. */
  readonly leaves: readonly number[];
}

export const GRANULES: readonly Granule[] = [
  {
    name: "4K",
    pageShift: 12,
    shifts: [39, 30, 21, 12],
    tg0: 0n,
    tg1: 2n,
    leaves: [1, 2, 3],
  },
  { name: "16K", pageShift: 14, shifts: [47, 36, 25, 14], tg0: 2n, tg1: 1n, leaves: [2, 3] },
  { name: "64K", pageShift: 16, shifts: [55, 42, 29, 16], tg0: 1n, tg1: 3n, leaves: [1, 2, 3] },
];

export const AF = 1n << 10n;
export const NG = 1n << 11n;
export const DBM = 1n << 51n;
export const CONTIGUOUS = 1n << 52n;
export const UXN = 1n << 54n;
export const PXN = 1n << 53n;
export const ap = (value: number): bigint => BigInt(value) << 6n;

/** PSTATE of EL1 with SP_EL1, and of EL0; DAIF masked at EL1. */
export const EL1 = 0x3c5n;
export const EL0 = 0n;
export const PAN = 1n << 22n;
export const UAO = 1n << 23n;

export interface Chain {
  readonly granule: Granule;
  readonly txsz: number;
  readonly half?: 0 | 1;
  /** Level of the last descriptor; 3 by default. */
  readonly level?: number;
  /** Attributes of the last descriptor, without type and address; the whole of it where `raw` says so. */
  readonly leaf: bigint;
  readonly raw?: boolean;
  /** Added to every table descriptor above it. */
  readonly table?: bigint;
  /** Physical address the page or block holds; FRAME. */
  readonly target?: number;
  /** Offset of the access in the target. */
  readonly offset?: number;
}

export interface Built {
  readonly va: bigint;
  readonly ttbr: bigint;
  readonly tcr: bigint;
  readonly writes: readonly (readonly [number, bigint])[];
  /** Where the last descriptor is. */
  readonly leafAt: number;
}

/** First level of a walk of `64 - txsz` bits. */
export function firstLevel({ pageShift }: Granule, txsz: number): number {
  const stride = pageShift - 3;
  for (let level = 3; ; level--) {
    if (pageShift + (4 - level) * stride >= 64 - txsz) return level;
  }
}

/** Index bits that look like any address's. */
const PATTERN = 0x0009_2d35_b56d_5000n;

/** TCR_EL1's fields for one half: size and granule. Output addresses have 48 bits. */
export function tcrFor(granule: Granule, txsz: number, half: 0 | 1): bigint {
  const size = BigInt(txsz & 63);
  const fields = half === 0 ? size | (granule.tg0 << 14n) : (size << 16n) | (granule.tg1 << 30n);
  return fields | (5n << 32n);
}

export function buildChain(chain: Chain): Built {
  const { granule, txsz, half = 0, level = 3, leaf, table = 0n, target = FRAME } = chain;
  const shift = granule.shifts[level as 0 | 1 | 2 | 3];
  const size = 2n ** BigInt(shift);
  const bits = BigInt(64 - txsz);
  const low = BigInt(target) % size;
  const inside = (PATTERN & ((1n << bits) - 1n) & ~(size - 1n)) | (low & ((1n << bits) - 1n));
  const upper = half === 1 ? (1n << 64n) - (1n << bits) : 0n;
  const va = upper | (inside + BigInt(chain.offset ?? 0));
  const writes: [number, bigint][] = [];
  const start = firstLevel(granule, txsz);
  const slot = (at: number): number => {
    const from = BigInt(granule.shifts[at as 0 | 1 | 2 | 3]);
    const top = at === start ? bits : from + BigInt(granule.pageShift - 3);
    const index = (inside >> from) & ((1n << (top - from)) - 1n);
    return TABLES + at * TABLE_STRIDE + Number(index) * 8;
  };
  for (let at = start; at < level; at++) {
    writes.push([slot(at), BigInt(TABLES + (at + 1) * TABLE_STRIDE) | 3n | table]);
  }
  const type = level === 3 ? 3n : 1n;
  const descriptor = chain.raw === true ? leaf : leaf | (BigInt(target) - low) | type;
  writes.push([slot(level), descriptor]);
  return {
    va,
    ttbr: BigInt(TABLES + start * TABLE_STRIDE),
    tcr: tcrFor(granule, txsz, half),
    writes,
    leafAt: slot(level),
  };
}

export const NORMAL_MAIR = 0x00_04_08_0c_bb_44_00_ffn;

/** A row that makes one access to what a chain maps. */
export function rowOf(
  chain: Chain,
  operation: OperationName,
  pstate: bigint,
  more: Partial<Omit<MmuRow, "tcr">> & { readonly tcr?: bigint } = {},
): MmuRow {
  const built = buildChain(chain);
  return {
    operation,
    va: built.va,
    half: chain.half ?? 0,
    ttbr: built.ttbr,
    mair: NORMAL_MAIR,
    sctlr: 0n,
    pstate,
    writes: built.writes,
    watch: built.leafAt,
    ...more,
    tcr: built.tcr | (more.tcr ?? 0n),
  };
}
