/// Any JSON value: how members that this version of cmdmox does not know are kept.
public enum JSONValue: Equatable, Sendable {
  case null
  case bool(Bool)
  /// A number without fraction and exponent that fits in 64 bits.
  case integer(Int)
  /// A number with a fraction or an exponent; never infinite when it was read from a file.
  case double(Double)
  /// A number that fits neither `Int` nor `Double`, as it stood in the file.
  case largeNumber(String)
  case string(String)
  case array([JSONValue])
  case object(JSONObject)
}

/// The types that JSON has, as error messages name them.
enum JSONKind: Equatable, Sendable {
  case null, bool, number, string, array, object

  /// With its article, as in "found a string".
  var name: String {
    switch self {
    case .null: "null"
    case .bool: "true or false"
    case .number: "a number"
    case .string: "a string"
    case .array: "an array"
    case .object: "an object"
    }
  }
}

extension JSONValue {
  var kind: JSONKind {
    switch self {
    case .null: .null
    case .bool: .bool
    case .integer, .double, .largeNumber: .number
    case .string: .string
    case .array: .array
    case .object: .object
    }
  }
}

extension JSONValue: ExpressibleByNilLiteral, ExpressibleByBooleanLiteral,
  ExpressibleByIntegerLiteral, ExpressibleByFloatLiteral, ExpressibleByStringLiteral,
  ExpressibleByArrayLiteral, ExpressibleByDictionaryLiteral
{
  public init(nilLiteral: ()) { self = .null }
  public init(booleanLiteral value: Bool) { self = .bool(value) }
  public init(integerLiteral value: Int) { self = .integer(value) }
  public init(floatLiteral value: Double) { self = .double(value) }
  public init(stringLiteral value: String) { self = .string(value) }
  public init(arrayLiteral elements: JSONValue...) { self = .array(elements) }
  public init(dictionaryLiteral elements: (String, JSONValue)...) {
    self = .object(JSONObject(elements))
  }
}
