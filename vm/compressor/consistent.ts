import { check } from "../../emulator/arch/check.js";
import { PAGE_SIZE } from "../types.js";
import { indexOf, isSingleValue, segmentNumber, type Compressor } from "./compressor.js";
import {
  C_IS_FILLING,
  C_ON_BAD_Q,
  C_ON_SWAPIO_Q,
  C_SEG_BUFSIZE,
  slotBytes,
  type Segment,
} from "./segment.js";

/**
 * Check the compressor: every slot of a pager is one slot of a segment that points back, or counted
 * in the table of single values, and nothing else is; frames and bytes add up. @throws HostBug
 */
export function compressorAssertConsistent(compressor: Compressor): void {
  let slots = 0;
  let singles = 0;
  for (const pager of compressor.pagers) {
    let used = 0;
    for (const page of pager.slots.occupied()) {
      used++;
      const slot = pager.slots.get(page);
      if (isSingleValue(slot)) {
        singles++;
        check(compressor.singleValues.count(indexOf(slot)) > 0, "single value that is free", slot);
        continue;
      }
      slots++;
      const segment = compressor.segments[segmentNumber(slot)] ?? null;
      const entry = segment?.slots[indexOf(slot)] ?? null;
      check(entry !== null, "slot of a pager is free in its segment", page, slot);
      check(entry.pager === pager && entry.pageIndex === page, "slot belongs to another", page);
    }
    check(used === pager.slots.used, "used slots of a pager", used, pager.slots.used);
  }
  check(singles === compressor.singleValues.total, "single values", singles);
  let live = 0;
  let frames = 0;
  let bytes = 0;
  let onSwap = 0;
  let count = 0;
  for (const segment of compressor.segments) {
    if (segment === null) continue;
    count++;
    assertSegment(compressor, segment);
    live += segment.liveSlots;
    frames += segment.pages.length;
    if (segment.swapSlot >= 0) onSwap++;
    if (segment.state !== C_ON_BAD_Q && segment.swapSlot < 0) bytes += segment.bytesUsed;
  }
  check(count === compressor.segmentCount, "segment count", count, compressor.segmentCount);
  check(live === slots, "slot of a segment that no pager has", live, slots);
  check(slots + singles === compressor.pagesCompressed, "pages compressed", slots, singles);
  check(frames === compressor.poolPages, "pages of the pool", frames, compressor.poolPages);
  check(frames === compressor.object.residentPageCount, "frame of no segment", frames);
  check(bytes === compressor.bytesUsed, "bytes used", bytes, compressor.bytesUsed);
  const writing = compressor.segments.filter((s) => s?.busy === true && s.swapSlot < 0).length;
  check(onSwap + writing === compressor.swapSlots.used, "swap slots", onSwap, writing);
}

function assertSegment(compressor: Compressor, segment: Segment): void {
  let live = 0;
  let bytes = 0;
  let end = 0;
  for (const slot of segment.slots) {
    if (slot === null) continue;
    check(slot.offset >= end, "slots overlap", segment.number, slot.offset);
    end = slot.offset + slotBytes(slot);
    live++;
    bytes += slotBytes(slot);
  }
  check(live === segment.liveSlots, "live slots", live, segment.liveSlots);
  check(bytes === segment.bytesUsed, "bytes used by a segment", bytes, segment.bytesUsed);
  check(end <= segment.fill && segment.fill <= C_SEG_BUFSIZE, "fill", end, segment.fill);
  const { state } = segment;
  check(segment.busy === (state === C_ON_SWAPIO_Q), "busy without I/O", segment.number);
  check((state === C_IS_FILLING) === (compressor.filling === segment), "filling", segment.number);
  check(live > 0 || segment.busy || state === C_IS_FILLING, "empty segment", segment.number);
  const queue = compressor.queueOf(state);
  check(queue === null || queue.has(segment), "segment is not on its queue", segment.number);
  if (segment.busy || state === C_ON_BAD_Q) return;
  check(segment.onSwap === segment.swapSlot >= 0, "on swap without a slot", segment.number);
  check(segment.onSwap === (segment.pages.length === 0 && segment.fill > 0), "frames", segment);
  const room = segment.pages.length * PAGE_SIZE;
  check(segment.onSwap || segment.fill <= room, "bytes without a frame", segment.fill, room);
}
