#include "csqlite_shims.h"

#include <sqlite3.h>

int csqlite_keep_log(void *connection) {
    int on = 1;
    int result = sqlite3_db_config((sqlite3 *)connection, SQLITE_DBCONFIG_NO_CKPT_ON_CLOSE, 1, (int *)0);
    if (result != SQLITE_OK) return result;
    return sqlite3_file_control((sqlite3 *)connection, "main", SQLITE_FCNTL_PERSIST_WAL, &on);
}
