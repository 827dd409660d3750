import { check } from "../../emulator/arch/check.js";
import type { VmContext } from "../context.js";
import type { PageCreation } from "../fault/throttle.js";
import { LOCK_RANK_MAP, VmLock } from "../lock.js";
import type { VmTask } from "../object/ownership.js";
import { PMAP_TYPE_NESTED, type Pmap } from "../pmap/index.js";
import {
  MACH_VM_MAX_ADDRESS,
  PAGE_SHIFT,
  VM_MEMORY_MALLOC_HUGE,
  VM_MEMORY_MALLOC_MEDIUM,
  VM_MEMORY_MALLOC_NANO,
  VM_MEMORY_MALLOC_LARGE,
  VM_MEMORY_MALLOC_SMALL,
  VM_MEMORY_MALLOC_TINY,
  type VmOffset,
} from "../types.js";
import type { CorpseFootprint } from "./corpse-footprint.js";
import type { VmMapEntry } from "./entry.js";
import { HoleList } from "./store/holes.js";
import { EntryList } from "./store/list.js";
import { EntryTree } from "./store/tree.js";
import type { VmMapUserRanges } from "./user-ranges.js";

/**
 * An address space (struct vm_map): entries in ascending order, the pmap that holds their
 * translations, and limits. The ordered list, the tree and the free space always describe the same
 * set of entries; `link` and `unlink` are the only way to change it.
 *
 * Locks: everything here is guarded by `lock`. Exclusive holders change the map, and each exclusive
 * unlock bumps `timestamp`, so whoever let the lock go can tell whether anything changed meanwhile.
 */
export class VmMap {
  readonly context: VmContext;
  readonly lock: VmLock;
  /** Label of the owner for traces and reports: "kernel", "task 3 (sha256)". */
  owner: string;
  /** The task whose address space this is, as an owner of memory; null for a map of no task. */
  owningTask: VmTask | null = null;
  /** The translations; one reference. Null only for maps never faulted on (submaps, tests). */
  pmap: Pmap | null;
  minOffset: VmOffset;
  maxOffset: VmOffset;
  /** log2 of the map's page size, 12..14. */
  pageShift = PAGE_SHIFT;
  readonly entries = new EntryList();
  readonly tree = new EntryTree();
  /** Entry written last by an insertion, merge or deletion; where a fault's lookup starts. */
  hint: VmMapEntry | null = null;
  /** Free space, or null when the hole list is off; then `firstFree` is used instead. */
  holes: HoleList | null;
  /** The entry just before the first gap; null stands for the start of the map. */
  firstFree: VmMapEntry | null = null;
  /** End of the highest entry ever made, for maps whose addresses are not reused. */
  highestEntryEnd: VmOffset;
  /** Sum of the entries' sizes, in bytes. */
  size = 0;
  /** Of these, bytes of reserved regions, which are nobody's memory. */
  reservedBytes = 0;
  /** RLIMIT_AS and RLIMIT_DATA, in bytes. */
  sizeLimit = Infinity;
  dataLimit = Infinity;
  /** RLIMIT_MEMLOCK and what is user-wired now, in bytes. */
  userWireLimit: number = MACH_VM_MAX_ADDRESS;
  userWireSize = 0;
  refCount = 1;
  timestamp = 0;
  entriesPageable = true;
  waitForSpace = false;
  wiringRequired = false;
  mappedInOtherPmaps = false;
  disableVmentryReuse = false;
  mapDisallowDataExec = false;
  mapDisallowNewExec = false;
  isNestedMap = false;
  jitEntryExists = false;
  terminated = false;
  /** Memory policy of another platform (iOS-style): EXECUTE is dropped rather than refused. */
  isAlien = false;
  csEnforcement = false;
  csDebugged = false;
  singleJit = false;
  neverFaults = false;
  /** Fresh pages keep what their frames contained. */
  noZeroFill = false;
  /** The task's program is the platform's own: it gets private copies of pages of untrusted files it reads. */
  copiesOnRead = false;
  /** Pages its faults made lately, for the throttle. */
  readonly pageCreation: PageCreation = { count: 0, sinceNs: 0 };
  corpseSource = false;
  /** Of a corpse's map: what its task had in memory. */
  corpseFootprint: CorpseFootprint | null = null;
  /** The pmap is this map's own, and destroyed with it; the kernel's submaps share the kernel's. */
  ownsPmap = true;
  /** How a user's address space is divided; null: not at all. */
  userRanges: VmMapUserRanges | null = null;

