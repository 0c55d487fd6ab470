import Testing

@testable import CmdMox

/// Texts that are made to take long: what rules look for, again and again.
@Suite struct HostileTextTests {

  @Test(arguments: DefaultRule.all)
  func `no text makes a default rule take long, or find no end`(rule: DefaultRule) throws {
    let alone = RuleSet([PreparedRule(rule)])
    let shortest = rule.search.words.min { $0.count < $1.count } ?? "x"
    for unit in Set(rule.search.words + rule.examples.map(\.before)) {
      let length = unit == shortest ? 300_000 : 10_000
      let text = String(repeating: unit, count: length / unit.utf8.count + 1)
      var recording = RecordedInvocation(sequence: 0, command: "x", timestamp: "")
      if rule.place == .argv {
        recording.args = text.split(separator: "\0", omittingEmptySubsequences: false).map {
          String($0)
        }
      } else {
        recording.stdout = text
      }
      var work = RecordingScrub(recording, alone, .init(), ScrubbingPass(), nil)
      // Throws where it takes some hundred times as long as it should.
      try work.run()
    }
  }

  @Test(arguments: DefaultRule.all.filter { $0.search.words.contains("sh\0") })
  func `a command line of megabytes is searched to its end`(rule: DefaultRule) throws {
    let filler = String(repeating: "echo | ", count: 400_000)
    let example = try #require(rule.examples.first)
    var words = example.before.split(separator: "\0", omittingEmptySubsequences: false)
      .map(String.init)
    words[words.count - 1] += " " + filler
    let recording = RecordedInvocation(sequence: 0, command: "x", args: words, timestamp: "")
    var work = RecordingScrub(
      recording, RuleSet([PreparedRule(rule)]), .init(), ScrubbingPass(), nil)
    try work.run()
  }

  @Test func `attempts are counted, and the time of all of them is bounded`() throws {
    let word = "curl\0"
    let quadratic = DefaultRule(
      "quadratic", #"(\x00curl(?:\x00[^\x00]*)*?\x00-u)"#, in: .argv, at: .argumentWords([word]),
      examples: [], leaves: [])
    let recording = RecordedInvocation(
      sequence: 0, command: "x", args: Array(repeating: "curl", count: 100_000), timestamp: "")
    var work = RecordingScrub(
      recording, RuleSet([PreparedRule(quadratic)]), .init(), ScrubbingPass(), nil)
    #expect(throws: ScrubbingError.tooCostly(rule: "quadratic")) { try work.run() }
  }
}
