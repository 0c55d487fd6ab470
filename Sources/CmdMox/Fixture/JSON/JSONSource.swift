/// Where a fixture's types read themselves from: the bytes of a file, or a value in memory.
///
/// Each type says once which members it has, over this protocol, and so cannot read a file
/// differently from a dictionary. A source is at the start of a value; each reading function takes
/// one value. `enterObject` is followed by `nextMember` until that says false, and each `nextMember`
/// that says true by a reading function for the member's value; arrays likewise.
///
/// Every function throws a `DecodingFailure` that knows where in the document it happened.
protocol JSONSource: ~Copyable {
  /// The type of the value that comes next; takes nothing.
  mutating func kind() throws -> JSONKind

  mutating func enterObject() throws
  /// Goes to the value of the next member; false: the object has ended.
  mutating func nextMember() throws -> Bool
  /// Whether the member that `nextMember` went to has this name.
  func isMember(_ name: StaticString) -> Bool
  /// The name of the member that `nextMember` went to.
  func memberName() throws -> String

  mutating func enterArray() throws
  /// Goes to the next element; false: the array has ended.
  mutating func nextElement() throws -> Bool

  mutating func string() throws -> String
  /// A string that may stand for bytes that are not text.
  ///
  /// - Parameter exact: set to the bytes where the string holds bytes as Python writes them (lone
  ///   surrogates U+DC80 to U+DCFF, "surrogateescape"), and left alone otherwise.
  mutating func string(exact: inout [UInt8]?) throws -> String
  mutating func integer() throws -> Int
  /// Any value, kept whole.
  mutating func value() throws -> JSONValue

  /// Where in the document the source is, for a failure that its user finds.
  var path: JSONPath { get }
}

extension JSONSource where Self: ~Copyable {
  /// A string, or nil for `null`.
  mutating func optionalString(exact: inout [UInt8]?) throws -> String? {
    try isNull() ? nil : try string(exact: &exact)
  }

  /// A string, or nil for `null`.
  mutating func optionalString() throws -> String? { try isNull() ? nil : try string() }

  /// An integer, or nil for `null`.
  mutating func optionalInteger() throws -> Int? { try isNull() ? nil : try integer() }

  /// Takes a `null` if one comes next.
  mutating func isNull() throws -> Bool {
    guard try kind() == .null else { return false }
    _ = try value()
    return true
  }

  /// Every element of an array, in order.
  mutating func array<Element>(_ element: (inout Self) throws -> Element) throws -> [Element] {
    var elements: [Element] = []
    try enterArray()
    while try nextElement() { elements.append(try element(&self)) }
    return elements
  }

  /// The object that was read just now lacks the member `name`.
  func missing(_ name: String) -> DecodingFailure {
    DecodingFailure(path: path.appending(.member(name)), reason: .missing)
  }

  /// The value that was read just now is not one that this place takes.
  func unexpected(_ expected: String, found: String) -> DecodingFailure {
    DecodingFailure(path: path, reason: .value(expected: expected, found: found))
  }
}

/// Why a document could not be read, and where in it. Becomes a `FixtureError` where the file's name
/// is known.
struct DecodingFailure: Error, Equatable {
  enum Reason: Equatable {
    case syntax(JSONPosition, expected: String, found: String)
    case missing
    case type(expected: String, found: String)
    case value(expected: String, found: String)
    case version(FixtureVersion)
  }

  var path: JSONPath
  let reason: Reason
}

/// A place in a document's text.
struct JSONPosition: Equatable, Sendable {
  /// Both from 1; the column counts bytes.
  var line: Int
  var column: Int
  /// Bytes from the start of the file, from 0.
  var offset: Int
}

/// A place in a document's structure: `recordings[3].args[1]`.
struct JSONPath: Equatable, Sendable, CustomStringConvertible {
  enum Step: Equatable, Sendable {
    case member(String)
    case element(Int)
  }

  var steps: [Step] = []

  func appending(_ step: Step) -> JSONPath { JSONPath(steps: steps + [step]) }

  /// The steps in JavaScript's notation; a name that is not a plain word stands in brackets and
  /// quotes; nothing at all for the whole document.
  var description: String {
    var text = ""
    for step in steps {
      switch step {
      case .element(let index): text += "[\(index)]"
      case .member(let name) where Self.isWord(name): text += text.isEmpty ? name : ".\(name)"
      case .member(let name): text += "[\(name.debugDescription)]"
      }
    }
    return text
  }

  private static func isWord(_ name: String) -> Bool {
    guard let first = name.utf8.first, !(UInt8(ascii: "0")...UInt8(ascii: "9")).contains(first)
    else { return false }
    return name.utf8.allSatisfy {
      switch $0 {
      case UInt8(ascii: "a")...UInt8(ascii: "z"), UInt8(ascii: "A")...UInt8(ascii: "Z"),
        UInt8(ascii: "0")...UInt8(ascii: "9"), UInt8(ascii: "_"), UInt8(ascii: "$"):
        true
      default: false
      }
    }
  }
}
