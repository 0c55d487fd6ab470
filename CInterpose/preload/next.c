#include "next.h"

#include <elf.h>
#include <link.h>
#include <stdbool.h>
#include <stdint.h>
#include <sys/auxv.h>

#include "cmdmox_bytes.h"

/* What the kernel and ld.so say of the program: its headers, and what to add to their addresses. */
struct program {
  const ElfW(Phdr) * headers;
  size_t count;
  uintptr_t bias;
};

/* False if the load address cannot be told. */
static bool find_program(struct program *program) {
  program->headers = (const ElfW(Phdr) *)getauxval(AT_PHDR);
  program->count = getauxval(AT_PHNUM);
  if (program->headers == NULL) {
    return false;
  }
  for (size_t i = 0; i < program->count; i++) {
    if (program->headers[i].p_type == PT_PHDR) {
      program->bias = (uintptr_t)program->headers - program->headers[i].p_vaddr;
      return true;
    }
  }
  /* Some linkers leave PT_PHDR out: the ELF header usually lies in the same page. */
  const ElfW(Ehdr) *header = (const ElfW(Ehdr) *)((uintptr_t)program->headers & ~(uintptr_t)4095);
  if (!cmdmox_equal(header->e_ident, ELFMAG, SELFMAG) ||
      (uintptr_t)header + header->e_phoff != (uintptr_t)program->headers) {
    return false;
  }
  for (size_t i = 0; i < program->count; i++) {
    if (program->headers[i].p_type == PT_LOAD && program->headers[i].p_offset == 0) {
      program->bias = (uintptr_t)header - program->headers[i].p_vaddr;
      return true;
    }
  }
  return false;
}

/* The first entry of the link map, by the program's DT_DEBUG, which ld.so fills for debuggers. */
static struct link_map *first_map(void) {
  struct program program;
  if (!find_program(&program)) {
    return NULL;
  }
  const ElfW(Dyn) *dynamic = NULL;
  for (size_t i = 0; i < program.count; i++) {
    if (program.headers[i].p_type == PT_DYNAMIC) {
      dynamic = (const ElfW(Dyn) *)(program.bias + program.headers[i].p_vaddr);
    }
  }
  for (; dynamic != NULL && dynamic->d_tag != DT_NULL; dynamic++) {
    if (dynamic->d_tag == DT_DEBUG && dynamic->d_un.d_ptr != 0) {
      return ((struct r_debug *)dynamic->d_un.d_ptr)->r_map;
    }
  }
  return NULL;
}

/* This library's own entry is recognised by its dynamic section, _DYNAMIC (link.h). */
static struct link_map *own_map(void) {
  static _Atomic(struct link_map *) found;
  struct link_map *map = atomic_load_explicit(&found, memory_order_relaxed);
  if (map == NULL) {
    for (map = first_map(); map != NULL && map->l_ld != _DYNAMIC; map = map->l_next) {
    }
    atomic_store_explicit(&found, map, memory_order_relaxed);
  }
  return map;
}

/* What a look-up needs of one library. */
struct symbols {
  const uint32_t *hash;
  const ElfW(Sym) * table;
  const char *names;
  const ElfW(Half) * versions; /* NULL: none */
};

/* ld.so has added the load address to these pointers for most libraries, not for the vDSO. */
static const void *section(const struct link_map *map, ElfW(Addr) value) {
  return (const void *)(value < map->l_addr ? value + map->l_addr : value);
}

static struct symbols symbols_of(const struct link_map *map) {
  struct symbols symbols = {NULL, NULL, NULL, NULL};
  for (const ElfW(Dyn) *entry = map->l_ld; entry->d_tag != DT_NULL; entry++) {
    const void *at = section(map, entry->d_un.d_ptr);
    switch (entry->d_tag) {
      case DT_GNU_HASH: symbols.hash = at; break;
      case DT_SYMTAB: symbols.table = at; break;
      case DT_STRTAB: symbols.names = at; break;
      case DT_VERSYM: symbols.versions = at; break;
    }
  }
  return symbols;
}

static uint32_t gnu_hash(const char *name) {
  uint32_t hash = 5381;
  for (const unsigned char *c = (const unsigned char *)name; *c != '\0'; c++) {
    hash = hash * 33 + *c;
  }
  return hash;
}

/* The default version of a function (STT_FUNC) or variable (STT_OBJECT): old versions of
 * posix_spawn are marked hidden (bit 15). */
static void *look_up(const struct link_map *map, const char *name, uint32_t wanted, int type) {
  struct symbols symbols = symbols_of(map);
  if (symbols.hash == NULL || symbols.table == NULL || symbols.names == NULL) {
    return NULL;
  }
  uint32_t bucket_count = symbols.hash[0], first = symbols.hash[1], bloom_size = symbols.hash[2];
  const ElfW(Addr) *bloom = (const ElfW(Addr) *)(symbols.hash + 4);
  const uint32_t *buckets = (const uint32_t *)(bloom + bloom_size);
  const uint32_t *chain = buckets + bucket_count;
  if (bucket_count == 0 || buckets[wanted % bucket_count] < first) {
    return NULL;
  }
  for (uint32_t i = buckets[wanted % bucket_count];; i++) {
    uint32_t hash = chain[i - first];
    const ElfW(Sym) *symbol = &symbols.table[i];
    if ((hash | 1) == (wanted | 1) && symbol->st_shndx != SHN_UNDEF &&
        ELF64_ST_TYPE(symbol->st_info) == type &&
        (symbols.versions == NULL || (symbols.versions[i] & 0x8000) == 0) &&
        cmdmox_same(symbols.names + symbol->st_name, name)) {
      return (void *)(map->l_addr + symbol->st_value);
    }
    if (hash & 1) {
      return NULL;
    }
  }
}

void *cmdmox_next(_Atomic(void *) *place, const char *name) {
  void *function = atomic_load_explicit(place, memory_order_relaxed);
  if (function != NULL) {
    return function;
  }
  uint32_t hash = gnu_hash(name);
  struct link_map *map = own_map();
  for (map = map != NULL ? map->l_next : NULL; map != NULL && function == NULL; map = map->l_next) {
    function = look_up(map, name, hash, STT_FUNC);
  }
  atomic_store_explicit(place, function, memory_order_relaxed);
  return function;
}

bool cmdmox_is_single_threaded(void) {
  static const char unknown = false;
  static _Atomic(const char *) place;
  const char *flag = atomic_load_explicit(&place, memory_order_relaxed);
  if (flag == NULL) {
    /* From the first on: the program may have got libc's copy (R_X86_64_COPY). */
    static const char name[] = "__libc_single_threaded";
    uint32_t hash = gnu_hash(name);
    for (struct link_map *map = first_map(); map != NULL && flag == NULL; map = map->l_next) {
      flag = look_up(map, name, hash, STT_OBJECT);
    }
    flag = flag != NULL ? flag : &unknown;
    atomic_store_explicit(&place, flag, memory_order_relaxed);
  }
  return *(const volatile char *)flag != 0;
}

const char *cmdmox_own_path(void) {
  struct link_map *map = own_map();
  return map != NULL ? map->l_name : NULL;
}
