package import SystemPackage

/// What a session came to.
package struct SessionSummary: Sendable {
  package var tally: SessionTally
  /// Events that their writers could not deliver or the recorder could not read, and recordings
  /// that the journal could not take.
  package var lost: Int
  /// Somebody removed the session directory: nothing could be said any more.
  package var hasLostDirectory = false
  package var fixture: FilePath
  /// The root's status as a shell says it: 128 + n after signal n, -1 where nobody knows.
  package var rootStatus: Int

  /// One line: how many invocations, how many failed, which were opaque, how many events were lost,
  /// and where the fixture is.
  package var sentence: String {
    var parts = [Self.counted(tally.recorded, "invocation")]
    if tally.failed > 0 { parts.append("\(tally.failed) failed") }
    if tally.running > 0 { parts.append("\(tally.running) still running") }
    if tally.opaqueCount > 0 {
      let kinds = tally.opaque.map { "\($0.reason): \(Self.listed($0.commands))" }
      parts.append("\(tally.opaqueCount) opaque (\(kinds.joined(separator: "; ")))")
    }
    if tally.unprivileged.count > 0 {
      parts.append(
        "\(tally.unprivileged.count) without the privileges of their files under --deep "
          + "(\(Self.listed(tally.unprivileged)))")
    }
    if tally.confined > 0 { parts.append("\(tally.confined) confined") }
    if tally.truncated > 0 {
      parts.append("\(Self.counted(tally.truncated, "stream")) truncated")
    }
    if let why = tally.whyWithheld {
      parts.append("\(tally.withheld) without texts (not scrubbed: \(why))")
    }
    if hasLostDirectory {
      parts.append("the rest lost (the session directory was removed meanwhile)")
    } else if lost > 0 {
      parts.append("\(Self.counted(lost, "event")) lost")
    }
    return parts.joined(separator: ", ") + "; fixture: \(fixture)"
  }

  private static func counted(_ count: Int, _ noun: String) -> String {
    "\(count) \(noun)\(count == 1 ? "" : "s")"
  }

  private static func listed(_ commands: NamedCount) -> String {
    let more = commands.count > commands.names.count ? ", …" : ""
    return commands.names.map(printable).joined(separator: ", ") + more
  }

  /// A name without anything that a terminal would act on.
  private static func printable(_ name: String) -> String {
    String(String.UnicodeScalarView(name.unicodeScalars.map { $0.value < 32 ? "?" : $0 }))
  }
}
