import { KERN_INVALID_ARGUMENT, KERN_INVALID_TASK, KERN_SUCCESS } from "../../../vm/types.js";
import type { CarriedRight } from "./message.js";
import type { Routines } from "./mig.js";
import { HOST_PORT, taskPort } from "./port.js";
import { copyRight } from "./port-queue.js";
import { darwinState } from "./state.js";
import { taskInfo } from "./task-info.js";

/** Special ports of a task (mach/task_special_ports.h). */
const TASK_KERNEL_PORT = 1;
const TASK_HOST_PORT = 2;
const TASK_BOOTSTRAP_PORT = 4;
const TASK_ACCESS_PORT = 9;
const TASK_DEBUG_CONTROL_PORT = 10;
/** What a task may set. The bootstrap port is how it meets others, for children inherit it. */
const SETTABLE: ReadonlySet<number> = new Set([
  TASK_BOOTSTRAP_PORT,
  TASK_ACCESS_PORT,
  TASK_DEBUG_CONTROL_PORT,
]);

/** Routines of subsystem task. XNU: mach/task.defs, kern/ipc_tt.c. */
export const TASK_ROUTINES: Routines = {
  3405: {
    bytes: 40,
    run: ({ map }, r) =>
      map === null ? [KERN_INVALID_ARGUMENT] : taskInfo(map, r.i32(32), r.u32(36)),
  },
  3409: {
    bytes: 36,
    run({ task }, r) {
      if (task === null) return [KERN_INVALID_TASK];
      const which = r.i32(32);
      let right: CarriedRight;
      if (which === TASK_KERNEL_PORT) right = { port: taskPort(task), once: false };
      else if (which === TASK_HOST_PORT) right = { port: HOST_PORT, once: false };
      else if (SETTABLE.has(which))
        right = copyRight(darwinState(task).specialPorts.get(which) ?? null);
      else return [KERN_INVALID_ARGUMENT];
      return { carried: [{ kind: "port", right, once: false }], results: [] };
    },
  },
  3410: {
    bytes: 52,
    carries: "port",
    run({ task, release }, r) {
      if (task === null) return [KERN_INVALID_TASK];
      const which = r.i32(48);
      if (!SETTABLE.has(which)) return [KERN_INVALID_ARGUMENT];
      const right = r.right();
      if (right !== null && right !== "dead" && (right.once || right.receive)) {
        return [KERN_INVALID_ARGUMENT];
      }
      const { specialPorts } = darwinState(task);
      release(specialPorts.get(which) ?? null);
      specialPorts.set(which, copyRight(right));
      return [KERN_SUCCESS];
    },
  },
};
