/*
 * The operating system half of guest.h on XNU arm64. BSD calls take their number in
 * x16 and report failure in the carry flag with the error number in x0; Mach traps use
 * negative numbers and return a kern_return_t in x0, leaving the carry alone.
 */
#include "../guest.h"
#include "svc.h"

enum bsd_call {
    SYS_exit = 1,
    SYS_fork = 2,
    SYS_read = 3,
    SYS_write = 4,
    SYS_open = 5,
    SYS_close = 6,
    SYS_wait4 = 7,
    SYS_getpid = 20,
    SYS_pipe = 42,
    SYS_msync = 65,
    SYS_munmap = 73,
    SYS_mprotect = 74,
    SYS_mincore = 78,
    SYS_mmap = 197,
    SYS_lseek = 199,
    SYS_ftruncate = 201,
    SYS_mlock = 203,
    SYS_munlock = 204,
    SYS_fstat64 = 339,
};

enum mach_trap {
    TRAP_mach_absolute_time = -3,
    TRAP_mach_vm_allocate = -10,
    TRAP_mach_vm_deallocate = -12,
    TRAP_mach_vm_protect = -14,
    TRAP_mach_vm_map = -15,
    TRAP_mach_reply_port = -26,
    TRAP_task_self = -28,
    TRAP_host_self = -29,
    TRAP_mach_msg = -31,
    TRAP_mach_port_type = -76,
    TRAP_mach_timebase_info = -89,
};

enum { MAP_SHARED = 0x1, MAP_PRIVATE = 0x2, MAP_ANON = 0x1000, MAP_UNIX03 = 0x40000 /* as libc passes it */ };
enum { VM_FLAGS_ANYWHERE = 1, MS_SYNC = 0x10 };
enum { O_RDWR = 2, O_CREAT = 0x200, O_TRUNC = 0x400 };
enum { MINCORE_INCORE = 1 };

static long from_errno(u64 number) {
    switch (number) {
    case 2: /* ENOENT */
        return -ERROR_NOT_FOUND;
    case 1:  /* EPERM */
    case 13: /* EACCES */
        return -ERROR_PERMISSION;
    case 9: /* EBADF */
        return -ERROR_BAD_FILE;
    case 10: /* ECHILD */
        return -ERROR_NO_CHILD;
    case 12: /* ENOMEM */
        return -ERROR_NO_MEMORY;
    case 22: /* EINVAL */
        return -ERROR_INVALID;
    case 35: /* EAGAIN */
        return -ERROR_LIMIT;
    default:
        return -ERROR_OTHER;
    }
}

static long from_kern_return(u64 code) {
    switch ((u32)code) {
    case 0: /* KERN_SUCCESS */
        return 0;
    case 1: /* KERN_INVALID_ADDRESS */
    case 3: /* KERN_NO_SPACE */
        return -ERROR_NO_MEMORY;
    case 2: /* KERN_PROTECTION_FAILURE */
        return -ERROR_PERMISSION;
    case 4: /* KERN_INVALID_ARGUMENT */
        return -ERROR_INVALID;
    case 6: /* KERN_RESOURCE_SHORTAGE */
        return -ERROR_LIMIT;
    default:
        return -ERROR_OTHER;
    }
}

static inline long bsd(enum bsd_call number, u64 a0, u64 a1, u64 a2, u64 a3, u64 a4, u64 a5) {
    struct result r = supervisor_call(number, a0, a1, a2, a3, a4, a5);
    return r.failed ? from_errno(r.x0) : (long)r.x0;
}

static inline u64 mach(enum mach_trap number, u64 a0, u64 a1, u64 a2, u64 a3, u64 a4, u64 a5) {
    return supervisor_call(number, a0, a1, a2, a3, a4, a5).x0;
}

/* Each task_self trap adds a reference, so the name is kept. It is the child's own after fork. */
static u64 own_task;

static u64 task_self(void) {
    if (own_task == 0) own_task = mach(TRAP_task_self, 0, 0, 0, 0, 0, 0);
    return own_task;
}

