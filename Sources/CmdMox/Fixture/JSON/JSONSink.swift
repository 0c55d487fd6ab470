/// Where a fixture's types write themselves to: the bytes of a file, or a value in memory.
///
/// The counterpart of `JSONSource`. Writing into a sink cannot fail: a file's sink gathers bytes, and
/// its owner takes them away from time to time.
protocol JSONSink: ~Copyable {
  mutating func beginObject()
  /// The name of the next member; its value follows.
  mutating func member(_ name: StaticString)
  mutating func member(_ name: String)
  mutating func endObject()

  mutating func beginArray()
  /// Announces an element of an array; its value follows.
  mutating func element()
  mutating func endArray()

  mutating func null()
  mutating func bool(_ value: Bool)
  mutating func integer(_ value: Int)
  mutating func double(_ value: Double)
  /// A number as it stands in JSON text.
  mutating func largeNumber(_ text: String)
  mutating func string(_ value: String)
  /// Bytes in base64 (RFC 4648, section 4), as a string.
  mutating func base64(_ bytes: [UInt8])
}

extension JSONSink where Self: ~Copyable {
  mutating func value(_ value: JSONValue) {
    switch value {
    case .null: null()
    case .bool(let value): bool(value)
    case .integer(let value): integer(value)
    case .double(let value): double(value)
    case .largeNumber(let text): largeNumber(text)
    case .string(let value): string(value)
    case .array(let elements):
      beginArray()
      for element in elements {
        self.element()
        self.value(element)
      }
      endArray()
    case .object(let object):
      beginObject()
      members(object)
      endObject()
    }
  }

  /// The members of an object into one that has begun.
  mutating func members(_ object: JSONObject) {
    for member in object.members {
      self.member(member.name)
      value(member.value)
    }
  }

  mutating func strings(_ values: [String]) {
    beginArray()
    for value in values {
      element()
      string(value)
    }
    endArray()
  }

  /// A member that is absent where there is no value.
  mutating func member(_ name: StaticString, ifPresent value: String?) {
    guard let value else { return }
    member(name)
    string(value)
  }

  /// A member that is absent where there is no value.
  mutating func member(_ name: StaticString, ifPresent value: Int?) {
    guard let value else { return }
    member(name)
    integer(value)
  }

  /// A member that is `null` where there is no value.
  mutating func member(_ name: StaticString, orNull value: String?) {
    member(name)
    if let value { string(value) } else { null() }
  }

  /// A member that is `null` where there is no value.
  mutating func member(_ name: StaticString, orNull value: Int?) {
    member(name)
    if let value { integer(value) } else { null() }
  }
}
