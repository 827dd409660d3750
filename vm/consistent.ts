import { check } from "../emulator/arch/check.js";
import { compressorAssertConsistent } from "./compressor/index.js";
import type { VmMapCopy } from "./map/copy.js";
import type { VmMapEntry } from "./map/entry.js";
import type { VmMap } from "./map/map.js";
import { vmObjectAssertConsistent } from "./object/index.js";
import type { VmObject } from "./object/object.js";
import {
  VM_PAGE_IS_WIRED,
  VM_PAGE_ON_ACTIVE_LOCAL_Q,
  VM_PAGE_ON_ACTIVE_Q,
  VM_PAGE_ON_FREE_LOCAL_Q,
  VM_PAGE_ON_FREE_Q,
  VM_PAGE_ON_INACTIVE_CLEANED_Q,
  VM_PAGE_ON_INACTIVE_EXTERNAL_Q,
  VM_PAGE_ON_INACTIVE_INTERNAL_Q,
  VM_PAGE_ON_PAGEOUT_Q,
  VM_PAGE_ON_SPECULATIVE_Q,
  VM_PAGE_ON_THROTTLED_Q,
  VM_PAGE_USED_BY_COMPRESSOR,
  type PageQueueState,
  type VmPage,
} from "./page/page.js";
import { pmapAssertConsistent } from "./pmap/index.js";
import type { VmSystem } from "./system.js";
import { PAGE_SIZE } from "./types.js";

/** Everything that can hold a reference on an object, besides other objects. */
export interface VmRoots {
  /** Every map there is but the kernel's and submaps, which are found. */
  readonly maps: Iterable<VmMap>;
  /** Copies on their way from one map to another. */
  readonly copies?: Iterable<VmMapCopy>;
  /** References held outside the VM (a file's pager, a test), one per mention. */
  readonly objects?: Iterable<VmObject>;
}

/**
 * Check the machine's whole VM. Meant for moments when nothing sleeps inside it; a sleeping fault
 * may hold references and busy pages of its own.
 * @throws HostBug at the first broken invariant
 */
export function vmAssertConsistent(system: VmSystem, roots?: VmRoots): void {
  assertFrames(system);
  compressorAssertConsistent(system.compressor);
  pmapAssertConsistent(system.pmaps);
  if (roots) assertReferences(system, roots);
}

interface Countable extends Iterable<VmPage> {
  readonly count: number;
}

/** Each frame is on exactly the queue it says, with the fields that state implies. */
function assertFrames(system: VmSystem): void {
  const queues = system.pages;
  const lists: readonly (readonly [PageQueueState, Countable])[] = [
    [VM_PAGE_ON_FREE_Q, queues.free],
    [VM_PAGE_ON_FREE_LOCAL_Q, queues.free.local],
    [VM_PAGE_ON_ACTIVE_LOCAL_Q, queues.activeLocal],
    [VM_PAGE_ON_ACTIVE_Q, queues.active],
    [VM_PAGE_ON_INACTIVE_INTERNAL_Q, queues.inactiveInternal],
    [VM_PAGE_ON_INACTIVE_EXTERNAL_Q, queues.inactiveExternal],
    [VM_PAGE_ON_INACTIVE_CLEANED_Q, queues.inactiveCleaned],
    [VM_PAGE_ON_SPECULATIVE_Q, queues.speculative],
    [VM_PAGE_ON_THROTTLED_Q, queues.throttled],
    [VM_PAGE_ON_PAGEOUT_Q, system.pageout.internal.pages],
    [VM_PAGE_ON_PAGEOUT_Q, system.pageout.external.pages],
  ];
  const queued = new Map<VmPage, PageQueueState>();
  for (const [state, list] of lists) {
    let count = 0;
    for (const page of list) {
      check(!queued.has(page), "page is on two queues", page);
      check(page.queueState === state, "page is on a queue it does not name", page);
      queued.set(page, state);
      count += 1;
    }
    check(count === list.count, "queue count is stale", state, count, list.count);
  }
  let wired = 0;
  let internal = 0;
  let external = 0;
  for (const page of queues.all()) {
    const onList = queued.has(page);
    check(
      onList || !lists.some(([state]) => state === page.queueState),
      "page is on no queue",
      page,
    );
    check(page.wireCount > 0 === (page.queueState === VM_PAGE_IS_WIRED), "wired state", page);
    if (page.queueState === VM_PAGE_ON_FREE_Q || page.queueState === VM_PAGE_ON_FREE_LOCAL_Q) {
      check(page.busy && page.object === null && !page.tabled, "free page is in use", page);
      check(!page.pmapped && !page.wpmapped && !page.dirty, "free page kept its past", page);
      continue;
    }
    const laundry = page.queueState === VM_PAGE_ON_PAGEOUT_Q;
    check(page.laundry === laundry, "laundry that is on no pageout queue", page);
    check(
      !laundry || !page.pmapped || page.object?.internal !== true || page.busy,
      "laundry",
      page,
    );
    const pool = page.object === system.compressorObject;
    check(pool === (page.queueState === VM_PAGE_USED_BY_COMPRESSOR), "frame of the pool", page);
    if (page.wireCount > 0) wired += 1;
    if (page.object === null) continue; // grabbed, on its way into an object
    check(page.object.pages.get(page.offset / PAGE_SIZE) === page, "object lost its page", page);
    if (laundry || page.queueState === VM_PAGE_ON_THROTTLED_Q) continue;
    if (page.queueState === VM_PAGE_ON_ACTIVE_LOCAL_Q) continue;
    if (onList && page.object.internal) internal += 1;
    if (onList && !page.object.internal) external += 1;
  }
  check(wired === queues.wireCount, "wired count is stale", wired, queues.wireCount);
  check(internal === queues.pageableInternalCount, "internal pageable count is stale", internal);
  check(external === queues.pageableExternalCount, "external pageable count is stale", external);
}

