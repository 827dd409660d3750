import type { VmObject } from "../object/object.js";
import {
  VM_BEHAVIOR_DEFAULT,
  VM_INHERIT_DEFAULT,
  VM_PROT_EXECUTE,
  type VmInherit,
  type VmOffset,
  type VmProt,
  type VmTag,
} from "../types.js";
import type { VmMap } from "./map.js";

/**
 * One range of a map, [start, end) (struct vm_map_entry). Entries of a map are linked in address
 * order and indexed by the map's red-black tree; entries of a copy are only linked.
 */
export class VmMapEntry {
  start: VmOffset;
  end: VmOffset;
  next: VmMapEntry | null = null;
  prev: VmMapEntry | null = null;
  /** Red-black tree links, owned by the map's store. */
  treeLeft: VmMapEntry | null = null;
  treeRight: VmMapEntry | null = null;
  treeParent: VmMapEntry | null = null;
  treeRed = false;
  /** What is mapped: an object (one reference), a submap (one reference), or nothing yet. */
  object: VmObject | null = null;
  submap: VmMap | null = null;
  /** Byte offset into the object or submap of `start`. */
  offset = 0;
  alias: VmTag = 0;
  isShared = false;
  inTransition = false;
  needsWakeup = false;
  behavior: 0 | 1 | 2 | 3 = VM_BEHAVIOR_DEFAULT;
  needsCopy = false;
  protection: VmProt = 0;
  maxProtection: VmProt = 0;
  inheritance: VmInherit = VM_INHERIT_DEFAULT;
  usePmap = false;
  noCache = false;
  permanent = false;
  superpageSize = false;
  mapAligned = false;
  zeroWiredPages = false;
  usedForJit = false;
  usedForTpro = false;
  csmAssociated = false;
  iokitAcct = false;
  resilientCodesign = false;
  resilientMedia = false;
  xnuUserDebug = false;
  noCopyOnRead = false;
  translatedAllowExecute = false;
  kernelObject = false;
  atomic = false;
  wiredCount = 0;
  userWiredCount = 0;

  constructor(start: VmOffset, end: VmOffset) {
    this.start = start;
    this.end = end;
  }

  get isSubMap(): boolean {
    return this.submap !== null;
  }
}

/** Every field but position, links and the object reference that comes with it. */
function copyState(to: VmMapEntry, from: VmMapEntry): void {
  to.object = from.object;
  to.submap = from.submap;
  to.offset = from.offset;
  to.alias = from.alias;
  to.isShared = from.isShared;
  to.inTransition = from.inTransition;
  to.needsWakeup = from.needsWakeup;
  to.behavior = from.behavior;
  to.needsCopy = from.needsCopy;
  to.protection = from.protection;
  to.maxProtection = from.maxProtection;
  to.inheritance = from.inheritance;
  to.usePmap = from.usePmap;
  to.noCache = from.noCache;
  to.permanent = from.permanent;
  to.superpageSize = from.superpageSize;
  to.mapAligned = from.mapAligned;
  to.zeroWiredPages = from.zeroWiredPages;
  to.usedForJit = from.usedForJit;
  to.usedForTpro = from.usedForTpro;
  to.csmAssociated = from.csmAssociated;
  to.iokitAcct = from.iokitAcct;
  to.resilientCodesign = from.resilientCodesign;
  to.resilientMedia = from.resilientMedia;
  to.xnuUserDebug = from.xnuUserDebug;
  to.noCopyOnRead = from.noCopyOnRead;
  to.translatedAllowExecute = from.translatedAllowExecute;
  to.kernelObject = from.kernelObject;
  to.atomic = from.atomic;
  to.wiredCount = from.wiredCount;
  to.userWiredCount = from.userWiredCount;
}

/**
 * A new entry for a piece of the same mapping: everything is kept, wire counts included. The
 * caller takes the object (or submap) reference. XNU: vm_map_entry_copy_full.
 */
export function vmMapEntryCopyFull(from: VmMapEntry): VmMapEntry {
  const to = new VmMapEntry(from.start, from.end);
  copyState(to, from);
  return to;
}

/**
 * A new entry for a copy of the mapping: not shared, not wired, not permanent, not in transition.
 * The caller takes the object (or submap) reference. XNU: vm_map_entry_copy.
 * @param alien the source map has another platform's policy: a JIT entry loses EXECUTE
 */
export function vmMapEntryCopy(from: VmMapEntry, alien = false): VmMapEntry {
  const to = vmMapEntryCopyFull(from);
  to.isShared = false;
  to.needsWakeup = false;
  to.inTransition = false;
  to.wiredCount = 0;
  to.userWiredCount = 0;
  to.permanent = false;
  if (to.iokitAcct) {
    to.iokitAcct = false;
    to.usePmap = true;
  }
  to.resilientCodesign = false;
  to.resilientMedia = false;
  to.atomic = false;
  to.noCopyOnRead = false;
  to.csmAssociated = false;
  if (alien && to.usedForJit) {
    to.usedForJit = false;
    to.protection &= ~VM_PROT_EXECUTE;
    to.maxProtection &= ~VM_PROT_EXECUTE;
  }
  return to;
}

/** Make the entry map `object`, whose reference it takes over. XNU: VME_OBJECT_SET. */
export function vmeObjectSet(entry: VmMapEntry, object: VmObject | null): void {
  entry.object = object;
  entry.submap = null;
  entry.usedForJit = false;
  entry.resilientCodesign = false;
}
