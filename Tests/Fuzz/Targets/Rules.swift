import CmdMox
import SystemPackage

@testable import RuleFiles

/// A file of rules: what is understood of it is applied to a recording, and what is not is told with a
/// place in the file.
///
/// - Parameter name: says the language.
func fuzzRules(_ bytes: UnsafeRawBufferPointer, named name: String) {
  let entries: [RuleFile.Entry]
  do {
    entries = try RuleFile(FilePath(name)).entries(of: Array(bytes))
  } catch RuleFileError.wrong(let place, let what) {
    FuzzTarget.tell("\(place): \(what)")
    expect(place.hasPrefix(name), "no place: \(place)")
    // What the parsers for YAML and TOML hand on is JSON.
    expect(name == "rules.json" || !what.hasPrefix("not JSON"), "\(place): \(what)")
    return
  } catch {
    fatalError("\(error)")
  }
  FuzzTarget.tell(entries)
  for entry in entries { apply(entry.rule) }
}

/// Applies one rule, for short: a pattern can always be made to take its five seconds.
private func apply(_ rule: ScrubbingRule) {
  guard rule.pattern.utf8.count <= 64, let scrubber = try? PatternScrubber(rules: [rule]) else {
    return
  }
  let recording = RecordedInvocation(
    sequence: 0, command: "curl", args: ["-H", "token: abc123", "ümlaut"],
    envSubset: ["KEY": "12345"], stdout: "aaa\nbbb=ccc\n", timestamp: "")
  guard let once = try? scrubber.scrub(recording) else { return }
  guard let twice = try? scrubber.scrub(once) else { return }
  expect(once == twice, "\(rule.pattern): scrubbed again, it changes again")
}
