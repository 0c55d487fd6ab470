import ArgumentParser
import CmdMox
import Glibc
import SystemPackage

struct ValidateCommand: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "validate",
    abstract: "Checks fixtures: structure, order, times, rules, secrets that are left.",
    discussion: """
      One line for each finding, with its place in the document. Exits with 65 if something is wrong \
      in a fixture, with 66 if one cannot be read. The values that secrets have are never shown.
      """)

  enum Format: String, CaseIterable, ExpressibleByArgument {
    case text, json
  }

  @Argument(
    help: ArgumentHelp("The fixtures, or patterns such as 'fixtures/*.json'.", valueName: "file"),
    completion: .file())
  var files: [String]

  @Flag(help: "Take what is only odd for an error, too.")
  var strict = false

  @Option(help: "How findings are written to standard output.")
  var format = Format.text

  mutating func run() throws {
    var worst: Status?
    var reports: [JSONValue] = []
    for file in Self.expanded(files) {
      let findings: [FixtureFinding]
      do {
        findings =
          try FixtureCheck(FilePath(file)).findings + ReviewFile(of: FilePath(file)).findings()
      } catch let error as FixtureError {
        say(error.description)
        worst = .noInput
        continue
      }
      if findings.contains(where: { strict || $0.level == .error }) { worst = worst ?? .badData }
      for finding in findings {
        switch format {
        case .text: print("\(file): \(finding.line)")
        case .json: reports.append(finding.json(file))
        }
      }
    }
    if format == .json { print(JSONValue.array(reports).text) }
    if let worst { throw ArgumentParser.ExitCode(worst.rawValue) }
  }

  /// The files that patterns stand for; a pattern that stands for none is taken for a name.
  private static func expanded(_ names: [String]) -> [String] {
    names.flatMap { name -> [String] in
      var found = glob_t()
      defer { globfree(&found) }
      guard access(name, F_OK) != 0, glob(name, 0, nil, &found) == 0 else { return [name] }
      return (0..<Int(found.gl_pathc)).compactMap { found.gl_pathv[$0].map { String(cString: $0) } }
    }
  }
}

extension FixtureFinding {
  /// `error: recordings[3].exit_code must be …`
  var line: String {
    "\(level.rawValue): \(path.isEmpty ? "" : path + " ")\(message)"
  }

  func json(_ file: String) -> JSONValue {
    [
      "file": .string(file), "level": .string(level.rawValue), "path": .string(path),
      "message": .string(message),
    ]
  }
}
