import type { Personality } from "../../personality.js";
import { darwinSyscall } from "./dispatch.js";
import { deliverDarwinSignal } from "./signal-delivery.js";
import {
  darwinExceptionSignal,
  darwinSignalDefault,
  darwinSignalName,
  SIGCHLD,
  SIGCONT,
  SIGKILL,
  SIGPIPE,
  SIGSTOP,
} from "./signals.js";
import { announceDeath, terminatePorts } from "./message-destroy.js";
import { taskPort } from "./port.js";
import { darwinState, setDarwinState } from "./state.js";

export { darwinState, DarwinState, setDarwinState } from "./state.js";

/** XNU on arm64: BSD calls, Mach traps and signals as macOS numbers them. */
export const DARWIN: Personality = {
  name: "darwin",
  signals: { kill: SIGKILL, stop: SIGSTOP, cont: SIGCONT, child: SIGCHLD, pipe: SIGPIPE },
  syscall: darwinSyscall,
  exceptionSignal: darwinExceptionSignal,
  signalName: darwinSignalName,
  signalDefault: darwinSignalDefault,
  deliverSignal: deliverDarwinSignal,
  taskForked(parent, child) {
    setDarwinState(child, darwinState(parent).fork());
  },
  *taskExiting(kernel, task) {
    yield* terminatePorts(kernel, darwinState(task));
    announceDeath(kernel, taskPort(task));
  },
};
