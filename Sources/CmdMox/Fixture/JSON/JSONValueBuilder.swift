/// Gathers what is written into a `JSONValue`: `toDictionary()`.
struct JSONValueBuilder: JSONSink {
  private enum Container {
    case object(JSONObject, name: String)
    case array([JSONValue])
  }

  /// The containers that have begun and not ended, outermost first.
  private var open: [Container] = []
  /// What was written; nil before the first value is complete.
  private(set) var result: JSONValue?

  init() {}

  mutating func beginObject() { open.append(.object(JSONObject(), name: "")) }
  mutating func beginArray() { open.append(.array([])) }
  mutating func element() {}
  mutating func member(_ name: StaticString) { member(name.description) }

  mutating func member(_ name: String) {
    guard case .object(let object, _) = open.popLast() else { return }
    open.append(.object(object, name: name))
  }

  mutating func endObject() {
    guard case .object(let object, _) = open.popLast() else { return }
    add(.object(object))
  }

  mutating func endArray() {
    guard case .array(let elements) = open.popLast() else { return }
    add(.array(elements))
  }

  mutating func null() { add(.null) }
  mutating func bool(_ value: Bool) { add(.bool(value)) }
  mutating func integer(_ value: Int) { add(.integer(value)) }
  mutating func double(_ value: Double) { add(.double(value)) }
  mutating func largeNumber(_ text: String) { add(.largeNumber(text)) }
  mutating func string(_ value: String) { add(.string(value)) }
  mutating func base64(_ bytes: [UInt8]) { add(.string(Base64.text(of: bytes))) }

  private mutating func add(_ value: JSONValue) {
    switch open.popLast() {
    case .object(var object, let name):
      object[name] = value
      open.append(.object(object, name: name))
    case .array(var elements):
      elements.append(value)
      open.append(.array(elements))
    case nil:
      result = value
    }
  }
}
