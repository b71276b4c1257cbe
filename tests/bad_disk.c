/* Stands between a program and the folder BAD_DISK: while the file BAD_DISK_STATE holds "full", "quota" or "readonly",
   calls that write there fail as the kernel lets them fail on such a disk. Needs no rights; see bad_disk.py. */
#define _GNU_SOURCE
#include <dlfcn.h>
#include <errno.h>
#include <fcntl.h>
#include <limits.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <sys/statvfs.h>
#include <sys/types.h>
#include <unistd.h>

#define REAL(name) ((__typeof__(&name))dlsym(RTLD_NEXT, #name))

static char state(void) { /* the first letter, or 0 while all is well */
    char letter = 0;
    const char *file = getenv("BAD_DISK_STATE");
    int fd = file ? REAL(open)(file, O_RDONLY | O_CLOEXEC) : -1;
    if (fd < 0) return 0;
    if (read(fd, &letter, 1) != 1) letter = 0;
    REAL(close)(fd);
    return letter;
}

static int there(const char *path) {
    const char *folder = getenv("BAD_DISK");
    size_t n = folder ? strlen(folder) : 0;
    return n && path && !strncmp(path, folder, n) && (path[n] == '/' || !path[n]);
}

static int fd_there(int fd) {
    char link[64], path[PATH_MAX];
    snprintf(link, sizeof link, "/proc/self/fd/%d", fd);
    ssize_t n = readlink(link, path, sizeof path - 1);
    if (n < 0) return 0;
    path[n] = 0;
    return there(path);
}

/* No room: what lies within the file can be written over, as on a disk; what would make it longer cannot. */
static int no_room(int fd, off_t end) {
    int kept = errno;
    struct stat found;
    char now = fd_there(fd) ? state() : 0;
    errno = kept;
    if ((now != 'f' && now != 'q') || fstat(fd, &found) || !S_ISREG(found.st_mode) || end <= found.st_size) return 0;
    errno = now == 'q' ? EDQUOT : ENOSPC;
    return 1;
}

static int locked(const char *path) {
    int kept = errno;
    if (there(path) && state() == 'r') { errno = EROFS; return 1; }
    errno = kept;
    return 0;
}

ssize_t write(int fd, const void *data, size_t n) {
    off_t at = fd > 2 ? lseek(fd, 0, SEEK_CUR) : -1;
    if (at >= 0 && no_room(fd, at + (off_t)n)) return -1;
    return REAL(write)(fd, data, n);
}
ssize_t pwrite(int fd, const void *data, size_t n, off_t at) {
    return no_room(fd, at + (off_t)n) ? -1 : REAL(pwrite)(fd, data, n, at);
}
ssize_t pwrite64(int fd, const void *data, size_t n, off64_t at) {
    return no_room(fd, at + (off_t)n) ? -1 : REAL(pwrite64)(fd, data, n, at);
}
ssize_t sendfile64(int out, int in, off64_t *at, size_t n) {
    ssize_t (*real)(int, int, off64_t *, size_t) = dlsym(RTLD_NEXT, "sendfile64");
    return no_room(out, LONG_MAX) ? -1 : real(out, in, at, n);
}
int ftruncate(int fd, off_t n) { return no_room(fd, n) ? -1 : REAL(ftruncate)(fd, n); }
int ftruncate64(int fd, off64_t n) { return no_room(fd, n) ? -1 : REAL(ftruncate64)(fd, n); }
int posix_fallocate(int fd, off_t at, off_t n) { return no_room(fd, at + n) ? errno : REAL(posix_fallocate)(fd, at, n); }
int posix_fallocate64(int fd, off64_t at, off64_t n) {
    return no_room(fd, at + n) ? errno : REAL(posix_fallocate64)(fd, at, n);
}

#define OPEN(name, where, before, given)                                                        \
    int name(before const char *path, int flags, ...) {                                          \
        va_list rest; va_start(rest, flags); mode_t mode = va_arg(rest, mode_t); va_end(rest);   \
        if ((flags & (O_WRONLY | O_RDWR | O_CREAT | O_TRUNC)) && locked(path)) return -1;        \
        int (*real)(before const char *, int, ...) = dlsym(RTLD_NEXT, where);                    \
        return real(given path, flags, mode);                                                    \
    }
#define DIR_FD int folder,
#define GIVEN_FD folder,
OPEN(open, "open", , )
OPEN(open64, "open64", , )
OPEN(openat, "openat", DIR_FD, GIVEN_FD)
OPEN(openat64, "openat64", DIR_FD, GIVEN_FD)

int mkdir(const char *path, mode_t mode) { return locked(path) ? -1 : REAL(mkdir)(path, mode); }
int rmdir(const char *path) { return locked(path) ? -1 : REAL(rmdir)(path); }
int unlink(const char *path) { return locked(path) ? -1 : REAL(unlink)(path); }
int rename(const char *from, const char *to) { return locked(from) || locked(to) ? -1 : REAL(rename)(from, to); }
int chmod(const char *path, mode_t mode) { return locked(path) ? -1 : REAL(chmod)(path, mode); }

static void say_full(const char *path, int fd, unsigned long *free, unsigned long *available) {
    char now = (path ? there(path) : fd_there(fd)) ? state() : 0;
    if (now == 'f') *free = *available = 0;
}
int statvfs(const char *path, struct statvfs *found) {
    int done = REAL(statvfs)(path, found);
    say_full(path, -1, &found->f_bfree, &found->f_bavail);
    return done;
}
int statvfs64(const char *path, struct statvfs64 *found) {
    int done = REAL(statvfs64)(path, found);
    say_full(path, -1, (unsigned long *)&found->f_bfree, (unsigned long *)&found->f_bavail);
    return done;
}
int access(const char *path, int how) {
    if ((how & W_OK) && locked(path)) return -1;
    return REAL(access)(path, how);
}
