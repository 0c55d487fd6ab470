import ArgumentParser
import CmdMox
import SystemPackage

struct RecoverCommand: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "recover",
    abstract: "Makes the fixture of a session whose recorder was ended or could not write it.",
    discussion: "The session directory stays as it is; remove it when the fixture is there.")

  @Argument(help: "The session directory.", completion: .directory)
  var directory: String

  @Option(
    name: [.short, .customLong("output")],
    help: ArgumentHelp(
      "Where the fixture goes, if not where the session wanted it.", valueName: "file"),
    completion: .file())
  var output: String?

  @Flag(name: [.short, .long], help: "Say nothing at the end.")
  var quiet = false

  mutating func run() throws {
    do {
      let session = SessionDirectory(lookedForIn: FilePath(directory))
      let lostEvents = session.lostEvents
      let summary = try RecordingSession.recover(
        session.path, to: output.map { OwnEnvironment.absolute(FilePath($0)) },
        adjust: { $0.session?.lost = lostEvents })
      guard !quiet else { return }
      var lost = lostEvents == 0 ? "" : ", \(lostEvents) event\(lostEvents == 1 ? "" : "s") lost"
      lost += summary.lost == 0 ? "" : ", \(summary.lost) damaged"
      say(
        "\(summary.recordings) invocation\(summary.recordings == 1 ? "" : "s") recovered\(lost); "
          + "fixture: \(summary.file)")
    } catch let error as JournalError {
      switch error {
      case .unreadable: throw Failure(.noInput, error.description)
      case .noHeader: throw Failure(.badData, error.description)
      case .unwritable: throw Failure(.cannotCreate, error.description)
      }
    } catch let error as FixtureError {
      throw Failure(.cannotCreate, error.description)
    }
  }
}
