import ArgumentParser
import CmdMox
import SystemPackage

struct ValidateCommand: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "validate",
    abstract: "Checks the structure and the version of fixtures.",
    discussion: "Exits with 65 if something is wrong in one, with 66 if one cannot be read.")

  @Argument(help: ArgumentHelp("The fixtures to check.", valueName: "file"))
  var files: [String]

  mutating func run() throws {
    var worst: Status?
    for file in files {
      do {
        try Self.check(FilePath(file))
      } catch let error as FixtureError {
        say(error.description)
        if case .unreadable = error { worst = .noInput } else { worst = worst ?? .badData }
      }
    }
    if let worst { throw ArgumentParser.ExitCode(worst.rawValue) }
  }

  /// Reads a whole fixture, one recording at a time: memory does not grow with the file.
  private static func check(_ file: FilePath) throws {
    _ = try FixtureReader.forEachRecording(in: file) { _ in }
  }
}
