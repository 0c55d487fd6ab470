/// Where the recordings of a command stand.
struct CommandIndex {
  /// The commands, in the order in which they come first.
  private(set) var commands: [[UInt8]] = []
  private var placesOf: [ByteString: [Int]] = [:]

  /// - Parameter recordings: in the order of sequence.
  init(_ recordings: [RecordedInvocation]) {
    for (place, recording) in recordings.enumerated() {
      let command = recording.commandBytes
      placesOf[ByteString(command), default: []].append(place)
      if placesOf.count > commands.count { commands.append(command) }
    }
  }

  /// The places of a command's recordings, in order.
  func places(of command: [UInt8]) -> [Int] { placesOf[ByteString(command)] ?? [] }
}
