import { spawn, type ChildProcessByStdio } from "node:child_process";
import { fileURLToPath } from "node:url";
import type { Readable, Writable } from "node:stream";
import { deserialize, serialize } from "node:v8";
import { CRASHED, type FuzzBatch, type FuzzCase, type Judge, type Verdict } from "./fuzz-case.js";
import { pristineData } from "./fuzz-inputs.js";

const ROOT = fileURLToPath(new URL("../../", import.meta.url));
const CHILD = fileURLToPath(new URL("./fuzz-judge-child.ts", import.meta.url));

const PRISTINE = pristineData();

type Child = ChildProcessByStdio<Writable, Readable, null>;

/**
 * libunicorn in a process of its own, which may abort or hang: the case it was at is then CRASHED and a
 * new process goes on with the next one.
 */
export class FuzzJudge implements Judge {
  #child: Child | null = null;
  readonly #patienceMs: number;

  /** @param patienceMs a case that takes longer never ends */
  constructor(patienceMs = 30_000) {
    this.#patienceMs = patienceMs;
  }

  async run(cases: readonly FuzzCase[]): Promise<Verdict[]> {
    const verdicts: Verdict[] = [];
    let fatal: FuzzCase | null = null;
    while (verdicts.length < cases.length) {
      const rest = cases.slice(verdicts.length);
      const found = await this.#batch(rest);
      verdicts.push(...found);
      if (found.length === rest.length) break;
      // Only a case that is fatal to a fresh process too is to blame.
      const one: FuzzCase = rest[found.length]!;
      if (fatal === one) verdicts.push(CRASHED);
      fatal = one;
    }
    return verdicts;
  }

  close(): void {
    this.#child?.stdin.end();
    this.#child = null;
  }

  /** @returns the outcomes of the cases up to the first one the process does not survive */
  #batch(cases: readonly FuzzCase[]): Promise<Verdict[]> {
    const child = (this.#child ??= start());
    return new Promise((resolve, reject) => {
      const verdicts: Verdict[] = [];
      let pending: Buffer = Buffer.alloc(0);
      const finish = (): void => {
        clearTimeout(timer);
        child.removeAllListeners("close");
        child.stdout.removeAllListeners("data");
        child.stdout.pause();
        resolve(verdicts);
      };
      const timer = setTimeout(() => child.kill("SIGKILL"), this.#patienceMs);
      child.on("close", (code) => {
        this.#child = null;
        // Aborts and kills are signals; an exit code is a mistake in the process's own code.
        if (code !== null) reject(new Error(`the judge ended with exit code ${code}`));
        finish();
      });
      child.stdout.on("data", (chunk: Buffer) => {
        timer.refresh();
        pending = pending.length === 0 ? chunk : Buffer.concat([pending, chunk]);
        for (;;) {
          if (pending.length < 4) return;
          const end = 4 + pending.readUInt32LE(0);
          if (pending.length < end) return;
          verdicts.push(deserialize(pending.subarray(4, end)) as Verdict);
          pending = pending.subarray(end);
          if (verdicts.length === cases.length) finish();
        }
      });
      child.stdout.resume();
      const bytes = serialize({ pristine: PRISTINE, cases } satisfies FuzzBatch);
      child.stdin.write(Buffer.from(Uint32Array.of(bytes.length).buffer));
      child.stdin.write(bytes);
    });
  }
}

function start(): Child {
  const child = spawn(process.execPath, ["--import", "./register.mjs", CHILD], {
    cwd: ROOT,
    stdio: ["pipe", "pipe", "inherit"],
  });
  // Writing to a process that has died is no error of ours: its end is noticed by "close".
  child.stdin.on("error", () => undefined);
  return child;
}
