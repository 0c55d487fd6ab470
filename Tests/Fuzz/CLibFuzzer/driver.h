/* libFuzzer as a library: its own main(3) and Swift's exclude each other. Source: compiler-rt,
 * <fuzzer/FuzzerInterface.h> has the other side. */
#ifndef CMDMOX_LIBFUZZER_DRIVER_H
#define CMDMOX_LIBFUZZER_DRIVER_H

#include <stddef.h>
#include <stdint.h>

/* Runs `target` on the corpus and on what it makes of it, as the arguments say; returns the status
 * to exit with, and does not return from a finding. */
int LLVMFuzzerRunDriver(int *argc, char ***argv, int (*target)(const uint8_t *bytes, size_t count));

#endif
