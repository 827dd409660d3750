/*
 * The operating system half of guest.h on AArch64 Linux: number in x8, svc #0, failure
 * as a value in [-4095, -1]. The kernel's page may be smaller than the guest's 16 KiB
 * page (it is 4 KiB under qemu-aarch64), so anonymous memory is aligned here by hand.
 */
#include "../guest.h"

enum linux_call {
    SYS_ftruncate = 46,
    SYS_openat = 56,
    SYS_close = 57,
    SYS_pipe2 = 59,
    SYS_lseek = 62,
    SYS_read = 63,
    SYS_write = 64,
    SYS_fstat = 80,
    SYS_exit_group = 94,
    SYS_clock_gettime = 113,
    SYS_sched_yield = 124,
    SYS_getpid = 172,
    SYS_munmap = 215,
    SYS_clone = 220,
    SYS_mmap = 222,
    SYS_mprotect = 226,
    SYS_msync = 227,
    SYS_mlock = 228,
    SYS_munlock = 229,
    SYS_mincore = 232,
    SYS_wait4 = 260,
};

enum { MAP_SHARED = 0x1, MAP_PRIVATE = 0x2, MAP_ANONYMOUS = 0x20, MS_SYNC = 4 };
enum { O_RDWR = 2, O_CREAT = 0x40, O_TRUNC = 0x200 };
enum { SIGCHLD = 17, AT_FDCWD = -100, CLOCK_MONOTONIC = 1 };

#define SMALLEST_PAGE 4096ul

static inline long supervisor_call(enum linux_call number, u64 a0, u64 a1, u64 a2, u64 a3, u64 a4,
                                   u64 a5) {
    register long x8 __asm__("x8") = number;
    register u64 x0 __asm__("x0") = a0;
    register u64 x1 __asm__("x1") = a1;
    register u64 x2 __asm__("x2") = a2;
    register u64 x3 __asm__("x3") = a3;
    register u64 x4 __asm__("x4") = a4;
    register u64 x5 __asm__("x5") = a5;
    __asm__ volatile("svc #0"
                     : "+r"(x0)
                     : "r"(x8), "r"(x1), "r"(x2), "r"(x3), "r"(x4), "r"(x5)
                     : "memory", "cc");
    return (long)x0;
}

static inline int is_error(long result) { return result < 0 && result >= -4095; }

static long from_errno(long result) {
    switch (-result) {
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
    case 11: /* EAGAIN */
        return -ERROR_LIMIT;
    default:
        return -ERROR_OTHER;
    }
}

static inline long call(enum linux_call number, u64 a0, u64 a1, u64 a2, u64 a3, u64 a4, u64 a5) {
    long result = supervisor_call(number, a0, a1, a2, a3, a4, a5);
    return is_error(result) ? from_errno(result) : result;
}

_Noreturn void os_exit(int status) {
    for (;;) call(SYS_exit_group, (u64)status, 0, 0, 0, 0, 0);
}

long os_fork(void) {
    flush();
    return call(SYS_clone, SIGCHLD, 0, 0, 0, 0, 0);
}

long os_getpid(void) { return call(SYS_getpid, 0, 0, 0, 0, 0, 0); }

long os_wait(long pid, struct wait_result *result) {
    int status = 0;
    long reaped = call(SYS_wait4, (u64)pid, (u64)&status, 0, 0, 0, 0);
    result->signal = status & 0x7f;
    result->exit_status = status >> 8 & 0xff;
    return reaped;
}

long os_open_for_reading(const char *path) {
    return call(SYS_openat, (u64)AT_FDCWD, (u64)path, 0, 0, 0, 0);
}

long os_create(const char *path) {
    return call(SYS_openat, (u64)AT_FDCWD, (u64)path, O_RDWR | O_CREAT | O_TRUNC, 0644, 0, 0);
}

long os_truncate(int fd, size_t size) { return call(SYS_ftruncate, (u64)fd, size, 0, 0, 0, 0); }

long os_pipe(int ends[2]) { return call(SYS_pipe2, (u64)ends, 0, 0, 0, 0, 0); }

long os_close(int fd) { return call(SYS_close, (u64)fd, 0, 0, 0, 0, 0); }

long os_read(int fd, void *buffer, size_t size) {
    return call(SYS_read, (u64)fd, (u64)buffer, size, 0, 0, 0);
}

