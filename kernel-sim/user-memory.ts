import type { Blocking } from "../vm/blocking.js";
import type { Kernel } from "./kernel.js";

/** 0, or EFAULT 14 / EINVAL 22 / ENAMETOOLONG 63 as copyio reports them (Darwin numbers). */
export type CopyError = 0 | 14 | 22 | 63;

export type CopyInResult =
  { readonly error: 0; readonly bytes: Uint8Array } | { readonly error: Exclude<CopyError, 0> };

export type CopyInStringResult =
  { readonly error: 0; readonly text: string } | { readonly error: Exclude<CopyError, 0> };

/**
 * Copy from the current thread's memory, faulting pages in as needed. XNU: copyio.c copyin.
 * @param address user address, raw register value or sign-extended bytes
 * @param length bytes; 0 checks nothing
 */
export declare function copyIn(
  kernel: Kernel,
  address: bigint | number,
  length: number,
): Blocking<CopyInResult>;

/** Copy to the current thread's memory. Bytes before a fault stay written. XNU: copyio.c copyout. */
export declare function copyOut(
  kernel: Kernel,
  address: bigint | number,
  bytes: Uint8Array,
): Blocking<CopyError>;

/** A NUL-terminated string of at most `max` bytes, NUL included; UTF-8. XNU: copyio.c copyinstr. */
export declare function copyInString(
  kernel: Kernel,
  address: bigint | number,
  max: number,
): Blocking<CopyInStringResult>;
