import { check } from "../emulator/arch/check.js";
import { alignDown } from "./address.js";
import { THREAD_UNINT, type Blocking } from "./blocking.js";
import { vmFault } from "./fault/index.js";
import type { VmMap } from "./map/map.js";
import { vmMapSwitchBack, vmMapSwitchTo } from "./map/switch.js";
import { vmMapSoftwareTranslate } from "./map/translate.js";
import { armFastFault, pmapFindPhys, pmapTranslateAddr, PMAP_TYPE_USER } from "./pmap/index.js";
import { EXACT_BYTES, rawU64, sanitizeRange } from "./sanitize.js";
import {
  KERN_INVALID_ADDRESS,
  KERN_PROTECTION_FAILURE,
  KERN_SUCCESS,
  PAGE_SIZE,
  VM_PROT_READ,
  VM_PROT_WRITE,
  panic,
  type KernReturn,
  type Ppn,
  type RawU64,
  type VmOffset,
  type VmProt,
} from "./types.js";

/**
 * Kernel access to user memory. XNU: osfmk/arm64/copyio.c. The machine's own MMU (or a walk of the
 * pmap's tables) says what an access would do; a fault on the way is driven through the VM and the
 * access retried, exactly as for the CPU; a fault the VM refuses ends in EFAULT.
 */

/** Errors of copyio (sys/errno.h). */
export const EFAULT = 14;
export const EINVAL = 22;
export const ENAMETOOLONG = 63;

const COPYSIZE_LIMIT = 64 * 2 ** 20;

/**
 * A fault that succeeded may have granted less than was asked (the protection was lowered while it
 * slept), so it is taken again. More often than this it is a livelock.
 */
const MAX_FAULTS = 8;

/** A page of user memory that may be accessed. */
export interface UserPage {
  readonly ppn: Ppn;
  /** The whole frame. */
  readonly bytes: Uint8Array;
  /** Where in the frame the address lies. */
  readonly inFrame: number;
}

/**
 * Why an access cannot be made: no translation, one that forbids it (access flag included), or one to a
 * device, which the kernel does not touch for a user. Differs from XNU in the last.
 */
export type UserFault = "translation" | "permission" | "device";

/** How the kernel reaches a user's memory: the address space, and what its translations say now. */
export interface UserMemory {
  readonly map: VmMap;
  /** Translate as an unprivileged access of this kind would be. Never changes anything. */
  translate(va: VmOffset, access: VmProt): UserPage | UserFault;
}

/** User memory by walking the tables of the map's pmap, for tests and host callers. */
export function pmapUserMemory(map: VmMap): UserMemory {
  const { phys } = map.context;
  return {
    map,
    translate(va, access) {
      if (map.pmap === null) return "translation";
      const found = pmapTranslateAddr(map.pmap, va, access);
      if (typeof found === "string") return found;
      const ppn = Math.floor(found / PAGE_SIZE) as Ppn;
      if (ppn < phys.firstPpn || ppn >= phys.firstPpn + phys.pageCount) return "device";
      return { ppn, inFrame: found % PAGE_SIZE, bytes: phys.page(ppn) };
    },
  };
}

/**
 * User memory of a map without a pmap, which no hardware translates. The map itself and its objects say where a byte is.
 */
export function softwareUserMemory(map: VmMap): UserMemory {
  const { phys } = map.context;
  return {
    map,
    translate(va, access) {
      const found = vmMapSoftwareTranslate(map, va, access);
      if (typeof found === "string") return found;
      return { ...found, bytes: phys.page(found.ppn) };
    },
  };
}

/** The checks of copyio before anything is touched, in XNU's order. 0 if the access may start. */
function copyValidate(map: VmMap, va: VmOffset, length: number): number {
  if (length > COPYSIZE_LIMIT) return EINVAL;
  if (va < map.minOffset || va + length > map.maxOffset) return EFAULT;
  return 0;
}

/**
 * Copy from user memory. XNU: copyin. From the kernel's own map it is a plain copy.
 * @returns 0, EINVAL above 64 MiB, or EFAULT (bytes before the fault have been copied)
 */
