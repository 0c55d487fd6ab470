import ArgumentParser
import CmdMox
import Glibc
import SystemPackage

struct DoctorCommand: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "doctor",
    abstract: "Says whether cmdmox can record here, and what it would see of a program.",
    discussion: "Exits with 1 if there is a problem.")

  @Argument(help: ArgumentHelp("A program that you want to record.", valueName: "program"))
  var program: String?

  mutating func run() throws {
    var findings = LibraryCheck.findings + PlaceCheck.findings + KernelCheck.findings
    if let program { findings += ProgramCheck.findings(of: program) }
    for finding in findings { print(finding.line) }
    if findings.contains(where: { $0.level == .problem }) {
      throw ArgumentParser.ExitCode(Status.found.rawValue)
    }
  }
}

/// One line of the doctor's report.
struct Finding {
  enum Level: String {
    case fine = "ok"
    case note
    case problem
  }

  var level: Level
  var text: String

  var line: String {
    level.rawValue + String(repeating: " ", count: 9 - level.rawValue.utf8.count) + text
  }

  static func fine(_ text: String) -> Finding { Finding(level: .fine, text: text) }
  static func note(_ text: String) -> Finding { Finding(level: .note, text: text) }
  static func problem(_ text: String) -> Finding { Finding(level: .problem, text: text) }
}
