#include "fault_vfs.h"

#include <fcntl.h>
#include <pthread.h>
#include <sqlite3.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#define SECTOR 512

/* A write or truncation that no sync has followed yet. */
struct change {
    struct change *next;
    int64_t offset;
    int64_t length; /* -1: a truncation to `offset` */
    unsigned char bytes[];
};

/* What the disk knows about one file, whether or not it is open. */
struct record {
    struct record *next;
    char *path;
    int kind;
    int is_named;      /* it is in the folder, as programs see it */
    int is_there;      /* it is in the folder, on the disk */
    int may_come_back; /* it was removed, but the folder was not synced */
    unsigned char *image;
    int64_t size;
    struct change *first;
    struct change **last;
};

struct fault_vfs {
    sqlite3_vfs base;
    sqlite3_vfs *real;
    char *name;
    pthread_mutex_t mutex;
    struct record *records;
    int kinds, files, code;
    long skip, count;
    long failures, operations, remaining;
    int is_counting_down, counted_files, is_cut, is_lying;
};

struct fault_file {
    sqlite3_file base;
    fault_vfs *vfs;
    struct record *record; /* NULL: a temporary file, which nobody expects back */
    sqlite3_file *real;
    int syncs_folder; /* the first sync syncs the folder too, as the unix VFS does for a journal or WAL that may be new */
};

/* MARK: Records. Everything here is called with the mutex held. */

static void *must(void *pointer) {
    if (pointer == NULL) abort();
    return pointer;
}

static void grow(struct record *record, int64_t size) {
    if (size <= record->size) return;
    record->image = must(realloc(record->image, (size_t)size));
    memset(record->image + record->size, 0, (size_t)(size - record->size));
    record->size = size;
}

static void apply(struct record *record, int64_t offset, const unsigned char *bytes, int64_t length) {
    grow(record, offset + length);
    memcpy(record->image + offset, bytes, (size_t)length);
}

static void forget_changes(struct record *record) {
    struct change *change = record->first;
    while (change != NULL) {
        struct change *next = change->next;
        free(change);
        change = next;
    }
    record->first = NULL;
    record->last = &record->first;
}

static void note(struct record *record, int64_t offset, const void *bytes, int64_t length) {
    if (record == NULL) return;
    struct change *change = must(malloc(sizeof(struct change) + (size_t)(length > 0 ? length : 0)));
    change->next = NULL;
    change->offset = offset;
    change->length = length;
    if (length > 0) memcpy(change->bytes, bytes, (size_t)length);
    *record->last = change;
    record->last = &change->next;
}

static void persist(struct record *record) {
    for (struct change *change = record->first; change != NULL; change = change->next) {
        if (change->length >= 0) {
            apply(record, change->offset, change->bytes, change->length);
        } else if (change->offset < record->size) {
            record->size = change->offset;
        }
    }
    forget_changes(record);
    record->is_there = 1;
}

/* The folder as it is now is on the disk: what was removed stays so, what was made is there. */
static void persist_folder(fault_vfs *vfs) {
    for (struct record *record = vfs->records; record != NULL; record = record->next) {
        if (record->may_come_back) {
            forget_changes(record);
            record->size = 0;
            record->is_there = 0;
            record->may_come_back = 0;
        } else if (record->is_named) {
            record->is_there = 1;
        }
    }
}

static int kind_of(int flags) {
    if (flags & SQLITE_OPEN_MAIN_DB) return FAULT_ON_DATABASE;
    if (flags & SQLITE_OPEN_WAL) return FAULT_ON_WAL;
    return FAULT_ON_OTHERS;
}

/* A file that was there before the first look at it is on the disk as it is. */
static void read_present(struct record *record) {
    int descriptor = open(record->path, O_RDONLY | O_CLOEXEC);
    if (descriptor < 0) return;
    unsigned char buffer[65536];
    ssize_t count;
    while ((count = read(descriptor, buffer, sizeof buffer)) > 0) {
        apply(record, record->size, buffer, count);
    }
    close(descriptor);
    record->is_there = 1;
}

static struct record *find(fault_vfs *vfs, const char *path) {
    for (struct record *record = vfs->records; record != NULL; record = record->next) {
        if (strcmp(record->path, path) == 0) return record;
    }
    return NULL;
}

