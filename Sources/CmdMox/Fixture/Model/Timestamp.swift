internal import Glibc

/// A moment, in microseconds since 1970 in UTC, and as fixtures write it.
package struct Timestamp: Comparable, Sendable, CustomStringConvertible {
  /// Since 1970-01-01T00:00:00Z; negative before.
  package let microseconds: Int

  /// A moment, counted from 1970-01-01T00:00:00Z.
  package init(microseconds: Int) { self.microseconds = microseconds }

  /// A moment of `CLOCK_REALTIME`.
  package init(nanoseconds: UInt64) { microseconds = Int(nanoseconds / 1000) }

  /// The present moment of `CLOCK_REALTIME`.
  package static func now() -> Timestamp {
    var time = timespec()
    clock_gettime(CLOCK_REALTIME, &time)
    return Timestamp(microseconds: time.tv_sec * 1_000_000 + time.tv_nsec / 1000)
  }

  package static func < (left: Timestamp, right: Timestamp) -> Bool {
    left.microseconds < right.microseconds
  }

  /// ISO 8601 in UTC with six decimals: `2026-02-25T10:30:00.000000Z`.
  package var description: String {
    let (days, time) = Self.divide(microseconds, by: 86_400_000_000)
    let date = Self.date(daysSince1970: days)
    return String(unsafeUninitializedCapacity: 32) { buffer in
      var count = 0
      func put(_ value: Int, digits: Int) {
        var rest = value
        for place in stride(from: count + digits - 1, through: count, by: -1) {
          buffer[place] = UInt8(ascii: "0") + UInt8(truncatingIfNeeded: rest % 10)
          rest /= 10
        }
        count += digits
      }
      func put(_ mark: UInt8) {
        buffer[count] = mark
        count += 1
      }
      put(date.year, digits: 4)
      put(UInt8(ascii: "-"))
      put(date.month, digits: 2)
      put(UInt8(ascii: "-"))
      put(date.day, digits: 2)
      put(UInt8(ascii: "T"))
      put(time / 3_600_000_000, digits: 2)
      put(UInt8(ascii: ":"))
      put(time / 60_000_000 % 60, digits: 2)
      put(UInt8(ascii: ":"))
      put(time / 1_000_000 % 60, digits: 2)
      put(UInt8(ascii: "."))
      put(time % 1_000_000, digits: 6)
      put(UInt8(ascii: "Z"))
      return count
    }
  }

  /// The day of the Gregorian calendar: eras of 400 years, years from March.
  private static func date(daysSince1970: Int) -> (year: Int, month: Int, day: Int) {
    let (era, dayOfEra) = divide(daysSince1970 + 719_468, by: 146_097)
    let yearOfEra = (dayOfEra - dayOfEra / 1460 + dayOfEra / 36524 - dayOfEra / 146_096) / 365
    let dayOfYear = dayOfEra - (365 * yearOfEra + yearOfEra / 4 - yearOfEra / 100)
    let marchMonth = (5 * dayOfYear + 2) / 153
    let month = marchMonth < 10 ? marchMonth + 3 : marchMonth - 9
    let year = yearOfEra + era * 400 + (month <= 2 ? 1 : 0)
    return (year, month, dayOfYear - (153 * marchMonth + 2) / 5 + 1)
  }

  /// Division that rounds down, so that moments before 1970 have a date too.
  private static func divide(_ value: Int, by divisor: Int) -> (quotient: Int, rest: Int) {
    let (quotient, rest) = value.quotientAndRemainder(dividingBy: divisor)
    return rest < 0 ? (quotient - 1, rest + divisor) : (quotient, rest)
  }
}