/** What was found to reference each object, by walking down from the roots. */
class ReferenceCount {
  readonly counts = new Map<VmObject, number>();
  readonly #maps = new Set<VmMap>();

  addMap(map: VmMap): void {
    if (this.#maps.has(map)) return;
    this.#maps.add(map);
    this.addEntries(map.entries);
  }

  addEntries(entries: Iterable<VmMapEntry>): void {
    for (const entry of entries) {
      if (entry.submap !== null) this.addMap(entry.submap);
      else if (entry.object !== null) this.addObject(entry.object);
    }
  }

  /** The pager's reference, of a file that nothing maps now. */
  addNamed(object: VmObject): void {
    if (object.named && !this.counts.has(object)) this.counts.set(object, 1);
  }

  /** One reference; what the object itself references counts the first time it is met. */
  addObject(object: VmObject): void {
    for (let at: VmObject | null = object; at !== null; at = at.shadow) {
      const before: number | undefined = this.counts.get(at);
      this.counts.set(at, (before ?? (at.named ? 1 : 0)) + 1);
      if (before !== undefined) return;
    }
  }
}

function assertReferences(system: VmSystem, roots: VmRoots): void {
  const found = new ReferenceCount();
  found.addMap(system.kernelMap);
  for (const map of roots.maps) found.addMap(map);
  for (const copy of roots.copies ?? []) {
    if (copy.type === "entryList") found.addEntries(copy.entries);
  }
  for (const object of roots.objects ?? []) found.addObject(object);
  for (const object of system.objects.live) found.addNamed(object);
  for (const [object, count] of found.counts) {
    check(object.refCount === count, "reference count is wrong", object, object.refCount, count);
    check(object.alive && !object.terminating, "a dead object is referenced", object);
    const copy = object.copy;
    if (copy === null) continue;
    check(copy.shadow === object, "copy object does not shadow its source", object, copy);
    check(found.counts.has(copy), "copy object is referenced by nobody", object, copy);
  }
  for (const object of system.objects.live) {
    check(found.counts.has(object) || object.terminating, "object nobody references", object);
    vmObjectAssertConsistent(object);
  }
  const kernelOnly = new Set([system.kernelObject, system.pmapObject, system.compressorObject]);
  for (const page of system.pages.all()) {
    const { object } = page;
    if (object === null || kernelOnly.has(object)) continue;
    check(found.counts.has(object), "page of an object nobody references", page, object);
  }
}
