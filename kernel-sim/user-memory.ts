import { check } from "../emulator/arch/check.js";
import {
  dataAbortIss,
  EC_DATA_ABORT_SAME,
  FSC_ALIGNMENT,
  FSC_EXTERNAL,
  makeEsr,
} from "../emulator/arch/esr.js";
import { ACCESS_READ, ACCESS_WRITE, type Access } from "../emulator/index.js";
import type { Blocking } from "../vm/blocking.js";
import { KERN_SUCCESS, type VmOffset } from "../vm/types.js";
import { abortFast, abortSlow, type Abort } from "./abort.js";
import type { FsResult } from "./fs/types.js";
import type { Kernel } from "./kernel.js";
import { vaHi, vaLo } from "./platform.js";
import type { Thread } from "./thread.js";

/**
 * Kernel access to the memory of the thread on the CPU. XNU: osfmk/arm64/copyio.c. Every byte goes
 * through the machine's MMU as an EL1 access with PAN clear; a fault on the way is resolved as the
 * CPU's own would be, and one that cannot be is EFAULT.
 */

/** What copyio can fail with. */
export type CopyError = "EFAULT" | "EINVAL" | "ENAMETOOLONG";

const COPYSIZE_LIMIT = 64 * 2 ** 20;
/** A page that still faults after so many resolved faults is a bug of the pmap or the VM. */
const MAX_REFAULTS = 64;

/**
 * Copy from the current thread's memory, faulting pages in as needed. XNU: copyio.c copyin.
 * @param address user address, raw register value or sign-extended bytes
 * @param length bytes; 0 checks nothing
 * @returns EFAULT for a range outside the map or a fault nobody can resolve, EINVAL above 64 MiB
 */
export function* copyIn(
  kernel: Kernel,
  address: bigint | number,
  length: number,
): Blocking<FsResult<Uint8Array>> {
  if (length === 0) return { ok: true, value: new Uint8Array(0) };
  const thread = currentThread(kernel);
  const va = addressOf(address);
  const refused = validate(thread, va, length);
  if (refused !== null) return { ok: false, errno: refused };
  const bytes = new Uint8Array(length);
  for (let done = 0; done < length;) {
    const at = va + done;
    const chunk = Math.min(toPageEnd(thread, at), length - done);
    const pa = yield* translate(kernel, thread, at, ACCESS_READ);
    if (pa < 0) return { ok: false, errno: "EFAULT" };
    bytes.set(kernel.machine.memory.view(pa, chunk), done);
    done += chunk;
  }
  return { ok: true, value: bytes };
}

/**
 * Copy to the current thread's memory. Bytes before a fault stay written. XNU: copyio.c copyout.
 * @returns null when all was written
 */
export function* copyOut(
  kernel: Kernel,
  address: bigint | number,
  bytes: Uint8Array,
): Blocking<CopyError | null> {
  if (bytes.length === 0) return null;
  const thread = currentThread(kernel);
  const va = addressOf(address);
  const refused = validate(thread, va, bytes.length);
  if (refused !== null) return refused;
  for (let done = 0; done < bytes.length;) {
    const at = va + done;
    const chunk = Math.min(toPageEnd(thread, at), bytes.length - done);
    const pa = yield* translate(kernel, thread, at, ACCESS_WRITE);
    if (pa < 0) return "EFAULT";
    kernel.machine.memory.view(pa, chunk).set(bytes.subarray(done, done + chunk));
    kernel.machine.notifyWrite(pa, chunk);
    done += chunk;
  }
  return null;
}

/**
 * A NUL-terminated UTF-8 string of at most `max` bytes, NUL included. XNU: copyio.c copyinstr.
 * @returns ENAMETOOLONG without a NUL in `max` bytes; EFAULT also when address + max leaves the map
 */
export function* copyInString(
  kernel: Kernel,
  address: bigint | number,
  max: number,
): Blocking<FsResult<string>> {
  if (max === 0) return { ok: false, errno: "ENAMETOOLONG" };
  const thread = currentThread(kernel);
  const va = addressOf(address);
  const refused = validate(thread, va, max);
  if (refused !== null) return { ok: false, errno: refused };
  const bytes: number[] = [];
  while (bytes.length < max) {
    const at = va + bytes.length;
    const chunk = Math.min(toPageEnd(thread, at), max - bytes.length);
    const pa = yield* translate(kernel, thread, at, ACCESS_READ);
    if (pa < 0) return { ok: false, errno: "EFAULT" };
    const view = kernel.machine.memory.view(pa, chunk);
    const nul = view.indexOf(0);
    for (const byte of nul < 0 ? view : view.subarray(0, nul)) bytes.push(byte);
    if (nul >= 0) {
      return { ok: true, value: new TextDecoder().decode(new Uint8Array(bytes)) };
    }
  }
  return { ok: false, errno: "ENAMETOOLONG" };
}

/** Bytes from an address to the end of its page, as the thread's memory is paged. */
function toPageEnd(thread: Thread, va: number): number {
  const { pageSize } = thread.map;
  return pageSize - (va % pageSize);
}

function currentThread(kernel: Kernel): Thread {
  const thread = kernel.current;
  check(thread !== null, "copyio with no thread on the CPU");
  return thread;
}

/** A register value as a number: exact where anything can be mapped, out of every map otherwise. */
function addressOf(address: bigint | number): number {
  return typeof address === "number" ? address : Number(BigInt.asUintN(64, address));
}

/** XNU: copyio.c copy_validate: the checks before anything is touched, in its order. */
function validate(thread: Thread, va: number, length: number): CopyError | null {
  const { map } = thread;
  if (length > COPYSIZE_LIMIT) return "EINVAL";
  if (va < map.minOffset || va + length > map.maxOffset) return "EFAULT";
  return null;
}

/**
 * Device memory is for the task's own loads and stores. Differs from XNU, which makes the access.
 * @returns physical address of one byte of RAM, or -1 if the VM refuses the access
 */
function* translate(kernel: Kernel, thread: Thread, va: number, access: Access): Blocking<number> {
  const { mmu } = kernel.machine;
  for (let tries = 0; ; tries++) {
    mmu.announce(vaLo(va), vaHi(va), access, 1, false);
    const pa = mmu.translate(vaLo(va), vaHi(va), access, 1, false);
    if (pa >= 0) return pa;
    check(tries < MAX_REFAULTS, "a resolved fault keeps coming back", va);
    const { status } = mmu.fault;
    if (status === FSC_ALIGNMENT || status === FSC_EXTERNAL) return -1;
    const abort: Abort = {
      access,
      address: va as VmOffset,
      status,
      esr: makeEsr(EC_DATA_ABORT_SAME, dataAbortIss(status, access === ACCESS_WRITE)),
      fromKernel: true,
    };
    const kr = abortFast(kernel, thread, abort) ?? (yield* abortSlow(kernel, thread, abort));
    if (kr !== KERN_SUCCESS) return -1;
  }
}
