import Glibc

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
      let count = Glibc.write(STDERR_FILENO, start, rest.count)
      if count < 0 && errno == EINTR { continue }
      guard count > 0 else { return }
      rest = UnsafeRawBufferPointer(rebasing: rest[count...])
    }
  }
}
