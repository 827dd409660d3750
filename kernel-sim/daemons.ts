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
    kernel.scheduler.enqueue(thread);
  }
  return task.threads;
}
