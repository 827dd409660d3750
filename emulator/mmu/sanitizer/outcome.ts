import { describeFaultStatus, FSC_PERMISSION_L0 } from "../../arch/esr.js";
import { TABLE_ATTRIBUTES, TABLE_HI_SHIFT, type Geometry } from "../../arch/descriptor.js";
import { hex } from "../../arch/hex.js";
import { allows, type Access } from "../access.js";
import type { PhysMemory } from "../phys-memory.js";
import type { Half, Regime } from "../regime.js";
import {
  halfFor,
  leafAttributes,
  newWalkResult,
  walk,
  type WalkResult,
  type WalkTarget,
} from "../walk.js";
import { addressIn, memoryType, spanOf, type Descriptor } from "./descriptor.js";

/** What an access would find under some translation: said in words, so that equal words are equal effects. */

/** One data access or fetch. */
export interface Use {
  readonly vaLo: number;
  readonly vaHi: number;
  readonly access: Access;
  readonly el: 0 | 1;
  readonly pan: boolean;
}

/** A sign-extended address without its tag, as a number. */
export function vaNumber(lo: number, hi: number): number {
  return ((hi << 8) >> 8) * 2 ** 32 + (lo >>> 0);
}

/** Attributes that table descriptors on the way add (Arm ARM D8.4.2): TABLE_* bits. */
export type Hierarchy = number;

export const NO_HIERARCHY: Hierarchy = 0;

/** What a table descriptor adds to those above it. */
export function below(above: Hierarchy, hi: number): Hierarchy {
  return above | ((hi >>> TABLE_HI_SHIFT) & TABLE_ATTRIBUTES);
}

function found(
  attributes: number,
  level: number,
  pa: number,
  type: string,
  use: Use,
  regime: Readonly<Regime>,
): string {
  if (!allows(attributes, use.access, use.el, use.pan, regime)) {
    return describeFaultStatus(FSC_PERMISSION_L0 + level);
  }
  return `${hex(pa)} as ${type}`;
}

/** A copy that later writes of the registers do not change. */
export function copyRegime(regime: Readonly<Regime>): Regime {
  return { ...regime, low: { ...regime.low }, high: { ...regime.high } };
}

/** Works outcomes out from memory as it is. */
export class Outcomes {
  readonly #target: WalkTarget;
  readonly #result: WalkResult = newWalkResult();

  constructor(memory: PhysMemory) {
    this.#target = { memory, tables: null, observer: null };
  }

  /** The walk behind the last outcome: `fault` < 0 where it found a leaf. */
  get last(): Readonly<WalkResult> {
    return this.#result;
  }

  /** Under a regime. */
  underRegime(use: Use, regime: Readonly<Regime>): string {
    const { vaLo, vaHi } = use;
    if (!regime.enabled) return `${hex(vaNumber(vaLo, vaHi))} as untranslated`;
    const result = this.#result;
    walk(this.#target, regime, vaLo, vaHi, result);
    if (result.fault >= 0) return describeFaultStatus(result.fault);
    const leaf = { lo: result.pteLo, hi: result.pteHi, level: result.level };
    const pa = result.base + offsetIn(use, 2 ** result.shift);
    return found(result.attributes, result.level, pa, memoryType(leaf, regime), use, regime);
  }

  /** With the walk starting at a table of some level, as after a hit in a walk cache. */
  fromTable(
    use: Use,
    regime: Readonly<Regime>,
    table: number,
    level: number,
    rootMask: number | null = null,
  ): string {
    const half = halfFor(regime, use.vaHi);
    if (half.geometry === null) return describeFaultStatus(4);
    const mask = rootMask ?? 2 ** half.geometry.indexBits - 1;
    const other: Half = {
      ...half,
      walksDisabled: false,
      table,
      startLevel: level,
      rootMask: mask,
    };
    const isHigh = half === regime.high;
    return this.underRegime(use, { ...regime, ...(isHigh ? { high: other } : { low: other }) });
  }

  /** Through a leaf that the TLB holds. */
  throughLeaf(
    use: Use,
    regime: Readonly<Regime>,
    leaf: Descriptor,
    geometry: Geometry,
    above: Hierarchy,
  ): string {
    const attributes = leafAttributes(leaf.lo, leaf.hi, leaf.level, above);
    const pa = addressIn(leaf, geometry) + offsetIn(use, spanOf(geometry, leaf.level));
    return found(attributes, leaf.level, pa, memoryType(leaf, regime), use, regime);
  }
}

function offsetIn({ vaLo, vaHi }: Use, size: number): number {
  const va = vaNumber(vaLo, vaHi);
  return va - Math.floor(va / size) * size;
}