_Noreturn void os_exit(int status) {
    for (;;) bsd(SYS_exit, (u64)status, 0, 0, 0, 0, 0);
}

long os_fork(void) {
    flush();
    struct result r = supervisor_call(SYS_fork, 0, 0, 0, 0, 0, 0);
    if (r.failed) return from_errno(r.x0);
    if (r.x1 == 0) return (long)r.x0;
    own_task = 0;
    return 0; /* the child gets x1 = 1 and its own id in x0 */
}

long os_getpid(void) { return bsd(SYS_getpid, 0, 0, 0, 0, 0, 0); }

long os_wait(long pid, struct wait_result *result) {
    int status = 0;
    long reaped = bsd(SYS_wait4, (u64)pid, (u64)&status, 0, 0, 0, 0);
    result->signal = status & 0x7f;
    result->exit_status = status >> 8 & 0xff;
    return reaped;
}

long os_open_for_reading(const char *path) { return bsd(SYS_open, (u64)path, 0, 0, 0, 0, 0); }

long os_create(const char *path) {
    return bsd(SYS_open, (u64)path, O_RDWR | O_CREAT | O_TRUNC, 0644, 0, 0, 0);
}

long os_truncate(int fd, size_t size) { return bsd(SYS_ftruncate, (u64)fd, size, 0, 0, 0, 0); }

long os_pipe(int ends[2]) {
    struct result r = supervisor_call(SYS_pipe, 0, 0, 0, 0, 0, 0);
    if (r.failed) return from_errno(r.x0);
    ends[0] = (int)r.x0; /* not through memory: both come in registers */
    ends[1] = (int)r.x1;
    return 0;
}

long os_close(int fd) { return bsd(SYS_close, (u64)fd, 0, 0, 0, 0, 0); }

long os_read(int fd, void *buffer, size_t size) {
    return bsd(SYS_read, (u64)fd, (u64)buffer, size, 0, 0, 0);
}

long os_write(int fd, const void *buffer, size_t size) {
    return bsd(SYS_write, (u64)fd, (u64)buffer, size, 0, 0, 0);
}

long os_seek(int fd, long offset, enum seek_from from) {
    return bsd(SYS_lseek, (u64)fd, (u64)offset, from, 0, 0, 0);
}

long os_file_size(int fd) {
    u64 stat64[18] = {0}; /* 144 bytes, st_size at 96 */
    long error = bsd(SYS_fstat64, (u64)fd, (u64)stat64, 0, 0, 0, 0);
    return error ? error : (long)stat64[12];
}

static long map(size_t size, int prot, u64 flags, u64 fd, void **address) {
    struct result r = supervisor_call(SYS_mmap, 0, size, (u64)prot, flags | MAP_UNIX03, fd, 0);
    if (r.failed) return from_errno(r.x0);
    *address = (void *)r.x0;
    return 0;
}

long os_map_file(int fd, size_t size, void **address) {
    return map(size, PROT_READ, MAP_PRIVATE, (u64)fd, address);
}

long os_map_shared(int fd, size_t size, int prot, void **address) {
    return map(size, prot, MAP_SHARED, (u64)fd, address);
}

long os_sync(void *address, size_t size) {
    return bsd(SYS_msync, (u64)address, size, MS_SYNC, 0, 0, 0);
}

long os_map_anonymous(size_t size, int prot, void **address) {
    return map(size, prot, MAP_PRIVATE | MAP_ANON, (u64)-1, address);
}

long os_unmap(void *address, size_t size) {
    return bsd(SYS_munmap, (u64)address, size, 0, 0, 0, 0);
}

long os_protect(void *address, size_t size, int prot) {
    return bsd(SYS_mprotect, (u64)address, size, (u64)prot, 0, 0, 0);
}

long os_lock(void *address, size_t size) { return bsd(SYS_mlock, (u64)address, size, 0, 0, 0, 0); }

long os_unlock(void *address, size_t size) {
    return bsd(SYS_munlock, (u64)address, size, 0, 0, 0, 0);
}

