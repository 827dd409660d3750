import type { Blocking } from "../vm/blocking.js";
import { vmMapFork } from "../vm/map/fork.js";
import { vmMapReference } from "../vm/map/map.js";
import { captureContext } from "./context-switch.js";
import type { Kernel } from "./kernel.js";
import { Task } from "./task.js";
import { Thread } from "./thread.js";

/** Processes there can be at once, zombies included. XNU: maxproc. */
export const MAX_TASKS = 512;

export interface ForkOptions {
  /** The child runs in its parent's address space, until it executes a program (vfork). */
  readonly shareMap?: boolean;
}

export type ForkResult =
  | { readonly ok: true; readonly task: Task; readonly thread: Thread }
  | { readonly ok: false; readonly errno: "EAGAIN" | "ENOMEM" };

/**
 * A copy of the current thread's task: address space by inheritance (copy-on-write as a rule), the
 * same open files, signal actions and mask; one thread, with the parent's registers. The child is
 * runnable; the caller sets what fork returns in both before it sleeps.
 * XNU: kern_fork.c fork1, cloneproc; task_create_internal with inherit_memory.
 * @returns EAGAIN when there are too many tasks, ENOMEM when there is no memory for another map
 */
export function* forkTask(
  kernel: Kernel,
  thread: Thread,
  options: ForkOptions = {},
): Blocking<ForkResult> {
  const parent = thread.task;
  if (kernel.tasks.size >= MAX_TASKS) return { ok: false, errno: "EAGAIN" };
  const pid = kernel.takePid();
  const shared = options.shareMap === true;
  const map = shared ? parent.map : yield* vmMapFork(parent.map, 0, `task ${pid}`);
  if (map === null) return { ok: false, errno: "ENOMEM" };
  if (shared) vmMapReference(map);
  const child = new Task({
    pid,
    personality: parent.personality,
    path: parent.path,
    map,
    files: parent.files.fork(),
    parent,
    limits: { ...parent.limits },
  });
  child.cwd = parent.cwd;
  child.umask = parent.umask;
  child.symbols = parent.symbols;
  child.userStack = parent.userStack;
  for (const [signal, action] of parent.signalActions) child.signalActions.set(signal, action);
  parent.children.add(child);

  const copy = new Thread(kernel.takeThreadId(), child);
  copy.signalMask = thread.signalMask;
  copy.saved = captureContext(kernel);
  child.threads.push(copy);
  kernel.tasks.set(pid, child);
  parent.personality.taskForked?.(parent, child);
  kernel.scheduler.enqueue(copy);
  return { ok: true, task: child, thread: copy };
}
