/* posix_spawn, whose child works in its parent's memory. Not for qemu, which copies it. */
#include <spawn.h>
#include <stdio.h>
#include <string.h>
#include <sys/wait.h>

int main(void) {
    pid_t child = -1;
    char *arguments[] = {"hello", "spawned", NULL};
    int error = posix_spawn(&child, "/no/such/file", NULL, NULL, arguments, NULL);
    printf("nothing to spawn: %s\n", strerror(error));
    fflush(stdout);
    error = posix_spawn(&child, "/guests/bin/hello.elf", NULL, NULL, arguments, NULL);
    int status = -1;
    printf("%s\n", strerror(error));
    printf("reaped: %d, status %d\n", waitpid(child, &status, 0) == child, status);
    return 0;
}
