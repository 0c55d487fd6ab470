/// What is known of a command by its name and options: what it makes of a failure of what it runs.
struct CommandKind: Equatable {
  /// A shell, or a script that one runs.
  let isShell: Bool
  let isMake: Bool
  /// Whether it is a make that goes on after a failure.
  let keepsGoing: Bool

  init(_ recording: RecordedInvocation) {
    self.init(
      command: recording.command, interpreter: recording.process?.interpreter,
      arguments: recording.args)
  }

  /// - Parameter root: what the user ran; what the kernel ran for a script is not known of it.
  init(root: [String]) {
    let name = Self.base(root.first ?? "")
    let isScript = name == "configure" || name.hasSuffix(".sh") || name.hasSuffix(".bash")
    self.init(
      command: name, interpreter: isScript ? "sh" : nil, arguments: Array(root.dropFirst()))
  }

  private init(command: String, interpreter: String?, arguments: [String]) {
    isShell = Self.shells.contains(Self.base(interpreter ?? command))
    isMake = Self.makes.contains(Self.base(command))
    keepsGoing = isMake && arguments.contains(where: Self.isKeepGoing)
  }

  /// Whether a status other than 0 is an answer more often than a fault.
  static func isQuestion(_ command: String) -> Bool { questions.contains(base(command)) }

  /// `-k`, alone or among others (`-sk`, `-j4k`), and `--keep-going`. Source: make(1), ninja(1).
  private static func isKeepGoing(_ argument: String) -> Bool {
    if argument.hasPrefix("--") { return argument == "--keep-going" }
    guard argument.hasPrefix("-") else { return false }
    // Behind one of these letters stands its value.
    return argument.dropFirst().prefix { !"CfIoWEl".contains($0) }.contains("k")
  }

  private static func base(_ command: String) -> String {
    String(command.split(separator: "/").last ?? "")
  }

  private static let shells: Set = [
    "sh", "bash", "dash", "zsh", "ksh", "mksh", "busybox", "fish", "ash",
  ]
  private static let makes: Set = ["make", "gmake", "ninja"]
  private static let questions: Set = [
    "test", "[", "grep", "egrep", "fgrep", "rg", "zgrep", "cmp", "diff", "expr", "false", "which",
    "pgrep", "pkg-config", "pkgconf", "getent", "id", "tty", "command",
  ]
}
