import type { Decoder, Instruction } from "../isa/decode.js";
import type { Flow } from "../isa/pattern.js";
import { leafAt } from "./leaf.js";
import { orderBlocks } from "./order.js";

/** A run of instructions entered only at the top. */
export interface Block {
  /** Virtual address, sign-extended. */
  readonly pc: number;
  readonly insns: readonly Instruction[];
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
  /** Where the code that begins at `pc` has its first gap. */
  readonly end: number;
  /** Offsets in its page of the instructions with the lowest and highest addresses. */
  readonly first: number;
  readonly last: number;
}

/** A region stops growing here. */
export const MAX_REGION_INSNS = 1000;
/** Of these, so many at most are functions that it calls. */
const MAX_LEAVES_INSNS = 600;

/** How far to go from where one begins. */
export type Extent = "region" | "block" | "step";

const noTargets = (): readonly number[] => [];
const NONE: readonly number[] = [];

const MAX_PAGE_BYTES = 2 ** 16;
/** By index in the page: what `discover` has found, and the numbers of the blocks from 1 on, -1 where one is to begin. */
const found: (Instruction | undefined)[] = [];
const blockAt = new Int32Array(MAX_PAGE_BYTES / 4 + 1);

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
  const size = pageBytes / 4;
  const entry = (pc - pageStart) / 4;
  const leaders: number[] = [];
  const work: number[] = [];
  const visited: number[] = [];
  const targets: Targets = new Map();
  let leaves = 0;
  const lead = (i: number): void => {
    if (i < 0 || i >= size) return;
    if (blockAt[i] === 0) {
      blockAt[i] = -1;
      leaders.push(i);
    }
    work.push(i);
  };
  const leadTo = (from: number, target: number): void => {
    const to = (target - pageStart) / 4;
    if (to < 0 || to >= size) return;
    lead(to);
    add(targets, from, target);
  };
  const insnAt = (at: number): Instruction | null => {
    const i = (at - pageStart) / 4;
    return i < 0 || i >= size ? null : (found[i] ?? decoder.instruction(fetch(at)));
  };
  /** Whether the function at `target` becomes part of the region that calls it at `at`. */
  const takeLeaf = (at: number, target: number): boolean => {
    const leaf = (target & 3) === 0 ? leafAt(target, insnAt) : null;
    if (leaf === null || leaves + leaf.size > MAX_LEAVES_INSNS) return false;
    if (blockAt[(target - pageStart) / 4] === 0) leaves += leaf.size;
    for (const from of leaf.returns) add(targets, (from - pageStart) / 4, at + 4);
    return true;
  };
  lead(entry);
  while (work.length > 0) {
    let i = work.pop()!;
    while (i < size && found[i] === undefined && visited.length < maxInsns) {
      const at = pageStart + i * 4;
      const insn = decoder.instruction(fetch(at));
      found[i] = insn;
      visited.push(i);
      const { flow } = insn;
      if (flow === null) {
        i++;
        continue;
      }
      if (!follows) break;
      if (flow.kind === "jump" || flow.kind === "cond") lead(i + flow.offset / 4);
      if (flow.kind === "cond" || isCall(flow)) lead(i + 1);
      if (flow.kind === "call") {
        const target = at + flow.offset;
        if (takeLeaf(at, target)) leadTo(i, target);
      } else if (flow.kind === "indirect" || flow.kind === "callIndirect") {
        for (const target of targetsOf(at)) {
          if ((target & 3) !== 0) continue;
          if (flow.kind === "indirect" || takeLeaf(at, target)) leadTo(i, target);
        }
      }
      break;
    }
  }
  const blocks = inOrder(cut(pageStart, leaders, targets), pageStart);
  let end = entry;
  while (found[end] !== undefined) end++;
  let first = entry;
  let last = entry;
  for (let k = 0; k < visited.length; k++) {
    const i = visited[k]!;
    found[i] = undefined;
    if (i < first) first = i;
    else if (i > last) last = i;
  }
  for (let k = 0; k < leaders.length; k++) blockAt[leaders[k]!] = 0;
  return { pc, blocks, end: pageStart + end * 4, first: first * 4, last: last * 4 };
}

