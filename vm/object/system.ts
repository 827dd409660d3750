import type { ObjectCache } from "./cache.js";
import type { VmObject } from "./object.js";
import type { MemoryObject } from "./pager.js";
import type { VnodePager } from "./vnode-pager.js";

/** What the objects of one machine share: the globals of XNU's vm_object.c and memory_object.c. */
export class ObjectSystem {
  /** Every object that was allocated and not freed yet: the checkers add up references over it. */
  readonly live = new Set<VmObject>();
  /** The object each external pager is bound to. */
  readonly byPager = new Map<MemoryObject, VmObject>();
  /** Pagers of files by the file's identity, so that all mappings of a file share one object. */
  readonly vnodePagers = new Map<string, VnodePager>();
  /** Files nobody maps that have pages. */
  readonly cache: ObjectCache = new Set();
  /** Terminated, but still held: the reaper frees them when they are not any more. XNU: vm_object_reaper_queue. */
  readonly reaping = new Set<VmObject>();
  /** Mapped by nobody, and their pagers want no such objects kept: the reaper destroys them. */
  readonly unmapped = new Set<VmObject>();
  /** What the reaper sleeps on, and how many objects it dealt with. */
  readonly reaperWanted = {};
  reaperCalls = 0;
}
