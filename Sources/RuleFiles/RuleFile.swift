package import CmdMox
internal import ConfigurationText
internal import Glibc
package import SystemPackage

/// A file with rules: YAML, JSON, or TOML as gitleaks has it.
///
///     rules:
///       - pattern: "internal-[0-9]+"
///         replacement: "internal-<REDACTED>"     # `<REDACTED>` where there is none
///         applied_to: [args, stdout]              # env, stdout, stderr where there is none
///         description: "Internal numbers"
///
/// The list may also stand alone, or be called `scrubbing_rules`, as in a fixture.
package struct RuleFile {
  private let path: FilePath
  private let name: String

  package init(_ path: FilePath) {
    self.path = path
    name = path.string
  }

  /// A rule, and where it stands.
  struct Entry {
    var rule: ScrubbingRule
    /// `rules.yaml:12:3`, or `rules.json: rules[2]`.
    var place: String
  }

  /// Adds every rule to a scrubber.
  ///
  /// - Throws: ``RuleFileError``.
  package func add(to scrubber: PatternScrubber) throws {
    for entry in try entries() {
      do {
        try scrubber.add(entry.rule)
      } catch let error as ScrubbingError {
        throw RuleFileError.wrong(place: entry.place, what: "\(error)")
      }
    }
  }

  /// - Throws: ``RuleFileError``.
  func entries() throws -> [Entry] { try entries(of: try contents()) }

  /// The rules of a file with these bytes.
  ///
  /// - Throws: ``RuleFileError/wrong(place:what:)``.
  func entries(of bytes: [UInt8]) throws -> [Entry] {
    let document = try value(of: bytes)
    if isGitleaks(document) { return try GitleaksRules(document, file: name).entries() }
    let (list, listName) = try rules(in: document)
    return try list.enumerated().map { index, value in
      let place = Position(value)?.place(in: name) ?? "\(name): \(listName)[\(index)]"
      return Entry(rule: try rule(value, place), place: place)
    }
  }

  // MARK: Reading

  private func contents() throws -> [UInt8] {
    do {
      let file = try FileDescriptor.open(path, .readOnly, options: .closeOnExec)
      defer { try? file.close() }
      var bytes: [UInt8] = []
      let piece = UnsafeMutableRawBufferPointer.allocate(byteCount: 1 << 16, alignment: 1)
      defer { piece.deallocate() }
      while true {
        let count = try file.read(into: piece)
        if count == 0 { return bytes }
        bytes += piece[..<count]
      }
    } catch let errno as Errno {
      throw RuleFileError.unreadable(file: name, errno: errno)
    }
  }

  private func value(of bytes: [UInt8]) throws -> JSONValue {
    switch path.extension {
    case "json":
      let document = try json(bytes)
      // JSON is YAML, but for rare cases, and that reader knows where things stand.
      let placed = try? converted(bytes, "YAML", configuration_yaml)
      return placed.flatMap { Position.removed(from: $0) == document ? $0 : nil } ?? document
    case "toml": return try converted(bytes, "TOML", configuration_toml)
    default: return try converted(bytes, "YAML", configuration_yaml)
    }
  }

  private func json(_ bytes: [UInt8]) throws -> JSONValue {
    do {
      return try JSONValue(text: bytes)
    } catch FixtureError.syntax(_, let line, let column, _, let expected, let found) {
      throw RuleFileError.wrong(
        place: "\(name):\(line):\(column)",
        what: "not JSON: expected \(expected), found \(found)")
    }
  }

  private func converted(
    _ bytes: [UInt8], _ language: String,
    _ convert: (
      UnsafePointer<CChar>?, Int, UnsafeMutablePointer<configuration_error>?
    ) -> UnsafeMutablePointer<CChar>?
  ) throws -> JSONValue {
    var error = configuration_error()
    let text = bytes.withUnsafeBufferPointer { bytes in
      bytes.withMemoryRebound(to: CChar.self) { convert($0.baseAddress, $0.count, &error) }
    }
    guard let text else {
      let message = withUnsafeBytes(of: error.message) { message in
        String(decoding: message.prefix { $0 != 0 }, as: UTF8.self)
      }
      let place = error.line > 0 ? "\(name):\(error.line):\(error.column)" : name
      throw RuleFileError.wrong(place: place, what: "not \(language): \(message)")
    }
    defer { free(text) }
    return try json(Array(UnsafeRawBufferPointer(start: text, count: strlen(text))))
  }

  // MARK: Rules

  private func isGitleaks(_ document: JSONValue) -> Bool {
    guard case .object(let object) = document, case .array(let rules)? = object["rules"] else {
      return path.extension == "toml"
    }
    return rules.contains { rule in
      if case .object(let rule) = rule { rule["pattern"] == nil } else { false }
    } && path.extension == "toml"
  }

  private func rules(in document: JSONValue) throws -> (list: [JSONValue], name: String) {
    if case .array(let list) = document { return (list, "") }
    if case .object(let object) = document {
      for name in ["rules", "scrubbing_rules"] {
        if case .array(let list)? = object[name] { return (list, name) }
      }
    }
    throw RuleFileError.wrong(
      place: name, what: "expected a list of rules, or an object with `rules`")
  }

  private func rule(_ value: JSONValue, _ place: String) throws -> ScrubbingRule {
    guard case .object(var object) = value else {
      throw RuleFileError.wrong(place: place, what: "a rule must be an object")
    }
    Position.remove(from: &object)
    if object["replacement"] == nil { object["replacement"] = .string(PatternScrubber.mark) }
    return try Self.rule(object, place)
  }

  /// - Throws: ``RuleFileError`` that says what is wrong at `place`.
  static func rule(_ object: JSONObject, _ place: String) throws -> ScrubbingRule {
    do {
      return try ScrubbingRule(dictionary: object)
    } catch FixtureError.missingMember(_, let member) {
      throw RuleFileError.wrong(place: place, what: "\(member) is missing")
    } catch FixtureError.unexpectedType(_, let member, let expected, let found) {
      throw RuleFileError.wrong(place: place, what: "\(member) must be \(expected), found \(found)")
    } catch FixtureError.unexpectedValue(_, let member, let expected, let found) {
      throw RuleFileError.wrong(place: place, what: "\(member) must be \(expected), found \(found)")
    }
  }
}

/// Where an object of a rule file begins.
struct Position {
  private static let line = "\0line"
  private static let column = "\0column"

  private let line: Int
  private let column: Int

  /// Nil where that is not known.
  init?(_ value: JSONValue) {
    guard case .object(let object) = value, case .integer(let line)? = object[Self.line],
      case .integer(let column)? = object[Self.column]
    else { return nil }
    (self.line, self.column) = (line, column)
  }

  func place(in file: String) -> String { "\(file):\(line):\(column)" }

  /// A value without the places of what is in it.
  static func removed(from value: JSONValue) -> JSONValue {
    switch value {
    case .array(let elements): return .array(elements.map(removed))
    case .object(var object):
      remove(from: &object)
      return .object(JSONObject(object.members.map { ($0.name, removed(from: $0.value)) }))
    default: return value
    }
  }

  static func remove(from object: inout JSONObject) {
    object[line] = nil
    object[column] = nil
  }
}
