import type { Prng } from "../fp-operands.js";
import { EL1, firstLevel, GRANULES, PAN, tcrFor, type Granule } from "./chain.js";
import { FRAME, TABLE_STRIDE, TABLES, type MmuRow } from "./image.js";

/**
 * Random translation tables: any granule, any size, descriptors that lead somewhere, and garbage. What earlier rows
 * left in the tables stays there. Left out is only what QEMU 7.2 does otherwise (differences.ts): blocks at levels
 * that allow none, bits 15:12 of descriptors of 64 KiB pages where addresses have less than 52 bits, and dirty
 * states.
 */
const TABLE_COUNT = 8;
const LEAF_ATTRIBUTES = 0x007f_0000_0000_0ffcn;
const TABLE_ATTRIBUTES = 0xf800_0000_0000_0ffcn;

function pick<T>(rng: Prng, values: readonly T[]): T {
  return values[rng.below(values.length)]!;
}

const chance = (rng: Prng, oneIn: number): boolean => rng.below(oneIn) === 0;

/** A table that is there, mostly; or an address where nothing is. The board has devices from 2^39 to 2^40. */
function tableAddress(rng: Prng): bigint {
  if (chance(rng, 12)) return (rng.bits(47) | (1n << BigInt(40 + rng.below(8)))) & ~0xffffn;
  return BigInt(TABLES + rng.below(TABLE_COUNT) * TABLE_STRIDE);
}

function leafAddress(rng: Prng): bigint {
  return chance(rng, 2) ? BigInt(FRAME) : rng.bits(48) & ~0xfffn;
}

function descriptor(rng: Prng, granule: Granule, level: number, wide: boolean): bigint {
  const pageMask = ~((1n << BigInt(granule.pageShift)) - 1n);
  const isLeaf = level === 3 || (granule.leaves.includes(level) && chance(rng, 4));
  let word: bigint;
  if (isLeaf) {
    const type = level === 3 ? 3n : 1n;
    word = (leafAddress(rng) & pageMask) | (rng.bits(64) & LEAF_ATTRIBUTES & pageMask) | type;
    word |= rng.bits(64) & LEAF_ATTRIBUTES;
    // Mostly usable.
    if (!chance(rng, 6)) word |= 1n << 10n;
  } else word = (tableAddress(rng) & pageMask) | (rng.bits(64) & TABLE_ATTRIBUTES) | 3n;
  if (chance(rng, 10)) word = (word & ~3n) | rng.bits(2);
  if (chance(rng, 20)) word ^= 1n << rng.bits(6);
  if ((word & 3n) === 1n && level < 3 && !granule.leaves.includes(level)) word ^= 1n;
  if (granule.name === "64K" && !wide) word &= ~0xf000n;
  // A table is where nothing is or where tables are: bit flips must not lead it to the board's other memory.
  if (level < 3 && (word & 3n) === 3n && !isSafeTable(word & 0xffff_ffff_ffffn & pageMask))
    word &= ~1n;
  return word;
}

function isSafeTable(address: bigint): boolean {
  const end = BigInt(TABLES + TABLE_COUNT * TABLE_STRIDE);
  return address >> 40n !== 0n || (address >= BigInt(TABLES) && address < end);
}

function randomSize(rng: Prng, granule: Granule): number {
  if (chance(rng, 25)) return rng.below(64);
  return (granule.name === "64K" ? 12 : 16) + rng.below(granule.name === "64K" ? 36 : 33);
}

export function randomTable(rng: Prng): MmuRow {
  const granule = pick(rng, GRANULES);
  const half = rng.below(2) as 0 | 1;
  const txsz = randomSize(rng, granule);
  const legal = Math.min(Math.max(txsz, granule.name === "64K" ? 12 : 16), 47);
  const ips = chance(rng, 3) ? BigInt(rng.below(8)) : 5n;
  const wide = granule.name === "64K" && ips >= 6n;
  const bits = BigInt(64 - legal);
  let va = rng.bits(64) & ((1n << bits) - 1n);
  const upper = BigInt.asUintN(64, -(1n << bits));
  if (half === 1) va |= upper;
  if (chance(rng, 20)) va ^= 1n << BigInt(rng.below(64));
  const h = BigInt(half);
  let tcr = (tcrFor(granule, txsz, half) & ~(7n << 32n)) | (ips << 32n);
  // TBI, HPD, TBID, E0PD; EPD; HA; A1, AS.
  for (const bit of [37n, 41n, 51n]) if (chance(rng, 2)) tcr |= 1n << (bit + h);
  if (chance(rng, 8)) tcr |= 1n << (55n + h);
  if (chance(rng, 16)) tcr |= 1n << (7n + 16n * h);
  for (const bit of [39n, 22n, 36n]) if (chance(rng, 3)) tcr |= 1n << bit;
  const start = firstLevel(granule, legal);
  const writes: [number, bigint][] = [];
  const root = tableAddress(rng) & (chance(rng, 4) ? ~0x3fn : ~0xffffn);
  let table = root;
  for (let level = start; level <= 3; level++) {
    const from = BigInt(granule.shifts[level as 0 | 1 | 2 | 3]);
    const top = level === start ? bits : from + BigInt(granule.pageShift - 3);
    const slot = table + (((va & ~upper) >> from) & ((1n << (top - from)) - 1n)) * 8n;
    if (!isSafeTable(slot)) break;
    const word = descriptor(rng, granule, level, wide);
    if (slot < 1n << 40n) writes.push([Number(slot), word]);
    if ((word & 3n) !== 3n || level === 3) break;
    table = word & 0xffff_ffff_f000n & ~((1n << BigInt(granule.pageShift)) - 1n);
  }
  return {
    operation: "at all",
    va,
    half,
    ttbr: root | (rng.bits(16) << 48n) | (wide ? 0n : BigInt(rng.below(2))),
    tcr,
    mair: (rng.bits(56) << 8n) | 0xffn,
    sctlr: chance(rng, 8) ? 1n << 19n : 0n,
    pstate: EL1 | (chance(rng, 2) ? PAN : 0n),
    writes,
  };
}

/** PAR_EL1 with SH as the architecture has it for memory that is not cacheable (differences.ts). */
export function withArchitecturalSh(par: bigint): bigint {
  const attr = Number(par >> 56n);
  const isAbort = (par & 1n) !== 0n;
  if (isAbort || (attr >= 16 && attr !== 0x44)) return par;
  return (par & ~(3n << 7n)) | (2n << 7n);
}
