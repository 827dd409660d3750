import { alignDown, alignUp } from "../../vm/address.js";
import type { Blocking } from "../../vm/blocking.js";
import { vmMapRaiseMinOffset } from "../../vm/map/lifecycle.js";
import type { VmMap } from "../../vm/map/map.js";
import { vmMapProtect } from "../../vm/map/protect.js";
import {
  KERN_SUCCESS,
  MACH_VM_MAX_ADDRESS,
  PAGE_SIZE,
  VM_PROT_ALL,
  VM_PROT_DEFAULT,
  VM_PROT_EXECUTE,
  VM_PROT_READ,
  VM_PROT_WRITE,
  type VmOffset,
} from "../../vm/types.js";
import type { ExecHost, ExecRequest, ProgramStart } from "../exec.js";
import { LoadError } from "../loader/errors.js";
import type { ImageSegment, LoadedImage } from "../loader/image.js";
import {
  AT_BASE,
  AT_CLKTCK,
  AT_EGID,
  AT_ENTRY,
  AT_EUID,
  AT_FLAGS,
  AT_GID,
  AT_HWCAP,
  AT_HWCAP2,
  AT_PAGESZ,
  AT_PHDR,
  AT_PHENT,
  AT_PHNUM,
  AT_SECURE,
  AT_UID,
  linuxStack,
} from "../loader/initial-stack.js";
import { GROUP_ID, MMAP_MIN_ADDR, USER_HZ, USER_ID } from "../syscall/linux/abi.js";
import { HWCAP } from "../syscall/linux/hwcap.js";
import { LinuxState } from "../syscall/linux/state.js";
import { mapFilePages, mappingError, mapStack, mapZeroPages, writeSpace } from "./space.js";

const MIB = 2 ** 20;
/** Where a position-independent program goes before randomisation (Linux: ELF_ET_DYN_BASE). */
const DYN_BASE = 0x5555_5555_4000;
const STACK_RANDOM_PAGES = 2 ** 16;
const DYN_RANDOM_PAGES = 2 ** 16;
/** The heap begins at most so far after the program (Linux: arch_randomize_brk). */
const BRK_RANDOM_PAGES = (32 * MIB) / PAGE_SIZE;
/** Kept clear below the stack (Linux: stack_guard_gap). */
const STACK_GUARD = MIB;
const MAX_STACK = 64 * MIB;
/** Room for arguments on the smallest stack, besides which a program needs some of its own. */
const MIN_STACK = 2 * MIB;

/** mov x8, #139 (rt_sigreturn); svc #0: the vDSO's __kernel_rt_sigreturn. */
const SIGNAL_RETURN = new Uint8Array(new Uint32Array([0xd280_1168, 0xd400_0001]).buffer);

/**
 * Build the address space of an ELF program, from below: the program, the heap that brk will grow,
 * and at the top the page signal handlers return through and the stack.
 * Linux: binfmt_elf.c load_elf_binary, on a kernel with 16 KiB pages.
 *
 * Differs from Linux: the stack has its full size at once instead of growing, and it is
 * never executable; there is no vDSO but for the signal return.
 */
export function* buildLinuxSpace(
  host: ExecHost,
  map: VmMap,
  image: LoadedImage,
  request: ExecRequest,
): Blocking<ProgramStart | LoadError> {
  const unfit = refuseDynamic(image) ?? refuseLayout(image);
  if (unfit !== null) return unfit;
  const slide = image.positionIndependent
    ? DYN_BASE + pages(host, DYN_RANDOM_PAGES) - alignDown(lowest(image), PAGE_SIZE)
    : 0;
  const floor = vmMapRaiseMinOffset(map, MMAP_MIN_ADDR as VmOffset);
  if (floor !== KERN_SUCCESS) return mappingError(floor, "page zero");
  for (const segment of image.segments) {
    const refused = yield* mapSegment(host, map, segment, slide, request);
    if (refused !== null) return refused;
  }
  const end = Math.max(...image.segments.map((s) => s.vmAddress + s.vmSize));
  const state = new LinuxState();
  state.brkStart = alignUp(end + slide, PAGE_SIZE) + pages(host, BRK_RANDOM_PAGES);
  state.brkEnd = state.brkStart;
  state.name = request.path.slice(request.path.lastIndexOf("/") + 1).slice(0, 15);

  const top = MACH_VM_MAX_ADDRESS - MIB - pages(host, STACK_RANDOM_PAGES);
  const wanted = alignUp(Math.min(request.stackBytes, MAX_STACK), PAGE_SIZE);
  const size = Math.max(wanted, MIN_STACK);
  const noStack = yield* mapStack(map, top, size, STACK_GUARD);
  if (noStack !== null) return noStack;
  const returnPage = top - size - STACK_GUARD - PAGE_SIZE;
  const noReturn = yield* mapSignalReturn(map, returnPage);
  if (noReturn !== null) return noReturn;
  state.signalReturn = BigInt(returnPage);
  state.mmapBase = returnPage;

  const { path, argv, env } = request;
  const stack = linuxStack(top, path, argv, env, auxiliary(image, slide), randomBytes(host, 16));
  const refused = yield* writeSpace(map, stack.sp, stack.bytes);
  if (refused !== null) return refused;
  const pc = image.entry + slide;
  return { slide, pc, sp: stack.sp, x: [], stackTop: top, linux: state };
}

