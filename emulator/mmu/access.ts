/** What a memory access wants; also the bit it needs in a permission set (1 << access). */
export const ACCESS_READ = 0;
export const ACCESS_WRITE = 1;
export const ACCESS_EXEC = 2;
export type Access = 0 | 1 | 2;

/**
 * What a leaf descriptor says besides its address, combined over all levels of the walk (Arm ARM D8.4), as
 * a TLB entry holds it. What of it counts at the moment (WXN, HD, PAN, MAIR) is decided at each access.
 */
export const ATTR_AP = 3;
/** AP[1]: accessible from EL0. AP[2]: read-only. */
export const ATTR_AP_EL0 = 1 << 0;
export const ATTR_AP_RO = 1 << 1;
export const ATTR_UXN = 1 << 2;
export const ATTR_PXN = 1 << 3;
/** DBM: with AP[2], writable and clean where the hardware manages the dirty state. */
export const ATTR_DBM = 1 << 4;
/** The translation is global: it belongs to every ASID. */
export const ATTR_GLOBAL = 1 << 5;
/** A guarded page: indirect branches into it must land where the code allows (FEAT_BTI). */
export const ATTR_GUARDED = 1 << 6;
export const ATTR_CONTIGUOUS = 1 << 7;
/** AttrIndx, 3 bits; SH, 2 bits; level of the leaf, 2 bits. */
export const ATTR_INDEX_SHIFT = 8;
export const ATTR_SH_SHIFT = 11;
export const ATTR_LEVEL_SHIFT = 13;

/** Rights as a set of bits: one per access for EL0 (bits 2:0) and for EL1 (bits 5:3). */
export const RIGHT_EL0 = 0;
export const RIGHT_EL1 = 3;

/**
 * @param ap AP[2:1] after APTable, `uxn`/`pxn` after UXNTable and PXNTable
 * @param wxn SCTLR_EL1.WXN: what can be written cannot be executed
 */
export function rightsOf(ap: number, uxn: boolean, pxn: boolean, wxn: boolean): number {
  const el0 = (ap & ATTR_AP_EL0) !== 0;
  const writable = (ap & ATTR_AP_RO) === 0;
  let rights = 1 << (RIGHT_EL1 + ACCESS_READ);
  if (writable) rights |= 1 << (RIGHT_EL1 + ACCESS_WRITE);
  if (el0) {
    rights |= 1 << (RIGHT_EL0 + ACCESS_READ);
    if (writable) rights |= 1 << (RIGHT_EL0 + ACCESS_WRITE);
  }
  if (!uxn && !(wxn && el0 && writable)) rights |= 1 << (RIGHT_EL0 + ACCESS_EXEC);
  // What EL0 can write EL1 never executes.
  if (!pxn && !(el0 && writable) && !(wxn && writable)) rights |= 1 << (RIGHT_EL1 + ACCESS_EXEC);
  return rights;
}

/** `rightsOf` by the low four bits of ATTR_*, and WXN in bit 4. */
const RIGHTS = Uint8Array.from({ length: 32 }, (_, i) =>
  rightsOf(i & ATTR_AP, (i & ATTR_UXN) !== 0, (i & ATTR_PXN) !== 0, (i & 16) !== 0),
);

/** The controls that permissions depend on besides the descriptor. */
export interface PermissionControls {
  readonly wxn: boolean;
  /** SCTLR_EL1.EPAN: PAN also keeps EL1 from what EL0 can execute. */
  readonly epan: boolean;
  /** TCR_EL1.HD: a clean page with DBM is writable; the first write makes it dirty. */
  readonly setsDirty: boolean;
}

/** Rights of a translation as they are under the controls. */
export function rightsUnder(attributes: number, { wxn, setsDirty }: PermissionControls): number {
  let index = attributes & (ATTR_AP | ATTR_UXN | ATTR_PXN);
  if (setsDirty && (attributes & ATTR_DBM) !== 0) index &= ~ATTR_AP_RO;
  return RIGHTS[wxn ? index | 16 : index]!;
}

/** Whether a translation allows an access. PAN concerns EL1's data accesses only. */
export function allows(
  attributes: number,
  access: Access,
  el: 0 | 1,
  pan: boolean,
  controls: PermissionControls,
): boolean {
  const rights = rightsUnder(attributes, controls);
  if (el === 0) return (rights & (1 << access)) !== 0;
  if (pan && access !== ACCESS_EXEC) {
    if ((attributes & ATTR_AP_EL0) !== 0) return false;
    if (controls.epan && (rights & (1 << (RIGHT_EL0 + ACCESS_EXEC))) !== 0) return false;
  }
  return (rights & (1 << (RIGHT_EL1 + access))) !== 0;
}
