import ArgumentParser
import CmdMox
import SystemPackage

struct RecoverCommand: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "recover",
    abstract: "Makes the fixture of a session whose recorder was ended or could not write it.",
    discussion: """
      The session directory goes when the fixture is there, unless a recorder still works in it or \
      some of its journal cannot be read.
      """)

  @Argument(help: "The session directory.", completion: .directory)
  var directory: String

  @Option(
    name: [.short, .customLong("output")],
    help: ArgumentHelp(
      "Where the fixture goes, if not where the session wanted it.", valueName: "file"),
    completion: .file())
  var output: String?

  @Flag(name: .long, help: "Leave the session directory as it is.")
  var keep = false

  @Flag(name: [.short, .long], help: "Say nothing at the end.")
  var quiet = false

  mutating func run() throws {
    let session = SessionDirectory(lookedForIn: FilePath(directory))
    if let fixture = RecordingSession.written(session.path) {
      _ = removes(session)
      if !quiet { say("the fixture had been written: \(fixture)") }
      return
    }
    do {
      let lostEvents = session.lostEvents
      let summary = try RecordingSession.recover(
        session.path, to: output.map { OwnEnvironment.absolute(FilePath($0)) },
        adjust: { $0.session?.lost? += lostEvents })
      if summary.isCutOffOnly { _ = removes(session) }
      guard !quiet else { return }
      var lost = lostEvents == 0 ? "" : ", \(lostEvents) event\(lostEvents == 1 ? "" : "s") lost"
      lost += summary.unfinished == 0 ? "" : ", \(summary.unfinished) had not ended"
      lost += summary.lost == 0 ? "" : ", \(summary.lost) damaged"
      say(
        "\(summary.recordings) invocation\(summary.recordings == 1 ? "" : "s") recovered\(lost); "
          + "fixture: \(summary.file)")
    } catch let error as JournalError {
      throw failure(error, session)
    } catch let error as FixtureError {
      throw Failure(.cannotCreate, error.description)
    }
  }

  private func failure(_ error: JournalError, _ session: SessionDirectory) -> Failure {
    var sentence = error.description
    if RecordingSession.isEmpty(session.path), removes(session) {
      sentence += "; nothing had been recorded, and the session directory is removed"
    }
    return switch error {
    case .unreadable: Failure(.noInput, sentence)
    case .noHeader: Failure(.badData, sentence)
    case .unwritable: Failure(.cannotCreate, sentence)
    }
  }

  /// Takes the session away, if it is nobody's any more.
  private func removes(_ session: SessionDirectory) -> Bool {
    guard !keep, session.isAbandoned else { return false }
    session.remove()
    return true
  }
}
