/// A program that runs and is being recorded.
public final class RecordingContext: Sendable {
  /// The program's process, which leads a process group of its own.
  public let processID: Int32
  private let follower: Follower<Recording>

  init(_ run: sending RecordingRun) throws {
    processID = Int32(bitPattern: run.pid)
    follower = try Follower(run) { Recording(try run.finish()) }
  }

  /// Kills the program's process group. The fixture of what was seen until then is still written.
  public func cancel() { follower.cancel() }

  /// Waits until the program has ended and its fixture is written.
  ///
  /// - Throws: ``RecorderError`` where the fixture could not be written.
  public func finish() async throws -> Recording { try await follower.result() }
}
