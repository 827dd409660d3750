/** Offset of the first of the eight identification registers of a PrimeCell peripheral: four of PID, four of CID. */
const ID_BASE = 0xfe0;

/** PCellID 0 to 3, the same for every PrimeCell (Arm PrimeCell identification scheme). */
export const PRIMECELL_ID = [0x0d, 0xf0, 0x05, 0xb1] as const;

/** One identification register, a byte in a word; null if the offset is none. */
export function identification(offset: number, peripheralId: readonly number[]): number | null {
  if (offset < ID_BASE || offset > ID_BASE + 0x1c) return null;
  return [...peripheralId, ...PRIMECELL_ID][(offset - ID_BASE) >>> 2] ?? 0;
}
