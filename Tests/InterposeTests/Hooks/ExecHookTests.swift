import Testing

@Suite("Hooks of the exec family")
struct ExecHookTests {
  @Test(
    "Each function does what libc's does, and each command is recorded once",
    arguments: [
      HookedFunction(
        "execve",
        recorded: ExecCases.common + ExecCases.noFormatFails + [
          "show 'NULL envp' env=all | exited 0 | < -", "show | exited 0 | < -",
          "show | exited 0 | < -", "'' | failed EFAULT | < -",
        ]),
      HookedFunction(
        "execv",
        recorded: ExecCases.common + ExecCases.noFormatFails + [
          "show 'no environ' env=all | exited 0 | < -"
        ]),
      HookedFunction(
        "execvp",
        recorded: ExecCases.common + ExecCases.noFormatRuns + ExecCases.searches + [
          "show 'no environ' env=all | exited 0 | < -"
        ]),
      HookedFunction(
        "execvpe",
        recorded: ExecCases.common + ExecCases.noFormatRuns + ExecCases.searches + [
          "only-there 'PATH in envp' | failed ENOENT | < -",
          "true 'PATH of the caller' | exited 0 | < -",
        ]),
      HookedFunction(
        "execl", recorded: ExecCases.common + ExecCases.noFormatFails + ExecCases.lists),
      HookedFunction(
        "execle", recorded: ExecCases.common + ExecCases.noFormatFails + ExecCases.lists),
      HookedFunction(
        "execlp",
        recorded: ExecCases.common + ExecCases.noFormatRuns + ExecCases.searches + ExecCases.lists),
      HookedFunction(
        "execveat",
        recorded: ExecCases.common + ExecCases.noFormatFails + [
          "show 'in a directory' | exited 0 | < -", "show 'of a descriptor' | exited 0 | < -",
          "link 'not followed' | failed ELOOP | < -",
          "show 'closed directory' | failed EBADF | < -",
          "show 'bad flags' | failed EINVAL | < -",
        ]),
      HookedFunction("fexecve", recorded: ExecCases.ofDescriptors),
    ])
  func exec(function: HookedFunction) throws {
    try function.check()
  }

  @Test(
    "A spawn returns the error number, and each command is recorded once",
    arguments: [
      HookedFunction("posix_spawn", recorded: ExecCases.spawned + ExecCases.noFormatFails),
      HookedFunction(
        "posix_spawnp",
        recorded: ExecCases.spawned + ExecCases.noFormatFails + ExecCases.spawnSearches),
    ])
  func spawn(function: HookedFunction) throws {
    try function.check()
  }

  @Test(
    "A spawn that gives a descriptor instead of the pid is recorded once too",
    arguments: [
      HookedFunction("pidfd_spawn", recorded: ExecCases.byDescriptor + ExecCases.noFormatFails),
      HookedFunction(
        "pidfd_spawnp",
        recorded: ExecCases.byDescriptor + ExecCases.noFormatFails + ExecCases.spawnSearches),
    ])
  func spawnByDescriptor(function: HookedFunction) throws {
    try function.check(library: Callers.libraryWithPidfdSpawn())
  }
}

/// What `exec_cases.h` starts, as lines.
enum ExecCases {
  static let successes = [
    "show success | exited 0 | < -",
    "show status exit=7 | exited 7 | < -",
    "show signal kill=15 | signaled 15 | < -",
    "show argv0 | exited 0 | < -",
    "show words '' ' ' 'a\\nb' ümlaut \u{fffd}\u{fffd} ''\"\\$' | exited 0 | < -",
    "show large xxxx...(131071) | exited 0 | < -",
    "show inherited env | exited 0 | < -",
    "show empty env=all | exited 0 | < -",
    "show ordered env=all | exited 0 | < -",
  ]

  static let failures = [
    "program ENOENT | failed ENOENT | < -",
    "plain EACCES | failed EACCES | < -",
    ".. directory | failed EACCES | < -",
    "program ENOTDIR | failed ENOTDIR | < -",
    "circle ELOOP | failed ELOOP | < -",
    "nothing 'no name' | failed ENOENT | < -",
    "show E2BIG xxxx...(131072) | failed E2BIG | < -",
  ]

  static let threads = (0..<4).flatMap { thread in
    (0..<5).map { round in
      let status = thread * 10 + round
      return "show quiet thread-\(thread)-\(round) exit=\(status) | exited \(status) | < -"
    }
  }

  static let vforks = [
    "show vfork | exited 0 | < -", "program 'vfork fails' | failed ENOENT | < -",
  ]

  static let common = successes + failures + threads + vforks

  /// A script without a first line: the kernel refuses it.
  static let noFormatFails = ["noformat ENOEXEC | failed ENOEXEC | < -"]
  /// The functions that search give it to a shell.
  static let noFormatRuns = ["sh ./noformat ENOEXEC | exited 6 | < -"]

  static let searches = [
    "show found | exited 0 | < -",
    "no-such-program 'not found' | failed ENOENT | < -",
    "plain 'found forbidden' | failed EACCES | < -",
    "sh found/script 6 'found without format' | exited 6 | < -",
    "sh noformat 'working directory' | exited 6 | < -",
    "sh noformat 'empty PATH' | exited 6 | < -",
    "true 'no PATH' | exited 0 | < -",
  ]

  static let lists = [
    "show | exited 0 | < -", "show | exited 0 | < -",
    "show \(manyWords) | exited 0 | < -",
  ]

  private static let manyWords = ["a", "b", "c"].flatMap { letter in
    (0..<10).flatMap { tens in (0..<10).map { "\(letter)\(tens)\($0)" } }
  }.joined(separator: " ")

  /// What cannot be opened never gets to fexecve.
  static let ofDescriptors =
    successes + threads + noFormatFails + [
      "plain EACCES | failed EACCES | < -", "usr directory | failed EACCES | < -",
      "show E2BIG xxxx...(131072) | failed E2BIG | < -", "show vfork | exited 0 | < -",
      "script 'of a script' | exited 4 | < -", "show 'no descriptor' | failed EINVAL | < -",
      "show 'closed descriptor' | failed EBADF | < -",
    ]

  static let spawned =
    successes + failures + threads + [
      "show 'file actions' | exited 0 | < -",
      "show 'file action fails' | failed ENOENT | < -",
      "pwd | exited 0 | < -",
      "sh -c 'grep -E '^Sig(Blk|Ign)' /proc/self/status; kill -TERM 0' | signaled 15 | < -",
      "grep -E '^Sig(Blk|Ign)' /proc/self/status | exited 0 | < sh",
      "show session | exited 0 | < -",
      "show 'bad group' | failed EPERM | < -",
      "show 'no pid wanted' | exited 0 | < -",
      "show 'NULL envp' env=all | exited 0 | < -",
    ]

  static let byDescriptor =
    successes + failures + threads + ["true 'by descriptor' | exited 0 | < -"]

  static let spawnSearches = [
    "show found | exited 0 | < -",
    "no-such-program 'not found' | failed ENOENT | < -",
    "plain 'found forbidden' | failed EACCES | < -",
    "script 6 'found without format' | failed ENOEXEC | < -",
    "noformat 'working directory' | failed ENOEXEC | < -",
    "noformat 'empty PATH' | failed ENOEXEC | < -",
    "true 'no PATH' | exited 0 | < -",
  ]
}
