import ArgumentParser
import Glibc

/// Colours, where they are wanted.
struct Style {
  enum Choice: String, CaseIterable, ExpressibleByArgument {
    case auto, always, never
  }

  enum Color: String {
    case red = "31"
    case yellow = "33"
    case cyan = "36"
    case bold = "1"
    case dim = "2"
  }

  let isColored: Bool

  /// `auto` colours a terminal that is not dumb, unless `NO_COLOR` is set (no-color.org).
  ///
  /// - Parameter isTerminal: whether a terminal shows what is written, by way of a pager perhaps.
  init(_ choice: Choice, isTerminal: Bool = Terminal.isOutput) {
    switch choice {
    case .always: isColored = true
    case .never: isColored = false
    case .auto:
      isColored =
        isTerminal && !Self.isSet("NO_COLOR")
        && getenv("TERM").map { String(cString: $0) } != "dumb"
    }
  }

  func paint(_ text: String, _ color: Color?) -> String {
    guard isColored, let color, !text.isEmpty else { return text }
    return "\u{1b}[\(color.rawValue)m\(text)\u{1b}[0m"
  }

  private static func isSet(_ name: String) -> Bool {
    guard let value = getenv(name) else { return false }
    return value[0] != 0
  }
}
