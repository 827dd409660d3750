/** `0x` and exactly `digits` lower-case hexadecimal digits of an unsigned number. */
export function hex(value: number, digits = 1): string {
  return `0x${value.toString(16).padStart(digits, "0")}`;
}

/** A 64-bit word held as two 32-bit halves, as `0x` and 16 digits. */
export function hex64(lo: number, hi: number): string {
  return `0x${(hi >>> 0).toString(16).padStart(8, "0")}${(lo >>> 0).toString(16).padStart(8, "0")}`;
}

/** A sign-extended virtual address (see vm `VmOffset`) as the 64-bit word it stands for, shortest form. */
export function hexVa(va: number): string {
  return `0x${BigInt.asUintN(64, BigInt(va)).toString(16)}`;
}
