import {
  THREAD_INTERRUPTED,
  THREAD_UNINT,
  type Blocking,
  type Interruptible,
} from "../blocking.js";
import type { VmContext } from "../context.js";
import { vmPageoutScan } from "./scan.js";

/** Memory is short: let the pageout scan run, if it does not already. */
export function vmPageoutWake(ctx: VmContext): void {
  const { pageout } = ctx;
  if (!pageout.scanIdle) return;
  pageout.scanIdle = false;
  ctx.wakeup(pageout.scanWanted);
}

/**
 * Wait for free memory. XNU: vm_page_wait. Returns at once if the target is met; otherwise the caller
 * sleeps until the pageout scan has freed enough for a whole fault.
 * @returns false if the wait was interrupted
 */
export function* vmPageWait(ctx: VmContext, interruptible: Interruptible): Blocking<boolean> {
  const q = ctx.pages;
  if (q.free.count >= q.targets.target) return true;
  q.freeWaiters += 1;
  vmPageoutWake(ctx);
  const result = yield { channel: q.freeWanted, interruptible, reason: "no free pages" };
  q.freeWaiters -= 1;
  return result !== THREAD_INTERRUPTED;
}

/**
 * The pageout daemon: scans when memory is short. When nothing can be freed the machine is told, which
 * may end a task. XNU: vm_pageout, vm_pageout_continue.
 */
export function* vmPageoutDaemon(ctx: VmContext): Blocking<void> {
  const { pageout, pages } = ctx;
  for (;;) {
    const outcome = yield* vmPageoutScan(ctx);
    if (outcome === "exhausted" || (outcome === "stuck" && pages.freeWaiters > 0)) {
      pageout.counters.stuck++;
      ctx.memoryShortage();
    }
    pageout.scanIdle = true;
    yield { channel: pageout.scanWanted, interruptible: THREAD_UNINT, reason: "pageout idle" };
    pageout.scanIdle = false;
  }
}
