import type { Decoder } from "../isa/decode.js";
import type { Flow, Row } from "../isa/pattern.js";
import { leafAt } from "./leaf.js";
import { orderBlocks } from "./order.js";

/** One instruction of a region. A null row is UNDEFINED. */
export interface Insn {
  /** Virtual address, sign-extended. */
  readonly pc: number;
  readonly word: number;
  readonly row: Row | null;
  readonly fields: Readonly<Record<string, number>>;
  readonly flow: Flow | null;
}

/** A run of instructions entered only at the top. */
export interface Block {
  readonly pc: number;
  readonly insns: Insn[];
  /** Blocks of this region control may go to, by index in `Region.blocks`. */
  readonly successors: number[];
  /**
   * Where what it ends in is known to go within this region: an indirect branch, a call of a function that is part of the
   * region, or the return from such a function.
   */
  readonly targets: readonly number[];
  /** Entered when a call returns. */
  afterCall: boolean;
}

/**
 * Basic blocks reachable from one address by direct branches within one page, in emission order. What
 * follows a call is reachable: the call returns there as a rule.
 */
export interface Region {
  readonly pc: number;
  /** `blocks[0]` is the entry; reverse postorder, loops in one piece. */
  readonly blocks: readonly Block[];
}

/** A region stops growing here. */
export const MAX_REGION_INSNS = 1000;
/** Of these, so many at most are functions that it calls. */
const MAX_LEAVES_INSNS = 600;

/** How far to go from where one begins. */
export type Extent = "region" | "block" | "step";

const noTargets = (): readonly number[] => [];

/**
 * Find the region at `pc`.
 * @param fetch the instruction word at an address of the same page as `pc`
 * @param pageBytes the page that bounds the region
 * @param extent "step": one instruction; "block": up to the first branch
 * @param targetsOf where the indirect branch at an address has been seen to go
 */
export function discover(
  decoder: Decoder,
  pc: number,
  fetch: (pc: number) => number,
  pageBytes: number,
  extent: Extent = "region",
  targetsOf: (pc: number) => readonly number[] = noTargets,
): Region {
  const maxInsns = extent === "step" ? 1 : MAX_REGION_INSNS;
  const follows = extent === "region";
  const pageStart = Math.floor(pc / pageBytes) * pageBytes;
  const inPage = (a: number): boolean => a >= pageStart && a < pageStart + pageBytes;
  const insns = new Map<number, Insn>();
  const leaders = new Set<number>([pc]);
  const targets = new Map<number, number[]>();
  const work = [pc];
  let leaves = 0;
  const insnAt = (at: number): Insn | null =>
    inPage(at) ? (insns.get(at) ?? decode(decoder, at, fetch(at))) : null;
  /** Whether the function at `target` becomes part of the region that calls it at `at`. */
  const takeLeaf = (at: number, target: number): boolean => {
    const leaf = (target & 3) === 0 ? leafAt(target, insnAt) : null;
    if (leaf === null || leaves + leaf.size > MAX_LEAVES_INSNS) return false;
    if (!leaders.has(target)) leaves += leaf.size;
    for (const from of leaf.returns) add(targets, from, at + 4);
    return true;
  };
  while (work.length > 0) {
    let at = work.pop()!;
    while (inPage(at) && !insns.has(at) && insns.size < maxInsns) {
      const insn = decode(decoder, at, fetch(at));
      insns.set(at, insn);
      const flow = insn.flow;
      if (flow === null) {
        at += 4;
        continue;
      }
      if (!follows) break;
      if (flow.kind === "jump" || flow.kind === "cond") {
        leaders.add(at + flow.offset);
        work.push(at + flow.offset);
      }
      if (flow.kind === "cond" || isCall(flow)) {
        leaders.add(at + 4);
        work.push(at + 4);
      }
      if (flow.kind === "indirect" || isCall(flow)) {
        const known = flow.kind === "call" ? [at + flow.offset] : targetsOf(at);
        for (const target of known) {
          const isWanted =
            flow.kind === "indirect" ? inPage(target) && (target & 3) === 0 : takeLeaf(at, target);
          if (!isWanted) continue;
          leaders.add(target);
          work.push(target);
          add(targets, at, target);
        }
      }
      break;
    }
  }
  return { pc, blocks: inOrder(pc, cut(pc, insns, leaders, targets)) };
}

