/// Where a session keeps its recordings until it is finalized, filtered and scrubbed as they are.
protocol RecordingStore: AnyObject {
  func append(_ recording: RecordedInvocation, _ slot: RecordingSlot) throws
  /// Notes an invocation that is not recorded, for the sake of its children.
  func passOver(_ slot: RecordingSlot) throws
  func flush() throws
  /// Calls `body` for each recording in the order of start, with its `sequence` and parent set.
  ///
  /// - Returns: how many there were.
  func forEachInOrder(_ body: (RecordedInvocation) throws -> Void) throws -> Int
}

extension RecordedInvocation {
  /// The recording as it stands in the fixture.
  func placed(sequence: Int, parent: Int?) -> RecordedInvocation {
    var placed = self
    placed.sequence = sequence
    placed.process?.parent = parent
    return placed
  }
}

/// Keeps recordings in memory: for sessions whose fixture is returned as a value anyway.
final class MemoryStore: RecordingStore {
  private var recordings: [(slot: RecordingSlot, recording: RecordedInvocation)] = []
  private var links: [Int: SlotLink] = [:]

  func append(_ recording: RecordedInvocation, _ slot: RecordingSlot) {
    recordings.append((slot, recording))
  }

  func passOver(_ slot: RecordingSlot) { links[slot.index] = .passedOver(parent: slot.parent) }

  func flush() {}

  func forEachInOrder(_ body: (RecordedInvocation) throws -> Void) throws -> Int {
    recordings.sort { ($0.slot.startNs, $0.slot.index) < ($1.slot.startNs, $1.slot.index) }
    for (sequence, recording) in recordings.enumerated() {
      links[recording.slot.index] = .recorded(sequence: sequence)
    }
    for (sequence, (slot, recording)) in recordings.enumerated() {
      let parent = SlotLink.nearestRecorded(from: slot.parent) { links[$0] ?? .unknown }
      try body(recording.placed(sequence: sequence, parent: parent))
    }
    return recordings.count
  }
}
