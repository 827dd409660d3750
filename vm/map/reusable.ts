import {
  vmObjectDeactivatePages,
  VM_PURGABLE_DENY,
  MEMORY_OBJECT_COPY_SYMMETRIC,
  type VmObject,
} from "../object/index.js";
import { vmPageLookup } from "../page/resident.js";
import {
  KERN_INVALID_ADDRESS,
  KERN_PROTECTION_FAILURE,
  KERN_SUCCESS,
  PAGE_SIZE,
  VM_INHERIT_DEFAULT,
  VM_MEMORY_MALLOC,
  VM_MEMORY_MALLOC_LARGE,
  VM_MEMORY_MALLOC_LARGE_REUSABLE,
  VM_MEMORY_MALLOC_LARGE_REUSED,
  VM_MEMORY_MALLOC_SMALL,
  VM_MEMORY_MALLOC_TINY,
  VM_MEMORY_REALLOC,
  VM_PROT_ALL,
  VM_PROT_DEFAULT,
  VM_PROT_WRITE,
  type KernReturn,
  type VmOffset,
} from "../types.js";
import type { VmMapEntry } from "./entry.js";
import { vmMapLookupEntryOrNext } from "./find.js";
import { vmMapRangeCheck } from "./find-space.js";
import type { VmMap } from "./map.js";

/** Wimg bits of ordinary memory. */
const DEFAULT_WIMG = 0x80;

/** Only the allocator's own memory is looked at closely. */
const MALLOC_TAGS: ReadonlySet<number> = new Set([
  VM_MEMORY_MALLOC,
  VM_MEMORY_MALLOC_SMALL,
  VM_MEMORY_MALLOC_LARGE,
  VM_MEMORY_REALLOC,
  VM_MEMORY_MALLOC_TINY,
  VM_MEMORY_MALLOC_LARGE_REUSABLE,
  VM_MEMORY_MALLOC_LARGE_REUSED,
]);

/**
 * The allocator keeps [start, end) but not its contents: the pages may be taken without being saved.
 * XNU: vm_map_reusable_pages. Sub-page maps: nothing happens.
 * @returns KERN_INVALID_ADDRESS at a hole or where the memory is not as the allocator made it;
 *   KERN_PROTECTION_FAILURE where it cannot be written; what came before that has been done
 * Locks: takes the map exclusively (the tag changes).
 */
export function vmMapReusablePages(map: VmMap, start: VmOffset, end: VmOffset): KernReturn {
  if (map.isExotic) return KERN_SUCCESS;
  return eachEntry(map, start, end, (entry, offset, size) => {
    if ((entry.protection & VM_PROT_WRITE) === 0 && !entry.usedForJit) {
      return KERN_PROTECTION_FAILURE;
    }
    const { object } = entry;
    if (object === null) return KERN_SUCCESS;
    if (isKillable(entry, object)) {
      vmObjectDeactivatePages(object, offset, size, true);
      markReusable(object, offset, size, true);
    }
    const large =
      entry.alias === VM_MEMORY_MALLOC_LARGE || entry.alias === VM_MEMORY_MALLOC_LARGE_REUSED;
    if (large) entry.alias = VM_MEMORY_MALLOC_LARGE_REUSABLE;
    return KERN_SUCCESS;
  });
}

/** The allocator uses the memory again. XNU: vm_map_reuse_pages. @returns as vmMapReusablePages */
export function vmMapReusePages(map: VmMap, start: VmOffset, end: VmOffset): KernReturn {
  if (map.isExotic) return KERN_SUCCESS;
  return eachEntry(map, start, end, (entry, offset, size) => {
    if (entry.object !== null) markReusable(entry.object, offset, size, false);
    if (entry.alias === VM_MEMORY_MALLOC_LARGE_REUSABLE) {
      entry.alias = VM_MEMORY_MALLOC_LARGE_REUSED;
    }
    return KERN_SUCCESS;
  });
}

/** Would vmMapReusePages do? XNU: vm_map_can_reuse. */
export function vmMapCanReuse(map: VmMap, start: VmOffset, end: VmOffset): KernReturn {
  return eachEntry(map, start, end, () => KERN_SUCCESS);
}

function eachEntry(
  map: VmMap,
  start: VmOffset,
  end: VmOffset,
  act: (entry: VmMapEntry, offset: number, size: number) => KernReturn,
): KernReturn {
  map.lockExclusive();
  let kr: KernReturn = vmMapRangeCheck(map, start, end) ? KERN_SUCCESS : KERN_INVALID_ADDRESS;
  let entry = kr === KERN_SUCCESS ? vmMapLookupEntryOrNext(map, start) : null;
  for (; entry !== null && entry.start < end && kr === KERN_SUCCESS; entry = entry.next) {
    const from = Math.max(entry.start, start);
    const size = Math.min(entry.end, end) - from;
    kr = isReusable(entry)
      ? act(entry, entry.offset + (from - entry.start), size)
      : KERN_INVALID_ADDRESS;
  }
  map.unlockExclusive();
  return kr;
}

/** XNU: vm_map_entry_is_reusable. */
function isReusable(entry: VmMapEntry): boolean {
  if (entry.submap !== null) return false;
  if (!MALLOC_TAGS.has(entry.alias)) return true;
  const pristine =
    !entry.inTransition &&
    entry.protection === VM_PROT_DEFAULT &&
    entry.maxProtection === VM_PROT_ALL &&
    entry.inheritance === VM_INHERIT_DEFAULT &&
    !entry.noCache &&
    !entry.permanent &&
    !entry.superpageSize &&
    !entry.zeroWiredPages &&
    entry.wiredCount === 0;
  const { object } = entry;
  if (!pristine || object === null) return pristine;
  return (
    object.internal &&
    object.shadow === null &&
    object.copy === null &&
    object.purgable === VM_PURGABLE_DENY &&
    object.wimgBits === DEFAULT_WIMG
  );
}

/** Nobody else would miss the pages, and the pmap accounts for them. */
function isKillable(entry: VmMapEntry, object: VmObject): boolean {
  const uncopied = object.copyStrategy !== MEMORY_OBJECT_COPY_SYMMETRIC && object.copy === null;
  return object.shadow === null && entry.usePmap && (object.refCount === 1 || uncopied);
}

function markReusable(object: VmObject, offset: number, size: number, reusable: boolean): void {
  for (let at = offset; at < offset + size; at += PAGE_SIZE) {
    const page = vmPageLookup(object, at);
    if (page !== null && !page.busy && page.wireCount === 0) page.reusable = reusable;
  }
}
