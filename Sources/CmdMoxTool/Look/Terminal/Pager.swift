import Glibc

/// The program that shows long output page by page, in front of a terminal's standard output.
struct Pager {
  private let pid: pid_t
  /// How wide the terminal is: standard output is a pipe now.
  let columns: Int?

  /// Starts `$PAGER`, or less where there is none, and puts it in front of standard output.
  ///
  /// Nil where standard output is no terminal, `PAGER` is empty or `cat`, or it does not start: then
  /// the output goes out as it is.
  init?(isWanted: Bool) {
    guard isWanted, Terminal.isOutput else { return nil }
    let chosen = getenv("PAGER").map { String(cString: $0) } ?? "less"
    guard !chosen.isEmpty, chosen != "cat" else { return nil }
    // One screen needs no paging, colours pass, and the text stays when the pager ends.
    columns = Terminal.columns
    setenv("LESS", "FRX", 0)
    var ends: [Int32] = [0, 0]
    guard pipe(&ends) == 0 else { return nil }
    for end in ends { _ = fcntl(end, F_SETFD, FD_CLOEXEC) }
    // Ctrl-C is the pager's: it must not be left alone with the terminal.
    signal(SIGINT, SIG_IGN)
    guard let pid = Self.start(chosen, input: ends[0]) else {
      signal(SIGINT, SIG_DFL)
      for end in ends { close(end) }
      return nil
    }
    dup2(ends[1], STDOUT_FILENO)
    close(ends[0])
    close(ends[1])
    self.pid = pid
  }

  /// Ends the output and waits until the reader has seen it.
  func wait() {
    close(STDOUT_FILENO)
    var status: Int32 = 0
    while waitpid(pid, &status, 0) < 0 && errno == EINTR {}
  }

  private static func start(_ command: String, input: Int32) -> pid_t? {
    var actions = posix_spawn_file_actions_t()
    posix_spawn_file_actions_init(&actions)
    defer { posix_spawn_file_actions_destroy(&actions) }
    posix_spawn_file_actions_adddup2(&actions, input, STDIN_FILENO)
    var attributes = posix_spawnattr_t()
    posix_spawnattr_init(&attributes)
    defer { posix_spawnattr_destroy(&attributes) }
    var interrupt = sigset_t()
    sigemptyset(&interrupt)
    sigaddset(&interrupt, SIGINT)
    posix_spawnattr_setsigdefault(&attributes, &interrupt)
    posix_spawnattr_setflags(&attributes, Int16(POSIX_SPAWN_SETSIGDEF))
    // A pager that is not installed must not swallow the text.
    let script = "\(command) || cat"
    let words: [String] = ["sh", "-c", script]
    let arguments: [UnsafeMutablePointer<CChar>?] = words.map { strdup($0) } + [nil]
    defer { for argument in arguments { free(argument) } }
    var pid: pid_t = 0
    let error = posix_spawn(&pid, "/bin/sh", &actions, &attributes, arguments, environ)
    return error == 0 ? pid : nil
  }
}
