@testable import CmdMox

/// As much of JSON Schema as docs/fixture-v1.schema.json uses.
struct JSONSchema {
  private let root: JSONObject

  /// - Parameter text: the schema.
  init(_ text: [UInt8]) throws {
    guard case .object(let object) = try JSONValue(text: text) else { throw NoSchema() }
    root = object
  }

  private struct NoSchema: Error {}

  func accepts(_ value: JSONValue) -> Bool { accepts(value, root) }

  private func accepts(_ value: JSONValue, _ schema: JSONObject) -> Bool {
    schema.members.allSatisfy { keyword, argument in
      switch (keyword, argument) {
      case ("$ref", .string(let path)): accepts(value, resolved(path))
      case ("type", _): kinds(argument).contains { isKind(value, $0) }
      case ("oneOf", .array(let choices)): count(value, choices) == 1
      case ("anyOf", .array(let choices)): count(value, choices) > 0
      case ("required", .array(let names)): has(value, names)
      case ("properties", .object(let schemas)): members(value, schemas)
      case ("additionalProperties", .object(let schema)): every(value, schema)
      case ("items", .object(let schema)): items(value, schema)
      case ("pattern", .string(let pattern)): matches(value, pattern)
      case ("$schema", _), ("$id", _), ("$defs", _), ("title", _), ("description", _),
        ("examples", _), ("contentEncoding", _):
        true
      default: false
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

  private func kinds(_ argument: JSONValue) -> [JSONValue] {
    if case .array(let kinds) = argument { kinds } else { [argument] }
  }

  private func isKind(_ value: JSONValue, _ kind: JSONValue) -> Bool {
    switch (value, kind) {
    case (.null, "null"), (.bool, "boolean"), (.string, "string"), (.array, "array"),
      (.object, "object"), (.integer, "integer"), (.integer, "number"), (.double, "number"):
      true
    default: false
    }
  }

  private func count(_ value: JSONValue, _ choices: [JSONValue]) -> Int {
    choices.count { choice in
      if case .object(let schema) = choice { accepts(value, schema) } else { false }
    }
  }

  private func has(_ value: JSONValue, _ names: [JSONValue]) -> Bool {
    guard case .object(let object) = value else { return true }
    return names.allSatisfy { name in
      if case .string(let name) = name { object[name] != nil } else { false }
    }
  }

  private func members(_ value: JSONValue, _ schemas: JSONObject) -> Bool {
    guard case .object(let object) = value else { return true }
    return schemas.members.allSatisfy { name, schema in
      guard let member = object[name], case .object(let schema) = schema else { return true }
      return accepts(member, schema)
    }
  }

  private func every(_ value: JSONValue, _ schema: JSONObject) -> Bool {
    guard case .object(let object) = value else { return true }
    return object.members.allSatisfy { accepts($0.value, schema) }
  }

  private func items(_ value: JSONValue, _ schema: JSONObject) -> Bool {
    guard case .array(let elements) = value else { return true }
    return elements.allSatisfy { accepts($0, schema) }
  }

  private func matches(_ value: JSONValue, _ pattern: String) -> Bool {
    guard case .string(let text) = value else { return true }
    return (try? Regex(pattern).firstMatch(in: text)) != nil
  }
}
