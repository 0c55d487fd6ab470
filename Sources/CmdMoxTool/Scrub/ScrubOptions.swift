import ArgumentParser
import CmdMox
import Glibc
import RuleFiles
import SystemPackage

/// What is taken out of a recording besides what the default rules find.
struct ScrubOptions: ParsableArguments {
  @Option(
    name: .customLong("redact-value"),
    help: ArgumentHelp(
      "A secret that is taken out wherever it appears; it is not stored. Can be repeated.",
      valueName: "secret"))
  var values: [String] = []

  @Option(
    name: .customLong("rules"),
    help: ArgumentHelp(
      "More rules: YAML, JSON, or TOML of gitleaks. Can be repeated.", valueName: "file"),
    completion: .file())
  var files: [String] = []

  /// A scrubber with the default rules and these.
  ///
  /// - Throws: ``Failure``.
  func scrubber() throws -> PatternScrubber {
    defer { Self.hideValues() }
    let scrubber = PatternScrubber()
    for value in values {
      do {
        try scrubber.redact(value: value)
      } catch {
        throw Failure(.usage, "--redact-value: \(error)")
      }
    }
    for file in files { try scrubber.add(rulesOf: file) }
    return scrubber
  }

  /// Overwrites the secrets of the command line: every user can read it in /proc.
  private static func hideValues() {
    let option = "--redact-value"
    var isNext = false
    for argument in Arguments.given {
      let text = String(cString: argument)
      if text == "--" && !isNext { return }
      let start = isNext ? 0 : text.hasPrefix(option + "=") ? option.utf8.count + 1 : nil
      if let start {
        let secret = argument + start
        memset(secret, Int32(UInt8(ascii: "*")), strlen(secret))
      }
      isNext = text == option && !isNext
    }
  }
}

extension PatternScrubber {
  /// Adds the rules of a file.
  ///
  /// - Throws: ``Failure``.
  func add(rulesOf file: String) throws {
    do {
      try RuleFile(FilePath(file)).add(to: self)
    } catch let error as RuleFileError {
      if case .unreadable = error { throw Failure(.noInput, "\(error)") }
      throw Failure(.badData, "\(error)")
    }
  }
}
