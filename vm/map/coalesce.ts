import { vmObjectCoalesce } from "../object/index.js";
import {
  VM_BEHAVIOR_DEFAULT,
  VM_MEMORY_REALLOC,
  VM_PROT_EXECUTE,
  type VmInherit,
  type VmOffset,
  type VmProt,
} from "../types.js";
import type { VmMapEntry } from "./entry.js";
import type { VmMapKernelFlags } from "./flags.js";
import type { VmMap } from "./map.js";

/** Largest size, in bytes, an entry may grow to this way (macOS policy; 0 on embedded). */
const MAX_EXTENSION_BYTES = 131071;
const MAX_REALLOC_BYTES = 128 * 2 ** 20;

/** What a new object-less mapping asks for, as far as merging is concerned. */
export interface ExtensionRequest {
  readonly end: VmOffset;
  readonly cur: VmProt;
  readonly max: VmProt;
  readonly inheritance: VmInherit;
  readonly flags: VmMapKernelFlags;
}

/**
 * Serve an anonymous allocation by extending the entry that ends where it begins.
 * XNU: the "see if we can coalesce" part of vm_map_enter. Pending copies do not prevent it.
 * @returns true if `prev` now reaches to `request.end`
 * Locks: map exclusively; the range is known to be free.
 */
export function vmMapTryExtend(map: VmMap, prev: VmMapEntry, request: ExtensionRequest): boolean {
  const { end, flags } = request;
  const limit = flags.tag === VM_MEMORY_REALLOC ? MAX_REALLOC_BYTES : MAX_EXTENSION_BYTES;
  const sameTag = prev.alias === flags.tag || flags.tag === VM_MEMORY_REALLOC;
  const executable = (request.cur & VM_PROT_EXECUTE) !== 0;
  const matches =
    isExtensible(prev) &&
    sameTag &&
    prev.protection === request.cur &&
    prev.maxProtection === request.max &&
    prev.inheritance === request.inheritance &&
    prev.noCache === flags.noCache &&
    prev.permanent === flags.permanent &&
    !(flags.permanent && executable) &&
    prev.noCopyOnRead === flags.noCopyOnRead &&
    !flags.iokitAcct &&
    end - prev.start <= limit;
  if (!matches) return false;
  const mine = prev.end - prev.start;
  if (prev.object !== null) {
    if (!vmObjectCoalesce(prev.object, prev.offset, mine, end - prev.end)) return false;
  }
  map.extend(prev, end);
  return true;
}

function isExtensible(prev: VmMapEntry): boolean {
  return (
    prev.submap === null &&
    !prev.isShared &&
    !prev.inTransition &&
    !prev.needsWakeup &&
    !prev.superpageSize &&
    !prev.zeroWiredPages &&
    !prev.usedForJit &&
    !prev.usedForTpro &&
    !prev.csmAssociated &&
    !prev.iokitAcct &&
    !prev.resilientCodesign &&
    !prev.resilientMedia &&
    !prev.atomic &&
    prev.wiredCount === 0 &&
    prev.behavior === VM_BEHAVIOR_DEFAULT
  );
}
