import type { Blocking } from "../../../vm/blocking.js";
import type { Kernel } from "../../kernel.js";
import type { Thread } from "../../thread.js";
import { linuxErrno, type ErrnoName } from "../errno.js";
import { recordCall, svcAddress, type CallSite } from "../record.js";
import { LinuxCall, NO_RESULT, type LinuxResult } from "./call.js";
import { LINUX_CALLS } from "./table.js";

/** Argument registers: x0..x5. */
const ARGUMENT_COUNT = 6;

/**
 * Serve the SVC the current thread took: number in w8, arguments in x0..x5, the result or the
 * negated error number in x0; no other register changes. Linux: arch/arm64/kernel/syscall.c.
 */
export function* linuxSyscall(kernel: Kernel, thread: Thread): Blocking<void> {
  const { cpu } = kernel;
  const code = cpu.xLo(8);
  const args = Array.from({ length: ARGUMENT_COUNT }, (_, i) => cpu.x(i));
  const row = LINUX_CALLS.get(code);
  const name = row?.name ?? `syscall_${code}`;
  const site: CallSite = { family: "linux", code, name, specs: row?.args ?? [], args };
  const pc = svcAddress(kernel);
  const announce = (): void => {
    recordCall(kernel, thread, site, pc, { kind: "none" });
  };
  const call = new LinuxCall(kernel, thread, args, announce);
  call.state.interruptedX0 = null;
  const outcome: LinuxResult | Blocking<LinuxResult> = row?.handler(call) ?? "ENOSYS";
  const result = isBlocking(outcome) ? yield* outcome : outcome;
  if (result === NO_RESULT) return;
  if (typeof result !== "string") {
    const value = BigInt(result);
    cpu.setX(0, value);
    recordCall(kernel, thread, site, pc, { kind: "value", value, text: null });
    return;
  }
  if (result === "EINTR" && row?.restarts === true) call.state.interruptedX0 = args[0] ?? 0n;
  cpu.setX(0, BigInt(-linuxErrno(result)));
  recordCall(kernel, thread, site, pc, errorResult(result));
}

function isBlocking(
  outcome: LinuxResult | Blocking<LinuxResult>,
): outcome is Blocking<LinuxResult> {
  return typeof outcome === "object";
}

function errorResult(errno: ErrnoName): { kind: "error"; value: number; name: string } {
  return { kind: "error", value: linuxErrno(errno), name: errno };
}
