import type { Blocking, Interruptible } from "../blocking.js";
import { THREAD_INTERRUPTED } from "../blocking.js";
import type { VmContext } from "../context.js";

/** placeholder */
export function* vmPageWait(ctx: VmContext, interruptible: Interruptible): Blocking<boolean> {
  const q = ctx.pages;
  if (q.free.count > q.targets.reserved) return true;
  q.freeWaiters += 1;
  const result = yield { channel: q.freeWanted, interruptible, reason: "no free pages" };
  q.freeWaiters -= 1;
  return result !== THREAD_INTERRUPTED;
}
