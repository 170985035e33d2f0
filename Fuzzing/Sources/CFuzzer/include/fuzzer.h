#pragma once
#include <stddef.h>
#include <stdint.h>

/// libFuzzer's own loop: tries inputs on the callback until its limits are reached (compiler-rt, lib/fuzzer/FuzzerDriver.cpp).
int LLVMFuzzerRunDriver(int *argc, char ***argv, int (*callback)(const uint8_t *data, size_t size));
