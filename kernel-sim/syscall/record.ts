import { pmapExtract } from "../../vm/pmap/index.js";
import { PAGE_SIZE, type Ppn, type VmOffset } from "../../vm/types.js";
import type { SyscallArgument, SyscallRecord } from "../events.js";
import type { Kernel } from "../kernel.js";
import type { Task } from "../task.js";
import type { Thread } from "../thread.js";
import type { ArgSpec } from "./row.js";

/** Longest text of one argument in a trace, in bytes. */
const TEXT_LIMIT = 256;
/** Bytes of an SVC instruction: ELR is behind it. */
const SVC_BYTES = 4;

/** What the tracer needs to know about a call before it changes anything. */
export interface CallSite {
  readonly family: SyscallRecord["family"];
  readonly code: number;
  readonly name: string;
  readonly specs: readonly ArgSpec[];
  readonly args: readonly bigint[];
}

/**
 * Tell the observer, if there is one, about a finished call. Memory is only looked at where it is
 * resident and mapped: tracing takes no fault and changes nothing.
 */
export function recordCall(
  kernel: Kernel,
  thread: Thread,
  site: CallSite,
  pc: number,
  result: SyscallRecord["result"],
): void {
  if (kernel.onSyscall === null) return;
  kernel.onSyscall({
    number: kernel.stats.syscalls,
    instructions: kernel.machine.instructionsExecuted,
    pid: thread.task.pid,
    tid: thread.id,
    pc,
    family: site.family,
    code: site.code,
    name: site.name,
    args: describeArguments(kernel, thread.task, site),
    result,
  });
}

/** Address of the SVC instruction the current thread took: bytes, sign-extended. */
export function svcAddress(kernel: Kernel): number {
  return Number(BigInt.asIntN(64, kernel.cpu.sysreg("ELR_EL1"))) - SVC_BYTES;
}

function describeArguments(kernel: Kernel, task: Task, site: CallSite): SyscallArgument[] {
  return site.specs.map((spec, i) => {
    const value = site.args[i] ?? 0n;
    const length = Number(site.args[i + 1] ?? 0n);
    return {
      name: spec.name,
      kind: spec.kind,
      value,
      text: argumentText(kernel, task, spec, value, length),
    };
  });
}

function argumentText(
  kernel: Kernel,
  task: Task,
  spec: ArgSpec,
  address: bigint,
  length: number,
): string | null {
  if (spec.kind === "bytes") return text(peek(kernel, task, address, Math.min(length, TEXT_LIMIT)));
  if (spec.kind !== "path") return null;
  const bytes = peek(kernel, task, address, TEXT_LIMIT);
  if (bytes === null) return null;
  const end = bytes.indexOf(0);
  return text(end < 0 ? bytes : bytes.subarray(0, end));
}

function text(bytes: Uint8Array | null): string | null {
  return bytes === null ? null : new TextDecoder().decode(bytes);
}

/** Bytes of a task's memory up to the first page that is not mapped; null if the first is not. */
function peek(kernel: Kernel, task: Task, address: bigint, length: number): Uint8Array | null {
  const { pmap } = task.map;
  if (pmap === null || address >= 1n << 47n) return null;
  const start = Number(address);
  const bytes = new Uint8Array(length);
  let done = 0;
  while (done < length) {
    const va = start + done;
    const physical = pmapExtract(pmap, va as VmOffset);
    if (physical === 0) break;
    const inFrame = physical % PAGE_SIZE;
    const count = Math.min(length - done, pmap.pageSize - (va % pmap.pageSize));
    const frame = kernel.vm.phys.page(((physical - inFrame) / PAGE_SIZE) as Ppn);
    bytes.set(frame.subarray(inFrame, inFrame + count), done);
    done += count;
  }
  return done === 0 && length > 0 ? null : bytes.subarray(0, done);
}
