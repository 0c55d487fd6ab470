/// A script that runs the outermost commands of a recording again, one after the other in the order of
/// their start; what those ran inside they run by themselves.
package enum ShellScript {
  package static func write(_ view: SessionView, to write: PieceWriter) throws {
    try put(
      """
      #!/usr/bin/env bash
      # The commands that this ran: \(view.facts.commandLine ?? "a session")
      # A command that failed then may fail again; another one that fails ends the script.

      """, write)
    for place in view.tree.outermost { try put(lines(of: view.recordings[place]), write) }
  }

  private static func lines(of recording: RecordedInvocation) -> String {
    let outcome = Outcome(recording)
    let command = input(of: recording) + "(" + recording.pasteLine + ")"
    let head = "\n# \(recording.sequence): \(outcome.words)\n"
    switch outcome {
    case .notExecuted: return head + "# " + command + "\n"
    case .running: return head + command + " &\n"
    case .exited, .signaled: return head + command + " || :\n"
    case .succeeded, .replaced, .unknown: return head + command + " || exit\n"
    }
  }

  /// What puts the recorded standard input before the command.
  private static func input(of recording: RecordedInvocation) -> String {
    let bytes = recording.stdinBytes
    if bytes.isEmpty { return "" }
    // No argument of a shell's has a NUL in it.
    return bytes.contains(0)
      ? "printf %s \(Base64.text(of: bytes)) | base64 -d | "
      : "printf %s \(ShellWord.quoted(bytes)) | "
  }

  private static func put(_ text: String, _ write: PieceWriter) throws {
    var text = text
    try text.withUTF8 { try write(UnsafeRawBufferPointer($0)) }
  }
}
