import { readSync, writeSync } from "node:fs";
import { deserialize, serialize } from "node:v8";
import {
  CODE,
  CODE_BYTES,
  DATA,
  DataPages,
  PC,
  UNIT,
  UNITS,
  type FuzzBatch,
  type FuzzCase,
  type Outcome,
} from "./fuzz-case.js";
import {
  RegisterBatch,
  UC_PROT_ALL,
  UC_PROT_READ,
  UC_PROT_WRITE,
  UC_REG,
  Unicorn,
} from "./unicorn.js";

/**
 * The disposable process that runs cases on libunicorn: a batch of cases comes in on standard input, the
 * outcomes of each go out on standard output as soon as they are known. Frames are a 32-bit length and
 * that many serialised bytes. The library may abort; the parent then knows which case it was.
 */

const x = new RegisterBatch([
  ...Array.from({ length: 31 }, (_, n) => UC_REG.x(n)),
  UC_REG.sp,
  UC_REG.nzcv,
  UC_REG.pc,
]);
const v = new RegisterBatch(
  Array.from({ length: 32 }, (_, n) => UC_REG.q(n)),
  2,
);

/** A fresh CPU with the memory of all cases. */
class World {
  readonly uc = new Unicorn();
  readonly code = this.uc.mapShared(CODE, CODE_BYTES, UC_PROT_ALL & ~UC_PROT_WRITE);
  readonly data: DataPages;

  constructor(pristine: Uint8Array) {
    const units = UNITS.map((rights, i) => {
      if (rights === "none") return new Uint8Array(0);
      const prot = rights === "ro" ? UC_PROT_READ : UC_PROT_READ | UC_PROT_WRITE;
      return this.uc.mapShared(DATA + i * UNIT, UNIT, prot);
    });
    this.data = new DataPages(pristine.slice(), (at) => {
      return units[Math.floor(at / UNIT)]!.subarray(at % UNIT, (at % UNIT) + 4096);
    });
  }

  run({ at, words, end, inputs }: FuzzCase): Outcome[] {
    this.code.set(new Uint8Array(Uint32Array.from(words).buffer), at - CODE);
    return inputs.map((input) => {
      x.values.set(input.x);
      x.values[PC] = BigInt(at);
      v.values.set(input.v);
      this.uc.writeBatch(x);
      this.uc.writeBatch(v);
      this.data.restore();
      const error = this.uc.run(at, at + 4 * end);
      this.uc.readBatch(x);
      this.uc.readBatch(v);
      return {
        stop: error === 0 ? "end" : "fault",
        x: x.values.slice(),
        v: v.values.slice(),
        changes: this.data.changes(),
      };
    });
  }
}

function read(bytes: Uint8Array): boolean {
  for (let at = 0; at < bytes.length;) {
    const n = readSync(0, bytes, at, bytes.length - at, null);
    if (n === 0) return false;
    at += n;
  }
  return true;
}

const aMoment = new Int32Array(new SharedArrayBuffer(4));

function write(bytes: Uint8Array): void {
  for (let at = 0; at < bytes.length;) {
    try {
      at += writeSync(1, bytes, at);
    } catch (error) {
      // The pipe does not block: wait until the parent has taken something out of it.
      if ((error as NodeJS.ErrnoException).code !== "EAGAIN") throw error;
      Atomics.wait(aMoment, 0, 0, 1);
    }
  }
}

const length = new Uint32Array(1);
while (read(new Uint8Array(length.buffer))) {
  const bytes = new Uint8Array(length[0]!);
  if (!read(bytes)) break;
  const { pristine, cases } = deserialize(bytes) as FuzzBatch;
  const world = new World(pristine);
  for (const one of cases) {
    const result = serialize(world.run(one));
    write(new Uint8Array(Uint32Array.of(result.length).buffer));
    write(result);
  }
  world.uc.close();
}
