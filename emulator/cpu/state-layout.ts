/**
 * Where each piece of CPU state lives in the one WebAssembly memory: byte offsets from address 0.
 * Translated code loads and stores these directly; host code goes through `CpuState`.
 */

/** X0..X30, 8 bytes each. There is no slot for XZR. */
export const OFF_X = 0x100;
/** V0..V31, 16 bytes each, 16-byte aligned. */
export const OFF_V = 0x200;
/** SP_EL0 and SP_EL1, 8 bytes each; which one is "SP" follows from PSTATE. */
export const OFF_SP_EL0 = 0x400;
export const OFF_SP_EL1 = 0x408;
/** 64-bit PC of the next instruction to execute whenever the host is in control. */
export const OFF_PC = 0x410;
/** PSTATE condition flags, 32 bits, in their SPSR position: N 31, Z 30, C 29, V 28. */
export const OFF_NZCV = 0x418;
/** The rest of PSTATE in SPSR positions: SS 21, IL 20, PAN 22, UAO 23, DIT 24, TCO 25, SSBS 12, BTYPE 11:10, DAIF 9:6, EL 3:2, SP 0. */
export const OFF_PSTATE = 0x41c;
/** FPCR and FPSR, 32 bits each. */
export const OFF_FPCR = 0x420;
export const OFF_FPSR = 0x424;
/** Instructions left in this run's slice, signed 32 bits: translated code stops when it would pass zero. */
export const OFF_BUDGET = 0x428;
/** Why translated code came back to the host (jit/exit codes), and one 32-bit argument. */
export const OFF_EXIT_CODE = 0x42c;
export const OFF_EXIT_ARG = 0x430;
/** 1: FPSR's cumulative flags are kept exactly; 0: they are not yet (nobody has looked). 32 bits. */
export const OFF_FPSR_EXACT = 0x434;
/** Interrupt requests at the CPU, at the bits of DAIF that mask them: IRQ 7, FIQ 6. 32 bits. */
export const OFF_INTERRUPTS = 0x438;
/** Exclusive monitor: armed flag (32 bits), access size, virtual address, value seen (16 bytes). */
export const OFF_EXCLUSIVE_VALID = 0x440;
export const OFF_EXCLUSIVE_SIZE = 0x444;
export const OFF_EXCLUSIVE_ADDRESS = 0x448;
export const OFF_EXCLUSIVE_VALUE = 0x450;
/** Instructions executed since reset, as of the last return to the host: unsigned 64 bits. */
export const OFF_ICOUNT = 0x460;
/** Instruction times that passed while the CPU waited (WFI): virtual time is the count plus these. Unsigned 64 bits. */
export const OFF_WAITED = 0x468;
/** Bounce buffer for accesses that cross a page and for host-performed stores: 64 bytes, 16-byte aligned. */
export const OFF_BOUNCE = 0x480;
/**
 * The flags while translated code runs: the kind of operation that set them (jit/flags.ts) and its
 * operands. Outside, the kind is 0 and the flags are in OFF_NZCV.
 */
export const OFF_FLAG_KIND = 0x4c0;
export const OFF_FLAG_A = 0x4c8;
export const OFF_FLAG_B = 0x4d0;
/** Instruction count at which OFF_BUDGET reaches zero: unsigned 64 bits. */
export const OFF_ICOUNT_END = 0x4d8;
/** Key of the mode translated code runs under (jit/mode.ts), for the run-time's own lookups. 32 bits. */
export const OFF_MODE_KEY = 0x5f0;
/** Regions that called others and wait for them to return. 32 bits. */
export const OFF_CALL_DEPTH = 0x5f4;
/**
 * The last indirect branch: what was left of the budget after it (32 bits), and the BTYPE it leaves (32 bits). PSTATE.BTYPE
 * is that while the budget is still the same, which is until the next instruction has been executed.
 */
export const OFF_BRANCH_TYPE = 0x5e0;
/**
 * 1: translated code was overwritten, or a translation that code was fetched through is gone, since the dispatcher
 * last ran. Looked at where the context is synchronized. 32 bits.
 */
export const OFF_CODE_CHANGED = 0x5e8;
/** Where in a region to begin: 0 at its first block, else one of its other entries (jit/entries.ts). 32 bits. */
export const OFF_ENTRY = 0x5ec;
/** Address of the indirect branch that asks for a lookup, 0 for none. 64 bits. */
export const OFF_INDIRECT_FROM = 0x5f8;
/** State of the random number generator behind RNDR: 64 bits. */
export const OFF_RANDOM = 0x4e0;
/** System registers held as plain 64-bit words, indexed by the system register table (arch/sysreg.ts `slot`). */
export const OFF_SYSREG = 0x600;
/** 64-bit slots available for system registers. */
export const SYSREG_SLOTS = 256;
/** First free byte after the block. */
export const STATE_END = OFF_SYSREG + SYSREG_SLOTS * 8;

/** PSTATE bit positions, as in SPSR_EL1 (Arm ARM C5.2.19). */
export const PSTATE_N = 31;
export const PSTATE_Z = 30;
export const PSTATE_C = 29;
export const PSTATE_V = 28;
export const PSTATE_DIT = 24;
export const PSTATE_UAO = 23;
export const PSTATE_PAN = 22;
export const PSTATE_SS = 21;
export const PSTATE_IL = 20;
export const PSTATE_SSBS = 12;
/** Two bits. */
export const PSTATE_BTYPE = 10;
export const PSTATE_DAIF = 6;
/** The bits of DAIF that mask interrupts, as masks. */
export const PSTATE_F = 1 << 6;
export const PSTATE_I = 1 << 7;
/** The bit that masks debug exceptions at EL1. */
export const PSTATE_D = 1 << 9;
export const PSTATE_EL = 2;
export const PSTATE_SP = 0;
