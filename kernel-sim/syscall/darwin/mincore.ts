import type { Blocking } from "../../../vm/blocking.js";
import {
  vmMapPageInfo,
  VM_PAGE_QUERY_PAGE_COPIED,
  VM_PAGE_QUERY_PAGE_DIRTY,
  VM_PAGE_QUERY_PAGE_EXTERNAL,
  VM_PAGE_QUERY_PAGE_PAGED_OUT,
  VM_PAGE_QUERY_PAGE_PRESENT,
  VM_PAGE_QUERY_PAGE_REF,
} from "../../../vm/map/page-info.js";
import { KERN_SUCCESS, type VmOffset } from "../../../vm/types.js";
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

/** Bytes looked at before the answers are stored. XNU: MAX_PAGE_RANGE_QUERY. */
const CHUNK_BYTES = 2 ** 30;

/** Dispositions and what mincore calls them. */
const BITS = [
  [VM_PAGE_QUERY_PAGE_PRESENT, MINCORE_INCORE],
  [VM_PAGE_QUERY_PAGE_REF, MINCORE_REFERENCED],
  [VM_PAGE_QUERY_PAGE_DIRTY, MINCORE_MODIFIED],
  [VM_PAGE_QUERY_PAGE_PAGED_OUT, MINCORE_PAGED_OUT],
  [VM_PAGE_QUERY_PAGE_COPIED, MINCORE_COPIED],
] as const;

/** A byte about each page; one that is not mapped counts as anonymous. XNU: kern_mman.c mincore. */
export function* mincore(c: DarwinCall): Blocking<BsdResult> {
  const { map } = c.task;
  const range = rangeArgument(c, { zeroSize: "succeeds" });
  if (!range.proceed) return range.kr === KERN_SUCCESS ? 0 : "EINVAL";
  let vector = c.u64(2);
  for (let at: number = range.start; at < range.end; at += CHUNK_BYTES) {
    const pages = Math.min(CHUNK_BYTES, range.end - at) / map.pageSize;
    const bytes = Uint8Array.from({ length: pages }, (_, i) => {
      const { disposition } = vmMapPageInfo(map, (at + i * map.pageSize) as VmOffset);
      return mincoreByte(disposition);
    });
    const fault = yield* c.copyOut(vector, bytes);
    if (fault !== null) return fault;
    vector += BigInt(pages);
  }
  return 0;
}

export function mincoreByte(disposition: number): number {
  let byte = (disposition & VM_PAGE_QUERY_PAGE_EXTERNAL) === 0 ? MINCORE_ANONYMOUS : 0;
  for (const [query, bit] of BITS) if ((disposition & query) !== 0) byte |= bit;
  return byte;
}
