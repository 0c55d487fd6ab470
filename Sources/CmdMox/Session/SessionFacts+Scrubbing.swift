extension SessionFacts {
  /// Scrubs the root's command line and directory, as if the root were a recording, and members that
  /// cmdmox does not know.
  ///
  /// - Parameter onChange: called for each change, by a scrubber that can tell them.
  mutating func scrub(
    with scrubber: any Scrubber, timestamp: String,
    onChange: @escaping (ScrubbingChange) -> Void = { _ in }
  ) throws {
    var process = ProcessFacts(pid: 0)
    process.cwd = cwd
    var root = RecordedInvocation(
      sequence: 0, command: command?.first ?? "", args: Array(command?.dropFirst() ?? []),
      timestamp: timestamp, process: process)
    if !unknownMembers.isEmpty { root.unknownMembers = [Self.others: .object(unknownMembers)] }
    let scrubbed = try scrubber.scrub(root) { change in
      var change = change
      change.place = Self.place(change.place)
      onChange(change)
    }
    if command?.isEmpty == false { command = [scrubbed.command] + scrubbed.args }
    cwd = scrubbed.process?.cwd
    if case .object(let members)? = scrubbed.unknownMembers[Self.others] {
      unknownMembers = members
    }
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

  /// Takes every text out.
  mutating func withholdTexts() {
    (command, cwd, bytes) = (nil, nil, ExactBytes())
  }

  private static let others = "others"

  /// The place in `metadata.session` of what is at `place` in the root as a recording.
  private static func place(_ place: String) -> String {
    switch place {
    case "command": return "command[0]"
    case "process.cwd": return "cwd"
    case "args": return "command"
    default:
      if place.hasPrefix(others + ".") { return String(place.dropFirst(others.utf8.count + 1)) }
      guard place.hasPrefix("args["), let index = Int(place.dropFirst(5).dropLast()) else {
        return place
      }
      return "command[\(index + 1)]"
    }
  }
}
