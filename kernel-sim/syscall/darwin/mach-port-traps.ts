import type { Blocking } from "../../../vm/blocking.js";
import {
  KERN_INVALID_ARGUMENT,
  KERN_INVALID_CAPABILITY,
  KERN_INVALID_NAME,
  KERN_INVALID_RIGHT,
  KERN_INVALID_VALUE,
  KERN_NOT_SUPPORTED,
  KERN_SUCCESS,
  type KernReturn,
  MACH_SEND_INVALID_DEST,
} from "../../../vm/types.js";
import { trap, type DarwinCall, type MachReturn, type MachRow } from "./call.js";
import { machMsg2Trap, machMsgTrap } from "./mach-msg.js";
import { destroyAbandoned, destroyRight } from "./message-destroy.js";
import { extractMember, insertMember, moveMember } from "./port-sets.js";
import { requestNotification } from "./port-requests.js";
import { BAD_POINTER } from "./mach-vm-traps.js";
import { HOST_PORT, taskPort, threadPort } from "./port.js";
import { MACH_PORT_RIGHT_NUMBER, MACH_PORT_RIGHT_RECEIVE } from "./port-entry.js";
import type { PortSpace } from "./ports.js";

/** The port names the caller's own task: the only one these traps work on. */
function isOwnTask(c: DarwinCall): boolean {
  const port = c.state.ports.send(c.uint(0));
  return typeof port !== "number" && port.kind === "task" && port.task === c.task;
}

function* allocate(c: DarwinCall): Blocking<MachReturn> {
  if (!isOwnTask(c)) return MACH_SEND_INVALID_DEST;
  const right = c.int(1);
  if (right < 0 || right >= MACH_PORT_RIGHT_NUMBER) return KERN_INVALID_VALUE;
  const name = c.state.ports.allocate(right);
  if (name === null) return KERN_INVALID_VALUE;
  return (yield* c.copyOutInts(c.u64(2), [name])) === null ? KERN_SUCCESS : BAD_POINTER;
}

function* deallocate(c: DarwinCall): Blocking<MachReturn> {
  if (!isOwnTask(c)) return MACH_SEND_INVALID_DEST;
  const kr = c.state.ports.deallocate(c.uint(1));
  yield* destroyAbandoned(c.kernel, c.state.ports);
  return kr;
}

function* modRefs(c: DarwinCall): Blocking<MachReturn> {
  if (!isOwnTask(c)) return MACH_SEND_INVALID_DEST;
  const kr = c.state.ports.modRefs(c.uint(1), c.int(2), c.int(3));
  yield* destroyAbandoned(c.kernel, c.state.ports);
  return kr;
}

function* insertRight(c: DarwinCall): Blocking<MachReturn> {
  if (!isOwnTask(c)) return MACH_SEND_INVALID_DEST;
  const { ports } = c.state;
  const right = ports.copyin(c.uint(2), c.int(3));
  if (right === undefined) return ports.has(c.uint(2)) ? KERN_INVALID_RIGHT : KERN_INVALID_NAME;
  if (right === null || right === "dead") return KERN_INVALID_CAPABILITY;
  const kr = ports.insert(c.uint(1), right);
  if (kr !== KERN_SUCCESS) destroyRight(c.kernel, right);
  yield* destroyAbandoned(c.kernel, ports);
  return kr;
}

/** XNU: _kernelrpc_mach_port_request_notification_trap; the notify right is a send-once right to be made. */
function* requestNotificationTrap(c: DarwinCall): Blocking<MachReturn> {
  if (!isOwnTask(c)) return MACH_SEND_INVALID_DEST;
  const { ports } = c.state;
  const notify = ports.copyin(c.uint(4), c.int(5));
  if (notify === undefined) return KERN_INVALID_CAPABILITY;
  const asked = requestNotification(c.kernel, ports, c.uint(1), c.int(2), c.uint(3), notify);
  if (asked.kr !== KERN_SUCCESS) {
    destroyRight(c.kernel, notify);
    return asked.kr;
  }
  const previous = ports.copyout(asked.previous);
  return (yield* c.copyOutInts(c.u64(6), [previous])) === null ? KERN_SUCCESS : BAD_POINTER;
}

function* type(c: DarwinCall): Blocking<MachReturn> {
  if (!isOwnTask(c)) return MACH_SEND_INVALID_DEST;
  const name = c.uint(1);
  if (!c.state.ports.has(name)) return c.state.ports.type(name);
  const fault = yield* c.copyOutInts(c.u64(2), [c.state.ports.type(name)]);
  return fault === null ? KERN_SUCCESS : BAD_POINTER;
}

/** The pid of the task a port names; -1 and an error for any other. XNU: pid_for_task. */
function* pidForTask(c: DarwinCall): Blocking<MachReturn> {
  const port = c.state.ports.send(c.uint(0));
  const found = typeof port !== "number" && port.kind === "task";
  const fault = yield* c.copyOutInts(c.u64(1), [found ? port.task.pid : -1]);
  if (fault !== null) return BAD_POINTER;
  return found ? KERN_SUCCESS : KERN_INVALID_ARGUMENT;
}

/**
 * A trap that XNU has and that is not served here: programs see KERN_NOT_SUPPORTED.
 * Differs from XNU.
 */
