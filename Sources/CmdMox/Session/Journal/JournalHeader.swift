internal import SystemPackage

/// The first line of a journal: what its fixture needs besides recordings.
struct JournalHeader: Equatable, Sendable {
  /// The version of the journal's form, which only cmdmox itself reads.
  static let form = 1

  var fixturePath: FilePath
  var metadata: FixtureMetadata
  var scrubbingRules: [ScrubbingRule]

  /// Without the root's command line and directory.
  var withoutTexts: JournalHeader {
    var header = self
    header.metadata.session?.withholdTexts()
    return header
  }
}

extension JournalHeader: FixturePart {
  init<Source: JSONSource & ~Copyable>(reading source: inout Source) throws {
    var form: Int?
    var path: String?
    var bytes = ExactBytes()
    var metadata: FixtureMetadata?
    scrubbingRules = []
    try source.enterObject()
    while try source.nextMember() {
      if source.isMember("journal") {
        form = try source.integer()
      } else if source.isMember("fixture") {
        path = try source.string()
      } else if source.isMember("metadata") {
        metadata = try FixtureMetadata(reading: &source)
      } else if source.isMember("scrubbing_rules") {
        scrubbingRules = try source.array { try ScrubbingRule(reading: &$0) }
      } else if source.isMember("bytes") {
        bytes = try ExactBytes(reading: &source)
      } else {
        _ = try source.value()
      }
    }
    guard form == Self.form, let path, let metadata else { throw source.missing("journal") }
    self.metadata = metadata
    fixturePath = Self.path(bytes.exact("fixture", text: path))
  }

  private static func path(_ bytes: [UInt8]) -> FilePath {
    (bytes + [0]).withUnsafeBufferPointer { bytes in
      bytes.withMemoryRebound(to: CChar.self) { characters in
        characters.baseAddress.map { FilePath(platformString: $0) } ?? FilePath()
      }
    }
  }

  func write<Sink: JSONSink & ~Copyable>(into sink: inout Sink) {
    var exact: [UInt8]?
    let path = fixturePath.withPlatformString { characters in
      text(
        of: UnsafeRawBufferPointer(start: characters, count: fixturePath.length), exact: &exact)
    }
    var bytes = ExactBytes()
    bytes.keep(exact, of: "fixture")
    sink.beginObject()
    sink.member("journal")
    sink.integer(Self.form)
    sink.member("fixture")
    sink.string(path)
    sink.member("scrubbing_rules")
    sink.beginArray()
    for rule in scrubbingRules {
      sink.element()
      rule.write(into: &sink)
    }
    sink.endArray()
    sink.member("bytes", ifPresent: bytes)
    // Last, so that little has to be written anew where something in it turns out to be secret.
    sink.member("metadata")
    metadata.write(into: &sink)
    sink.endObject()
  }
}
