import { pmapQueryPageInfo } from "../pmap/index.js";
import type { VmOffset } from "../types.js";
import type { VmMapEntry } from "./entry.js";
import type { VmMap } from "./map.js";

/** Neighbouring pages, and what was known of each (PMAP_QUERY_PAGE_*). */
interface FootprintRun {
  readonly start: VmOffset;
  readonly dispositions: number[];
}

/**
 * What a task had in memory when its corpse was made. The corpse has a pmap of its own with nothing in it, so
 * the parent's is asked while there is one. Pages of which there is nothing to say are left out.
 * XNU: struct vm_map_corpse_footprint_header.
 */
export class CorpseFootprint {
  readonly #runs: FootprintRun[] = [];
  readonly #pageSize: number;

  constructor(pageSize: number) {
    this.#pageSize = pageSize;
  }

  /**
   * Write down what the parent's pmap has for one of its entries; entries come in order.
   * XNU: vm_map_corpse_footprint_collect.
   */
  collect(parent: VmMap, { start, end }: Pick<VmMapEntry, "start" | "end">): void {
    let run: FootprintRun | null = null;
    for (let va = start; va < end; va = (va + this.#pageSize) as VmOffset) {
      const { disposition } = pmapQueryPageInfo(parent.pmap, va);
      if (disposition === 0) {
        run = null;
        continue;
      }
      if (run === null) {
        run = { start: va, dispositions: [] };
        this.#runs.push(run);
      }
      run.dispositions.push(disposition);
    }
  }

  /** What was known of the page at `va`; 0 is nothing. XNU: vm_map_corpse_footprint_query_page_info. */
  query(va: VmOffset): number {
    let [low, high] = [0, this.#runs.length];
    while (low < high) {
      const middle = (low + high) >>> 1;
      if (this.#runs[middle]!.start <= va) low = middle + 1;
      else high = middle;
    }
    const run = this.#runs[low - 1];
    if (run === undefined) return 0;
    return run.dispositions[Math.floor((va - run.start) / this.#pageSize)] ?? 0;
  }
}
