import Testing

@testable import CmdMox

/// Applies rules to one text until nothing changes, as a recording's texts are.
func scrubbed(
  _ text: String, in place: ScrubbingPlaces, by rules: RuleSet, values: SecretValues = .init()
) throws -> String {
  let recording =
    switch place {
    case .argv:
      RecordedInvocation(
        sequence: 0,
        command: String(text.split(separator: "\0", omittingEmptySubsequences: false)[1]),
        args: text.split(separator: "\0", omittingEmptySubsequences: false).dropFirst(2).map {
          String($0)
        },
        timestamp: "")
    default: RecordedInvocation(sequence: 0, command: "", stdout: text, timestamp: "")
    }
  var work = RecordingScrub(recording, rules, values, ScrubbingPass(), nil)
  try work.run()
  guard place == .argv else { return work.recording.stdout }
  return ([work.recording.command] + work.recording.args).map { "\0" + $0 }.joined()
}

extension DefaultRule: CustomTestStringConvertible {
  public var testDescription: String { name }

  /// Where its examples stand.
  var place: ScrubbingPlaces { places.contains(.argv) ? .argv : .stdout }
}

@Suite struct DefaultRuleTests {
  @Test(arguments: DefaultRule.all)
  func `the rule alone does what its examples say, once and for all`(rule: DefaultRule) throws {
    let alone = RuleSet([PreparedRule(rule)])
    #expect(!rule.examples.isEmpty)
    #expect(rule.counterexamples.count >= 1)
    for example in rule.examples {
      let once = try scrubbed(example.before, in: rule.place, by: alone)
      #expect(once == example.after)
      #expect(try scrubbed(once, in: rule.place, by: alone) == once)
    }
    for text in rule.counterexamples {
      #expect(try scrubbed(text, in: rule.place, by: alone) == text)
    }
  }

  @Test(arguments: DefaultRule.all)
  func `all rules together leave nothing of a rule's secrets`(rule: DefaultRule) throws {
    for example in rule.examples {
      let together = try scrubbed(example.before, in: rule.place, by: .defaults)
      #expect(together.contains(DefaultRule.mark))
      for word in example.secrets { #expect(!together.contains(word), "\(together)") }
      #expect(try scrubbed(together, in: rule.place, by: .defaults) == together)
    }
  }

  @Test(arguments: DefaultRule.all)
  func `looking for words first finds what the pattern alone finds`(rule: DefaultRule) throws {
    let searching = try RuleSet([
      PreparedRule(
        ScrubbingRule(
          pattern: "(?:)" + rule.pattern, replacement: rule.replacement,
          appliedTo: rule.places.words))
    ])
    let byWords = RuleSet([PreparedRule(rule)])
    for text in rule.examples.map(\.before) + rule.counterexamples {
      #expect(
        try scrubbed(text, in: rule.place, by: searching)
          == scrubbed(text, in: rule.place, by: byWords))
    }
  }

  @Test func `no two rules have the same name or pattern`() {
    #expect(Set(DefaultRule.all.map(\.name)).count == DefaultRule.all.count)
    #expect(DefaultRule.byPattern.count == DefaultRule.all.count)
  }
}

extension DefaultRule.Example {
  /// Words of eight characters and more that only the text before has.
  fileprivate var secrets: [Substring] {
    before.split { !$0.isLetter && !$0.isNumber }.filter { $0.count >= 8 && !after.contains($0) }
  }
}
