import {
  PTE_HI_ADDRESS,
  PTE_HI_GP,
  PTE_HI_PXN,
  PTE_HI_UXN,
  PTE_LO_AF,
  PTE_LO_AP,
  PTE_LO_AP_EL0,
  PTE_LO_AP_RO,
  PTE_LO_ATTR,
  PTE_LO_NG,
  PTE_LO_SH,
  PTE_ATTR_SHIFT,
  PTE_SH_SHIFT,
  type Geometry,
} from "../../arch/descriptor.js";
import { hex } from "../../arch/hex.js";
import type { Regime } from "../regime.js";

/** Descriptors as the sanitizer looks at them: what hardware may keep of one, and how to say it. */

export type DescriptorKind = "invalid" | "table" | "leaf";

/** A descriptor, and the level of the table it stands in. */
export interface Descriptor {
  readonly lo: number;
  readonly hi: number;
  readonly level: number;
}

const PTE_HI_CONTIGUOUS = 1 << 20;
/** All bits of a leaf's low half that are attributes. */
const LO_ATTRIBUTES = PTE_LO_ATTR | PTE_LO_AP | PTE_LO_SH | PTE_LO_AF | PTE_LO_NG;
const HI_ATTRIBUTES = PTE_HI_GP | PTE_HI_PXN | PTE_HI_UXN | PTE_HI_CONTIGUOUS;
/** NSTable to PXNTable. */
const HI_TABLE_ATTRIBUTES = 0xf800_0000 | 0;

export function kindOf({ lo, level }: Descriptor, geometry: Geometry): DescriptorKind {
  if ((lo & 1) === 0) return "invalid";
  if ((lo & 2) !== 0) return level < 3 ? "table" : "leaf";
  return level < 3 && level >= geometry.firstBlockLevel ? "leaf" : "invalid";
}

/** Bytes of address space one descriptor of a level translates. */
export function spanOf(geometry: Geometry, level: number): number {
  return 2 ** geometry.levelShift[level as 0 | 1 | 2 | 3];
}

/** Output address of a leaf, next table of a table descriptor. */
export function addressIn({ lo, hi, level }: Descriptor, geometry: Geometry): number {
  const address = (hi & PTE_HI_ADDRESS) * 2 ** 32 + ((lo & geometry.addressMaskLo) >>> 0);
  if (level === 3 || (lo & 2) !== 0) return address;
  return address - (address % spanOf(geometry, level));
}

/** Whether hardware may keep it: valid, and used (no entry has AF 0: Arm ARM D8, "The Access flag"). */
export function isCacheable(d: Descriptor, geometry: Geometry): boolean {
  const kind = kindOf(d, geometry);
  return kind === "table" || (kind === "leaf" && (d.lo & PTE_LO_AF) !== 0);
}

export function isGlobal({ lo }: Descriptor): boolean {
  return (lo & PTE_LO_NG) === 0;
}

export function isContiguous({ hi }: Descriptor): boolean {
  return (hi & PTE_HI_CONTIGUOUS) !== 0;
}

/** Entries in a group with the Contiguous bit (Arm ARM D8, "The Contiguous bit"). */
export function contiguousEntries(geometry: Geometry, level: number): number {
  if (geometry.pageShift === 12) return 16;
  return geometry.pageShift === 14 && level === 3 ? 128 : 32;
}

/** Whether two cacheable descriptors of one slot translate alike: software's bits may differ. */
export function isSameTranslation(a: Descriptor, b: Descriptor, geometry: Geometry): boolean {
  if (kindOf(a, geometry) !== kindOf(b, geometry)) return false;
  if (addressIn(a, geometry) !== addressIn(b, geometry)) return false;
  if (kindOf(a, geometry) === "table") return ((a.hi ^ b.hi) & HI_TABLE_ATTRIBUTES) === 0;
  return ((a.lo ^ b.lo) & LO_ATTRIBUTES) === 0 && ((a.hi ^ b.hi) & HI_ATTRIBUTES) === 0;
}

