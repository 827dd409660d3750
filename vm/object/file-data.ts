import { alignDown, alignUp } from "../address.js";
import type { Blocking } from "../blocking.js";
import type { VmPage } from "../page/page.js";
import { PAGE_SIZE } from "../types.js";
import type { VmObject } from "./object.js";
import { pagesInRange } from "./protect.js";
import { vmObjectCopyPush } from "./push.js";

/**
 * A file read and written by calls while it is mapped: both sides see the same bytes. XNU: the unified
 * buffer cache, ubc_msync and cluster_io by way of the pages themselves.
 */

/** Bytes of a file as they were read from it at `offset`: where pages are resident, theirs count. */
export function vmObjectOverlay(object: VmObject, offset: number, bytes: Uint8Array): void {
  for (const { page, inPage, at, length } of pieces(object, offset, bytes.length)) {
    const source = object.context.phys.page(page.ppn);
    bytes.set(source.subarray(inPage, inPage + length), at);
  }
}

/** Before a call changes [offset, offset + length) of a file: copies of it get the old contents. */
export function* vmObjectWillWrite(
  object: VmObject,
  offset: number,
  length: number,
): Blocking<void> {
  if (object.copy === null) return;
  yield* vmObjectCopyPush(
    object,
    alignDown(offset, PAGE_SIZE),
    alignUp(offset + length, PAGE_SIZE),
  );
}

/** A call has written `bytes` to the file at `offset`: resident pages get them as well. */
export function vmObjectWritten(object: VmObject, offset: number, bytes: Uint8Array): void {
  const { phys } = object.context;
  for (const { page, inPage, at, length } of pieces(object, offset, bytes.length)) {
    phys.page(page.ppn).set(bytes.subarray(at, at + length), inPage);
    phys.noteWrite(page.ppn);
  }
}

/** The file ends later than at `oldSize`: what was stored behind its end in its last page is zero now. */
export function vmObjectGrown(object: VmObject, oldSize: number): void {
  const rest = alignUp(oldSize, PAGE_SIZE) - oldSize;
  vmObjectWritten(object, oldSize, new Uint8Array(rest));
}

interface Piece {
  readonly page: VmPage;
  /** Where in the page, where in the range, and how much: bytes. */
  readonly inPage: number;
  readonly at: number;
  readonly length: number;
}

function* pieces(object: VmObject, offset: number, length: number): Iterable<Piece> {
  const end = offset + length;
  const range = pagesInRange(object, alignDown(offset, PAGE_SIZE), alignUp(end, PAGE_SIZE));
  for (const page of range) {
    if (page.absent || page.error) continue;
    const first = Math.max(offset, page.offset);
    const last = Math.min(end, page.offset + PAGE_SIZE);
    if (first >= last) continue;
    yield { page, inPage: first - page.offset, at: first - offset, length: last - first };
  }
}
