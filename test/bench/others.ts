/** What is measured besides the workloads: starting up, translating, faulting. */
import { workloadFile } from "../../guests/bench/build.js";
import { COLD_PASSES } from "../../guests/bench/cold-source.js";
import { WORKLOADS } from "../../guests/bench/workloads.js";
import type { ChildReport } from "./child/report.js";
import { BIN_DIRECTORY } from "./directories.js";
import { ENGINES, runChild, type EngineName } from "./engines.js";
import { median } from "./stats.js";
import { timeProcess } from "./processes.js";
import type { Clock, Time } from "./timing.js";

const TOUCH_PAGES = 8000;
const TOUCH = "guests/bin/touch.elf";
const TOUCH_ARGS = [String(TOUCH_PAGES), "1", "w"];
const HELLO = ["run", "guests/bin/hello"];
const CLI = "dist/machvm.js";
/** Bare programs that do something so many times: image, what goes before the count, what it is called. */
const REPEATED = [
  { image: "aborts", word: "", count: 300_000, what: "a data abort to an EL1 vector and back" },
  { image: "tlb", word: "hits ", count: 20_000_000, what: "a load that hits the TLB" },
  {
    image: "tlb",
    word: "misses ",
    count: 3_000_000,
    what: "a load from one of 8,192 pages in turn",
  },
  { image: "tlb", word: "walks ", count: 300_000, what: "TLBI VAE1, DSB, ISB, a load" },
  { image: "tlb", word: "storms ", count: 200_000, what: "TLBI VMALLE1, DSB, ISB, a load" },
] as const;
type Repeated = (typeof REPEATED)[number];

/** Medians are NaN where nothing was measured. */
export class Others {
  readonly #samples = new Map<string, number[]>();
  #translated = 0;

  constructor(private readonly clock: Clock) {}

  /** Measure everything once. */
  round(): void {
    this.#time("node -e 0", timeProcess(process.execPath, ["-e", "0"]).time);
    this.#time("machvm run hello", timeProcess(process.execPath, [CLI, ...HELLO]).time);
    // By the clock: processor time is counted in steps of some milliseconds here and there.
    this.#add("first module", runChild("first-module", []).time.wall);
    this.#time("touch machvm", runChild("machvm", [TOUCH, ...TOUCH_ARGS]).time);
    this.#time("touch nothing machvm", runChild("machvm", [TOUCH, "1", "1", "w"]).time);
    if (isThere("qemu-user")) {
      this.#time("touch qemu-user", timeProcess("qemu-aarch64", [TOUCH, ...TOUCH_ARGS]).time);
      this.#time(
        "touch nothing qemu-user",
        timeProcess("qemu-aarch64", [TOUCH, "1", "1", "w"]).time,
      );
    }
    for (const repeated of REPEATED) this.#repeat(repeated);
    this.#startUps();
    this.#translation();
  }

  /** So many times, and the same not once. */
  #repeat({ image, word, count }: Repeated): void {
    const file = `guests/bare/bin/${image}.elf`;
    for (const times of [0, count]) {
      const name = `${image} ${word}${times}`;
      const append = `${word}${times}`;
      const ours = timeProcess(process.execPath, [CLI, "bare", "--append", append, file]);
      this.#time(`${name} machvm`, ours.time);
      if (!isThere("qemu-system")) continue;
      const board =
        "-M virt -cpu max -nic none -display none -monitor none -serial none -semihosting";
      const args = [...board.split(" "), "-kernel", file, "-append", append];
      this.#time(`${name} qemu-system`, timeProcess("qemu-system-aarch64", args).time);
    }
  }

  /** Nanoseconds for one of them. */
  #repeated({ image, word, count }: Repeated, engine: EngineName): number {
    const work =
      this.seconds(`${image} ${word}${count} ${engine}`) -
      this.seconds(`${image} ${word}0 ${engine}`);
    return (work / count) * 1e9;
  }

  /** A workload of no passes: what every process costs before it works. */
  #startUps(): void {
    const workload = WORKLOADS[0]!;
    for (const engine of ENGINES) {
      if (engine.missing !== null || !engine.name.startsWith("qemu")) continue;
      const file = workloadFile(BIN_DIRECTORY, workload, engine.target);
      this.#time(`start ${engine.name}`, engine.run(file, 0, workload).time);
    }
  }

  /** All cold functions once, less a run of none and less what once costs when all are translated. */
  #translation(): void {
    const cold = WORKLOADS.find((w) => w.name === "cold")!;
    const file = workloadFile(BIN_DIRECTORY, cold, "elf");
    const runs = [0, 1, 4].map((times) => runChild("machvm", [file, String(times * COLD_PASSES)]));
    const [none, one, four] = runs.map((run) => run.time[this.clock]) as [number, number, number];
    const translated = (run: ChildReport | undefined): number => run?.translated?.instructions ?? 0;
    this.#translated = translated(runs[1]) - translated(runs[0]);
    this.#add("translation", one - none - Math.max(0, (four - one) / 3));
  }

  #time(name: string, time: Time): void {
    this.#add(name, time[this.clock]);
  }

  #add(name: string, seconds: number): void {
    const samples = this.#samples.get(name) ?? [];
    samples.push(seconds);
    this.#samples.set(name, samples);
  }

  seconds(name: string): number {
    return median(this.#samples.get(name) ?? []);
  }

  get helloRatio(): number {
    return this.seconds("machvm run hello") / this.seconds("node -e 0");
  }

  get firstModuleMilliseconds(): number {
    return this.seconds("first module") * 1e3;
  }

  get translationMicroseconds(): number {
    return (this.seconds("translation") / this.#translated) * 1e6;
  }

  /** Seconds for a page's first touch, our whole vm_fault or the host's behind qemu-user. */
  #fault(engine: EngineName): number {
    const work = this.seconds(`touch ${engine}`) - this.seconds(`touch nothing ${engine}`);
    return work / (TOUCH_PAGES - 1);
  }

  get faultMicroseconds(): number {
    return this.#fault("machvm") * 1e6;
  }

  /** All samples in seconds, by name. */
  get samples(): Readonly<Record<string, readonly number[]>> {
    return Object.fromEntries(this.#samples);
  }

  /** One line each, for the terminal. */
  lines(): string[] {
    if (this.#samples.size === 0) return [];
    const ms = (name: string): string => `${(this.seconds(name) * 1e3).toFixed(1)} ms`;
    const starts = (["qemu-user", "qemu-system"] as const)
      .filter(isThere)
      .map((name) => `${name} ${ms(`start ${name}`)}`);
    const perSecond = (engine: EngineName): string =>
      `${engine} ${Math.round(1 / this.#fault(engine))}/s`;
    return [
      `start-up, inside the figures above: ${starts.join(", ") || "no qemu"}`,
      `machvm run hello ${ms("machvm run hello")}, node -e 0 ${ms("node -e 0")}`,
      `first module ${ms("first module")}, then ${this.translationMicroseconds.toFixed(2)} us per guest ` +
        `instruction (${this.#translated} of them, cold)`,
      ...REPEATED.map((repeated) => {
        const each = (["machvm", "qemu-system"] as const)
          .filter(isThere)
          .map((name) => `${name} ${this.#repeated(repeated, name).toFixed(1)} ns`);
        return `${repeated.what}: ${each.join(", ")}`;
      }),
      `first touches of a page: ${(["machvm", "qemu-user"] as const).filter(isThere).map(perSecond).join(", ")}`,
    ];
  }
}

function isThere(name: EngineName): boolean {
  return ENGINES.some((engine) => engine.name === name && engine.missing === null);
}
