import ArgumentParser
import CmdMox
import Glibc
import SystemPackage

/// A session of the command line that answers commands.
struct PlayedRun {
  private let settings: PlaySettings
  private let isQuiet: Bool
  private let report: MatchOptions.Reporting

  init(_ settings: PlaySettings, isQuiet: Bool, report: MatchOptions.Reporting) {
    self.settings = settings
    self.isQuiet = isQuiet
    self.report = report
  }

  /// Runs the program.
  ///
  /// - Returns: the status to leave with.
  /// - Throws: ``Failure`` where the program did not run.
  func run(_ arguments: [[UInt8]]) throws -> ArgumentParser.ExitCode {
    let run = try ToolRun.follow(arguments, showsProgress: false) { program in
      do {
        return try PlayRun(program, settings)
      } catch let error as FixtureError {
        if case .unreadable(_, .noSuchFileOrDirectory) = error {
          throw Failure(.noInput, "\(error); record it first, or name another one with -f")
        }
        if case .unreadable = error { throw Failure(.noInput, String(describing: error)) }
        throw Failure(.badData, String(describing: error))
      } catch let error as MatchingRuleError {
        throw Failure(.usage, String(describing: error))
      } catch let error as ScrubbingError {
        throw Failure(.badData, "\(settings.fixture): \(error)")
      }
    }
    do {
      let played = try run.finish()
      tell(played)
      return ArgumentParser.ExitCode(
        played.status < 0 ? Status.ourFault.rawValue : Int32(played.status))
    } catch let unwritten as UnwrittenFixture {
      say(unwritten.description)
      return ArgumentParser.ExitCode(
        unwritten.rootStatus > 0 ? Int32(unwritten.rootStatus) : Status.cannotCreate.rawValue)
    } catch {
      throw Failure(.cannotCreate, String(describing: error))
    }
  }

  /// The program's own result stands, whatever becomes of the report.
  private func writeReport(_ verdict: ReplayVerdict) {
    guard let file = report.file else { return }
    do {
      let json = Array(verdict.json.utf8)
      try ExportedFile.write(to: file) { write in try json.withUnsafeBytes(write) }
    } catch {
      say("\(file): the report cannot be written: \(error)")
    }
  }

  private func tell(_ played: Played) {
    if let verdict = played.verdict {
      writeReport(verdict)
      if report.isJSON {
        write(toStandardError: verdict.json)
      } else if !verdict.isPassed {
        say(verdict.description)
      } else if !isQuiet {
        say("\(verdict.summary); fixture: \(settings.fixture)")
      }
    }
    if !played.isKept {
      say(
        "the program failed: \(settings.fixture) stays as it was; --keep-failed replaces it anyway")
    } else if played.summary.tally.recorded > 0, !isQuiet {
      say(played.summary.sentence)
    }
  }
}
