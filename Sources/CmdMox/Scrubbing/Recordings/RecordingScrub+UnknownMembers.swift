/// Members of a fixture that this version does not know: any text in them is scrubbed, names included.
extension RecordingScrub {
  mutating func scrubUnknownMembers() throws {
    recording.unknownMembers = try scrubbed(recording.unknownMembers, "")
    guard var process = recording.process else { return }
    process.unknownMembers = try scrubbed(process.unknownMembers, "process.")
    for (stream, name) in [
      (\ProcessFacts.stdin, "stdin"), (\.stdout, "stdout"), (\.stderr, "stderr"),
    ] {
      guard var facts = process[keyPath: stream] else { continue }
      facts.unknownMembers = try scrubbed(facts.unknownMembers, "process.\(name).")
      process[keyPath: stream] = facts
    }
    recording.process = process
  }

  private func scrubbed(_ object: JSONObject, _ path: String) throws -> JSONObject {
    var result = JSONObject()
    for (name, value) in object.members {
      observe(path: path.isEmpty ? "a name" : "\(path)a name")
      let shown = try scrubbed(name)
      var unique = shown
      while result[unique] != nil { unique += "\u{fffd}" }
      let inner = try scrubbed(value, path: path + unique)
      observe(path: path + unique)
      result[unique] = try behind(shown, inner)
    }
    return result
  }

  private func scrubbed(_ value: JSONValue, path: String) throws -> JSONValue {
    switch value {
    case .string(let text):
      observe(path: path)
      return .string(try scrubbed(text))
    case .array(let elements):
      let scrubbed = try elements.enumerated().map { try self.scrubbed($1, path: "\(path)[\($0)]") }
      observe(path: path)
      return .array(try arguments(scrubbed))
    case .object(let object): return .object(try scrubbed(object, path + "."))
    case .null, .bool, .integer, .double, .largeNumber: return value
    }
  }

  private func scrubbed(_ text: String) throws -> String {
    try settled(Array(text.utf8), .others).map { String(decoding: $0, as: UTF8.self) } ?? text
  }

  /// A list of texts may be a command line.
  private func arguments(_ elements: [JSONValue]) throws -> [JSONValue] {
    let words = elements.compactMap { element -> [UInt8]? in
      if case .string(let text) = element, !text.utf8.contains(0) { Array(text.utf8) } else { nil }
    }
    guard words.count == elements.count, words.count > 1, let scrubbed = try commandLine(words)
    else { return elements }
    return scrubbed.map { .string(String(decoding: $0, as: UTF8.self)) }
  }

  /// A text or a number may be secret by the name that stands before it.
  private func behind(_ name: String, _ value: JSONValue) throws -> JSONValue {
    switch value {
    case .string, .integer, .double, .largeNumber: break
    case .null, .bool, .array, .object: return value
    }
    let member = JSONValue.object([name: value])
    guard let changed = try settled(Array(member.text.utf8), .others) else { return value }
    guard case .object(let object)? = try? JSONValue(text: changed), object.count == 1,
      case .string(let text)? = object[name]
    else { return .string(DefaultRule.mark) }
    return .string(text)
  }
}
