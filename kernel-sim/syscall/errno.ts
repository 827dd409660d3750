/**
 * Error numbers of both operating systems by name: [Darwin, Linux, message]. A name that exists in
 * only one of them carries the number the other system answers in that situation.
 */
const ERRNO = {
  EPERM: [1, 1, "operation not permitted"],
  ENOENT: [2, 2, "no such file or directory"],
  ESRCH: [3, 3, "no such process"],
  EINTR: [4, 4, "interrupted system call"],
  EIO: [5, 5, "input/output error"],
  ENXIO: [6, 6, "device not configured"],
  E2BIG: [7, 7, "argument list too long"],
  ENOEXEC: [8, 8, "exec format error"],
  EBADF: [9, 9, "bad file descriptor"],
  ECHILD: [10, 10, "no child processes"],
  ENOMEM: [12, 12, "cannot allocate memory"],
  EACCES: [13, 13, "permission denied"],
  EFAULT: [14, 14, "bad address"],
  EBUSY: [16, 16, "resource busy"],
  EEXIST: [17, 17, "file exists"],
  EXDEV: [18, 18, "cross-device link"],
  ENODEV: [19, 19, "operation not supported by device"],
  ENOTDIR: [20, 20, "not a directory"],
  EISDIR: [21, 21, "is a directory"],
  EINVAL: [22, 22, "invalid argument"],
  ENFILE: [23, 23, "too many open files in system"],
  EMFILE: [24, 24, "too many open files"],
  ENOTTY: [25, 25, "inappropriate ioctl for device"],
  ETXTBSY: [26, 26, "text file busy"],
  EFBIG: [27, 27, "file too large"],
  ENOSPC: [28, 28, "no space left on device"],
  ESPIPE: [29, 29, "illegal seek"],
  EROFS: [30, 30, "read-only file system"],
  EMLINK: [31, 31, "too many links"],
  EPIPE: [32, 32, "broken pipe"],
  EDOM: [33, 33, "numerical argument out of domain"],
  ERANGE: [34, 34, "result too large"],
  EDEADLK: [11, 35, "resource deadlock avoided"],
  EAGAIN: [35, 11, "resource temporarily unavailable"],
  EALREADY: [37, 114, "operation already in progress"],
  ENOTSOCK: [38, 88, "socket operation on non-socket"],
  ENOTSUP: [45, 95, "operation not supported"],
  ETIMEDOUT: [60, 110, "operation timed out"],
  ELOOP: [62, 40, "too many levels of symbolic links"],
  ENAMETOOLONG: [63, 36, "file name too long"],
  ENOTEMPTY: [66, 39, "directory not empty"],
  ENOSYS: [78, 38, "function not implemented"],
  EAUTH: [80, 13, "authentication error"],
  EOVERFLOW: [84, 75, "value too large to be stored in data type"],
  EBADEXEC: [85, 8, "bad executable"],
  EBADARCH: [86, 8, "bad CPU type in executable"],
  ESHLIBVERS: [87, 80, "shared library version mismatch"],
  EBADMACHO: [88, 8, "malformed Mach-O file"],
  ELIBBAD: [85, 80, "accessing a corrupted shared library"],
  EOWNERDEAD: [105, 130, "previous owner died"],
} as const satisfies Readonly<Record<string, readonly [number, number, string]>>;

export type ErrnoName = keyof typeof ERRNO;

/** Every name, in no order that means anything. */
export const ERRNO_NAMES = Object.keys(ERRNO) as readonly ErrnoName[];

/** The positive error number XNU returns for `name`. */
export function darwinErrno(name: ErrnoName): number {
  return ERRNO[name][0];
}

/** The positive error number Linux (AArch64) returns for `name`; a system call returns its negative. */
export function linuxErrno(name: ErrnoName): number {
  return ERRNO[name][1];
}

/** What strerror would say, lower case and without a full stop. */
export function errnoMessage(name: ErrnoName): string {
  return ERRNO[name][2];
}
