internal import Glibc

/// The variables of an environment that a fixture keeps.
///
/// In order: cmdmox's own (`CMDMOX_…`, `CMOX_…`, `CMD_MOX_…`) never; those asked for always; the
/// system's (`PATH`, `HOME`, `USER`, `SHELL`, `SSH_AUTH_SOCK`, `GPG_AGENT_INFO`) never; names that
/// look like secrets never; with a command, those with its prefix (`GIT_` for git) and no others;
/// without one, the rest.
///
/// - Parameters:
///   - env: the whole environment.
///   - command: the program's name, or its path; empty for none.
///   - allowlist: names that are kept in each recording of a session.
///   - explicitKeys: names that are kept in this one.
/// - Returns: the subset, values as they are.
public func filterEnvironmentSubset(
  _ env: [String: String], command: String = "", allowlist: [String] = [],
  explicitKeys: [String] = []
) -> [String: String] {
  let filter = EnvironmentFilter(wanted: allowlist + explicitKeys)
  return filter.subset(of: env, command: command)
}

extension EnvironmentFilter {
  func subset(of variables: [String: String], command: String) -> [String: String] {
    let others = Self.others(for: command)
    return variables.filter { name, _ in
      var name = name
      return name.withUTF8 { keeps($0, others: others) }
    }
  }

  /// The subset of an environment as execve(2) takes it: `NAME=value` strings, each ended by a NUL.
  ///
  /// Only what is kept is made into text.
  func subset(of block: [UInt8], command: String) -> EnvironmentTexts {
    let others = Self.others(for: command)
    guard others != .none || !wanted.isEmpty else { return EnvironmentTexts(capacity: 0) }
    return Self.texts(of: block) { keeps($0, others: others) }
  }

  /// A whole environment as text.
  static func texts(of block: [UInt8]) -> [String: String] {
    texts(of: block) { _ in true }.texts
  }

  /// Of several variables with one name the first counts, as for getenv(3); what has no name or no
  /// `=` is passed over.
  private static func texts(
    of block: [UInt8], isKept: (UnsafeBufferPointer<UInt8>) -> Bool
  ) -> EnvironmentTexts {
    var kept = EnvironmentTexts(capacity: 0)
    block.withUnsafeBufferPointer { block in
      var start = 0
      while start < block.count {
        let rest = UnsafeBufferPointer(rebasing: block[start...])
        let variable = UnsafeBufferPointer(rebasing: rest[..<(rest.place(of: 0) ?? rest.count)])
        start += variable.count + 1
        guard let equals = variable.place(of: UInt8(ascii: "=")), equals > 0 else { continue }
        let name = UnsafeBufferPointer(rebasing: variable[..<equals])
        guard isKept(name) else { continue }
        var exactName: [UInt8]?
        let key = text(of: name, exact: &exactName)
        if kept.holds(key, exactName ?? Array(name)) { continue }
        var exactValue: [UInt8]?
        let value = text(
          of: UnsafeBufferPointer(rebasing: variable[(equals + 1)...]), exact: &exactValue)
        kept.add(key: key, value: value, exactKey: exactName, exactValue: exactValue)
      }
    }
    return kept
  }
}

extension UnsafeBufferPointer<UInt8> {
  /// Where a byte stands for the first time.
  func place(of byte: UInt8) -> Int? {
    guard let start = baseAddress, let found = memchr(start, Int32(byte), count) else { return nil }
    return UnsafeRawPointer(found) - UnsafeRawPointer(start)
  }
}
