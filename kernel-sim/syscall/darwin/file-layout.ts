import { alignUp } from "../../../vm/address.js";
import type { DirectoryEntry, FileStat } from "../../fs/types.js";
import { DT, GROUP_ID, S_IFMT, USER_ID } from "./abi.js";

const STAT64_SIZE = 144;
const STAT_SIZE = 120;
const BLOCK_SIZE = 4096;
const SECTOR = 512;
/** Fixed part of struct direntry as its record length counts it (DIRENT64_LEN), in bytes. */
const DIRENT_BASE = 25;
const DIRENT_NAME = 21;

/** struct stat with 64-bit inode numbers (sys/stat.h). */
export function stat64Bytes(stat: FileStat): Uint8Array {
  const bytes = new Uint8Array(STAT64_SIZE);
  const view = new DataView(bytes.buffer);
  view.setInt32(0, stat.device, true);
  view.setUint16(4, S_IFMT[stat.kind] | stat.permissions, true);
  view.setUint16(6, stat.links, true);
  view.setBigUint64(8, BigInt(stat.inode), true);
  view.setUint32(16, USER_ID, true);
  view.setUint32(20, GROUP_ID, true);
  for (const at of [32, 48, 64, 80]) view.setBigUint64(at, BigInt(stat.modifiedSeconds), true);
  sizes(view, 96, stat);
  return bytes;
}

/** struct stat as it was before: a 32-bit inode number, no birth time. */
export function statBytes(stat: FileStat): Uint8Array {
  const bytes = new Uint8Array(STAT_SIZE);
  const view = new DataView(bytes.buffer);
  view.setInt32(0, stat.device, true);
  view.setUint32(4, stat.inode % 2 ** 32, true);
  view.setUint16(8, S_IFMT[stat.kind] | stat.permissions, true);
  view.setUint16(10, stat.links, true);
  view.setUint32(12, USER_ID, true);
  view.setUint32(16, GROUP_ID, true);
  for (const at of [24, 40, 56]) view.setBigUint64(at, BigInt(stat.modifiedSeconds), true);
  sizes(view, 72, stat);
  return bytes;
}

/** st_size, st_blocks, st_blksize: the same order in both layouts. */
function sizes(view: DataView, at: number, stat: FileStat): void {
  view.setBigUint64(at, BigInt(stat.sizeBytes), true);
  view.setBigUint64(at + 8, BigInt(Math.ceil(stat.sizeBytes / SECTOR)), true);
  view.setInt32(at + 16, BLOCK_SIZE, true);
}

/** Part of a directory as getdirentries64 returns it. */
export interface DirectoryPart {
  readonly bytes: Uint8Array;
  /** Index of the first entry that did not fit. */
  readonly next: number;
  readonly ended: boolean;
}

/**
 * As many struct direntry as fit into `room` bytes.
 * @param from index of the first entry; 0 and 1 are `.` and `..`
 * @returns null if there are entries but not even one fits
 */
export function directoryBytes(
  inode: number,
  listed: readonly DirectoryEntry[],
  from: number,
  room: number,
): DirectoryPart | null {
  const entries: readonly DirectoryEntry[] = [
    { name: ".", kind: "directory", inode },
    { name: "..", kind: "directory", inode },
    ...listed,
  ];
  const records: Uint8Array[] = [];
  let used = 0;
  let next = from;
  for (const entry of entries.slice(from)) {
    const record = direntBytes(entry, next + 1);
    if (used + record.length > room) break;
    records.push(record);
    used += record.length;
    next += 1;
  }
  if (records.length === 0 && next < entries.length) return null;
  const bytes = new Uint8Array(used);
  let at = 0;
  for (const record of records) {
    bytes.set(record, at);
    at += record.length;
  }
  return { bytes, next, ended: next >= entries.length };
}

/** struct direntry (sys/dirent.h) with the index of the entry after it as its seek offset. */
function direntBytes(entry: DirectoryEntry, next: number): Uint8Array {
  const name = new TextEncoder().encode(entry.name);
  const bytes = new Uint8Array(alignUp(DIRENT_BASE + name.length, 8));
  const view = new DataView(bytes.buffer);
  view.setBigUint64(0, BigInt(entry.inode), true);
  view.setBigUint64(8, BigInt(next), true);
  view.setUint16(16, bytes.length, true);
  view.setUint16(18, name.length, true);
  view.setUint8(20, DT[entry.kind]);
  bytes.set(name, DIRENT_NAME);
  return bytes;
}
