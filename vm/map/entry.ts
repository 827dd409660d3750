import type { VmObject } from "../object/object.js";
import {
  VM_BEHAVIOR_DEFAULT,
  VM_INHERIT_DEFAULT,
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
