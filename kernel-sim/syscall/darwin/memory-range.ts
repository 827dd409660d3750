import {
  rawProt,
  rawU64,
  sanitizeProtBsd,
  sanitizeRange,
  type RangeRules,
  type Sanitized,
} from "../../../vm/sanitize.js";
import type { SanitizedRange } from "../../../vm/sanitize.js";
import {
  KERN_INVALID_ADDRESS,
  KERN_NO_SPACE,
  KERN_PROTECTION_FAILURE,
  VM_PROT_EXECUTE,
  VM_PROT_READ,
  VM_PROT_WRITE,
  type KernReturn,
  type VmProt,
} from "../../../vm/types.js";
import type { ErrnoName } from "../errno.js";
import type { DarwinCall } from "./call.js";

/** Arguments 0 and 1 as a range of the caller's map, by the rules of the call. */
export function rangeArgument(c: DarwinCall, rules: RangeRules): Sanitized<SanitizedRange> {
  return sanitizeRange(c.task.map, rawU64(c.u64(0)), rawU64(c.u64(1)), rules);
}

/** PROT_* as protections; bits nobody knows are dropped. */
export function protArgument(c: DarwinCall, i: number): VmProt {
  return sanitizeProtBsd(rawProt(c.int(i)));
}

/** What can be written or executed can be read. XNU: the same line in mmap and mprotect. */
export function withImpliedRead(prot: VmProt): VmProt {
  return (prot & (VM_PROT_WRITE | VM_PROT_EXECUTE)) !== 0 ? prot | VM_PROT_READ : prot;
}

/** The error number of a refused mapping. XNU: the end of kern_mman.c mmap. */
export function mappingErrno(kr: KernReturn): ErrnoName {
  switch (kr) {
    case KERN_INVALID_ADDRESS:
    case KERN_NO_SPACE:
      return "ENOMEM";
    case KERN_PROTECTION_FAILURE:
      return "EACCES";
    default:
      return "EINVAL";
  }
}