  constructor(
    context: VmContext,
    pmap: Pmap | null,
    minOffset: VmOffset,
    maxOffset: VmOffset,
    owner = "map",
  ) {
    this.context = context;
    this.lock = new VmLock(owner, LOCK_RANK_MAP);
    this.owner = owner;
    this.pmap = pmap;
    this.minOffset = minOffset;
    this.maxOffset = maxOffset;
    this.highestEntryEnd = minOffset;
    this.holes = new HoleList(this);
  }

  get nentries(): number {
    return this.entries.count;
  }

  get firstEntry(): VmMapEntry | null {
    return this.entries.first;
  }

  get lastEntry(): VmMapEntry | null {
    return this.entries.last;
  }

  get holesListEnabled(): boolean {
    return this.holes !== null;
  }

  /** What the task has mapped, in bytes. XNU: vm_map_adjusted_size. */
  get adjustedSize(): number {
    return this.size - this.reservedBytes;
  }

  get pageSize(): number {
    return 1 << this.pageShift;
  }

  /** Sub-page maps and the like: pages smaller than the kernel's. XNU: VM_MAP_IS_EXOTIC. */
  get isExotic(): boolean {
    return this.pageShift < PAGE_SHIFT;
  }

  /** True for the kernel's own map. */
  get isKernel(): boolean {
    return this.pmap !== null && this.pmap === this.context.pmaps.kernelPmap;
  }

  /**
   * Where the hole list ends: above any ceiling the map may later get, so growing `maxOffset`
   * changes nothing. The kernel half is negative here and its map does not grow.
   */
  get holeCeiling(): VmOffset {
    if (this.minOffset < 0) return this.maxOffset;
    return Math.max(this.maxOffset, MACH_VM_MAX_ADDRESS) as VmOffset;
  }

  lockExclusive(): void {
    this.lock.lockExclusive();
  }

  unlockExclusive(): void {
    this.timestamp += 1;
    this.lock.unlockExclusive();
  }

  lockShared(): void {
    this.lock.lockShared();
  }

  unlockShared(): void {
    this.lock.unlockShared();
  }

  /** Exclusive to shared without letting anybody in; counts as a change. */
  lockDowngrade(): void {
    this.timestamp += 1;
    this.lock.unlockExclusive();
    this.lock.lockShared();
  }

  /**
   * Shared to exclusive. XNU may fail here and retry; with one thread running at a time the only
   * other readers would be ours, so the lock's own check covers it.
   */
  lockUpgrade(): void {
    this.lock.unlockShared();
    this.lock.lockExclusive();
  }

  /** Add an entry after `after` (null: first). XNU: vm_map_entry_link, vm_map_store_entry_link. */
  link(after: VmMapEntry | null, entry: VmMapEntry): void {
    this.linkPiece(after, entry);
    this.size += entry.end - entry.start;
    this.#noteHighest(entry);
    this.hint = entry;
  }

  /** Remove an entry. XNU: vm_map_entry_unlink, vm_map_store_entry_unlink. */
  unlink(entry: VmMapEntry): void {
    const before = entry.prev;
    this.unlinkPiece(entry);
    this.size -= entry.end - entry.start;
    if (this.holes === null) {
      const free = this.firstFree;
      if (free === entry || (free !== null && entry.start <= free.start)) {
        this.updateFirstFree(before);
      }
    }
  }

  /** Link one half of a clipped entry: list and tree change, the mapped space does not. */
  linkPiece(after: VmMapEntry | null, entry: VmMapEntry): void {
    this.lock.assertExclusive();
    this.tree.insert(entry);
    this.entries.insertAfter(after, entry);
    if (this.holes === null && after === this.firstFree) this.updateFirstFree(after);
  }

