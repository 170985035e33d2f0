enum LinuxHost {}
