import { check } from "../../emulator/arch/check.js";
import type { VmContext } from "../context.js";
import {
  KERN_FAILURE,
  KERN_RESOURCE_SHORTAGE,
  KERN_SUCCESS,
  PAGE_SIZE,
  panic,
  type KernReturn,
} from "../types.js";
import type { VmMapEntry } from "./entry.js";
import type { VmMap } from "./map.js";

/** Most wirings an entry can count. */
export const MAX_WIRE_COUNT = 65535;

/** Share of RAM users may wire, in percent, by floor(log2 RAM) - 32 (vm_resident.c). */
const USER_WIRE_PERCENT = [70, 73, 76, 79, 82, 85, 88, 91, 94, 97] as const;
const MAX_UNWIREABLE_BYTES = 32 * 2 ** 30;

/** Most memory users may wire, all together and (the same) each, in bytes. */
export function userWireLimitBytes(context: VmContext): number {
  const ram = context.phys.pageCount * PAGE_SIZE;
  const slot = Math.floor(Math.log2(ram)) - 32;
  const percent = USER_WIRE_PERCENT[Math.min(Math.max(slot, 0), 9)] ?? 97;
  return Math.max((ram / 100) * percent, ram - MAX_UNWIREABLE_BYTES);
}

/**
 * Count one more wiring of an entry. XNU: add_wire_counts. N user wirings are one wiring of the
 * pages; the limits are checked on the first of them only.
 * @returns KERN_RESOURCE_SHORTAGE over a limit; KERN_FAILURE when a count is full
 * Locks: map exclusively.
 */
export function vmMapAddWireCounts(map: VmMap, entry: VmMapEntry, userWire: boolean): KernReturn {
  map.lock.assertExclusive();
  if (!userWire) {
    if (entry.wiredCount >= MAX_WIRE_COUNT) panic("vm_map_wire: too many wirings");
    entry.wiredCount += 1;
    return KERN_SUCCESS;
  }
  if (entry.userWiredCount === 0) {
    const size = entry.end - entry.start;
    const limit = userWireLimitBytes(map.context);
    const wiredBytes = map.context.pages.wireCount * PAGE_SIZE;
    if (size + map.userWireSize > Math.min(map.userWireLimit, limit)) return KERN_RESOURCE_SHORTAGE;
    if (size + wiredBytes > limit) return KERN_RESOURCE_SHORTAGE;
    if (entry.wiredCount >= MAX_WIRE_COUNT) return KERN_FAILURE;
    entry.wiredCount += 1;
    map.userWireSize += size;
  }
  if (entry.userWiredCount >= MAX_WIRE_COUNT) return KERN_FAILURE;
  entry.userWiredCount += 1;
  return KERN_SUCCESS;
}

/** Undo one vmMapAddWireCounts. XNU: subtract_wire_counts. Locks: map exclusively. */
export function vmMapSubtractWireCounts(map: VmMap, entry: VmMapEntry, userWire: boolean): void {
  map.lock.assertExclusive();
  check(entry.wiredCount >= 1, "wire count underflow", entry);
  if (!userWire) {
    entry.wiredCount -= 1;
    return;
  }
  check(entry.userWiredCount >= 1, "user wire count underflow", entry);
  if (entry.userWiredCount === 1) {
    entry.wiredCount -= 1;
    map.userWireSize -= entry.end - entry.start;
  }
  entry.userWiredCount -= 1;
}
