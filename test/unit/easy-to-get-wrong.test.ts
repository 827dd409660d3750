import { readFileSync } from "node:fs";
import { describe, expect, it } from "vitest";

/**
 * What is easy to get wrong about objects, faults and pages, and which test would notice: each row is
 * a rule in a few words, the file of the test below `test/unit`, and the test's name.
 */
type Row = readonly [rule: string, file: string, test: string];

const OBJECTS: readonly Row[] = [
  [
    "untouched entry has no object; one touch: one reference",
    "object/shadow-chains",
    "gives an entry no object until it is touched",
  ],
  [
    "fork without writes: one object, read-only, both need a copy",
    "object/shadow-chains",
    "shares one object, read-only, until somebody writes",
  ],
  [
    "fork of an untouched region shares nothing",
    "object/shadow-chains",
    "shares nothing of a region that was never touched",
  ],
  [
    "first write of the child: a shadow with one page",
    "object/shadow-chains",
    "puts a shadow with just the written page under the writer",
  ],
  [
    "a full shadow bypasses its source",
    "object/shadow-chains",
    "bypasses a source that is fully covered",
  ],
  [
    "so does one through which nothing shows",
    "object/shadow-chains",
    "bypasses a source of which nothing shows through, whatever their sizes",
  ],
  [
    "so does one after its last page was copied",
    "object/shadow-chains",
    "bypasses as soon as the last page is copied up",
  ],
  [
    "collapse at a write after the parent's exit, not at a read",
    "object/shadow-chains",
    "collapses into the last user at its next copied page, not at a read",
  ],
  [
    "child gone without writing: written in place",
    "object/shadow-chains",
    "takes the object back in place when the other side left without writing",
  ],
  [
    "half an object still mapped: shadow, then collapse",
    "object/shadow-chains",
    "shadows and collapses at once when only part of the object is still mapped",
  ],
  [
    "three generations without writes: depth 0, three references",
    "object/shadow-chains",
    "keeps one object for three generations that only read",
  ],
  [
    "middle of a chain collapses when its other user exits",
    "object/shadow-chains",
    "collapses the middle of a chain when its other user leaves",
  ],
  [
    "zero page of a read goes below, for both",
    "object/shadow-chains",
    "zero-fills a page nobody touched in the shared object, for both",
  ],
  [
    "inherited sharing: DELAY, not true share",
    "object/shadow-chains",
    "shares for real when inheritance says so",
  ],
  [
    "remap shares for real, or puts a copy object on top",
    "map/remap",
    "maps the same memory twice, with the same rights",
  ],
  [
    "source write pushes the old page, same frame",
    "object/copies",
    "pushes the old contents to the copy when the source is written",
  ],
  [
    "copy write goes to a shadow above the copy object",
    "object/copies",
    "keeps writes to the copy in a shadow above it",
  ],
  [
    "an unmodified copy object is used again, a modified one stacked",
    "object/copies",
    "stacks a modified copy object on its successor",
  ],
  [
    "copy unmapped: source forgets it, stays truly shared",
    "object/copies",
    "forgets a copy object that goes away",
  ],
  [
    "wired page: eager copy; unwired part of split memory: lazy",
    "object/objects-to-get-wrong",
    "shadows that part and is lazy",
  ],
  [
    "private file mapping: the copy object never collapses",
    "object/vnode-pager",
    "stack a private mapping's changes on a copy object that never collapses",
  ],
  [
    "private reader sees what was before a shared write",
    "object/vnode-pager",
    "show a private reader the contents from before a shared write",
  ],
  [
    "child of wired memory: own object, own frames",
    "object/shadow-chains",
    "gives a child of wired memory an object of its own",
  ],
  [
    "malloc memory: copied by copy objects at fork, eagerly by copies",
    "copy/copyin",
    "copies malloc memory at once: it is copied lazily by forks only",
  ],
  [
    "purgeable memory is not so in a child or a copy",
    "object/objects-to-get-wrong",
    "is copied by a fork at once, and the child's is not purgeable",
  ],
  [
    "purgeable control returns the old state",
    "object/purgeable",
    "tells its old state at each change, and stays empty until it is made nonvolatile",
  ],
  [
    "purgeable control refuses by state word, rights, kind and hole",
    "map/copies-and-queries-to-get-wrong",
    "is set where it may be written, and asked anywhere",
  ],
  [
    "handle: rights of the mapping, or as many as there are",
    "map/memory-entry",
    "gives what the mapping has: all that is asked for, or as much as there is",
  ],
  [
    "handle over two objects or a hole",
    "map/memory-entry",
    "over a hole: shared up to it, or an error when all of it must be shared",
  ],
  [
    "handle of a handle; of nothing; unknown flags",
    "map/memory-entry",
    "looks at the flags, the parent, then the kind of entry",
  ],
  [
    "handle by data address: size from the first byte's page",
    "map/memory-entry",
    "by data address counts from the page of the first byte to the end of the last",
  ],
  [
    "VM_COPY handle: shared writes, independent copies, own zeroes",
    "map/memory-entry",
    "of memory never touched when it was copied is zeroes, each mapping's own",
  ],
  [
    "pages of an unmapped part live until the object grows back",
    "object/shadow-chains",
    "keeps pages of an unmapped part until the object grows over them again",
  ],
  [
    "collapse with compressed pages and a window",
    "fault/compressed",
    "keeps what the top has, moves what shows through a window three pages in, drops the rest",
  ],
  [
    "a page in the window forbids the bypass",
    "object/lifecycle",
    "steps over a shared object only when no page of it shows",
  ],
  [
    "last_unmap once, at the second unmapping",
    "object/pagers",
    "hears once of the last unmapping; after destroy what is resident stays readable",
  ],
  [
    "pager error: this page alone; destroyed: resident pages only",
    "object/pagers",
    "that fails makes an error of this page alone, and is asked again",
  ],
  [
    "clipped halves: a quick copy of one makes the other shadow when shared",
    "object/objects-to-get-wrong",
    "a quick copy of one half marks the object; sharing the other half makes a shadow first",
  ],
  [
    "list copy of half an entry",
    "copy/copyin",
    "splits the source entry at the range, and leaves the rest writable",
  ],
  [
    "slow copy has only the pages there were",
    "object/copies",
    "leaves holes of anonymous memory alone",
  ],
  [
    "mlock of all keeps the object, of a middle page makes one",
    "object/shadow-chains",
    "gives a wired page in the middle an object of its own",
  ],
  [
    "copy and share handles are mapped whole",
    "map/memory-entry",
    "of a copy or of a shared range is mapped whole, whatever size is asked for",
  ],
  [
    "VM_COPY handle may be writable although its source is not",
    "map/memory-entry",
    "of a copy may give rights the source does not have",
  ],
];

