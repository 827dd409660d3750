import { check } from "../emulator/arch/check.js";
import type { Feature } from "../emulator/arch/features.js";
import { pmapCreateCommpages, type Commpage } from "../vm/pmap/index.js";
import { PAGE_SHIFT } from "../vm/types.js";
import type { Kernel } from "./kernel.js";

/**
 * What the kernel tells every Darwin program without being asked: fields of the commpage, by offset.
 * XNU: osfmk/arm/cpu_capabilities.h.
 */
export const COMMPAGE_FIELDS = {
  signature: { offset: 0x000, bytes: 16 },
  cpuCapabilities64: { offset: 0x010, bytes: 8 },
  version: { offset: 0x01e, bytes: 2 },
  /** Its third byte is the number of CPUs. */
  cpuCapabilities: { offset: 0x020, bytes: 4 },
  userPageShift32: { offset: 0x024, bytes: 1 },
  userPageShift64: { offset: 0x025, bytes: 1 },
  cacheLineSize: { offset: 0x026, bytes: 2 },
  cpuClusters: { offset: 0x02f, bytes: 1 },
  memoryPressure: { offset: 0x030, bytes: 4 },
  activeCpus: { offset: 0x034, bytes: 1 },
  physicalCpus: { offset: 0x035, bytes: 1 },
  logicalCpus: { offset: 0x036, bytes: 1 },
  kernelPageShift: { offset: 0x037, bytes: 1 },
  memorySize: { offset: 0x038, bytes: 8 },
  cpuFamily: { offset: 0x080, bytes: 4 },
  deviceFirmware: { offset: 0x084, bytes: 4 },
  timebaseOffset: { offset: 0x088, bytes: 8 },
  userTimebase: { offset: 0x090, bytes: 1 },
  continuousHardwareClock: { offset: 0x091, bytes: 1 },
  continuousTimebase: { offset: 0x098, bytes: 8 },
  bootTimeMicroseconds: { offset: 0x0a0, bytes: 8 },
  continuousHardwareTimebase: { offset: 0x0a8, bytes: 8 },
  approximateTime: { offset: 0x0c0, bytes: 8 },
  approximateTimeSupported: { offset: 0x0c8, bytes: 1 },
  kdebugEnable: { offset: 0x100, bytes: 4 },
  atmDiagnosticConfig: { offset: 0x104, bytes: 4 },
  multiUserConfig: { offset: 0x108, bytes: 4 },
  /** Zero: not valid, so programs make the call. */
  timeOfDay: { offset: 0x120, bytes: 40 },
  dyldFlags: { offset: 0x160, bytes: 8 },
  quiescentCounter: { offset: 0x180, bytes: 8 },
  /** A byte for each CPU. */
  cpuToCluster: { offset: 0x200, bytes: 256 },
} as const;

/**
 * Bits of the capabilities besides the number of CPUs in 23:16, those of instruction set features by the feature
 * that the CPU has. XNU: osfmk/arm/cpu_capabilities.h, as far as we know it: newer features, in the upper half of the
 * wider field, are left to sysctl.
 */
export const COMMPAGE_CAPABILITIES = {
  cache64: 0x20,
  fastThreadLocalStorage: 0x80,
  advSimd: 0x100,
  halfConversions: 0x200,
  vfp: 0x400,
  event: 0x1000,
  fusedMultiplyAdd: 0x2000,
  uniprocessor: 0x8000,
} as const;
export const COMMPAGE_FEATURES = {
  fhm: 0x4000,
  aes: 0x0100_0000,
  lse: 0x0200_0000,
  crc32: 0x0400_0000,
  sha512: 0x0800_0000,
  sha3: 0x1000_0000,
  fcma: 0x2000_0000,
} as const satisfies Partial<Record<Feature, number>>;

const COMMPAGE_VERSION = 3;
const CPUS = 1;
const CACHE_LINE_BYTES = 64;
/** CNTVCT_EL0 is read with an ISB before it. */
const USER_TIMEBASE_ISB = 1;

/**
 * Make the commpage and fill it in. XNU: commpage_populate.
 *
 * Differs from XNU: there is no PFZ page, and nothing is updated later: the fields that would change say that they are not supported.
 */
export function bootCommpage(kernel: Kernel): Commpage {
  const commpage = pmapCreateCommpages(kernel.vm.pmaps);
  check(commpage !== null, "no memory for the commpage");
  const bytes = kernel.vm.phys.page(commpage.ppn);
  const put = (field: keyof typeof COMMPAGE_FIELDS, value: bigint | number): void => {
    const { offset, bytes: width } = COMMPAGE_FIELDS[field];
    let rest = BigInt(value);
    for (let i = 0; i < width; i++, rest >>= 8n) bytes[offset + i] = Number(rest & 0xffn);
  };
  const { clock, machine } = kernel;
  bytes.set(new TextEncoder().encode("commpage 64-bit"), COMMPAGE_FIELDS.signature.offset);
  put("version", COMMPAGE_VERSION);
  put("cpuCapabilities64", capabilities(kernel));
  put("cpuCapabilities", capabilities(kernel));
  put("userPageShift64", PAGE_SHIFT);
  put("userPageShift32", PAGE_SHIFT);
  put("cacheLineSize", CACHE_LINE_BYTES);
  put("cpuClusters", 1);
  put("activeCpus", CPUS);
  put("physicalCpus", CPUS);
  put("logicalCpus", CPUS);
  put("kernelPageShift", PAGE_SHIFT);
  put("memorySize", machine.memory.ramBytes);
  put("userTimebase", USER_TIMEBASE_ISB);
  put("bootTimeMicroseconds", (clock.realtimeNanoseconds - clock.nanoseconds) / 1000n);
  kernel.vm.phys.noteWrite(commpage.ppn);
  return commpage;
}

function capabilities(kernel: Kernel): number {
  const { features } = kernel.cpu.config.model;
  let bits = CPUS << 16;
  for (const bit of Object.values(COMMPAGE_CAPABILITIES)) bits |= bit;
  for (const [feature, bit] of Object.entries(COMMPAGE_FEATURES)) {
    if (features.has(feature as Feature)) bits |= bit;
  }
  return bits;
}
