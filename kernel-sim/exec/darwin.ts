import { alignDown, alignUp } from "../../vm/address.js";
import type { Blocking } from "../../vm/blocking.js";
import { vmMapRaiseMinOffset } from "../../vm/map/lifecycle.js";
import type { VmMap } from "../../vm/map/map.js";
import { RESERVED_REGIONS, vmMapReserve } from "../../vm/map/reserve.js";
import { pmapInsertCommpage } from "../../vm/pmap/index.js";
import { KERN_SUCCESS, PAGE_SIZE, type KernReturn, type VmOffset } from "../../vm/types.js";
import type { ExecHost, ExecRequest, ProgramStart } from "../exec.js";
import { LoadError } from "../loader/errors.js";
import type { ImageSegment, LoadedImage } from "../loader/image.js";
import { darwinStack } from "../loader/initial-stack.js";
import { mapFilePages, mappingError, mapStack, mapZeroPages, writeSpace } from "./space.js";

/** Top of the stack of a program that is not slid (XNU: USRSTACK64). */
const USRSTACK = 0x1_6fe0_0000;
/** Address space set aside for the stack, whatever its limit (XNU: MAXSSIZ). */
const MAXSSIZ = 64 * 2 ** 20;
const MIB = 2 ** 20;

/**
 * Build the address space of a Mach-O program. XNU: mach_loader.c load_segment, load_unixthread;
 * kern_exec.c exec_copyout_strings, exec_add_apple_strings.
 *
 * Differs from XNU: the commpage has no PFZ (and so there is no pfz= string), and there is no shared
 * region, as there is no dynamic linker.
 */
export function* buildDarwinSpace(
  host: ExecHost,
  map: VmMap,
  image: LoadedImage,
  request: ExecRequest,
): Blocking<ProgramStart | LoadError> {
  const slide = image.positionIndependent ? randomSlide(host) : 0;
  const minimum = alignUp(image.pageZeroEnd + slide, PAGE_SIZE) as VmOffset;
  if (image.pageZeroEnd > 0) {
    const kr = vmMapRaiseMinOffset(map, minimum);
    if (kr !== KERN_SUCCESS) return mappingError(kr, "__PAGEZERO");
  }
  const refusedCommpage = yield* mapCommpage(map);
  if (refusedCommpage !== null) return refusedCommpage;
  for (const segment of image.segments) {
    const kr = yield* mapSegment(host, map, image, segment, slide, request);
    if (kr !== KERN_SUCCESS) return mappingError(kr, `segment ${segment.name}`);
  }

  const top = image.customStackTop ?? alignDown(USRSTACK - slide, PAGE_SIZE);
  const size = Math.min(alignUp(request.stackBytes, PAGE_SIZE), MAXSSIZ - PAGE_SIZE);
  if (image.customStackTop === null) {
    const refused = yield* mapStack(map, top, size, MAXSSIZ - size);
    if (refused !== null) return refused;
  }
  const apple = appleStrings(host, top, size);
  const stack = darwinStack(top, request.path, request.argv, request.env, apple);
  const refused = yield* writeSpace(map, stack.sp, stack.bytes);
  if (refused !== null) return refused;
  return {
    slide,
    pc: image.entry + slide,
    sp: stack.sp,
    x: image.registers?.x ?? [],
    stackTop: top,
    linux: null,
  };
}

/**
 * The commpage is in the page tables only; the map keeps everything else away from it. XNU:
 * vm_map_exec, vm_commpage_enter.
 */
function* mapCommpage(map: VmMap): Blocking<LoadError | null> {
  for (const region of RESERVED_REGIONS) {
    const kr = yield* vmMapReserve(map, region);
    if (kr !== KERN_SUCCESS) return mappingError(kr, "a reserved region");
  }
  if (map.pmap === null) return null;
  const kr = pmapInsertCommpage(map.pmap);
  return kr === KERN_SUCCESS ? null : mappingError(kr, "the commpage");
}

/** (random % 3) times 32 MiB, plus 1 to 1023 pages. */
function randomSlide(host: ExecHost): number {
  const coarse = host.random32() % 3;
  const fine = (host.random32() % 1023) + 1;
  return coarse * 32 * MIB + fine * PAGE_SIZE;
}

/** File pages first, the last one as the file has it, then zero-fill up to the segment's end. */
function* mapSegment(
  host: ExecHost,
  map: VmMap,
  image: LoadedImage,
  segment: ImageSegment,
  slide: number,
  request: ExecRequest,
): Blocking<KernReturn> {
  const start = alignDown(segment.vmAddress + slide, PAGE_SIZE);
  const fileEnd = start + alignUp(segment.fileSize, PAGE_SIZE);
  const end = alignUp(segment.vmAddress + slide + segment.vmSize, PAGE_SIZE);
  // The kernel keeps what dyld and debuggers read from being unmapped.
  const flags = { permanent: segment.name === "__LINKEDIT" };
  if (segment.fileSize > 0) {
    const offset = image.sliceOffset + segment.fileOffset;
    const extent = { start, end: fileEnd };
    const kr = yield* mapFilePages(host.vnodes, map, request.file, extent, offset, segment, flags);
    if (kr !== KERN_SUCCESS) return kr;
  }
  if (fileEnd >= end) return KERN_SUCCESS;
  return yield* mapZeroPages(map, { start: fileEnd, end }, segment, flags);
}

function appleStrings(host: ExecHost, top: number, stackBytes: number): readonly string[] {
  const random = (): bigint => (BigInt(host.random32()) << 32n) | BigInt(host.random32());
  const hex = (value: bigint | number): string => `0x${value.toString(16)}`;
  // The second-lowest byte is zero so that no string function copies a stack canary.
  const guard = random() & ~0xff00n;
  return [
    `stack_guard=${hex(guard)}`,
    `malloc_entropy=${hex(random())},${hex(random())}`,
    `ptr_munge=${hex(random())}`,
    `main_stack=${[top, stackBytes, top - MAXSSIZ, MAXSSIZ].map(hex).join(",")}`,
  ];
}
