import type { SignalAction, Task } from "../../task.js";
import type { CarriedRight } from "./message.js";
import { copyRight } from "./port-queue.js";
import { PortSpace } from "./ports.js";

/** sigaltstack: SS_ONSTACK is reported, SS_DISABLE set and reported. */
export const SS_ONSTACK = 1;
export const SS_DISABLE = 4;
export const SA_ONSTACK = 0x1;

/** Whether sigreturn insists on its token. The first sigaction with an action decides for good. */
export type SigreturnValidation = "default" | "enabled" | "disabled";

/** What only Darwin keeps of a task. Tasks have one thread, so what XNU keeps in its uthread is here. */
export class DarwinState {
  /** Mach port names (XNU: struct ipc_space). */
  readonly ports = new PortSpace();
  /** Ports of others that the kernel keeps for the task (XNU: itk_bootstrap and its like), by TASK_*_PORT. */
  readonly specialPorts = new Map<number, CarriedRight>();
  /** sigaltstack as it was given; `null` when disabled. */
  altStack: { readonly base: bigint; readonly size: bigint } | null = null;
  /** A handler runs on the alternate stack (XNU: UT_ALTSTACK). */
  onAltStack = false;
  /** The mask sigsuspend replaced, which the next handler's return restores (UT_SAS_OLDMASK). */
  suspendedMask: bigint | null = null;
  sigreturnValidation: SigreturnValidation = "default";
  /** Handlers entered and not returned from yet, and the secret their tokens are made with. */
  pendingSigreturns = 0;
  sigreturnSecret = 0n;
  /** Hard limits by RLIMIT number, where they were lowered. */
  readonly hardLimits = new Map<number, number>();
  /** Soft limits of resources the machine does not limit. */
  readonly softLimits = new Map<number, number>();

  /** The child's side of a fork: its own port names, and everything else as the parent has it. */
  fork(): DarwinState {
    const copy = new DarwinState();
    for (const [which, right] of this.specialPorts) copy.specialPorts.set(which, copyRight(right));
    copy.altStack = this.altStack;
    copy.onAltStack = this.onAltStack;
    copy.sigreturnValidation = this.sigreturnValidation;
    copy.pendingSigreturns = this.pendingSigreturns;
    copy.sigreturnSecret = this.sigreturnSecret;
    for (const [resource, limit] of this.hardLimits) copy.hardLimits.set(resource, limit);
    for (const [resource, limit] of this.softLimits) copy.softLimits.set(resource, limit);
    return copy;
  }
}

/** Whether there is a handler, and it would run on the alternate stack. */
export function runsOnAlternateStack(
  state: DarwinState,
  action: SignalAction | undefined,
): boolean {
  if (action === undefined || action.handler < 2n || state.altStack === null) return false;
  return (action.flags & SA_ONSTACK) !== 0;
}

const states = new WeakMap<Task, DarwinState>();

/** The Darwin side of `task`, made when first asked for. */
export function darwinState(task: Task): DarwinState {
  let state = states.get(task);
  if (state === undefined) {
    state = new DarwinState();
    states.set(task, state);
  }
  return state;
}

/** Give a task its state: exec starts afresh, fork copies. */
export function setDarwinState(task: Task, state: DarwinState): void {
  states.set(task, state);
}