const FAULTS: readonly Row[] = [
  [
    "read of a fresh page: type 1; its first store: no vm_fault",
    "fault/anonymous",
    "makes a page of zeroes for a load; the first store then needs no vm_fault",
  ],
  [
    "first access a store: writable at once",
    "fault/anonymous",
    "maps the page writable at once for a store",
  ],
  [
    "refusals: codes, counts, no object",
    "fault/anonymous",
    "denies a store to read-only memory and creates nothing",
  ],
  [
    "protection failure in the stack's window is SIGSEGV",
    "darwin/signals",
    "a protection failure in the stack's region is a SIGSEGV that is forced",
  ],
  [
    "store through write-only memory fails; fetch from execute-only works",
    "fault/anonymous",
    "denies everything to PROT_NONE, and a store to write-only memory",
  ],
  [
    "private file: read type 7, write type 3",
    "fault/file",
    "copy the page on a write, and leave the file's alone",
  ],
  [
    "shared file: the store after a read is a second vm_fault",
    "fault/file",
    "page in for a load, without write access; the store takes a second vm_fault",
  ],
  [
    "a page written elsewhere is writable for a reader",
    "fault/file",
    "give a reader write access to a page that was written through another map",
  ],
  [
    "parent's write after the child's exit copies nothing",
    "fault/copy-on-write",
    "does not copy for the parent once the child is gone",
  ],
  [
    "read of a hole under a copy object is read-only, the write pushes zeroes",
    "fault/copy-on-write",
    "pushes zeroes for a page nobody had",
  ],
  [
    "nothing is pushed twice",
    "fault/copy-on-write",
    "does not disturb anybody when the copy has the page",
  ],
  [
    "write above a compressed page: type 9, slot kept",
    "fault/compressed",
    "is decompressed into the top object by a write from above, and stays compressed below",
  ],
  [
    "read above a compressed page: decompressed below, slot freed",
    "fault/compressed",
    "is decompressed where it was by a read from above, and its slot is free then",
  ],
  [
    "swapped segment: type 10, or a copy from above; errors 10 then 9",
    "fault/compressed",
    "on swap, is a copy-on-write for a write from above, and leaves its slot",
  ],
  [
    "a decompressed page is dirty even if only read",
    "fault/compressed",
    "comes back by a fault of type 9, dirty even if it is only read",
  ],
  [
    "past the end of a file: KERN_MEMORY_ERROR",
    "fault/file",
    "are memory errors past the end of the file",
  ],
  ["a page in error is an error once", "fault/file", "free a page in error, once reported"],
  [
    "fault on volatile: an error though resident",
    "object/purgeable",
    "is emptied at once, or is an error to touch, with the debug bits",
  ],
  [
    "an interrupted wait is KERN_ABORTED",
    "fault/sleeping",
    "is looked for again after a restart, and given up after an interrupt",
  ],
  [
    "retries count once",
    "fault/sleeping",
    "another mapping in the same place starts the fault over",
  ],
  [
    "wiring a read-only private file page copies it",
    "fault/wire",
    "copies a private file page even for a read-only mapping, and maps it read-only",
  ],
  [
    "wiring: one fault if resident, two if not",
    "fault/wire",
    "takes a full fault for a page nobody touched: two faults and a zero-fill",
  ],
  ["last unwiring activates", "fault/wire", "counts once for each mapping of a page"],
  [
    "read-ahead counts at once, first touches are type 7",
    "fault/file",
    "reports the first touch of a page that was read ahead as a page-in",
  ],
  [
    "nothing is given up behind before 128 pages",
    "fault/file",
    "are left where they are for 128 pages, then given up 16 at a time",
  ],
  [
    "RANDOM: one page a fault, nothing behind",
    "fault/special-pages",
    "RANDOM reads one page at each fault and gives none up behind",
  ],
  [
    "other mappings of a copied page: fast leaves, slow takes them",
    "fault/copy-on-write",
    "takes other mappings of the source away where it goes the slow way",
  ],
  [
    "map changed meanwhile: same object goes on, unmapped fails",
    "fault/sleeping",
    "an entry that goes away makes the fault fail, although the data came",
  ],
  [
    "protection lowered meanwhile: weaker mapping",
    "fault/sleeping",
    "a lowered protection weakens the mapping; the store then faults again",
  ],
  [
    "lookups and hits are 0; free counts speculative pages",
    "page/paging-rules",
    "count what there is; lookups and hits are nothing for ever",
  ],
  [
    "guard page: an error to touch, not to wire",
    "fault/special-pages",
    "may be wired and unwired with what it guards, and stays as it is",
  ],
  [
    "vm_pre_fault does nothing over any translation",
    "fault/anonymous",
    "does nothing where there is any translation, even one without the right",
  ],
  [
    "no_zero_fill: type 5, stale contents, read-only for a read",
    "fault/special-pages",
    "shows what the frame contained, counts no zero-fill, and maps a read read-only",
  ],
  [
    "NO_CACHE is inert",
    "fault/special-pages",
    "NO_CACHE changes nothing: a file's page ends on the active queue, anonymous memory ignores it",
  ],
  [
    "an inactive page stays inactive for a fault",
    "fault/special-pages",
    "a page on an inactive queue stays there for a fault; the scan sees that it was used",
  ],
];

