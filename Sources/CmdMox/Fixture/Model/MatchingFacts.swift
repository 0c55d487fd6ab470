/// What of the recordings differs in each run and does not count in a replay: the member `matching`.
public struct MatchingFacts: Equatable, Sendable {
  /// Matching rules as text, `arg:/tmp/[^/]+` for example; `MatchingRule` has the forms.
  public var patterns: [String]
  /// Members of the file that this version does not know; setting drops those that it does.
  public var unknownMembers = JSONObject() {
    didSet { unknownMembers.remove(["patterns"]) }
  }

  /// Rules as text.
  public init(patterns: [String] = []) { self.patterns = patterns }
}

extension MatchingFacts: FixturePart {
  init<Source: JSONSource & ~Copyable>(reading source: inout Source) throws {
    self.init()
    try source.enterObject()
    while try source.nextMember() {
      if source.isMember("patterns") {
        patterns = try source.array { try $0.string() }
      } else {
        try unknownMembers.keep(from: &source)
      }
    }
  }

  func write<Sink: JSONSink & ~Copyable>(into sink: inout Sink) {
    sink.beginObject()
    sink.member("patterns")
    sink.strings(patterns)
    sink.members(unknownMembers)
    sink.endObject()
  }
}
