import {
  GenericTimer,
  Gicv2,
  Gicv3,
  Machine,
  Pl011,
  Pl031,
  type CpuModelName,
  type MmuMode,
  type SanitizerOptions,
  type TlbOptions,
} from "../../emulator/index.js";
import { BOOT_SECONDS } from "../clock.js";
import { deviceTree } from "./device-tree.js";
import type { BareImage } from "./image.js";
import * as map from "./memory-map.js";
import { Psci } from "./psci.js";
import { SemihostingHost } from "./semihosting.js";
import type { BareConsole, SemihostingFiles } from "./semihosting-files.js";

export interface VirtOptions {
  readonly ramBytes: number;
  readonly image: BareImage;
  /** Name of the image and its arguments: what SYS_GET_CMDLINE and the tree's bootargs say. */
  readonly imageName: string;
  readonly bootargs: string;
  readonly gic: 2 | 3;
  /** The instruction that calls PSCI. */
  readonly conduit: "hvc" | "smc";
  readonly cpuModel: CpuModelName;
  readonly seed: number;
  readonly fpsr?: "lazy" | "exact";
  readonly icache?: "coherent" | "architectural";
  readonly codeCacheBytes?: number;
  readonly tlb?: TlbOptions;
  readonly mmu?: MmuMode;
  /** Told of every new report of the MMU sanitizer. */
  readonly onMmuReport?: SanitizerOptions["onReport"];
  readonly console: BareConsole;
  readonly files: SemihostingFiles;
}

/** How a bare machine's run ended. */
export type BareExit =
  /** A semihosting call, SYS_EXIT or SYS_EXIT_EXTENDED. */
  | { readonly kind: "exited"; readonly code: number }
  /** PSCI SYSTEM_OFF. */
  | { readonly kind: "off" }
  /** The instruction limit. */
  | { readonly kind: "limit" }
  /** Waiting, or switched off, with nothing left that could ever wake the CPU. */
  | { readonly kind: "asleep" }
  /** Exceptions without end: not even the first instruction of the vector can be executed. */
  | { readonly kind: "stuck" };

/** Where the tree goes on a board that boots a flat image: behind half of RAM, 128 MiB at most, on a 2 MiB boundary. */
const TREE_OFFSET = 128 * 2 ** 20;
const TREE_ALIGNMENT = 2 * 2 ** 20;
/** Bytes kept for it. */
const TREE_ROOM = 0x1_0000;

/**
 * A machine compatible with QEMU's "virt" board as far as small EL1 images use it: RAM at 1 GiB, a GIC, the generic
 * timers, a UART and a clock, PSCI, semihosting. It starts at EL1 with everything off and the address of a
 * flattened device tree in X0.
 */
export class VirtBoard {
  readonly machine: Machine;
  readonly #options: VirtOptions;
  readonly #gic: Gicv2 | Gicv3;
  readonly #uart: Pl011;
  readonly #rtc: Pl031;
  readonly #semihosting: SemihostingHost;
  /** Null: there is no room for it. */
  readonly #treeAddress: number | null;
  #exit: BareExit | null = null;