  /** Unlink an entry whose range another one is about to cover. */
  unlinkPiece(entry: VmMapEntry): void {
    this.lock.assertExclusive();
    check(!entry.inTransition, "in-transition entry unlinked", entry);
    if (this.hint === entry) this.hint = null;
    this.entries.remove(entry);
    this.tree.remove(entry);
  }

  /** Let an entry begin elsewhere within the space that is its own or free. */
  setStart(entry: VmMapEntry, start: VmOffset): void {
    this.lock.assertExclusive();
    const before = entry.start;
    entry.start = start;
    this.tree.startMoved(entry, before);
  }

  /** Let an entry end elsewhere within the space that is its own or free. */
  setEnd(entry: VmMapEntry, end: VmOffset): void {
    this.lock.assertExclusive();
    entry.end = end;
    this.tree.endMoved(entry);
  }

  /**
   * Extend an entry upwards over free space. XNU: the coalescing of vm_map_enter.
   */
  extend(entry: VmMapEntry, end: VmOffset): void {
    this.lock.assertExclusive();
    this.size += end - entry.end;
    this.setEnd(entry, end);
    this.#noteHighest(entry);
    if (this.holes === null) this.updateFirstFree(this.firstFree);
  }

  /** Undo an `extend` whose new part was never used. */
  truncate(entry: VmMapEntry, end: VmOffset): void {
    this.lock.assertExclusive();
    this.size -= entry.end - end;
    this.setEnd(entry, end);
    if (this.holes === null && (this.firstFree?.start ?? this.minOffset) >= entry.start) {
      this.updateFirstFree(entry);
    }
  }

  /** Find the entry before the first gap, from `from` upwards. XNU: UPDATE_FIRST_FREE. */
  updateFirstFree(from: VmMapEntry | null): void {
    const { first } = this.entries;
    if (from === null && (first === null || first.start !== this.minOffset)) {
      this.firstFree = null;
      return;
    }
    const start = from ?? first;
    const above = start === null ? null : this.tree.nextWithGap(start, 1);
    this.firstFree = above === null ? this.entries.last : above.prev;
  }

  /**
   * Give up the hole list for good; searches then use `firstFree`, which starts unchecked at the
   * first entry. XNU: vm_map_disable_hole_optimization. Locks: held exclusively.
   */
  disableHoleOptimization(): void {
    this.lock.assertExclusive();
    if (this.holes === null) return;
    this.holes = null;
    this.firstFree = this.entries.first;
  }

  /** Raise the no-reuse mark; short-lived malloc and JIT ranges do not count. */
  #noteHighest(entry: VmMapEntry): void {
    if (entry.usedForJit || REUSED_TAGS.has(entry.alias)) return;
    if (this.highestEntryEnd < entry.end) this.highestEntryEnd = entry.end;
  }
}

/**
 * The map's pmap translates the map's own addresses. That of a nested submap has its translations at
 * the addresses of those who show it.
 */
export function hasOwnTranslations(map: VmMap): map is VmMap & { readonly pmap: Pmap } {
  return map.pmap !== null && map.pmap.type !== PMAP_TYPE_NESTED;
}

/** XNU: vm_map_reference; null is ignored. */
export function vmMapReference(map: VmMap | null): void {
  if (map !== null) map.refCount += 1;
}

/**
 * Drop a reference that is known not to be the last one: where the map could die, use
 * vmMapDeallocate, which may sleep. The last reference to a submap is always dropped there.
 */
export function vmMapDropReference(map: VmMap): void {
  check(map.refCount > 1, "last reference to a map dropped without vmMapDeallocate", map);
  map.refCount -= 1;
}

const REUSED_TAGS: ReadonlySet<number> = new Set([
  VM_MEMORY_MALLOC_SMALL,
  VM_MEMORY_MALLOC_LARGE,
  VM_MEMORY_MALLOC_HUGE,
  VM_MEMORY_MALLOC_TINY,
  VM_MEMORY_MALLOC_NANO,
  VM_MEMORY_MALLOC_MEDIUM,
]);
