import {
  describeEsr,
  EC_INSTRUCTION_ABORT_LOWER,
  EC_PC_ALIGNMENT,
  esrClass,
  isAbortClass,
  IssDataAbort,
} from "../emulator/arch/esr.js";
import { getField } from "../emulator/arch/bits.js";
import { hex, hexVa } from "../emulator/arch/hex.js";
import { ACCESS_EXEC, ACCESS_READ } from "../emulator/index.js";
import type { VmMapEntry } from "../vm/map/entry.js";
import { vmMapLookupEntry } from "../vm/map/find.js";
import type { VmMap } from "../vm/map/map.js";
import {
  KERN_MEMORY_ERROR,
  KERN_PROTECTION_FAILURE,
  protString,
  VM_MEMORY_GUARD,
  VM_MEMORY_STACK,
  VM_PROT_ALL,
  VM_PROT_EXECUTE,
  VM_PROT_READ,
  VM_PROT_WRITE,
  type VmOffset,
} from "../vm/types.js";
import { symbolText } from "./abort.js";
import { disassemble } from "./disassembler.js";
import {
  EXC_ARM_DA_ALIGN,
  EXC_BAD_ACCESS,
  excCodeName,
  excName,
  type ExcInfo,
} from "./exception.js";
import type { Kernel } from "./kernel.js";
import type { SignalInfo } from "./personality.js";
import { vaHi, vaLo } from "./platform.js";
import type { Thread } from "./thread.js";

const REGISTERS_PER_LINE = 4;

/**
 * What a person reads when a program dies: the exception and its codes, where it was and what it was
 * executing, what the map has to say about the address, and the registers. The thread is on the CPU.
 * @returns what gives the text, lines without a final line end: the instruction as assembly if the disassembler
 *   has been loaded by then, which most runs never need
 */
export function crashReport(kernel: Kernel, thread: Thread, signal: SignalInfo): () => string {
  const { task } = thread;
  const who = `${baseName(task.path)}[${task.pid}]`;
  const pending = thread.exception;
  const at = where(kernel, thread);
  if (pending === null || pending.signal !== signal.number) {
    const why = signal.reason === undefined ? "" : `: ${signal.reason}`;
    return () => `${who}: killed by ${signal.name} ${at()}${why}`;
  }
  const { exc } = pending;
  const codes = `${excName(exc.type)}, code ${exc.code} (${excCodeName(exc.type, exc.code)})`;
  const title = `${who}: ${codes}, subcode ${hexWord(exc.subcode)}: ${signal.name}`;
  const lines: string[] = [];
  if (exc.esr !== 0) {
    const hasFar = isAbortClass(esrClass(exc.esr)) || exc.far !== 0n;
    const far = hasFar ? `, FAR ${hexWord(exc.far)}` : "";
    lines.push(`  ${describeEsr(exc.esr)} (ESR ${hex(exc.esr, 8)}${far})`);
  }
  if (exc.type === EXC_BAD_ACCESS) lines.push(`  ${explainAccess(thread, exc)}`);
  lines.push(...registerLines(kernel));
  return () => [title, `  ${at()}`, ...lines].join("\n");
}

function baseName(path: string): string {
  return path.slice(path.lastIndexOf("/") + 1);
}

function hexWord(value: bigint): string {
  return `0x${BigInt.asUintN(64, value).toString(16)}`;
}

/** "at 0x100004a30 (wild_null+0x8): ldr w8, [x8]". */
function where(kernel: Kernel, thread: Thread): () => string {
  const pc = kernel.cpu.sysreg("ELR_EL1");
  const va = Number(BigInt.asIntN(64, pc));
  const symbol = thread.task.symbols?.nearest(va) ?? null;
  const name = symbol === null ? "" : ` (${symbolText(symbol)})`;
  const word = fetchWord(kernel, va);
  return () => `at pc ${hexWord(pc)}${name}${word === null ? "" : `: ${disassemble(word, pc)}`}`;
}

/** The instruction at a user address, if it can be read without faulting. */
function fetchWord(kernel: Kernel, va: number): number | null {
  if (va % 4 !== 0) return null;
  const { memory, mmu } = kernel.machine;
  const pa = mmu.translate(vaLo(va), vaHi(va), ACCESS_READ, 1, false);
  return pa < 0 ? null : memory.u32[memory.hostOffset(pa) / 4]!;
}

