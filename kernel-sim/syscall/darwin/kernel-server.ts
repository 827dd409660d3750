import type { Blocking } from "../../../vm/blocking.js";
import { vmMapDeallocate } from "../../../vm/map/lifecycle.js";
import { vmMapReference, type VmMap } from "../../../vm/map/map.js";
import { MSG_OOL_SIZE_SMALL } from "../../../vm/map/copy.js";
import { KERN_SUCCESS } from "../../../vm/types.js";
import type { Task } from "../../task.js";
import type { DarwinCall, MachReturn } from "./call.js";
import { HOST_ROUTINES } from "./host-server.js";
import { MACH_SEND_NO_BUFFER } from "./mach-codes.js";
import { MACH_VM_ROUTINES } from "./mach-vm-server.js";
import { MEMORY_CONTROL_ROUTINES } from "./memory-control-server.js";
import { bytesHeld, MESSAGE_OVERHEAD, type KernelMessage } from "./message.js";
import { enqueue } from "./port-queue.js";
import {
  destroyAbandoned,
  destroyCarried,
  destroyMessage,
  destroyRight,
} from "./message-destroy.js";
import {
  fitsRoutine,
  MIG_BAD_ARGUMENTS,
  MIG_BAD_ID,
  replyOf,
  Request,
  type Answer,
  type Routines,
  type Target,
} from "./mig.js";
import { isDeadPort, type Port } from "./port.js";
import { requestNotification } from "./port-requests.js";
import { MACH_PORT_ROUTINES } from "./port-server.js";
import { memoryObjectOf } from "./task-pager.js";
import { TASK_ROUTINES } from "./task-server.js";

/** Who serves what, by the kind of the port. What is not listed is answered with MIG_BAD_ID. */
const ROUTINES: Readonly<Record<Port["kind"], Routines>> = {
  task: { ...MACH_VM_ROUTINES, ...MACH_PORT_ROUTINES, ...TASK_ROUTINES },
  host: HOST_ROUTINES,
  memoryControl: MEMORY_CONTROL_ROUTINES,
  thread: {},
  queue: {},
};

/** The largest answer: memory by value, and the rest of it. */
const MAX_ANSWER_BYTES = MESSAGE_OVERHEAD + MSG_OOL_SIZE_SMALL + 8192;

/**
 * Serve a request to a port of the kernel, and queue the answer where the sender wants it. XNU:
 * ipc_kobject_server.
 * @returns MACH_SEND_NO_BUFFER, and nothing is done, when there would be no room for an answer
 */
export function* serveKernel(c: DarwinCall, message: KernelMessage): Blocking<MachReturn> {
  const { inFlight } = c.kernel;
  const request = new Request(message);
  if (!inFlight.takeBytes(MAX_ANSWER_BYTES)) {
    yield* destroyMessage(c.kernel, message);
    return MACH_SEND_NO_BUFFER;
  }
  const answer = yield* answerTo(c, message, request);
  yield* destroyCarried(c.kernel, request.left);
  for (const item of message.carried ?? []) {
    if (item.kind === "memory" && item.copy !== null) inFlight.copies.delete(item.copy);
  }
  inFlight.releaseBytes(message.heldBytes);
  const { reply } = message;
  const made = replyOf(message.id, answer);
  for (const item of made.carried ?? []) {
    if (item.kind === "memory" && item.copy !== null) inFlight.copies.add(item.copy);
  }
  if (reply === null || reply === "dead" || reply.port.kind !== "queue" || isDeadPort(reply.port)) {
    inFlight.releaseBytes(MAX_ANSWER_BYTES);
    yield* destroyCarried(c.kernel, made.carried ?? []);
    return KERN_SUCCESS;
  }
  const heldBytes = MESSAGE_OVERHEAD + made.inline.length + bytesHeld(made.carried ?? []);
  inFlight.releaseBytes(MAX_ANSWER_BYTES - heldBytes);
  const answered = { ...made, destination: reply, reply: null, sender: null, heldBytes };
  enqueue(c.kernel, reply.port, answered);
  return KERN_SUCCESS;
}

function* answerTo(c: DarwinCall, message: KernelMessage, request: Request): Blocking<Answer> {
  const { port } = message.destination;
  const routine = ROUTINES[port.kind][message.id];
  if (routine === undefined) return [MIG_BAD_ID];
  if (!fitsRoutine(routine, message)) return [MIG_BAD_ARGUMENTS];
  // Whoever's map it is may exit meanwhile.
  const held: VmMap[] = [];
  const hold = (task: Task): VmMap => {
    vmMapReference(task.map);
    held.push(task.map);
    return task.map;
  };
  const target: Target = {
    map: port.kind === "task" ? hold(port.task) : null,
    task: port.kind === "task" ? port.task : null,
    current: c.task.map,
    privileged: port.kind === "host",
    pager: port.kind === "memoryControl" ? port.pager : null,
    objectOf: (named) => (named.kind === "queue" ? memoryObjectOf(c, named) : null),
    release: (right) => {
      destroyRight(c.kernel, right);
    },
    settle: (ports) => destroyAbandoned(c.kernel, ports),
    request: (...args) => requestNotification(c.kernel, ...args),
    mapOf: (named) => (named?.kind === "task" && !isDeadPort(named) ? hold(named.task) : null),
  };
  const answer = routine.run(target, request);
  const result = "next" in answer ? yield* answer : answer;
  for (const map of held) yield* vmMapDeallocate(map);
  return result;
}
