import { describe, expect, it } from "vitest";
import {
  KERN_ALREADY_IN_SET,
  KERN_INVALID_CAPABILITY,
  KERN_INVALID_NAME,
  KERN_INVALID_RIGHT,
  KERN_INVALID_VALUE,
  KERN_NAME_EXISTS,
  KERN_NOT_IN_SET,
  KERN_RIGHT_EXISTS,
  KERN_SUCCESS,
  MACH_SEND_INVALID_DEST,
} from "../../../vm/types.js";
import { MAKE_SEND } from "../../support/mach-client.js";
import {
  COMPLEX_SEND,
  RCV_INVALID_NAME,
  RCV_TIMED_OUT,
  INVALID_RIGHT,
  MOVE_RECEIVE,
  COPY_SEND,
  MAKE_ONCE,
  RIGHT_SET,
  TYPE_SEND,
  TYPE_RECEIVE,
  TYPE_SET,
  TYPE_DEAD_NAME,
  RCV_LARGE,
  RCV_LARGE_IDENTITY,
  Ports,
} from "../../support/mach-ports.js";

describe("port sets", () => {
  it("give what has waited longest, whichever member it is for, and name the member", () => {
    const p = new Ports();
    const [a, b, c, set] = [p.make(), p.make(), p.make(), p.make(RIGHT_SET)];
    expect(p.type(set)).toBe(TYPE_SET);
    expect(p.next(set)).toBe(RCV_TIMED_OUT);
    for (const port of [a, b]) expect(p.insert(port, set)).toBe(KERN_SUCCESS);
    const order = [b, a, c, a, b];
    order.forEach((port, i) => expect(p.post(port, [i])).toBe(KERN_SUCCESS));
    expect(p.insert(c, set)).toBe(KERN_SUCCESS); // brings what waits for it already
    const received = order.map(() => p.next(set));
    expect(received).toEqual(order.map((port, i) => [port, i]));
    expect(p.next(set)).toBe(RCV_TIMED_OUT);
  });

  it("leave their members' own queues as they are", () => {
    const p = new Ports();
    const [a, b, set] = [p.make(), p.make(), p.make(RIGHT_SET)];
    p.insert(a, set);
    p.insert(b, set);
    p.post(a, [1]);
    p.post(b, [2]);
    p.post(a, [3]);
    expect(p.next(b)).toEqual([b, 2]);
    expect([p.next(set), p.next(a)]).toEqual([
      [a, 1],
      [a, 3],
    ]);
    expect(p.next(set)).toBe(RCV_TIMED_OUT);
  });

  it("say what is too long by the member's name, and keep it", () => {
    const p = new Ports();
    const [a, set] = [p.make(), p.make(RIGHT_SET)];
    p.insert(a, set);
    p.post(a, [1, 2, 3]);
    expect(p.receive(set, 28, RCV_LARGE | RCV_LARGE_IDENTITY)).toBe(0x1000_4004);
    const [, size, , local] = p.answer(4);
    expect([size, local]).toEqual([36, a]);
    expect(p.next(set)).toEqual([a, 1]);
  });

  it("are told which ports belong to them", () => {
    const p = new Ports();
    const [a, set, other] = [p.make(), p.make(RIGHT_SET), p.make(RIGHT_SET)];
    expect(p.insert(a, set)).toBe(KERN_SUCCESS);
    expect(p.insert(a, set)).toBe(KERN_ALREADY_IN_SET);
    expect(p.insert(a, other)).toBe(KERN_SUCCESS); // a port may be in several
    expect(p.extract(a, set)).toBe(KERN_SUCCESS);
    expect(p.extract(a, set)).toBe(KERN_NOT_IN_SET);
    expect(p.move(a, set)).toBe(KERN_SUCCESS);
    expect(p.extract(a, other)).toBe(KERN_NOT_IN_SET);
    expect(p.move(a, 0)).toBe(KERN_SUCCESS);
    expect(p.move(a, 0)).toBe(KERN_NOT_IN_SET);
    expect(p.insert(a, a)).toBe(KERN_INVALID_RIGHT);
    expect(p.insert(set, other)).toBe(KERN_INVALID_RIGHT);
    expect(p.insert(0x9903, set)).toBe(KERN_INVALID_NAME);
    expect(p.insert(a, 0x9903)).toBe(KERN_INVALID_NAME);
    expect(p.w.trap("mach_port_insert_member", 0x9903, a, set)).toBe(MACH_SEND_INVALID_DEST);
  });

  it("tell their members by message (mach_port_get_set_status)", () => {
    const p = new Ports();
    const [a, b, set] = [p.make(), p.make(), p.make(RIGHT_SET)];
    const status = (name: number): number => p.send(3211, 36, { 32: name });
    expect(p.send(3226, 40, { 32: a, 36: set })).toBe(KERN_SUCCESS);
    expect(p.answer(9)[8]).toBe(KERN_SUCCESS);
    p.insert(b, set);
    expect(status(set)).toBe(KERN_SUCCESS);
    const words = p.answer(14);
    expect([words[0]! < 0, words[6], words[10], words[13]]).toEqual([true, 1, 8, 2]);
    const at = (words[7]! >>> 0) + words[8]! * 2 ** 32;
    expect(p.w.words32(at, 2)).toEqual([a, b]);
    expect(p.send(3227, 40, { 32: a, 36: set })).toBe(KERN_SUCCESS);
    expect(p.send(3212, 40, { 32: b, 36: 0 })).toBe(KERN_SUCCESS);
    status(set);
    expect(p.answer(14).slice(6)).toEqual([1, 0, 0, 0x1000101, 0, 0, 1, 0]);
    status(a);
    expect(p.answer(9)[8]).toBe(KERN_INVALID_RIGHT);
  });

  it("go without their members", () => {
    const p = new Ports();
    const [a, set] = [p.make(), p.make(RIGHT_SET)];
    p.insert(a, set);
    p.post(a, [5]);
    expect(p.drop(set, RIGHT_SET)).toBe(KERN_SUCCESS);
    expect(p.type(set)).toBe(-KERN_INVALID_NAME);
    expect(p.receive(set)).toBe(RCV_INVALID_NAME);
    expect(p.next(a)).toEqual([a, 5]);
    expect(p.move(a, 0)).toBe(KERN_NOT_IN_SET);
  });
});

