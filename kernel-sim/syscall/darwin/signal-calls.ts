import { THREAD_ABORTSAFE, type Blocking } from "../../../vm/blocking.js";
import { hasDeliverableSignal, postSignal } from "../../signal.js";
import type { SignalAction } from "../../task.js";
import {
  SA_NOCLDSTOP,
  SA_NOCLDWAIT,
  SA_NODEFER,
  SA_RESTART,
  SA_SIGINFO,
  SA_VALIDATE_SIGRETURN,
  SIG_BLOCK,
  SIG_DFL,
  SIG_IGN,
  SIG_SETMASK,
  SIG_UNBLOCK,
  SMALLEST_SIGNAL_STACK,
} from "./abi.js";
import { bsd, type BsdResult, type BsdRow, type DarwinCall } from "./call.js";
import { sigreturn } from "./signal-delivery.js";
import {
  darwinSignalDefault,
  NSIG,
  SIGCHLD,
  SIGKILL,
  signalBit,
  SIGSTOP,
  UNBLOCKABLE,
} from "./signals.js";
import { SA_ONSTACK, SS_DISABLE, SS_ONSTACK } from "./state.js";

const NEW_ACTION_SIZE = 24;
/** Flags sigaction tells, besides SA_RESTART and those of SIGCHLD. SA_RESETHAND is not among them. */
const REPORTED_FLAGS = SA_ONSTACK | SA_SIGINFO | SA_NODEFER;
const CHILD_FLAGS = SA_NOCLDSTOP | SA_NOCLDWAIT;

/** The old action is stored before the new one is read. XNU: kern_sig.c sigaction. */
function* sigaction(c: DarwinCall): Blocking<BsdResult> {
  const signal = c.int(0);
  if (signal <= 0 || signal >= NSIG || signal === SIGKILL || signal === SIGSTOP) return "EINVAL";
  if (c.u64(2) !== 0n) {
    const fault = yield* c.copyOut(c.u64(2), oldAction(signal, c.task.signalActions.get(signal)));
    if (fault !== null) return fault;
  }
  if (c.u64(1) === 0n) return 0;
  const bytes = yield* c.copyIn(c.u64(1), NEW_ACTION_SIZE);
  if (!bytes.ok) return bytes.errno;
  const view = new DataView(bytes.value.buffer, bytes.value.byteOffset);
  setAction(c, signal, {
    handler: view.getBigUint64(0, true),
    trampoline: view.getBigUint64(8, true),
    mask: BigInt(view.getUint32(16, true)) & ~UNBLOCKABLE,
    flags: view.getInt32(20, true),
  });
  return 0;
}

/** struct sigaction as it is returned: 16 bytes, without a trampoline. */
function oldAction(signal: number, action: SignalAction | undefined): Uint8Array {
  const bytes = new Uint8Array(16);
  const view = new DataView(bytes.buffer);
  // Nobody has asked for interrupted calls to fail yet, so they restart. XNU: ps_sigintr.
  const flags = action?.flags ?? SA_RESTART;
  const told = REPORTED_FLAGS | SA_RESTART | (signal === SIGCHLD ? CHILD_FLAGS : 0);
  view.setBigUint64(0, action?.handler ?? SIG_DFL, true);
  view.setUint32(8, Number(action?.mask ?? 0n), true);
  view.setInt32(12, flags & told, true);
  return bytes;
}

/** XNU: kern_sig.c setsigvec. */
function setAction(c: DarwinCall, signal: number, action: SignalAction): void {
  const { state, task } = c;
  if (state.sigreturnValidation === "default") {
    const asked = (action.flags & SA_VALIDATE_SIGRETURN) !== 0;
    state.sigreturnValidation = asked ? "enabled" : "disabled";
  }
  task.signalActions.set(signal, action);
  const { handler } = action;
  if (handler !== SIG_IGN && !(handler === SIG_DFL && darwinSignalDefault(signal) === "ignore")) {
    return;
  }
  // What is ignored from now on is not pending any more either.
  for (const thread of task.threads) {
    thread.pendingSignals &= ~signalBit(signal);
    thread.pendingInfo.delete(signal);
  }
}

