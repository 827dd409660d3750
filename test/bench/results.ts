/** What was measured, and the ratios it makes. */
import { WORKLOADS, type Workload, type WorkloadClass } from "../../guests/bench/workloads.js";
import type { EngineName, ScaledRun } from "./engines.js";
import { geometricMean, median } from "./stats.js";
import type { Clock } from "./timing.js";

export class Results {
  readonly #runs = new Map<string, ScaledRun[]>();
  readonly #checksums = new Map<string, { readonly output: string; readonly engine: EngineName }>();
  /** Engines that computed something else than the first one did. */
  readonly disagreements: string[] = [];

  constructor(
    readonly workloads: readonly Workload[],
    readonly clock: Clock,
  ) {}

  add(workload: Workload, engine: EngineName, run: ScaledRun): void {
    const runs = this.runs(workload, engine);
    runs.push(run);
    this.#runs.set(`${workload.name} ${engine}`, runs);
    this.check(workload, engine, run);
  }

  /** Engines must agree on the checksum of a number of passes. */
  check(workload: Workload, engine: EngineName, run: ScaledRun): void {
    const key = `${workload.name} ${run.size}`;
    const first = this.#checksums.get(key);
    if (first === undefined) this.#checksums.set(key, { output: run.output, engine });
    else if (first.output !== run.output) {
      this.disagreements.push(
        `${key}: ${engine} says ${run.output}, ${first.engine} said ${first.output}`,
      );
    }
  }

  runs(workload: Workload, engine: EngineName): ScaledRun[] {
    return this.#runs.get(`${workload.name} ${engine}`) ?? [];
  }

  /** Times of the runs in seconds. */
  times(workload: Workload, engine: EngineName): number[] {
    return this.runs(workload, engine).map((run) => run.time[this.clock]);
  }

  /** Median time in seconds; NaN if it did not run. */
  seconds(workload: Workload, engine: EngineName): number {
    return median(this.times(workload, engine));
  }

  /** How many times as fast as `engine` we are: ratio of medians; NaN if one of the two did not run. */
  speed(workload: Workload, engine: EngineName): number {
    return this.seconds(workload, engine) / this.seconds(workload, "machvm");
  }

  /** Geometric mean of `speed` over those workloads of some classes that both ran. */
  classSpeed(classes: readonly WorkloadClass[], engine: EngineName): number {
    const speeds = this.workloads
      .filter((w) => classes.includes(w.class))
      .map((w) => this.speed(w, engine));
    return geometricMean(speeds.filter((speed) => !Number.isNaN(speed)));
  }

  /** Was every workload of these classes asked for? */
  hasAll(classes: readonly WorkloadClass[]): boolean {
    return WORKLOADS.every((w) => !classes.includes(w.class) || this.workloads.includes(w));
  }

  find(name: string): Workload | null {
    return this.workloads.find((w) => w.name === name) ?? null;
  }
}
