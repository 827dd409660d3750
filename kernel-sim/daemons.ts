import { check } from "../emulator/arch/check.js";
import type { Kernel } from "./kernel.js";
import { FileTable } from "./fs/file-table.js";
import { defaultLimits, Task } from "./task.js";
import { Thread } from "./thread.js";

/**
 * The kernel's own task, pid 0, with a thread for each daemon of the VM. XNU: kernel_task, and
 * kernel_thread_start of vm_pageout and its neighbours.
 */
export function startDaemons(kernel: Kernel): readonly Thread[] {
  const task = new Task({
    pid: 0,
    personality: kernel.personalities.darwin,
    path: "kernel",
    map: kernel.vm.kernelMap,
    files: FileTable.withConsole(kernel.console),
    parent: null,
    limits: defaultLimits(),
  });
  for (const { work } of kernel.vm.daemons) {
    const thread = new Thread(kernel.takeThreadId(), task);
    thread.isKernel = true;
    thread.work = work;
    task.threads.push(thread);
    // None has anything to do yet: let each go to sleep at once.
    thread.state = "running";
    const step = work.next(thread.waitResult);
    check(step.done !== true, "a daemon does not end", thread.id);
    kernel.scheduler.sleep(thread, step.value);
  }
  return task.threads;
}
