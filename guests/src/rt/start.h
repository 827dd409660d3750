/* What the start code of a back end calls. */
#ifndef START_H
#define START_H

#include "guest.h"

_Noreturn void start_with_stack(u64 *stack);

#endif