static struct record *find_or_make(fault_vfs *vfs, const char *path, int flags) {
    struct record *record = find(vfs, path);
    if (record != NULL) {
        record->may_come_back = 0;
        record->is_named = 1;
        return record;
    }
    record = must(calloc(1, sizeof *record));
    record->path = must(strdup(path));
    record->kind = kind_of(flags);
    record->last = &record->first;
    record->is_named = 1;
    /* Closing this descriptor can drop no lock: SQLite has not opened the file yet. */
    read_present(record);
    record->next = vfs->records;
    vfs->records = record;
    return record;
}

/* What an operation comes to: SQLITE_OK, or the code to fail with. */
static int judge(fault_vfs *vfs, struct record *record, int kind, int otherwise) {
    if (vfs->is_cut) return otherwise;
    int file = record == NULL ? FAULT_ON_OTHERS : record->kind;
    if ((vfs->kinds & kind) && (vfs->files & file)) {
        if (vfs->skip > 0) {
            vfs->skip -= 1;
        } else if (vfs->count != 0) {
            if (vfs->count > 0) vfs->count -= 1;
            vfs->failures += 1;
            return vfs->code;
        }
    }
    return SQLITE_OK;
}

static void count_operation(fault_vfs *vfs, struct record *record) {
    vfs->operations += 1;
    if (!vfs->is_counting_down || record == NULL || !(vfs->counted_files & record->kind)) return;
    vfs->remaining -= 1;
    if (vfs->remaining <= 0) vfs->is_cut = 1;
}

/* MARK: Files */

#define FILE_OF(pointer) ((struct fault_file *)(pointer))
#define REAL(pointer) (FILE_OF(pointer)->real)
#define LOCK(file) pthread_mutex_lock(&(file)->vfs->mutex)
#define UNLOCK(file) pthread_mutex_unlock(&(file)->vfs->mutex)

static int file_close(sqlite3_file *file) {
    int code = REAL(file)->pMethods ? REAL(file)->pMethods->xClose(REAL(file)) : SQLITE_OK;
    free(FILE_OF(file)->real);
    FILE_OF(file)->real = NULL;
    return code;
}

static int file_read(sqlite3_file *base, void *bytes, int count, sqlite3_int64 offset) {
    struct fault_file *file = FILE_OF(base);
    LOCK(file);
    int code = judge(file->vfs, file->record, FAULT_READ, SQLITE_IOERR_READ);
    UNLOCK(file);
    return code != SQLITE_OK ? code : file->real->pMethods->xRead(file->real, bytes, count, offset);
}

static int file_write(sqlite3_file *base, const void *bytes, int count, sqlite3_int64 offset) {
    struct fault_file *file = FILE_OF(base);
    LOCK(file);
    int code = judge(file->vfs, file->record, FAULT_WRITE, SQLITE_IOERR_WRITE);
    if (code == SQLITE_OK) code = file->real->pMethods->xWrite(file->real, bytes, count, offset);
    if (code == SQLITE_OK) {
        note(file->record, offset, bytes, count);
        count_operation(file->vfs, file->record);
    }
    UNLOCK(file);
    return code;
}

static int file_truncate(sqlite3_file *base, sqlite3_int64 size) {
    struct fault_file *file = FILE_OF(base);
    LOCK(file);
    int code = judge(file->vfs, file->record, FAULT_TRUNCATE, SQLITE_IOERR_TRUNCATE);
    if (code == SQLITE_OK) code = file->real->pMethods->xTruncate(file->real, size);
    if (code == SQLITE_OK) {
        note(file->record, size, NULL, -1);
        count_operation(file->vfs, file->record);
    }
    UNLOCK(file);
    return code;
}

static int file_sync(sqlite3_file *base, int flags) {
    struct fault_file *file = FILE_OF(base);
    (void)flags;
    LOCK(file);
    int code = judge(file->vfs, file->record, FAULT_SYNC, SQLITE_IOERR_FSYNC);
    if (code == SQLITE_OK) {
        if (file->record != NULL && !file->vfs->is_lying) {
            persist(file->record);
            if (file->syncs_folder) persist_folder(file->vfs);
            file->syncs_folder = 0;
        }
        count_operation(file->vfs, file->record);
    } else if (!file->vfs->is_cut && file->record != NULL) {
        forget_changes(file->record);
    }
    UNLOCK(file);
    return code;
}