long os_write(int fd, const void *buffer, size_t size) {
    return call(SYS_write, (u64)fd, (u64)buffer, size, 0, 0, 0);
}

long os_seek(int fd, long offset, enum seek_from from) {
    return call(SYS_lseek, (u64)fd, (u64)offset, from, 0, 0, 0);
}

long os_file_size(int fd) {
    u64 stat[16] = {0}; /* 128 bytes, st_size at 48 */
    long error = call(SYS_fstat, (u64)fd, (u64)stat, 0, 0, 0, 0);
    return error ? error : (long)stat[6];
}

static long map(size_t size, int prot, u64 flags, u64 fd, void **address) {
    long result = supervisor_call(SYS_mmap, 0, size, (u64)prot, flags, fd, 0);
    if (is_error(result)) return from_errno(result);
    *address = (void *)result;
    return 0;
}

/* Anonymous memory with no bit of `mask` set in its address: map too much, give back the ends. */
static long map_aligned(size_t size, int prot, u64 mask, void **address) {
    void *whole = NULL;
    size_t length = size + mask + 1;
    long error = map(length, prot, MAP_PRIVATE | MAP_ANONYMOUS, (u64)-1, &whole);
    if (error) return error;
    u64 first = ((u64)whole + mask) & ~mask;
    u64 last = (first + size + SMALLEST_PAGE - 1) & ~(SMALLEST_PAGE - 1);
    u64 end = (u64)whole + length;
    if (first > (u64)whole) os_unmap(whole, first - (u64)whole);
    if (end > last) os_unmap((void *)last, end - last);
    *address = (void *)first;
    return 0;
}

long os_map_file(int fd, size_t size, void **address) {
    return map(size, PROT_READ, MAP_PRIVATE, (u64)fd, address);
}

long os_map_shared(int fd, size_t size, int prot, void **address) {
    return map(size, prot, MAP_SHARED, (u64)fd, address);
}

long os_sync(void *address, size_t size) {
    return call(SYS_msync, (u64)address, size, MS_SYNC, 0, 0, 0);
}

long os_map_anonymous(size_t size, int prot, void **address) {
    return map_aligned(size, prot, PAGE_SIZE - 1, address);
}

long os_unmap(void *address, size_t size) {
    return call(SYS_munmap, (u64)address, size, 0, 0, 0, 0);
}

long os_protect(void *address, size_t size, int prot) {
    return call(SYS_mprotect, (u64)address, size, (u64)prot, 0, 0, 0);
}

long os_lock(void *address, size_t size) { return call(SYS_mlock, (u64)address, size, 0, 0, 0, 0); }

long os_unlock(void *address, size_t size) {
    return call(SYS_munlock, (u64)address, size, 0, 0, 0, 0);
}

long os_residency(void *address, size_t size, u8 *resident) {
    for (size_t page = 0; page < size / PAGE_SIZE; page++) {
        u8 parts[PAGE_SIZE / SMALLEST_PAGE]; /* a larger kernel page fills fewer of them */
        memset(parts, 1, sizeof parts);
        long error =
            call(SYS_mincore, (u64)address + page * PAGE_SIZE, PAGE_SIZE, (u64)parts, 0, 0, 0);
        if (error) return error;
        resident[page] = 1;
        for (size_t i = 0; i < sizeof parts; i++) resident[page] &= parts[i];
    }
    return 0;
}

long vm_allocate(void **address, size_t size) {
    return map_aligned(size, PROT_READ | PROT_WRITE, PAGE_SIZE - 1, address);
}

long vm_deallocate(void *address, size_t size) { return os_unmap(address, size); }

long vm_protect(void *address, size_t size, int prot) { return os_protect(address, size, prot); }

long vm_map(void **address, size_t size, u64 mask) {
    return map_aligned(size, PROT_READ | PROT_WRITE, mask | (PAGE_SIZE - 1), address);
}

/* Whether every page of a range is mapped. */
static int is_mapped(void *address, size_t size) {
    u8 *page = (u8 *)((u64)address & ~(PAGE_SIZE - 1));
    u8 resident;
    for (; page < (u8 *)address + size; page += PAGE_SIZE)
        if (os_residency(page, PAGE_SIZE, &resident) != 0) return 0;
    return 1;
}

/* The page tables are not this program's to move: the bytes are copied. */
long vm_copy(void *from, size_t size, void *to) {
    if (!is_mapped(from, size) || !is_mapped(to, size)) return -ERROR_NO_MEMORY;
    memcpy(to, from, size);
    return 0;
}