const PAGES: readonly Row[] = [
  [
    "grabbed: busy, no queue; freed: busy, free queue",
    "page/paging-rules",
    "are busy and on no queue when grabbed, busy and on the free queue when freed",
  ],
  [
    "two CPUs: fresh page on the local queue, exported as active",
    "page/page-lists",
    "are on the CPU's list, counted as active and not as pageable",
  ],
  [
    "one CPU: active directly, referenced",
    "page/paging-rules",
    "made by a zero-fill on one CPU are active at once, with the reference bit",
  ],
  [
    "251st local page: all to the head of active, 62 deactivated",
    "page/page-lists",
    "all go to the head of the active queue with the 251st",
  ],
  [
    "activate moves to the tail, deactivate leaves inactive pages",
    "page/pages",
    "leave an inactive page in its place when it is deactivated again",
  ],
  [
    "unwired: active, never inactive",
    "page/paging-rules",
    "wired twice and unwired once are wired; unwired again, active and never inactive",
  ],
  ["wiring steals from the laundry", "fault/compressed", "are taken back by wiring"],
  [
    "removing laundry from its queue panics",
    "fault/compressed",
    "cannot be removed from their queue like others",
  ],
  ["lookup at an unaligned offset is a bug", "page/pages", "are found at their offset only"],
  [
    "insert past the end of anonymous memory panics",
    "page/pages",
    "cannot be past the end of anonymous memory, nor two at one offset",
  ],
  [
    "page of an unmapped file goes to the speculative queue",
    "page/paging-rules",
    "of a file with no user but its name go to the speculative queue when deactivated",
  ],
  [
    "anonymous pages are never speculative",
    "page/paging-rules",
    "of anonymous memory cannot be speculative",
  ],
  [
    "never written: dropped, zero-filled again",
    "page/paging-rules",
    "drops an anonymous page nobody wrote, which is zero-filled again",
  ],
  [
    "only the hardware saw the write: compressed",
    "page/paging-rules",
    "compresses a page of which only the hardware knows that it was written",
  ],
  [
    "referenced: activated and counted, but not a file's nobody maps",
    "page/pages-to-get-wrong",
    "is none for a page of a file nobody maps: it is deactivated again, and not counted",
  ],
  [
    "no_cache is never set, so never costs the second chance",
    "fault/special-pages",
    "NO_CACHE changes nothing: a file's page ends on the active queue, anonymous memory ignores it",
  ],
  [
    "full compressor queue: activated, counted",
    "page/pages-to-get-wrong",
    "is given to a dirty page when the compressor's queue is full, and counted",
  ],
  [
    "cleaned file page stays, fault without I/O",
    "page/paging-rules",
    "writes a dirty file page and keeps it, cleaned; a fault makes it active without I/O",
  ],
  [
    "cleaned, then speculative, then the rest",
    "page/paging-rules",
    "is always that of cleaned pages first, and of read-ahead nobody used before the rest",
  ],
  [
    "two anonymous pages, then a file page",
    "page/paging-rules",
    "is that of two anonymous pages, then of a file page, when there is enough of both",
  ],
  [
    "few file pages: anonymous only, or 99 of 100 kept",
    "page/pages-to-get-wrong",
    "are kept but for one in a hundred",
  ],
  [
    "single value: no segment space",
    "compressor/compressor",
    "keeps a page of one value in no memory at all",
  ],
  [
    "single values overflow into 4 bytes",
    "compressor/compressor",
    "keeps single values the table has no room for in four bytes",
  ],
  [
    "noise is stored raw; frames four at a time",
    "compressor/compressor",
    "stores noise as it is, in a whole page, and takes frames four at a time",
  ],
  [
    "ABSENT after a get, EXISTS if kept",
    "compressor/compressor",
    "knows a page until it is taken, and after that if it was kept",
  ],
  [
    "one page of a swapped segment brings all of it",
    "fault/compressed",
    "is a fault of type 10 when its segment was on swap, and all of the segment comes",
  ],
  [
    "a page in the laundry is taken back in its frame",
    "fault/compressed",
    "are taken back by a fault without waiting, in the same frame",
  ],
  [
    "below the reserve: nothing, but from the CPU's own list",
    "page/page-lists",
    "serve an ordinary thread although the machine is below its reserve",
  ],
  [
    "vm_page_wait sleeps between reserve and target",
    "page/pages-to-get-wrong",
    "sleeps between the reserve and the target, although pages are free",
  ],
  [
    "the reserve grows with each call",
    "page/paging-rules",
    "grows by the compressor's share at each call, also for nothing, up to its limit",
  ],
  [
    "pages of the CPU's list count as used",
    "page/page-lists",
    "are fetched four of each colour at a time, and count as used",
  ],
  [
    "volatile pages may be compressed; purging drops that",
    "object/purgeable",
    "may be compressed while volatile; purging drops that without decompressing",
  ],
  [
    "busy and wired pages survive a purge",
    "object/objects-to-get-wrong",
    "keeps a busy page, which becomes inactive, and a wired one with its data",
  ],
  [
    "mlock over the limit wires nothing",
    "map/easy-to-get-wrong",
    "goes up to the limit exactly, and does not count what is wired already",
  ],
  [
    "compressor at its limit loses nothing",
    "page/paging-rules",
    "leaves wired pages alone, and loses none when the compressor is at its limit",
  ],
];

const sources = new Map<string, string>();

function source(file: string): string {
  const known = sources.get(file);
  if (known !== undefined) return known;
  const text = readFileSync(`test/unit/${file}.test.ts`, "utf8");
  sources.set(file, text);
  return text;
}

describe("what is easy to get wrong has a named test:", () => {
  for (const [what, rows, count] of [
    ["objects", OBJECTS, 43],
    ["faults", FAULTS, 35],
    ["pages", PAGES, 35],
  ] as const) {
    it(what, () => {
      expect(rows).toHaveLength(count);
      const missing = rows.filter(([, file, test]) => !source(file).includes(`it("${test}"`));
      expect(missing).toEqual([]);
    });
  }
});
