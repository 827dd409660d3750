import { describe, expect, it } from "vitest";
import { DARWIN, darwinState } from "../../../kernel-sim/syscall/darwin/index.js";
import { taskPort } from "../../../kernel-sim/syscall/darwin/port.js";
import { runNow } from "../../../vm/blocking.js";
import {
  KERN_INVALID_ARGUMENT,
  KERN_INVALID_CAPABILITY,
  KERN_INVALID_NAME,
  KERN_INVALID_RIGHT,
  KERN_INVALID_VALUE,
  KERN_SUCCESS,
} from "../../../vm/types.js";
import { MAKE_SEND } from "../../support/mach-client.js";
import {
  RCV_TIMED_OUT,
  MOVE_RECEIVE,
  MOVE_SEND,
  COPY_SEND,
  MAKE_ONCE,
  RIGHT_SEND,
  RIGHT_SET,
  TYPE_SEND,
  TYPE_RECEIVE,
  TYPE_DEAD_NAME,
  NO_SENDERS,
  SEND_ONCE_LOST,
  DEAD_NAME,
  PORT_DELETED,
  Ports,
} from "../../support/mach-ports.js";

describe("no-senders notifications", () => {
  it("come when the last send right goes, with how many were made", () => {
    const p = new Ports();
    const a = p.make();
    p.sendRight(a);
    p.sendRight(a);
    expect(p.ask(a, NO_SENDERS, 1)).toBe(KERN_SUCCESS);
    expect(p.w.words32(p.out, 1)).toEqual([0]); // nobody was to be told before
    expect(p.notification()).toBe(RCV_TIMED_OUT);
    expect(p.drop(a, RIGHT_SEND)).toBe(KERN_SUCCESS);
    expect(p.notification()).toBe(RCV_TIMED_OUT); // a reference is left
    expect(p.drop(a, RIGHT_SEND)).toBe(KERN_SUCCESS);
    expect(p.notification()).toEqual([NO_SENDERS, 2]);
    expect(p.notification()).toBe(RCV_TIMED_OUT); // once only
  });

  it("come at once where there are none, if none were made since", () => {
    const p = new Ports();
    const a = p.make();
    expect(p.ask(a, NO_SENDERS, 1)).toBe(KERN_SUCCESS); // one is to come first
    expect(p.notification()).toBe(RCV_TIMED_OUT);
    expect(p.ask(a, NO_SENDERS, 0)).toBe(KERN_SUCCESS);
    expect(p.notification()).toEqual([NO_SENDERS, 0]);
  });

  it("count the rights in messages, and those messages are sent by", () => {
    const p = new Ports();
    const [a, to] = [p.make(), p.make()];
    p.ask(a, NO_SENDERS, 1);
    expect(p.give(to, a, MAKE_SEND)).toBe(KERN_SUCCESS);
    const [name] = p.got(to);
    expect([name, p.type(a)]).toEqual([a, TYPE_SEND + TYPE_RECEIVE]);
    expect(p.give(to, a, MOVE_SEND)).toBe(KERN_SUCCESS);
    expect(p.type(a)).toBe(TYPE_RECEIVE);
    expect(p.notification()).toBe(RCV_TIMED_OUT); // it is in the message
    expect(p.drop(to)).toBe(KERN_SUCCESS);
    expect(p.notification()).toEqual([NO_SENDERS, 1]);
    p.ask(a, NO_SENDERS, 2);
    expect(p.post(a, [1])).toBe(KERN_SUCCESS); // by a right made for it
    expect(p.notification()).toBe(RCV_TIMED_OUT);
    expect(p.next(a)).toEqual([a, 1]);
    expect(p.notification()).toEqual([NO_SENDERS, 2]);
  });

  it("go along with the receive right", () => {
    const p = new Ports();
    const [a, to] = [p.make(), p.make()];
    p.sendRight(a);
    p.ask(a, NO_SENDERS, 1);
    p.give(to, a, MOVE_RECEIVE);
    expect(p.drop(a, RIGHT_SEND)).toBe(KERN_SUCCESS);
    expect(p.notification()).toEqual([NO_SENDERS, 0]); // it counts afresh at a new receiver
    expect(p.got(to)[1]).toBe(MOVE_RECEIVE);
  });

  it("count the right the kernel keeps as a bootstrap port", () => {
    const p = new Ports();
    const a = p.make();
    p.ask(a, NO_SENDERS, 1);
    const bits = 0x8000_0000 + COPY_SEND + (MAKE_ONCE << 8);
    const words = { 24: 1, 28: a, 36: MAKE_SEND << 16, 40: 1n << 32n, 48: 4 };
    expect(p.send(3410, 52, words, 200, bits)).toBe(KERN_SUCCESS);
    expect(p.answer(9)[8]).toBe(KERN_SUCCESS);
    expect(p.notification()).toBe(RCV_TIMED_OUT);
    const none = { 24: 1, 28: 0, 36: COPY_SEND << 16, 40: 1n << 32n, 48: 4 };
    expect(p.send(3410, 52, none, 200, bits)).toBe(KERN_SUCCESS);
    const first = p.answer(9); // it comes before the answer
    expect([first[5], first[8]]).toEqual([NO_SENDERS, 1]);
    expect(p.notification()).toEqual([3510, KERN_SUCCESS]);
  });

  it("that are replaced give the old right back, and die with the port", () => {
    const p = new Ports();
    const a = p.make();
    p.sendRight(a);
    p.ask(a, NO_SENDERS, 1);
    p.ask(a, NO_SENDERS, 1);
    const previous = p.w.words32(p.out, 1)[0]!;
    expect(p.type(previous)).toBe(1 << 18);
    expect(p.drop(a)).toBe(KERN_SUCCESS);
    expect(p.notification()).toEqual([SEND_ONCE_LOST, expect.any(Number)]);
    expect(p.ask(0x9903, NO_SENDERS)).toBe(KERN_INVALID_NAME);
    expect(p.ask(p.self, NO_SENDERS)).toBe(KERN_INVALID_RIGHT);
    expect(p.ask(p.reply, 99)).toBe(KERN_INVALID_VALUE);
    expect(p.ask(p.reply, NO_SENDERS, 0, p.self, COPY_SEND)).toBe(KERN_INVALID_CAPABILITY);
  });
});

