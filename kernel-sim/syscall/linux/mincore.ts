import { alignDown } from "../../../vm/address.js";
import type { Blocking } from "../../../vm/blocking.js";
import type { VmMapEntry } from "../../../vm/map/entry.js";
import type { VmObject } from "../../../vm/object/object.js";
import { vmPageLookup } from "../../../vm/page/resident.js";
import { PAGE_SIZE, type VmOffset } from "../../../vm/types.js";
import type { LinuxCall, LinuxResult } from "./call.js";
import { isMapped, pageRange, piecesOf } from "./memory-range.js";

/** Which pages of a range are in memory: a byte for each, bit 0. */
export function* mincore(c: LinuxCall): Blocking<LinuxResult> {
  if (c.u64(0) % BigInt(c.pageSize) !== 0n) return "EINVAL";
  const range = pageRange(c.task.map, c.u64(0), c.u64(1));
  if (range === null) return "ENOMEM";
  if (range.start === range.end) return 0;
  if (!isMapped(c.task.map, range)) return "ENOMEM";
  const bytes = new Uint8Array((range.end - range.start) / c.pageSize);
  for (const { entry, start, end } of piecesOf(c.task.map, range)) {
    for (let at: number = start; at < end; at += c.pageSize) {
      bytes[(at - range.start) / c.pageSize] = isResident(entry, at as VmOffset) ? 1 : 0;
    }
  }
  return (yield* c.copyOut(c.u64(2), bytes)) ?? 0;
}

/** The page a read of `va` would find, in the entry's object or below, is in memory. */
function isResident(entry: VmMapEntry, va: VmOffset): boolean {
  let object: VmObject | null = entry.object;
  let offset = alignDown(entry.offset + (va - entry.start), PAGE_SIZE);
  while (object !== null) {
    const page = vmPageLookup(object, offset);
    if (page !== null) return !page.absent && !page.error;
    offset += object.shadowOffset;
    object = object.shadow;
  }
  return false;
}
