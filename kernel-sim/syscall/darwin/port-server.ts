import type { Blocking } from "../../../vm/blocking.js";
import {
  KERN_INVALID_ARGUMENT,
  KERN_INVALID_CAPABILITY,
  KERN_INVALID_TASK,
  KERN_INVALID_VALUE,
  KERN_SUCCESS,
} from "../../../vm/types.js";
import { MACH_MSG_VIRTUAL_COPY, OOL_DESCRIPTOR, type Carried } from "./message.js";
import type { Answer, Request, Routines, Target } from "./mig.js";
import { extractMember, insertMember, moveMember, setStatus } from "./port-sets.js";
import { MACH_PORT_RIGHT_NUMBER } from "./port-entry.js";
import type { PortSpace } from "./ports.js";
import { darwinState } from "./state.js";

type Serve = (ports: PortSpace, r: Request, target: Target) => Answer;

/** A routine on the port names of the task the request is about, and what it leaves behind. */
function onSpace(bytes: number, serve: Serve): Routines[number] {
  return { bytes, run: (target, r) => serveSpace(target, r, serve) };
}

function* serveSpace(target: Target, r: Request, serve: Serve): Blocking<Answer> {
  if (target.task === null) return [KERN_INVALID_TASK];
  const { ports } = darwinState(target.task);
  const answer = serve(ports, r, target);
  yield* target.settle(ports);
  return answer;
}

function namesOutOfLine(names: readonly number[]): Carried {
  const data = new Uint8Array(Uint32Array.from(names).buffer);
  const { length: size } = data;
  const copy = size === 0 ? null : ({ type: "kernelBuffer", size, data } as const);
  return { kind: "memory", copy, size, type: OOL_DESCRIPTOR, copyOption: MACH_MSG_VIRTUAL_COPY };
}

/** Routines of subsystem mach_port, on the names of another task or one's own. XNU: mach/mach_port.defs. */
export const MACH_PORT_ROUTINES: Routines = {
  3201: onSpace(36, (ports, r) => {
    const name = r.u32(32);
    return ports.has(name) ? [KERN_SUCCESS, ports.type(name)] : [ports.type(name)];
  }),
  3204: onSpace(36, (ports, r) => {
    const right = r.i32(32);
    if (right < 0 || right >= MACH_PORT_RIGHT_NUMBER) return [KERN_INVALID_VALUE];
    const name = ports.allocate(right);
    return name === null ? [KERN_INVALID_VALUE] : [KERN_SUCCESS, name];
  }),
  3206: onSpace(36, (ports, r) => [ports.deallocate(r.u32(32))]),
  3208: onSpace(44, (ports, r) => [ports.modRefs(r.u32(32), r.i32(36), r.i32(40))]),
  3211: onSpace(36, (ports, r) => {
    const status = setStatus(ports, r.u32(32));
    if (status.kr !== KERN_SUCCESS) return [status.kr];
    return { carried: [namesOutOfLine(status.names)], results: [status.names.length] };
  }),
  3212: onSpace(40, (ports, r) => [moveMember(ports, r.u32(32), r.u32(36))]),
  3213: {
    bytes: 60,
    carries: "port",
    run({ task, request }, r) {
      if (task === null) return [KERN_INVALID_TASK];
      const { ports } = darwinState(task);
      const asked = request(ports, r.u32(48), r.i32(52), r.u32(56), r.right());
      if (asked.kr !== KERN_SUCCESS) return [asked.kr];
      r.keepRights();
      const { previous: right } = asked;
      return { carried: [{ kind: "port", right, once: true }], results: [] };
    },
  },
  3214: {
    bytes: 52,
    carries: "port",
    run({ task }, r) {
      if (task === null) return [KERN_INVALID_TASK];
      const right = r.right();
      if (right === null) return [KERN_INVALID_ARGUMENT];
      if (right === "dead") return [KERN_INVALID_CAPABILITY];
      const kr = darwinState(task).ports.insert(r.u32(48), right);
      if (kr === KERN_SUCCESS) r.keepRights();
      return [kr];
    },
  },
  3226: onSpace(40, (ports, r) => [insertMember(ports, r.u32(32), r.u32(36))]),
  3227: onSpace(40, (ports, r) => [extractMember(ports, r.u32(32), r.u32(36))]),
};
