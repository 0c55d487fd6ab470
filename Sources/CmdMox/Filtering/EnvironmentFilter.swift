/// Decides which variables of a program's environment a fixture keeps.
///
/// A fixture is read by others, and must not change because somebody's terminal did: it keeps what
/// was asked for, and what belongs to the command; never our own variables, and neither the user's
/// surroundings nor what looks like a secret unless they are asked for by name.
struct EnvironmentFilter: Sendable {
  /// Ours: they differ in each session, and say nothing about the program.
  private static let own: [[UInt8]] = bytes(["CMDMOX_", "CMOX_", "CMD_MOX_"])

  /// The user's surroundings.
  private static let system: [[UInt8]] = bytes([
    "PATH", "HOME", "USER", "SHELL", "SSH_AUTH_SOCK", "GPG_AGENT_INFO",
  ])

  /// Which variables belong to a command.
  private static let prefixes: [String: [UInt8]] = [
    "git": "GIT_", "aws": "AWS_", "docker": "DOCKER_", "npm": "NPM_", "pip": "PIP_",
    "cargo": "CARGO_", "go": "GO", "rustc": "RUSTC_",
  ].mapValues { Array($0.utf8) }

  let wanted: [[UInt8]]

  /// - Parameter wanted: names that are kept whatever they look like.
  init(wanted: [String]) { self.wanted = Self.bytes(wanted) }

  /// What a command makes of variables that nobody asked for.
  enum Others: Equatable {
    case all
    case none
    case withPrefix([UInt8])
  }

  /// - Parameter command: a name or a path; empty where none is known, and then all others are kept.
  static func others(for command: String) -> Others {
    if command.isEmpty { return .all }
    if let prefix = prefixes[command] { return .withPrefix(prefix) }
    return prefixes[baseName(of: command)].map { .withPrefix($0) } ?? .none
  }

  func keeps(_ name: UnsafeBufferPointer<UInt8>, others: Others) -> Bool {
    if Self.own.contains(where: { name.starts(with: $0) }) { return false }
    if wanted.contains(where: { name.elementsEqual($0) }) { return true }
    switch others {
    case .none: return false
    case .withPrefix(let prefix): guard name.starts(with: prefix) else { return false }
    case .all: break
    }
    return !Self.system.contains { name.elementsEqual($0) } && !SecretNames.contain(name)
  }

  /// Whether a variable is cmdmox's own.
  static func isOwn(_ name: ArraySlice<UInt8>) -> Bool {
    own.contains { name.starts(with: $0) }
  }

  private static func bytes(_ names: [String]) -> [[UInt8]] { names.map { Array($0.utf8) } }
}

/// What stands behind the last slash of a path; the whole of it where there is none.
func baseName(of path: String) -> String {
  guard let slash = path.utf8.lastIndex(of: UInt8(ascii: "/")) else { return path }
  return String(path[path.utf8.index(after: slash)...])
}
