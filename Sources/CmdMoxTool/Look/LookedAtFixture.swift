import ArgumentParser
import CmdMox
import SystemPackage

/// The fixture that a command looks at.
struct LookedAtFixture: ParsableArguments {
  @Argument(help: ArgumentHelp("The fixture.", valueName: "fixture"), completion: .file())
  var fixture = "cmdmox.json"

  /// - Throws: ``Failure`` where it cannot be read or is none.
  func load(
    keepsStreams: (RecordedInvocation) -> Bool = { _ in false }
  ) throws -> SessionView {
    try Self.load(fixture, keepsStreams: keepsStreams)
  }

  static func load(
    _ path: String, keepsStreams: (RecordedInvocation) -> Bool = { _ in false }
  ) throws -> SessionView {
    do {
      return try WaitLine.during("reading \(path)") { line in
        try SessionView.load(FilePath(path)) { recording in
          line.step()
          return keepsStreams(recording)
        }
      }
    } catch let error as FixtureError {
      if case .unreadable = error { throw Failure(.noInput, error.description) }
      throw Failure(.badData, error.description)
    }
  }
}
