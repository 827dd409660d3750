import { check } from "../../emulator/arch/check.js";
import type { VmMapEntry } from "../../vm/map/entry.js";
import { vmMapAssertConsistent } from "../../vm/map/consistent.js";
import type { VmMap } from "../../vm/map/map.js";
import { compressorPagerOf, vmObjectIsCompressed } from "../../vm/object/compressed.js";
import { vmObjectAssertConsistent } from "../../vm/object/index.js";
import type { VmObject } from "../../vm/object/object.js";
import type { VmPage } from "../../vm/page/page.js";
import { PMAP_TYPE_NESTED } from "../../vm/pmap/index.js";
import { PAGE_SIZE, VM_PROT_EXECUTE, VM_PROT_NONE, VM_PROT_WRITE } from "../../vm/types.js";
import { peekCompressed } from "./compressed-page.js";
import { translations, type Translation } from "./page-walk.js";
import type { VmWorld } from "./vm-world.js";

/** Every check of the VM's own, and that the page tables grant nothing the maps do not. */
export function assertWorldConsistent(world: VmWorld): void {
  const { system, maps, copies, objects } = world;
  system.assertConsistent({ maps, copies, objects });
  for (const map of maps) {
    vmMapAssertConsistent(map);
    for (const entry of map.entries) {
      if (entry.object !== null) vmObjectAssertConsistent(entry.object);
    }
    assertTranslations(world, map);
  }
}

/**
 * Where the walk down an object's chain ends: the first object that has the page, or what the
 * compressor has of it.
 */
export function pageOf(entry: VmMapEntry, address: number): VmPage | Uint8Array | null {
  let offset = entry.offset + (address - entry.start);
  for (let object: VmObject | null = entry.object; object !== null; object = object.shadow) {
    const page = object.pages.get(Math.floor(offset / PAGE_SIZE));
    if (page !== undefined && !page.absent) return page;
    const compressed = compressedPage(object, offset);
    if (compressed !== null) return compressed;
    offset += object.shadowOffset;
  }
  return null;
}

/** The contents of a page the compressor has, swapped or not; nothing changes. */
function compressedPage(object: VmObject, offset: number): Uint8Array | null {
  const pager = compressorPagerOf(object);
  const slot = pager?.slots.get(Math.floor((offset + object.pagingOffset) / PAGE_SIZE)) ?? 0;
  return slot === 0 ? null : peekCompressed(object.context.compressor, slot);
}

function assertTranslations(world: VmWorld, map: VmMap): void {
  // A nested pmap has its translations at the addresses of those who show it.
  if (map.pmap === null || map.pmap.type === PMAP_TYPE_NESTED) return;
  const granule = map.pageShift === 12 ? "4K" : "16K";
  for (const [address, found] of translations(world.test.phys, map.pmap.root, granule)) {
    const entry = world.entryAt(map, address);
    check(entry !== null, "translation outside the map", address.toString(16));
    if (entry.submap === null) assertGrant(entry, address, found);
  }
  for (const entry of map.entries) {
    if (entry.wiredCount === 0 || entry.inTransition || entry.submap !== null) continue;
    check(!entry.needsCopy && entry.object !== null, "wired memory waits for a copy", entry);
    for (let at: number = entry.start; at < entry.end; at += map.pageSize) {
      const offset = entry.offset + at - entry.start;
      const page = entry.object.pages.get(Math.floor(offset / PAGE_SIZE));
      check(page !== undefined && page.wireCount > 0, "wired page is not wired", entry, page);
    }
  }
}

/** The frame must be the one the map means, with no right the map withholds. */
function assertGrant(entry: VmMapEntry, address: number, found: Translation): void {
  const where = `0x${address.toString(16)}`;
  if (entry.object?.physContiguous === true) {
    const physical = entry.object.physicalBase + entry.offset + (address - entry.start);
    check(found.pa === physical, `${where} is not the device`, entry, found);
    return;
  }
  const page = pageOf(entry, address);
  check(!(page instanceof Uint8Array), `${where} is mapped, and compressed above`, entry, found);
  check(page?.ppn === found.ppn, `${where} is mapped to another frame`, entry, found, page);
  const inFrame = (entry.offset + (address - entry.start)) % PAGE_SIZE;
  check(found.pa % PAGE_SIZE === inFrame, `${where} is another part of the frame`, entry, found);
  const { protection } = entry;
  check(!found.read || protection !== VM_PROT_NONE, `${where} may not be read`, entry, found);
  check(!found.execute || (protection & VM_PROT_EXECUTE) !== 0, `${where} is code`, entry, found);
  check(found.wired === entry.wiredCount > 0 || entry.inTransition, `${where} wired`, entry, found);
  if (!found.write && !found.writeable) return;
  check((protection & VM_PROT_WRITE) !== 0, `${where} may not be written`, entry, found);
  check(!entry.needsCopy, `${where} is writable while a copy is pending`, entry, found);
  const top = entry.object;
  check(page.object === top, `${where} is writable below the top object`, entry, page);
  const copy = top?.copy ?? null;
  if (copy === null) return;
  const pushedTo = page.offset - copy.shadowOffset;
  const pushed = copy.pages.has(pushedTo / PAGE_SIZE) || vmObjectIsCompressed(copy, pushedTo);
  check(pushed || page.offset >= copy.size, `${where} is writable before the push`, entry, copy);
}
