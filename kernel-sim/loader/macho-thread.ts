import { MACH_VM_MAX_ADDRESS } from "../../vm/types.js";
import type { ImageRegisters } from "./image.js";
import type { LoadCommand } from "./macho.js";
import { ARM_THREAD_STATE64, ARM_THREAD_STATE64_COUNT, THREAD_STATE } from "./macho-format.js";
import { refuse, type FileReader } from "./reader.js";

/** What LC_UNIXTHREAD says. */
export interface UnixThread {
  readonly entry: number;
  readonly registers: ImageRegisters;
  readonly customStackTop: number | null;
}

/**
 * Read LC_UNIXTHREAD: groups of flavor, count (in words) and state.
 * XNU: mach_loader.c load_unixthread, load_threadstack, load_threadentry, load_threadstate.
 */
export function readUnixThread(reader: FileReader, command: LoadCommand): UnixThread {
  const end = command.at + command.size;
  let thread: UnixThread | null = null;
  for (let at = command.at + 8; at < end;) {
    if (at + 8 > end) refuse("EBADMACHO", "LC_UNIXTHREAD ends inside a flavor", at);
    const flavor = reader.u32(at);
    const words = reader.u32(at + 4);
    const state = at + 8;
    if (state + words * 4 > end) refuse("EBADMACHO", "thread state leaves its command", at + 4);
    if (flavor !== ARM_THREAD_STATE64) refuse("EBADEXEC", `unknown thread flavor ${flavor}`, at);
    if (words !== ARM_THREAD_STATE64_COUNT) {
      refuse("EBADEXEC", `thread state of ${words} words instead of 68`, at + 4);
    }
    thread = readState(reader, state);
    at = state + words * 4;
  }
  return thread ?? refuse("EBADEXEC", "LC_UNIXTHREAD without a thread state", command.at);
}

function readState(reader: FileReader, at: number): UnixThread {
  const x: bigint[] = [];
  for (let i = 0; i < 31; i++) x.push(reader.u64(at + THREAD_STATE.x + 8 * i));
  const pc = reader.u64(at + THREAD_STATE.pc);
  // An address no program can have is reported as one outside every segment.
  const entry = pc < BigInt(MACH_VM_MAX_ADDRESS) ? Number(pc) : MACH_VM_MAX_ADDRESS;
  const legacySp = reader.u32(at + THREAD_STATE.legacySp);
  return {
    entry,
    registers: { x, sp: reader.u64(at + THREAD_STATE.sp) },
    customStackTop: legacySp === 0 ? null : legacySp,
  };
}
