import { expect } from "vitest";
import { KERN_SUCCESS, PAGE_SIZE } from "../../vm/types.js";
import { DarwinWorld } from "./darwin-world.js";

export const SEND = 1;
const RECEIVE = 2;
export const SEND_TIMEOUT = 0x10;
const RECEIVE_TIMEOUT = 0x100;
const SEND_AND_RECEIVE = SEND | RECEIVE;
export const MAKE_SEND = 20;
/** A copied send right to the other side, and a send-once right to answer with. */
export const RPC_BITS = 19 | (21 << 8);

/** A task that sends requests to its own port. */
export class MachClient {
  readonly w = new DarwinWorld();
  readonly self = this.w.trap("task_self_trap");
  readonly reply = this.w.trap("mach_reply_port");
  readonly buffer = this.w.scratch;

  allocate(pages: number): number {
    this.w.write64(this.buffer, 0);
    const size = pages * PAGE_SIZE;
    expect(this.w.trap("mach_vm_allocate", this.self, this.buffer, size, 1)).toBe(KERN_SUCCESS);
    return Number(this.w.words64(this.buffer, 1)[0]);
  }

  /** Send words at their offsets; four bytes each, bigints eight. @returns the trap's own result */
  send(
    id: number,
    size: number,
    words: Readonly<Record<number, number | bigint>>,
    room = 200,
    bits = RPC_BITS,
    remote = this.self,
  ): number {
    const bytes = new Uint8Array(size);
    const view = new DataView(bytes.buffer);
    const header = [bits, size, remote, this.reply, 0, id];
    header.forEach((word, i) => view.setUint32(4 * i, word >>> 0, true));
    for (const [at, word] of Object.entries(words)) {
      if (typeof word === "bigint") view.setBigUint64(Number(at), word, true);
      else view.setUint32(Number(at), word >>> 0, true);
    }
    this.w.write(this.buffer, bytes);
    const options = SEND_AND_RECEIVE;
    return this.w.trap("mach_msg_trap", this.buffer, options, size, room, this.reply, 0, 0);
  }

  answer(words: number): number[] {
    const bytes = this.w.read(this.buffer, 4 * words);
    if (typeof bytes === "string") throw new Error(bytes);
    const view = new DataView(bytes.buffer, bytes.byteOffset);
    return Array.from({ length: words }, (_, i) => view.getInt32(4 * i, true));
  }

  /**
   * Send to a port that has a receive right here, without asking for anything.
   * @param words four bytes each, bigints eight, from the end of the header on
   */
  post(
    port: number,
    words: readonly (number | bigint)[],
    { bits = MAKE_SEND, options = SEND, local = 0, timeout = 0 } = {},
  ): number {
    const bytes = new Uint8Array(
      words.reduce<number>((sum, word) => sum + (typeof word === "bigint" ? 8 : 4), 24),
    );
    const view = new DataView(bytes.buffer);
    const header = [bits, bytes.length, port, local, 0, 77];
    let at = 0;
    for (const word of [...header, ...words]) {
      if (typeof word === "bigint") view.setBigUint64(at, word, true);
      else view.setUint32(at, word >>> 0, true);
      at += typeof word === "bigint" ? 8 : 4;
    }
    this.w.write(this.buffer, bytes);
    return this.w.trap("mach_msg_trap", this.buffer, options, bytes.length, 0, 0, timeout, 0);
  }

  /** Receive without waiting, over what was in the buffer. */
  receive(port: number, room = 400, options = 0): number {
    const all = RECEIVE | RECEIVE_TIMEOUT | options;
    return this.w.trap("mach_msg_trap", this.buffer, all, 0, room, port, 0, 0);
  }
}
