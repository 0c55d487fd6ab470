/// A command that was run, as `RecordingSession.record` takes it.
public struct Invocation: Equatable, Sendable {
  /// The base name of the program as it was invoked.
  public var command: String
  /// The arguments without argument 0.
  public var args: [String]
  /// What it read from its standard input, as far as it was captured.
  public var stdin: String
  /// The exact bytes of texts above that are not UTF-8.
  public var bytes = ExactBytes()

  /// The whole environment; the session keeps a subset.
  enum Environment: Equatable, Sendable {
    case texts([String: String])
    /// As execve(2) takes it: `NAME=value` strings, each ended by a NUL.
    case block([UInt8])
  }
  var environment: Environment

  /// The whole environment as text; the session keeps a subset.
  public var env: [String: String] {
    get {
      switch environment {
      case .texts(let texts): texts
      case .block(let block): EnvironmentFilter.texts(of: block)
      }
    }
    set { environment = .texts(newValue) }
  }

  /// An invocation of text.
  public init(
    command: String, args: [String] = [], stdin: String = "", env: [String: String] = [:]
  ) {
    self.command = command
    self.args = args
    self.stdin = stdin
    environment = .texts(env)
  }

  /// An invocation of bytes, as a process has them; whatever is no UTF-8 is kept exactly.
  ///
  /// - Parameters:
  ///   - command: the base name of the program as it was invoked.
  ///   - args: the arguments without argument 0.
  ///   - environmentBlock: `NAME=value` strings, each ended by a NUL. Only what the session keeps of
  ///     it is ever made into text.
  package init(
    command: some Collection<UInt8>, args: some Sequence<some Collection<UInt8>>,
    stdin: some Collection<UInt8> = [], environmentBlock: some Collection<UInt8> = []
  ) {
    var exact: [UInt8]?
    self.command = text(of: command, exact: &exact)
    bytes.keep(exact, of: "command")
    (self.args, bytes) = bytes.texts(of: args, member: "args")
    exact = nil
    self.stdin = text(of: stdin, exact: &exact)
    bytes.keep(exact, of: "stdin")
    environment = .block(Array(environmentBlock))
  }
}

/// What came of an invocation, as `RecordingSession.record` takes it.
public struct Response: Equatable, Sendable {
  /// What it wrote to its standard output, as far as it was captured.
  public var stdout: String
  /// What it wrote to its standard error, as far as it was captured.
  public var stderr: String
  /// 0 to 255; 128 + n after signal n; -1 where nobody knows.
  public var exitCode: Int
  /// The exact bytes of texts above that are not UTF-8.
  public var bytes = ExactBytes()

  /// A response of text.
  public init(stdout: String = "", stderr: String = "", exitCode: Int = 0) {
    self.stdout = stdout
    self.stderr = stderr
    self.exitCode = exitCode
  }

  /// A response of bytes; whatever is no UTF-8 is kept exactly.
  package init(
    stdout: some Collection<UInt8>, stderr: some Collection<UInt8>, exitCode: Int
  ) {
    var exact: [UInt8]?
    self.stdout = text(of: stdout, exact: &exact)
    bytes.keep(exact, of: "stdout")
    exact = nil
    self.stderr = text(of: stderr, exact: &exact)
    bytes.keep(exact, of: "stderr")
    self.exitCode = exitCode
  }
}
