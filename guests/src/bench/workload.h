/*
 * What every workload is: one function that does `size` passes of its work and returns a checksum of the
 * results. The same source runs as a Linux program, on the bare machine and as WebAssembly, so it calls
 * nothing and uses static memory only.
 */
#ifndef WORKLOAD_H
#define WORKLOAD_H

#include <stddef.h>
#include <stdint.h>

typedef uint8_t u8;
typedef uint16_t u16;
typedef uint32_t u32;
typedef uint64_t u64;
typedef int64_t i64;

#include "../random.h"

u64 workload(u64 size);

/* One step of FNV-1a over 64-bit words. */
static inline u64 mixed(u64 checksum, u64 value) { return (checksum ^ value) * 0x100000001b3ull; }

#define CHECKSUM_START 0xcbf29ce484222325ull

/* The optimiser may not know where a value came from, nor drop it. */
#define OPAQUE_VALUE(value) __asm__ volatile("" : "+r"(value))

#endif
