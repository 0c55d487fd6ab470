extension InvocationMatcher {
  /// What the recording at a place answers.
  ///
  /// - Throws: `ReplayError`, where it cannot.
  func answer(_ place: Int) throws -> ReplayAnswer {
    let images = try images(place)
    let last = recordings[images.last ?? place]
    var answer = ReplayAnswer(
      sequence: recordings[place].sequence, stdout: [], stderr: [],
      isMerged: recordings[place].process?.stderr?.isMerged ?? false, ending: try last.ending(),
      stdin: stdinUse(recordings[place]), durationMs: 0)
    for image in images {
      try recordings[image].checkStreams()
      answer.stdout += recordings[image].stdoutBytes
      answer.stderr += recordings[image].stderrBytes
      let (sum, isTooLong) = answer.durationMs.addingReportingOverflow(recordings[image].durationMs)
      answer.durationMs = isTooLong ? .max : sum
    }
    return answer
  }

  private func stdinUse(_ recording: RecordedInvocation) -> ReplayAnswer.StdinUse {
    let read = RecordedStdin(recording, normalizer)
    let facts = recording.process?.stdin
    let length = facts?.isTruncated == true ? facts?.length : read?.length
    return ReplayAnswer.StdinUse(
      byteCount: max(0, length ?? 0), seesEnd: facts?.isEnded ?? read?.isEnded ?? false)
  }

  /// The recording and what its process executed in its place.
  private func images(_ place: Int) throws -> [Int] {
    var images = [place]
    var last = place
    while recordings[last].process?.termination == .replaced {
      guard let next = successor(of: last), images.count <= recordings.count else {
        throw ReplayError.unknownEnding(sequence: recordings[place].sequence)
      }
      images.append(next)
      last = next
    }
    return images
  }

  private func successor(of place: Int) -> Int? {
    let process = recordings[place].process
    return tree.children(of: place).first { child in
      child > place && recordings[child].process?.pid == process?.pid
    }
  }
}

extension RecordedInvocation {
  func ending() throws -> ReplayAnswer.Ending {
    switch process?.termination {
    case .running?: throw ReplayError.running(sequence: sequence)
    case .signaled?:
      let signal = process?.signal ?? exitCode &- 128
      guard (1...64).contains(signal) else { throw ReplayError.unknownEnding(sequence: sequence) }
      return .signaled(signal)
    case .failed?:
      return .failed(error: process?.error ?? "ENOENT", status: exitCode > 0 ? exitCode : 127)
    // Python gives a signal as a negative status.
    case nil where (-64..<0).contains(exitCode): return .signaled(-exitCode)
    default:
      guard exitCode >= 0 else { throw ReplayError.unknownEnding(sequence: sequence) }
      return .exited(exitCode & 0xff)
    }
  }

  /// - Throws: `ReplayError`, where something that it wrote was not kept.
  func checkStreams() throws {
    try check("stdout", process?.stdout, stdoutBytes.count)
    try check("stderr", process?.stderr, stderrBytes.count)
  }

  private func check(_ stream: String, _ facts: StreamFacts?, _ kept: Int) throws {
    guard let facts, facts.isTruncated else { return }
    throw ReplayError.truncated(
      sequence: sequence, stream: stream, kept: kept, length: facts.length)
  }
}
