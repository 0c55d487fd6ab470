import ArgumentParser
import CmdMox
import Glibc
import SystemPackage

struct RerunCommand: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "rerun",
    abstract: "Runs a recorded command again.",
    discussion: """
      In its directory, with the variables that were kept over the present ones, and with the \
      standard input that was captured (cmdmox record). It does then what the command does. The exit \
      status is the command's.
      """)

  @Argument(help: ArgumentHelp("The fixture.", valueName: "fixture"), completion: .file())
  var fixture: String
  @Argument(help: ArgumentHelp("The number of the invocation.", valueName: "n")) var number: Int

  @Option(
    help: ArgumentHelp(
      "Run it under this program: gdb, lldb, valgrind, strace. Standard input stays yours.",
      valueName: "program"), completion: .list(["gdb", "lldb", "strace", "valgrind"]))
  var debugger: String?

  mutating func run() throws {
    let number = number
    let view = try LookedAtFixture.load(fixture) { $0.sequence == number }
    guard let place = view.place(ofSequence: number) else {
      throw Failure(
        .noInput,
        "\(fixture) has no invocation \(number); `cmdmox show \(fixture)` lists those that it has")
    }
    try Rerun(view.recordings[place]).execute(under: debugger)
  }
}

/// A recorded command that takes the place of this process.
struct Rerun {
  private let recording: RecordedInvocation

  init(_ recording: RecordedInvocation) { self.recording = recording }

  /// - Throws: ``Failure`` where it cannot be executed; otherwise it does not return.
  func execute(under debugger: String?) throws {
    try enterDirectory()
    for (key, value) in recording.environmentBytes {
      setenv(Self.string(key), Self.string(value), 1)
    }
    if debugger == nil { try giveInput() }
    let program = program
    var words = [program.isByPath ? givenName : program.name] + recording.argumentBytes
    var file = program.name
    if let debugger {
      words = Self.prefix(debugger) + [program.name] + recording.argumentBytes
      file = Array(debugger.utf8)
    }
    var arguments: [UnsafeMutablePointer<CChar>?] = words.map { strdup(Self.string($0)) }
    arguments.append(nil)
    execvp(Self.string(file), arguments)
    let errno = Errno(rawValue: Glibc.errno)
    let shown = VisibleText.line(file)
    throw Failure(
      errno == .noSuchFileOrDirectory ? .notFound : .notExecutable, "\(shown): \(errno)")
  }

  /// What a debugger wants before the program's own command line.
  private static func prefix(_ debugger: String) -> [[UInt8]] {
    let name = debugger.split(separator: "/").last ?? ""
    let between = name == "gdb" ? ["--args"] : name == "lldb" ? ["--"] : []
    return ([debugger] + between).map { Array($0.utf8) }
  }

  /// The file that ran, if it is there; else the name, which is looked up.
  private var program: (name: [UInt8], isByPath: Bool) {
    if let process = recording.process, let executable = process.executable,
      access(executable, X_OK) == 0
    {
      return (Array(executable.utf8), true)
    }
    return (recording.programBytes, false)
  }

  private var givenName: [UInt8] {
    recording.process?.argv0.map { Array($0.utf8) } ?? recording.commandBytes
  }

  private func enterDirectory() throws {
    guard let directory = recording.directoryBytes else { return }
    guard chdir(Self.string(directory)) == 0 else {
      throw Failure(
        .noInput,
        "its directory \(VisibleText.line(directory)): \(Errno(rawValue: errno)); make it first")
    }
  }

  private func giveInput() throws {
    let bytes = recording.stdinBytes
    let taken = recording.process?.stdin?.taken
    // A terminal's, or one that was not looked at: the present one stays.
    guard !bytes.isEmpty || [.relayed, .file, .peeked].contains(taken) else { return }
    dup2(try MemoryFile(bytes).descriptor, STDIN_FILENO)
  }

  /// A C string; no argument of a process has a NUL in it.
  private static func string(_ bytes: [UInt8]) -> [CChar] {
    bytes.prefix { $0 != 0 }.map { CChar(bitPattern: $0) } + [0]
  }
}