  constructor(options: VirtOptions) {
    this.#options = options;
    const ramEnd = map.RAM_BASE + options.ramBytes;
    this.#treeAddress = treeAddress(options.image, options.ramBytes);
    this.#semihosting = new SemihostingHost({
      memory: {
        read: (address, length) => {
          const read = this.machine.readVirtual(address, length);
          return read.ok ? read.bytes : null;
        },
        write: (address, bytes) => this.machine.writeVirtual(address, bytes) === null,
      },
      console: options.console,
      files: options.files,
      commandLine: [options.imageName, options.bootargs].filter((s) => s !== "").join(" "),
      heap: largestGap(options.image, this.#treeAddress, ramEnd),
      now: () => this.machine.cpu.time,
      epochSeconds: BOOT_SECONDS,
      exit: (code) => {
        this.#end({ kind: "exited", code });
      },
    });
    const irq = (isHigh: boolean): void => {
      machine.setInterrupt("irq", isHigh);
    };
    const fiq = (isHigh: boolean): void => {
      machine.setInterrupt("fiq", isHigh);
    };
    const gic = (this.#gic =
      options.gic === 2
        ? new Gicv2(map.GICD_BASE, map.GICC_BASE, map.INTERRUPT_COUNT, irq, fiq)
        : new Gicv3(map.GICD_BASE, map.GICR_BASE, map.INTERRUPT_COUNT, irq, fiq));
    const machine = (this.machine = new Machine({
      ramBytes: options.ramBytes,
      ramBase: map.RAM_BASE,
      cpuModel: options.cpuModel,
      seed: options.seed,
      fpsr: options.fpsr ?? "lazy",
      icache: options.icache ?? "architectural",
      ...(options.codeCacheBytes === undefined ? {} : { codeCacheBytes: options.codeCacheBytes }),
      ...(options.tlb === undefined ? {} : { tlb: options.tlb }),
      mmu: options.mmu ?? "plain",
      mmuReporting: options.onMmuReport === undefined ? {} : { onReport: options.onMmuReport },
      counterHz: map.COUNTER_HZ,
      semihosting: this.#semihosting,
      ...(gic instanceof Gicv3 ? { gicRegisters: gic } : {}),
      firmware: new Psci(options.conduit, {
        systemOff: () => {
          this.#end({ kind: "off" });
        },
        cpuOff: () => {
          this.#end({ kind: "asleep" });
        },
        systemReset: () => {
          this.#reset();
        },
        standby: () => {
          machine.waitForInterrupt();
        },
      }),
    }));
    const { interrupts } = gic;
    machine.mapDevice(gic.distributor);
    machine.mapDevice(gic instanceof Gicv3 ? gic.redistributor : gic.cpuInterface);
    machine.addTimed(
      new GenericTimer(machine.cpu, "virtual", interrupts.ppi(map.PPI_VIRTUAL_TIMER)),
    );
    machine.addTimed(
      new GenericTimer(machine.cpu, "physical", interrupts.ppi(map.PPI_PHYSICAL_TIMER)),
    );
    this.#uart = new Pl011(
      map.UART_BASE,
      (byte) => {
        options.console.write(1, Uint8Array.of(byte));
      },
      { receive: (max) => options.console.read(max) },
      interrupts.spi(map.SPI_UART),
    );
    machine.mapDevice(this.#uart);
    const now = (): number => machine.cpu.time;
    this.#rtc = new Pl031(map.RTC_BASE, BOOT_SECONDS, now, interrupts.spi(map.SPI_RTC));
    machine.mapDevice(this.#rtc);
    machine.addTimed(this.#rtc);
    machine.onIdle = () => this.#uart.listen();
    machine.onStuck = () => {
      this.#end({ kind: "stuck" });
    };
    this.#reset();
  }

  #end(exit: BareExit): void {
    this.#exit ??= exit;
    this.machine.stop();
  }

  /** Power on: devices and CPU anew, image and tree in memory again. The rest of RAM and the time stay. */
  #reset(): void {
    const { machine } = this;
    const { cpu } = machine;
    const { image, ramBytes, gic, conduit, bootargs } = this.#options;
    this.#semihosting.reset();
    this.#uart.reset();
    this.#rtc.reset();
    this.#gic.reset();
    const { instructionCount, waited } = cpu;
    cpu.reset();
    cpu.instructionCount = instructionCount;
    cpu.waited = waited;
    machine.mmu.tlbiAll();
    for (const { physical, bytes, sizeBytes } of image.segments) {
      const memory = new Uint8Array(sizeBytes);
      memory.set(bytes);
      machine.writePhysical(physical, memory);
    }
    if (this.#treeAddress !== null) {
      machine.writePhysical(this.#treeAddress, deviceTree({ ramBytes, gic, conduit, bootargs }));
      cpu.setX(0, BigInt(this.#treeAddress));
    }
    cpu.pc = BigInt(image.entry);
    machine.contextChanged();
    machine.timingChanged();
  }

  /** Run until the guest or the machine ends it, at most so many instructions. */
  run(maxInstructions: number): BareExit {
    const exit = this.machine.run(maxInstructions);
    if (this.#exit !== null) return this.#exit;
    return exit.kind === "idle" ? { kind: "asleep" } : { kind: "limit" };
  }
}

/** As QEMU does: at the start of RAM for an ELF file, if there is room, otherwise and for flat images high up. */
function treeAddress(image: BareImage, ramBytes: number): number | null {
  const lowest = Math.min(...image.segments.map((s) => s.physical));
  if (image.kind === "elf" && lowest >= map.RAM_BASE + TREE_ROOM) return map.RAM_BASE;
  const end = Math.max(...image.segments.map((s) => s.physical + s.sizeBytes));
  const wanted = Math.max(map.RAM_BASE + Math.min(ramBytes / 2, TREE_OFFSET), end);
  const at = Math.ceil(wanted / TREE_ALIGNMENT) * TREE_ALIGNMENT;
  return at + TREE_ROOM <= map.RAM_BASE + ramBytes ? at : null;
}

/** The largest range of RAM with neither image nor tree in it. */
function largestGap(
  image: BareImage,
  tree: number | null,
  ramEnd: number,
): { base: number; limit: number } {
  const taken = image.segments.map((s) => [s.physical, s.physical + s.sizeBytes] as const);
  const treeRange = tree === null ? [] : [[tree, tree + TREE_ROOM] as const];
  const sorted = [...taken, ...treeRange, [ramEnd, ramEnd] as const];
  sorted.sort((a, b) => a[0] - b[0]);
  let best = { base: map.RAM_BASE, limit: map.RAM_BASE };
  let at: number = map.RAM_BASE;
  for (const [start, end] of sorted) {
    if (start - at > best.limit - best.base) best = { base: at, limit: start };
    at = Math.max(at, Math.ceil(end / 16) * 16);
  }
  return best;
}
