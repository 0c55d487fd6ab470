/// One recording: a command that ran, and what came of it.
///
/// Texts are equal when they read the same (Unicode canonical equivalence, as `String` has it);
/// the `…Bytes` functions tell the exact bytes.
public struct RecordedInvocation: Equatable, Sendable {
  /// The recording's place in the order of start, from 0.
  public var sequence: Int
  /// The base name of the program as it was invoked.
  public var command: String
  /// The arguments without argument 0.
  public var args: [String]
  /// What it read from its standard input, as far as it was captured.
  public var stdin: String
  /// The variables that the environment filter let through.
  public var envSubset: [String: String]
  /// What it wrote to its standard output, as far as it was captured.
  public var stdout: String
  /// What it wrote to its standard error, as far as it was captured.
  public var stderr: String
  /// 0 to 255; 128 + n after signal n; -1 where nobody knows.
  public var exitCode: Int
  /// When it started, in ISO 8601 and UTC.
  public var timestamp: String
  /// How long it ran, in milliseconds.
  public var durationMs: Int
  /// The process behind it, where cmdmox traced one.
  public var process: ProcessFacts? {
    get { if case .facts(let facts) = boxedProcess { facts } else { nil } }
    set { boxedProcess = newValue.map { .facts($0) } }
  }

  /// The facts stand outside: they are most of a recording's size, and most fixtures of tests have
  /// none.
  private indirect enum BoxedProcess: Equatable, Sendable {
    case facts(ProcessFacts)
  }
  private var boxedProcess: BoxedProcess?
  /// The exact bytes of texts above that are not UTF-8.
  public var bytes = ExactBytes()
  /// Members of the file that this version does not know; setting drops those that it does.
  public var unknownMembers = JSONObject() {
    didSet { unknownMembers.remove(Self.memberNames) }
  }

  /// A recording of text; the order of the parameters is that of the file.
  public init(
    sequence: Int, command: String, args: [String] = [], stdin: String = "",
    envSubset: [String: String] = [:], stdout: String = "", stderr: String = "",
    exitCode: Int = 0, timestamp: String, durationMs: Int = 0, process: ProcessFacts? = nil
  ) {
    self.sequence = sequence
    self.command = command
    self.args = args
    self.stdin = stdin
    self.envSubset = envSubset
    self.stdout = stdout
    self.stderr = stderr
    self.exitCode = exitCode
    self.timestamp = timestamp
    self.durationMs = durationMs
    self.process = process
  }

  /// The recording as a JSON object, members in the order of the file.
  public func toDictionary() -> JSONObject { object }

  /// Reads a recording from a JSON object of the current schema version.
  ///
  /// - Throws: `FixtureError`, where a member is missing or has the wrong type.
  public init(dictionary: JSONObject) throws { try self.init(object: dictionary) }

  static let memberNames = [
    "sequence", "command", "args", "stdin", "env_subset", "stdout", "stderr", "exit_code",
    "timestamp", "duration_ms", "process", "bytes",
  ]
}

/// What the program really gave and got, where text cannot say it.
extension RecordedInvocation {
  /// The base name of the program as its bytes.
  public var commandBytes: [UInt8] { bytes.exact("command", text: command) }
  /// What it read, as its bytes.
  public var stdinBytes: [UInt8] { bytes.exact("stdin", text: stdin) }
  /// What it wrote to its standard output, as its bytes.
  public var stdoutBytes: [UInt8] { bytes.exact("stdout", text: stdout) }
  /// What it wrote to its standard error, as its bytes.
  public var stderrBytes: [UInt8] { bytes.exact("stderr", text: stderr) }

  /// The arguments without argument 0, each as its bytes.
  public var argumentBytes: [[UInt8]] {
    args.enumerated().map { bytes.exact("args", String($0), text: $1) }
  }

  /// The variables of `envSubset`, in no particular order, each as its bytes.
  public var environmentBytes: [(key: [UInt8], value: [UInt8])] {
    envSubset.map { key, value in
      (
        bytes[EnvironmentTexts.keys, key] ?? Array(key.utf8),
        bytes.exact(EnvironmentTexts.member, key, text: value)
      )
    }
  }

  /// Drops exact bytes that do not read as the text beside them any more.
  ///
  /// A scrubber changes text. Were the bytes kept, the fixture would still hold what it took out.
  mutating func dropStaleBytes() {
    guard !bytes.isEmpty || process?.bytes.isEmpty == false else { return }
    let copy = self
    bytes.keep { member, element, bytes in
      member == EnvironmentTexts.keys
        ? element.map { copy.envSubset[$0] != nil } ?? false
        : copy.text(member, element).map { ExactBytes.reads(bytes, as: $0) } ?? false
    }
    process?.dropStaleBytes()
  }

  private func text(_ member: String, _ element: String?) -> String? {
    switch (member, element) {
    case ("command", nil): command
    case ("stdin", nil): stdin
    case ("stdout", nil): stdout
    case ("stderr", nil): stderr
    case ("args", let index?): Int(index).flatMap { args.indices.contains($0) ? args[$0] : nil }
    case (EnvironmentTexts.member, let key?): envSubset[key]
    default: nil
    }
  }
}

extension ProcessFacts {
  mutating func dropStaleBytes() {
    let copy = self
    bytes.keep { member, element, bytes in
      let text: String? =
        switch (member, element) {
        case ("executable", nil): copy.executable
        case ("cwd", nil): copy.cwd
        case ("argv0", nil): copy.argv0
        case ("interpreter", nil): copy.interpreter
        default: nil
        }
      return text.map { ExactBytes.reads(bytes, as: $0) } ?? false
    }
  }
}
