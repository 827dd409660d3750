/*
 * The whole library a guest program sees. Two back ends implement the operating
 * system half: darwin/ (arm64 Mach-O, XNU calls) and linux/ (AArch64 ELF). Call
 * numbers, flag values and error numbers live there; a program that includes only
 * this header behaves the same on both.
 *
 * Calls that can fail return 0 (or a count) on success and a negative `error` value
 * on failure.
 */
#ifndef GUEST_H
#define GUEST_H

#include <stdarg.h>
#include <stddef.h>

typedef unsigned char u8;
typedef unsigned int u32;
typedef unsigned long u64;
typedef long i64;

/* The guest's page: 16 KiB on both back ends, whatever the Linux host kernel uses. */
#define PAGE_SIZE 16384ul

enum error {
    ERROR_OTHER = 1, /* anything no program needs to tell apart */
    ERROR_NOT_FOUND,
    ERROR_PERMISSION,
    ERROR_NO_MEMORY, /* also: the range has a hole */
    ERROR_LIMIT,     /* a resource limit was hit; trying later may help */
    ERROR_INVALID,
    ERROR_BAD_FILE,
    ERROR_NO_CHILD,
};

/* "success" for 0, else a short lower-case description of a negative result. */
const char *error_text(long result);

/* Processes */

_Noreturn void os_exit(int status); /* at once, without flushing */
_Noreturn void exit(int status);    /* flushes printed text first */
long os_fork(void);                 /* flushes first; 0 in the child, the child's id in the parent */
long os_getpid(void);

struct wait_result {
    int exit_status; /* valid when signal is 0 */
    int signal;      /* number in the system's own numbering, or 0 */
};
long os_wait(long pid, struct wait_result *result); /* the id of the child reaped */

/* Files */

enum seek_from { SEEK_FROM_START, SEEK_FROM_HERE, SEEK_FROM_END };
enum { STDIN = 0, STDOUT = 1, STDERR = 2 };

long os_open_for_reading(const char *path);
long os_close(int fd);
long os_read(int fd, void *buffer, size_t size);
long os_write(int fd, const void *buffer, size_t size);
long os_seek(int fd, long offset, enum seek_from from);
long os_file_size(int fd);
long os_create(const char *path);         /* empty, for reading and writing */
long os_truncate(int fd, size_t size);    /* cut, or grow with zeroes */
long os_pipe(int ends[2]);                /* to read from, to write to */

/* Memory, the Unix calls. Sizes and addresses are multiples of PAGE_SIZE unless noted. */

enum { PROT_NONE = 0, PROT_READ = 1, PROT_WRITE = 2, PROT_EXEC = 4 };

long os_map_file(int fd, size_t size, void **address); /* private, read-only; any size but 0 */
long os_map_anonymous(size_t size, int prot, void **address);
long os_map_shared(int fd, size_t size, int prot, void **address);
long os_sync(void *address, size_t size); /* until the file has what was stored */
long os_unmap(void *address, size_t size);
long os_protect(void *address, size_t size, int prot);
long os_lock(void *address, size_t size);
long os_unlock(void *address, size_t size);
/* One byte per PAGE_SIZE page: 1 if the whole page is resident, else 0. */
long os_residency(void *address, size_t size, u8 *resident);

/* Memory, the Mach calls (mmap and friends stand in for them on Linux). */

long vm_allocate(void **address, size_t size); /* zero-filled, readable and writable */
long vm_deallocate(void *address, size_t size);
long vm_protect(void *address, size_t size, int prot);
/* As vm_allocate, at an address with no bit of `mask` set; mask + 1 is a power of two. */
long vm_map(void **address, size_t size, u64 mask);

/* Copies memory that is mapped, as the kernel does it: copy-on-write where whole pages move. */
long vm_copy(void *from, size_t size, void *to);
/* Maps memory a second time, as a copy; the address is the system's choice. */
long vm_remap_copy(void **address, size_t size, void *source);

/* As os_lock with what accesses (PROT_*) the memory must allow; no access at all undoes it once. */
long vm_wire(void *address, size_t size, int access);

/*
 * Boxes: memory is put in by one process and taken out by another, or the same, in order. On Darwin a
 * box is a port and the memory travels out of line in a Mach message; a small shared mapping stands in
 * for it on Linux. A child has the boxes that its parent opened to it.
 */
enum box_mode {
    BOX_LAZY,  /* copied when one side writes, if it is large */
    BOX_EAGER, /* copied at once */
    BOX_GIVE,  /* the pages it lies in are unmapped here */
};

long box_make(u32 *box);
long box_open_to_children(u32 box); /* one box at a time */
long box_of_parent(u32 *box);
/* Any address, any size. Waits while the box is full. */
long box_put(u32 box, void *memory, size_t size, enum box_mode mode);
/* Waits for something. It is mapped at an address the system chooses. */
long box_take(u32 box, void **memory, size_t *size);

/* Time: ticks, and the fraction that turns ticks into nanoseconds. */

u64 clock_ticks(void);
void clock_timebase(u32 *numerator, u32 *denominator);

/*
 * Text. `print` collects into a buffer that is written when full, by flush() and by
 * exit(). `print_error` writes to standard error at once, after what was printed before.
 * Conversions: %d %u %x %ld %lu %lx %s %c %p %f %%, with width, '0' and '-' flags, and
 * for %f a precision of 0 to 15 (6 if not given). %f prints magnitudes from 2^64 up as
 * "huge"; below that it rounds the exact value (cut at 2^-64) half away from zero.
 */
void print(const char *format, ...) __attribute__((format(printf, 1, 2)));
void print_error(const char *format, ...) __attribute__((format(printf, 1, 2)));
void flush(void);

/* Whole-string decimal, or hexadecimal after 0x; 0 or ERROR_INVALID. */
long parse_u64(const char *text, u64 *value);
/* argv[index] as a number in [low, high], `fallback` if absent; a bad one ends the program. */
u64 argument_u64(int argc, char **argv, int index, u64 fallback, u64 low, u64 high);

/* Bytes and strings, with their C meaning (compilers also emit calls to the first five). */

void *memcpy(void *restrict to, const void *restrict from, size_t size);
void *memmove(void *to, const void *from, size_t size);
void *memset(void *to, int byte, size_t size);
int memcmp(const void *a, const void *b, size_t size);
void bzero(void *to, size_t size);
size_t strlen(const char *text);
int strcmp(const char *a, const char *b);

/* Heap: 16-byte aligned blocks; NULL when memory is out. */

void *malloc(size_t size);
void free(void *block);

/* Hides from the optimiser where a value came from. */
#define OPAQUE(value)                                                                              \
    __extension__({                                                                                \
        __typeof__(value) hidden_ = (value);                                                       \
        __asm__ volatile("" : "+r"(hidden_));                                                      \
        hidden_;                                                                                   \
    })

#endif
