import type { Decoder } from "../isa/decode.js";
import type { Mmu } from "../mmu/mmu.js";
import { RAM_OFFSET } from "../mmu/phys-memory.js";
import { CODE_PAGE_BYTES, type CodeCache, type MappedPage, type Unit } from "./code-cache.js";
import type { IndirectTargets } from "./indirect.js";
import { discover, lastOf, lastPcOf, leavesOf, type Extent, type Region } from "./region.js";
import { physicalOf, type Wanted } from "./wanted.js";

/** A region to be translated. */
export interface Found {
  readonly region: Region;
  /** Physical address of its first instruction. */
  readonly physical: number;
  /** Addresses of its indirect branches and calls. */
  readonly indirect: readonly number[];
}

/** What is translated together. */
export interface Batch {
  readonly found: readonly Found[];
  /** Guest instructions in it. */
  readonly insns: number;
}

/** What tells where code is, and what of it is translated already. */
export interface CodeSources {
  readonly mmu: Mmu;
  readonly decoder: Decoder;
  readonly code: CodeCache;
  readonly indirect: IndirectTargets;
}

/**
 * The region wanted, and those that are likely to be wanted and are not there yet: what it calls, directly or
 * through others, and, since functions are often reached through pointers only, what lies behind it.
 * @param limit guest instructions: with so many nothing is added
 */
export function collectBatch(
  sources: CodeSources,
  wanted: Wanted,
  extent: Extent,
  limit: number,
): Batch {
  const { mmu, decoder, code, indirect: indirectTargets } = sources;
  const { memory } = mmu;
  const { u32 } = memory;
  const { mode } = wanted;
  const pageBytes = 2 ** mode.pageShift;
  const found: Found[] = [];
  const seen = new Set<number>([wanted.pc]);
  const queue = [{ pc: wanted.pc, physical: wanted.physical }];
  let insns = 0;
  /** Ends of the regions in the batch, and of those met that were there before, by their starts. */
  const ends = new Map<number, number>();
  const enqueue = (target: number): void => {
    if (seen.has(target)) return;
    seen.add(target);
    const at = physicalOf(mmu, target, wanted);
    if (at < 0) return;
    const known = code.peek(at, target, mode.key);
    if (known === null) queue.push({ pc: target, physical: at });
    else ends.set(target, known.end);
  };
  const targetsOf = (at: number): readonly number[] => indirectTargets.targetsOf(at);
  let behind = wanted.pc;
  let first = 0;
  while (insns < limit) {
    while (first === queue.length) {
      const end = ends.get(behind);
      if (end === undefined || end <= behind || end % pageBytes === 0) break;
      behind = end;
      enqueue(behind);
    }
    const next = queue[first++];
    if (next === undefined) break;
    const { pc, physical } = next;
    const host = (physical - memory.ramBase + RAM_OFFSET) / 4;
    const fetch = (at: number): number => u32[host + (at - pc) / 4]!;
    const region = discover(decoder, pc, fetch, pageBytes, extent, targetsOf);
    if (found.length > 0 && !looksLikeCode(region)) continue;
    const indirect: number[] = [];
    found.push({ region, physical, indirect });
    ends.set(pc, region.end);
    for (const block of region.blocks) {
      insns += block.insns.length;
      const { flow } = lastOf(block);
      if (flow === null) continue;
      if (flow.kind === "call" && block.targets.length === 0) {
        enqueue(lastPcOf(block) + flow.offset);
      } else if (flow.kind === "indirect" || flow.kind === "callIndirect") {
        indirect.push(lastPcOf(block));
      }
    }
  }
  return { found, insns };
}

/** Pages that the regions are in, as the MMU has them and as code is tracked. */
export function pagesOf(batch: readonly Found[], shift: number): Pick<Unit, "pages" | "codePages"> {
  const bytes = 2 ** shift;
  const pages = new Map<number, MappedPage>();
  const codePages = new Set<number>();
  for (const { region, physical } of batch) {
    const va = Math.floor(region.pc / bytes) * bytes;
    const pa = physical - region.pc + va;
    if (!pages.has(va)) pages.set(va, { va, pa });
    const to = Math.floor((pa + region.last) / CODE_PAGE_BYTES);
    let page = Math.floor((pa + region.first) / CODE_PAGE_BYTES);
    for (; page <= to; page++) codePages.add(page);
  }
  return { pages: [...pages.values()], codePages };
}

/**
 * Physical addresses of all blocks, each followed by how many instructions it has. The first instructions of functions that
 * are part of them are left out: others may call these.
 */
export function rangesOf(batch: readonly Found[]): number[] {
  const ranges: number[] = [];
  for (const { region, physical } of batch) {
    const leaves = leavesOf(region);
    for (const { pc, insns } of region.blocks) {
      const skipped = leaves.includes(pc) ? 1 : 0;
      ranges.push(physical + pc - region.pc + skipped * 4, insns.length - skipped);
    }
  }
  return ranges;
}

/** No function begins with an undefined instruction; zeros, which fill pages up, are UDF #0. */
function looksLikeCode(region: Region): boolean {
  const first = region.blocks[0]?.insns[0];
  return first !== undefined && first.row !== null && first.word >>> 16 !== 0;
}
