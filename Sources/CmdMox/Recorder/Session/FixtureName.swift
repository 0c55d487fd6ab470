package import SystemPackage

/// The name of a fixture that differs from run to run: `%c` is the root's name, `%p` its pid, `%t`
/// the time in UTC, `%%` a percent sign. Anything else stays as it is.
package struct FixtureName: Sendable {
  private let pattern: String

  package init(_ pattern: String) {
    self.pattern = pattern
  }

  /// - Parameters:
  ///   - root: the root's argument 0 or path.
  ///   - nanoseconds: since the epoch.
  package func path(root: String, pid: UInt32, nanoseconds: UInt64) -> FilePath {
    var name = ""
    var characters = pattern.makeIterator()
    while let character = characters.next() {
      guard character == "%" else {
        name.append(character)
        continue
      }
      switch characters.next() {
      case "c": name += FilePath(root).lastComponent?.string ?? "program"
      case "p": name += String(pid)
      case "t": name += Self.compact(Timestamp(nanoseconds: nanoseconds))
      case "%": name += "%"
      case let other?: name += "%" + String(other)
      case nil: name += "%"
      }
    }
    return FilePath(name)
  }

  /// `20260225T103000.000000Z`: a time without what a file name should not have.
  private static func compact(_ time: Timestamp) -> String {
    time.description.filter { $0 != "-" && $0 != ":" }
  }
}
