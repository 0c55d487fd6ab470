/// What is known of the session that made a fixture, and of its root: `metadata.session`.
public struct SessionFacts: Equatable, Sendable {
  /// `trace` or `record`.
  public var mode: String?
  /// The root's argument vector, argument 0 included.
  public var command: [String]?
  /// The absolute path of the directory that the root was started in.
  public var cwd: String?
  /// The root's status; 128 + n after signal n.
  public var exitCode: Int?
  /// How long the session took, in milliseconds.
  public var durationMs: Int?
  /// How many invocations were seen, the filtered ones included.
  public var invocations: Int?
  /// How many of them were opaque.
  public var opaque: Int?
  /// How many events were lost on their way.
  public var lost: Int?
  /// The exact bytes of texts above that are not UTF-8.
  public var bytes = ExactBytes()
  /// Members of the file that this version does not know; setting drops those that it does.
  public var unknownMembers = JSONObject() {
    didSet { unknownMembers.remove(Self.memberNames) }
  }

  /// A session of which nothing is known yet.
  public init() {}

  static let memberNames = [
    "mode", "command", "cwd", "exit_code", "duration_ms", "invocations", "opaque", "lost", "bytes",
  ]

  /// Sets `command`, exactly.
  package mutating func setCommand(_ arguments: some Sequence<some Collection<UInt8>>) {
    let (texts, bytes) = bytes.texts(of: arguments, member: "command")
    command = texts
    self.bytes = bytes
  }

  /// Sets `cwd`, exactly.
  package mutating func setCwd(_ path: some Collection<UInt8>) {
    var exact: [UInt8]?
    cwd = text(of: path, exact: &exact)
    bytes["cwd"] = exact
  }
}

extension SessionFacts: FixturePart {
  init<Source: JSONSource & ~Copyable>(reading source: inout Source) throws {
    self.init()
    var escaped = ExactBytes()
    var exact: [UInt8]?
    try source.enterObject()
    while try source.nextMember() {
      if source.isMember("mode") {
        mode = try source.optionalString()
      } else if source.isMember("command") {
        command = try source.isNull() ? nil : Self.command(&source, &escaped)
      } else if source.isMember("cwd") {
        cwd = try source.optionalString(exact: &exact)
        escaped.keep(exact, of: "cwd")
      } else if source.isMember("exit_code") {
        exitCode = try source.optionalInteger()
      } else if source.isMember("duration_ms") {
        durationMs = try source.optionalInteger()
      } else if source.isMember("invocations") {
        invocations = try source.optionalInteger()
      } else if source.isMember("opaque") {
        opaque = try source.optionalInteger()
      } else if source.isMember("lost") {
        lost = try source.optionalInteger()
      } else if source.isMember("bytes") {
        bytes = try ExactBytes(reading: &source)
      } else {
        try unknownMembers.keep(from: &source)
      }
    }
    bytes.add(escaped)
  }

  private static func command<Source: JSONSource & ~Copyable>(
    _ source: inout Source, _ escaped: inout ExactBytes
  ) throws -> [String] {
    var count = 0
    return try source.array { source in
      var exact: [UInt8]?
      let argument = try source.string(exact: &exact)
      escaped.keep(exact, of: "command", String(count))
      count += 1
      return argument
    }
  }

  func write<Sink: JSONSink & ~Copyable>(into sink: inout Sink) {
    sink.beginObject()
    sink.member("mode", ifPresent: mode)
    if let command {
      sink.member("command")
      sink.strings(command)
    }
    sink.member("cwd", ifPresent: cwd)
    sink.member("exit_code", ifPresent: exitCode)
    sink.member("duration_ms", ifPresent: durationMs)
    sink.member("invocations", ifPresent: invocations)
    sink.member("opaque", ifPresent: opaque)
    sink.member("lost", ifPresent: lost)
    sink.member("bytes", ifPresent: bytes)
    sink.members(unknownMembers)
    sink.endObject()
  }
}
