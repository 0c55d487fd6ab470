package import SystemPackage

/// Finds out afterwards why a program was never heard of: hooks judge no files.
package struct OpaqueJudge {
  /// What files said, for builds that run the same static compiler thousands of times.
  private var known: [FilePath: OpaqueReason?] = [:]

  package init() {}

  /// - Parameters:
  ///   - path: absolute, or a bare name that was found through PATH.
  ///   - program: what the file was when it was executed; nil: it has to be looked at.
  ///   - status: what became of the process, as wait(2) gives it; nil where nobody knows.
  mutating func reason(
    _ path: FilePath, program: ProgramFile? = nil, status: WaitStatus?
  ) -> OpaqueReason {
    if let reason = program.map({ Self.reason(of: $0) }) ?? reason(of: path) { return reason }
    if status?.signal != nil { return .killed }
    if status?.exitCode == 127 { return .missingLibrary }
    return .unknown
  }

  private mutating func reason(of path: FilePath) -> OpaqueReason? {
    if known.count > 256 { known.removeAll() }
    if let remembered = known[path] { return remembered }
    let reason = Self.reason(of: path, depth: Self.mostInterpreters)
    known[path] = .some(reason)
    return reason
  }

  /// How many interpreters a script may have one behind the other: the kernel's own limit.
  private static let mostInterpreters = 5

  /// Why the preload cannot get into a program; nil where it can.
  package static func reason(of path: FilePath) -> OpaqueReason? {
    reason(of: path, depth: mostInterpreters)
  }

  private static func reason(of path: FilePath, depth: Int) -> OpaqueReason? {
    guard let path = resolved(path), let file = try? ProgramFile(path) else { return nil }
    return reason(of: file, depth: depth)
  }

  private static func reason(
    of file: ProgramFile, depth: Int = mostInterpreters
  ) -> OpaqueReason? {
    if file.gainsPrivileges { return .setID }
    switch file.form {
    case .native(let isDynamic, _): return isDynamic ? nil : .static
    case .foreign: return .architecture
    case .script(let interpreter):
      return depth > 0 ? reason(of: FilePath(interpreter), depth: depth - 1) : nil
    case .other: return nil
    }
  }

  /// A path, or where a bare name is found in PATH; nil for nowhere.
  package static func resolved(_ path: FilePath) -> FilePath? {
    guard path.components.count == 1, path.isRelative else { return path }
    return ProgramSearch.find(path.string)
  }
}
