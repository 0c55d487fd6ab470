/// What a recording answers to an invocation, as bytes.
public struct ReplayAnswer: Equatable, Sendable {
  /// How the command ends.
  public enum Ending: Equatable, Sendable {
    /// By itself, with this status, 0 to 255.
    case exited(Int)
    /// By the signal of this number.
    case signaled(Int)
    /// It could not be executed: the name of the error, and what a shell exits with (126 or 127).
    case failed(error: String, status: Int)
  }

  /// What the command does with its standard input.
  public struct StdinUse: Equatable, Sendable {
    /// How many bytes it consumes, counted from the beginning.
    public var byteCount: Int
    /// Whether it sees the end: what is left is to be drained after the answer, so that its writer
    /// gets no SIGPIPE.
    public var seesEnd: Bool
  }

  /// Which recording answers.
  public var sequence: Int
  /// What it writes to its standard output; with `isMerged` also what it wrote to standard error.
  public var stdout: [UInt8]
  /// What it writes to its standard error.
  public var stderr: [UInt8]
  /// Whether both streams were one pipe or file, so that `stdout` has all of it in order.
  public var isMerged: Bool
  /// How it ends.
  public var ending: Ending
  /// What it does with its standard input.
  public var stdin: StdinUse
  /// How long it ran, in milliseconds.
  public var durationMs: Int
}

/// Why a recording cannot answer.
public enum ReplayError: Error, Equatable, Sendable {
  /// Only the beginning of a stream was kept: so many bytes of so many.
  case truncated(sequence: Int, stream: String, kept: Int, length: Int?)
  /// The command was still running when its session ended.
  case running(sequence: Int)
  /// How the command ended is not known.
  case unknownEnding(sequence: Int)
}

extension ReplayError {
  /// The recording.
  public var sequence: Int {
    switch self {
    case .truncated(let sequence, _, _, _), .running(let sequence), .unknownEnding(let sequence):
      sequence
    }
  }
}

extension ReplayError: CustomStringConvertible {
  /// One sentence: which recording, what is wrong, what to do.
  public var description: String {
    switch self {
    case .truncated(let sequence, let stream, let kept, let length):
      "recording \(sequence) has only the first \(kept) bytes of its \(stream)"
        + (length.map { ", which had \($0)" } ?? "")
        + "; record again with a higher --max-capture"
    case .running(let sequence):
      "recording \(sequence) was still running when it was recorded; "
        + "let the command really run (--run), or record again until it ends"
    case .unknownEnding(let sequence):
      "recording \(sequence) does not say how its command ended; "
        + "let the command really run (--run), or record again"
    }
  }
}
