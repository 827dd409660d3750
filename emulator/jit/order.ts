/** Blocks by number, 0 the entry. */
type Graph = readonly (readonly number[])[];

/**
 * Reverse postorder from block 0 in which, as far as the graph is reducible, the blocks of a loop stand together: what a loop
 * is left for comes behind it. Among equals the first successor follows its block. What cannot be reached is left out.
 * @param successors of each block
 */
export function orderBlocks(successors: Graph): number[] {
  if (successors.length === 1) return [0];
  const plain = postorder(successors).reverse();
  const loops = naturalLoops(plain, successors);
  if (loops.length === 0) return plain;
  const sorted = successors.map((found, block) => {
    if (found.length < 2) return found;
    const around = loops.filter((loop) => loop.has(block));
    const shared = (other: number): number => around.filter((loop) => loop.has(other)).length;
    // The sort is stable.
    return [...found].sort((a, b) => shared(b) - shared(a));
  });
  return postorder(sorted).reverse();
}

function postorder(successors: Graph): number[] {
  const post: number[] = [];
  // How many successors are still to be visited, and 1 more; 0 for a block that has not been met. The last successor is
  // visited first, and the first comes right behind the block when the order is reversed.
  const left = new Int32Array(successors.length);
  const stack: number[] = [0];
  left[0] = successors[0]!.length + 1;
  while (stack.length > 0) {
    const block = stack[stack.length - 1]!;
    const rest = --left[block]!;
    if (rest === 0) {
      post.push(block);
      stack.pop();
      left[block] = -1;
      continue;
    }
    const next = successors[block]![rest - 1]!;
    if (left[next] !== 0) continue;
    left[next] = successors[next]!.length + 1;
    stack.push(next);
  }
  return post;
}

/** The blocks of each loop: those its head comes before and that lead back to it without passing it. */
function naturalLoops(order: readonly number[], successors: Graph): Set<number>[] {
  const index = new Int32Array(successors.length);
  for (let i = 0; i < order.length; i++) index[order[i]!] = i;
  const work: { head: number; at: number }[] = [];
  for (let i = 0; i < order.length; i++) {
    for (const s of successors[order[i]!]!) {
      if (index[s]! <= i) work.push({ head: index[s]!, at: i });
    }
  }
  if (work.length === 0) return [];
  const predecessors = order.map((): number[] => []);
  order.forEach((block, i) => {
    for (const s of successors[block]!) predecessors[index[s]!]!.push(i);
  });
  const bodies = new Map<number, Set<number>>();
  while (work.length > 0) {
    const { head, at } = work.pop()!;
    let body = bodies.get(head);
    if (body === undefined) bodies.set(head, (body = new Set([order[head]!])));
    if (at < head || body.has(order[at]!)) continue;
    body.add(order[at]!);
    for (const p of predecessors[at]!) work.push({ head, at: p });
  }
  return [...bodies.values()];
}
