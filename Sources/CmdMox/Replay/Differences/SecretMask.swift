/// Keeps secrets out of messages: the default scrubbing rules, and the values of variables that look
/// secret.
struct SecretMask {
  private let scrubber: PatternScrubber

  /// - Parameters:
  ///   - scrubber: has the default rules; it learns what is secret in `live`.
  init(_ scrubber: PatternScrubber, _ live: LiveInvocation? = nil) {
    self.scrubber = scrubber
    if let live { scrubber.learn(from: live) }
  }

  /// Whether a variable's name looks secret.
  static func isSecret(_ name: [UInt8]) -> Bool {
    name.withUnsafeBufferPointer { SecretNames.contain($0) }
  }

  /// A command line as text.
  func shown(_ words: [[UInt8]]) -> [String] {
    let invocation = Invocation(command: words.first ?? [], args: words.dropFirst())
    var recording = RecordedInvocation(
      sequence: 0, command: invocation.command, args: invocation.args, timestamp: "")
    recording.bytes = invocation.bytes
    // What cannot be scrubbed is not shown.
    guard let clean = try? scrubber.scrub(recording), clean.args.count == recording.args.count
    else {
      return words.map { _ in DefaultRule.mark }
    }
    return ([clean.command] + clean.args).map(Self.withoutPlaceholder)
  }

  /// The value of a variable as text.
  func shown(_ value: [UInt8], of name: String) -> String {
    let recording = RecordedInvocation(
      sequence: 0, command: "", envSubset: [name: String(decoding: value, as: UTF8.self)],
      timestamp: "")
    return (try? scrubber.scrub(recording).envSubset[name]).map(Self.withoutPlaceholder)
      ?? DefaultRule.mark
  }

  private static func withoutPlaceholder(_ text: String) -> String {
    String(text.map { $0 == "\u{fffc}" ? "…" : $0 })
  }
}

extension PatternScrubber {
  /// Redacts the values of a live environment's variables from now on, where they look secret.
  func learn(from live: LiveInvocation) {
    live.environmentBlock.withUnsafeBytes { learn(from: WireStrings(bytes: $0, count: 0)) }
  }
}
