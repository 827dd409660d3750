import { VM_PURGABLE_EMPTY, VM_PURGABLE_VOLATILE, type VmObject } from "../object/object.js";
import {
  VM_EXTERNAL_STATE_ABSENT,
  VM_EXTERNAL_STATE_UNKNOWN,
  type ExternalState,
} from "../object/pager.js";

/**
 * Does the object's pager have this page? Without a pager nobody has it. XNU: MUST_ASK_PAGER,
 * VM_COMPRESSOR_PAGER_STATE_GET: anything but ABSENT means that the pager has to be asked.
 * @param offset bytes in the object, page aligned
 */
export function pagerState(object: VmObject, offset: number): ExternalState {
  if (!object.pagerCreated) return VM_EXTERNAL_STATE_ABSENT;
  if (!object.alive || !object.pagerReady || object.pager === null) {
    return VM_EXTERNAL_STATE_UNKNOWN;
  }
  return object.pager.stateGet(offset + object.pagingOffset);
}

/** Purgeable memory whose owner wants to know when it is touched while volatile. */
export function faultsOnVolatile(object: VmObject): boolean {
  const { purgable } = object;
  return (
    object.volatileFault && (purgable === VM_PURGABLE_VOLATILE || purgable === VM_PURGABLE_EMPTY)
  );
}

/**
 * A page of zeroes may be dropped while nobody has written it, unless something below could come to
 * show in its place: a copy object, once it has the page, gets no push of what is written later.
 *
 * Differs from XNU, where a page is dirty only once it was written.
 */
export function zeroesMustStay(object: VmObject): boolean {
  return object.shadow !== null;
}
