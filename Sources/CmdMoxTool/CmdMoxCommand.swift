import ArgumentParser
import CmdMox
import Glibc

@main
struct CmdMoxCommand: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "cmdmox",
    abstract: "Records every command that a program runs.",
    discussion: """
      Exit status: that of the program where one ran (128 + n after signal n). Otherwise 64 wrong \
      usage, 65 a fixture with something wrong in it, 66 an input that is missing, 69 something \
      that this system does not allow, 70 a fault of \
      cmdmox, 73 an output that cannot be written, 126 a command that cannot be executed, 127 a \
      command that is not found.
      """,
    version: BuildFacts.cmdmoxVersion,
    subcommands: [
      TraceCommand.self, RecordCommand.self, ReplayCommand.self, AutoCommand.self,
      GenerateTestCommand.self, RecoverCommand.self, ValidateCommand.self, ScrubCommand.self,
      ReviewCommand.self, DoctorCommand.self, ShowCommand.self, ExportCommand.self,
      DiffCommand.self, ReportCommand.self, RerunCommand.self,
      RecorderCommand.self,
    ])

  /// Runs what the arguments say; every error becomes a sentence on stderr and a status.
  static func main() {
    do {
      var command = try parseAsRoot(Arguments.texts)
      try command.run()
    } catch let failure as Failure {
      say(failure.sentence)
      Glibc.exit(failure.status.rawValue)
    } catch let code as ArgumentParser.ExitCode {
      Glibc.exit(code.rawValue)
    } catch {
      let code = exitCode(for: error)
      if code.isSuccess {
        print(fullMessage(for: error))
      } else {
        say("\(message(for: error)); see `cmdmox --help`")
      }
      Glibc.exit(code.rawValue)
    }
  }
}