function add(lists: Map<number, number[]>, key: number, value: number): void {
  const list = lists.get(key);
  if (list === undefined) lists.set(key, [value]);
  else if (!list.includes(value)) list.push(value);
}

function decode(decoder: Decoder, pc: number, word: number): Insn {
  const found = decoder.allocated(word);
  if (found === null) return { pc, word, row: null, fields: {}, flow: { kind: "stop" } };
  const { row, fields } = found;
  return { pc, word, row, fields, flow: row.flow?.(fields) ?? null };
}

/** Cut the instructions found into blocks at the leaders. */
function cut(
  entry: number,
  insns: ReadonlyMap<number, Insn>,
  leaders: ReadonlySet<number>,
  targetsOf: ReadonlyMap<number, readonly number[]>,
): Map<number, Block> {
  const blocks = new Map<number, Block>();
  for (const leader of leaders) {
    if (!insns.has(leader)) continue;
    const found: Insn[] = [];
    for (let at = leader; ; at += 4) {
      const insn = insns.get(at);
      if (insn === undefined || (at !== leader && leaders.has(at))) break;
      found.push(insn);
      if (insn.flow !== null) break;
    }
    const targets = targetsOf.get(found[found.length - 1]!.pc) ?? [];
    const block: Block = {
      pc: leader,
      insns: found,
      successors: [],
      targets: targets.filter((target) => leaders.has(target) && insns.has(target)),
      afterCall: false,
    };
    blocks.set(leader, block);
  }
  return blocks.has(entry) ? blocks : new Map();
}

export function lastOf(block: Block): Insn {
  return block.insns[block.insns.length - 1]!;
}

/** True if what it calls is another region, always. */
export function endsInCall(block: Block): boolean {
  return block.targets.length === 0 && isCall(lastOf(block).flow);
}

function isCall(flow: Flow | null): boolean {
  return flow?.kind === "call" || flow?.kind === "callIndirect";
}

/** Addresses of the functions that are part of the region that calls them. */
export function leavesOf({ blocks }: Region): readonly number[] {
  return blocks.flatMap((block) => (isCall(lastOf(block).flow) ? block.targets : []));
}

/** Where a block goes when it is left at its end, as addresses; after a call, where that returns to. */
export function successorPcs(block: Block): readonly number[] {
  const last = lastOf(block);
  const { flow } = last;
  if (flow === null) return [last.pc + 4];
  if (flow.kind === "jump") return [last.pc + flow.offset];
  if (flow.kind === "cond") return [last.pc + 4, last.pc + flow.offset];
  if (isCall(flow)) return [...block.targets, last.pc + 4];
  return block.targets;
}

/** The blocks in the order of `orderBlocks`, with indices resolved. */
function inOrder(entry: number, found: ReadonlyMap<number, Block>): Block[] {
  const first = found.get(entry);
  if (first === undefined) return [];
  const blocks = orderBlocks(first, (block) =>
    successorPcs(block).flatMap((pc) => found.get(pc) ?? []),
  );
  const index = new Map(blocks.map((b, i) => [b.pc, i]));
  for (const block of blocks) {
    const last = lastOf(block);
    for (const pc of successorPcs(block)) {
      const i = index.get(pc);
      if (i === undefined) continue;
      block.successors.push(i);
      if (pc === last.pc + 4 && isCall(last.flow)) blocks[i]!.afterCall = true;
    }
  }
  return blocks;
}
