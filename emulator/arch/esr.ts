import { bit, field, getField, layout } from "./bits.js";

/**
 * ESR_EL1: why an exception was taken. Arm ARM D23.2 ESR_EL1. Only its low 32 bits are ever
 * non-zero here, so a syndrome is an unsigned 32-bit number.
 */
export const Esr = layout({ ec: field(31, 26), il: bit(25), iss: field(24, 0) });

/** ISS of a data abort. ISV and bits 23:14 stay zero for stage 1 aborts taken to EL1. */
export const IssDataAbort = layout({
  isv: bit(24),
  sas: field(23, 22),
  sse: bit(21),
  srt: field(20, 16),
  sf: bit(15),
  ar: bit(14),
  set: field(12, 11),
  fnV: bit(10),
  ea: bit(9),
  cm: bit(8),
  s1ptw: bit(7),
  wnr: bit(6),
  dfsc: field(5, 0),
});

/** ISS of an instruction abort. */
export const IssInstructionAbort = layout({
  set: field(12, 11),
  fnV: bit(10),
  ea: bit(9),
  s1ptw: bit(7),
  ifsc: field(5, 0),
});

/** ISS of a trapped MSR, MRS or system instruction (EC 0x18). */
export const IssSystemTrap = layout({
  op0: field(21, 20),
  op2: field(19, 17),
  op1: field(16, 14),
  crn: field(13, 10),
  rt: field(9, 5),
  crm: field(4, 1),
  isRead: bit(0),
});

/** ISS of SVC, HVC and BRK: the instruction's immediate. */
export const IssImmediate = layout({ imm16: field(15, 0) });

/** ISS of a trapped WFI or WFE (EC 0x01). */
export const IssWfx = layout({ cv: bit(24), cond: field(23, 20), ti: field(1, 0) });

/** ISS of a trapped floating-point exception (EC 0x2c). */
export const IssFpException = layout({
  tfv: bit(23),
  idf: bit(7),
  ixf: bit(4),
  uff: bit(3),
  off: bit(2),
  dzf: bit(1),
  iof: bit(0),
});

/** Exception classes: ESR_EL1.EC. */
export const EC_UNKNOWN = 0x00;
export const EC_WFX = 0x01;
export const EC_FP_ACCESS = 0x07;
export const EC_BTI = 0x0d;
export const EC_ILLEGAL_STATE = 0x0e;
export const EC_SVC64 = 0x15;
export const EC_HVC64 = 0x16;
export const EC_SMC64 = 0x17;
export const EC_SYSTEM_TRAP = 0x18;
export const EC_SVE = 0x19;
export const EC_PAC_FAIL = 0x1c;
export const EC_INSTRUCTION_ABORT_LOWER = 0x20;
export const EC_INSTRUCTION_ABORT_SAME = 0x21;
export const EC_PC_ALIGNMENT = 0x22;
export const EC_DATA_ABORT_LOWER = 0x24;
export const EC_DATA_ABORT_SAME = 0x25;
export const EC_SP_ALIGNMENT = 0x26;
export const EC_FP_EXCEPTION = 0x2c;
export const EC_SERROR = 0x2f;
export const EC_BREAKPOINT_LOWER = 0x30;
export const EC_BREAKPOINT_SAME = 0x31;
export const EC_STEP_LOWER = 0x32;
export const EC_STEP_SAME = 0x33;
export const EC_WATCHPOINT_LOWER = 0x34;
export const EC_WATCHPOINT_SAME = 0x35;
export const EC_BRK64 = 0x3c;

