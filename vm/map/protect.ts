import { THREAD_UNINT, type Blocking } from "../blocking.js";
import { vmObjectPmapProtect } from "../object/index.js";
import { pmapProtect } from "../pmap/index.js";
import {
  KERN_INVALID_ADDRESS,
  KERN_PROTECTION_FAILURE,
  KERN_SUCCESS,
  VM_PROT_ALL,
  VM_PROT_COPY,
  VM_PROT_EXECUTE,
  VM_PROT_WRITE,
  type KernReturn,
  type VmOffset,
  type VmProt,
} from "../types.js";
import { vmMapClipEnd, vmMapClipStart } from "./clip.js";
import { vmMapEntryWait } from "./delete.js";
import type { VmMapEntry } from "./entry.js";
import { vmMapEntryAt, vmMapLookupEntryOrNext } from "./find.js";
import { hasOwnTranslations, type VmMap } from "./map.js";
import { vmMapProtectCopy } from "./remap.js";
import { vmMapSimplifyRange } from "./simplify.js";

const WRITABLE_CODE = VM_PROT_WRITE | VM_PROT_EXECUTE;

/**
 * Change the protection of [start, end), or with `setMaximum` lower the most it may ever be.
 * XNU: vm_map_protect. With VM_PROT_COPY the range is first replaced by a private copy of itself,
 * which may be made writable although the original may not.
 * @returns KERN_INVALID_ADDRESS at a hole or outside the map; KERN_PROTECTION_FAILURE beyond an
 *   entry's maximum or for writable code. Everything is checked, in address order, before anything
 *   changes.
 * Locks: takes the map exclusively; sleeps for entries in transition.
 */
export function* vmMapProtect(
  map: VmMap,
  start: VmOffset,
  end: VmOffset,
  newProt: VmProt,
  setMaximum: boolean,
): Blocking<KernReturn> {
  let prot = newProt;
  if ((prot & VM_PROT_COPY) !== 0) {
    prot &= ~VM_PROT_COPY;
    const kr = yield* vmMapProtectCopy(map, start, end, prot);
    if (kr !== KERN_SUCCESS) return kr;
  }
  map.lockExclusive();
  const kr = yield* protectLocked(map, start, end, prot, setMaximum);
  map.unlockExclusive();
  return kr;
}

function* protectLocked(
  map: VmMap,
  start: VmOffset,
  end: VmOffset,
  newProt: VmProt,
  setMaximum: boolean,
): Blocking<KernReturn> {
  const verdict = checkProtect(map, start, end, newProt);
  if (verdict.kr !== KERN_SUCCESS) return verdict.kr;

  let entry = vmMapLookupEntryOrNext(map, start);
  while (entry !== null && entry.start < end) {
    vmMapClipStart(map, entry, start);
    vmMapClipEnd(map, entry, end);
    if (entry.inTransition) {
      const from = entry.start;
      yield* vmMapEntryWait(map, entry, THREAD_UNINT);
      entry = vmMapLookupEntryOrNext(map, from);
      continue;
    }
    setProtection(map, entry, newProt & ~stripped(verdict.stripFrom, entry), setMaximum);
    entry = entry.next;
  }
  vmMapSimplifyRange(map, start, end);
  return KERN_SUCCESS;
}

/** Under an alien policy EXECUTE is dropped from the first writable-code entry on. */
interface ProtectVerdict {
  readonly kr: KernReturn;
  readonly stripFrom: VmOffset;
}

function stripped(stripFrom: VmOffset, entry: VmMapEntry): VmProt {
  return entry.end > stripFrom ? VM_PROT_EXECUTE : 0;
}

/** First pass: may every entry become this? Nothing is changed. */
function checkProtect(map: VmMap, start: VmOffset, end: VmOffset, asked: VmProt): ProtectVerdict {
  let newProt = asked;
  let stripFrom = Infinity as VmOffset;
  const refuse = (kr: KernReturn): ProtectVerdict => ({ kr, stripFrom });

  if (start >= map.maxOffset) return refuse(KERN_INVALID_ADDRESS);
  let entry = vmMapEntryAt(map, start);
  if (entry === null) return refuse(KERN_INVALID_ADDRESS);
  let reached = start;
  while (entry !== null && entry.start < end) {
    if (entry.start > reached) return refuse(KERN_INVALID_ADDRESS);
    if ((newProt & entry.maxProtection) !== newProt) return refuse(KERN_PROTECTION_FAILURE);
    if ((newProt & WRITABLE_CODE) === WRITABLE_CODE && !entry.usedForJit && !map.isKernel) {
      if (!map.isAlien) return refuse(KERN_PROTECTION_FAILURE);
      newProt &= ~VM_PROT_EXECUTE;
      stripFrom = entry.start;
    }
    if (map.mapDisallowNewExec) {
      const becomesCode = (newProt & VM_PROT_EXECUTE) !== 0;
      const isCode = (entry.protection & VM_PROT_EXECUTE) !== 0;
      if (becomesCode || (isCode && (newProt & VM_PROT_WRITE) !== 0)) {
        return refuse(KERN_PROTECTION_FAILURE);
      }
    }
    reached = entry.end;
    entry = entry.next;
  }
  return reached < end ? refuse(KERN_INVALID_ADDRESS) : { kr: KERN_SUCCESS, stripFrom };
}

function setProtection(map: VmMap, entry: VmMapEntry, prot: VmProt, setMaximum: boolean): void {
  const old = entry.protection;
  if (setMaximum) {
    entry.maxProtection = prot;
    entry.protection &= prot;
  } else {
    entry.protection = prot;
  }
  if (entry.protection === old) return;
  // Write access comes back by faults, so pending copies and pushes are still seen.
  const hardware = entry.protection & ~VM_PROT_WRITE & VM_PROT_ALL;
  if (map.mappedInOtherPmaps && entry.object !== null) {
    // A submap: its memory is entered in the pmaps of the maps it is part of.
    const size = entry.end - entry.start;
    vmObjectPmapProtect(entry.object, entry.offset, size, null, entry.start, hardware);
  }
  if (!hasOwnTranslations(map)) return;
  const pmap = entry.submap !== null && entry.usePmap ? entry.submap.pmap : map.pmap;
  if (pmap === null) return;
  pmapProtect(pmap, entry.start, entry.end, hardware);
}

/**
 * Does every page of [start, end) allow all of `prot`? XNU: vm_map_check_protection.
 * Locks: takes the map shared.
 */
export function vmMapCheckProtection(
  map: VmMap,
  start: VmOffset,
  end: VmOffset,
  prot: VmProt,
): boolean {
  map.lockShared();
  const ok = checkProtection(map, start, end, prot);
  map.unlockShared();
  return ok;
}

function checkProtection(map: VmMap, start: VmOffset, end: VmOffset, prot: VmProt): boolean {
  if (start < map.minOffset || end > map.maxOffset || start > end) return false;
  let entry = vmMapEntryAt(map, start);
  let at = start;
  while (at < end) {
    if (entry === null || at < entry.start) return false;
    if ((entry.protection & prot) !== prot) return false;
    at = entry.end;
    entry = entry.next;
  }
  return at > start || entry !== null;
}
