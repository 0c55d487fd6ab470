internal import Synchronization

/// A regular expression over bytes that are mostly UTF-8.
protocol TextPattern: Sendable {
  /// The text with every match that is not empty replaced. What is no UTF-8 matches nothing.
  func replacingMatches(in text: [UInt8], with replacement: [UInt8]) -> [UInt8]
}

/// The regular expressions of Swift's standard library.
///
/// One thread matches at a time: a `Regex` is not `Sendable`.
final class SwiftPattern: TextPattern {
  private let regex: Mutex<Regex<AnyRegexOutput>>

  /// - Throws: where `pattern` is no regular expression; the description says why.
  init(_ pattern: String) throws {
    regex = Mutex(try Regex(pattern).matchingSemantics(.unicodeScalar))
  }

  func replacingMatches(in text: [UInt8], with replacement: [UInt8]) -> [UInt8] {
    guard let source = String(validating: text, as: UTF8.self) else { return text }
    return regex.withLock { regex in
      var replaced: [UInt8] = []
      var rest = source.startIndex
      for match in source.matches(of: regex) where !match.range.isEmpty {
        replaced += source.utf8[rest..<match.range.lowerBound]
        replaced += replacement
        rest = match.range.upperBound
      }
      return replaced + source.utf8[rest...]
    }
  }
}
