public import SystemPackage

/// Why a fixture could not be read or written.
///
/// `file` is nil for a fixture that was read from a dictionary or through `Codable`. `path` is the
/// place in the document's structure, `recordings[3].args[1]` for example, and empty for the whole
/// document. `expected` and `found` are words for a message; none of them holds a value of the
/// environment or an argument.
public enum FixtureError: Error, Equatable, Sendable {
  /// The file could not be opened or read.
  case unreadable(file: FilePath, errno: Errno)
  /// The file could not be written; an earlier one is as it was.
  case unwritable(file: FilePath, errno: Errno)
  /// The file is not JSON. Line and column count from 1, the column and the offset in bytes.
  case syntax(
    file: FilePath?, line: Int, column: Int, offset: Int, expected: String, found: String)
  /// A member that must be there is not.
  case missingMember(file: FilePath?, path: String)
  /// A member has the wrong type.
  case unexpectedType(file: FilePath?, path: String, expected: String, found: String)
  /// A member has a value that it cannot have.
  case unexpectedValue(file: FilePath?, path: String, expected: String, found: String)
  /// The fixture's major version is higher than the one that this library knows.
  case unsupportedVersion(file: FilePath?, found: FixtureVersion, supported: FixtureVersion)
}

extension FixtureError {
  init(_ failure: DecodingFailure, file: FilePath?) {
    let path = failure.path.description
    self =
      switch failure.reason {
      case .syntax(let position, let expected, let found):
        .syntax(
          file: file, line: position.line, column: position.column, offset: position.offset,
          expected: expected, found: found)
      case .missing: .missingMember(file: file, path: path)
      case .type(let expected, let found):
        .unexpectedType(file: file, path: path, expected: expected, found: found)
      case .value(let expected, let found):
        .unexpectedValue(file: file, path: path, expected: expected, found: found)
      case .version(let found):
        .unsupportedVersion(file: file, found: found, supported: .current)
      }
  }
}
