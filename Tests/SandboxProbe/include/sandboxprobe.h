/// Tries from inside a program what a hostile archive would make it do, had it found a way. Loaded with LD_PRELOAD; the
/// environment says when and where:
///
///   SANDBOXPROBE_WHEN   start: before the program's own code; entry: when it looks for the first entry of an archive
///   SANDBOXPROBE_PLACE  a folder with the file "bait", where nothing may be read, made or changed
///   SANDBOXPROBE_DENY   landlock, seccomp or limits: what the system shall refuse this program to begin with
///
/// It writes one line for each attempt to descriptor 2: "probe NAME CODE", where the code is 0 if it worked, or an errno.
#ifndef SANDBOXPROBE_H
#define SANDBOXPROBE_H
#endif