export function* copyin(user: UserMemory, va: VmOffset, into: Uint8Array): Blocking<number> {
  if (into.length === 0) return 0;
  const refused = copyValidate(user.map, va, into.length);
  if (refused !== 0) return refused;
  if (user.map.isKernel) {
    copyKernelMemory(user.map, va, into, false);
    return 0;
  }
  for (let done = 0; done < into.length;) {
    const at = (va + done) as VmOffset;
    const page = yield* reach(user, at, VM_PROT_READ);
    if (page === null) return EFAULT;
    const from = page.inFrame;
    const chunk = Math.min(inOnePage(user.map, at), into.length - done);
    into.set(page.bytes.subarray(from, from + chunk), done);
    done += chunk;
  }
  return 0;
}

/** Copy to user memory. XNU: copyout. @returns as copyin */
export function* copyout(user: UserMemory, va: VmOffset, from: Uint8Array): Blocking<number> {
  if (from.length === 0) return 0;
  const refused = copyValidate(user.map, va, from.length);
  if (refused !== 0) return refused;
  if (user.map.isKernel) {
    copyKernelMemory(user.map, va, from, true);
    return 0;
  }
  for (let done = 0; done < from.length;) {
    const at = (va + done) as VmOffset;
    const page = yield* reach(user, at, VM_PROT_READ | VM_PROT_WRITE);
    if (page === null) return EFAULT;
    const to = page.inFrame;
    const chunk = Math.min(inOnePage(user.map, at), from.length - done);
    page.bytes.set(from.subarray(done, done + chunk), to);
    user.map.context.phys.noteWrite(page.ppn);
    done += chunk;
  }
  return 0;
}

/**
 * Copy between a buffer and the kernel's own memory, which is wired: there is nobody to recover a
 * fault. @throws KernelPanic at an address that is not mapped
 */
function copyKernelMemory(map: VmMap, va: VmOffset, buffer: Uint8Array, store: boolean): void {
  const { phys } = map.context;
  for (let done = 0; done < buffer.length;) {
    const at = (va + done) as VmOffset;
    const ppn = map.pmap === null ? 0 : pmapFindPhys(map.pmap, at);
    if (ppn === 0) return panic(`copyio: kernel data abort at ${at}`);
    const inPage = at - alignDown(at, PAGE_SIZE);
    const chunk = Math.min(PAGE_SIZE - inPage, buffer.length - done);
    const frame = phys.page(ppn).subarray(inPage, inPage + chunk);
    if (store) {
      frame.set(buffer.subarray(done, done + chunk));
      phys.noteWrite(ppn);
    } else {
      buffer.set(frame, done);
    }
    done += chunk;
  }
}

/** How a string copy ended; `length` counts the terminating NUL. */
export interface StringResult {
  readonly error: number;
  readonly length: number;
}

/**
 * Copy a NUL-terminated string into `into`, NUL included. XNU: copyinstr. The whole buffer's length
 * must lie inside the map, even if the string is short.
 * @returns ENAMETOOLONG without a NUL in `into.length` bytes (all of them copied); EINVAL; EFAULT,
 *   also for the kernel's own map
 */
export function* copyinstr(
  user: UserMemory,
  va: VmOffset,
  into: Uint8Array,
): Blocking<StringResult> {
  if (into.length === 0) return { error: ENAMETOOLONG, length: 0 };
  const refused = copyValidate(user.map, va, into.length);
  if (refused !== 0) return { error: refused, length: 0 };
  if (user.map.isKernel) return { error: EFAULT, length: 0 };
  for (let done = 0; done < into.length;) {
    const at = (va + done) as VmOffset;
    const page = yield* reach(user, at, VM_PROT_READ);
    if (page === null) return { error: EFAULT, length: 0 };
    const from = page.inFrame;
    const length = Math.min(inOnePage(user.map, at), into.length - done);
    const chunk = page.bytes.subarray(from, from + length);
    const nul = chunk.indexOf(0);
    const taken = nul < 0 ? chunk : chunk.subarray(0, nul + 1);
    into.set(taken, done);
    done += taken.length;
    if (nul >= 0) return { error: 0, length: done };
  }
  return { error: ENAMETOOLONG, length: into.length };
}

/**
 * One aligned 32- or 64-bit load that cannot tear. XNU: copyin_atomic32, copyin_atomic64.
 * @returns EINVAL when misaligned
 */
export function* copyinAtomic(user: UserMemory, va: VmOffset, into: Uint8Array): Blocking<number> {
  const refused = atomicValidate(user.map, va, into.length);
  return refused !== 0 ? refused : yield* copyin(user, va, into);
}

