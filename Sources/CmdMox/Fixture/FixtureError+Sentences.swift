internal import SystemPackage

extension FixtureError: CustomStringConvertible {
  /// One sentence: which file, where in it, what is wrong, what helps.
  public var description: String {
    switch self {
    case .unreadable(let file, let errno):
      "\(file): the fixture cannot be read: \(errno)"
    case .unwritable(let file, let errno):
      "\(file): the fixture cannot be written: \(errno)"
    case .syntax(let file, let line, let column, let offset, let expected, let found):
      "\(Self.name(file)): not JSON at line \(line), column \(column) (byte \(offset)): "
        + "expected \(expected), found \(found)"
    case .missingMember(let file, let path):
      "\(Self.name(file)): \(path) is missing"
    case .unexpectedType(let file, let path, let expected, let found):
      "\(Self.name(file)): \(Self.place(path)) must be \(expected), found \(found)"
    case .unexpectedValue(let file, let path, let expected, let found):
      "\(Self.name(file)): \(Self.place(path)) must be \(expected), found \(found)"
    case .unsupportedVersion(let file, let found, let supported):
      "\(Self.name(file)): version is \(found), this cmdmox reads up to \(supported.major).x; "
        + "a newer cmdmox reads it"
    }
  }

  private static func name(_ file: FilePath?) -> String { file?.description ?? "fixture" }
  private static func place(_ path: String) -> String { path.isEmpty ? "the document" : path }
}
