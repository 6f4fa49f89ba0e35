#include <sqlite3.h>

/// Ends SQLite's counting of the memory it uses, if no connection was opened yet: `sqlite3_config` takes a list of
/// arguments, which Swift cannot give it (https://www.sqlite.org/c3ref/c_config_covering_index_scan.html).
static inline int alertgate_count_no_memory(void) {
    return sqlite3_config(SQLITE_CONFIG_MEMSTATUS, 0);
}

/// Lets a connection close without a checkpoint, and without removing the write-ahead log
/// (https://www.sqlite.org/c3ref/c_dbconfig_defensive.html, SQLITE_DBCONFIG_NO_CKPT_ON_CLOSE).
static inline int alertgate_close_without_checkpoint(sqlite3 *connection) {
    return sqlite3_db_config(connection, SQLITE_DBCONFIG_NO_CKPT_ON_CLOSE, 1, (int *)0);
}