static int file_size(sqlite3_file *file, sqlite3_int64 *size) {
    return REAL(file)->pMethods->xFileSize(REAL(file), size);
}

static int file_lock(sqlite3_file *file, int level) { return REAL(file)->pMethods->xLock(REAL(file), level); }

static int file_unlock(sqlite3_file *file, int level) { return REAL(file)->pMethods->xUnlock(REAL(file), level); }

static int file_check_lock(sqlite3_file *file, int *result) {
    return REAL(file)->pMethods->xCheckReservedLock(REAL(file), result);
}

static int file_control(sqlite3_file *file, int operation, void *argument) {
    /* Would change the file behind the record's back. */
    if (operation == SQLITE_FCNTL_SIZE_HINT || operation == SQLITE_FCNTL_CHUNK_SIZE) return SQLITE_OK;
    return REAL(file)->pMethods->xFileControl(REAL(file), operation, argument);
}

static int file_sector_size(sqlite3_file *file) { return REAL(file)->pMethods->xSectorSize(REAL(file)); }

static int file_characteristics(sqlite3_file *file) {
    /* What the records keep: a write never harms the bytes beside it. */
    return REAL(file)->pMethods->xDeviceCharacteristics(REAL(file)) & SQLITE_IOCAP_POWERSAFE_OVERWRITE;
}

static int file_shm_map(sqlite3_file *file, int region, int size, int extend, void volatile **memory) {
    return REAL(file)->pMethods->xShmMap(REAL(file), region, size, extend, memory);
}

static int file_shm_lock(sqlite3_file *file, int offset, int count, int flags) {
    return REAL(file)->pMethods->xShmLock(REAL(file), offset, count, flags);
}

static void file_shm_barrier(sqlite3_file *file) { REAL(file)->pMethods->xShmBarrier(REAL(file)); }

static int file_shm_unmap(sqlite3_file *file, int remove) {
    return REAL(file)->pMethods->xShmUnmap(REAL(file), remove);
}

/* Version 2: with the shared memory of WAL mode, without memory-mapped reading and writing, which would pass by. */
static const sqlite3_io_methods methods = {
    2,
    file_close,
    file_read,
    file_write,
    file_truncate,
    file_sync,
    file_size,
    file_lock,
    file_unlock,
    file_check_lock,
    file_control,
    file_sector_size,
    file_characteristics,
    file_shm_map,
    file_shm_lock,
    file_shm_barrier,
    file_shm_unmap,
    NULL,
    NULL,
};

/* MARK: The VFS */

#define VFS(pointer) ((fault_vfs *)(pointer)->pAppData)

static int vfs_open(sqlite3_vfs *base, const char *path, sqlite3_file *opened, int flags, int *outcome) {
    fault_vfs *vfs = VFS(base);
    struct fault_file *file = FILE_OF(opened);
    memset(file, 0, sizeof *file);
    file->vfs = vfs;
    pthread_mutex_lock(&vfs->mutex);
    int is_cut = vfs->is_cut;
    int is_kept = path != NULL && !(flags & SQLITE_OPEN_DELETEONCLOSE);
    if (is_kept && !is_cut) file->record = find_or_make(vfs, path, flags);
    pthread_mutex_unlock(&vfs->mutex);
    if (is_cut) return SQLITE_CANTOPEN;
    file->real = must(calloc(1, (size_t)vfs->real->szOsFile));
    int code = vfs->real->xOpen(vfs->real, path, file->real, flags, outcome);
    if (code == SQLITE_OK) {
        file->base.pMethods = &methods;
        file->syncs_folder =
            (flags & SQLITE_OPEN_CREATE) && (flags & (SQLITE_OPEN_MAIN_JOURNAL | SQLITE_OPEN_WAL)) ? 1 : 0;
    } else {
        free(file->real);
        file->real = NULL;
    }
    return code;
}