/** The store of copyout_atomic32, copyout_atomic64. */
export function* copyoutAtomic(user: UserMemory, va: VmOffset, from: Uint8Array): Blocking<number> {
  const refused = atomicValidate(user.map, va, from.length);
  return refused !== 0 ? refused : yield* copyout(user, va, from);
}

function atomicValidate(map: VmMap, va: VmOffset, length: number): number {
  const refused = copyValidate(map, va, length);
  if (refused !== 0) return refused;
  if (va % length !== 0) return EINVAL;
  return map.isKernel ? EFAULT : 0;
}

/**
 * The page at an address once it may be accessed, faulting it in as the CPU would. Null when the VM
 * refuses.
 */
function* reach(user: UserMemory, va: VmOffset, access: VmProt): Blocking<UserPage | null> {
  for (let tries = 0; ; tries++) {
    const page = user.translate(va, access);
    if (typeof page !== "string") return page;
    check(tries < MAX_FAULTS, "a resolved fault is taken again and again", va, access, page);
    if (!(yield* recover(user.map, va, access, page))) return null;
  }
}

/** Drive a fault of the kernel on a user's address. @returns true if the access may be retried */
function* recover(map: VmMap, va: VmOffset, access: VmProt, fault: UserFault): Blocking<boolean> {
  if (fault === "device") return false;
  if (fault === "permission" && map.pmap !== null) {
    const fast = armFastFault(map.pmap, va, access);
    if (fast === KERN_SUCCESS) return true;
    if (fast === KERN_PROTECTION_FAILURE) return false;
  }
  return (yield* vmFault(map, va, access, false, THREAD_UNINT)) === KERN_SUCCESS;
}

/** Bytes from `va` to the end of its page, as the map's pages and the machine's are cut. */
function inOnePage(map: VmMap, va: VmOffset): number {
  const size = Math.min(map.pageSize, PAGE_SIZE);
  return size - (va % size);
}

/**
 * Copy to or from a map: in place if it is the current thread's, else with the thread switched to it. Maps
 * that no MMU is ever set to, and whoever has no threads, go by the tables.
 */
function* actIn(map: VmMap, act: (user: UserMemory) => Blocking<number>): Blocking<KernReturn> {
  let error: number;
  const thread = map.context.currentThread();
  if (map.pmap === null) error = yield* act(softwareUserMemory(map));
  else if (thread === null || map.pmap.type !== PMAP_TYPE_USER) {
    error = yield* act(pmapUserMemory(map));
  } else if (thread.map === map) error = yield* act(thread.userMemory());
  else {
    const context = vmMapSwitchTo(map.context, map);
    error = yield* act(thread.userMemory());
    yield* vmMapSwitchBack(context);
  }
  return error === 0 ? KERN_SUCCESS : KERN_INVALID_ADDRESS;
}

/**
 * Read another task's memory for a program. XNU: vm_map_read_user. No bytes succeed.
 * @returns KERN_INVALID_ADDRESS for whatever goes wrong
 */
export function* vmMapReadUser(map: VmMap, va: RawU64, into: Uint8Array): Blocking<KernReturn> {
  const range = sanitizeRange(map, va, rawU64(into.length), EXACT_BYTES);
  return range.proceed ? yield* copyinMap(map, range.start, into) : range.kr;
}

/** Write another task's memory for a program. XNU: vm_map_write_user. @returns as vmMapReadUser */
export function* vmMapWriteUser(map: VmMap, va: RawU64, from: Uint8Array): Blocking<KernReturn> {
  const range = sanitizeRange(map, va, rawU64(from.length), EXACT_BYTES);
  return range.proceed ? yield* copyoutMap(map, range.start, from) : range.kr;
}

/** Read another map's memory. XNU: copyinmap. Any failure is KERN_INVALID_ADDRESS. */
export function* copyinMap(map: VmMap, va: VmOffset, into: Uint8Array): Blocking<KernReturn> {
  return yield* actIn(map, (user) => copyin(user, va, into));
}

/** Write another map's memory. XNU: copyoutmap. Any failure is KERN_INVALID_ADDRESS. */
export function* copyoutMap(map: VmMap, va: VmOffset, from: Uint8Array): Blocking<KernReturn> {
  return yield* actIn(map, (user) => copyout(user, va, from));
}