const EC_NAMES: ReadonlyMap<number, string> = new Map([
  [EC_UNKNOWN, "unknown reason"],
  [EC_WFX, "trapped WFI or WFE"],
  [EC_FP_ACCESS, "trapped SIMD or floating-point access"],
  [EC_BTI, "branch target exception"],
  [EC_ILLEGAL_STATE, "illegal execution state"],
  [EC_SVC64, "SVC"],
  [EC_HVC64, "HVC"],
  [EC_SMC64, "SMC"],
  [EC_SYSTEM_TRAP, "trapped MSR, MRS or system instruction"],
  [EC_SVE, "trapped SVE access"],
  [EC_PAC_FAIL, "pointer authentication failure"],
  [EC_INSTRUCTION_ABORT_LOWER, "instruction abort, lower EL"],
  [EC_INSTRUCTION_ABORT_SAME, "instruction abort, same EL"],
  [EC_PC_ALIGNMENT, "PC alignment fault"],
  [EC_DATA_ABORT_LOWER, "data abort, lower EL"],
  [EC_DATA_ABORT_SAME, "data abort, same EL"],
  [EC_SP_ALIGNMENT, "SP alignment fault"],
  [EC_FP_EXCEPTION, "trapped floating-point exception"],
  [EC_SERROR, "SError interrupt"],
  [EC_BREAKPOINT_LOWER, "breakpoint, lower EL"],
  [EC_BREAKPOINT_SAME, "breakpoint, same EL"],
  [EC_STEP_LOWER, "software step, lower EL"],
  [EC_STEP_SAME, "software step, same EL"],
  [EC_WATCHPOINT_LOWER, "watchpoint, lower EL"],
  [EC_WATCHPOINT_SAME, "watchpoint, same EL"],
  [EC_BRK64, "BRK"],
]);

/**
 * Fault status codes: DFSC and IFSC, 6 bits. The first four kinds carry the level of the table
 * the descriptor was read from in bits 1:0 (add it to the level 0 code).
 */
export const FSC_ADDRESS_SIZE_L0 = 0x00;
export const FSC_TRANSLATION_L0 = 0x04;
export const FSC_ACCESS_FLAG_L0 = 0x08;
export const FSC_PERMISSION_L0 = 0x0c;
export const FSC_EXTERNAL = 0x10;
export const FSC_TAG_CHECK = 0x11;
export const FSC_EXTERNAL_ON_WALK_L0 = 0x14;
export const FSC_ECC = 0x18;
export const FSC_ECC_ON_WALK_L0 = 0x1c;
export const FSC_ALIGNMENT = 0x21;
export const FSC_DEBUG = 0x22;
export const FSC_TLB_CONFLICT = 0x30;
export const FSC_UNSUPPORTED_ATOMIC_UPDATE = 0x31;
export const FSC_LOCKDOWN = 0x34;
export const FSC_UNSUPPORTED_EXCLUSIVE = 0x35;

const LEVELLED: readonly (readonly [number, string])[] = [
  [FSC_ADDRESS_SIZE_L0, "address size fault"],
  [FSC_TRANSLATION_L0, "translation fault"],
  [FSC_ACCESS_FLAG_L0, "access flag fault"],
  [FSC_PERMISSION_L0, "permission fault"],
  [FSC_EXTERNAL_ON_WALK_L0, "external abort on table walk"],
  [FSC_ECC_ON_WALK_L0, "parity or ECC error on table walk"],
];

const UNLEVELLED: ReadonlyMap<number, string> = new Map([
  [FSC_EXTERNAL, "external abort"],
  [FSC_TAG_CHECK, "tag check fault"],
  [FSC_ECC, "parity or ECC error"],
  [FSC_ALIGNMENT, "alignment fault"],
  [FSC_DEBUG, "debug event"],
  [FSC_TLB_CONFLICT, "TLB conflict abort"],
  [FSC_UNSUPPORTED_ATOMIC_UPDATE, "unsupported atomic hardware update"],
  [FSC_LOCKDOWN, "lockdown"],
  [FSC_UNSUPPORTED_EXCLUSIVE, "unsupported exclusive or atomic"],
]);

/** True for DFSC/IFSC 0x04..0x07: no valid descriptor. */
export function isTranslationFault(fsc: number): boolean {
  return (fsc & 0x3c) === FSC_TRANSLATION_L0;
}

