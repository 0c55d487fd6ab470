/// Through other coders (Foundation's, say) values pass as well as those allow: the order of members
/// and numbers that fit in no `Double` may be lost there. Fixtures are read and written without them.
extension JSONValue: Codable {
  public init(from decoder: any Decoder) throws {
    if let members = try? decoder.container(keyedBy: Name.self) {
      var object = JSONObject()
      for name in members.allKeys {
        object[name.stringValue] = try members.decode(JSONValue.self, forKey: name)
      }
      self = .object(object)
    } else if var elements = try? decoder.unkeyedContainer() {
      var array: [JSONValue] = []
      while !elements.isAtEnd { array.append(try elements.decode(JSONValue.self)) }
      self = .array(array)
    } else {
      let scalar = try decoder.singleValueContainer()
      if scalar.decodeNil() {
        self = .null
      } else if let value = try? scalar.decode(Bool.self) {
        self = .bool(value)
      } else if let value = try? scalar.decode(Int.self) {
        self = .integer(value)
      } else if let value = try? scalar.decode(Double.self) {
        self = .double(value)
      } else {
        self = .string(try scalar.decode(String.self))
      }
    }
  }

  public func encode(to encoder: any Encoder) throws {
    switch self {
    case .object(let object):
      var members = encoder.container(keyedBy: Name.self)
      for member in object.members {
        try members.encode(member.value, forKey: Name(stringValue: member.name))
      }
    case .array(let array):
      var elements = encoder.unkeyedContainer()
      for element in array { try elements.encode(element) }
    default:
      var scalar = encoder.singleValueContainer()
      switch self {
      case .bool(let value): try scalar.encode(value)
      case .integer(let value): try scalar.encode(value)
      case .double(let value): try scalar.encode(value)
      case .largeNumber(let text): try scalar.encode(Double(text) ?? .nan)
      case .string(let value): try scalar.encode(value)
      case .null, .array, .object: try scalar.encodeNil()
      }
    }
  }

  private struct Name: CodingKey {
    let stringValue: String
    var intValue: Int? { nil }
    init(stringValue: String) { self.stringValue = stringValue }
    init?(intValue: Int) { nil }
  }
}
