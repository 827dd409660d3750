import { bit, field, layout } from "./bits.js";

/** TCR_EL1: sizes, granules and options of both halves of the address space. Arm ARM D23 TCR_EL1. */
export const Tcr = layout({
  t0sz: field(5, 0),
  epd0: bit(7),
  /** Cacheability and shareability of the walks: no caches here, kept for reading back. */
  walk0: field(13, 8),
  tg0: field(15, 14),
  t1sz: field(21, 16),
  a1: bit(22),
  epd1: bit(23),
  walk1: field(29, 24),
  tg1: field(31, 30),
  ips: field(34, 32),
  as: bit(36),
  tbi0: bit(37),
  tbi1: bit(38),
  ha: bit(39),
  hd: bit(40),
  hpd0: bit(41),
  hpd1: bit(42),
  /** HWU059..HWU162: hardware may use descriptor bits 62:59; this one has no use for them. */
  hwu: field(50, 43),
  tbid0: bit(51),
  tbid1: bit(52),
  e0pd0: bit(55),
  e0pd1: bit(56),
});

/** The bits of SCTLR_EL1 that decide about accesses to memory. Arm ARM D23 SCTLR_EL1. */
export const SctlrMemory = layout({
  m: bit(0),
  a: bit(1),
  wxn: bit(19),
  span: bit(23),
  epan: bit(57),
});

/** TTBR0_EL1, TTBR1_EL1. */
export const Ttbr = layout({ cnp: bit(0), baddr: field(47, 1), asid: field(63, 48) });

/** Physical address bits by the codes of TCR_EL1.IPS and ID_AA64MMFR0_EL1.PARange. */
export const PHYSICAL_ADDRESS_BITS = [32, 36, 40, 42, 44, 48, 52] as const;
export type PhysicalAddressBits = (typeof PHYSICAL_ADDRESS_BITS)[number];
