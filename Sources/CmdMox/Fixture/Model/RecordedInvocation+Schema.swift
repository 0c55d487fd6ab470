extension RecordedInvocation: FixturePart {
  init<Source: JSONSource & ~Copyable>(reading source: inout Source) throws {
    self.init(sequence: 0, command: "", timestamp: "")
    var seen = Required()
    var escaped = ExactBytes()
    var exact: [UInt8]?
    try source.enterObject()
    while try source.nextMember() {
      if source.isMember("sequence") {
        sequence = try source.integer()
        seen.insert(.sequence)
      } else if source.isMember("command") {
        command = try source.string(exact: &exact)
        seen.insert(.command)
      } else if source.isMember("args") {
        args = try Self.arguments(&source, &escaped)
        seen.insert(.args)
      } else if source.isMember("stdin") {
        stdin = try source.string(exact: &exact)
        seen.insert(.stdin)
      } else if source.isMember("env_subset") {
        let environment = try EnvironmentTexts(reading: &source)
        envSubset = environment.texts
        escaped.add(environment.bytes)
        seen.insert(.envSubset)
      } else if source.isMember("stdout") {
        stdout = try source.string(exact: &exact)
        seen.insert(.stdout)
      } else if source.isMember("stderr") {
        stderr = try source.string(exact: &exact)
        seen.insert(.stderr)
      } else if source.isMember("exit_code") {
        exitCode = try source.integer()
        seen.insert(.exitCode)
      } else if source.isMember("timestamp") {
        timestamp = try source.string()
        seen.insert(.timestamp)
      } else if source.isMember("duration_ms") {
        durationMs = try source.integer()
        seen.insert(.durationMs)
      } else if source.isMember("process") {
        process = try source.isNull() ? nil : ProcessFacts(reading: &source)
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
    if let name = seen.firstMissing { throw source.missing(name) }
    if !escaped.isEmpty { bytes.add(escaped) }
  }

  private static func arguments<Source: JSONSource & ~Copyable>(
    _ source: inout Source, _ escaped: inout ExactBytes
  ) throws -> [String] {
    var arguments: [String] = []
    var exact: [UInt8]?
    try source.enterArray()
    while try source.nextElement() {
      // One allocation for most command lines, where growing step by step takes five.
      if arguments.isEmpty { arguments.reserveCapacity(usualCount) }
      arguments.append(try source.string(exact: &exact))
      if exact != nil {
        escaped.keep(exact, of: "args", String(arguments.count - 1))
        exact = nil
      }
    }
    // `map` makes an array of exactly its count.
    return arguments.count < usualCount / 2 ? arguments.map { $0 } : arguments
  }

  private static let usualCount = 12

  /// The members that every recording has.
  private struct Required: OptionSet {
    let rawValue: UInt16
    static let sequence = Required(rawValue: 1 << 0)
    static let command = Required(rawValue: 1 << 1)
    static let args = Required(rawValue: 1 << 2)
    static let stdin = Required(rawValue: 1 << 3)
    static let envSubset = Required(rawValue: 1 << 4)
    static let stdout = Required(rawValue: 1 << 5)
    static let stderr = Required(rawValue: 1 << 6)
    static let exitCode = Required(rawValue: 1 << 7)
    static let timestamp = Required(rawValue: 1 << 8)
    static let durationMs = Required(rawValue: 1 << 9)

    /// The name of the first one, in schema order, that is not in this set.
    var firstMissing: String? {
      let missing = ~rawValue & (1 << 10 - 1)
      return missing == 0 ? nil : RecordedInvocation.memberNames[missing.trailingZeroBitCount]
    }
  }

  func write<Sink: JSONSink & ~Copyable>(into sink: inout Sink) {
    sink.beginObject()
    sink.member("sequence")
    sink.integer(sequence)
    sink.member("command")
    sink.string(command)
    sink.member("args")
    sink.strings(args)
    sink.member("stdin")
    sink.string(stdin)
    sink.member("env_subset")
    writeEnvironment(into: &sink)
    sink.member("stdout")
    sink.string(stdout)
    sink.member("stderr")
    sink.string(stderr)
    sink.member("exit_code")
    sink.integer(exitCode)
    sink.member("timestamp")
    sink.string(timestamp)
    sink.member("duration_ms")
    sink.integer(durationMs)
    if let process {
      sink.member("process")
      process.write(into: &sink)
    }
    sink.member("bytes", ifPresent: bytes)
    sink.members(unknownMembers)
    sink.endObject()
  }

  /// Variables stand sorted by name: the same recording makes the same file.
  private func writeEnvironment<Sink: JSONSink & ~Copyable>(into sink: inout Sink) {
    sink.beginObject()
    switch envSubset.count {
    case 0: break
    case 1:
      for (key, value) in envSubset {
        sink.member(key)
        sink.string(value)
      }
    default:
      for (key, value) in envSubset.sorted(by: { $0.key < $1.key }) {
        sink.member(key)
        sink.string(value)
      }
    }
    sink.endObject()
  }
}
