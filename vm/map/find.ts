import type { VmOffset } from "../types.js";
import type { VmMapEntry } from "./entry.js";
import type { VmMap } from "./map.js";

/** The entry that contains an address, or the nearest one before it (null: none before it). */
export type EntryLookup =
  | { readonly found: true; readonly entry: VmMapEntry }
  | { readonly found: false; readonly entry: VmMapEntry | null };

/** XNU: vm_map_lookup_entry. Locks: map held. */
export function vmMapLookupEntry(map: VmMap, va: VmOffset): EntryLookup {
  map.lock.assertHeld();
  const entry = map.tree.floor(va);
  if (entry !== null && va < entry.end) return { found: true, entry };
  return { found: false, entry };
}

/** The entry containing `va`, or null. Locks: map held. */
export function vmMapEntryAt(map: VmMap, va: VmOffset): VmMapEntry | null {
  map.lock.assertHeld();
  return map.tree.find(va);
}

/** The entry containing `va`, or the next one above it. XNU: vm_map_lookup_entry_or_next. */
export function vmMapLookupEntryOrNext(map: VmMap, va: VmOffset): VmMapEntry | null {
  map.lock.assertHeld();
  const entry = map.tree.floor(va);
  if (entry === null) return map.entries.first;
  return va < entry.end ? entry : entry.next;
}

/** True if nothing was changed since `version` was read. XNU: vm_map_verify. Locks: map held. */
export function vmMapVerify(map: VmMap, version: number): boolean {
  map.lock.assertHeld();
  return map.timestamp === version;
}
