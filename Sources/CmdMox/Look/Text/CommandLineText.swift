extension RecordedInvocation {
  /// The command and its arguments as a shell would be given them, on one line.
  ///
  /// - Parameter limit: about how many characters are wanted: what lies far behind is not looked at.
  package func commandLine(limit: Int = .max) -> String {
    var line = ShellWord.quoted(Self.cut(commandBytes, limit))
    for (place, argument) in args.enumerated() {
      guard line.utf8.count <= limit else { return line + " …" }
      let exact =
        bytes.isEmpty
        ? Array(argument.utf8) : bytes.exact("args", String(place), text: argument)
      line += " " + ShellWord.quoted(Self.cut(exact, limit))
    }
    return line
  }

  private static func cut(_ word: [UInt8], _ limit: Int) -> [UInt8] {
    // As UTF-8 a character has up to four bytes.
    word.count / 4 > limit ? Array(word[..<(limit * 4)]) : word
  }

  /// The same invocation, ready to paste: in its directory, with the variables that were kept.
  ///
  ///     cd -- /src && env -- LANG=C gcc -c a.c
  ///
  /// Everything is quoted; nothing in a directory, a variable or an argument is taken for an option
  /// or an assignment of the shell's.
  package var pasteLine: String {
    ([pasteHead] + argumentBytes.map(ShellWord.quoted)).joined(separator: " ")
  }

  /// What stands before the arguments in a line to paste.
  var pasteHead: String {
    var words = directoryBytes.map { ["cd", "--", ShellWord.quoted($0), "&&"] } ?? []
    let program = programBytes
    let variables = environmentWords
    if variables.isEmpty, program.first != UInt8(ascii: "-"),
      !program.contains(UInt8(ascii: "="))
    {
      words.append(Self.notKeyword(program))
    } else {
      words += ["env", "--"]
      words += variables.map(ShellWord.quoted)
      if program.contains(UInt8(ascii: "=")) {
        // env(1) would take it for another variable.
        words += ["sh", "-c", "'exec \"$@\"'", "sh"]
      }
      words.append(ShellWord.quoted(program))
    }
    return words.joined(separator: " ")
  }

  /// The variables that were kept, as `NAME=value`, in their order.
  var environmentWords: [[UInt8]] {
    environmentBytes.map { $0.key + [UInt8(ascii: "=")] + $0.value }
      .sorted { $0.lexicographicallyPrecedes($1) }
  }

  /// Quoted so that the shell runs a program: neither a keyword nor an alias.
  private static func notKeyword(_ program: [UInt8]) -> String {
    let word = ShellWord.quoted(program)
    let text = String(decoding: program, as: UTF8.self)
    return keywords.contains(text) ? "env -- " + word : word
  }

  /// Reserved words of POSIX and bash, and builtins that do something else than their program.
  private static let keywords: Set = [
    "if", "then", "else", "elif", "fi", "do", "done", "case", "esac", "while", "until", "for", "in",
    "function", "select", "time", "coproc", "eval", "exec", "exit", "set", "unset", "export",
    "return", "break", "continue", "shift", "trap", "wait", "cd", ".", "source", "alias", "command",
    "echo", "printf", "test", "[", "kill", "pwd", "read", "type", "umask", "ulimit", "true",
    "false",
  ]

  /// How its caller named the program: a path where it gave one, else the name that is looked up.
  package var programBytes: [UInt8] {
    guard let process, let argv0 = process.argv0 else { return commandBytes }
    let given = process.bytes.exact("argv0", text: argv0)
    if given.contains(UInt8(ascii: "/")) { return given }
    // Argument 0 is anything that the caller likes; what ran is the file.
    guard let executable = process.executable else { return commandBytes }
    return process.bytes.exact("executable", text: executable)
  }

  /// Its working directory; nil where it is not known.
  package var directoryBytes: [UInt8]? {
    guard let process, let cwd = process.cwd else { return nil }
    return process.bytes.exact("cwd", text: cwd)
  }
}

extension SessionFacts {
  /// What the user ran, as a shell would be given it, on one line; nil where it is not known.
  package var commandLine: String? {
    command?.enumerated().map { place, word in
      ShellWord.quoted(bytes.exact("command", String(place), text: word))
    }.joined(separator: " ")
  }
}