/** MAIR_EL1 attribute byte that a leaf selects. */
function attributeByte({ lo }: Descriptor, regime: Readonly<Regime>): number {
  const index = (lo & PTE_LO_ATTR) >>> PTE_ATTR_SHIFT;
  const half = index < 4 ? regime.mairLo : regime.mairHi;
  return (half >>> ((index & 3) * 8)) & 0xff;
}

const DEVICE = ["nGnRnE", "nGnRE", "nGRE", "GRE"] as const;
const SHAREABILITY = [
  "non-shareable",
  "reserved SH",
  "outer shareable",
  "inner shareable",
] as const;

/** Allocation hints left out: they are no part of cacheability. */
function cacheability(nibble: number): string {
  if (nibble === 4) return "non-cacheable";
  return (nibble & 4) !== 0 ? "write-back" : "write-through";
}

/** Memory type, and cacheability with shareability, in words: mismatched aliases differ in it. */
export function memoryType(d: Descriptor, regime: Readonly<Regime>): string {
  const attribute = attributeByte(d, regime);
  if ((attribute & 0xf0) === 0) return `Device-${DEVICE[(attribute >>> 2) & 3]!}`;
  if (attribute === 0x44) return "Normal non-cacheable"; // always outer shareable
  const inner = cacheability(attribute & 15);
  const outer = cacheability(attribute >>> 4);
  const share = SHAREABILITY[((d.lo & PTE_LO_SH) >>> PTE_SH_SHIFT) & 3]!;
  const cache = inner === outer ? inner : `inner ${inner}, outer ${outer}`;
  return `Normal ${cache}, ${share}`;
}

function rightsText({ lo, hi }: Descriptor): string {
  const letters = (lo & PTE_LO_AP_RO) !== 0 ? "r-" : "rw";
  const el0 = (lo & PTE_LO_AP_EL0) !== 0 ? letters : "--";
  return `EL1 ${letters}${(hi & PTE_HI_PXN) === 0 ? "x" : "-"} EL0 ${el0}${(hi & PTE_HI_UXN) === 0 ? "x" : "-"}`;
}

/** "page 0x40303000, EL1 rw- EL0 ---, Normal write-back, inner shareable, nG". */
export function describeDescriptor(
  d: Descriptor,
  geometry: Geometry,
  regime: Readonly<Regime>,
): string {
  const kind = kindOf(d, geometry);
  if (kind === "invalid") return "invalid";
  const address = hex(addressIn(d, geometry));
  if (kind === "table") return `table at ${address}`;
  const parts = [
    `${d.level === 3 ? "page" : "block"} ${address}`,
    rightsText(d),
    memoryType(d, regime),
    isGlobal(d) ? "global" : "nG",
  ];
  if ((d.lo & PTE_LO_AF) === 0) parts.push("AF 0");
  if (isContiguous(d)) parts.push("contiguous");
  return parts.join(", ");
}

/**
 * Why a valid descriptor may not simply become another valid one (Arm ARM D8, "Using
 * break-before-make when updating translation table entries"; FEAT_BBM is not implemented).
 * @param sameContents whether the two output ranges, or tables, hold the same bytes
 * @returns null: rights, AF and software's bits may change in place
 */
export function needsBreak(
  old: Descriptor,
  next: Descriptor,
  geometry: Geometry,
  regime: Readonly<Regime>,
  sameContents: () => boolean,
): string | null {
  const kinds = [kindOf(old, geometry), kindOf(next, geometry)];
  if (kinds[0] !== kinds[1]) {
    return kinds[0] === "table" ? "a table became a block" : "a block became a table";
  }
  const moved = addressIn(old, geometry) !== addressIn(next, geometry);
  if (kinds[0] === "table") return moved && !sameContents() ? "another table" : null;
  const bothReadOnly = (old.lo & next.lo & PTE_LO_AP_RO) !== 0;
  if (moved && !(bothReadOnly && sameContents())) return "another output address";
  const [was, is] = [memoryType(old, regime), memoryType(next, regime)];
  if (was !== is) return `another memory type or cacheability (${was} became ${is})`;
  if (isContiguous(old) !== isContiguous(next)) return "the Contiguous bit changed";
  if (!isGlobal(old) && isGlobal(next)) return "a non-global entry became global";
  return null;
}