describe("receive rights in messages", () => {
  it("take what waits along, and leave the sets they were in", () => {
    const p = new Ports();
    const [a, to, set] = [p.make(), p.make(), p.make(RIGHT_SET)];
    p.insert(a, set);
    p.post(a, [41]);
    p.post(a, [42]);
    expect(p.give(to, a, MOVE_RECEIVE)).toBe(KERN_SUCCESS);
    expect([p.type(a), p.next(a)]).toEqual([-KERN_INVALID_NAME, RCV_INVALID_NAME]);
    expect(p.next(set)).toBe(RCV_TIMED_OUT);
    const [name, type] = p.got(to);
    expect([type, p.type(name)]).toEqual([MOVE_RECEIVE, TYPE_RECEIVE]);
    expect([p.next(name), p.next(name)]).toEqual([
      [name, 41],
      [name, 42],
    ]);
  });

  it("join the send rights the receiver has already, and leave the sender his", () => {
    const p = new Ports();
    const [a, to] = [p.make(), p.make()];
    p.sendRight(a);
    expect(p.type(a)).toBe(TYPE_SEND + TYPE_RECEIVE);
    expect(p.give(to, a, MOVE_RECEIVE)).toBe(KERN_SUCCESS);
    expect(p.type(a)).toBe(TYPE_SEND);
    expect(p.post(a, [9], { bits: COPY_SEND })).toBe(KERN_SUCCESS); // it waits with the right
    expect(p.got(to)).toEqual([a, MOVE_RECEIVE]);
    expect(p.type(a)).toBe(TYPE_SEND + TYPE_RECEIVE);
    expect(p.next(a)).toEqual([a, 9]);
  });

  it("travel many at once, and are refused where there is none", () => {
    const p = new Ports();
    const [a, b, to] = [p.make(), p.make(), p.make()];
    const at = p.w.scratch + 0x2000;
    p.w.write(at, new Uint8Array(Uint32Array.of(a, b).buffer));
    const words = [1, BigInt(at), (1 << 8) + (MOVE_RECEIVE << 16) + (2 << 24), 2];
    expect(p.post(to, words, { bits: COMPLEX_SEND })).toBe(KERN_SUCCESS);
    expect([p.type(a), p.type(b)]).toEqual([-KERN_INVALID_NAME, -KERN_INVALID_NAME]);
    expect(p.receive(to)).toBe(KERN_SUCCESS);
    const [low, high, flags, count] = p.answer(11).slice(7);
    expect([(flags! >>> 16) & 0xff, count]).toEqual([MOVE_RECEIVE, 2]);
    const names = p.w.words32((low! >>> 0) + high! * 2 ** 32, 2);
    expect(names.map((name) => p.type(name))).toEqual([TYPE_RECEIVE, TYPE_RECEIVE]);
    expect(p.give(to, a, MOVE_RECEIVE)).toBe(INVALID_RIGHT);
    expect(p.give(to, p.make(RIGHT_SET), MOVE_RECEIVE)).toBe(INVALID_RIGHT);
  });

  it("die with a message that nobody receives, with all that waits behind them, however deep", () => {
    const p = new Ports();
    const depth = 300;
    const ports = Array.from({ length: depth }, () => p.make());
    const top = p.make();
    p.sendRight(ports[0]!);
    // The last goes into the one before it, and so on up; the first goes into `top`.
    for (let i = depth - 1; i > 0; i--)
      expect(p.give(ports[i - 1]!, ports[i]!, MOVE_RECEIVE)).toBe(0);
    expect(p.give(top, ports[0]!, MOVE_RECEIVE)).toBe(KERN_SUCCESS);
    expect(p.drop(top)).toBe(KERN_SUCCESS);
    expect(p.type(ports[0]!)).toBe(TYPE_DEAD_NAME);
    expect(p.w.kernel.inFlight.bytes).toBe(0);
  });

  it("that would go round in a circle are gone, at once", () => {
    const p = new Ports();
    const [a, b] = [p.make(), p.make()];
    p.sendRight(a);
    p.sendRight(b);
    expect(p.give(a, a, MOVE_RECEIVE)).toBe(KERN_SUCCESS);
    expect(p.type(a)).toBe(TYPE_DEAD_NAME);
    const c = p.make();
    p.sendRight(c);
    expect(p.give(b, c, MOVE_RECEIVE)).toBe(KERN_SUCCESS); // c waits in b
    const into = p.post(c, [1, b, 0, MOVE_RECEIVE << 16], { bits: 0x8000_0000 + COPY_SEND });
    expect(into).toBe(KERN_SUCCESS); // b would wait in c
    expect([p.type(b), p.type(c)]).toEqual([TYPE_DEAD_NAME, TYPE_DEAD_NAME]);
    expect(p.w.kernel.inFlight.bytes).toBe(0);
  });

  it("that are on their way when the task ends leave nothing behind", () => {
    const p = new Ports();
    const [a, to] = [p.make(), p.make()];
    p.post(a, [1]);
    p.give(to, a, MOVE_RECEIVE);
    expect(p.w.kernel.inFlight.bytes).toBeGreaterThan(0);
    p.w.svc(1, 0);
    expect(p.w.task.alive).toBe(false);
    expect(p.w.kernel.inFlight.bytes).toBe(0);
  });
});

describe("mach_port_insert_right", () => {
  it("puts a right under the name the port has", () => {
    const p = new Ports();
    const [a, b] = [p.make(), p.make()];
    const insert = (name: number, poly: number, disposition: number): number =>
      p.w.trap("mach_port_insert_right", p.self, name, poly, disposition);
    expect(insert(a, a, MAKE_SEND)).toBe(KERN_SUCCESS);
    expect(insert(b, a, MAKE_SEND)).toBe(KERN_RIGHT_EXISTS);
    expect(insert(a, a, MAKE_ONCE)).toBe(KERN_NAME_EXISTS);
    expect(insert(0x9903, a, MAKE_SEND)).toBe(KERN_INVALID_VALUE);
    expect(insert(a, 0x9903, MAKE_SEND)).toBe(KERN_INVALID_NAME);
    expect(insert(a, p.self, MAKE_SEND)).toBe(KERN_INVALID_RIGHT);
    expect(insert(a, 0, MAKE_SEND)).toBe(KERN_INVALID_CAPABILITY);
  });
});
