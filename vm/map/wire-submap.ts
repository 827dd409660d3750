import type { Blocking } from "../blocking.js";
import type { Pmap } from "../pmap/index.js";
import {
  KERN_FAILURE,
  KERN_SUCCESS,
  VM_PROT_COPY,
  VM_PROT_COPY_FAIL_IF_EXECUTABLE,
  type KernReturn,
  type VmOffset,
  type VmProt,
} from "../types.js";
import { vmMapClipEnd, vmMapClipStart } from "./clip.js";
import type { VmMapEntry } from "./entry.js";
import { vmMapEntryAt } from "./find.js";
import { vmMapLookupAndLockObject } from "./lookup.js";
import type { VmMap } from "./map.js";
import { vmMapSubmapCopySlowly } from "./submap.js";

/** Where the translations of a map's memory go, when it is worked on through a parent. */
export interface PmapTarget {
  readonly pmap: Pmap | null;
  /** Address in `pmap` of `start`, an address of the map worked on. */
  readonly va: VmOffset;
  readonly start: VmOffset;
}

/** The pmap address of an address of the map; its own pmap's if no parent says otherwise. */
export function pmapAddress(target: PmapTarget | null, va: VmOffset): VmOffset {
  return target === null ? va : ((target.va + (va - target.start)) as VmOffset);
}

/** The part of a submap that an entry shows, and the pmap its memory is entered in. */
export interface SubmapPart {
  readonly start: VmOffset;
  readonly end: VmOffset;
  readonly target: PmapTarget;
}

/**
 * XNU: the choice of pmap in vm_map_wire_nested and vm_map_unwire_nested: the topmost parent's, or
 * the submap's own where that is nested into the parent's.
 */
export function submapPart(map: VmMap, entry: VmMapEntry, parent: PmapTarget | null): SubmapPart {
  const start = entry.offset as VmOffset;
  const end = (start + (entry.end - entry.start)) as VmOffset;
  const nested = parent === null && entry.usePmap && entry.submap !== null;
  // A nested pmap has its mappings at the addresses of those who show it.
  const pmap = parent !== null ? parent.pmap : nested ? (entry.submap?.pmap ?? null) : map.pmap;
  return { start, end, target: { pmap, va: pmapAddress(parent, entry.start), start } };
}

/**
 * Before a submap entry is wired: let a pending copy of it happen, as by a write. The entry may map
 * memory of its own afterwards. XNU: the lookup in vm_map_wire_nested.
 * @returns the entry at `at` now, clipped to [at, end)
 * Locks: map exclusively on entry and return; given up meanwhile.
 */
export function* resolveSubmapCopy(
  map: VmMap,
  at: VmOffset,
  end: VmOffset,
  access: VmProt,
): Blocking<{ readonly kr: KernReturn; readonly entry: VmMapEntry | null }> {
  const sparesCode = !map.isKernel && map.csEnforcement;
  const noCode = sparesCode ? VM_PROT_COPY_FAIL_IF_EXECUTABLE : 0;
  for (;;) {
    map.lockDowngrade();
    const found = vmMapLookupAndLockObject(map, at, access | VM_PROT_COPY | noCode);
    if ("object" in found) found.object.lock.unlockExclusive();
    found.map.unlockShared();
    if ("mustSleep" in found) {
      const kr = yield* vmMapSubmapCopySlowly(map, at, sparesCode);
      map.lockExclusive();
      if (kr !== KERN_SUCCESS) return { kr, entry: null };
      continue;
    }
    map.lockExclusive();
    if (found.kr !== KERN_SUCCESS) return { kr: found.kr, entry: null };
    const entry = vmMapEntryAt(map, at);
    if (entry === null) return { kr: KERN_FAILURE, entry: null };
    vmMapClipStart(map, entry, at);
    vmMapClipEnd(map, entry, end);
    return { kr: KERN_SUCCESS, entry };
  }
}
