/** Constants of the BSD system call interface (xnu bsd/sys/*.h). */

export const PATH_MAX = 1024;
export const UIO_MAXIOV = 1024;
/** Most bytes one read or write moves. */
export const MAX_IO_BYTES = 0x7fff_ffff;

export const O_ACCMODE = 3;
export const O_NONBLOCK = 0x4;
export const O_APPEND = 0x8;
export const O_NOFOLLOW = 0x100;
export const O_CREAT = 0x200;
export const O_TRUNC = 0x400;
export const O_EXCL = 0x800;
export const O_DIRECTORY = 0x10_0000;
export const O_CLOEXEC = 0x100_0000;
export const AT_FDCWD = -2;
export const AT_EACCESS = 0x10;
export const AT_SYMLINK_NOFOLLOW = 0x20;

export const S_IFMT = {
  fifo: 0o010000,
  character: 0o020000,
  directory: 0o040000,
  file: 0o100000,
  symlink: 0o120000,
} as const;
/** d_type of a directory entry. */
export const DT = { fifo: 1, character: 2, directory: 4, file: 8, symlink: 10 } as const;

export const R_OK = 4;
export const W_OK = 2;
export const X_OK = 1;

export const F_DUPFD = 0;
export const F_GETFD = 1;
export const F_SETFD = 2;
export const F_GETFL = 3;
export const F_SETFL = 4;
export const F_NOCACHE = 48;
export const F_GETPATH = 50;
export const F_FULLFSYNC = 51;
export const F_DUPFD_CLOEXEC = 67;
export const FD_CLOEXEC = 1;

export const PROT_READ = 1;
export const PROT_WRITE = 2;
export const PROT_EXEC = 4;
export const MAP_SHARED = 0x1;
export const MAP_PRIVATE = 0x2;
export const MAP_FIXED = 0x10;
export const MAP_RENAME = 0x20;
export const MAP_NORESERVE = 0x40;
export const MAP_RESERVED0080 = 0x80;
export const MAP_NOEXTEND = 0x100;
export const MAP_HASSEMAPHORE = 0x200;
export const MAP_NOCACHE = 0x400;
export const MAP_JIT = 0x800;
export const MAP_ANON = 0x1000;
export const MAP_RESILIENT_CODESIGN = 0x2000;
export const MAP_RESILIENT_MEDIA = 0x4000;
export const MAP_32BIT = 0x8000;
export const MAP_TRANSLATED_ALLOW_EXECUTE = 0x2_0000;
export const MAP_UNIX03 = 0x4_0000;
export const MAP_TPRO = 0x8_0000;

export const MS_ASYNC = 0x1;
export const MS_INVALIDATE = 0x2;
export const MS_KILLPAGES = 0x4;
export const MS_DEACTIVATE = 0x8;
export const MS_SYNC = 0x10;

export const MADV_NORMAL = 0;
export const MADV_RANDOM = 1;
export const MADV_SEQUENTIAL = 2;
export const MADV_WILLNEED = 3;
export const MADV_DONTNEED = 4;
export const MADV_FREE = 5;
export const MADV_ZERO_WIRED_PAGES = 6;
export const MADV_FREE_REUSABLE = 7;
export const MADV_FREE_REUSE = 8;
export const MADV_CAN_REUSE = 9;
export const MADV_PAGEOUT = 10;
export const MADV_ZERO = 11;

export const MINCORE_INCORE = 0x1;
export const MINCORE_REFERENCED = 0x2;
export const MINCORE_MODIFIED = 0x4;
export const MINCORE_PAGED_OUT = 0x20;
export const MINCORE_COPIED = 0x40;
export const MINCORE_ANONYMOUS = 0x80;

export const SIG_DFL = 0n;
export const SIG_IGN = 1n;
export const SIG_BLOCK = 1;
export const SIG_UNBLOCK = 2;
export const SIG_SETMASK = 3;
export const SA_RESTART = 0x2;
export const SA_RESETHAND = 0x4;
export const SA_NOCLDSTOP = 0x8;
export const SA_NODEFER = 0x10;
export const SA_NOCLDWAIT = 0x20;
export const SA_SIGINFO = 0x40;
export const SA_VALIDATE_SIGRETURN = 0x400;
/** A smaller alternate stack is refused. XNU: OLDMINSIGSTKSZ. */
export const SMALLEST_SIGNAL_STACK = 8192n;

export const RLIMIT_CPU = 0;
export const RLIMIT_FSIZE = 1;
export const RLIMIT_DATA = 2;
export const RLIMIT_STACK = 3;
export const RLIMIT_CORE = 4;
export const RLIMIT_AS = 5;
export const RLIMIT_MEMLOCK = 6;
export const RLIMIT_NPROC = 7;
export const RLIMIT_NOFILE = 8;
export const RLIM_NLIMITS = 9;
/** libc marks its calls with this bit (strict Unix 03 behaviour of RLIMIT_NOFILE). */
export const RLIMIT_POSIX_FLAG = 0x1000;
export const RLIM_INFINITY = (1n << 63n) - 1n;

export const WNOHANG = 1;
export const WUNTRACED = 2;

/** Identity of every task: the first ordinary user. */
export const USER_ID = 501;
export const GROUP_ID = 20;