/** A random number of pages below `count`, in bytes. */
function pages(host: ExecHost, count: number): number {
  return (host.random32() % count) * PAGE_SIZE;
}

function randomBytes(host: ExecHost, count: number): Uint8Array {
  return Uint8Array.from({ length: count }, () => host.random32() & 0xff);
}

function lowest(image: LoadedImage): number {
  return Math.min(...image.segments.map((s) => s.vmAddress));
}

/** A program that needs an interpreter is refused, naming it and the libraries it would load. */
function refuseDynamic(image: LoadedImage): LoadError | null {
  const { interpreter } = image;
  if (interpreter === null) return null;
  const libraries = image.libraries.filter((name) => !interpreter.endsWith(`/${name}`));
  const needs = [interpreter, ...libraries].join(", ");
  const message = `dynamically linked: it would need ${needs}; only static executables are run`;
  return new LoadError("ENOEXEC", message);
}

/** With 16 KiB pages, a file laid out for 4 KiB ones cannot always be mapped. */
function refuseLayout(image: LoadedImage): LoadError | null {
  let end = 0;
  for (const segment of image.segments) {
    const { name, vmAddress, fileOffset, fileSize } = segment;
    if (fileSize > 0 && vmAddress % PAGE_SIZE !== fileOffset % PAGE_SIZE) {
      return new LoadError("EINVAL", `segment ${name} is laid out for pages smaller than 16 KiB`);
    }
    if (alignDown(vmAddress, PAGE_SIZE) < end) {
      return new LoadError("EINVAL", `segment ${name} shares a 16 KiB page with the one before it`);
    }
    if (
      (segment.protection & VM_PROT_WRITE) !== 0 &&
      (segment.protection & VM_PROT_EXECUTE) !== 0
    ) {
      return new LoadError("EACCES", `segment ${name} is writable and executable`);
    }
    end = alignUp(vmAddress + segment.vmSize, PAGE_SIZE);
  }
  return null;
}

/** File pages, the rest of the last one zeroed if it is writable, then zero-fill pages. */
function* mapSegment(
  host: ExecHost,
  map: VmMap,
  segment: ImageSegment,
  slide: number,
  request: ExecRequest,
): Blocking<LoadError | null> {
  const at = segment.vmAddress + slide;
  const start = alignDown(at, PAGE_SIZE);
  const end = alignUp(at + segment.vmSize, PAGE_SIZE);
  const fileEnd = segment.fileSize === 0 ? start : alignUp(at + segment.fileSize, PAGE_SIZE);
  const what = `segment ${segment.name}`;
  if (segment.fileSize > 0) {
    const offset = alignDown(segment.fileOffset, PAGE_SIZE);
    const extent = { start, end: fileEnd };
    const kr = yield* mapFilePages(host.vnodes, map, request.file, extent, offset, segment);
    if (kr !== KERN_SUCCESS) return mappingError(kr, what);
    const dataEnd = at + segment.fileSize;
    const writable = (segment.protection & VM_PROT_WRITE) !== 0;
    if (segment.vmSize > segment.fileSize && writable && dataEnd < fileEnd) {
      const refused = yield* writeSpace(map, dataEnd, new Uint8Array(fileEnd - dataEnd));
      if (refused !== null) return refused;
    }
  }
  if (fileEnd >= end) return null;
  const kr = yield* mapZeroPages(map, { start: fileEnd, end }, segment);
  return kr === KERN_SUCCESS ? null : mappingError(kr, what);
}

function* mapSignalReturn(map: VmMap, at: number): Blocking<LoadError | null> {
  const extent = { start: at, end: at + PAGE_SIZE };
  const prot = { protection: VM_PROT_DEFAULT, maxProtection: VM_PROT_ALL };
  const kr = yield* mapZeroPages(map, extent, prot);
  if (kr !== KERN_SUCCESS) return mappingError(kr, "the signal return page");
  const refused = yield* writeSpace(map, at, SIGNAL_RETURN);
  if (refused !== null) return refused;
  const code = VM_PROT_READ | VM_PROT_EXECUTE;
  const sealed = yield* vmMapProtect(map, at as VmOffset, extent.end as VmOffset, code, false);
  return sealed === KERN_SUCCESS ? null : mappingError(sealed, "the signal return page");
}

function auxiliary(
  image: LoadedImage,
  slide: number,
): readonly (readonly [type: number, value: number])[] {
  const headers = image.programHeaders ?? { address: 0, entryBytes: 0, count: 0 };
  return [
    [AT_HWCAP, HWCAP],
    [AT_PAGESZ, PAGE_SIZE],
    [AT_CLKTCK, USER_HZ],
    [AT_PHDR, headers.address + slide],
    [AT_PHENT, headers.entryBytes],
    [AT_PHNUM, headers.count],
    [AT_BASE, 0],
    [AT_FLAGS, 0],
    [AT_ENTRY, image.entry + slide],
    [AT_UID, USER_ID],
    [AT_EUID, USER_ID],
    [AT_GID, GROUP_ID],
    [AT_EGID, GROUP_ID],
    [AT_SECURE, 0],
    [AT_HWCAP2, 0],
  ];
}
