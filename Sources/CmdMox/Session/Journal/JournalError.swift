package import SystemPackage

/// Why a journal could not be kept or read.
package enum JournalError: Error, Equatable, Sendable {
  case unwritable(file: FilePath, errno: Errno)
  case unreadable(file: FilePath, errno: Errno)
  /// The journal does not begin as one does: it says neither what session it is of nor where its
  /// fixture belongs.
  case noHeader(file: FilePath)
}

extension JournalError: CustomStringConvertible {
  /// One sentence: which file, what is wrong, what helps.
  package var description: String {
    switch self {
    case .unwritable(let file, let errno): "\(file): the journal cannot be written: \(errno)"
    case .unreadable(let file, let errno): "\(file): the journal cannot be read: \(errno)"
    case .noHeader(let file):
      "\(file): not the journal of a session, or one that was cut off in its first line; "
        + "nothing can be recovered from it"
    }
  }
}
