#ifndef CMDMOX_COMPLAIN_H
#define CMDMOX_COMPLAIN_H

/* Writes one line on standard error, "cmdmox: <what><which><consequence>", unless CMDMOX_QUIET says
 * otherwise. MT-safe, AS-safe, keeps errno. */
void cmdmox_complain(char *const *envp, const char *what, const char *which,
                     const char *consequence);

#endif
