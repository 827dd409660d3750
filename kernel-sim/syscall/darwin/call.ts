import type { Blocking } from "../../../vm/blocking.js";
import type { Kernel } from "../../kernel.js";
import type { Thread } from "../../thread.js";
import { NO_RESULT, SyscallCall } from "../call.js";
import type { ErrnoName } from "../errno.js";
import { parseArgs, type ArgSpec } from "../row.js";
import { PATH_MAX } from "./abi.js";
import { darwinState, type DarwinState } from "./state.js";

/** A Darwin call in progress. */
export class DarwinCall extends SyscallCall {
  readonly state: DarwinState;

  constructor(
    kernel: Kernel,
    thread: Thread,
    args: readonly bigint[],
    announce: () => void = () => undefined,
  ) {
    super(kernel, thread, args, announce, PATH_MAX);
    this.state = darwinState(thread.task);
  }
}

export { NO_RESULT } from "../call.js";

/** What a call that returns `int` may give: rval[0], or both return words. */
export type ReturnPair = readonly [first: number, second: number];

/** The outcome of a BSD call: a value, a pair, or the error carry announces. */
export type BsdResult = number | bigint | ReturnPair | ErrnoName | typeof NO_RESULT;

/** The C type a BSD call returns (XNU: sy_return_type), which says how x0 and x1 are filled. */
export type BsdReturn = "int" | "uint" | "u64" | "void";

/** Serves a call; one that may sleep or touches user memory is a generator. */
export type BsdHandler = (call: DarwinCall) => BsdResult | Blocking<BsdResult>;

/** One line of the BSD system call table. */
export interface BsdRow {
  readonly number: number;
  readonly name: string;
  readonly args: readonly ArgSpec[];
  readonly returns: BsdReturn;
  readonly handler: BsdHandler;
  /**
   * What an interrupted call does: "restart" starts it again unless the signal's handler was
   * installed without SA_RESTART, "fail" always gives EINTR.
   */
  readonly interrupted: "restart" | "fail";
  /** The number of a variant that is not a cancellation point, named `<name>_nocancel`. */
  readonly nocancel: number | null;
}

interface BsdOptions {
  readonly returns?: BsdReturn;
  readonly interrupted?: "restart" | "fail";
  readonly nocancel?: number;
}

/** @param args as `parseArgs` reads them: "fd:fd buf:pointer count:size" */
export function bsd(
  number: number,
  name: string,
  args: string,
  handler: BsdHandler,
  options: BsdOptions = {},
): BsdRow {
  return {
    number,
    name,
    args: parseArgs(args),
    returns: options.returns ?? "int",
    handler,
    interrupted: options.interrupted ?? "restart",
    nocancel: options.nocancel ?? null,
  };
}

/** A kern_return_t or mach_msg_return_t: a KERN_* or MACH_* code, or copyin's own EFAULT. */
export type MachReturn = number;

/** What a Mach trap returns: 32 bits that are sign-extended into x0, or all 64 as a bigint. */
export type MachResult = MachReturn | bigint | typeof NO_RESULT;
export type MachHandler = (call: DarwinCall) => MachResult | Blocking<MachResult>;

/** One line of the Mach trap table. */
export interface MachRow {
  /** Positive: x16 holds its negative. */
  readonly number: number;
  readonly name: string;
  readonly args: readonly ArgSpec[];
  /** Whether the result is a kern_return_t or a value (a port name, a time, a boolean). */
  readonly returns: "kern_return" | "value";
  readonly handler: MachHandler;
}

export function trap(
  number: number,
  name: string,
  args: string,
  handler: MachHandler,
  returns: "kern_return" | "value" = "kern_return",
): MachRow {
  return { number, name, args: parseArgs(args), returns, handler };
}

/** One line of the platform call table (x16 = 0x80000000, selector in w3). */
export interface PlatformRow {
  readonly selector: number;
  readonly name: string;
  readonly args: readonly ArgSpec[];
  /** What x0 becomes, or NO_RESULT to leave it. */
  readonly handler: (call: DarwinCall) => bigint | typeof NO_RESULT;
}
