internal import CmdMox

/// The rules of a gitleaks configuration: `regex`, `secretGroup`, `entropy`, `keywords`, allowlists.
///
/// What concerns files and commits (`path`, `paths`, `commits`) says nothing about a recording and is
/// passed over; so is `extend`, since the default rules are applied anyway.
struct GitleaksRules {
  private let file: String
  private let rules: [JSONValue]
  private let allowlists: [JSONObject]

  /// - Throws: ``RuleFileError``.
  init(_ document: JSONValue, file: String) throws {
    self.file = file
    guard case .object(let object) = document, case .array(let rules)? = object["rules"] else {
      throw RuleFileError.wrong(place: file, what: "expected [[rules]]")
    }
    self.rules = rules
    allowlists = try Self.allowlists(of: object, file)
  }

  /// - Throws: ``RuleFileError``.
  func entries() throws -> [RuleFile.Entry] {
    try rules.enumerated().compactMap { index, value in
      let place = Position(value)?.place(in: file) ?? "\(file): rules[\(index)]"
      guard case .object(let object) = value else {
        throw RuleFileError.wrong(place: place, what: "a rule must be a table")
      }
      guard let regex = object["regex"] else { return nil }
      guard case .string = regex else {
        throw RuleFileError.wrong(place: place, what: "regex must be a string")
      }
      return RuleFile.Entry(
        rule: try RuleFile.rule(try members(object, regex, place), place), place: place)
    }
  }

  /// The members of a rule of ours.
  private func members(
    _ object: JSONObject, _ regex: JSONValue, _ place: String
  ) throws -> JSONObject {
    var members: JSONObject = [
      "pattern": regex, "replacement": .string(PatternScrubber.mark),
      "applied_to": .array(
        ["args", "env", "stdin", "stdout", "stderr", "cwd"].map { .string($0) }),
      "description": object["id"] ?? object["description"] ?? "",
      "secret_group": object["secretGroup"] ?? 0,
    ]
    members["entropy"] = object["entropy"]
    members["keywords"] = object["keywords"]
    let exempt = try allowlists + Self.allowlists(of: object, place)
    for (ours, theirs) in [("allowed", "regexes"), ("stop_words", "stopwords")] {
      let all = exempt.flatMap { list -> [JSONValue] in
        if case .array(let values)? = list[theirs] { values } else { [] }
      }
      if !all.isEmpty { members[ours] = .array(ours == "allowed" ? all : all.map(Self.lowercased)) }
    }
    return members
  }

  private static func lowercased(_ value: JSONValue) -> JSONValue {
    if case .string(let text) = value { .string(text.lowercased()) } else { value }
  }

  /// `[allowlist]`, `[[allowlists]]`, and the same of a rule.
  private static func allowlists(of object: JSONObject, _ place: String) throws -> [JSONObject] {
    let single = object["allowlist"].map { [$0] } ?? []
    let several: [JSONValue] =
      if case .array(let lists)? = object["allowlists"] { lists } else { [] }
    return try (single + several).map { value in
      guard case .object(let list) = value else {
        throw RuleFileError.wrong(place: place, what: "an allowlist must be a table")
      }
      return list
    }
  }
}
