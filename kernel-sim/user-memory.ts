import type { Blocking } from "../vm/blocking.js";
import type { FsResult } from "./fs/types.js";
import type { Kernel } from "./kernel.js";

/** What copyio can fail with. */
export type CopyError = "EFAULT" | "EINVAL" | "ENAMETOOLONG";

/**
 * Copy from the current thread's memory, faulting pages in as needed. XNU: copyio.c copyin.
 * @param address user address, raw register value or sign-extended bytes
 * @param length bytes; 0 checks nothing
 * @returns EFAULT for a range outside the map or a fault nobody can resolve, EINVAL above 64 MiB
 */
export declare function copyIn(
  kernel: Kernel,
  address: bigint | number,
  length: number,
): Blocking<FsResult<Uint8Array>>;

/**
 * Copy to the current thread's memory. Bytes before a fault stay written. XNU: copyio.c copyout.
 * @returns null when all was written
 */
export declare function copyOut(
  kernel: Kernel,
  address: bigint | number,
  bytes: Uint8Array,
): Blocking<CopyError | null>;

/**
 * A NUL-terminated UTF-8 string of at most `max` bytes, NUL included. XNU: copyio.c copyinstr.
 * @returns ENAMETOOLONG without a NUL in `max` bytes; EFAULT also when address + max leaves the map
 */
export declare function copyInString(
  kernel: Kernel,
  address: bigint | number,
  max: number,
): Blocking<FsResult<string>>;
