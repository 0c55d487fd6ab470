/// The version of a fixture's schema: `major.minor`.
///
/// Versions are ordered by their numbers: 1.10 comes after 1.9. A reader takes every minor version of
/// its major version; what it does not know in one it keeps.
public struct FixtureVersion: Hashable, Comparable, Sendable, CustomStringConvertible {
  /// Changes where earlier readers could not make sense of a fixture.
  public let major: Int
  /// Changes where members were added.
  public let minor: Int

  /// The version that this library writes.
  public static let current = FixtureVersion(major: 1, minor: 0)
  /// What a fixture without a version is.
  public static let unversioned = FixtureVersion(major: 0, minor: 0)

  init(major: Int, minor: Int) {
    self.major = major
    self.minor = minor
  }

  /// Parses two non-negative decimal integers with a point between them; nil for anything else, a
  /// sign, a space or a leading zero included.
  public init?(_ text: String) {
    let parts = text.utf8.split(separator: UInt8(ascii: "."), omittingEmptySubsequences: false)
    guard parts.count == 2, let major = Self.number(parts[0]), let minor = Self.number(parts[1])
    else { return nil }
    self.init(major: major, minor: minor)
  }

  private static func number(_ digits: Substring.UTF8View) -> Int? {
    guard digits.allSatisfy({ (UInt8(ascii: "0")...UInt8(ascii: "9")).contains($0) }),
      digits.count == 1 || digits.first != UInt8(ascii: "0")
    else { return nil }
    return Int(Substring(digits))
  }

  public var description: String { "\(major).\(minor)" }

  public static func < (left: FixtureVersion, right: FixtureVersion) -> Bool {
    (left.major, left.minor) < (right.major, right.minor)
  }
}
