/** The ratios we want, and what a run gives for them. */
import type { WorkloadClass } from "../../guests/bench/workloads.js";
import type { EngineName } from "./engines.js";
import type { Others } from "./others.js";
import type { Results } from "./results.js";

export interface Target {
  readonly what: string;
  readonly unit: string;
  readonly bound: number;
  readonly sense: "at least" | "at most";
  /** NaN if it was not measured. */
  readonly value: number;
}

/** Classes of the comparison "all compute": what spends its time in instructions, not in memory or in faults. */
const COMPUTE: readonly WorkloadClass[] = ["integer", "vector", "float"];

export function targets(results: Results, others: Others): readonly Target[] {
  const classSpeed = (
    what: string,
    classes: readonly WorkloadClass[],
    engine: EngineName,
    bound: number,
  ): Target => ({
    what: `${what}, geometric mean: speed of ${engine}`,
    unit: "x",
    bound,
    sense: "at least",
    value: results.hasAll(classes) ? results.classSpeed(classes, engine) : NaN,
  });
  const speed = (name: string, engine: EngineName, bound: number): Target => {
    const workload = results.find(name);
    const value = workload === null ? NaN : results.speed(workload, engine);
    return { what: `${name}: speed of ${engine}`, unit: "x", bound, sense: "at least", value };
  };
  const time = (name: string, engine: EngineName, bound: number): Target => {
    const { value } = speed(name, engine, bound);
    return {
      what: `${name}: time of ${engine}`,
      unit: "x",
      bound,
      sense: "at most",
      value: 1 / value,
    };
  };
  const atMost = (what: string, unit: string, bound: number, value: number): Target => ({
    what,
    unit,
    bound,
    sense: "at most",
    value,
  });
  return [
    classSpeed("integer and branchy", ["integer"], "qemu-user", 1.3),
    speed("mix", "qemu-system", 1.6),
    classSpeed("copies and fills", ["copy"], "qemu-user", 1.2),
    classSpeed("copies and fills", ["copy"], "qemu-system", 6),
    time("chase-4M", "wasm", 1.25),
    time("chase-64M", "wasm", 1.15),
    speed("matrix", "qemu-user", 8),
    speed("matrix-neon", "qemu-user", 12),
    classSpeed("all compute", COMPUTE, "unicorn", 8),
    time("cold", "qemu-user", 0.7),
    time("syscalls", "qemu-user", 2),
    atMost("machvm run hello: time of node -e 0", "x", 3, others.helloRatio),
    atMost("translation, a guest instruction", "us", 1.5, others.translationMicroseconds),
    atMost("first module", "ms", 2, others.firstModuleMilliseconds),
    atMost("first touch of a page, whole vm_fault", "us", 3, others.faultMicroseconds),
  ];
}
