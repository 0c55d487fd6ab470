/// How an invocation ended; a word that this version does not know is kept.
public struct Termination: RawRepresentable, Hashable, Sendable {
  /// The word that stands in the fixture.
  public let rawValue: String
  /// Any word, one that this version does not know included.
  public init(rawValue: String) { self.rawValue = rawValue }

  /// It ended by itself; `exit_code` is its status.
  public static let exited = Termination(rawValue: "exited")
  /// A signal ended it; `exit_code` is 128 + `signal`.
  public static let signaled = Termination(rawValue: "signaled")
  /// It executed another program in its place; `exit_code` is 0.
  public static let replaced = Termination(rawValue: "replaced")
  /// It was still running when the session ended; `exit_code` is 0.
  public static let running = Termination(rawValue: "running")
  /// It ended and nobody could say how; `exit_code` is -1.
  public static let unknown = Termination(rawValue: "unknown")
  /// It was never executed: `error` names the reason.
  public static let failed = Termination(rawValue: "failed")
}

/// Who told how an invocation ended; a word that this version does not know is kept.
public struct StatusSource: RawRepresentable, Hashable, Sendable {
  /// The word that stands in the fixture.
  public let rawValue: String
  /// Any word, one that this version does not know included.
  public init(rawValue: String) { self.rawValue = rawValue }

  /// The kernel, through a process descriptor.
  public static let pidfd = StatusSource(rawValue: "pidfd")
  /// The parent that reaped it.
  public static let wait = StatusSource(rawValue: "wait")
  /// The process itself, on its way out.
  public static let exit = StatusSource(rawValue: "exit")
}

/// Why nothing was heard from inside an invocation; a word that this version does not know is kept.
public struct OpaqueReason: RawRepresentable, Hashable, Sendable {
  /// The word that stands in the fixture.
  public let rawValue: String
  /// Any word, one that this version does not know included.
  public init(rawValue: String) { self.rawValue = rawValue }

  /// Statically linked.
  public static let `static` = OpaqueReason(rawValue: "static")
  /// Set-user-ID, set-group-ID or with file capabilities.
  public static let setID = OpaqueReason(rawValue: "set-id")
  /// Made for another architecture or word size.
  public static let architecture = OpaqueReason(rawValue: "architecture")
  /// A shared library that it needs is missing.
  public static let missingLibrary = OpaqueReason(rawValue: "missing-library")
  /// Killed before it could speak.
  public static let killed = OpaqueReason(rawValue: "killed")
  /// Its caller had confined itself.
  public static let confined = OpaqueReason(rawValue: "confined")
  /// Its caller, which was not heard of either, gave it an environment without the library.
  public static let environment = OpaqueReason(rawValue: "environment")
  /// It belongs to another session, or its caller switched recording off for it.
  public static let session = OpaqueReason(rawValue: "session")
  /// Nobody found out.
  public static let unknown = OpaqueReason(rawValue: "unknown")
}
