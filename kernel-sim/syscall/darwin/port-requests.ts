import {
  KERN_INVALID_ARGUMENT,
  KERN_INVALID_CAPABILITY,
  KERN_INVALID_NAME,
  KERN_INVALID_RIGHT,
  KERN_INVALID_VALUE,
  KERN_SUCCESS,
  type KernResult,
} from "../../../vm/types.js";
import type { Kernel } from "../../kernel.js";
import {
  MACH_NOTIFY_DEAD_NAME,
  MACH_NOTIFY_NO_SENDERS,
  type CarriedRight,
  type Right,
} from "./message.js";
import { notifyDeadName, notifyNoSenders } from "./notifications.js";
import { isDeadPort } from "./port.js";
import type { PortSpace } from "./ports.js";

type Asked = KernResult<{ readonly previous: Right | null }>;

/**
 * Have something told when the port behind a name dies (MACH_NOTIFY_DEAD_NAME), or when the last send right to
 * a receive right's port goes (MACH_NOTIFY_NO_SENDERS). XNU: mach_port_request_notification. Differs from XNU:
 * no MACH_NOTIFY_PORT_DESTROYED and MACH_NOTIFY_SEND_POSSIBLE.
 * @param sync no senders: told at once if no more rights than that were made, and there are none now; dead
 *   name: anything but 0 tells at once if it is dead now
 * @param notify a send-once right, used up by success; null asks for nothing any more
 * @returns who was told so far; KERN_INVALID_VALUE for other kinds; KERN_INVALID_CAPABILITY for another right;
 *   KERN_INVALID_NAME; KERN_INVALID_RIGHT for a name without such rights; KERN_INVALID_ARGUMENT for a dead name
 *   that is not to be told of at once
 */
export function requestNotification(
  kernel: Kernel,
  ports: PortSpace,
  name: number,
  id: number,
  sync: number,
  notify: CarriedRight,
): Asked {
  if (notify === "dead") return { kr: KERN_INVALID_CAPABILITY };
  if (notify !== null && (!notify.once || notify.port.kind !== "queue")) {
    return { kr: KERN_INVALID_CAPABILITY };
  }
  if (id === MACH_NOTIFY_NO_SENDERS) return requestNoSenders(kernel, ports, name, sync, notify);
  if (id === MACH_NOTIFY_DEAD_NAME) return requestDeadName(kernel, ports, name, sync, notify);
  return { kr: KERN_INVALID_VALUE };
}

/** XNU: ipc_port_nsrequest. */
function requestNoSenders(
  kernel: Kernel,
  ports: PortSpace,
  name: number,
  sync: number,
  notify: Right | null,
): Asked {
  const queue = ports.queueOf(name);
  if (queue === null) return { kr: ports.has(name) ? KERN_INVALID_RIGHT : KERN_INVALID_NAME };
  const previous = queue.noSenders;
  queue.noSenders = notify;
  if (notify !== null && queue.sendRights === 0 && sync <= queue.makeSendCount) {
    queue.noSenders = null;
    notifyNoSenders(kernel, notify, queue.makeSendCount);
  }
  return { kr: KERN_SUCCESS, previous };
}

/** XNU: mach_port_request_notification, ipc_right_request_alloc. */
function requestDeadName(
  kernel: Kernel,
  ports: PortSpace,
  name: number,
  sync: number,
  notify: Right | null,
): Asked {
  if (!ports.has(name)) return { kr: KERN_INVALID_NAME };
  const rights = ports.rightsOf(name);
  if (rights === null && ports.setOf(name) !== null) return { kr: KERN_INVALID_RIGHT };
  if (rights !== null && !isDeadPort(rights.port)) {
    return { kr: KERN_SUCCESS, previous: ports.requestDeadName(name, notify) };
  }
  if (sync === 0 || notify === null) return { kr: KERN_INVALID_ARGUMENT };
  ports.addDeadReference(name);
  notifyDeadName(kernel, notify, name);
  return { kr: KERN_SUCCESS, previous: null };
}
