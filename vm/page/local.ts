import type { VmContext } from "../context.js";
import { balanceInactive } from "./queues.js";
import { VM_PAGE_NOT_ON_Q, VM_PAGE_ON_ACTIVE_LOCAL_Q, type VmPage } from "./page.js";

/** Pages a CPU keeps before it tries to give them to everybody (VPL_LOCAL soft limit). */
export const LOCAL_QUEUE_SOFT_LIMIT = 250;

/**
 * A fresh page of anonymous memory goes to the list of the CPU that made it: nothing else is touched,
 * it is not pageable yet. XNU: vm_fault_enqueue_page, vm_page_local_q. Only where there are two CPUs
 * or more; one CPU has its own list and nobody to share the global ones with.
 *
 * Differs from XNU: the list of the CPU that runs is the only one there is, and its lock is always
 * free, so the hard limit is never reached.
 */
export function vmPageEnqueueLocal(ctx: VmContext, page: VmPage): void {
  const { pages } = ctx;
  page.queueState = VM_PAGE_ON_ACTIVE_LOCAL_Q;
  page.reference = true;
  pages.activeLocal.append(page);
  if (pages.activeLocal.count > LOCAL_QUEUE_SOFT_LIMIT) vmPageReactivateLocal(ctx);
}

/** All of the CPU's pages go to the head of the active queue. XNU: vm_page_reactivate_local. */
export function vmPageReactivateLocal(ctx: VmContext): void {
  const { pages } = ctx;
  const count = pages.activeLocal.count;
  for (let page = pages.activeLocal.tail; page !== null; page = pages.activeLocal.tail) {
    pages.activeLocal.remove(page);
    page.queueState = VM_PAGE_NOT_ON_Q;
    pages.enqueueFirst(page);
  }
  balanceInactive(ctx, Math.floor(count / 4));
}
