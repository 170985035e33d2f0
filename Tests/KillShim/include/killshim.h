/// Ends a program at a chosen moment, from outside its code. Loaded with LD_PRELOAD; the environment says when:
///
///   KILLSHIM_PROGRAM  base name of the program that it acts in; any where missing
///   KILLSHIM_FILE     the written file's path ends with this
///   KILLSHIM_TEXT     the written bytes contain this; several parts, all needed, are separated by '&'
///   KILLSHIM_WHEN     before, after-write or after-sync (of the same file)
///   KILLSHIM_AT       instead of file and text: before this call that changes a file, the first being 1
///   KILLSHIM_TARGET   process, or group for its whole process group; or freeze: the process is stopped instead, until
///                     somebody continues it
///   KILLSHIM_STAMP    a file that is made before the kill; where it is already, nobody is killed
///   KILLSHIM_COUNT    a file that gets the number of calls that changed a file, when the program ends by itself
#ifndef KILLSHIM_H
#define KILLSHIM_H
#endif
