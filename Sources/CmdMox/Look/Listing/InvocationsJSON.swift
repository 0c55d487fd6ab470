/// Takes a piece of a text that is written; what it throws ends the writing.
package typealias PieceWriter = (UnsafeRawBufferPointer) throws -> Void

extension JSONByteWriter {
  /// How much is gathered before it is written.
  static let piece = 1 << 16

  /// Hands over what has been gathered, if that is `least` bytes.
  mutating func drain(atLeast least: Int = 1, to write: PieceWriter) throws {
    guard count >= least else { return }
    try write(bytes)
    removeAll()
  }
}

/// Invocations for other programs to read: a JSON array of what `show` lists.
///
///     [{"recording": {…}, "depth": 1, "children": [7, 9], "own_us": 1200, "failed": true,
///       "expected": false, "consequences": [3, 0]}, …]
///
/// `recording` is as it stands in the fixture, `children` and `consequences` are sequences, `own_us`
/// is the time in which none of the children ran; the last two members stand with the causes of
/// failures only.
package enum InvocationsJSON {
  package static func write(
    _ places: some Sequence<Int>, of view: SessionView, to write: PieceWriter
  ) throws {
    try self.write(places.lazy.map { ($0, nil) }, of: view, to: write)
  }

  /// The causes of failures.
  package static func write(
    _ chains: [FailureChain], of view: SessionView, to write: PieceWriter
  ) throws {
    try self.write(chains.lazy.map { ($0.cause, $0) }, of: view, to: write)
  }

  private static func write(
    _ invocations: some Sequence<(Int, FailureChain?)>, of view: SessionView, to write: PieceWriter
  ) throws {
    var text = JSONByteWriter(layout: .indented, capacity: JSONByteWriter.piece)
    text.beginArray()
    for (place, chain) in invocations {
      text.element()
      Self.write(place, chain, of: view, into: &text)
      try text.drain(atLeast: JSONByteWriter.piece, to: write)
    }
    text.endArray()
    text.append(UInt8(ascii: "\n"))
    try text.drain(to: write)
  }

  private static func write(
    _ place: Int, _ chain: FailureChain?, of view: SessionView, into text: inout JSONByteWriter
  ) {
    let recording = view.recordings[place]
    text.beginObject()
    text.member("recording")
    recording.write(into: &text)
    text.member("depth")
    text.integer(view.tree.depths[place])
    sequences(view.tree.children(of: place), named: "children", of: view, into: &text)
    text.member("own_us")
    text.integer(OwnTime.lengthUs(of: place, in: view))
    text.member("failed")
    text.bool(Outcome(recording).isFailure)
    if let chain {
      text.member("expected")
      text.bool(chain.isExpected)
      sequences(chain.consequences, named: "consequences", of: view, into: &text)
    }
    text.endObject()
  }

  private static func sequences(
    _ places: some Sequence<Int>, named name: StaticString, of view: SessionView,
    into text: inout JSONByteWriter
  ) {
    text.member(name)
    text.beginArray()
    for place in places {
      text.element()
      text.integer(view.recordings[place].sequence)
    }
    text.endArray()
  }
}
