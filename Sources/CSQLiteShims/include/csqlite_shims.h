/// What SQLite offers only through variadic calls and file controls, which Swift cannot call.
#ifndef CSQLITE_SHIMS_H
#define CSQLITE_SHIMS_H

/// Keeps the write-ahead log when the last connection closes: neither checkpointed nor removed. The main file then
/// changes only at a checkpoint that somebody asks for. Returns 0 or SQLite's result code.
int csqlite_keep_log(void *_Nonnull connection);

#endif