/** The mask is stored back only when the change was valid. XNU: kern_sig.c sigprocmask. */
function* sigprocmask(c: DarwinCall): Blocking<BsdResult> {
  const { thread } = c;
  const old = thread.signalMask;
  if (c.u64(1) !== 0n) {
    const bytes = yield* c.copyIn(c.u64(1), 4);
    if (!bytes.ok) return bytes.errno;
    const word = new DataView(bytes.value.buffer, bytes.value.byteOffset).getUint32(0, true);
    const set = BigInt(word) & ~UNBLOCKABLE;
    switch (c.int(0)) {
      case SIG_BLOCK:
        thread.signalMask = old | set;
        break;
      case SIG_UNBLOCK:
        thread.signalMask = old & ~set;
        break;
      case SIG_SETMASK:
        thread.signalMask = set;
        break;
      default:
        return "EINVAL";
    }
  }
  return c.u64(2) === 0n ? 0 : ((yield* c.copyOutInts(c.u64(2), [Number(old)])) ?? 0);
}

function* sigpending(c: DarwinCall): Blocking<BsdResult> {
  return (yield* c.copyOutInts(c.u64(0), [Number(c.thread.pendingSignals)])) ?? 0;
}

/** Sleep with another mask (the argument itself) until a handler is due. XNU: sigsuspend. */
function* sigsuspend(c: DarwinCall): Blocking<BsdResult> {
  c.state.suspendedMask = c.thread.signalMask;
  c.thread.signalMask = BigInt(c.uint(0)) & ~UNBLOCKABLE;
  while (!hasDeliverableSignal(c.thread)) {
    yield { channel: c.thread, interruptible: THREAD_ABORTSAFE, reason: "sigsuspend" };
  }
  return "EINTR";
}

/** struct sigaltstack: base, size, flags. XNU: kern_sig.c sigaltstack. */
function* sigaltstack(c: DarwinCall): Blocking<BsdResult> {
  const { state } = c;
  if (c.u64(1) !== 0n) {
    const flags = state.onAltStack ? SS_ONSTACK : state.altStack === null ? SS_DISABLE : 0;
    const { base, size } = state.altStack ?? { base: 0n, size: 0n };
    const fault = yield* c.copyOutWords(c.u64(1), [base, size, flags]);
    if (fault !== null) return fault;
  }
  if (c.u64(0) === 0n) return 0;
  const bytes = yield* c.copyIn(c.u64(0), 24);
  if (!bytes.ok) return bytes.errno;
  const view = new DataView(bytes.value.buffer, bytes.value.byteOffset);
  const flags = view.getInt32(16, true);
  if ((flags & ~SS_DISABLE) !== 0) return "EINVAL";
  if ((flags & SS_DISABLE) !== 0) {
    if (state.onAltStack) return "EINVAL";
    state.altStack = null;
    return 0;
  }
  if (state.onAltStack) return "EPERM";
  const size = view.getBigUint64(8, true);
  if (size < SMALLEST_SIGNAL_STACK) return "ENOMEM";
  state.altStack = { base: view.getBigUint64(0, true), size };
  return 0;
}

/** Process groups are not kept: 0, -1 and a negated group mean everybody. XNU: kern_sig.c kill. */
function kill(c: DarwinCall): BsdResult {
  const [pid, signal] = [c.int(0), c.int(1)];
  if (signal < 0 || signal >= NSIG) return "EINVAL";
  const { tasks } = c.kernel;
  const targets = pid > 0 ? [tasks.get(pid)] : [...tasks.values()];
  const found = targets.filter((task) => task !== undefined);
  if (found.length === 0) return "ESRCH";
  if (signal !== 0) for (const task of found) postSignal(c.kernel, task, signal);
  return 0;
}

/** Names a thread by its port. XNU: kern_sig.c __pthread_kill. */
function pthreadKill(c: DarwinCall): BsdResult {
  const port = c.state.ports.send(c.uint(0));
  if (typeof port === "number" || port.kind !== "thread") return "ESRCH";
  const signal = c.int(1);
  if (signal < 0 || signal >= NSIG) return "EINVAL";
  if (signal !== 0) postSignal(c.kernel, port.thread, signal);
  return 0;
}

export const SIGNAL_ROWS: readonly BsdRow[] = [
  bsd(37, "kill", "pid:pid sig:signal posix:int", kill),
  bsd(46, "sigaction", "sig:signal new:pointer old:pointer", sigaction),
  bsd(48, "sigprocmask", "how:int set:pointer old:pointer", sigprocmask),
  bsd(52, "sigpending", "set:pointer", sigpending),
  bsd(53, "sigaltstack", "new:pointer old:pointer", sigaltstack),
  bsd(111, "sigsuspend", "mask:hex", sigsuspend, { interrupted: "fail", nocancel: 410 }),
  bsd(184, "sigreturn", "context:pointer style:hex token:hex", sigreturn),
  bsd(328, "__pthread_kill", "port:port sig:signal", pthreadKill),
  bsd(329, "__pthread_sigmask", "how:int set:pointer old:pointer", sigprocmask),
];
