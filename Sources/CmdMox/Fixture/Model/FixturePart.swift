/// A type that stands in a fixture: it says its members once, for files, dictionaries and `Codable`.
protocol FixturePart: Codable {
  init<Source: JSONSource & ~Copyable>(reading source: inout Source) throws
  func write<Sink: JSONSink & ~Copyable>(into sink: inout Sink)
}

extension FixturePart {
  var object: JSONObject {
    var builder = JSONValueBuilder()
    write(into: &builder)
    guard case .object(let object) = builder.result else { return JSONObject() }
    return object
  }

  init(object: JSONObject) throws {
    var reader = JSONValueReader(.object(object))
    do {
      try self.init(reading: &reader)
    } catch let failure as DecodingFailure {
      throw FixtureError(failure, file: nil)
    }
  }

  public init(from decoder: any Decoder) throws {
    var reader = JSONValueReader(try JSONValue(from: decoder))
    do {
      try self.init(reading: &reader)
    } catch let failure as DecodingFailure {
      throw FixtureError(failure, file: nil)
    }
  }

  public func encode(to encoder: any Encoder) throws {
    try JSONValue.object(object).encode(to: encoder)
  }
}
