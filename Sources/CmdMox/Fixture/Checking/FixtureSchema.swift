/// The published JSON Schema of fixtures: as much of JSON Schema as docs/fixture-v1.schema.json uses.
struct FixtureSchema {
  private let root: JSONObject

  /// The one that is published.
  ///
  /// - Throws: `FixtureError.syntax`, which a test rules out.
  init() throws { try self.init(PackageResources.fixture_v1_schema_json) }

  /// - Parameter text: the schema.
  init(_ text: [UInt8]) throws {
    root = if case .object(let object) = try JSONValue(text: text) { object } else { [:] }
  }

  /// Everything in a document that is not as the schema has it, in the order of the schema.
  func findings(in document: JSONValue) -> [FixtureFinding] { findings(document, root, "") }

  private func findings(
    _ value: JSONValue, _ schema: JSONObject, _ path: String
  ) -> [FixtureFinding] {
    schema.members.flatMap { keyword, argument -> [FixtureFinding] in
      switch (keyword, argument) {
      case ("$ref", .string(let name)): findings(value, resolved(name), path)
      case ("type", _): type(value, argument, path)
      case ("oneOf", .array(let choices)), ("anyOf", .array(let choices)):
        choice(value, choices, path)
      case ("required", .array(let names)): missing(value, names, path)
      case ("properties", .object(let schemas)): members(value, schemas, path)
      case ("additionalProperties", .object(let schema)): every(value, schema, path)
      case ("items", .object(let schema)): items(value, schema, path)
      case ("pattern", .string(let pattern)): form(value, pattern, schema, path)
      case ("$schema", _), ("$id", _), ("$defs", _), ("title", _), ("description", _),
        ("examples", _), ("contentEncoding", _):
        []
      default: [FixtureFinding(.error, path, "cannot be checked by \(keyword)")]
      }
    }
  }

  private func resolved(_ path: String) -> JSONObject {
    var object = root
    for name in path.split(separator: "/").dropFirst() {
      guard case .object(let next)? = object[String(name)] else { return ["type": "nothing"] }
      object = next
    }
    return object
  }

  private func type(
    _ value: JSONValue, _ argument: JSONValue, _ path: String
  ) -> [FixtureFinding] {
    let kinds = if case .array(let kinds) = argument { kinds } else { [argument] }
    if kinds.contains(where: { Self.isKind(value, $0) }) { return [] }
    let expected = kinds.compactMap(Self.name).joined(separator: " or ")
    return [FixtureFinding(.error, path, "must be \(expected), found \(value.kind.name)")]
  }

  private static func isKind(_ value: JSONValue, _ kind: JSONValue) -> Bool {
    switch (value, kind) {
    case (.null, "null"), (.bool, "boolean"), (.string, "string"), (.array, "array"),
      (.object, "object"), (.integer, "integer"), (.integer, "number"), (.double, "number"):
      true
    default: false
    }
  }

  /// A type as messages name it; none for null, which stands for a member that is not there.
  private static func name(_ kind: JSONValue) -> String? {
    switch kind {
    case "boolean": JSONKind.bool.name
    case "string": JSONKind.string.name
    case "array": JSONKind.array.name
    case "object": JSONKind.object.name
    case "integer": "an integer"
    case "number": JSONKind.number.name
    default: nil
    }
  }

  /// What the choice says that comes closest.
  private func choice(
    _ value: JSONValue, _ choices: [JSONValue], _ path: String
  ) -> [FixtureFinding] {
    let each = choices.compactMap { choice -> [FixtureFinding]? in
      if case .object(let schema) = choice { findings(value, schema, path) } else { nil }
    }
    if each.contains(where: \.isEmpty) { return [] }
    // A choice of another type says so of the whole value.
    return each.first { $0.contains { $0.path != path } } ?? each.first ?? []
  }

  private func missing(
    _ value: JSONValue, _ names: [JSONValue], _ path: String
  ) -> [FixtureFinding] {
    guard case .object(let object) = value else { return [] }
    return names.compactMap { name in
      guard case .string(let name) = name, object[name] == nil else { return nil }
      return FixtureFinding(.error, Self.member(name, of: path), "is missing")
    }
  }

  private func members(
    _ value: JSONValue, _ schemas: JSONObject, _ path: String
  ) -> [FixtureFinding] {
    guard case .object(let object) = value else { return [] }
    return schemas.members.flatMap { name, schema -> [FixtureFinding] in
      guard let member = object[name], case .object(let schema) = schema else { return [] }
      return findings(member, schema, Self.member(name, of: path))
    }
  }

  private func every(
    _ value: JSONValue, _ schema: JSONObject, _ path: String
  ) -> [FixtureFinding] {
    guard case .object(let object) = value else { return [] }
    return object.members.flatMap { findings($0.value, schema, Self.member($0.name, of: path)) }
  }

  private func items(
    _ value: JSONValue, _ schema: JSONObject, _ path: String
  ) -> [FixtureFinding] {
    guard case .array(let elements) = value else { return [] }
    return elements.enumerated().flatMap { findings($1, schema, "\(path)[\($0)]") }
  }

  private func form(
    _ value: JSONValue, _ pattern: String, _ schema: JSONObject, _ path: String
  ) -> [FixtureFinding] {
    guard case .string(let text) = value else { return [] }
    let isRight =
      schema["contentEncoding"] == "base64"
      ? Base64.decode(text) != nil : (try? Regex(pattern).firstMatch(in: text)) != nil
    if isRight { return [] }
    let expected =
      schema["contentEncoding"] == "base64" ? "base64 with padding" : "as \(pattern) has it"
    return [FixtureFinding(.error, path, "must be \(expected), found another text")]
  }

  private static func member(_ name: String, of path: String) -> String {
    path.isEmpty ? name : "\(path).\(name)"
  }
}