/** Why the map did not let the access through. */
function explainAccess(thread: Thread, exc: ExcInfo): string {
  const ec = esrClass(exc.esr);
  const misaligned = exc.code === EXC_ARM_DA_ALIGN || !isAbortClass(ec);
  if (misaligned) {
    return ec === EC_PC_ALIGNMENT
      ? "An instruction's address is a multiple of 4."
      : "The access must be aligned.";
  }
  const exec = ec === EC_INSTRUCTION_ABORT_LOWER;
  const access = exec ? ACCESS_EXEC : getField(exc.esr, 0, IssDataAbort.wnr);
  const verb = ["read", "write", "execute"][access] ?? "access";
  const raw = Number(BigInt.asIntN(64, exc.subcode));
  const address = exec ? raw : Number(BigInt.asIntN(56, exc.subcode));
  const { map } = thread.task;
  map.lockShared();
  const { found, entry } = vmMapLookupEntry(map, address as VmOffset);
  map.unlockShared();
  if (!found) return explainHole(map, address, entry);
  return explainEntry(
    entry,
    exc,
    verb,
    access === ACCESS_EXEC ? VM_PROT_EXECUTE : access === 0 ? VM_PROT_READ : VM_PROT_WRITE,
    address,
  );
}

function explainHole(map: VmMap, address: number, below: VmMapEntry | null): string {
  const above = below === null ? map.entries.first : below.next;
  const lower =
    below === null
      ? "nothing is mapped below it"
      : `the entry below, ${entryText(below)}, ends ${hex(address - below.end)} bytes before it`;
  const upper =
    above === null
      ? "nothing is mapped above it"
      : `the one above, ${entryText(above)}, starts ${hex(above.start - address)} bytes after it`;
  const where = address < map.minOffset ? " (page zero)" : "";
  return `No map entry at ${hexVa(address)}${where}: ${lower}; ${upper}.`;
}

function explainEntry(
  entry: VmMapEntry,
  exc: ExcInfo,
  verb: string,
  needed: number,
  address: number,
): string {
  const text = `the entry ${entryText(entry)}`;
  if (exc.code === KERN_PROTECTION_FAILURE && (entry.protection & needed) === 0) {
    const guard = entry.alias === VM_MEMORY_GUARD || entry.alias === VM_MEMORY_STACK;
    const closed = guard ? ": it is a guard page" : ": it is protected against all access";
    const why = (entry.protection & VM_PROT_ALL) === 0 ? closed : "";
    const forGood =
      (entry.maxProtection & needed) === 0 ? ", and its maximum protection rules it out" : "";
    return `The address lies in ${text}, which denies ${verb}${why}${forGood}.`;
  }
  const object = entry.object === null ? "no object yet" : `object ${entry.object.id}`;
  const offset = hex(address - entry.start + entry.offset);
  if (exc.code === KERN_MEMORY_ERROR) {
    return `The address lies in ${text}; ${object} has no data at offset ${offset}.`;
  }
  return `The address lies in ${text}, ${object} at offset ${offset}.`;
}

/** "[0x100000000, 0x100004000) r-x/r-x". */
function entryText(entry: VmMapEntry): string {
  const prot = `${protString(entry.protection)}/${protString(entry.maxProtection)}`;
  const tag = entry.alias === 0 ? "" : ` tag ${entry.alias}`;
  return `[${hexVa(entry.start)}, ${hexVa(entry.end)}) ${prot}${tag}`;
}

function registerLines(kernel: Kernel): string[] {
  const { cpu } = kernel;
  const cells = Array.from({ length: 29 }, (_, n) => registerText(`x${n}`, cpu.x(n)));
  cells.push(registerText("fp", cpu.x(29)), registerText("lr", cpu.x(30)));
  cells.push(registerText("sp", cpu.spEl0), registerText("pc", cpu.sysreg("ELR_EL1")));
  cells.push(registerText("cpsr", cpu.sysreg("SPSR_EL1")));
  const lines: string[] = [];
  for (let i = 0; i < cells.length; i += REGISTERS_PER_LINE) {
    lines.push(`  ${cells.slice(i, i + REGISTERS_PER_LINE).join("  ")}`);
  }
  return lines;
}

function registerText(name: string, value: bigint): string {
  return `${name.padStart(4)} 0x${value.toString(16).padStart(16, "0")}`;
}