long vm_remap_copy(void **address, size_t size, void *source) {
    if (!is_mapped(source, size)) return -ERROR_NO_MEMORY;
    long error = vm_allocate(address, size);
    if (error == 0) memcpy(*address, source, size);
    return error;
}

/* mlock asks for no access, and wirings are not counted. */
long vm_wire(void *address, size_t size, int access) {
    if (!is_mapped(address, size)) return -ERROR_NO_MEMORY;
    return access == PROT_NONE ? os_unlock(address, size) : os_lock(address, size);
}

/* A box is a shared mapping whose slots hold copies of what was put in. */
enum { BOXES = 4, BOX_SLOTS = 5, BOX_BYTES = 16 * PAGE_SIZE };

struct box {
    u64 put, taken; /* how many, so far */
    struct {
        u64 in_page, size;
    } slots[BOX_SLOTS];
};

/* In a section of its own, which programs without boxes do not get. */
static __attribute__((section(".bss.boxes"))) struct {
    struct box *all[BOXES];
    u32 count, parents;
} boxes;

long box_make(u32 *box) {
    void *memory = NULL;
    if (boxes.count == BOXES) return -ERROR_LIMIT;
    long error = map(PAGE_SIZE + BOX_SLOTS * BOX_BYTES, PROT_READ | PROT_WRITE,
                           MAP_SHARED | MAP_ANONYMOUS, (u64)-1, &memory);
    if (error) return error;
    boxes.all[boxes.count] = memory;
    *box = ++boxes.count;
    return 0;
}

long box_open_to_children(u32 box) {
    boxes.parents = box;
    return 0;
}

long box_of_parent(u32 *box) {
    *box = boxes.parents;
    return *box ? 0 : -ERROR_NOT_FOUND;
}

static u8 *box_slot(struct box *box, u64 index) {
    return (u8 *)box + PAGE_SIZE + index % BOX_SLOTS * BOX_BYTES;
}

long box_put(u32 number, void *memory, size_t size, enum box_mode mode) {
    struct box *box = boxes.all[number - 1];
    if (!is_mapped(memory, size)) return -ERROR_NO_MEMORY;
    if (size > BOX_BYTES) return -ERROR_LIMIT;
    u64 index = box->put;
    while (index - __atomic_load_n(&box->taken, __ATOMIC_ACQUIRE) == BOX_SLOTS)
        call(SYS_sched_yield, 0, 0, 0, 0, 0, 0);
    memcpy(box_slot(box, index), memory, size);
    /* What is small, or copied eagerly, arrives at the start of a page. */
    u64 keeps_place = size > 2 * PAGE_SIZE && mode != BOX_EAGER;
    u64 in_page = (u64)memory % PAGE_SIZE;
    box->slots[index % BOX_SLOTS].in_page = keeps_place ? in_page : 0;
    box->slots[index % BOX_SLOTS].size = size;
    __atomic_store_n(&box->put, index + 1, __ATOMIC_RELEASE);
    if (mode != BOX_GIVE) return 0;
    return os_unmap((u8 *)memory - in_page, (in_page + size + PAGE_SIZE - 1) & ~(PAGE_SIZE - 1));
}

long box_take(u32 number, void **memory, size_t *size) {
    struct box *box = boxes.all[number - 1];
    u64 index = box->taken;
    while (__atomic_load_n(&box->put, __ATOMIC_ACQUIRE) == index)
        call(SYS_sched_yield, 0, 0, 0, 0, 0, 0);
    u64 in_page = box->slots[index % BOX_SLOTS].in_page;
    *size = box->slots[index % BOX_SLOTS].size;
    long error = vm_allocate(memory, (in_page + *size + PAGE_SIZE - 1) & ~(PAGE_SIZE - 1));
    if (error) return error;
    *memory = (u8 *)*memory + in_page;
    memcpy(*memory, box_slot(box, index), *size);
    __atomic_store_n(&box->taken, index + 1, __ATOMIC_RELEASE);
    return 0;
}

u64 clock_ticks(void) {
    u64 now[2] = {0, 0}; /* seconds, nanoseconds */
    call(SYS_clock_gettime, CLOCK_MONOTONIC, (u64)now, 0, 0, 0, 0);
    return now[0] * 1000000000 + now[1];
}

void clock_timebase(u32 *numerator, u32 *denominator) {
    *numerator = 1;
    *denominator = 1;
}