/** Addresses that an instruction is known to go to, by its index in the page. */
type Targets = Map<number, number[]>;

function add(lists: Targets, key: number, value: number): void {
  const list = lists.get(key);
  if (list === undefined) lists.set(key, [value]);
  else if (!list.includes(value)) list.push(value);
}

/** Cut the instructions found into blocks at the leaders, and number those in `blockAt`. */
function cut(pageStart: number, leaders: readonly number[], targets: Targets): Block[] {
  const blocks: Block[] = [];
  for (const leader of leaders) {
    let insn = found[leader];
    if (insn === undefined) continue;
    const insns: Instruction[] = [];
    let at = leader;
    for (;;) {
      insns.push(insn);
      if (insn.flow !== null) break;
      const next: Instruction | undefined = found[at + 1];
      if (next === undefined || blockAt[at + 1] !== 0) break;
      insn = next;
      at++;
    }
    const known = targets.size === 0 ? undefined : targets.get(at);
    const pc = pageStart + leader * 4;
    blocks.push({
      pc,
      insns,
      successors: [],
      targets: known?.filter((target) => isBlock((target - pageStart) / 4)) ?? NONE,
      afterCall: false,
    });
    blockAt[leader] = blocks.length;
  }
  return blocks;
}

function isBlock(i: number): boolean {
  return i >= 0 && found[i] !== undefined && blockAt[i] !== 0;
}

export function lastOf(block: Block): Instruction {
  return block.insns[block.insns.length - 1]!;
}

/** Address of a block's last instruction. */
export function lastPcOf(block: Block): number {
  return block.pc + (block.insns.length - 1) * 4;
}

/** True if what it calls is another region, always. */
export function endsInCall(block: Block): boolean {
  return block.targets.length === 0 && isCall(lastOf(block).flow);
}

function isCall(flow: Flow | null): boolean {
  return flow !== null && (flow.kind === "call" || flow.kind === "callIndirect");
}

/** Addresses of the functions that are part of the region that calls them. */
export function leavesOf({ blocks }: Region): readonly number[] {
  const leaves: number[] = [];
  for (const block of blocks) {
    if (block.targets.length > 0 && isCall(lastOf(block).flow)) leaves.push(...block.targets);
  }
  return leaves;
}

/** The number of the block at an index in the page, or -1. */
function numberAt(i: number): number {
  return isBlock(i) ? blockAt[i]! - 1 : -1;
}

/**
 * Where a block goes when it is left at its end, by number: after a call, where that returns to, behind what of the
 * region it calls.
 */
function successorsOf(block: Block, pageStart: number): number[] {
  const next: number[] = [];
  const { flow } = lastOf(block);
  const last = (block.pc - pageStart) / 4 + block.insns.length - 1;
  for (const pc of block.targets) next.push(numberAt((pc - pageStart) / 4));
  if (flow === null || flow.kind === "cond" || isCall(flow)) {
    const number = numberAt(last + 1);
    if (number >= 0) next.push(number);
  }
  if (flow !== null && (flow.kind === "jump" || flow.kind === "cond")) {
    const number = numberAt(last + flow.offset / 4);
    if (number >= 0) next.push(number);
  }
  return next;
}

/** The blocks, the first one of which is the entry, in the order of `orderBlocks`, with successors by index in that. */
function inOrder(blocks: readonly Block[], pageStart: number): Block[] {
  const successors: number[][] = [];
  for (let i = 0; i < blocks.length; i++) successors.push(successorsOf(blocks[i]!, pageStart));
  const order = orderBlocks(successors);
  const index = new Int32Array(blocks.length);
  for (let i = 0; i < order.length; i++) index[order[i]!] = i;
  const ordered: Block[] = [];
  for (let i = 0; i < order.length; i++) {
    const number = order[i]!;
    const block = blocks[number]!;
    for (const s of successors[number]!) block.successors.push(index[s]!);
    if (isCall(lastOf(block).flow)) {
      const back = numberAt((lastPcOf(block) + 4 - pageStart) / 4);
      if (back >= 0) blocks[back]!.afterCall = true;
    }
    ordered.push(block);
  }
  return ordered;
}
