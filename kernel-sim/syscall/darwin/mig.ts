import type { Blocking } from "../../../vm/blocking.js";
import type { VmMapCopy } from "../../../vm/map/copy.js";
import type { VmMap } from "../../../vm/map/map.js";
import { rawU64 } from "../../../vm/mach-vm.js";
import type { VmObject } from "../../../vm/object/index.js";
import type { RawU64 } from "../../../vm/types.js";
import type { Task } from "../../task.js";
import {
  BODY_BYTES,
  bytesOfDescriptors,
  bytesOfMessage,
  HEADER_BYTES,
  type Carried,
  type CarriedRight,
  type KernelMessage,
} from "./message.js";
import type { Port } from "./port.js";
import type { requestNotification } from "./port-requests.js";
import type { PortSpace } from "./ports.js";
import type { TaskPager } from "./task-pager.js";

/** What the stub of a routine says when it cannot read the request (mach/mig_errors.h). */
export const MIG_TYPE_ERROR = -300;
export const MIG_BAD_ID = -303;
export const MIG_BAD_ARGUMENTS = -304;

/** Byte order of the arguments: little-endian integers. */
const NDR_RECORD = [0, 0, 0, 0, 1, 0, 0, 0] as const;
const REPLY_ID_STEP = 100;

/** A request to the kernel: inline arguments at the offsets they have in the message. */
export class Request {
  readonly #view: DataView;
  readonly #inlineAt: number;
  readonly #carried: readonly Carried[];
  #taken = false;

  constructor({ carried, inline }: KernelMessage) {
    this.#view = new DataView(inline.buffer, inline.byteOffset, inline.length);
    this.#carried = carried ?? [];
    this.#inlineAt = carried === null ? HEADER_BYTES : BODY_BYTES + bytesOfDescriptors(carried);
  }

  u64(at: number): RawU64 {
    return rawU64(this.#view.getBigUint64(at - this.#inlineAt, true));
  }

  /** 64 bits, not exact beyond 2^53. */
  number(at: number): number {
    return Number(this.#view.getBigUint64(at - this.#inlineAt, true));
  }

  u32(at: number): number {
    return this.#view.getUint32(at - this.#inlineAt, true);
  }

  i32(at: number): number {
    return this.#view.getInt32(at - this.#inlineAt, true);
  }

  /** The one right it carries. */
  right(): CarriedRight {
    const [item] = this.#carried;
    return item?.kind === "port" ? item.right : null;
  }

  /** The port behind it, if there is one. */
  port(): Port | null {
    const right = this.right();
    return right === null || right === "dead" ? null : right.port;
  }

  /** The memory it carries, which is the routine's to consume from here on. */
  takeMemory(): { readonly copy: VmMapCopy | null; readonly size: number } {
    const [item] = this.#carried;
    this.#taken = true;
    return item?.kind === "memory" ? item : { copy: null, size: 0 };
  }

  /** Its rights are somebody's now, not the request's. */
  keepRights(): void {
    this.#taken = true;
  }

  /** What is left of it, to be destroyed. */
  get left(): readonly Carried[] {
    return this.#taken ? [] : this.#carried;
  }
}

/** Results after the return code: numbers take four bytes, bigints eight. */
type Words = readonly (number | bigint)[];
type SimpleAnswer = readonly [kr: number, ...results: Words];
/** Success that carries something; there is no return code in such a reply. */
interface ComplexAnswer {
  readonly carried: readonly Carried[];
  readonly results: Words;
}
export type Answer = SimpleAnswer | ComplexAnswer;

/** Whom a request is about: the map behind its port, the caller's own, and a map a port names. */
export interface Target {
  readonly map: VmMap | null;
  /** The task whose port it is; null for the host's. */
  readonly task: Task | null;
  readonly current: VmMap;
  /** The caller may change the machine as a whole (host_priv). */
  readonly privileged: boolean;
  /** Null for anything but the port of a live task. */
  mapOf(port: Port | null): VmMap | null;
  /** The kernel lets go of a right it kept. */
  release(right: CarriedRight): void;
  /** Destroy what names of a space led to, and nothing does any more. */
  settle(ports: PortSpace): Blocking<void>;
  /** As requestNotification. */
  request(
    ports: PortSpace,
    name: number,
    id: number,
    sync: number,
    notify: CarriedRight,
  ): ReturnType<typeof requestNotification>;
  /** Whose control port it is. */
  readonly pager: TaskPager | null;
  /** The object a task serves by this port, with a reference; null if there is none. */
  objectOf(port: Port): VmObject | null;
}

export interface Routine {
  /** Of the whole request. */
  readonly bytes: number;
  /** The one thing a complex request carries. */
  readonly carries?: Carried["kind"];
  readonly run: (target: Target, request: Request) => Answer | Blocking<Answer>;
}

export type Routines = Readonly<Partial<Record<number, Routine>>>;

/** Does the request look as its routine expects? */
export function fitsRoutine({ bytes, carries }: Routine, message: KernelMessage): boolean {
  const { carried } = message;
  if (bytesOfMessage(message) !== bytes || (carried === null) !== (carries === undefined)) {
    return false;
  }
  return carried === null || (carried.length === 1 && carried[0]?.kind === carries);
}

/** The answer as a message, without a destination. */
export function replyOf(
  id: number,
  answer: Answer,
): Pick<KernelMessage, "id" | "carried" | "inline"> {
  const complex = "carried" in answer;
  const words = complex ? answer.results : answer;
  const length = words.reduce<number>(
    (sum, word) => sum + (typeof word === "bigint" ? 8 : 4),
    NDR_RECORD.length,
  );
  // A reply with nothing but rights has no arguments whose byte order could matter.
  const inline = new Uint8Array(complex && words.length === 0 ? 0 : length);
  if (inline.length > 0) inline.set(NDR_RECORD);
  const view = new DataView(inline.buffer);
  let at: number = NDR_RECORD.length;
  for (const word of words) {
    if (typeof word === "bigint") view.setBigUint64(at, BigInt.asUintN(64, word), true);
    else view.setInt32(at, word, true);
    at += typeof word === "bigint" ? 8 : 4;
  }
  return { id: id + REPLY_ID_STEP, carried: complex ? answer.carried : null, inline };
}
