/// The members of a rule that say which matches are no secrets; ours, and each of them optional.
extension RuleExemption {
  static let memberNames = ["keywords", "secret_group", "entropy", "allowed", "stop_words"]

  /// Reads the member that `source` is at.
  ///
  /// - Returns: false, and nothing is taken, where it is none of these.
  static func read<Source: JSONSource & ~Copyable>(
    from source: inout Source, into exemption: inout RuleExemption?
  ) throws -> Bool {
    var read = exemption ?? RuleExemption()
    if source.isMember("secret_group") {
      read.secretGroup = try source.integer()
    } else if source.isMember("entropy") {
      read.entropy = try number(&source)
    } else if source.isMember("allowed") {
      read.allowed = try source.array { try $0.string() }
    } else if source.isMember("stop_words") {
      read.stopWords = try source.array { try $0.string() }
    } else {
      return false
    }
    exemption = read
    return true
  }

  private static func number<Source: JSONSource & ~Copyable>(
    _ source: inout Source
  ) throws -> Double {
    switch try source.value() {
    case .integer(let value): return Double(value)
    case .double(let value): return value
    case let other: throw source.unexpected("a number", found: other.kind.name)
    }
  }

  func write<Sink: JSONSink & ~Copyable>(into sink: inout Sink) {
    sink.member("secret_group")
    sink.integer(secretGroup)
    if let entropy {
      sink.member("entropy")
      sink.double(entropy)
    }
    if !allowed.isEmpty {
      sink.member("allowed")
      sink.strings(allowed)
    }
    if !stopWords.isEmpty {
      sink.member("stop_words")
      sink.strings(stopWords)
    }
  }
}
