internal import SystemPackage

/// A compiler's command line, without the wrapper before it.
struct CompilerCommand {
  var compiler: String
  /// Response files expanded.
  var arguments: [String]
  var directory: String
}

/// Finds the compilers among the recordings of a session.
struct CompilerCommands {
  private let view: SessionView
  /// The file that ran under each compiler's name.
  private let programs: [String: String]

  init(_ view: SessionView) {
    self.view = view
    programs = view.recordings.reduce(into: [:]) { programs, recording in
      guard CompilerNames.isCompiler(recording.command), programs[recording.command] == nil,
        Outcome(recording).wasExecuted
      else { return }
      programs[recording.command] = recording.process?.executable
    }
  }

  /// What the session's root compiled; nil where it was no compiler.
  var rootCommand: CompilerCommand? {
    guard let words = view.facts.command, let program = words.first else { return nil }
    var process = ProcessFacts(pid: 0)
    process.cwd = view.facts.cwd
    process.executable = program.contains("/") ? program : ProgramSearch.find(program)?.string
    let recording = RecordedInvocation(
      sequence: 0, command: program.split(separator: "/").last.map(String.init) ?? program,
      args: Array(words.dropFirst()), timestamp: "", process: process)
    return command(recording, below: view.tree.depthFirst)
  }

  /// Nil for a recording of something else.
  func command(at place: Int) -> CompilerCommand? {
    command(view.recordings[place], below: descendants(of: place))
  }

  /// - Parameter below: what the recording ran, and what that ran.
  private func command(
    _ recording: RecordedInvocation, below: @autoclosure () -> [Int]
  ) -> CompilerCommand? {
    guard let directory = recording.process?.cwd else { return nil }
    let line: (compiler: String, arguments: [String])
    if CompilerNames.isWrapper(recording.command) {
      guard let wrapped = wrapped(by: recording, below()) else { return nil }
      line = wrapped
    } else {
      guard CompilerNames.isCompiler(recording.command), !isScript(recording, below()) else {
        return nil
      }
      line = (recording.process?.executable ?? recording.command, recording.args)
    }
    return CompilerCommand(
      compiler: line.compiler, arguments: ResponseFile.expanded(line.arguments, in: directory),
      directory: directory)
  }

  private func wrapped(
    by wrapper: RecordedInvocation, _ below: [Int]
  ) -> (compiler: String, arguments: [String])? {
    // ccache's own options begin with a dash, settings have an equals sign.
    let line = wrapper.args.drop { $0.contains("=") && !$0.hasPrefix("-") }
    guard let wrapped = line.first, let name = wrapped.split(separator: "/").last.map(String.init),
      CompilerNames.isCompiler(name)
    else { return nil }
    let compiler = wrapped == name ? program(name, below) ?? wrapped : wrapped
    return (compiler, Array(line.dropFirst()))
  }

  /// The file behind a compiler's name: what the wrapper ran, or somebody else did. A wrapper can
  /// answer from its cache, or run the compiler by another name: then what would be found now.
  private func program(_ name: String, _ below: [Int]) -> String? {
    let inner = below.lazy.map { view.recordings[$0] }
      .first { $0.command == name && Outcome($0).wasExecuted }
    return inner?.process?.executable ?? programs[name] ?? ProgramSearch.find(name)?.string
  }

  /// Whether it is a script (Debian's `c99`) that hands over to the compiler proper.
  private func isScript(_ recording: RecordedInvocation, _ below: @autoclosure () -> [Int]) -> Bool
  {
    recording.process?.interpreter != nil
      && below().contains {
        CompilerNames.isCompiler(view.recordings[$0].command)
          && Outcome(view.recordings[$0]).wasExecuted
      }
  }

  private func descendants(of place: Int) -> [Int] {
    var found: [Int] = []
    var waiting = Array(view.tree.children(of: place).reversed())
    while let next = waiting.popLast() {
      found.append(next)
      waiting += view.tree.children(of: next).reversed()
    }
    return found
  }
}
