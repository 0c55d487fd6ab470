/// The variables that a recording keeps.
extension RecordingScrub {
  mutating func scrubEnvironment() throws {
    guard !recording.envSubset.isEmpty else { return }
    try scrubNames()
    for (name, value) in recording.envSubset where !hasSecretName(name, value) {
      recording.envSubset[name] = try text(value, .env, "env_subset", name)
    }
    // A count is no secret, until a rule has changed it.
    for (name, value) in recording.envSubset where hasSecretName(name, value) {
      recording.envSubset[name] = redacted(name)
    }
  }

  /// A name can be anything, a secret, too.
  private mutating func scrubNames() throws {
    var scrubbed: [String: [UInt8]] = [:]
    // A name that is a secret must not stand in the place of the change.
    observe("env_subset")
    for name in recording.envSubset.keys {
      let exact = recording.bytes[EnvironmentTexts.keys, name]
      scrubbed[name] =
        try exact.flatMap { try settled($0, .others) } ?? settled(Array(name.utf8), .others)
    }
    guard !scrubbed.isEmpty else { return }
    var texts = EnvironmentTexts(capacity: recording.envSubset.count)
    for (name, value) in recording.envSubset.sorted(by: { $0.key < $1.key }) {
      var exactName = recording.bytes[EnvironmentTexts.keys, name]
      var key = name
      if let bytes = scrubbed[name] {
        exactName = nil
        key = CmdMox.text(of: bytes, exact: &exactName)
        while texts.texts[key] != nil || recording.envSubset[key] != nil { key += "\u{fffd}" }
      }
      texts.add(
        key: key, value: value, exactKey: exactName,
        exactValue: recording.bytes[EnvironmentTexts.member, name])
    }
    recording.envSubset = texts.texts
    for member in [EnvironmentTexts.keys, EnvironmentTexts.member] {
      recording.bytes[member] = nil
    }
    recording.bytes.add(texts.bytes)
  }

  private func hasSecretName(_ name: String, _ value: String) -> Bool {
    guard value != DefaultRule.mark else { return false }
    var (name, value) = (name, value)
    return name.withUTF8 { name in
      value.withUTF8 { SecretVariables.isSecretWhereKept(name: name, value: $0) }
    }
  }

  private mutating func redacted(_ name: String) -> String {
    observe("env_subset", name)
    let value = recording.bytes.exact(
      EnvironmentTexts.member, name, text: recording.envSubset[name] ?? "")
    recording.bytes[EnvironmentTexts.member, name] = nil
    return String(decoding: redact(value), as: UTF8.self)
  }
}
