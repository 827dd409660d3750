/*
 * Being a pager: a task that serves the pages of a memory object. Only on XNU's interface; the object is a port
 * the task receives from, and the kernel's messages to it are these.
 */
#ifndef PAGER_H
#define PAGER_H

#include "../guest.h"

typedef u32 port_name;

enum pager_event { PAGER_INIT = 2200, PAGER_TERMINATE, PAGER_REQUEST, PAGER_RETURN };

struct pager_message {
    enum pager_event event;
    port_name control; /* INIT: where answers go */
    u64 offset;        /* REQUEST, RETURN: bytes in the object */
    u64 size;
    u32 access; /* REQUEST: PROT_* wanted */
    void *data; /* RETURN: the page as it was written; the receiver's to unmap */
};

/* How the object is copied: not lazily, or when it is written to. */
enum { PAGER_COPY_NONE = 0, PAGER_COPY_DELAY = 2 };

long pager_create(port_name *object);
/* Shared, readable and writable, inherited by children as the same memory. */
long pager_map(port_name object, size_t size, void **address);
/* Sleeps until the kernel wants something. */
long pager_receive(port_name object, struct pager_message *message);

long pager_ready(port_name control, u32 copy_strategy);
long pager_supply(port_name control, u64 offset, const void *data, size_t size);
long pager_unavailable(port_name control, u64 offset, size_t size); /* zeroes */
long pager_error(port_name control, u64 offset, size_t size);

#endif
