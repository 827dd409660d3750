import type { CpuModelName } from "../../emulator/arch/cpu-model.js";
import { Machine, type MachineOptions } from "../../emulator/index.js";

/** Start of RAM, where programs are put. */
export const RAM = 0x4000_0000;
/** Where `vectorWorld` has its vector table. */
export const VECTORS = RAM + 0x1_0000;

/** A machine about to run `words` at the start of RAM, with the MMU off. @param el 0, or 1 with SP_EL1 */
export function machineWith(
  words: readonly number[],
  el: 0 | 1,
  options: MachineOptions = {},
): Machine {
  const machine = new Machine({ ramBytes: 8 * 2 ** 20, exceptions: "host", ...options });
  put(machine, RAM, words);
  machine.cpu.pc = BigInt(RAM);
  machine.cpu.pstate = el === 0 ? 0 : 0b0101;
  return machine;
}

export function put(machine: Machine, at: number, words: readonly number[]): void {
  const bytes = new Uint8Array(new Uint32Array(words).buffer);
  machine.memory.view(at, bytes.length).set(bytes);
  machine.notifyWrite(at, bytes.length);
}

const machines = new Map<CpuModelName, Machine>();

/** ESR_EL1 after running one instruction from the reset state, or null if it raised nothing. */
export function esrOf(
  word: number,
  el: 0 | 1,
  setUp: (machine: Machine) => void = () => undefined,
  cpuModel: CpuModelName = "max",
): number | null {
  let machine = machines.get(cpuModel);
  if (machine === undefined) {
    machine = new Machine({ ramBytes: 8 * 2 ** 20, exceptions: "host", cpuModel });
    machines.set(cpuModel, machine);
  }
  machine.cpu.reset();
  put(machine, RAM, [word]);
  machine.cpu.pc = BigInt(RAM);
  machine.cpu.pstate = el === 0 ? 0 : 0b0101;
  setUp(machine);
  machine.contextChanged();
  return machine.step().kind === "exception" ? Number(machine.cpu.sysreg("ESR_EL1")) : null;
}

/** MRS Xt or MSR, by the register's encoding. */
export function moveSysreg(key: number, rt: number, isRead: boolean): number {
  return (0xd500_0000 | (isRead ? 1 << 21 : 0) | (key << 5) | rt) >>> 0;
}
