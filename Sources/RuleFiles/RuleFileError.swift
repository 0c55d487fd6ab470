package import SystemPackage

/// Why the rules of a file cannot be applied.
package enum RuleFileError: Error, Equatable {
  case unreadable(file: String, errno: Errno)
  /// `place` is in the file: `rules.yaml:12:3`, or `rules.json: rules[2]`.
  case wrong(place: String, what: String)
}

extension RuleFileError: CustomStringConvertible {
  /// One sentence: where, and what is wrong.
  package var description: String {
    switch self {
    case .unreadable(let file, let errno): "\(file): the rules cannot be read: \(errno)"
    case .wrong(let place, let what): "\(place): \(what)"
    }
  }
}
