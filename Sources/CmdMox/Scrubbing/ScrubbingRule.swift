/// A pattern that was taken out of a fixture, and what stands in its place: kept in the fixture, so
/// that a live invocation can be changed in the same way before it is compared.
public struct ScrubbingRule: Equatable, Sendable {
  /// A regular expression, as Python's `re` and PCRE2 read it.
  public var pattern: String
  /// What stands where the pattern matched: `\1` and `\g<name>` are its groups.
  public var replacement: String
  /// Which parts it is applied to: `args`, `argv`, `env`, `stdin`, `stdout`, `stderr`, `cwd`.
  public var appliedTo: [String]
  /// Why the rule is there, for those who read the fixture.
  public var description: String
  /// Words of which a text must have one, upper and lower case alike, or the rule is not tried.
  var keywords: [String] = []
  /// Which matches are no secrets, for a rule of a gitleaks configuration.
  var exemption: RuleExemption?
  /// Members of the file that this version does not know; setting drops those that it does.
  public var unknownMembers = JSONObject() {
    didSet { unknownMembers.remove(Self.memberNames) }
  }

  /// A rule; the order of the parameters is that of the file.
  public init(
    pattern: String, replacement: String, appliedTo: [String] = Self.everywhere,
    description: String = ""
  ) {
    self.pattern = pattern
    self.replacement = replacement
    self.appliedTo = appliedTo
    self.description = description
  }

  /// Where a rule applies that does not say it.
  public static let everywhere = ["env", "stdout", "stderr"]

  /// The rule as a JSON object, members in the order of the file.
  public func toDictionary() -> JSONObject { object }

  /// Reads a rule from a JSON object.
  ///
  /// - Throws: `FixtureError`, where a member is missing or has the wrong type.
  public init(dictionary: JSONObject) throws { try self.init(object: dictionary) }

  static let memberNames =
    ["pattern", "replacement", "applied_to", "description"] + RuleExemption.memberNames
}

extension ScrubbingRule: FixturePart {
  init<Source: JSONSource & ~Copyable>(reading source: inout Source) throws {
    self.init(pattern: "", replacement: "")
    var hasPattern = false
    var hasReplacement = false
    try source.enterObject()
    while try source.nextMember() {
      if source.isMember("pattern") {
        pattern = try source.string()
        hasPattern = true
      } else if source.isMember("replacement") {
        replacement = try source.string()
        hasReplacement = true
      } else if source.isMember("applied_to") {
        appliedTo = try source.array { try $0.string() }
      } else if source.isMember("description") {
        description = try source.string()
      } else if source.isMember("keywords") {
        keywords = try source.array { try $0.string() }
      } else if try !RuleExemption.read(from: &source, into: &exemption) {
        try unknownMembers.keep(from: &source)
      }
    }
    guard hasPattern else { throw source.missing("pattern") }
    guard hasReplacement else { throw source.missing("replacement") }
  }

  func write<Sink: JSONSink & ~Copyable>(into sink: inout Sink) {
    sink.beginObject()
    sink.member("pattern")
    sink.string(pattern)
    sink.member("replacement")
    sink.string(replacement)
    sink.member("applied_to")
    sink.strings(appliedTo)
    sink.member("description")
    sink.string(description)
    if !keywords.isEmpty {
      sink.member("keywords")
      sink.strings(keywords)
    }
    exemption?.write(into: &sink)
    sink.members(unknownMembers)
    sink.endObject()
  }
}
