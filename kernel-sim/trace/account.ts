import { describeMmuCounters } from "../../emulator/index.js";
import { describeExceptionClass } from "../../emulator/arch/esr.js";
import { FAULT_TYPE_NAMES, type FaultType } from "../../vm/fault/event.js";
import { vmStatistics64 } from "../../vm/statistics.js";
import type { Kernel } from "../kernel.js";

/** `1 fault`, `2 faults`. */
function count(n: number, one: string, many = `${one}s`): string {
  return `${n} ${n === 1 ? one : many}`;
}

/**
 * The short account after a run: what the guest's faults were, and what they left behind. Lines of
 * text without line ends; the same run gives the same lines.
 */
export function accountLines(kernel: Kernel): string[] {
  const { stats, vm } = kernel;
  const byType = [...stats.vmFaults].sort((a, b) => a[0] - b[0]);
  const faults = byType.reduce((sum, [, n]) => sum + n, 0);
  const lines = [
    `instructions   ${stats.instructions}`,
    `exceptions     ${exceptionText(stats.exceptions)}`,
    `vm_fault       ${faults}${typesText(byType)}`,
    `fast faults    ${stats.fastFaults} resolved by the pmap alone`,
  ];
  if (stats.failedFaults > 0) lines.push(`failed faults  ${stats.failedFaults}`);
  lines.push(
    `system calls   ${stats.syscalls}, ${count(stats.contextSwitches, "context switch", "context switches")}`,
    `counters       faults ${vm.counters.faults}, zero-fill ${vm.counters.zeroFillCount}, ` +
      `cow ${vm.counters.cowFaults}, pageins ${vm.counters.pageins}`,
  );
  const mmu = describeMmuCounters(kernel.machine.mmu.counters);
  lines.push(...mmu.map((line, i) => (i === 0 ? "mmu" : "").padEnd(15) + line));
  if (vm.counters.compressions > 0) lines.push(...pagingLines(kernel));
  return lines;
}

/** What paging did, on a machine that had to. */
function pagingLines({ vm }: Kernel): string[] {
  const statistics = vmStatistics64(vm);
  const { compressor, pageout } = vm;
  return [
    `compressor     ${statistics.compressions} compressions, ${statistics.decompressions} decompressions, ` +
      `${compressor.counters.inputBytes} bytes to ${compressor.counters.compressedBytes}`,
    `swap           ${count(statistics.swapouts, "page")} out, ${count(statistics.swapins, "page")} in`,
    `pageout        ${count(pageout.counters.scans, "scan")}, ${statistics.reactivations} reactivations, ` +
      `${count(statistics.pageouts, "pageout")}`,
  ];
}

function typesText(byType: readonly (readonly [number, number])[]): string {
  if (byType.length === 0) return "";
  const parts = byType.map(([type, n]) => `${n} ${FAULT_TYPE_NAMES[type as FaultType]}`);
  return `: ${parts.join(", ")}`;
}

function exceptionText(exceptions: ReadonlyMap<number, number>): string {
  const parts = [...exceptions].sort((a, b) => a[0] - b[0]);
  if (parts.length === 0) return "none";
  return parts.map(([ec, n]) => `${n} ${describeExceptionClass(ec)}`).join(", ");
}
