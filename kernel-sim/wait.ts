import { THREAD_ABORTSAFE, THREAD_INTERRUPTED, type Blocking } from "../vm/blocking.js";
import { reapZombie } from "./exit.js";
import type { Kernel } from "./kernel.js";
import type { ExitStatus, Task } from "./task.js";
import type { Thread } from "./thread.js";

export interface WaitOptions {
  /** Do not sleep (WNOHANG). */
  readonly noHang?: boolean;
  /** Tell of children that were stopped (WUNTRACED) or continued (WCONTINUED), too. */
  readonly untraced?: boolean;
  readonly continued?: boolean;
  /** Leave a dead child a zombie: the caller reaps it with `reapZombie`, or not (WNOWAIT). */
  readonly keepZombie?: boolean;
}

/** What happened to a child. */
export type ChildChange =
  | { readonly kind: "dead"; readonly status: ExitStatus }
  | { readonly kind: "stopped"; readonly signal: number }
  | { readonly kind: "continued" };

export type WaitOutcome =
  | { readonly kind: "child"; readonly task: Task; readonly change: ChildChange }
  /** `noHang`: nothing to tell yet. */
  | { readonly kind: "none" }
  | { readonly kind: "error"; readonly errno: "ECHILD" | "EINTR" };

/**
 * Wait until something happens to a child. XNU: kern_exit.c wait4_nocancel.
 * @param pid that child, or any if it is not positive: process groups are not kept
 * @returns ECHILD without such a child, EINTR when a signal ends the wait
 */
export function* waitForChild(
  kernel: Kernel,
  thread: Thread,
  pid: number,
  options: WaitOptions = {},
): Blocking<WaitOutcome> {
  const { task } = thread;
  for (;;) {
    const children = [...task.children].filter((child) => pid <= 0 || child.pid === pid);
    if (children.length === 0) return { kind: "error", errno: "ECHILD" };
    for (const child of children) {
      const change = takeChange(child, options);
      if (change === null) continue;
      if (change.kind === "dead" && options.keepZombie !== true) reapZombie(kernel, child);
      return { kind: "child", task: child, change };
    }
    if (options.noHang === true) return { kind: "none" };
    const result = yield {
      channel: task.childChannel,
      interruptible: THREAD_ABORTSAFE,
      reason: pid > 0 ? `wait for child ${pid}` : "wait for any child",
    };
    if (result === THREAD_INTERRUPTED && !hasNews(task, pid, options)) {
      return { kind: "error", errno: "EINTR" };
    }
  }
}

/** A child's death interrupts with SIGCHLD the very wait that it ends: the child comes first. */
function hasNews(task: Task, pid: number, options: WaitOptions): boolean {
  return [...task.children].some(
    (child) =>
      (pid <= 0 || child.pid === pid) &&
      (!child.alive ||
        (options.untraced === true && child.unreportedStop !== null) ||
        (options.continued === true && child.unreportedContinue)),
  );
}

function takeChange(child: Task, options: WaitOptions): ChildChange | null {
  if (child.exitStatus !== null) return { kind: "dead", status: child.exitStatus };
  if (options.untraced === true && child.unreportedStop !== null) {
    const signal = child.unreportedStop;
    child.unreportedStop = null;
    return { kind: "stopped", signal };
  }
  if (options.continued === true && child.unreportedContinue) {
    child.unreportedContinue = false;
    return { kind: "continued" };
  }
  return null;
}
