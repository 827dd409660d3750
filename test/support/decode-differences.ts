/**
 * Where the decoder and LLVM's disassembler differ on purpose about what is allocated. Everything else must agree.
 */
export interface DecodeDifference {
  readonly reason: string;
  /** True for a word that differs for this reason. @param asm what LLVM makes of it */
  readonly covers: (word: number, asm: string | null) => boolean;
}

/** A word of the space MSR (immediate), barriers and hints share: 1101010100 0 00 op1 CRn CRm op2 11111. */
const crm = (word: number): number => (word >>> 8) & 15;

export const DECODE_DIFFERENCES: readonly DecodeDifference[] = [
  {
    reason:
      "LLVM prints MRS and MSR for op0 0 too, where only named PSTATE fields and hints are allocated",
    covers: (word, asm) =>
      /^(msr|mrs) .*S0_/.test(asm ?? "") && (word & 0xffd8_0000) >>> 0 === 0xd500_0000,
  },
  {
    reason: "CRm should be zero in XAFLAG and AXFLAG; another value is UNDEFINED here, as in QEMU",
    covers: (word, asm) => /^(xaflag|axflag)$/.test(asm ?? "") && crm(word) !== 0,
  },
  {
    reason: "CRm should be zero in SB; another value is UNDEFINED here, as in QEMU",
    covers: (word, asm) => asm === "sb" && crm(word) !== 0,
  },
  {
    reason: "LLVM prints SMSTART and SMSTOP (MSR SVCR) without being told of SME",
    covers: (_, asm) => /^sm(start|stop)/.test(asm ?? ""),
  },
];