function unserved(number: number, name: string, args: string): MachRow {
  return trap(number, name, args, () => KERN_NOT_SUPPORTED);
}

/** XNU: port_name_to_semaphore, when no name can be a semaphore's. */
function semaphoreError(ports: PortSpace, name: number): KernReturn {
  const port = ports.send(name);
  return typeof port === "number" ? port : KERN_INVALID_ARGUMENT;
}

/** Nothing makes semaphores yet, so every name is a wrong one. */
function semaphore(number: number, name: string, args: string): MachRow {
  return trap(number, name, args, (c) => semaphoreError(c.state.ports, c.uint(0)));
}

const MSG_ARGS =
  "msg:pointer option:hex send_size:uint rcv_size:uint rcv_name:port timeout:uint priority:uint";

/** Port names and messages. XNU: ipc/mach_kernelrpc.c, ipc/mach_msg.c, kern/ipc_tt.c. */
export const MACH_PORT_ROWS: readonly MachRow[] = [
  trap(16, "mach_port_allocate", "target:port right:int name:pointer", allocate),
  trap(18, "mach_port_deallocate", "target:port name:port", deallocate),
  trap(19, "mach_port_mod_refs", "target:port name:port right:int delta:int", modRefs),
  trap(20, "mach_port_move_member", "target:port member:port after:port", (c) =>
    isOwnTask(c) ? moveMember(c.state.ports, c.uint(1), c.uint(2)) : MACH_SEND_INVALID_DEST,
  ),
  trap(
    21,
    "mach_port_insert_right",
    "target:port name:port poly:port disposition:int",
    insertRight,
  ),
  trap(22, "mach_port_insert_member", "target:port name:port pset:port", (c) =>
    isOwnTask(c) ? insertMember(c.state.ports, c.uint(1), c.uint(2)) : MACH_SEND_INVALID_DEST,
  ),
  trap(23, "mach_port_extract_member", "target:port name:port pset:port", (c) =>
    isOwnTask(c) ? extractMember(c.state.ports, c.uint(1), c.uint(2)) : MACH_SEND_INVALID_DEST,
  ),
  unserved(24, "mach_port_construct", "target:port options:pointer context:hex name:pointer"),
  unserved(25, "mach_port_destruct", "target:port name:port srdelta:int guard:hex"),
  trap(
    26,
    "mach_reply_port",
    "",
    (c) => BigInt(c.state.ports.allocate(MACH_PORT_RIGHT_RECEIVE) ?? 0),
    "value",
  ),
  trap(
    27,
    "thread_self_trap",
    "",
    (c) => BigInt(c.state.ports.addSend(threadPort(c.thread))),
    "value",
  ),
  trap(28, "task_self_trap", "", (c) => BigInt(c.state.ports.addSend(taskPort(c.task))), "value"),
  trap(29, "host_self_trap", "", (c) => BigInt(c.state.ports.addSend(HOST_PORT)), "value"),
  trap(31, "mach_msg_trap", MSG_ARGS, (c) => machMsgTrap(c)),
  trap(32, "mach_msg_overwrite_trap", `${MSG_ARGS} rcv_msg:pointer`, (c) =>
    machMsgTrap(c, c.u64(7) === 0n ? c.u64(0) : c.u64(7)),
  ),
  semaphore(33, "semaphore_signal_trap", "signal:port"),
  semaphore(34, "semaphore_signal_all_trap", "signal:port"),
  semaphore(35, "semaphore_signal_thread_trap", "signal:port thread:port"),
  semaphore(36, "semaphore_wait_trap", "wait:port"),
  semaphore(37, "semaphore_wait_signal_trap", "wait:port signal:port"),
  semaphore(38, "semaphore_timedwait_trap", "wait:port sec:uint nsec:uint"),
  semaphore(39, "semaphore_timedwait_signal_trap", "wait:port signal:port sec:uint nsec:uint"),
  unserved(
    40,
    "mach_port_get_attributes",
    "target:port name:port flavor:int info:pointer count:pointer",
  ),
  unserved(41, "mach_port_guard", "target:port name:port guard:hex strict:int"),
  unserved(42, "mach_port_unguard", "target:port name:port guard:hex"),
  unserved(44, "task_name_for_pid", "target:port pid:pid task:pointer"),
  unserved(45, "task_for_pid", "target:port pid:pid task:pointer"),
  trap(46, "pid_for_task", "task:port pid:pointer", pidForTask),
  trap(
    47,
    "mach_msg2_trap",
    "data:pointer options:hex bits_send_size:hex remote_local:hex voucher_id:hex desc_rcv_name:hex " +
      "rcv_size_priority:hex timeout:uint",
    machMsg2Trap,
  ),
  unserved(50, "thread_get_special_reply_port", ""),
  unserved(
    70,
    "host_create_mach_voucher_trap",
    "host:port recipes:pointer size:uint voucher:pointer",
  ),
  unserved(
    72,
    "mach_voucher_extract_attr_recipe",
    "voucher:port key:uint recipe:pointer size:pointer",
  ),
  trap(76, "mach_port_type", "target:port name:port type:pointer", type),
  trap(
    77,
    "mach_port_request_notification",
    "target:port name:port id:int sync:uint notify:port disposition:int previous:pointer",
    requestNotificationTrap,
  ),
];
