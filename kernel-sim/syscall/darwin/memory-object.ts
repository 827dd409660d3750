/**
 * The messages between the kernel and a pager in a task: the routines of memory_object and
 * memory_object_control with their arguments as MIG lays them out.
 *
 * Differs from XNU, whose kernel serves no pagers in user tasks any more: data come by the messages Mach had
 * for that (supply, unavailable, error) instead of by UPLs, and the numbers of those three are ours.
 */

/** To the memory object's port. */
export const MEMORY_OBJECT_INIT = 2200;
export const MEMORY_OBJECT_TERMINATE = 2201;
export const MEMORY_OBJECT_DATA_REQUEST = 2202;
export const MEMORY_OBJECT_DATA_RETURN = 2203;

/** To the control port that came with init. */
export const MEMORY_OBJECT_CHANGE_ATTRIBUTES = 2001;
export const MEMORY_OBJECT_DATA_SUPPLY = 2010;
export const MEMORY_OBJECT_DATA_UNAVAILABLE = 2011;
export const MEMORY_OBJECT_DATA_ERROR = 2012;

const NDR_RECORD = [0, 1] as const;

/** Arguments of a message behind its descriptors: numbers take four bytes, bigints eight. */
export function memoryObjectArguments(...words: readonly (number | bigint)[]): Uint8Array {
  const all = [...NDR_RECORD, ...words];
  const bytes = new Uint8Array(
    all.reduce<number>((sum, word) => sum + (typeof word === "bigint" ? 8 : 4), 0),
  );
  const view = new DataView(bytes.buffer);
  let at = 0;
  for (const word of all) {
    if (typeof word === "bigint") view.setBigUint64(at, word, true);
    else view.setUint32(at, word, true);
    at += typeof word === "bigint" ? 8 : 4;
  }
  return bytes;
}
