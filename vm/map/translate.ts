import { alignDown } from "../address.js";
import type { VmObject } from "../object/object.js";
import { vmPageLookup } from "../page/resident.js";
import { PAGE_SIZE, VM_PROT_WRITE, type Ppn, type VmOffset, type VmProt } from "../types.js";
import type { VmMapEntry } from "./entry.js";
import { vmMapEntryAt } from "./find.js";
import type { VmMap } from "./map.js";

/** The frame of an address and where in it the address lies, or why a fault is needed first. */
export type SoftwareTranslation =
  { readonly ppn: Ppn; readonly inFrame: number } | "translation" | "permission";

/**
 * What a page table that knew everything the map knows would say of an access. A write marks the page
 * dirty, as the hardware would.
 * A page that may only be read as it is (a pending copy, a page of a lower object, a page whose copy
 * object lacks it) is refused to a write, as the fault handler would enter it read-only.
 */
export function vmMapSoftwareTranslate(
  map: VmMap,
  va: VmOffset,
  access: VmProt,
): SoftwareTranslation {
  map.lockShared();
  const entry = vmMapEntryAt(map, va);
  const found = entry === null ? "translation" : translateIn(entry, va, access);
  map.unlockShared();
  return found;
}

function translateIn(entry: VmMapEntry, va: VmOffset, access: VmProt): SoftwareTranslation {
  const offset = entry.offset + (va - entry.start);
  const writes = (access & VM_PROT_WRITE) !== 0;
  if (entry.submap !== null) {
    if (writes && entry.needsCopy) return "permission";
    return vmMapSoftwareTranslate(entry.submap, offset as VmOffset, access);
  }
  if ((entry.protection & access) !== access) return "permission";
  const top = entry.object;
  if (top === null) return "translation";
  if (writes && entry.needsCopy) return "permission";
  return translateInChain(top, offset, writes);
}

function translateInChain(top: VmObject, at: number, writes: boolean): SoftwareTranslation {
  let offset = at;
  for (let object: VmObject | null = top; object !== null; object = object.shadow) {
    const start = alignDown(offset, PAGE_SIZE);
    const page = vmPageLookup(object, start);
    if (page !== null) {
      if (page.busy || page.absent || page.error) return "translation";
      if (writes && (object !== top || isUnpushed(top, start))) return "permission";
      if (writes) page.dirty = true;
      return { ppn: page.ppn, inFrame: offset - start };
    }
    if (object.pagerCreated) return "translation";
    offset += object.shadowOffset;
  }
  return "translation";
}

/** The copy object still looks for this page here. */
function isUnpushed(object: VmObject, start: number): boolean {
  const { copy } = object;
  if (copy === null) return false;
  const inCopy = start - copy.shadowOffset;
  return inCopy >= 0 && inCopy < copy.size && vmPageLookup(copy, inCopy) === null;
}
