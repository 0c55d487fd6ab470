extension Timestamp {
  /// Whether a text is a date and time in ISO 8601, as fixtures of ours and of Python have them: a
  /// fraction and an offset from UTC may be there or not.
  static func isValid(_ text: String) -> Bool {
    var text = text.utf8[...]
    guard let year = number(&text, 4), take(&text, "-"), let month = number(&text, 2),
      take(&text, "-"), let day = number(&text, 2), take(&text, "T") || take(&text, " "),
      let hour = number(&text, 2), take(&text, ":"), let minute = number(&text, 2)
    else { return false }
    var second = 0
    if take(&text, ":") {
      guard let read = number(&text, 2) else { return false }
      second = read
      if take(&text, ".") || take(&text, ",") {
        let digits = text.prefix { isDigit($0) }
        guard !digits.isEmpty else { return false }
        text = text[digits.endIndex...]
      }
    }
    return (1...12).contains(month) && (1...days(in: month, of: year)).contains(day)
      && hour < 24 && minute < 60 && second <= 60 && isZone(text)
  }

  private static func isZone(_ text: Substring.UTF8View) -> Bool {
    var text = text
    if text.isEmpty { return true }
    if take(&text, "Z") { return text.isEmpty }
    guard take(&text, "+") || take(&text, "-"), let hour = number(&text, 2), hour < 24 else {
      return false
    }
    _ = take(&text, ":")
    guard let minute = number(&text, 2), minute < 60 else { return text.isEmpty }
    return text.isEmpty
  }

  private static func days(in month: Int, of year: Int) -> Int {
    let isLeap = year % 4 == 0 && (year % 100 != 0 || year % 400 == 0)
    return [31, isLeap ? 29 : 28, 31, 30, 31, 30, 31, 31, 30, 31, 30, 31][month - 1]
  }

  private static func isDigit(_ byte: UInt8) -> Bool {
    (UInt8(ascii: "0")...UInt8(ascii: "9")).contains(byte)
  }

  /// Takes a number of `count` digits.
  private static func number(_ text: inout Substring.UTF8View, _ count: Int) -> Int? {
    let digits = text.prefix(count)
    guard digits.count == count, digits.allSatisfy(isDigit) else { return nil }
    text = text[digits.endIndex...]
    return Int(Substring(digits))
  }

  private static func take(_ text: inout Substring.UTF8View, _ mark: StaticString) -> Bool {
    guard text.first == mark.bytes[0] else { return false }
    text.removeFirst()
    return true
  }
}