long os_residency(void *address, size_t size, u8 *resident) {
    long error = bsd(SYS_mincore, (u64)address, size, (u64)resident, 0, 0, 0);
    if (error) return error;
    for (size_t page = 0; page < size / PAGE_SIZE; page++) resident[page] &= MINCORE_INCORE;
    return 0;
}

long vm_allocate(void **address, size_t size) {
    *address = NULL;
    return from_kern_return(
        mach(TRAP_mach_vm_allocate, task_self(), (u64)address, size, VM_FLAGS_ANYWHERE, 0, 0));
}

long vm_deallocate(void *address, size_t size) {
    return from_kern_return(mach(TRAP_mach_vm_deallocate, task_self(), (u64)address, size, 0, 0, 0));
}

long vm_protect(void *address, size_t size, int prot) {
    u64 set_maximum = 0;
    return from_kern_return(mach(TRAP_mach_vm_protect, task_self(), (u64)address, size, set_maximum,
                                 (u64)prot, 0));
}

long vm_map(void **address, size_t size, u64 mask) {
    *address = NULL;
    return from_kern_return(mach(TRAP_mach_vm_map, task_self(), (u64)address, size, mask,
                                 VM_FLAGS_ANYWHERE, PROT_READ | PROT_WRITE));
}

u64 clock_ticks(void) { return mach(TRAP_mach_absolute_time, 0, 0, 0, 0, 0, 0); }

void clock_timebase(u32 *numerator, u32 *denominator) {
    u32 info[2] = {1, 1};
    mach(TRAP_mach_timebase_info, (u64)info, 0, 0, 0, 0, 0);
    *numerator = info[0];
    *denominator = info[1];
}

/* Requests to the task's own port, which the kernel serves. */

enum routine {
    HOST_mach_vm_wire = 418,
    TASK_get_special_port = 3409,
    TASK_set_special_port = 3410,
    MACH_VM_copy = 4807,
    MACH_VM_remap = 4813,
};
enum { COPY_SEND = 19, MAKE_SEND = 20, TASK_BOOTSTRAP_PORT = 4, OOL_DESCRIPTOR = 1 };
enum { MACH_SEND_MSG = 1, MACH_RCV_MSG = 2, MACH_SEND_INVALID_MEMORY = 0x1000000c };
/* Remote: a copied send right; local: a send-once right made for the reply. */
enum { MSGH_BITS_RPC = 19 | 21 << 8 };
static const u32 MSGH_BITS_COMPLEX = 0x80000000u;

struct message {
    u32 bits, size, remote, local, voucher, id;
    u8 body[104];
};

static void put(struct message *message, u32 at, const void *value, u32 size) {
    memcpy((u8 *)message + at, value, size);
}

static void put_u32(struct message *message, u32 at, u32 value) { put(message, at, &value, 4); }
static void put_u64(struct message *message, u32 at, u64 value) { put(message, at, &value, 8); }

/* Sends the request to a port of the kernel, and replaces it by the reply. */
static long call_port(struct message *message, u32 port, u32 routine, u32 size) {
    u32 reply = (u32)supervisor_call(TRAP_mach_reply_port, 0, 0, 0, 0, 0, 0).x0;
    message->bits |= MSGH_BITS_RPC;
    message->size = size;
    message->remote = port;
    message->local = reply;
    message->id = routine;
    struct result result = supervisor_call(TRAP_mach_msg, (u64)message, MACH_SEND_MSG | MACH_RCV_MSG,
                                           size, sizeof *message, reply, 0);
    if ((u32)result.x0 != 0 || message->id != routine + 100) return -ERROR_OTHER;
    if (message->bits & MSGH_BITS_COMPLEX) return 0; /* such a reply has no code */
    u32 code;
    memcpy(&code, (u8 *)message + 32, 4);
    return from_kern_return(code);
}

static long call_kernel(struct message *message, u32 routine, u32 size) {
    return call_port(message, (u32)task_self(), routine, size);
}

/* Puts a right into a request, as the only thing it carries. */
static void put_port(struct message *message, u32 name, u32 disposition) {
    message->bits = MSGH_BITS_COMPLEX;
    put_u32(message, 24, 1);
    put_u32(message, 28, name);
    put_u32(message, 36, disposition << 16);
    put_u32(message, 44, 1); /* byte order of the arguments */
}

