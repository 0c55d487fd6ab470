/// A program that runs and is being recorded.
public final class RecordingContext: Sendable {
  /// The program's process, which leads a process group of its own.
  public var processID: Int32 { follower.processID }
  private let follower: Follower<Recording>

  init(_ program: RootProgram, _ settings: SessionSettings) throws {
    follower = try Follower {
      try RecordingRun(program, settings)
    } finish: {
      Recording(try $0.finish())
    }
  }

  /// Kills the program's process group. The fixture of what was seen until then is still written.
  public func cancel() { follower.cancel() }

  /// Waits until the program has ended and its fixture is written.
  ///
  /// - Throws: ``RecorderError`` where the fixture could not be written.
  public func finish() async throws -> Recording { try await follower.result() }
}
