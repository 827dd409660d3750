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
 * The one-bit fields share a word: a map may have a million entries, and a boolean property takes as
 * much room as a pointer.
 */
const IS_SHARED = 1 << 0;
const IN_TRANSITION = 1 << 1;
const NEEDS_WAKEUP = 1 << 2;
const NEEDS_COPY = 1 << 3;
const USE_PMAP = 1 << 4;
const NO_CACHE = 1 << 5;
const PERMANENT = 1 << 6;
const SUPERPAGE = 1 << 7;
const MAP_ALIGNED = 1 << 8;
const ZERO_WIRED = 1 << 9;
const JIT = 1 << 10;
const TPRO = 1 << 11;
const CSM = 1 << 12;
const IOKIT_ACCT = 1 << 13;
const RESILIENT_CODESIGN = 1 << 14;
const RESILIENT_MEDIA = 1 << 15;
const USER_DEBUG = 1 << 16;
const NO_COPY_ON_READ = 1 << 17;
const TRANSLATED_EXEC = 1 << 18;
const KERNEL_OBJECT = 1 << 19;
const ATOMIC = 1 << 20;

/** What must agree for two entries to be one mapping. XNU: the condition of vm_map_simplify_entry. */
const SAME_MAPPING =
  KERNEL_OBJECT |
  NEEDS_COPY |
  USE_PMAP |
  NO_CACHE |
  PERMANENT |
  MAP_ALIGNED |
  ZERO_WIRED |
  JIT |
  TPRO |
  CSM |
  USER_DEBUG |
  IOKIT_ACCT |
  RESILIENT_CODESIGN |
  RESILIENT_MEDIA |
  NO_COPY_ON_READ |
  TRANSLATED_EXEC |
  IS_SHARED;
/** What keeps an entry from being merged at all. */
const UNMERGEABLE = ATOMIC | IN_TRANSITION | NEEDS_WAKEUP | SUPERPAGE;

/** What the upper half of an address counts. */
const HALF = 2 ** 32;

/**
 * One range of a map, [start, end) (struct vm_map_entry). Entries of a map are linked in address
 * order and stand in the map's tree; entries of a copy are only linked.
 */
export class VmMapEntry {
  /**
   * Start and end as two signed halves: V8 keeps a number above 2^31 in an object of its own, which would cost every
   * reader a cache miss more.
   */
  private startHigh = 0;
  private startLow = 0;
  private endHigh = 0;
  private endLow = 0;
  /** What is mapped: an object (one reference), a submap (one reference), or nothing yet. */
  object: VmObject | null = null;
  submap: VmMap | null = null;
  /** Byte offset into the object or submap of `start`. */
  offset = 0;
  alias: VmTag = 0;
  behavior: 0 | 1 | 2 | 3 = VM_BEHAVIOR_DEFAULT;
  protection: VmProt = 0;
  maxProtection: VmProt = 0;
  inheritance: VmInherit = VM_INHERIT_DEFAULT;
  wiredCount = 0;
  userWiredCount = 0;
  private bits = 0;
  next: VmMapEntry | null = null;
  prev: VmMapEntry | null = null;

  constructor(start: VmOffset, end: VmOffset) {
    this.start = start;
    this.end = end;
  }

  get start(): VmOffset {
    return (this.startHigh * HALF + (this.startLow >>> 0)) as VmOffset;
  }
  set start(va: VmOffset) {
    this.startHigh = Math.floor(va / HALF) | 0;
    this.startLow = va | 0;
  }

  get end(): VmOffset {
    return (this.endHigh * HALF + (this.endLow >>> 0)) as VmOffset;
  }
  set end(va: VmOffset) {
    this.endHigh = Math.floor(va / HALF) | 0;
    this.endLow = va | 0;
  }

  get isSubMap(): boolean {
    return this.submap !== null;
  }

  /** Take over everything but position, links and the object reference that comes with it. */
  copyState(from: VmMapEntry): void {
    this.object = from.object;
    this.submap = from.submap;
    this.offset = from.offset;
    this.alias = from.alias;
    this.behavior = from.behavior;
    this.protection = from.protection;
    this.maxProtection = from.maxProtection;
    this.inheritance = from.inheritance;
    this.wiredCount = from.wiredCount;
    this.userWiredCount = from.userWiredCount;
    this.bits = from.bits;
  }

  /** True if `next`, is the same mapping continued. */
  continuesIn(next: VmMapEntry): boolean {
    return (
      this.end === next.start &&
      this.submap === next.submap &&
      this.object === next.object &&
      ((this.bits ^ next.bits) & SAME_MAPPING) === 0 &&
      ((this.bits | next.bits) & UNMERGEABLE) === 0 &&
      this.offset + (this.end - this.start) === next.offset &&
      this.behavior === next.behavior &&
      this.protection === next.protection &&
      this.maxProtection === next.maxProtection &&
      this.inheritance === next.inheritance &&
      this.alias === next.alias &&
      this.wiredCount === next.wiredCount &&
      this.userWiredCount === next.userWiredCount
    );
  }

