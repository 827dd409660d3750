import { alignDown } from "../address.js";
import { vmObjectIsCompressed } from "../object/compressed.js";
import type { VmObject } from "../object/object.js";
import { VM_PAGE_ON_SPECULATIVE_Q, type VmPage } from "../page/page.js";
import { vmPageLookup } from "../page/resident.js";
import { pmapIsModified, pmapIsReferenced } from "../pmap/index.js";
import {
  PMAP_QUERY_PAGE_ALTACCT,
  PMAP_QUERY_PAGE_COMPRESSED,
  PMAP_QUERY_PAGE_COMPRESSED_ALTACCT,
  PMAP_QUERY_PAGE_INTERNAL,
  PMAP_QUERY_PAGE_PRESENT,
  PMAP_QUERY_PAGE_REUSABLE,
} from "../pmap/options.js";
import { PAGE_SIZE, type VmOffset } from "../types.js";
import { vmMapEntryAt } from "./find.js";
import type { VmMap } from "./map.js";

/** Disposition of a page (mach/vm_statistics.h VM_PAGE_QUERY_*). */
export const VM_PAGE_QUERY_PAGE_PRESENT = 0x1;
export const VM_PAGE_QUERY_PAGE_FICTITIOUS = 0x2;
export const VM_PAGE_QUERY_PAGE_REF = 0x4;
export const VM_PAGE_QUERY_PAGE_DIRTY = 0x8;
export const VM_PAGE_QUERY_PAGE_PAGED_OUT = 0x10;
export const VM_PAGE_QUERY_PAGE_COPIED = 0x20;
export const VM_PAGE_QUERY_PAGE_SPECULATIVE = 0x40;
export const VM_PAGE_QUERY_PAGE_EXTERNAL = 0x80;
export const VM_PAGE_QUERY_PAGE_REUSABLE = 0x800;

/** vm_page_info_basic: all zero for an address that is not mapped. */
export interface PageInfo {
  readonly disposition: number;
  /** Of the top object: users of the memory, roughly. */
  readonly refCount: number;
  readonly objectId: number;
  /** Bytes into the object the page is in. */
  readonly offset: number;
  /** Submaps and shadows passed on the way. */
  readonly depth: number;
}

const NOTHING: PageInfo = { disposition: 0, refCount: 0, objectId: 0, offset: 0, depth: 0 };

/**
 * What is known about the page at `va`; in a corpse's map, what was when the corpse was made. XNU:
 * vm_map_page_range_info_internal for one page.
 * Locks: takes the map shared, and submaps inside it.
 */
export function vmMapPageInfo(map: VmMap, va: VmOffset): PageInfo {
  const page = alignDown(va, map.pageSize);
  return pageInfoAt(map, page, va - page, 0);
}

function pageInfoAt(map: VmMap, page: VmOffset, inPage: number, level: number): PageInfo {
  map.lockShared();
  const entry = vmMapEntryAt(map, page);
  let info = NOTHING;
  if (entry !== null) {
    const offset = entry.offset + (page - entry.start);
    if (entry.submap !== null) {
      info = pageInfoAt(entry.submap, offset as VmOffset, inPage, level + 1);
    } else if (entry.object !== null) {
      info = objectPageInfo(entry.object, offset, inPage, level);
    }
    if (map.corpseFootprint !== null) {
      info = { ...info, disposition: footprintDisposition(map.corpseFootprint.query(page)) };
    }
  }
  map.unlockShared();
  return info;
}

function objectPageInfo(top: VmObject, topOffset: number, inPage: number, level: number): PageInfo {
  let object = top;
  let offset = topOffset;
  let depth = level;
  let page = vmPageLookup(object, alignDown(offset, PAGE_SIZE));
  let compressed = page === null && vmObjectIsCompressed(object, alignDown(offset, PAGE_SIZE));
  while (page === null && !compressed && object.shadow !== null) {
    offset += object.shadowOffset;
    object = object.shadow;
    depth += 1;
    page = vmPageLookup(object, alignDown(offset, PAGE_SIZE));
    compressed = page === null && vmObjectIsCompressed(object, alignDown(offset, PAGE_SIZE));
  }
  let disposition = page === null ? 0 : pageDisposition(object, page);
  if (compressed) disposition |= VM_PAGE_QUERY_PAGE_PAGED_OUT;
  // The page found on top is this user's own copy.
  if (page !== null && object === top && object.shadow !== null) {
    disposition |= VM_PAGE_QUERY_PAGE_COPIED;
  }
  if (!object.internal) disposition |= VM_PAGE_QUERY_PAGE_EXTERNAL;
  return {
    disposition,
    refCount: top.refCount,
    objectId: object.id,
    offset: offset + inPage,
    depth,
  };
}

function pageDisposition(object: VmObject, page: VmPage): number {
  const { pmaps } = object.context;
  let bits = VM_PAGE_QUERY_PAGE_PRESENT;
  if (page.dirty || pmapIsModified(pmaps, page.ppn)) bits |= VM_PAGE_QUERY_PAGE_DIRTY;
  if (page.reference || pmapIsReferenced(pmaps, page.ppn)) bits |= VM_PAGE_QUERY_PAGE_REF;
  if (page.queueState === VM_PAGE_ON_SPECULATIVE_Q) bits |= VM_PAGE_QUERY_PAGE_SPECULATIVE;
  if (page.reusable) bits |= VM_PAGE_QUERY_PAGE_REUSABLE;
  return bits;
}

/** What a corpse says of a page, from what the pmap said: only what was charged page by page. */
function footprintDisposition(query: number): number {
  const has = (bit: number): boolean => (query & bit) !== 0;
  if (has(PMAP_QUERY_PAGE_COMPRESSED)) {
    return has(PMAP_QUERY_PAGE_COMPRESSED_ALTACCT) ? 0 : VM_PAGE_QUERY_PAGE_PAGED_OUT;
  }
  if (!has(PMAP_QUERY_PAGE_PRESENT) || has(PMAP_QUERY_PAGE_ALTACCT)) return 0;
  const present = VM_PAGE_QUERY_PAGE_PRESENT | VM_PAGE_QUERY_PAGE_REF;
  if (has(PMAP_QUERY_PAGE_REUSABLE)) return present | VM_PAGE_QUERY_PAGE_REUSABLE;
  const internal = has(PMAP_QUERY_PAGE_INTERNAL);
  return present | (internal ? VM_PAGE_QUERY_PAGE_DIRTY : VM_PAGE_QUERY_PAGE_EXTERNAL);
}
