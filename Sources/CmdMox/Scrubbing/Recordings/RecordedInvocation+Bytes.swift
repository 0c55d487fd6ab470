extension RecordedInvocation {
  /// Whether something is true of the bytes of a text that a scrubber may change: the exact ones, and
  /// those of the text where they differ.
  func hasBytes(_ isWanted: (UnsafeBufferPointer<UInt8>) -> Bool) -> Bool {
    func has(_ text: String) -> Bool {
      var text = text
      return text.withUTF8(isWanted)
    }
    return has(command) || args.contains(where: has) || has(stdin) || has(stdout) || has(stderr)
      || envSubset.contains { has($0.key) || has($0.value) } || bytes.contains(isWanted)
      || process?.has(has, isWanted) == true
  }
}

extension ProcessFacts {
  fileprivate func has(
    _ hasText: (String) -> Bool, _ isWanted: (UnsafeBufferPointer<UInt8>) -> Bool
  ) -> Bool {
    [cwd, executable, interpreter, argv0].contains { $0.map(hasText) ?? false }
      || bytes.contains(isWanted)
  }
}
