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
/** The heap begins less than this after the program (Linux: arch_randomize_brk). */
const BRK_RANDOM_BYTES = 32 * MIB;
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
 * Linux: binfmt_elf.c load_elf_binary, on a kernel with pages as big as the map's.
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
  const { pageSize } = map;
  const unfit = refuseDynamic(image) ?? refuseLayout(image, pageSize);
  if (unfit !== null) return unfit;
  const slide = image.positionIndependent
    ? DYN_BASE + pages(host, DYN_RANDOM_PAGES, pageSize) - alignDown(lowest(image), pageSize)
    : 0;
  const floor = vmMapRaiseMinOffset(map, MMAP_MIN_ADDR as VmOffset);
  if (floor !== KERN_SUCCESS) return mappingError(floor, "page zero");
  for (const segment of image.segments) {
    const refused = yield* mapSegment(host, map, segment, slide, request);
    if (refused !== null) return refused;
  }
  const end = Math.max(...image.segments.map((s) => s.vmAddress + s.vmSize));
  const state = new LinuxState();
  const gap = pages(host, BRK_RANDOM_BYTES / pageSize, pageSize);
  state.brkStart = alignUp(end + slide, pageSize) + gap;
  state.brkEnd = state.brkStart;
  state.name = request.path.slice(request.path.lastIndexOf("/") + 1).slice(0, 15);

  const top = MACH_VM_MAX_ADDRESS - MIB - pages(host, STACK_RANDOM_PAGES, pageSize);
  const wanted = alignUp(Math.min(request.stackBytes, MAX_STACK), pageSize);
  const size = Math.max(wanted, MIN_STACK);
  const noStack = yield* mapStack(map, top, size, STACK_GUARD);
  if (noStack !== null) return noStack;
  const returnPage = top - size - STACK_GUARD - pageSize;
  const noReturn = yield* mapSignalReturn(map, returnPage);
  if (noReturn !== null) return noReturn;
  state.signalReturn = BigInt(returnPage);
  state.mmapBase = returnPage;

  const { path, argv, env } = request;
  const stack = linuxStack(
    top,
    path,
    argv,
    env,
    auxiliary(image, slide, pageSize),
    randomBytes(host, 16),
  );
  const refused = yield* writeSpace(map, stack.sp, stack.bytes);
  if (refused !== null) return refused;
  const pc = image.entry + slide;
  return { slide, pc, sp: stack.sp, x: [], stackTop: top, linux: state };
}

/** A random number of pages below `count`, in bytes. */
function pages(host: ExecHost, count: number, pageSize: number): number {
  return (host.random32() % count) * pageSize;
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

/**
 * log2 of the page size that a program gets: 16 KiB, or 4 KiB if its file is laid out for that.
 * @param wanted what the kernel was told; null: as the file needs
 */
export function linuxPageShift(image: LoadedImage, wanted: 12 | 14 | null): 12 | 14 {
  return wanted ?? (layoutProblem(image, PAGE_SIZE) === null ? 14 : 12);
}

function refuseLayout(image: LoadedImage, pageSize: number): LoadError | null {
  const problem = layoutProblem(image, pageSize);
  if (problem !== null) return new LoadError("EINVAL", problem);
  const both = VM_PROT_WRITE | VM_PROT_EXECUTE;
  const code = image.segments.find(({ protection }) => (protection & both) === both);
  return code === undefined
    ? null
    : new LoadError("EACCES", `segment ${code.name} is writable and executable`);
}

/** With big pages, a file laid out for smaller ones cannot always be mapped. */
function layoutProblem(image: LoadedImage, pageSize: number): string | null {
  const page = `${pageSize / 1024} KiB`;
  let end = 0;
  for (const { name, vmAddress, vmSize, fileOffset, fileSize } of image.segments) {
    if (fileSize > 0 && vmAddress % pageSize !== fileOffset % pageSize) {
      return `segment ${name} is laid out for pages smaller than ${page}`;
    }
    if (alignDown(vmAddress, pageSize) < end) {
      return `segment ${name} shares a ${page} page with the one before it`;
    }
    end = alignUp(vmAddress + vmSize, pageSize);
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
  const { pageSize } = map;
  const at = segment.vmAddress + slide;
  const start = alignDown(at, pageSize);
  const end = alignUp(at + segment.vmSize, pageSize);
  const fileEnd = segment.fileSize === 0 ? start : alignUp(at + segment.fileSize, pageSize);
  const what = `segment ${segment.name}`;
  if (segment.fileSize > 0) {
    const offset = alignDown(segment.fileOffset, pageSize);
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
  const extent = { start: at, end: at + map.pageSize };
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
  pageSize: number,
): readonly (readonly [type: number, value: number])[] {
  const headers = image.programHeaders ?? { address: 0, entryBytes: 0, count: 0 };
  return [
    [AT_HWCAP, HWCAP],
    [AT_PAGESZ, pageSize],
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
