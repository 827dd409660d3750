import type { FaultEvent } from "../../vm/fault/event.js";
import { VmSystem, type VmSystemOptions } from "../../vm/system.js";
import { BufferMemory, RecordingTlb } from "./phys-buffer.js";

export * from "./phys-buffer.js";

/** A VM on a buffer, with everything it tells its machine written down. */
export interface TestSystem {
  readonly system: VmSystem;
  readonly phys: BufferMemory;
  readonly tlb: RecordingTlb;
  /** Every finished vm_fault since the start. */
  readonly faults: FaultEvent[];
  /** Channels that were woken, in order. */
  readonly wakeups: object[];
}

/** @param pages frames of RAM; the kernel's root table takes one of them */
export function testSystem(
  options: { pages?: number; seed?: number } & Partial<
    Pick<
      VmSystemOptions,
      "wakeup" | "swap" | "now" | "compressor" | "memoryShortage" | "pageQueues" | "pressureChanged"
    >
  > = {},
): TestSystem {
  const phys = new BufferMemory(options.pages ?? 128);
  const tlb = new RecordingTlb();
  const faults: FaultEvent[] = [];
  const wakeups: object[] = [];
  const system = new VmSystem({
    ...options,
    phys,
    tlb,
    seed: options.seed ?? 1,
    wakeup(channel, result) {
      wakeups.push(channel);
      options.wakeup?.(channel, result);
    },
  });
  system.faultSink = (event) => faults.push(event);
  return { system, phys, tlb, faults, wakeups };
}
