/// What is known of the process behind a recording: the member `process`.
///
/// Times in microseconds count from the start of the session.
public struct ProcessFacts: Equatable, Sendable {
  /// The process ID, as its own pid namespace has it.
  public var pid: Int
  /// The process ID of its parent when it started.
  public var ppid: Int?
  /// The `sequence` of the recording that started this one; nil for the root's own children, and
  /// where no ancestor was recorded.
  public var parent: Int?
  /// The absolute path of the program.
  public var executable: String?
  /// The absolute path of its working directory when it started.
  public var cwd: String?
  /// How it ended.
  public var termination: Termination?
  /// The number of the signal that ended it.
  public var signal: Int?
  /// The name of the error, `ENOENT` for example, where it could not be executed.
  public var error: String?
  /// When it started, in microseconds.
  public var startedUs: Int?
  /// When it ended, in microseconds.
  public var endedUs: Int?
  /// The CPU time that it spent in user mode, in microseconds (getrusage(2)).
  public var userCpuUs: Int?
  /// The CPU time that it spent in the kernel, in microseconds (getrusage(2)).
  public var systemCpuUs: Int?
  /// The largest resident set, in KiB.
  public var maxRssKib: Int?
  /// Argument 0 as it was given, where it differs from `command`.
  public var argv0: String?
  /// The interpreter that the kernel ran for a script.
  public var interpreter: String?
  /// Who told how it ended.
  public var statusSource: StatusSource?
  /// Set where nothing was heard from inside.
  public var opaque: OpaqueReason?
  /// How the process confined itself, after which nothing more was heard.
  public var confined: String?
  /// How its standard input was taken, where it was captured.
  public var stdin: StreamFacts?
  /// How its standard output was taken, where it was captured.
  public var stdout: StreamFacts?
  /// How its standard error was taken, where it was captured.
  public var stderr: StreamFacts?
  /// The exact bytes of texts above that are not UTF-8.
  public var bytes = ExactBytes()
  /// Members of the file that this version does not know; setting drops those that it does.
  public var unknownMembers = JSONObject() {
    didSet { unknownMembers.remove(Self.memberNames) }
  }

  /// The facts of a process of which only its number is known.
  public init(pid: Int) { self.pid = pid }

  static let memberNames = [
    "pid", "ppid", "parent", "executable", "cwd", "termination", "signal", "error", "started_us",
    "ended_us", "user_cpu_us", "system_cpu_us", "max_rss_kib", "argv0", "interpreter",
    "status_source", "opaque", "confined", "stdin", "stdout", "stderr", "bytes",
  ]
}

/// Texts of bytes that a program gave.
extension ProcessFacts {
  /// Sets `executable`, exactly.
  package mutating func setExecutable(_ path: some Collection<UInt8>) {
    executable = set("executable", path)
  }

  /// Sets `cwd`, exactly.
  package mutating func setCwd(_ path: some Collection<UInt8>) { cwd = set("cwd", path) }

  /// Sets `argv0`, exactly.
  package mutating func setArgv0(_ argument: some Collection<UInt8>) {
    argv0 = set("argv0", argument)
  }

  /// Sets `interpreter`, exactly.
  package mutating func setInterpreter(_ path: some Collection<UInt8>) {
    interpreter = set("interpreter", path)
  }

  private mutating func set(_ member: String, _ value: some Collection<UInt8>) -> String {
    var exact: [UInt8]?
    let text = text(of: value, exact: &exact)
    bytes[member] = nil
    bytes.keep(exact, of: member)
    return text
  }
}

extension ProcessFacts: FixturePart {
  init<Source: JSONSource & ~Copyable>(reading source: inout Source) throws {
    self.init(pid: 0)
    var hasPid = false
    var escaped = ExactBytes()
    var exact: [UInt8]?
    try source.enterObject()
    while try source.nextMember() {
      if source.isMember("pid") {
        pid = try source.integer()
        hasPid = true
      } else if source.isMember("ppid") {
        ppid = try source.optionalInteger()
      } else if source.isMember("parent") {
        parent = try source.optionalInteger()
      } else if source.isMember("executable") {
        executable = try source.optionalString(exact: &exact)
      } else if source.isMember("cwd") {
        cwd = try source.optionalString(exact: &exact)
      } else if source.isMember("termination") {
        termination = try source.optionalString().map(Termination.init)
      } else if source.isMember("signal") {
        signal = try source.optionalInteger()
      } else if source.isMember("error") {
        error = try source.optionalString()
      } else if source.isMember("started_us") {
        startedUs = try source.optionalInteger()
      } else if source.isMember("ended_us") {
        endedUs = try source.optionalInteger()
      } else if source.isMember("user_cpu_us") {
        userCpuUs = try source.optionalInteger()
      } else if source.isMember("system_cpu_us") {
        systemCpuUs = try source.optionalInteger()
      } else if source.isMember("max_rss_kib") {
        maxRssKib = try source.optionalInteger()
      } else if source.isMember("argv0") {
        argv0 = try source.optionalString(exact: &exact)
      } else if source.isMember("interpreter") {
        interpreter = try source.optionalString(exact: &exact)
      } else if source.isMember("status_source") {
        statusSource = try source.optionalString().map(StatusSource.init)
      } else if source.isMember("opaque") {
        opaque = try source.optionalString().map(OpaqueReason.init)
      } else if source.isMember("confined") {
        confined = try source.optionalString()
      } else if source.isMember("stdin") {
        stdin = try source.isNull() ? nil : StreamFacts(reading: &source)
      } else if source.isMember("stdout") {
        stdout = try source.isNull() ? nil : StreamFacts(reading: &source)
      } else if source.isMember("stderr") {
        stderr = try source.isNull() ? nil : StreamFacts(reading: &source)
      } else if source.isMember("bytes") {
        bytes = try ExactBytes(reading: &source)
      } else {
        try unknownMembers.keep(from: &source)
      }
      if exact != nil {
        escaped.keep(exact, of: try source.memberName())
        exact = nil
      }
    }
    guard hasPid else { throw source.missing("pid") }
    bytes.add(escaped)
  }

  func write<Sink: JSONSink & ~Copyable>(into sink: inout Sink) {
    sink.beginObject()
    sink.member("pid")
    sink.integer(pid)
    sink.member("ppid", ifPresent: ppid)
    sink.member("parent", orNull: parent)
    sink.member("executable", ifPresent: executable)
    sink.member("cwd", ifPresent: cwd)
    sink.member("termination", ifPresent: termination?.rawValue)
    sink.member("signal", ifPresent: signal)
    sink.member("error", ifPresent: error)
    sink.member("started_us", ifPresent: startedUs)
    sink.member("ended_us", ifPresent: endedUs)
    sink.member("user_cpu_us", ifPresent: userCpuUs)
    sink.member("system_cpu_us", ifPresent: systemCpuUs)
    sink.member("max_rss_kib", ifPresent: maxRssKib)
    sink.member("argv0", ifPresent: argv0)
    sink.member("interpreter", ifPresent: interpreter)
    sink.member("status_source", ifPresent: statusSource?.rawValue)
    sink.member("opaque", ifPresent: opaque?.rawValue)
    sink.member("confined", ifPresent: confined)
    if let stdin {
      sink.member("stdin")
      stdin.write(into: &sink)
    }
    if let stdout {
      sink.member("stdout")
      stdout.write(into: &sink)
    }
    if let stderr {
      sink.member("stderr")
      stderr.write(into: &sink)
    }
    sink.member("bytes", ifPresent: bytes)
    sink.members(unknownMembers)
    sink.endObject()
  }
}
