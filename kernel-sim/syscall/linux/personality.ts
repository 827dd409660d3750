import type { Personality } from "../../personality.js";
import { linuxSyscall } from "./dispatch.js";
import { deliverLinuxSignal } from "./signal-calls.js";
import {
  linuxExceptionSignal,
  linuxSignalDefault,
  linuxSignalName,
  SIGCHLD,
  SIGCONT,
  SIGKILL,
  SIGPIPE,
  SIGSTOP,
} from "./signals.js";
import { linuxState, setLinuxState } from "./state.js";

/** Linux on AArch64, for static programs. */
export const LINUX: Personality = {
  name: "linux",
  signals: { kill: SIGKILL, stop: SIGSTOP, cont: SIGCONT, child: SIGCHLD, pipe: SIGPIPE },
  syscall: linuxSyscall,
  exceptionSignal: linuxExceptionSignal,
  signalName: linuxSignalName,
  signalDefault: linuxSignalDefault,
  deliverSignal: deliverLinuxSignal,
  taskForked(parent, child) {
    setLinuxState(child, linuxState(parent).fork());
  },
};
