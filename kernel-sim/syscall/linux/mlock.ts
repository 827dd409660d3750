import type { Blocking } from "../../../vm/blocking.js";
import { vmMapUnwireNested } from "../../../vm/map/unwire.js";
import { vmMapWireNested } from "../../../vm/map/wire.js";
import {
  KERN_PROTECTION_FAILURE,
  KERN_SUCCESS,
  MACH_VM_MAX_ADDRESS,
  VM_MIN_ADDRESS,
  VM_PROT_EXECUTE,
  VM_PROT_NONE,
} from "../../../vm/types.js";
import type { LinuxCall, LinuxResult } from "./call.js";
import { coveringRange, isMapped, piecesOf, type PageRange } from "./memory-range.js";

const MCL_CURRENT = 1;
const MCL_FUTURE = 2;
const MCL_ONFAULT = 4;
const EVERYTHING: PageRange = { start: VM_MIN_ADDRESS, end: MACH_VM_MAX_ADDRESS };

/**
 * Lock pages into memory. Locks do not nest on Linux: what is locked already stays as it is.
 * Differs from Linux: nothing stays locked when the call fails, and code is not locked (EPERM).
 */
export function* mlock(c: LinuxCall): Blocking<LinuxResult> {
  const range = coveringRange(c.task.map, c.u64(0), c.u64(1));
  if (range === null) return "EINVAL";
  if (range.start === range.end) return 0;
  if (!isMapped(c.task.map, range)) return "ENOMEM";
  return yield* lock(c, unlocked(c, range));
}

/** The parts of a range that are not locked yet. */
function unlocked(c: LinuxCall, range: PageRange): readonly PageRange[] {
  return piecesOf(c.task.map, range).filter((piece) => piece.entry.userWiredCount === 0);
}

function* lock(c: LinuxCall, parts: readonly PageRange[]): Blocking<LinuxResult> {
  const { map } = c.task;
  const done: PageRange[] = [];
  for (const part of parts) {
    const kr = yield* vmMapWireNested(map, part.start, part.end, VM_PROT_NONE, true);
    if (kr === KERN_SUCCESS) {
      done.push(part);
      continue;
    }
    for (const { start, end } of done) yield* vmMapUnwireNested(map, start, end, true);
    return kr === KERN_PROTECTION_FAILURE ? "EPERM" : "ENOMEM";
  }
  return 0;
}

export function* munlock(c: LinuxCall): Blocking<LinuxResult> {
  const range = coveringRange(c.task.map, c.u64(0), c.u64(1));
  if (range === null) return "EINVAL";
  if (range.start === range.end) return 0;
  if (!isMapped(c.task.map, range)) return "ENOMEM";
  yield* unlock(c, range);
  return 0;
}

function* unlock(c: LinuxCall, range: PageRange): Blocking<void> {
  for (const { start, end, entry } of piecesOf(c.task.map, range)) {
    if (entry.userWiredCount > 0) yield* vmMapUnwireNested(c.task.map, start, end, true);
  }
}

/** Lock everything but code that is mapped now; what is mapped later with MCL_FUTURE. */
export function* mlockall(c: LinuxCall): Blocking<LinuxResult> {
  const flags = c.uint(0);
  if (flags === 0 || (flags & ~(MCL_CURRENT | MCL_FUTURE | MCL_ONFAULT)) !== 0) return "EINVAL";
  if (flags === MCL_ONFAULT) return "EINVAL";
  c.task.map.wiringRequired = (flags & MCL_FUTURE) !== 0;
  if ((flags & MCL_CURRENT) === 0) return 0;
  const data = piecesOf(c.task.map, EVERYTHING).filter(
    ({ entry }) =>
      entry.userWiredCount === 0 &&
      entry.protection !== VM_PROT_NONE &&
      (entry.protection & VM_PROT_EXECUTE) === 0,
  );
  return yield* lock(c, data);
}

export function* munlockall(c: LinuxCall): Blocking<LinuxResult> {
  c.task.map.wiringRequired = false;
  yield* unlock(c, EVERYTHING);
  return 0;
}
