import { expect } from "vitest";
import { KERN_SUCCESS } from "../../vm/types.js";
import { MachClient, MAKE_SEND } from "./mach-client.js";

export const COMPLEX_SEND = 0x8000_0000 + MAKE_SEND;
export const RCV_INVALID_NAME = 0x1000_4002;
export const RCV_TIMED_OUT = 0x1000_4003;
export const INVALID_RIGHT = 0x1000_000a;
export const MOVE_RECEIVE = 16;
export const MOVE_SEND = 17;
export const COPY_SEND = 19;
export const MAKE_ONCE = 21;
export const RIGHT_RECEIVE = 1;
export const RIGHT_SEND = 0;
export const RIGHT_SET = 3;
export const TYPE_SEND = 1 << 16;
export const TYPE_RECEIVE = 1 << 17;
export const TYPE_SET = 1 << 19;
export const TYPE_DEAD_NAME = 1 << 20;
export const NO_SENDERS = 70;
export const SEND_ONCE_LOST = 71;
export const DEAD_NAME = 72;
export const PORT_DELETED = 65;
export const RCV_LARGE = 4;
export const RCV_LARGE_IDENTITY = 8;

/** A task that works with rights, as its program would. */
export class Ports extends MachClient {
  readonly out = this.w.scratch + 0x3000;

  make(right = RIGHT_RECEIVE): number {
    expect(this.w.trap("mach_port_allocate", this.self, right, this.out)).toBe(KERN_SUCCESS);
    return this.w.words32(this.out, 1)[0]!;
  }

  type(name: number): number {
    const kr = this.w.trap("mach_port_type", this.self, name, this.out);
    return kr === KERN_SUCCESS ? this.w.words32(this.out, 1)[0]! : -kr;
  }

  insert(member: number, set: number): number {
    return this.w.trap("mach_port_insert_member", this.self, member, set);
  }

  extract(member: number, set: number): number {
    return this.w.trap("mach_port_extract_member", this.self, member, set);
  }

  move(member: number, set: number): number {
    return this.w.trap("mach_port_move_member", this.self, member, set);
  }

  drop(name: number, right = RIGHT_RECEIVE): number {
    return this.w.trap("mach_port_mod_refs", this.self, name, right, -1);
  }

  sendRight(name: number): number {
    return this.w.trap("mach_port_insert_right", this.self, name, name, MAKE_SEND);
  }

  /** A message with one right in it. */
  give(to: number, name: number, disposition: number): number {
    return this.post(to, [1, name, 0, disposition << 16], { bits: COMPLEX_SEND });
  }

  /** The port a message was for, and its first word; or why there is none. */
  next(from: number): [port: number, word: number] | number {
    const code = this.receive(from);
    if (code !== KERN_SUCCESS) return code;
    const words = this.answer(9);
    return [words[3]!, words[6]!];
  }

  /** The name of the right that was received, and what it was announced as. */
  got(from: number): [name: number, type: number] {
    expect(this.receive(from)).toBe(KERN_SUCCESS);
    const words = this.answer(10);
    return [words[7]!, (words[9]! >>> 16) & 0xff];
  }

  ask(name: number, id: number, sync = 0, notify = this.reply, disposition = MAKE_ONCE): number {
    const args = [this.self, name, id, sync, notify, disposition, this.out];
    return this.w.trap("mach_port_request_notification", ...args);
  }

  /** The id of a notification that arrived and the word in it; or why there is none. */
  notification(): [id: number, word: number] | number {
    const code = this.receive(this.reply);
    if (code !== KERN_SUCCESS) return code;
    const words = this.answer(9);
    return [words[5]!, words[8]!];
  }
}
