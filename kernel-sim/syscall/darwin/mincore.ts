import type { Blocking } from "../../../vm/blocking.js";
import { vmMapEntryAt } from "../../../vm/map/find.js";
import type { VmMap } from "../../../vm/map/map.js";
import { MEMORY_OBJECT_COPY_SYMMETRIC, type VmObject } from "../../../vm/object/object.js";
import { VM_EXTERNAL_STATE_EXISTS } from "../../../vm/object/pager.js";
import { vmPageLookup } from "../../../vm/page/resident.js";
import type { VmPage } from "../../../vm/page/page.js";
import { pmapIsModified, pmapIsReferenced } from "../../../vm/pmap/index.js";
import type { VmOffset } from "../../../vm/types.js";
import {
  MINCORE_ANONYMOUS,
  MINCORE_COPIED,
  MINCORE_INCORE,
  MINCORE_MODIFIED,
  MINCORE_PAGED_OUT,
  MINCORE_REFERENCED,
} from "./abi.js";
import type { BsdResult, DarwinCall } from "./call.js";
import { rangeArgument } from "./memory-range.js";

/** Most pages looked at before the answers are stored (XNU: MAX_PAGE_RANGE_QUERY). */
const CHUNK_PAGES = 65536;

/**
 * A byte about each page. What is not mapped counts as anonymous and absent.
 * XNU: kern_mman.c mincore, which translates vm_map_page_range_info_internal.
 */
export function* mincore(c: DarwinCall): Blocking<BsdResult> {
  const { map } = c.task;
  const range = rangeArgument(c, { zeroSize: "succeeds" });
  if (!range.proceed) return range.kr === 0 ? 0 : "EINVAL";
  const pages = range.size / map.pageSize;
  for (let done = 0; done < pages; done += CHUNK_PAGES) {
    const count = Math.min(CHUNK_PAGES, pages - done);
    map.lockShared();
    const bytes = Uint8Array.from({ length: count }, (_, i) =>
      pageByte(map, (range.start + (done + i) * map.pageSize) as VmOffset),
    );
    map.unlockShared();
    const fault = yield* c.copyOut(c.u64(2) + BigInt(done), bytes);
    if (fault !== null) return fault;
  }
  return 0;
}

/**
 * MINCORE_* of one page: found anywhere in the shadow chain, its pager's word for it otherwise.
 * XNU: vm_map_page_range_info_internal. Locks: map held.
 */
export function pageByte(map: VmMap, va: VmOffset): number {
  const entry = va < map.maxOffset ? vmMapEntryAt(map, va) : null;
  if (entry === null || entry.submap !== null || entry.object === null) return MINCORE_ANONYMOUS;
  let offset = entry.offset + (va - entry.start);
  let object: VmObject = entry.object;
  const copied = isCopy(object, entry.needsCopy) ? MINCORE_COPIED : 0;
  for (;;) {
    const kind = object.internal ? MINCORE_ANONYMOUS : 0;
    const page = vmPageLookup(object, offset);
    if (page !== null) return copied | kind | residentBits(map, page);
    if (object.pager !== null && object.internal && pagedOut(object, offset)) {
      return copied | kind | MINCORE_PAGED_OUT;
    }
    if (object.shadow === null) return copied | kind;
    offset += object.shadowOffset;
    object = object.shadow;
  }
}

/** Memory of others that is copied when it is written. */
function isCopy(object: VmObject, needsCopy: boolean): boolean {
  return (
    object.shadow !== null || (needsCopy && object.copyStrategy === MEMORY_OBJECT_COPY_SYMMETRIC)
  );
}

function pagedOut(object: VmObject, offset: number): boolean {
  return object.pager?.stateGet(offset) === VM_EXTERNAL_STATE_EXISTS;
}

function residentBits(map: VmMap, page: VmPage): number {
  const { pmaps } = map.context;
  if (page.absent) return 0;
  const referenced = page.reference || pmapIsReferenced(pmaps, page.ppn);
  const modified = page.dirty || pmapIsModified(pmaps, page.ppn);
  return MINCORE_INCORE | (referenced ? MINCORE_REFERENCED : 0) | (modified ? MINCORE_MODIFIED : 0);
}
