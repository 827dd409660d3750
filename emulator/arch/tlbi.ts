import { GEOMETRIES, type GranuleIndex } from "./descriptor.js";

/** Which translations a TLBI of EL1 names. */
type TlbiScope = "all" | "asid" | "va" | "range";

const VA_NAMES = ["VAE1", "VAAE1", "VALE1", "VAALE1"] as const;
const RANGE_NAMES = ["RVAE1", "RVAAE1", "RVALE1", "RVAALE1"] as const;
/** TLBI instructions for EL1 without the name's IS and OS. */
export const TLBI_NAMES = ["VMALLE1", "ASIDE1", ...VA_NAMES, ...RANGE_NAMES] as const;

/** One TLBI with its operand decoded. Arm ARM C5.5. */
export interface TlbiRequest {
  /** Without IS or OS: "VAE1", "RVAALE1", ... */
  readonly name: string;
  readonly kind: TlbiScope;
  /** How far it is broadcast: to this CPU, the inner shareable domain (IS), or the outer (OS). */
  readonly broadcast: "none" | "inner" | "outer";
  /** The last level's entries only; otherwise what was cached of the walk goes, too. */
  readonly lastLevel: boolean;
  /** null: every ASID's. 16 bits, or 8. */
  readonly asid: number | null;
  /** First address as sign-extended halves, and bytes from there: 0 unless it is a range. */
  readonly vaLo: number;
  readonly vaHi: number;
  readonly bytes: number;
  /** TTL: the level of the entry, or null: not told. */
  readonly level: number | null;
  /** TG or TTL: the granule, or null: not told. */
  readonly granule: GranuleIndex | null;
}

/** By the code of TG and TTL; 0 names none. */
const GRANULES = [0, 1, 2, 3].map(
  (code) => GEOMETRIES.find((g) => g.tlbiCode === code)?.index ?? null,
);

function granuleOf(code: number): GranuleIndex | null {
  return GRANULES[code]!;
}

/** The name of a TLBI by address, or by range of addresses. */
export function tlbiVaName(isRange: boolean, anyAsid: boolean, lastLevel: boolean): string {
  return (isRange ? RANGE_NAMES : VA_NAMES)[((lastLevel ? 2 : 0) + (anyAsid ? 1 : 0)) as 0 | 1];
}

/**
 * @param crm 1: OS, 3: IS, 7: local; by range 5: OS, 2: IS, 6: local
 * @param op2 of the instruction, one that is allocated
 * @param lo,hi the operand register
 * @param asidMask the bits of an ASID that the CPU has
 * @returns null for a range in a granule that the reserved code 0 names: it has no effect
 */
export function decodeTlbi(
  crm: number,
  op2: number,
  lo: number,
  hi: number,
  asidMask: number,
): TlbiRequest | null {
  const isRange = crm === 2 || crm === 5 || crm === 6;
  const broadcast = crm === 1 || crm === 5 ? "outer" : crm === 3 || crm === 2 ? "inner" : "none";
  const tag = (hi >>> 16) & asidMask;
  // The literals name every field: copies made with a spread cost more than the invalidation.
  if (!isRange && (op2 === 0 || op2 === 2)) {
    return {
      name: op2 === 0 ? "VMALLE1" : "ASIDE1",
      kind: op2 === 0 ? "all" : "asid",
      broadcast,
      lastLevel: false,
      asid: op2 === 0 ? null : tag,
      vaLo: 0,
      vaHi: 0,
      bytes: 0,
      level: null,
      granule: null,
    };
  }
  const lastLevel = (op2 & 4) !== 0;
  const name = tlbiVaName(isRange, (op2 & 2) !== 0, lastLevel);
  const asid = (op2 & 2) !== 0 ? null : tag;
  if (!isRange) {
    const ttl = (hi >>> 12) & 15;
    const granule = granuleOf(ttl >> 2);
    return {
      name,
      kind: "va",
      broadcast,
      lastLevel,
      asid,
      vaLo: lo << 12,
      vaHi: (((hi << 12) | (lo >>> 20)) << 8) >> 8,
      bytes: 0,
      level: granule === null || (ttl & 3) === 0 ? null : ttl & 3,
      granule,
    };
  }
  const granule = granuleOf((hi >>> 14) & 3);
  if (granule === null) return null;
  const shift = GEOMETRIES[granule]!.pageShift;
  const scale = (hi >>> 12) & 3;
  const num = (hi >>> 7) & 31;
  const ttl = (hi >>> 5) & 3;
  // BaseADDR has 37 bits, of which the highest is the address's sign.
  const base = ((hi & 31) * 2 ** 32 + (lo >>> 0)) * 2 ** shift;
  const sign = (hi & 16) !== 0 ? -(2 ** (shift + 37 - 32)) : 0;
  return {
    name,
    kind: "range",
    broadcast,
    lastLevel,
    asid,
    vaLo: (base % 2 ** 32) | 0,
    vaHi: Math.floor(base / 2 ** 32) | sign,
    bytes: (num + 1) * 2 ** (5 * scale + 1) * 2 ** shift,
    level: ttl === 0 ? null : ttl,
    granule,
  };
}
