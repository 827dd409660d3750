import { FSC_EXTERNAL } from "../arch/esr.js";
import { OFF_BOUNCE } from "../cpu/state-layout.js";
import type { Bus } from "../devices/bus.js";
import type { TranslationFault } from "../mmu/mmu.js";
import type { PhysMemory } from "../mmu/phys-memory.js";

/** Accesses that translate to where there is no RAM. Their data is in the bounce buffer. */
export class DeviceAccess {
  readonly #bus: Bus | null;
  readonly #memory: PhysMemory;
  readonly #fault: TranslationFault;

  /** @param fault the MMU's, where a failed translation is described */
  constructor(bus: Bus | null, memory: PhysMemory, fault: TranslationFault) {
    this.#bus = bus;
    this.#memory = memory;
    this.#fault = fault;
  }

  /** Whether the access whose translation just failed is a device's. */
  isDevice(): boolean {
    const { status, physical } = this.#fault;
    return status === FSC_EXTERNAL && this.#bus !== null && this.#bus.has(physical);
  }

  /** Make that access. @returns false: external abort */
  perform(isWrite: boolean, bytes: number): boolean {
    const data = this.#memory.u8.subarray(OFF_BOUNCE, OFF_BOUNCE + bytes);
    const { physical } = this.#fault;
    return isWrite ? this.#bus!.write(physical, data) : this.#bus!.read(physical, data);
  }
}
