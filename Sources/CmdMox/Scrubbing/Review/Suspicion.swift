/// Something that no rule took out and that looks as if it could be a secret.
struct Suspicion: Equatable, Sendable {
  enum Reason: String, Sendable {
    case entropy = "looks random"
    case name = "stands behind a name that looks secret"
  }

  var place: String
  var text: String
  var reason: Reason

  private static let leastLength = 20
  private static let mostLength = 200
  /// In bits for each byte; hexadecimal digits cannot have more than 4.
  private static let leastEntropy = 4.3
  private static let mostForText = 20

  /// What is suspicious in a recording after it was scrubbed.
  static func all(in recording: RecordedInvocation) -> [Suspicion] {
    var found: [Suspicion] = []
    for (index, argument) in recording.args.enumerated() {
      found += all(in: argument, "args[\(index)]")
    }
    found += all(in: recording.stdin, "stdin")
    found += all(in: recording.stdout, "stdout")
    found += all(in: recording.stderr, "stderr")
    for (key, value) in recording.envSubset.sorted(by: { $0.key < $1.key }) {
      found += variable(key, value)
    }
    return found
  }

  private static func variable(_ key: String, _ value: String) -> [Suspicion] {
    var key = key
    let place = "env_subset.\(key)"
    let isSecretName = key.withUTF8 { SecretNames.contain($0) }
    guard isSecretName, !value.isEmpty, value != DefaultRule.mark else {
      return all(in: value, place)
    }
    return [Suspicion(place: place, text: value, reason: .name)]
  }

  private static func all(in text: String, _ place: String) -> [Suspicion] {
    var found: [Suspicion] = []
    var text = text
    text.withUTF8 { bytes in
      for word in bytes.split(whereSeparator: { !isPart($0) }) {
        guard found.count < mostForText else { return }
        guard (leastLength...mostLength).contains(word.count), isRandom(word) else { continue }
        found.append(
          Suspicion(place: place, text: String(decoding: word, as: UTF8.self), reason: .entropy))
      }
    }
    return found
  }

  private static func isRandom(_ word: Slice<UnsafeBufferPointer<UInt8>>) -> Bool {
    let kinds = [
      UInt8(ascii: "0")...UInt8(ascii: "9"), UInt8(ascii: "A")...UInt8(ascii: "Z"),
      UInt8(ascii: "a")...UInt8(ascii: "z"),
    ].filter { kind in word.contains { kind.contains($0) } }
    return kinds.count >= 2
      && shannonEntropy(UnsafeBufferPointer(rebasing: word)) >= leastEntropy
  }

  /// Characters that tokens are made of; a path falls into its components.
  private static func isPart(_ byte: UInt8) -> Bool {
    switch byte {
    case UInt8(ascii: "0")...UInt8(ascii: "9"), UInt8(ascii: "A")...UInt8(ascii: "Z"),
      UInt8(ascii: "a")...UInt8(ascii: "z"), UInt8(ascii: "+"), UInt8(ascii: "_"),
      UInt8(ascii: "-"), UInt8(ascii: "~"), UInt8(ascii: "="):
      true
    default: false
    }
  }
}
