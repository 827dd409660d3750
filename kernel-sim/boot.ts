import { check } from "../emulator/arch/check.js";
import { GEOMETRY_16K } from "../emulator/arch/descriptor.js";
import type { Machine } from "../emulator/index.js";
import { MAIR_ATTRIBUTES, PMAP_TXSZ, pmapTtbr } from "../vm/pmap/index.js";
import type { VmSystem } from "../vm/system.js";

const NORMAL_WRITE_BACK = 1;
const OUTER_SHAREABLE = 2;
/** TCR_EL1.IPS: 40 bits of physical address. */
const IPS_40 = 2;

/** TCR_EL1 as XNU sets it up on a 16 KiB machine; only TBI0 of the optional features. */
function tcr(): bigint {
  const half =
    PMAP_TXSZ | (NORMAL_WRITE_BACK << 8) | (NORMAL_WRITE_BACK << 10) | (OUTER_SHAREABLE << 12);
  const low = BigInt(half) | (BigInt(GEOMETRY_16K.tg0) << 14n);
  const high = (BigInt(half) << 16n) | (BigInt(GEOMETRY_16K.tg1) << 30n);
  const tbi0 = 1n << 37n;
  return low | high | (BigInt(IPS_40) << 32n) | tbi0;
}

/** SCTLR_EL1 bits XNU sets (proc_reg.h SCTLR_EL1_DEFAULT): what they allow is beside each. */
const SCTLR_M = 1 << 0;
const SCTLR_C = 1 << 2;
/** SP alignment is checked at both levels. */
const SCTLR_SA = 1 << 3;
const SCTLR_SA0 = 1 << 4;
const SCTLR_I = 1 << 12;
/** DC ZVA at EL0. */
const SCTLR_DZE = 1 << 14;
/** WFE at EL0; WFI traps. */
const SCTLR_NTWE = 1 << 18;
/** Cache maintenance by address at EL0. */
const SCTLR_UCI = 1 << 26;
const SCTLR_SET =
  SCTLR_M | SCTLR_C | SCTLR_SA | SCTLR_SA0 | SCTLR_I | SCTLR_DZE | SCTLR_NTWE | SCTLR_UCI;

/** CPACR_EL1.FPEN: floating point traps nowhere. */
const CPACR_FPEN = 3n << 20n;
/** CNTKCTL_EL1.EL0VCTEN: the virtual counter can be read at EL0. */
const CNTKCTL_EL0VCTEN = 1n << 1n;

/**
 * Turn the machine into the one the kernel runs on: translation on, both halves with 16 KiB pages and
 * 47 bits, TTBR1 on the kernel's tables, TTBR0 on a table that maps nothing. XNU: start.s, arm_vm_init.
 * @param invalidTable physical address of a frame of zeroes
 */
export function bootMachine(machine: Machine, vm: VmSystem, invalidTable: number): void {
  const { cpu } = machine;
  const { kernelPmap } = vm.pmaps;
  check(kernelPmap !== null, "the VM has no kernel pmap");
  const ttbr1 = pmapTtbr(kernelPmap);
  cpu.setSysreg(
    "MAIR_EL1",
    MAIR_ATTRIBUTES.reduce<bigint>((all, byte, i) => all | (BigInt(byte) << BigInt(8 * i)), 0n),
  );
  cpu.setSysreg("TCR_EL1", tcr());
  cpu.setSysreg("TTBR0_EL1", BigInt(invalidTable));
  cpu.setSysreg("TTBR1_EL1", (BigInt(ttbr1.hi) << 32n) | BigInt(ttbr1.lo));
  cpu.setSysreg("CPACR_EL1", CPACR_FPEN);
  cpu.setSysreg("CNTKCTL_EL1", CNTKCTL_EL0VCTEN);
  cpu.setSysreg("SCTLR_EL1", cpu.sysreg("SCTLR_EL1") | BigInt(SCTLR_SET));
  machine.mmu.tlbiAll();
  machine.contextChanged();
  machine.mmu.contextChanged(0, false);
}
