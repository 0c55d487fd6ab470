import Glibc
import SystemPackage

@testable import CmdMox

/// The journal of a recorder that was killed, or a disk that lied: what is whole makes a fixture.
func fuzzJournal(_ bytes: UnsafeRawBufferPointer) {
  do {
    let file = try MemoryFile(Array(bytes))
    let journal = JournalReader(file: file.descriptor, path: "journal", directory: "/dev/shm")
    _ = try journal.header()
    var sequences = 0
    let count = try journal.forEachInOrder(skipsDamage: true) { recording in
      expect(recording.sequence == sequences, "\(recording.sequence), expected \(sequences)")
      sequences += 1
    }
    expect(count == sequences, "says \(count), gave \(sequences)")
  } catch let error as JournalError {
    if case .noHeader = error { return }
    fatalError("\(error)")
  } catch {
    fatalError("\(error)")
  }
}
