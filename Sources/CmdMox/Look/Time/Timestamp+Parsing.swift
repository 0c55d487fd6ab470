extension Timestamp {
  /// Reads ISO 8601 as Python and we write it: `2026-02-25T10:30:00.123456Z`, with or without a
  /// fraction, a space for the `T`, an offset such as `+01:00` or none (UTC).
  ///
  /// Nil for anything else.
  package init?(_ text: String) {
    var digits = Digits(rest: Array(text.utf8)[...])
    guard let year = digits.number(4), digits.take("-"),
      let month = digits.number(2), (1...12).contains(month), digits.take("-"),
      let day = digits.number(2), (1...31).contains(day), digits.take("T") || digits.take(" "),
      let hour = digits.number(2), digits.take(":"),
      let minute = digits.number(2), digits.take(":"),
      let second = digits.number(2), hour < 24, minute < 60, second <= 60
    else { return nil }
    let fraction = digits.fraction()
    guard let offsetMinutes = digits.offset(), digits.rest.isEmpty else { return nil }
    let seconds =
      Self.days(year: year, month: month, day: day) * 86_400 + hour * 3600
      + (minute - offsetMinutes) * 60 + second
    self.init(microseconds: seconds * 1_000_000 + fraction)
  }

  /// Days since 1970 of a date of the Gregorian calendar; years count from March.
  private static func days(year: Int, month: Int, day: Int) -> Int {
    let marchYear = month <= 2 ? year - 1 : year
    let marchMonth = (month + 9) % 12
    let dayOfYear = (153 * marchMonth + 2) / 5 + day - 1
    return marchYear * 365 + marchYear / 4 - marchYear / 100 + marchYear / 400 + dayOfYear - 719_468
  }

  private struct Digits {
    var rest: ArraySlice<UInt8>

    mutating func take(_ mark: Character) -> Bool {
      guard rest.first == mark.asciiValue else { return false }
      rest.removeFirst()
      return true
    }

    mutating func number(_ count: Int) -> Int? {
      let digits = rest.prefix(count)
      guard digits.count == count, digits.allSatisfy({ (48...57).contains($0) }) else { return nil }
      rest = rest.dropFirst(count)
      return digits.reduce(0) { $0 * 10 + Int($1) - 48 }
    }

    /// Microseconds; further digits are dropped.
    mutating func fraction() -> Int {
      guard take(".") else { return 0 }
      let digits = rest.prefix { (48...57).contains($0) }
      rest = rest.dropFirst(digits.count)
      let kept = digits.prefix(6).reduce(0) { $0 * 10 + Int($1) - 48 }
      return (digits.count..<max(6, digits.count)).reduce(kept) { value, _ in value * 10 }
    }

    mutating func offset() -> Int? {
      if rest.isEmpty || take("Z") { return 0 }
      let sign = take("+") ? 1 : take("-") ? -1 : 0
      guard sign != 0, let hours = number(2) else { return nil }
      _ = take(":")
      guard let minutes = number(2) else { return nil }
      return sign * (hours * 60 + minutes)
    }
  }
}
