import Glibc
import Synchronization

/// What cmdmox exits with when it is not a program's own status. Source: sysexits.h, POSIX shells.
enum Status: Int32 {
  case found = 1
  case usage = 64
  case badData = 65
  case noInput = 66
  case unavailable = 69
  case ourFault = 70
  case cannotCreate = 73
  case notExecutable = 126
  case notFound = 127
}

/// The end of a run: a sentence for the user, and a status.
struct Failure: Error {
  var status: Status
  /// What is wrong, where, and what to do; without the prefix.
  var sentence: String

  init(_ status: Status, _ sentence: String) {
    self.status = status
    self.sentence = sentence
  }
}

/// Where sentences go.
enum StandardError {
  private static let number = Atomic(STDERR_FILENO)

  static var descriptor: Int32 { number.load(ordering: .relaxed) }

  /// Lets nobody but ``say(_:)`` use it: it is a program's, and a process that dies for want of memory
  /// would have last words. Where there is no descriptor for that, it stays as it is.
  static func keepForSentences() {
    let kept = fcntl(STDERR_FILENO, F_DUPFD_CLOEXEC, STDERR_FILENO + 1)
    guard kept >= 0 else { return }
    // Standard output leads nowhere.
    guard dup2(STDOUT_FILENO, STDERR_FILENO) >= 0 else { return }
    number.store(kept, ordering: .relaxed)
  }
}

/// Says a sentence on stderr.
func say(_ sentence: String) {
  write(toStandardError: "cmdmox: \(sentence)\n")
}

/// Writes text to stderr as it is. Nobody is there to tell if that fails.
func write(toStandardError text: String) {
  var text = text
  text.withUTF8 { bytes in
    var rest = UnsafeRawBufferPointer(bytes)
    while let start = rest.baseAddress, rest.count > 0 {
      let count = Glibc.write(StandardError.descriptor, start, rest.count)
      if count < 0 && errno == EINTR { continue }
      guard count > 0 else { return }
      rest = UnsafeRawBufferPointer(rebasing: rest[count...])
    }
  }
}
