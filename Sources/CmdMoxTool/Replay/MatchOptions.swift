public import ArgumentParser
public import CmdMox
import SystemPackage

/// How commands are matched with recordings, and what becomes of those that are not.
struct MatchOptions: ParsableArguments {
  enum OnMiss: String, CaseIterable, ExpressibleByArgument {
    case fail, run
  }

  struct Reporting {
    /// What stands on standard error.
    var isJSON: Bool
    /// Where JSON goes as well.
    var file: FilePath?
  }

  enum Report: String, CaseIterable, ExpressibleByArgument {
    case text, json
  }

  @Flag(
    exclusivity: .exclusive,
    help: "Everything agrees (strict), or stdin and variables only choose among several (fuzzy).")
  var mode: MatchingOptions.Mode = .strict

  @Option(
    name: .customLong("on-miss"),
    help: "What becomes of a command that no recording answers: it fails with 127, or really runs.")
  var onMiss = OnMiss.fail

  @Flag(name: .customLong("allow-unused"), help: "Recordings that nothing used are no failure.")
  var allowUnused = false

  @Option(help: "Answer in any order, or only in that of the recording.")
  var order = MatchingOptions.Order.any

  @Option(help: "Whether a command's directory has to be the recorded one.")
  var cwd = MatchingOptions.Directory.ignored

  @Option(
    help: ArgumentHelp(
      """
      What differs in each run and does not count: arg:PATTERN, stdin:PATTERN, cwd:PATTERN, or \
      env:NAME. Can be repeated.
      """, valueName: "rule"))
  var match: [String] = []

  @Option(
    name: .customLong("run"),
    help: ArgumentHelp("Commands that really run.", valueName: "a,b"))
  var commandsToRun: String?

  @Flag(
    name: .customLong("repeat-last"),
    help: "The last of several recordings that are alike answers again and again.")
  var repeatsLast = false

  @Flag(help: "Answers take as long as the recorded commands took.")
  var timing = false

  @Option(help: "How the end is told, on standard error.")
  var report = Report.text

  @Option(
    name: .customLong("report-file"),
    help: ArgumentHelp("Where the verdict goes, too, as JSON.", valueName: "file"))
  var reportFile: String?

  /// How the end is told.
  ///
  /// - Throws: ``Failure`` where the file cannot be made.
  func reporting() throws -> Reporting {
    let file = reportFile.map { OwnEnvironment.absolute(FilePath($0)) }
    if let file, let errno = FileAccess.obstacle(to: file) {
      throw Failure(.cannotCreate, "\(file): the report cannot be written there: \(errno)")
    }
    return Reporting(isJSON: report == .json, file: file)
  }

  /// - Throws: ``Failure`` for a rule that is none, and for a command with a folder.
  func fill(_ settings: inout PlaySettings) throws {
    let commandsToRun = commandsToRun.map(Arguments.list) ?? []
    if let path = commandsToRun.first(where: { $0.contains("/") }) {
      throw Failure(.usage, "--run \(path): expected the command's name, without its folder")
    }
    settings.matching = MatchingOptions(
      mode: mode, order: order, directory: cwd, repeatsLast: repeatsLast,
      rules: try match.map { text in
        guard let rule = MatchingRule(text) else {
          throw Failure(
            .usage, "--match \(text): expected arg:PATTERN, env:NAME, stdin:PATTERN or cwd:PATTERN")
        }
        return rule
      },
      commandsToRun: Set(commandsToRun))
    settings.allowUnused = allowUnused
    settings.runsMisses = onMiss == .run
    settings.keepsTime = timing
  }
}

extension MatchingOptions.Mode: EnumerableFlag {}
extension MatchingOptions.Order: ExpressibleByArgument {}
extension MatchingOptions.Directory: ExpressibleByArgument {}
extension RecordMode: ExpressibleByArgument {}
