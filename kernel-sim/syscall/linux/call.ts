import type { Blocking } from "../../../vm/blocking.js";
import type { Kernel } from "../../kernel.js";
import type { Thread } from "../../thread.js";
import { NO_RESULT, SyscallCall } from "../call.js";
import type { ErrnoName } from "../errno.js";
import { parseArgs, type ArgSpec } from "../row.js";
import { PATH_MAX } from "./abi.js";
import { linuxState, type LinuxState } from "./state.js";

export { NO_RESULT } from "../call.js";

/** What x0 becomes: a value, or the negated number of an error. */
export type LinuxResult = number | bigint | ErrnoName | typeof NO_RESULT;

/** A Linux call in progress. */
export class LinuxCall extends SyscallCall {
  readonly state: LinuxState;

  constructor(kernel: Kernel, thread: Thread, args: readonly bigint[], announce: () => void) {
    super(kernel, thread, args, announce, PATH_MAX);
    this.state = linuxState(thread.task);
  }

  /** Bytes of a page of the task's: what addresses are aligned to. */
  get pageSize(): number {
    return this.task.map.pageSize;
  }
}

/** Serves a call; one that may sleep or touches user memory is a generator. */
export type LinuxHandler = (call: LinuxCall) => LinuxResult | Blocking<LinuxResult>;

/** One line of the system call table. */
export interface LinuxRow {
  readonly number: number;
  readonly name: string;
  readonly args: readonly ArgSpec[];
  readonly handler: LinuxHandler;
  /** A signal with SA_RESTART makes an interrupted call start again. */
  readonly restarts: boolean;
}

/** @param args as `parseArgs` reads them: "fd:fd buf:pointer count:size" */
export function call(
  number: number,
  name: string,
  args: string,
  handler: LinuxHandler,
  options: { readonly restarts?: boolean } = {},
): LinuxRow {
  return { number, name, args: parseArgs(args), handler, restarts: options.restarts ?? false };
}
