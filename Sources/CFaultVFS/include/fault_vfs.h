/* A VFS for tests that stands over SQLite's own and does what a machine does on a bad day: it forgets what was not
 * synced when the power is cut, and fails reads, writes and syncs on demand (https://www.sqlite.org/vfs.html).
 *
 * The files themselves are written as usual, as the page cache would show them. Beside them is kept, for each file,
 * what a disk is certain to hold: its bytes at the last sync, and the writes since. Syncs reach no disk.
 */
#ifndef FAULT_VFS_H
#define FAULT_VFS_H

#include <stdint.h>

typedef struct fault_vfs fault_vfs;

/* What can fail; to be combined. */
enum {
    FAULT_READ = 1,
    FAULT_WRITE = 2,
    FAULT_SYNC = 4,
    FAULT_TRUNCATE = 8,
};

/* On which files; to be combined. */
enum {
    FAULT_ON_DATABASE = 1,
    FAULT_ON_WAL = 2,
    FAULT_ON_OTHERS = 4,
};

/* Registers a VFS of that name; NULL when it cannot be. Every function may be called from any thread. */
fault_vfs *fault_vfs_create(const char *name);

/* Unregisters it and forgets everything. Every connection that uses it has to be closed. */
void fault_vfs_destroy(fault_vfs *vfs);

/* From now on the operations of those kinds on those files fail with the extended result code: `skip` of them still
 * succeed, then `count` fail; a negative count fails until the next call. A failed write has written nothing. A failed
 * sync has lost every write since the last one: that is what Linux does with dirty pages that it could not write. */
void fault_vfs_fail(fault_vfs *vfs, int kinds, int files, long skip, long count, int code);

/* Nothing fails any more. */
void fault_vfs_heal(fault_vfs *vfs);

/* How many operations have been failed on demand. */
long fault_vfs_failures(fault_vfs *vfs);

/* How many writes, syncs and truncations there have been. */
long fault_vfs_operations(fault_vfs *vfs);

/* Cuts the power as soon as `operations` more writes, syncs or truncations of those files are done: from then on
 * everything fails. */
void fault_vfs_cut_after(fault_vfs *vfs, int files, long operations);

/* From now on syncs are claimed and not done, as by a disk whose cache lies. */
void fault_vfs_lie(fault_vfs *vfs);

/* Cuts the power now. */
void fault_vfs_cut(fault_vfs *vfs);

/* Whether the power is cut. */
int fault_vfs_is_cut(fault_vfs *vfs);

/* Writes what the disk holds after the cut into another folder: each file under its own name, as it was at its last
 * sync, and of the writes since, sector by sector of 512 bytes, those that the seed picks. A sector that was written
 * several times may hold any of its versions, which is what reordering comes to. Gives 0, or -1 when a file cannot be
 * written. */
int fault_vfs_materialize(fault_vfs *vfs, const char *folder, uint64_t seed);

/* How many bytes of writes were not synced when the power was cut. */
int64_t fault_vfs_unsynced_bytes(fault_vfs *vfs);

#endif
