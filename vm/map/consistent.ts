import { check } from "../../emulator/arch/check.js";
import { isAligned } from "../address.js";
import { MEMORY_OBJECT_COPY_SYMMETRIC, type VmObject } from "../object/object.js";
import { VM_INHERIT_NONE } from "../types.js";
import type { VmMapEntry } from "./entry.js";
import type { VmMap } from "./map.js";
import type { Hole, HoleList } from "./store/holes.js";

/**
 * Check a map: its list, tree and free space say the same, and every entry is possible.
 * @throws HostBug at the first broken invariant
 */
export function vmMapAssertConsistent(map: VmMap): void {
  check(map.refCount > 0, "map in use without a reference", map);
  check(!map.lock.held, "map is locked", map);
  let previous: VmMapEntry | null = null;
  let count = 0;
  let bytes = 0;
  let userWired = 0;
  for (const entry of map.entries) {
    assertEntry(map, entry);
    check(entry.prev === previous, "entry list is broken", entry);
    check(previous === null || previous.end <= entry.start, "entries overlap", previous, entry);
    check(map.tree.floor(entry.start) === entry, "entry is not in the tree", entry);
    if (entry.userWiredCount > 0) userWired += entry.end - entry.start;
    bytes += entry.end - entry.start;
    count += 1;
    previous = entry;
  }
  check(map.entries.last === previous && map.entries.count === count, "entry list end", map);
  check(bytes === map.size, "map.size is stale", map.size, bytes);
  check(userWired === map.userWireSize, "userWireSize is stale", map.userWireSize, userWired);
  check(map.hint === null || map.tree.floor(map.hint.start) === map.hint, "hint is stale", map);
  map.tree.assertConsistent(map.entries);
  if (map.holes === null) assertFirstFree(map);
  else assertHoles(map, map.holes);
}

function assertEntry(map: VmMap, entry: VmMapEntry): void {
  check(entry.start < entry.end, "empty entry", entry);
  check(isAligned(entry.start, map.pageSize) && isAligned(entry.end, map.pageSize), "edges", entry);
  check((entry.protection & ~entry.maxProtection) === 0, "protection exceeds maximum", entry);
  check(entry.object === null || entry.submap === null, "object and submap", entry);
  check(entry.userWiredCount === 0 || entry.wiredCount > 0, "user wired but not wired", entry);
  check(entry.inheritance <= VM_INHERIT_NONE, "inheritance", entry);
  check(entry.mapAligned === map.isExotic, "map_aligned", entry);
  const { object } = entry;
  check(object !== null || entry.submap !== null || !entry.needsCopy, "nothing to copy", entry);
  check(object !== null || entry.submap !== null || entry.wiredCount === 0, "wired nothing", entry);
  if (object !== null) assertMemory(entry, object);
}

/** How the entry may use its object. */
function assertMemory(entry: VmMapEntry, object: VmObject): void {
  const end = entry.offset + (entry.end - entry.start);
  check(entry.offset >= 0 && (!object.internal || end <= object.size), "past the object", entry);
  check(object.refCount > 0 && object.alive, "entry maps a dead object", entry, object);
  const symmetric = object.copyStrategy === MEMORY_OBJECT_COPY_SYMMETRIC;
  // A pending symmetric copy is only possible for symmetric objects, which are never really shared.
  check(!entry.needsCopy || symmetric, "pending copy of an asymmetric object", entry, object);
  check(!entry.isShared || !symmetric, "shared entry of a symmetric object", entry, object);
  check(entry.wiredCount === 0 || !entry.needsCopy, "wired entry with a pending copy", entry);
}

/** The holes are exactly the gaps between the entries, up to the ceiling. */
function assertHoles(map: VmMap, holes: HoleList): void {
  const { ceiling } = holes;
  const listed = holes[Symbol.iterator]();
  let at = map.minOffset;
  const gap = (end: number): void => {
    const to = Math.min(end, ceiling);
    if (at >= to) return;
    const hole: Hole | undefined = listed.next().value;
    check(hole?.start === at && hole.end === to, "hole", hole, at, to);
  };
  for (const entry of map.entries) {
    gap(entry.start);
    at = entry.end;
  }
  gap(ceiling);
  check(listed.next().done === true, "hole where something is mapped", map);
}

/** Without holes: an entry of the map, from which the search for space goes up. */
function assertFirstFree(map: VmMap): void {
  const free = map.firstFree;
  check(free === null || map.tree.floor(free.start) === free, "first free is stale", free);
}
