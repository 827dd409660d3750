/**
 * Reverse postorder from `entry` in which, as far as the graph is reducible, the blocks of a loop stand together: what a loop
 * is left for comes behind it. Among equals the first successor follows its block.
 */
export function orderBlocks<T>(entry: T, successorsOf: (block: T) => readonly T[]): T[] {
  const successors = new Map<T, readonly T[]>();
  const plain = postorder(entry, (block) => {
    const found = successorsOf(block);
    successors.set(block, found);
    return found;
  }).reverse();
  const loops = naturalLoops(plain, (block) => successors.get(block)!);
  if (loops.length === 0) return plain;
  return postorder(entry, (block) => {
    const found = successors.get(block)!;
    if (found.length < 2) return found;
    const around = loops.filter((loop) => loop.has(block));
    const shared = (other: T): number => around.filter((loop) => loop.has(other)).length;
    // The sort is stable.
    return [...found].sort((a, b) => shared(b) - shared(a));
  }).reverse();
}

function postorder<T>(entry: T, successorsOf: (block: T) => readonly T[]): T[] {
  const post: T[] = [];
  const seen = new Set<T>();
  const stack: { block: T; next: T[] }[] = [];
  const visit = (block: T): void => {
    if (seen.has(block)) return;
    seen.add(block);
    // The last is visited first, and the first comes right behind the block when the order is reversed.
    stack.push({ block, next: [...successorsOf(block)] });
  };
  visit(entry);
  for (;;) {
    const top = stack[stack.length - 1];
    if (top === undefined) return post;
    const next = top.next.pop();
    if (next !== undefined) visit(next);
    else post.push(stack.pop()!.block);
  }
}

/** The blocks of each loop: those its head comes before and that lead back to it without passing it. */
function naturalLoops<T>(order: readonly T[], successorsOf: (block: T) => readonly T[]): Set<T>[] {
  const index = new Map(order.map((block, i) => [block, i]));
  const predecessors = order.map((): number[] => []);
  const bodies = new Map<number, Set<T>>();
  const work: { head: number; at: number }[] = [];
  order.forEach((block, i) => {
    for (const s of successorsOf(block)) {
      const to = index.get(s)!;
      predecessors[to]!.push(i);
      if (to <= i) work.push({ head: to, at: i });
    }
  });
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
