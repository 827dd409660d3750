import { THREAD_ABORTSAFE, type Blocking } from "../blocking.js";
import { vmFault } from "../fault/index.js";
import {
  KERN_INVALID_ADDRESS,
  KERN_INVALID_ARGUMENT,
  KERN_NO_SPACE,
  KERN_PROTECTION_FAILURE,
  KERN_SUCCESS,
  PAGE_SIZE,
  VM_BEHAVIOR_CAN_REUSE,
  VM_BEHAVIOR_DEFAULT,
  VM_BEHAVIOR_DONTNEED,
  VM_BEHAVIOR_FREE,
  VM_BEHAVIOR_PAGEOUT,
  VM_BEHAVIOR_RANDOM,
  VM_BEHAVIOR_REUSABLE,
  VM_BEHAVIOR_REUSE,
  VM_BEHAVIOR_RSEQNTL,
  VM_BEHAVIOR_SEQUENTIAL,
  VM_BEHAVIOR_WILLNEED,
  VM_BEHAVIOR_ZERO,
  VM_BEHAVIOR_ZERO_WIRED_PAGES,
  VM_PROT_READ,
  VM_PROT_WRITE,
  VM_SYNC_CONTIGUOUS,
  VM_SYNC_DEACTIVATE,
  VM_SYNC_KILLPAGES,
  type KernReturn,
  type VmBehavior,
  type VmOffset,
} from "../types.js";
import { vmMapClipEnd, vmMapClipStart } from "./clip.js";
import { vmMapEntryAt, vmMapLookupEntryOrNext } from "./find.js";
import { vmMapRangeCheck } from "./find-space.js";
import type { VmMap } from "./map.js";
import { vmMapMsync } from "./msync.js";
import { vmMapCanReuse, vmMapReusablePages, vmMapReusePages } from "./reusable.js";
import { vmMapZero } from "./zero.js";

/**
 * Say how [start, end) will be used: the four stored behaviours, or an action. XNU:
 * vm_map_behavior_set.
 * @returns KERN_NO_SPACE outside the map; KERN_INVALID_ADDRESS at a hole; KERN_PROTECTION_FAILURE
 *   where zeroing on unwire is asked for memory that is not writable; or as the function that does it
 */
export function* vmMapBehaviorSet(
  map: VmMap,
  start: VmOffset,
  end: VmOffset,
  behavior: VmBehavior,
): Blocking<KernReturn> {
  if (start > end || start < map.minOffset || end > map.maxOffset) return KERN_NO_SPACE;
  switch (behavior) {
    case VM_BEHAVIOR_DEFAULT:
    case VM_BEHAVIOR_RANDOM:
    case VM_BEHAVIOR_SEQUENTIAL:
    case VM_BEHAVIOR_RSEQNTL:
      return withExclusive(map, () => store(map, start, end, behavior));
    case VM_BEHAVIOR_ZERO_WIRED_PAGES:
      return withExclusive(map, () => zeroWiredPages(map, start, end));
    case VM_BEHAVIOR_WILLNEED:
      return yield* willNeed(map, start, end);
    case VM_BEHAVIOR_DONTNEED:
      return yield* vmMapMsync(map, start, end, VM_SYNC_DEACTIVATE | VM_SYNC_CONTIGUOUS);
    case VM_BEHAVIOR_FREE:
      return yield* vmMapMsync(map, start, end, VM_SYNC_KILLPAGES | VM_SYNC_CONTIGUOUS);
    case VM_BEHAVIOR_REUSABLE:
      return vmMapReusablePages(map, start, end);
    case VM_BEHAVIOR_REUSE:
      return vmMapReusePages(map, start, end);
    case VM_BEHAVIOR_CAN_REUSE:
      return vmMapCanReuse(map, start, end);
    case VM_BEHAVIOR_ZERO:
      return vmMapZero(map, start, end);
    case VM_BEHAVIOR_PAGEOUT: // debug kernels only
    default:
      return KERN_INVALID_ARGUMENT;
  }
}

function withExclusive(map: VmMap, change: () => KernReturn): KernReturn {
  map.lockExclusive();
  const kr = change();
  map.unlockExclusive();
  return kr;
}

function store(map: VmMap, start: VmOffset, end: VmOffset, behavior: 0 | 1 | 2 | 3): KernReturn {
  if (!vmMapRangeCheck(map, start, end)) return KERN_INVALID_ADDRESS;
  let entry = vmMapLookupEntryOrNext(map, start);
  for (; entry !== null && entry.start < end; entry = entry.next) {
    vmMapClipStart(map, entry, start);
    vmMapClipEnd(map, entry, end);
    entry.behavior = behavior;
  }
  return KERN_SUCCESS;
}

/** Wired pages of these entries are zeroed when deletion unwires them. */
function zeroWiredPages(map: VmMap, start: VmOffset, end: VmOffset): KernReturn {
  if (!vmMapRangeCheck(map, start, end)) return KERN_INVALID_ADDRESS;
  let entry = vmMapLookupEntryOrNext(map, start);
  for (; entry !== null && entry.start < end; entry = entry.next) {
    vmMapClipStart(map, entry, start);
    vmMapClipEnd(map, entry, end);
    if ((entry.protection & VM_PROT_WRITE) === 0 || entry.usedForJit) {
      return KERN_PROTECTION_FAILURE;
    }
    entry.zeroWiredPages = true;
  }
  return KERN_SUCCESS;
}

/** Bring the pages in now. XNU: vm_map_willneed, which prefaults on macOS. */
function* willNeed(map: VmMap, start: VmOffset, end: VmOffset): Blocking<KernReturn> {
  let at = start;
  while (at < end) {
    map.lockShared();
    const entry = vmMapEntryAt(map, at);
    const writable = entry !== null && (entry.protection & VM_PROT_WRITE) !== 0;
    const entryEnd = entry?.end ?? at;
    map.unlockShared();
    if (entry === null) return KERN_INVALID_ADDRESS;
    const access = writable ? VM_PROT_READ | VM_PROT_WRITE : VM_PROT_READ;
    for (; at < Math.min(entryEnd, end); at = (at + PAGE_SIZE) as VmOffset) {
      const kr = yield* vmFault(map, at, access, false, THREAD_ABORTSAFE);
      if (kr !== KERN_SUCCESS) return kr;
    }
  }
  return KERN_SUCCESS;
}
