/** What a memory access wants; also the bit it needs in a permission set (1 << access). */
export const ACCESS_READ = 0;
export const ACCESS_WRITE = 1;
export const ACCESS_EXEC = 2;
export type Access = 0 | 1 | 2;

/**
 * Rights of a translation as a set of bits, combined over all levels of the walk (Arm ARM D8.4):
 * one bit per access for EL0 (bits 2:0) and for EL1 (bits 5:3), and whether EL0 has data access at
 * all, which is what PAN looks at.
 */
export const RIGHT_EL0 = 0;
export const RIGHT_EL1 = 3;
export const RIGHT_AP_EL0 = 1 << 6;
/** The translation is global: it belongs to every ASID. */
export const RIGHT_GLOBAL = 1 << 7;
/** Device memory: never reached through the inline TLB. */
export const RIGHT_DEVICE = 1 << 8;

/** A guarded page: indirect branches into it must land where the code allows (FEAT_BTI). */
export const RIGHT_GUARDED = 1 << 9;

/**
 * @param ap AP[2:1] after APTable, `uxn`/`pxn` after UXNTable and PXNTable
 * @param wxn SCTLR_EL1.WXN: what can be written cannot be executed
 */
export function rightsOf(ap: number, uxn: boolean, pxn: boolean, wxn: boolean): number {
  const el0 = (ap & 1) !== 0;
  const writable = (ap & 2) === 0;
  let rights = 1 << (RIGHT_EL1 + ACCESS_READ);
  if (writable) rights |= 1 << (RIGHT_EL1 + ACCESS_WRITE);
  if (el0) {
    rights |= RIGHT_AP_EL0 | (1 << (RIGHT_EL0 + ACCESS_READ));
    if (writable) rights |= 1 << (RIGHT_EL0 + ACCESS_WRITE);
  }
  if (!uxn && !(wxn && el0 && writable)) rights |= 1 << (RIGHT_EL0 + ACCESS_EXEC);
  // What EL0 can write EL1 never executes.
  if (!pxn && !(el0 && writable) && !(wxn && writable)) rights |= 1 << (RIGHT_EL1 + ACCESS_EXEC);
  return rights;
}

/** Whether `rights` allow an access. PAN concerns EL1's data accesses only. */
export function allows(rights: number, access: Access, el: 0 | 1, pan: boolean): boolean {
  if (el === 0) return (rights & (1 << access)) !== 0;
  if (pan && access !== ACCESS_EXEC && (rights & RIGHT_AP_EL0) !== 0) return false;
  return (rights & (1 << (RIGHT_EL1 + access))) !== 0;
}
