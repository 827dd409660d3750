/**
 * The mach_vm_* calls: raw arguments in, KernReturn out. A family each in `mach-vm/`.
 * XNU: osfmk/vm/vm_user.c.
 */
export * from "./mach-vm/allocate.js";
export * from "./mach-vm/attributes.js";
export * from "./mach-vm/copy.js";
export * from "./mach-vm/info.js";
export * from "./mach-vm/map.js";
export * from "./mach-vm/memory-entry.js";
export * from "./mach-vm/memory-entry-owner.js";
export * from "./mach-vm/wire.js";
export { rawBehavior, rawInherit, rawProt, rawU64 } from "./sanitize.js";
