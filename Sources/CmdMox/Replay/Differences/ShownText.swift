/// How command lines and values stand in messages.
enum ShownText {
  private static let longestWord = 80
  private static let longestLine = 160

  /// A command line as a shell would take it, shortened in the middle of nothing: what is too long
  /// ends in an ellipsis.
  static func line(_ words: [String]) -> String {
    shortened(words.map(word).joined(separator: " "), longestLine)
  }

  /// A word: as it is where that is plain, else in single quotes, control characters escaped.
  static func word(_ text: String) -> String {
    let isPlain = !text.isEmpty && text.unicodeScalars.allSatisfy(isPlain)
    return isPlain
      ? shortened(text, longestWord) : "'" + shortened(escaped(text), longestWord) + "'"
  }

  private static func isPlain(_ scalar: Unicode.Scalar) -> Bool {
    switch scalar {
    case "a"..."z", "A"..."Z", "0"..."9", "-", "_", ".", "/", ":", "=", ",", "+", "@", "%", "^",
      "…":
      true
    default: false
    }
  }

  private static func escaped(_ text: String) -> String {
    var escaped = ""
    for scalar in text.unicodeScalars {
      switch scalar {
      case "\n": escaped += "\\n"
      case "\t": escaped += "\\t"
      case "'": escaped += "\\'"
      case "\\": escaped += "\\\\"
      case _ where scalar.properties.generalCategory == .control:
        escaped += "\\u{" + String(scalar.value, radix: 16) + "}"
      default: escaped.unicodeScalars.append(scalar)
      }
    }
    return escaped
  }

  private static func shortened(_ text: String, _ longest: Int) -> String {
    text.count > longest ? text.prefix(longest - 1) + "…" : text
  }
}
