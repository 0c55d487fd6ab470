/// Something that is wrong with a fixture, or odd.
package struct FixtureFinding: Equatable, Sendable {
  package enum Level: String, Sendable {
    /// The fixture must not be used or shared like this.
    case error
    /// Odd; an error for a strict check.
    case warning
  }

  package let level: Level
  /// Where in the document: `recordings[3].stdout`; empty for all of it.
  package let path: String
  /// What is wrong, and what was expected. Holds no value of an argument, a variable or a stream.
  package let message: String

  /// A finding, as the members say.
  package init(_ level: Level, _ path: String, _ message: String) {
    self.level = level
    self.path = path
    self.message = message
  }
}
