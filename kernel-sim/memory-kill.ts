import { vmMapPhysFootprint } from "../vm/map/owner.js";
import type { Kernel } from "./kernel.js";
import { postSignal, sigmask } from "./signal.js";
import type { Task } from "./task.js";

/**
 * Nobody can go on, and somebody waits for a free page: kill the task that holds most memory, as
 * nothing else will ever free any. XNU: kern_memorystatus.c memorystatus_kill_top_process.
 * Differs from XNU: no priority bands; the largest goes, of equals the youngest.
 * @returns whether a task was found that was not being killed already
 */
export function killForMemory(kernel: Kernel): boolean {
  return kernel.vm.pages.freeWaiters > 0 && killLargest(kernel);
}

/** The pageout daemon can free nothing: kill the largest task, unless one is on its way out already. */
export function memoryShortage(kernel: Kernel): void {
  for (const task of kernel.tasks.values()) {
    if (task.alive && (task.exiting || isBeingKilled(task))) return;
  }
  killLargest(kernel);
}

function killLargest(kernel: Kernel): boolean {
  let victim: Task | null = null;
  for (const task of kernel.tasks.values()) {
    if (task.exiting || !task.alive || isBeingKilled(task)) continue;
    if (victim === null || footprint(task) >= footprint(victim)) victim = task;
  }
  if (victim === null) return false;
  const { personality } = victim;
  const number = personality.signals.kill;
  const reason = "the machine has no free memory left";
  const name = personality.signalName(number);
  postSignal(kernel, victim, { number, name, code: 0, address: 0n, reason });
  return true;
}

function isBeingKilled(task: Task): boolean {
  const bit = sigmask(task.personality.signals.kill);
  return task.threads.some((thread) => (thread.pendingSignals & bit) !== 0n);
}

/** Bytes the task is charged for: what only its address space maps, and what it owns. */
function footprint({ map }: Task): number {
  return vmMapPhysFootprint(map);
}