describe("dead-name notifications", () => {
  it("come when the port dies, with a reference to the dead name", () => {
    const p = new Ports();
    const a = p.make();
    p.sendRight(a);
    expect(p.ask(a, DEAD_NAME)).toBe(KERN_SUCCESS);
    expect(p.notification()).toBe(RCV_TIMED_OUT);
    expect(p.drop(a)).toBe(KERN_SUCCESS);
    expect(p.notification()).toEqual([DEAD_NAME, a]);
    expect(p.type(a)).toBe(TYPE_DEAD_NAME);
    for (let i = 0; i < 2; i++) expect(p.w.trap("mach_port_deallocate", p.self, a)).toBe(0);
    expect(p.type(a)).toBe(-KERN_INVALID_NAME);
  });

  it("come at once for a dead name, if that is wanted", () => {
    const p = new Ports();
    const a = p.make();
    p.sendRight(a);
    p.drop(a);
    expect(p.ask(a, DEAD_NAME, 0)).toBe(KERN_INVALID_ARGUMENT);
    expect(p.ask(a, DEAD_NAME, 1)).toBe(KERN_SUCCESS);
    expect(p.notification()).toEqual([SEND_ONCE_LOST, expect.any(Number)]); // of the refused one
    expect(p.notification()).toEqual([DEAD_NAME, a]);
    expect(p.ask(p.make(RIGHT_SET), DEAD_NAME)).toBe(KERN_INVALID_RIGHT);
  });

  it("say so when the name goes first", () => {
    const p = new Ports();
    const a = p.make();
    p.ask(a, DEAD_NAME);
    p.drop(a);
    expect(p.notification()).toEqual([PORT_DELETED, a]);
  });

  it("tell of the death of a task", () => {
    const p = new Ports();
    const child = p.w.kernel.tasks.get(p.w.number("fork"))!;
    const name = darwinState(p.w.task).ports.addSend(taskPort(child));
    expect(p.type(name)).toBe(TYPE_SEND);
    expect(p.ask(name, DEAD_NAME)).toBe(KERN_SUCCESS);
    child.exiting = true;
    runNow(DARWIN.taskExiting!(p.w.kernel, child));
    child.exiting = false;
    expect(p.notification()).toEqual([DEAD_NAME, name]);
  });
});
