import type { Compressor } from "./compressor.js";
import { slotNumber } from "./compressor.js";
import { PAGE_SIZE } from "../types.js";
import { C_SEG_BUFSIZE, slotBytes, type Segment, type SegmentSlot } from "./segment.js";

/** A segment with so much used is left as it is. */
const NEARLY_FULL = 0.9 * C_SEG_BUFSIZE;

const buffer = new Uint8Array(PAGE_SIZE);

/**
 * Close the holes of a segment in memory: its pages move to the front, and frames behind them are
 * freed. XNU: c_seg_minor_compaction_and_unlock.
 */
export function minorCompact(compressor: Compressor, segment: Segment): void {
  compressor.minorQueue.delete(segment);
  const { phys } = compressor.ctx;
  const live = segment.slots.filter((slot): slot is SegmentSlot => slot !== null);
  segment.slots.length = 0;
  segment.fill = 0;
  for (const slot of live) {
    if (slot.offset !== segment.fill) {
      const bytes = buffer.subarray(0, slot.size);
      segment.read(phys, slot.offset, bytes);
      segment.write(phys, segment.fill, bytes);
      slot.offset = segment.fill;
    }
    segment.fill += slotBytes(slot);
    const index = segment.slots.push(slot) - 1;
    slot.pager.slots.set(slot.pageIndex, slotNumber(segment.number, index));
  }
  compressor.releasePages(segment, Math.ceil(segment.fill / PAGE_SIZE));
  compressor.counters.minorCompactions++;
}

/**
 * Fill a segment up with pages of a younger one, which is freed if nothing is left of it. XNU:
 * c_seg_major_compact.
 * @returns false when there was no room, or no frame to move to
 */
export function majorCompact(compressor: Compressor, into: Segment, from: Segment): boolean {
  if (into.bytesUnused > 0) minorCompact(compressor, into);
  if (into.bytesUsed >= NEARLY_FULL && from.bytesUsed >= NEARLY_FULL) return false;
  const { phys } = compressor.ctx;
  let moved = false;
  for (let at = 0; at < from.slots.length && !into.isFull; at++) {
    const slot = from.slots[at];
    if (slot === null || slot === undefined) continue;
    const bytes = slotBytes(slot);
    if (into.fill + bytes > C_SEG_BUFSIZE) break;
    if (!compressor.populate(into, into.fill + slot.size, false)) break;
    const contents = buffer.subarray(0, slot.size);
    from.read(phys, slot.offset, contents);
    const index = into.append(phys, slot, contents);
    slot.pager.slots.set(slot.pageIndex, slotNumber(into.number, index));
    from.slots[at] = null;
    from.liveSlots -= 1;
    from.bytesUsed -= bytes;
    moved = true;
  }
  if (moved) compressor.counters.majorCompactions++;
  if (from.liveSlots === 0) compressor.destroySegment(from);
  else if (moved) minorCompact(compressor, from);
  return moved && !into.isFull;
}