  get isShared(): boolean {
    return (this.bits & IS_SHARED) !== 0;
  }
  set isShared(on: boolean) {
    this.bits = on ? this.bits | IS_SHARED : this.bits & ~IS_SHARED;
  }
  get inTransition(): boolean {
    return (this.bits & IN_TRANSITION) !== 0;
  }
  set inTransition(on: boolean) {
    this.bits = on ? this.bits | IN_TRANSITION : this.bits & ~IN_TRANSITION;
  }
  get needsWakeup(): boolean {
    return (this.bits & NEEDS_WAKEUP) !== 0;
  }
  set needsWakeup(on: boolean) {
    this.bits = on ? this.bits | NEEDS_WAKEUP : this.bits & ~NEEDS_WAKEUP;
  }
  get needsCopy(): boolean {
    return (this.bits & NEEDS_COPY) !== 0;
  }
  set needsCopy(on: boolean) {
    this.bits = on ? this.bits | NEEDS_COPY : this.bits & ~NEEDS_COPY;
  }
  get usePmap(): boolean {
    return (this.bits & USE_PMAP) !== 0;
  }
  set usePmap(on: boolean) {
    this.bits = on ? this.bits | USE_PMAP : this.bits & ~USE_PMAP;
  }
  get noCache(): boolean {
    return (this.bits & NO_CACHE) !== 0;
  }
  set noCache(on: boolean) {
    this.bits = on ? this.bits | NO_CACHE : this.bits & ~NO_CACHE;
  }
  get permanent(): boolean {
    return (this.bits & PERMANENT) !== 0;
  }
  set permanent(on: boolean) {
    this.bits = on ? this.bits | PERMANENT : this.bits & ~PERMANENT;
  }
  get superpageSize(): boolean {
    return (this.bits & SUPERPAGE) !== 0;
  }
  set superpageSize(on: boolean) {
    this.bits = on ? this.bits | SUPERPAGE : this.bits & ~SUPERPAGE;
  }
  get mapAligned(): boolean {
    return (this.bits & MAP_ALIGNED) !== 0;
  }
  set mapAligned(on: boolean) {
    this.bits = on ? this.bits | MAP_ALIGNED : this.bits & ~MAP_ALIGNED;
  }
  get zeroWiredPages(): boolean {
    return (this.bits & ZERO_WIRED) !== 0;
  }
  set zeroWiredPages(on: boolean) {
    this.bits = on ? this.bits | ZERO_WIRED : this.bits & ~ZERO_WIRED;
  }
  get usedForJit(): boolean {
    return (this.bits & JIT) !== 0;
  }
  set usedForJit(on: boolean) {
    this.bits = on ? this.bits | JIT : this.bits & ~JIT;
  }
  get usedForTpro(): boolean {
    return (this.bits & TPRO) !== 0;
  }
  set usedForTpro(on: boolean) {
    this.bits = on ? this.bits | TPRO : this.bits & ~TPRO;
  }
  get csmAssociated(): boolean {
    return (this.bits & CSM) !== 0;
  }
  set csmAssociated(on: boolean) {
    this.bits = on ? this.bits | CSM : this.bits & ~CSM;
  }
  get iokitAcct(): boolean {
    return (this.bits & IOKIT_ACCT) !== 0;
  }
  set iokitAcct(on: boolean) {
    this.bits = on ? this.bits | IOKIT_ACCT : this.bits & ~IOKIT_ACCT;
  }
  get resilientCodesign(): boolean {
    return (this.bits & RESILIENT_CODESIGN) !== 0;
  }
  set resilientCodesign(on: boolean) {
    this.bits = on ? this.bits | RESILIENT_CODESIGN : this.bits & ~RESILIENT_CODESIGN;
  }
  get resilientMedia(): boolean {
    return (this.bits & RESILIENT_MEDIA) !== 0;
  }
  set resilientMedia(on: boolean) {
    this.bits = on ? this.bits | RESILIENT_MEDIA : this.bits & ~RESILIENT_MEDIA;
  }
  get xnuUserDebug(): boolean {
    return (this.bits & USER_DEBUG) !== 0;
  }
  set xnuUserDebug(on: boolean) {
    this.bits = on ? this.bits | USER_DEBUG : this.bits & ~USER_DEBUG;
  }
  get noCopyOnRead(): boolean {
    return (this.bits & NO_COPY_ON_READ) !== 0;
  }
  set noCopyOnRead(on: boolean) {
    this.bits = on ? this.bits | NO_COPY_ON_READ : this.bits & ~NO_COPY_ON_READ;
  }
  get translatedAllowExecute(): boolean {
    return (this.bits & TRANSLATED_EXEC) !== 0;
  }
  set translatedAllowExecute(on: boolean) {
    this.bits = on ? this.bits | TRANSLATED_EXEC : this.bits & ~TRANSLATED_EXEC;
  }
  get kernelObject(): boolean {
    return (this.bits & KERNEL_OBJECT) !== 0;
  }
  set kernelObject(on: boolean) {
    this.bits = on ? this.bits | KERNEL_OBJECT : this.bits & ~KERNEL_OBJECT;
  }
  get atomic(): boolean {
    return (this.bits & ATOMIC) !== 0;
  }
  set atomic(on: boolean) {
    this.bits = on ? this.bits | ATOMIC : this.bits & ~ATOMIC;
  }
}

/**
 * A new entry for a piece of the same mapping: everything is kept, wire counts included. The
 * caller takes the object (or submap) reference. XNU: vm_map_entry_copy_full.
 */
export function vmMapEntryCopyFull(from: VmMapEntry): VmMapEntry {
  const to = new VmMapEntry(from.start, from.end);
  to.copyState(from);
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
