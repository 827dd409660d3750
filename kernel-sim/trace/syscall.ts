import type { SyscallArgument, SyscallRecord } from "../events.js";
import { protString } from "../../vm/types.js";

/** One system call in the manner of strace: `[1] open("alice.txt", 0x0, 0o0) = 3`. */
export function syscallLine(record: SyscallRecord): string {
  const args = record.args.map(argumentText).join(", ");
  return `[${record.pid}] ${record.name}(${args})${resultText(record)}`;
}

/**
 * The lines of a run's calls. A call that is not served (ENOSYS) is told of once, however often a
 * program tries it.
 */
export class SyscallTrace {
  readonly #unserved = new Set<string>();

  /** @returns the line, or null for a call already told of */
  line(record: SyscallRecord): string | null {
    const { result } = record;
    if (result.kind !== "error" || result.name !== "ENOSYS") return syscallLine(record);
    const key = `${record.family} ${record.code}`;
    if (this.#unserved.has(key)) return null;
    this.#unserved.add(key);
    return `${syscallLine(record)}, not served: further calls are not shown`;
  }
}

function argumentText(arg: SyscallArgument): string {
  if (arg.text !== null) return JSON.stringify(arg.text);
  const signed = BigInt.asIntN(64, arg.value);
  switch (arg.kind) {
    case "int":
    case "fd":
    case "pid":
    case "signal":
      return String(BigInt.asIntN(32, arg.value));
    case "uint":
    case "size":
      return String(arg.value);
    case "offset":
      return String(signed);
    case "octal":
      return `0o${arg.value.toString(8)}`;
    case "prot":
      return protString(Number(arg.value & 7n));
    case "pointer":
      return arg.value === 0n ? "NULL" : `0x${arg.value.toString(16)}`;
    default:
      return `0x${arg.value.toString(16)}`;
  }
}

function resultText(record: SyscallRecord): string {
  const { result } = record;
  switch (result.kind) {
    case "none":
      return "";
    case "error":
      return ` = ${result.name} (${result.value})`;
    case "value": {
      if (result.text !== null) return ` = ${result.text}`;
      const signed = BigInt.asIntN(64, result.value);
      return signed >= -4096n && signed < 65536n
        ? ` = ${signed}`
        : ` = 0x${result.value.toString(16)}`;
    }
  }
}
