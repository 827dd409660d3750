import { check } from "../../../emulator/arch/check.js";
import type { VmMapEntry } from "../entry.js";

/**
 * Entries in ascending address order, doubly linked: the part of a map's header that copies have
 * too. "Before the first entry" is `null`, where XNU has the sentinel link.
 */
export class EntryList {
  first: VmMapEntry | null = null;
  last: VmMapEntry | null = null;
  count = 0;

  /** Link `entry` after `after`, or first when `after` is null. */
  insertAfter(after: VmMapEntry | null, entry: VmMapEntry): void {
    check(entry.next === null && entry.prev === null && this.first !== entry, "entry is linked");
    const next = after === null ? this.first : after.next;
    entry.prev = after;
    entry.next = next;
    if (after === null) this.first = entry;
    else after.next = entry;
    if (next === null) this.last = entry;
    else next.prev = entry;
    this.count += 1;
  }

  append(entry: VmMapEntry): void {
    this.insertAfter(this.last, entry);
  }

  remove(entry: VmMapEntry): void {
    if (entry.prev === null) this.first = entry.next;
    else entry.prev.next = entry.next;
    if (entry.next === null) this.last = entry.prev;
    else entry.next.prev = entry.prev;
    entry.prev = null;
    entry.next = null;
    this.count -= 1;
  }

  /** In order; the entry just visited may be removed by the loop's body. */
  *[Symbol.iterator](): Iterator<VmMapEntry> {
    let entry = this.first;
    while (entry !== null) {
      const next: VmMapEntry | null = entry.next;
      yield entry;
      entry = next;
    }
  }
}