/** True for an access flag fault at level 1, 2 or 3 (level 0 exists with FEAT_LPA2 only). */
export function isAccessFlagFault(fsc: number): boolean {
  return (fsc & 0x3c) === FSC_ACCESS_FLAG_L0 && fsc !== FSC_ACCESS_FLAG_L0;
}

/** True for a permission fault at level 1, 2 or 3 (level 0 exists with FEAT_LPA2 only). */
export function isPermissionFault(fsc: number): boolean {
  return (fsc & 0x3c) === FSC_PERMISSION_L0 && fsc !== FSC_PERMISSION_L0;
}

/** True for DFSC/IFSC 0x14..0x17: a descriptor could not be read. */
export function isExternalAbortOnWalk(fsc: number): boolean {
  return (fsc & 0x3c) === FSC_EXTERNAL_ON_WALK_L0;
}

/** A fault status in words: "translation fault, level 3". */
export function describeFaultStatus(fsc: number): string {
  const name = UNLEVELLED.get(fsc);
  if (name !== undefined) return name;
  const levelled = LEVELLED.find(([code]) => code === (fsc & 0x3c));
  return levelled ? `${levelled[1]}, level ${fsc & 3}` : `fault status 0x${fsc.toString(16)}`;
}

/**
 * Build a syndrome for a 32-bit instruction (IL = 1).
 * @param iss 25 bits
 * @returns ESR_EL1, unsigned 32 bits
 */
export function makeEsr(ec: number, iss: number): number {
  return ((ec << 26) | (1 << 25) | (iss & 0x1ff_ffff)) >>> 0;
}

/** ISS of a stage 1 data abort. */
export function dataAbortIss(dfsc: number, isWrite: boolean, isCacheMaintenance = false): number {
  return (isCacheMaintenance ? 1 << 8 : 0) | (isWrite ? 1 << 6 : 0) | dfsc;
}

/** ISS of a trapped MSR, MRS or system instruction. @param key op0:op1:CRn:CRm:op2, see sysregKey */
export function systemTrapIss(key: number, rt: number, isRead: boolean): number {
  const op0 = key >>> 14;
  const op1 = (key >>> 11) & 7;
  const crn = (key >>> 7) & 15;
  const crm = (key >>> 3) & 15;
  const op2 = key & 7;
  return (
    (op0 << 20) |
    (op2 << 17) |
    (op1 << 14) |
    (crn << 10) |
    (rt << 5) |
    (crm << 1) |
    (isRead ? 1 : 0)
  );
}

/** ESR_EL1.EC of a syndrome. */
export function esrClass(esr: number): number {
  return esr >>> 26;
}

/** ESR_EL1.ISS of a syndrome. */
export function esrIss(esr: number): number {
  return esr & 0x1ff_ffff;
}

/** True for the classes that carry a fault status and a FAR: instruction and data aborts. */
export function isAbortClass(ec: number): boolean {
  return (
    ec === EC_INSTRUCTION_ABORT_LOWER ||
    ec === EC_INSTRUCTION_ABORT_SAME ||
    ec === EC_DATA_ABORT_LOWER ||
    ec === EC_DATA_ABORT_SAME
  );
}

/** An exception class in words. */
export function describeExceptionClass(ec: number): string {
  return EC_NAMES.get(ec) ?? `exception class 0x${ec.toString(16)}`;
}

/** A syndrome in words, for traces and crash reports. */
export function describeEsr(esr: number): string {
  const ec = esrClass(esr);
  const name = describeExceptionClass(ec);
  if (isAbortClass(ec)) {
    const isData = ec === EC_DATA_ABORT_LOWER || ec === EC_DATA_ABORT_SAME;
    const access = !isData ? "fetch" : getField(esr, 0, IssDataAbort.wnr) ? "write" : "read";
    return `${name}: ${access}, ${describeFaultStatus(esr & 0x3f)}`;
  }
  if (ec === EC_SVC64 || ec === EC_HVC64 || ec === EC_SMC64 || ec === EC_BRK64) {
    return `${name} #0x${(esr & 0xffff).toString(16)}`;
  }
  return name;
}
