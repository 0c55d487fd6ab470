/// Reads from a value in memory: `init(dictionary:)`.
struct JSONValueReader: JSONSource {
  private struct Level {
    var members: [(name: String, value: JSONValue)] = []
    var elements: [JSONValue] = []
    var isObject = false
    var next = 0
  }

  private var levels: [Level] = []
  /// The value that comes next.
  private var current: JSONValue

  init(_ value: JSONValue) { current = value }

  func kind() -> JSONKind { current.kind }

  mutating func enterObject() throws {
    guard case .object(let object) = current else { throw mismatch("an object") }
    levels.append(Level(members: Array(object.members), isObject: true))
  }

  mutating func nextMember() -> Bool {
    guard let level = levels.last, level.next < level.members.count else {
      levels.removeLast()
      return false
    }
    current = level.members[level.next].value
    levels[levels.count - 1].next += 1
    return true
  }

  func isMember(_ name: StaticString) -> Bool {
    guard let level = levels.last, level.next > 0 else { return false }
    return level.members[level.next - 1].name.utf8.elementsEqual(name.bytes)
  }

  func memberName() -> String {
    guard let level = levels.last, level.next > 0 else { return "" }
    return level.members[level.next - 1].name
  }

  mutating func enterArray() throws {
    guard case .array(let elements) = current else { throw mismatch("an array") }
    levels.append(Level(elements: elements))
  }

  mutating func nextElement() -> Bool {
    guard let level = levels.last, level.next < level.elements.count else {
      levels.removeLast()
      return false
    }
    current = level.elements[level.next]
    levels[levels.count - 1].next += 1
    return true
  }

  func string() throws -> String {
    guard case .string(let value) = current else { throw mismatch("a string") }
    return value
  }

  func string(exact: inout [UInt8]?) throws -> String { try string() }

  func integer() throws -> Int {
    guard case .integer(let value) = current else {
      throw mismatch("an integer of 64 bits")
    }
    return value
  }

  func value() -> JSONValue { current }

  var path: JSONPath {
    JSONPath(
      steps: levels.filter { $0.next > 0 }.map { level in
        level.isObject
          ? .member(level.members[level.next - 1].name) : .element(level.next - 1)
      })
  }

  private func mismatch(_ expected: String) -> DecodingFailure {
    DecodingFailure(path: path, reason: .type(expected: expected, found: current.kind.name))
  }
}

extension StaticString {
  /// The bytes of its text.
  var bytes: UnsafeBufferPointer<UInt8> {
    UnsafeBufferPointer(start: utf8Start, count: utf8CodeUnitCount)
  }
}
