internal import ExecWatch
internal import Glibc
internal import SystemPackage

/// Sees every exec of a root's family, on a thread of its own, and writes it to the session's pipe.
///
/// The thread is C: each exec waits for it. Not safe to share between threads.
final class ExecWatcher {
  private let watch: OpaquePointer

  /// - Parameters:
  ///   - listener: tells of the execs; closed with this object.
  ///   - page: the memory that the keeper shares.
  ///   - directory: the session's.
  ///   - root: the process that is going to become the root.
  ///   - losesPrivileges: whether set-user-ID programs get no privileges.
  /// - Throws: `Errno`: `.notPermitted` where the kernel does not let this process read the memory
  ///   of the root, `.noSuchFileOrDirectory` where /proc is not that of its pid namespace.
  init(
    listener: FileDescriptor, page: FileDescriptor, directory: SessionDirectory, root: UInt32,
    losesPrivileges: Bool
  ) throws {
    let watch = directory.path.withPlatformString { folder in
      var settings = exec_watch_settings(
        listener: listener.rawValue, page: page.rawValue, folder: folder, root: root,
        reports_unprivileged: losesPrivileges ? 1 : 0)
      return exec_watch_start(&settings)
    }
    guard let watch else { throw Errno(rawValue: errno) }
    self.watch = watch
  }

  deinit { exec_watch_free(watch) }

  /// Sees nothing more: the keeper lets pass what comes.
  func stop() { exec_watch_stop(watch) }

  /// A pidfd of the process that an exec was seen of, to be closed; nil where there is none.
  func takeProcess(of exec: UInt64) -> Int32? {
    let descriptor = exec_watch_take_process(watch, exec)
    return descriptor >= 0 ? descriptor : nil
  }

  /// Whether no process is left that could execute anything.
  var isOver: Bool { exec_watch_is_over(watch) != 0 }

  /// How many execs nobody was told of.
  var lost: Int { Int(clamping: exec_watch_lost(watch)) }
}
