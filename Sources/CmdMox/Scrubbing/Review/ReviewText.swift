internal import SystemPackage

/// A review as people read it.
struct ReviewText {
  private let review: Review
  private let fixture: FilePath
  private static let mostShown = 400

  init(_ review: Review, fixture: FilePath) {
    self.review = review
    self.fixture = fixture
  }

  var text: String {
    ([header] + review.entries.map(part) + [footer]).joined(separator: "\n")
  }

  private var header: String {
    """
    ============================================================================
    THIS FILE HAS SECRETS IN IT. Do not commit it, do not send it to anybody.
    ============================================================================

    What was taken out of \(fixture), and what may have been overlooked.

    Look through it, then:

      [ ] everything under "taken out" was a secret, or may be missing
      [ ] nothing under "not taken out" is a secret; otherwise add a rule
          (cmdmox scrub --rules FILE --in-place \(fixture))
      [ ] no name, address or host is in the fixture that others must not see

    and delete this file:

      cmdmox review --accept \(fixture)

    \(review.seen) recordings, \(review.entries.count) of them with something to look at\
    \(review.omitted > 0 ? ", \(review.omitted) more left out here" : "").

    """
  }

  private func part(_ entry: Review.Entry) -> String {
    var lines = [
      "----------------------------------------------------------------------------",
      "\(Self.printable(entry.command))   (\(entry.timestamp))", "",
    ]
    if !entry.changes.isEmpty { lines.append("  taken out:") }
    for change in entry.changes {
      lines.append("    \(change.place), by \(change.rule ?? "a value that is known to be secret")")
      lines.append("      was  \(Self.printable(change.original))")
      lines.append("      is   \(Self.printable(change.replacement))")
    }
    if !entry.suspicions.isEmpty { lines.append("  not taken out:") }
    for suspicion in entry.suspicions {
      lines.append("    \(suspicion.place): \(suspicion.reason.rawValue)")
      lines.append("      is   \(Self.printable(suspicion.text))")
    }
    return lines.joined(separator: "\n") + "\n"
  }

  private var footer: String {
    "----------------------------------------------------------------------------\nEnd of the review.\n"
  }

  /// A text on one line, without anything that a terminal would act on, not too long.
  private static func printable(_ text: String) -> String {
    var shown = ""
    for scalar in text.unicodeScalars.prefix(mostShown) {
      switch scalar {
      case "\n": shown += "\\n"
      case "\0": shown += " "
      default: shown.unicodeScalars.append(scalar.value < 32 || scalar.value == 127 ? "?" : scalar)
      }
    }
    return text.unicodeScalars.count > mostShown ? shown + " …" : shown
  }
}