static int vfs_delete(sqlite3_vfs *base, const char *path, int sync_folder) {
    fault_vfs *vfs = VFS(base);
    pthread_mutex_lock(&vfs->mutex);
    int code = vfs->is_cut ? SQLITE_IOERR_DELETE : vfs->real->xDelete(vfs->real, path, sync_folder);
    struct record *record = code == SQLITE_OK ? find(vfs, path) : NULL;
    if (record != NULL) {
        record->is_named = 0;
        if (!record->is_there) {
            forget_changes(record);
            record->size = 0;
        } else {
            note(record, 0, NULL, -1);
            record->may_come_back = 1;
        }
    }
    if (code == SQLITE_OK && sync_folder) persist_folder(vfs);
    pthread_mutex_unlock(&vfs->mutex);
    return code;
}

static int vfs_access(sqlite3_vfs *base, const char *path, int flags, int *result) {
    return VFS(base)->real->xAccess(VFS(base)->real, path, flags, result);
}

static int vfs_full_pathname(sqlite3_vfs *base, const char *path, int size, char *full) {
    return VFS(base)->real->xFullPathname(VFS(base)->real, path, size, full);
}

static int vfs_randomness(sqlite3_vfs *base, int size, char *bytes) {
    return VFS(base)->real->xRandomness(VFS(base)->real, size, bytes);
}

static int vfs_sleep(sqlite3_vfs *base, int microseconds) {
    return VFS(base)->real->xSleep(VFS(base)->real, microseconds);
}

static int vfs_last_error(sqlite3_vfs *base, int size, char *text) {
    return VFS(base)->real->xGetLastError(VFS(base)->real, size, text);
}

static int vfs_current_time(sqlite3_vfs *base, sqlite3_int64 *milliseconds) {
    return VFS(base)->real->xCurrentTimeInt64(VFS(base)->real, milliseconds);
}

fault_vfs *fault_vfs_create(const char *name) {
    sqlite3_vfs *real = sqlite3_vfs_find("unix");
    if (real == NULL) return NULL;
    fault_vfs *vfs = must(calloc(1, sizeof *vfs));
    pthread_mutex_init(&vfs->mutex, NULL);
    vfs->real = real;
    vfs->name = must(strdup(name));
    vfs->base.iVersion = 2;
    vfs->base.szOsFile = (int)sizeof(struct fault_file);
    vfs->base.mxPathname = real->mxPathname;
    vfs->base.zName = vfs->name;
    vfs->base.pAppData = vfs;
    vfs->base.xOpen = vfs_open;
    vfs->base.xDelete = vfs_delete;
    vfs->base.xAccess = vfs_access;
    vfs->base.xFullPathname = vfs_full_pathname;
    vfs->base.xRandomness = vfs_randomness;
    vfs->base.xSleep = vfs_sleep;
    vfs->base.xGetLastError = vfs_last_error;
    vfs->base.xCurrentTimeInt64 = vfs_current_time;
    if (sqlite3_vfs_register(&vfs->base, 0) != SQLITE_OK) {
        free(vfs->name);
        free(vfs);
        return NULL;
    }
    return vfs;
}

void fault_vfs_destroy(fault_vfs *vfs) {
    sqlite3_vfs_unregister(&vfs->base);
    while (vfs->records != NULL) {
        struct record *next = vfs->records->next;
        forget_changes(vfs->records);
        free(vfs->records->image);
        free(vfs->records->path);
        free(vfs->records);
        vfs->records = next;
    }
    pthread_mutex_destroy(&vfs->mutex);
    free(vfs->name);
    free(vfs);
}

/* MARK: Faults */

void fault_vfs_fail(fault_vfs *vfs, int kinds, int files, long skip, long count, int code) {
    pthread_mutex_lock(&vfs->mutex);
    vfs->kinds = kinds;
    vfs->files = files;
    vfs->skip = skip;
    vfs->count = count;
    vfs->code = code;
    pthread_mutex_unlock(&vfs->mutex);
}

void fault_vfs_heal(fault_vfs *vfs) { fault_vfs_fail(vfs, 0, 0, 0, 0, SQLITE_OK); }

static long locked_value(fault_vfs *vfs, const long *value) {
    pthread_mutex_lock(&vfs->mutex);
    long found = *value;
    pthread_mutex_unlock(&vfs->mutex);
    return found;
}

long fault_vfs_failures(fault_vfs *vfs) { return locked_value(vfs, &vfs->failures); }

