import { availableNonCompressed } from "../compressor/limits.js";
import type { VmContext } from "../context.js";
import type { VmPage } from "./page.js";

/** So many anonymous pages in a row, then a file page, where there are both. */
const ANONYMOUS_IN_A_ROW = 2;

/** What the scan takes next, and as what it is counted. */
export interface Victim {
  readonly page: VmPage;
  readonly from: "cleaned" | "speculative" | "external" | "internal";
  /** There are too few file pages, but nothing can be swapped: give it back but for one in a hundred. */
  readonly keep?: boolean;
}

/** File pages that should stay in memory, in pages (vm_pageout_state.vm_page_filecache_min). */
export function filecacheMin(ctx: VmContext): number {
  const { pages, compressor } = ctx;
  if (compressor.outOfSpace || pages.free.count < pages.targets.reserved / 4) return 0;
  return Math.floor((availableNonCompressed(ctx) * 10) / 27);
}

/**
 * The cheapest page to take: cleaned ones, then those read ahead in vain, then of file pages and
 * anonymous ones what keeps the two in proportion. XNU: vps_choose_victim_page.
 * Differs from XNU: no background, donated or secluded pages.
 * @returns null when every inactive queue is empty
 */
export function chooseVictim(ctx: VmContext): Victim | null {
  const { pages, pageout } = ctx;
  const cleaned = pages.inactiveCleaned.head;
  if (cleaned !== null) return { page: cleaned, from: "cleaned" };
  const aged = pages.speculative.aged.head;
  if (aged !== null && !(aged.dirty && pageout.forceAnonymous)) {
    return { page: aged, from: "speculative" };
  }
  const anonymous = pages.inactiveInternal.head;
  const file = pages.inactiveExternal.head;
  const takeAnonymous = anonymous !== null && (file === null || prefersAnonymous(ctx));
  if (takeAnonymous) {
    pageout.anonymousInARow += 1;
    return { page: anonymous, from: "internal" };
  }
  pageout.anonymousInARow = 0;
  if (file !== null) {
    const keep = anonymous !== null && pages.pageableExternalCount < filecacheMin(ctx);
    return keep ? { page: file, from: "external", keep } : { page: file, from: "external" };
  }
  if (pages.speculative.ageOldest()) return chooseVictim(ctx);
  return null;
}

/** There are both kinds: is it an anonymous page's turn? */
function prefersAnonymous(ctx: VmContext): boolean {
  const { pages, pageout, compressor } = ctx;
  const external = pages.pageableExternalCount;
  const wanted =
    external < filecacheMin(ctx) ||
    pageout.forceAnonymous ||
    pages.inactiveExternal.count < external / 2;
  if (wanted) {
    pageout.anonymousInARow = 0;
    const tight = pages.free.count < 2 * pages.targets.compressorReserve;
    return !(compressor.store === null && tight);
  }
  if (pageout.anonymousInARow >= ANONYMOUS_IN_A_ROW) return false;
  return pages.inactiveInternal.count > Math.floor(pages.inactiveTarget / 20);
}
