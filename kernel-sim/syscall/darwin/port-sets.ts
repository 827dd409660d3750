import {
  KERN_ALREADY_IN_SET,
  KERN_INVALID_NAME,
  KERN_INVALID_RIGHT,
  KERN_NOT_IN_SET,
  KERN_SUCCESS,
  type KernResult,
  type KernReturn,
} from "../../../vm/types.js";
import type { MessageQueue, PortSet } from "./port-queue.js";
import { MACH_PORT_NULL, type PortSpace } from "./ports.js";

/** Ports in port sets. A port may be in several. XNU: ipc/mach_port.c, ipc/ipc_pset.c. */

type Found<T> = KernResult<{ readonly found: T }>;

function memberOf(ports: PortSpace, name: number): Found<MessageQueue> {
  const found = ports.queueOf(name);
  if (found !== null) return { kr: KERN_SUCCESS, found };
  return { kr: ports.has(name) ? KERN_INVALID_RIGHT : KERN_INVALID_NAME };
}

function setOf(ports: PortSpace, name: number): Found<PortSet> {
  const found = ports.setOf(name);
  if (found !== null) return { kr: KERN_SUCCESS, found };
  return { kr: ports.has(name) ? KERN_INVALID_RIGHT : KERN_INVALID_NAME };
}

/**
 * XNU: mach_port_insert_member.
 * @returns KERN_INVALID_NAME; KERN_INVALID_RIGHT for what is no receive right, or no port set;
 *   KERN_ALREADY_IN_SET
 */
export function insertMember(ports: PortSpace, name: number, setName: number): KernReturn {
  const member = memberOf(ports, name);
  if (member.kr !== KERN_SUCCESS) return member.kr;
  const set = setOf(ports, setName);
  if (set.kr !== KERN_SUCCESS) return set.kr;
  if (set.found.members.has(member.found)) return KERN_ALREADY_IN_SET;
  set.found.add(member.found);
  return KERN_SUCCESS;
}

/** XNU: mach_port_extract_member. @returns as insertMember; KERN_NOT_IN_SET */
export function extractMember(ports: PortSpace, name: number, setName: number): KernReturn {
  const member = memberOf(ports, name);
  if (member.kr !== KERN_SUCCESS) return member.kr;
  const set = setOf(ports, setName);
  if (set.kr !== KERN_SUCCESS) return set.kr;
  if (!set.found.members.has(member.found)) return KERN_NOT_IN_SET;
  set.found.remove(member.found);
  return KERN_SUCCESS;
}

/**
 * Out of every set, and into another if one is named. XNU: mach_port_move_member.
 * @returns as insertMember; KERN_NOT_IN_SET for a port in no set when none is named
 */
export function moveMember(ports: PortSpace, name: number, setName: number): KernReturn {
  const member = memberOf(ports, name);
  if (member.kr !== KERN_SUCCESS) return member.kr;
  const { sets } = member.found;
  if (setName === MACH_PORT_NULL) {
    if (sets.size === 0) return KERN_NOT_IN_SET;
    for (const set of sets) set.remove(member.found);
    return KERN_SUCCESS;
  }
  const into = setOf(ports, setName);
  if (into.kr !== KERN_SUCCESS) return into.kr;
  for (const set of sets) set.remove(member.found);
  into.found.add(member.found);
  return KERN_SUCCESS;
}

/** Names of the members, in the order in which they came. XNU: mach_port_get_set_status. */
export function setStatus(
  ports: PortSpace,
  setName: number,
): KernResult<{ readonly names: readonly number[] }> {
  const set = setOf(ports, setName);
  if (set.kr !== KERN_SUCCESS) return set;
  return { kr: KERN_SUCCESS, names: Array.from(set.found.members, (queue) => queue.receiverName) };
}
