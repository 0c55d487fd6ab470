/// Gathers variables as text without losing one.
///
/// Keys are bytes, and two of them can read as the same text: both are no UTF-8, or one is the other
/// in another Unicode normal form, which `String` takes for equal. The later one then gets U+FFFD
/// appended to its text, and its exact bytes stand in `bytes` under `env_keys`.
struct EnvironmentTexts {
  private(set) var texts: [String: String]
  private(set) var bytes = ExactBytes()

  static let member = "env_subset"
  static let keys = "env_keys"

  init(capacity: Int) { texts = Dictionary(minimumCapacity: capacity) }

  /// Variables that were text to begin with.
  init(_ texts: [String: String]) { self.texts = texts }

  /// Adds a variable; a later one with exactly the same key takes the earlier one's place.
  mutating func add(
    key: String, value: String, exactKey: [UInt8]? = nil, exactValue: [UInt8]? = nil
  ) {
    var key = key
    var exactKey = exactKey
    if let earlier = texts.updateValue(value, forKey: key),
      !holds(key, exactKey ?? Array(key.utf8))
    {
      texts[key] = earlier
      exactKey = exactKey ?? Array(key.utf8)
      repeat { key += "\u{fffd}" } while texts[key] != nil
      texts[key] = value
    }
    bytes.keep(exactKey, of: Self.keys, key)
    bytes[Self.member, key] = exactValue
  }

  /// Whether the key that reads as `text` is there and has these bytes.
  func holds(_ text: String, _ exact: [UInt8]) -> Bool {
    guard let place = texts.index(forKey: text) else { return false }
    let key = texts[place].key
    return bytes[Self.keys, key].map { $0 == exact } ?? key.utf8.elementsEqual(exact)
  }
}

extension EnvironmentTexts {
  /// Reads the member `env_subset`.
  init<Source: JSONSource & ~Copyable>(reading source: inout Source) throws {
    self.init(capacity: 0)
    try source.enterObject()
    while try source.nextMember() {
      if texts.isEmpty { texts.reserveCapacity(4) }
      let key = try source.memberName()
      var exact: [UInt8]?
      let value = try source.string(exact: &exact)
      add(key: key, value: value, exactValue: exact)
    }
  }
}