long vm_copy(void *from, size_t size, void *to) {
    struct message message = {0};
    put_u32(&message, 28, 1); /* byte order of the arguments */
    put_u64(&message, 32, (u64)from);
    put_u64(&message, 40, size);
    put_u64(&message, 48, (u64)to);
    return call_kernel(&message, MACH_VM_copy, 56);
}

long vm_remap_copy(void **address, size_t size, void *source) {
    struct message message = {0};
    put_port(&message, (u32)task_self(), COPY_SEND); /* the task that has the source */
    put_u64(&message, 56, size);
    put_u32(&message, 72, VM_FLAGS_ANYWHERE);
    put_u64(&message, 76, (u64)source);
    put_u32(&message, 84, 1); /* a copy */
    put_u32(&message, 88, 1); /* inherited as a copy */
    long error = call_kernel(&message, MACH_VM_remap, 92);
    u64 mapped;
    memcpy(&mapped, (u8 *)&message + 36, 8);
    *address = (void *)mapped;
    return error;
}

long vm_wire(void *address, size_t size, int access) {
    struct message message = {0};
    put_port(&message, (u32)task_self(), COPY_SEND);
    put_u64(&message, 48, (u64)address);
    put_u64(&message, 56, size);
    put_u32(&message, 64, (u32)access);
    u32 host = (u32)mach(TRAP_host_self, 0, 0, 0, 0, 0, 0);
    return call_port(&message, host, HOST_mach_vm_wire, 68);
}

long box_make(u32 *box) {
    *box = (u32)mach(TRAP_mach_reply_port, 0, 0, 0, 0, 0, 0);
    return *box ? 0 : -ERROR_OTHER;
}

/* Children inherit the bootstrap port: all they have of their parent's ports. */
long box_open_to_children(u32 box) {
    struct message message = {0};
    put_port(&message, box, MAKE_SEND);
    put_u32(&message, 48, TASK_BOOTSTRAP_PORT);
    return call_kernel(&message, TASK_set_special_port, 52);
}

long box_of_parent(u32 *box) {
    struct message message = {0};
    put_u32(&message, 28, 1);
    put_u32(&message, 32, TASK_BOOTSTRAP_PORT);
    long error = call_kernel(&message, TASK_get_special_port, 36);
    memcpy(box, (u8 *)&message + 28, 4);
    return error ? error : *box ? 0 : -ERROR_NOT_FOUND;
}

/* The sender has a send right, or the right to make one. */
long box_put(u32 box, void *memory, size_t size, enum box_mode mode) {
    struct message message = {.size = 44, .remote = box};
    u32 type;
    u64 known = mach(TRAP_mach_port_type, task_self(), box, (u64)&type, 0, 0, 0);
    message.bits = MSGH_BITS_COMPLEX | (known == 0 && type & 1u << 17 ? MAKE_SEND : COPY_SEND);
    put_u32(&message, 24, 1);
    put_u64(&message, 28, (u64)memory);
    put_u32(&message, 36, (mode == BOX_GIVE) | (mode != BOX_EAGER) << 8 | OOL_DESCRIPTOR << 24);
    put_u32(&message, 40, (u32)size);
    u64 code = mach(TRAP_mach_msg, (u64)&message, MACH_SEND_MSG, message.size, 0, 0, 0);
    return (u32)code == 0 ? 0 : (u32)code == MACH_SEND_INVALID_MEMORY ? -ERROR_NO_MEMORY : -ERROR_OTHER;
}

long box_take(u32 box, void **memory, size_t *size) {
    struct message message = {0};
    u64 code = mach(TRAP_mach_msg, (u64)&message, MACH_RCV_MSG, 0, sizeof message, box, 0);
    if ((u32)code != 0) return -ERROR_OTHER;
    u32 count;
    memcpy(memory, (u8 *)&message + 28, 8);
    memcpy(&count, (u8 *)&message + 40, 4);
    *size = count;
    return 0;
}
