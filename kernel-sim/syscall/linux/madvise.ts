import type { Blocking } from "../../../vm/blocking.js";
import { vmMapBehaviorSet } from "../../../vm/map/behavior.js";
import { vmMapEnterMemObject } from "../../../vm/map/enter-mem-object.js";
import { vmkFlagsFixed } from "../../../vm/map/flags.js";
import { vmMapInherit } from "../../../vm/map/inherit.js";
import type { VmMap } from "../../../vm/map/map.js";
import { vmObjectDeallocate, vmObjectReference } from "../../../vm/object/index.js";
import type { VmObject } from "../../../vm/object/object.js";
import {
  KERN_SUCCESS,
  VM_BEHAVIOR_DEFAULT,
  VM_BEHAVIOR_RANDOM,
  VM_BEHAVIOR_SEQUENTIAL,
  VM_BEHAVIOR_WILLNEED,
  VM_INHERIT_COPY,
  VM_INHERIT_NONE,
  VM_INHERIT_SHARE,
  type KernReturn,
  type VmInherit,
} from "../../../vm/types.js";
import {
  MADV_COLD,
  MADV_DODUMP,
  MADV_DOFORK,
  MADV_DONTDUMP,
  MADV_DONTFORK,
  MADV_DONTNEED,
  MADV_FREE,
  MADV_HUGEPAGE,
  MADV_MERGEABLE,
  MADV_NOHUGEPAGE,
  MADV_NORMAL,
  MADV_PAGEOUT,
  MADV_POPULATE_READ,
  MADV_POPULATE_WRITE,
  MADV_RANDOM,
  MADV_SEQUENTIAL,
  MADV_UNMERGEABLE,
  MADV_WILLNEED,
} from "./abi.js";
import type { LinuxCall, LinuxResult } from "./call.js";
import { isMapped, mappingErrno, pageRange, piecesOf, type Piece } from "./memory-range.js";

/** Does the advice's work on one piece of the range. */
type Advice = (map: VmMap, piece: Piece) => Blocking<KernReturn> | KernReturn;

function behavior(value: number): Advice {
  return (map, { start, end }) => vmMapBehaviorSet(map, start, end, value);
}

/** Shared memory is always inherited: what it was could not be told afterwards. */
function inherit(value: VmInherit): Advice {
  return (map, { start, end, entry }) =>
    entry.inheritance === VM_INHERIT_SHARE ? KERN_SUCCESS : vmMapInherit(map, start, end, value);
}

/** What may be forgotten without anybody noticing is kept. */
const nothing: Advice = () => KERN_SUCCESS;

const ADVICE: Readonly<Record<number, Advice>> = {
  [MADV_NORMAL]: behavior(VM_BEHAVIOR_DEFAULT),
  [MADV_RANDOM]: behavior(VM_BEHAVIOR_RANDOM),
  [MADV_SEQUENTIAL]: behavior(VM_BEHAVIOR_SEQUENTIAL),
  [MADV_WILLNEED]: behavior(VM_BEHAVIOR_WILLNEED),
  [MADV_POPULATE_READ]: behavior(VM_BEHAVIOR_WILLNEED),
  [MADV_POPULATE_WRITE]: behavior(VM_BEHAVIOR_WILLNEED),
  [MADV_DONTNEED]: renew,
  [MADV_FREE]: nothing,
  [MADV_DONTFORK]: inherit(VM_INHERIT_NONE),
  [MADV_DOFORK]: inherit(VM_INHERIT_COPY),
  [MADV_MERGEABLE]: nothing,
  [MADV_UNMERGEABLE]: nothing,
  [MADV_HUGEPAGE]: nothing,
  [MADV_NOHUGEPAGE]: nothing,
  [MADV_DONTDUMP]: nothing,
  [MADV_DODUMP]: nothing,
  [MADV_COLD]: nothing,
  [MADV_PAGEOUT]: nothing,
};

/**
 * madvise. Hints become behaviours of the map; MADV_DONTNEED does what Linux promises: private
 * memory reads as if it had just been mapped.
 */
export function* madvise(c: LinuxCall): Blocking<LinuxResult> {
  const { map } = c.task;
  const advice = ADVICE[c.int(2)];
  if (advice === undefined || c.u64(0) % BigInt(c.pageSize) !== 0n) return "EINVAL";
  const range = pageRange(c.task.map, c.u64(0), c.u64(1));
  if (range === null) return "EINVAL";
  if (range.start === range.end) return 0;
  const whole = isMapped(map, range);
  const pieces = piecesOf(map, range);
  if (c.int(2) === MADV_DONTNEED && pieces.some((p) => p.entry.wiredCount > 0)) return "EINVAL";
  for (const piece of pieces) {
    const outcome = advice(map, piece);
    const kr = typeof outcome === "number" ? outcome : yield* outcome;
    if (kr !== KERN_SUCCESS) return mappingErrno(kr);
  }
  return whole ? 0 : "ENOMEM";
}

/** Map the same thing afresh in the same place; shared memory stays as it is. */
function* renew(map: VmMap, { entry, start, end }: Piece): Blocking<KernReturn> {
  if (entry.inheritance === VM_INHERIT_SHARE) return KERN_SUCCESS;
  const file = fileOf(entry.object, entry.offset + (start - entry.start));
  if (file !== null) vmObjectReference(file.object);
  const result = yield* vmMapEnterMemObject(
    map,
    {
      address: start,
      size: end - start,
      flags: vmkFlagsFixed({ overwrite: true, tag: entry.alias }),
    },
    file?.object ?? null,
    file?.offset ?? 0,
    file !== null,
    entry.protection,
    entry.maxProtection,
    entry.inheritance,
  );
  if (result.kr !== KERN_SUCCESS && file !== null) vmObjectDeallocate(file.object);
  return result.kr;
}

/** The file at the bottom of a shadow chain, and where in it an offset of the top ends up. */
export function fileOf(
  top: VmObject | null,
  topOffset: number,
): { readonly object: VmObject; readonly offset: number } | null {
  let object = top;
  let offset = topOffset;
  while (object !== null && object.internal) {
    offset += object.shadowOffset;
    object = object.shadow;
  }
  return object === null ? null : { object, offset };
}
