import type { VmContext } from "./context.js";
import { PAGE_SIZE, type VmTag } from "./types.js";
import { vmObjectCompressedPageCount } from "./object/compressed.js";
import type { VmObject } from "./object/object.js";

/** struct vm_statistics64: pages, and events since boot, in the order of the structure. */
export interface VmStatistics64 {
  readonly free_count: number;
  readonly active_count: number;
  readonly inactive_count: number;
  readonly wire_count: number;
  readonly zero_fill_count: number;
  readonly reactivations: number;
  readonly pageins: number;
  readonly pageouts: number;
  readonly faults: number;
  readonly cow_faults: number;
  readonly lookups: number;
  readonly hits: number;
  readonly purges: number;
  readonly purgeable_count: number;
  readonly speculative_count: number;
  readonly decompressions: number;
  readonly compressions: number;
  readonly swapins: number;
  readonly swapouts: number;
  readonly compressor_page_count: number;
  readonly throttled_count: number;
  readonly external_page_count: number;
  readonly internal_page_count: number;
  readonly total_uncompressed_pages_in_compressor: number;
}

/**
 * The machine's memory in numbers. XNU: host.c vm_stats. `free_count` includes speculative pages, and
 * `wire_count` throttled ones, as on macOS; `lookups` and `hits` are never counted.
 */
export function vmStatistics64(ctx: VmContext): VmStatistics64 {
  const { pages, counters, compressor } = ctx;
  let purgeable = 0;
  for (const object of ctx.purgeable.objects) purgeable += object.residentPageCount;
  return {
    free_count: pages.free.count + pages.speculative.count,
    active_count: pages.active.count + pages.activeLocal.count,
    inactive_count: pages.inactiveCount,
    wire_count: pages.wireCount + pages.throttled.count,
    zero_fill_count: counters.zeroFillCount,
    reactivations: counters.reactivations,
    pageins: counters.pageins,
    pageouts: counters.pageouts,
    faults: counters.faults,
    cow_faults: counters.cowFaults,
    lookups: 0,
    hits: 0,
    purges: counters.purges,
    purgeable_count: purgeable,
    speculative_count: pages.speculative.count,
    decompressions: counters.decompressions,
    compressions: counters.compressions,
    swapins: counters.swapins,
    swapouts: counters.swapouts,
    compressor_page_count: compressor.poolPages,
    throttled_count: pages.throttled.count,
    external_page_count: pages.pageableExternalCount,
    internal_page_count: pages.pageableInternalCount + pages.activeLocal.count,
    total_uncompressed_pages_in_compressor: compressor.pagesCompressed,
  };
}

/** Lengths of the page queues, in pages, by the name of the queue. */
export function vmPageQueueLengths(ctx: VmContext): Readonly<Record<string, number>> {
  const { pages, pageout, compressor } = ctx;
  return {
    free: pages.free.count,
    freePerCpu: pages.free.local.count,
    active: pages.active.count,
    activePerCpu: pages.activeLocal.count,
    inactiveInternal: pages.inactiveInternal.count,
    inactiveExternal: pages.inactiveExternal.count,
    inactiveCleaned: pages.inactiveCleaned.count,
    speculative: pages.speculative.count,
    throttled: pages.throttled.count,
    wired: pages.wireCount,
    laundryInternal: pageout.internal.pages.count,
    laundryExternal: pageout.external.pages.count,
    compressor: compressor.poolPages,
  };
}

/**
 * Bytes of wired pages by the tag they are charged to (VM_KERN_MEMORY_*; 0: nobody's), lowest first. XNU: vm_tag_update_size,
 * kept there as they change.
 */
export function vmWiredByTag(ctx: VmContext): ReadonlyMap<VmTag, number> {
  const bytes = new Map<VmTag, number>();
  for (const { wiredPageCount, wireTag } of ctx.objects.live) {
    if (wiredPageCount === 0) continue;
    bytes.set(wireTag, (bytes.get(wireTag) ?? 0) + wiredPageCount * PAGE_SIZE);
  }
  return new Map([...bytes].sort(([a], [b]) => a - b));
}

/** One object of a shadow chain as a line of text: what it holds, and what lies below it. */
export function describeObject(object: VmObject): string {
  const kind = object.internal ? "anonymous" : (object.pager?.description ?? "external");
  const parts = [
    `o${object.id} ${kind}`,
    `${object.size / PAGE_SIZE} pages`,
    `ref ${object.refCount}`,
    `resident ${object.residentPageCount}`,
    `wired ${object.wiredPageCount}`,
    `compressed ${vmObjectCompressedPageCount(object)}`,
    `strategy ${object.copyStrategy}`,
  ];
  if (object.trueShare) parts.push("true share");
  if (object.copy !== null) parts.push(`copy o${object.copy.id}`);
  if (object.shadow !== null) {
    parts.push(`shadow o${object.shadow.id}+${object.shadowOffset / PAGE_SIZE}`);
  }
  return parts.join(", ");
}

/** A shadow chain, a line for each object from the top down. */
export function describeShadowChain(object: VmObject): string[] {
  const lines: string[] = [];
  for (let at: VmObject | null = object; at !== null; at = at.shadow)
    lines.push(describeObject(at));
  return lines;
}
