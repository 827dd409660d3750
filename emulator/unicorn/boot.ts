import { sysregSlot } from "../arch/sysreg.js";
import { OFF_X } from "../cpu/state-layout.js";
import type { CpuState } from "../cpu/state.js";
import { RAM_OFFSET, type PhysMemory } from "../mmu/phys-memory.js";
import { UC_PROT_EXEC, UC_PROT_READ, UnicornError, type UnicornBinding } from "./binding.js";
import { BOOT_REGISTERS } from "./state.js";

const PAGE = 4096;
/** Where the way to EL0 is mapped while it is walked. */
const VA = 0x1000n;

/** msr sctlr_el1, x0; msr cntkctl_el1, x1; msr spsr_el1, x2; msr elr_el1, x3; eret; nop */
const CODE = [0xd518_1000, 0xd518_e101, 0xd518_4002, 0xd518_4023, 0xd69f_03e0, 0xd503_201f];
const ERET_INDEX = 4;

const SCTLR = sysregSlot("SCTLR_EL1");
const SCTLR_RES1 = 0x3050_0980;
/**
 * What Unicorn may decide itself of SCTLR_EL1: DC ZVA (DZE), cache maintenance (UCI), WFE (nTWE). The rest stays
 * clear: its MMU is off, and what traps (WFI, CTR_EL0, the counter) is judged by the fallback.
 */
const SCTLR_COPIED = (1 << 14) | (1 << 26) | (1 << 18);

/**
 * Take a freshly opened Unicorn to EL0, by ERET: writing its PSTATE leaves translation flags behind that still
 * say EL1. CPACR_EL1 is set first. Unicorn needs a page of memory for it: a page of RAM is borrowed.
 */
export function enterEl0(binding: UnicornBinding, cpu: CpuState, memory: PhysMemory): void {
  const saved = memory.u8.slice(RAM_OFFSET, RAM_OFFSET + 4 * CODE.length);
  const registers = memory.u8.slice(OFF_X, OFF_X + 32);
  memory.u32.set(CODE, RAM_OFFSET / 4);
  cpu.setX(0, BigInt(SCTLR_RES1 | (cpu.readLo(SCTLR) & SCTLR_COPIED)));
  cpu.setX(1, 0n);
  cpu.setX(2, 0n);
  cpu.setX(3, VA + BigInt(4 * (ERET_INDEX + 1)));
  binding.regWrite(BOOT_REGISTERS);
  binding.memMapPtr(VA, PAGE, UC_PROT_READ | UC_PROT_EXEC, RAM_OFFSET);
  const error = binding.emuStart(VA, 1n, ERET_INDEX + 1);
  binding.removeCode(VA, PAGE);
  binding.memUnmap(VA, PAGE);
  memory.u8.set(saved, RAM_OFFSET);
  memory.u8.set(registers, OFF_X);
  if (error !== 0) throw new UnicornError(`Unicorn cannot be brought to EL0 (error ${error})`);
}
