import { check } from "../emulator/arch/check.js";
import type { Blocking } from "../vm/blocking.js";
import { vmMapDeallocate } from "../vm/map/lifecycle.js";
import { activatePmap } from "./context-switch.js";
import type { Kernel } from "./kernel.js";
import { postSignal, SIG_IGN } from "./signal.js";
import type { ExitStatus, Task } from "./task.js";

/**
 * End a task, on its own thread: files closed, address space given up, children left to themselves,
 * parent told. The thread never sees user mode again; what called this returns at once.
 * XNU: kern_exit.c exit1, proc_exit; task_terminate_internal.
 */
export function* exitTask(kernel: Kernel, task: Task, status: ExitStatus): Blocking<void> {
  const thread = kernel.current;
  check(thread !== null && thread.task === task, "a task exits on its own thread", task.pid);
  if (task.exiting) return;
  task.exiting = true;
  task.stopped = false;
  thread.pendingSignals = 0n;
  thread.pendingInfo.clear();
  kernel.onTaskExit?.(task);
  task.files.closeAll();
  if (task.personality.taskExiting !== undefined) {
    yield* task.personality.taskExiting(kernel, task);
  }
  activatePmap(kernel, null);
  yield* vmMapDeallocate(task.map);

  for (const child of task.children) {
    child.parent = null;
    if (!child.alive) kernel.tasks.delete(child.pid);
  }
  task.children.clear();
  task.exitStatus = status;
  kernel.onExit?.({ instructions: kernel.machine.instructionsExecuted, pid: task.pid, status });
  const { parent } = task;
  if (parent !== null) tellParent(kernel, task, parent);
  else if (task !== kernel.firstTask) kernel.tasks.delete(task.pid);
  kernel.scheduler.retire(thread);
}

/** A parent that ignores its children's deaths in so many words never has zombies. */
function tellParent(kernel: Kernel, task: Task, parent: Task): void {
  const { child } = parent.personality.signals;
  if (parent.signalActions.get(child)?.handler === SIG_IGN) reapZombie(kernel, task);
  else postSignal(kernel, parent, child);
  kernel.vm.wakeup(parent.childChannel);
}

/** Forget a dead task: its pid is free again. XNU: kern_exit.c reap_child_locked. */
export function reapZombie(kernel: Kernel, task: Task): void {
  check(!task.alive, "reaping a live task", task.pid);
  task.parent?.children.delete(task);
  task.parent = null;
  kernel.tasks.delete(task.pid);
}
