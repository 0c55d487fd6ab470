extension SessionFacts {
  /// Scrubs the root's command line and directory, as if the root were a recording.
  mutating func scrub(with scrubber: any Scrubber, timestamp: String) throws {
    var process = ProcessFacts(pid: 0)
    process.cwd = cwd
    let root = RecordedInvocation(
      sequence: 0, command: command?.first ?? "", args: Array(command?.dropFirst() ?? []),
      timestamp: timestamp, process: process)
    let scrubbed = try scrubber.scrub(root)
    if command?.isEmpty == false { command = [scrubbed.command] + scrubbed.args }
    cwd = scrubbed.process?.cwd
    let copy = self
    bytes.keep { member, element, bytes in
      let text: String? =
        switch (member, element.flatMap { Int($0) }) {
        case ("cwd", nil): copy.cwd
        case ("command", let index?):
          copy.command.flatMap { $0.indices.contains(index) ? $0[index] : nil }
        default: nil
        }
      return text.map { ExactBytes.reads(bytes, as: $0) } ?? false
    }
  }
}
