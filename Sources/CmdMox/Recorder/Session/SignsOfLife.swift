internal import CmdMoxWire
internal import Glibc
internal import Synchronization
internal import SystemPackage

/// Tells the bare form's root, which waits for its fixture in an exit handler, that the recorder
/// is at work: a byte into the pipe `done` now and then, from a thread of its own.
///
/// A last byte says that it is over, and the end of its process closes the pipe. Without that byte
/// the root knows that the recorder was killed.
final class SignsOfLife: Sendable {
  private static let everyMicroseconds: UInt32 = 200_000
  private let pipe: FileDescriptor
  /// Held while a byte is written: the last one says that the recorder is over.
  private let isOver = Mutex(false)

  /// - Parameter pipe: non-blocking: a root that does not read is not waited for.
  init(_ pipe: FileDescriptor) {
    self.pipe = pipe
  }

  /// Writes bytes until ``end()``. Without a thread the root's own limit holds.
  func begin() {
    _ = OwnThread.begin { self.run() }
  }

  /// Says that the recorder is over: its own process ends next.
  func end() {
    isOver.withLock { isOver in
      isOver = true
      _ = try? pipe.writeAll([UInt8(CMDMOX_DONE_OVER)])
    }
  }

  private func run() {
    while showsLife() { usleep(Self.everyMicroseconds) }
  }

  private func showsLife() -> Bool {
    isOver.withLock { isOver in
      if !isOver { _ = try? pipe.writeAll([UInt8(CMDMOX_DONE_ALIVE)]) }
      return !isOver
    }
  }
}
