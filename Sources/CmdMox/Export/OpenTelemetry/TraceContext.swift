internal import Glibc

/// Where in somebody's trace a session stands: the variable `TRACEPARENT`.
///
/// Source: W3C Trace Context, `traceparent` version 00; OpenTelemetry's environment variables as
/// context propagation carriers.
package struct TraceContext: Equatable, Sendable {
  /// The member of a fixture's session that keeps it.
  package static let member = "traceparent"

  /// 32 and 16 hexadecimal digits.
  package let traceID: String
  package let spanID: String
  package let text: String

  /// Nil for text that is none; an unknown version is read like 00.
  package init?(_ text: String) {
    let parts = text.split(separator: "-", omittingEmptySubsequences: false).map(String.init)
    guard parts.count >= 4, Self.isHexadecimal(parts[0], 2), parts[0] != "ff",
      Self.isHexadecimal(parts[1], 32), Self.isHexadecimal(parts[2], 16),
      Self.isHexadecimal(parts[3], 2), parts.count == 4 || parts[0] != "00"
    else { return nil }
    (traceID, spanID) = (parts[1], parts[2])
    self.text = text
  }

  /// What this process was handed; nil for nothing.
  package static var inherited: TraceContext? {
    getenv("TRACEPARENT").flatMap { TraceContext(String(cString: $0)) }
  }

  /// What the session was handed when it was recorded.
  init?(of facts: SessionFacts) {
    guard case .string(let text)? = facts.unknownMembers[Self.member] else { return nil }
    self.init(text)
  }

  /// Small letters, and not all zeros but for versions and flags.
  private static func isHexadecimal(_ text: String, _ count: Int) -> Bool {
    text.utf8.count == count
      && text.utf8.allSatisfy { (48...57).contains($0) || (97...102).contains($0) }
      && (count == 2 || text.utf8.contains { $0 != UInt8(ascii: "0") })
  }
}
