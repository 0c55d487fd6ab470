@testable import CmdMox

/// Bytes in the pipe, read in pieces of a size that the first byte says: the recorder goes on, and
/// understands the same events whatever the pieces are.
func fuzzFrames(_ bytes: UnsafeRawBufferPointer) {
  guard let first = bytes.first else { return }
  let stream = UnsafeRawBufferPointer(rebasing: bytes.dropFirst())
  let whole = events(of: stream, inPiecesOf: stream.count, InventedSession())
  let cut = events(of: stream, inPiecesOf: 1 + Int(first) * 16, InventedSession())
  expect(whole == cut, "\(whole) events at once, \(cut) in pieces")
}

private func events(
  of stream: UnsafeRawBufferPointer, inPiecesOf size: Int, _ session: InventedSession
) -> Int {
  let reader = EventReader(capacity: 1 << 14)
  var rest = stream
  while rest.count > 0 {
    let taken = reader.fill(from: UnsafeRawBufferPointer(rebasing: rest.prefix(size)))
    expect(taken > 0, "a full buffer was not emptied")
    rest = UnsafeRawBufferPointer(rebasing: rest.dropFirst(taken))
    reader.takeBatch { session.table.handle($0) }
    session.endBatch()
  }
  session.end()
  return reader.events
}