long fault_vfs_operations(fault_vfs *vfs) { return locked_value(vfs, &vfs->operations); }

void fault_vfs_lie(fault_vfs *vfs) {
    pthread_mutex_lock(&vfs->mutex);
    vfs->is_lying = 1;
    pthread_mutex_unlock(&vfs->mutex);
}

void fault_vfs_cut_after(fault_vfs *vfs, int files, long operations) {
    pthread_mutex_lock(&vfs->mutex);
    vfs->is_counting_down = 1;
    vfs->counted_files = files;
    vfs->remaining = operations;
    if (operations <= 0) vfs->is_cut = 1;
    pthread_mutex_unlock(&vfs->mutex);
}

void fault_vfs_cut(fault_vfs *vfs) { fault_vfs_cut_after(vfs, 0, 0); }

int fault_vfs_is_cut(fault_vfs *vfs) {
    pthread_mutex_lock(&vfs->mutex);
    int is_cut = vfs->is_cut;
    pthread_mutex_unlock(&vfs->mutex);
    return is_cut;
}

int64_t fault_vfs_unsynced_bytes(fault_vfs *vfs) {
    int64_t bytes = 0;
    pthread_mutex_lock(&vfs->mutex);
    for (struct record *record = vfs->records; record != NULL; record = record->next) {
        for (struct change *change = record->first; change != NULL; change = change->next) {
            if (change->length > 0) bytes += change->length;
        }
    }
    pthread_mutex_unlock(&vfs->mutex);
    return bytes;
}

/* SplitMix64 (Steele, Lea and Flood). */
static uint64_t next_random(uint64_t *state) {
    uint64_t value = (*state += 0x9E3779B97F4A7C15u);
    value = (value ^ (value >> 30)) * 0xBF58476D1CE4E5B9u;
    value = (value ^ (value >> 27)) * 0x94D049BB133111EBu;
    return value ^ (value >> 31);
}

/* Picks of the changes since the last sync what reached the disk nevertheless. `chance` of 256 sectors do. */
static void lose_changes(struct record *record, uint64_t *state, unsigned chance) {
    for (struct change *change = record->first; change != NULL; change = change->next) {
        if (change->length < 0) {
            if ((next_random(state) & 255) < chance && change->offset < record->size) record->size = change->offset;
            continue;
        }
        int64_t done = 0;
        while (done < change->length) {
            int64_t offset = change->offset + done;
            int64_t length = SECTOR - offset % SECTOR;
            if (length > change->length - done) length = change->length - done;
            if ((next_random(state) & 255) < chance) apply(record, offset, change->bytes + done, length);
            done += length;
        }
    }
    forget_changes(record);
}

static int write_image(const struct record *record, const char *folder) {
    const char *name = strrchr(record->path, '/');
    name = name == NULL ? record->path : name + 1;
    size_t room = strlen(folder) + strlen(name) + 2;
    char *path = must(malloc(room));
    strcpy(path, folder);
    strcat(path, "/");
    strcat(path, name);
    int descriptor = open(path, O_WRONLY | O_CREAT | O_TRUNC | O_CLOEXEC, 0640);
    free(path);
    if (descriptor < 0) return -1;
    int64_t done = 0;
    while (done < record->size) {
        ssize_t count = write(descriptor, record->image + done, (size_t)(record->size - done));
        if (count <= 0) break;
        done += count;
    }
    close(descriptor);
    return done == record->size ? 0 : -1;
}

int fault_vfs_materialize(fault_vfs *vfs, const char *folder, uint64_t seed) {
    static const unsigned chances[] = {0, 32, 128, 224, 250, 256};
    int result = 0;
    uint64_t state = seed;
    pthread_mutex_lock(&vfs->mutex);
    vfs->is_cut = 1;
    for (struct record *record = vfs->records; record != NULL; record = record->next) {
        if (record->may_come_back && (next_random(&state) & 1)) continue;
        if (!record->is_there && (next_random(&state) & 1)) continue;
        lose_changes(record, &state, chances[next_random(&state) % 6]);
        if (!record->is_there && record->size == 0) continue;
        if (write_image(record, folder) != 0) result = -1;
    }
    pthread_mutex_unlock(&vfs->mutex);
    return result;
}
