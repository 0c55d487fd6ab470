/// A JSON object that remembers the order of its members.
///
/// Names are compared by their bytes, as JSON readers do, not by canonical equivalence, as `String`
/// does: `é` in one code point and `é` in two are two members. Two objects are equal when they have
/// the same members, in whatever order.
public struct JSONObject: Equatable, Sendable {
  private var values = NamedValues<JSONValue>()

  /// An object without members.
  public init() {}

  /// An object of the members given; of several with the same name the last one counts.
  public init(_ members: some Sequence<(String, JSONValue)>) {
    for (name, value) in members { self[name] = value }
  }

  /// Whether there is no member.
  public var isEmpty: Bool { values.members.isEmpty }
  /// How many members there are.
  public var count: Int { values.members.count }

  /// The members in the order in which they were added.
  public var members: some RandomAccessCollection<(name: String, value: JSONValue)> {
    values.members.lazy.map { ($0.name, $0.value) }
  }

  /// The value of the member `name`; nil where there is none. Setting nil removes the member, a new
  /// one is added at the end, an earlier one keeps its place.
  public subscript(name: String) -> JSONValue? {
    get { values[name] }
    set { values[name] = newValue }
  }
}

extension JSONObject: ExpressibleByDictionaryLiteral {
  public init(dictionaryLiteral elements: (String, JSONValue)...) { self.init(elements) }
}

extension JSONObject {
  /// Drops the members that have a place of their own in the type that keeps these.
  mutating func remove(_ names: [String]) {
    guard !isEmpty else { return }
    for name in names { self[name] = nil }
  }

  /// Keeps the member that `source` is at.
  mutating func keep<Source: JSONSource & ~Copyable>(from source: inout Source) throws {
    let name = try source.memberName()
    self[name] = try source.value()
  }
}
