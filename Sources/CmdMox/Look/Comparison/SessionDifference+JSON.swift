extension SessionDifference {
  /// Writes the difference as a JSON object.
  ///
  ///     {"same": false, "removed": [{"sequence": 3, "command_line": "…", "below": 2}], "added": […],
  ///      "changed": [{"first": 4, "second": 5, "command_line": "…", "changes": [
  ///        {"what": "arguments", "removed": ["-O2"], "added": ["-O3"]},
  ///        {"what": "variable", "name": "LANG", "first": "C", "second": null},
  ///        {"what": "outcome", "first": "ok", "second": "exit 1"}]}],
  ///      "moved": [{"first": 4, "second": 5, "command_line": "…"}],
  ///      "exit_codes": {"first": 0, "second": 2},
  ///      "timing": {"factor": 1.02, "slower": [{"first": 1, "second": 1, "first_us": 5, "second_us": 9,
  ///        "command_line": "…"}], "faster": []}}
  package func write(to write: PieceWriter) throws {
    var text = JSONByteWriter(layout: .indented, capacity: JSONByteWriter.piece)
    text.beginObject()
    text.member("same")
    text.bool(isSame)
    text.member("removed")
    alone(removed, of: first, into: &text)
    text.member("added")
    alone(added, of: second, into: &text)
    text.member("changed")
    text.beginArray()
    for change in changed {
      text.element()
      self.change(change, into: &text)
      try text.drain(atLeast: JSONByteWriter.piece, to: write)
    }
    text.endArray()
    text.member("moved")
    text.beginArray()
    for pair in moved {
      text.element()
      text.beginObject()
      self.pair(pair, into: &text)
      text.endObject()
    }
    text.endArray()
    text.member("exit_codes")
    if let exitCodes {
      text.beginObject()
      text.member("first", orNull: exitCodes.first)
      text.member("second", orNull: exitCodes.second)
      text.endObject()
    } else {
      text.null()
    }
    timing(into: &text)
    text.endObject()
    text.append(UInt8(ascii: "\n"))
    try text.drain(to: write)
  }

  private func alone(_ places: [Int], of view: SessionView, into text: inout JSONByteWriter) {
    text.beginArray()
    for place in places {
      text.element()
      text.beginObject()
      text.member("sequence")
      text.integer(view.recordings[place].sequence)
      text.member("command_line")
      text.string(view.recordings[place].commandLine())
      text.member("below")
      text.integer(view.tree.countBelow(place))
      text.endObject()
    }
    text.endArray()
  }

  private func change(_ change: Change, into text: inout JSONByteWriter) {
    text.beginObject()
    pair(change.pair, into: &text)
    text.member("changes")
    text.beginArray()
    for facet in change.facets {
      text.element()
      text.beginObject()
      Self.facet(facet, into: &text)
      text.endObject()
    }
    text.endArray()
    text.endObject()
  }

  private func pair(_ pair: Pair, into text: inout JSONByteWriter) {
    text.member("first")
    text.integer(first.recordings[pair.first].sequence)
    text.member("second")
    text.integer(second.recordings[pair.second].sequence)
    text.member("command_line")
    text.string(first.recordings[pair.first].commandLine())
  }

  private static func facet(_ facet: Facet, into text: inout JSONByteWriter) {
    text.member("what")
    switch facet {
    case .arguments(let removed, let added):
      text.string("arguments")
      text.member("removed")
      text.strings(removed)
      text.member("added")
      text.strings(added)
    case .variable(let name, let first, let second):
      text.string("variable")
      text.member("name")
      text.string(name)
      values(first, second, into: &text)
    case .outcome(let first, let second):
      text.string("outcome")
      values(first, second, into: &text)
    case .directory(let first, let second):
      text.string("directory")
      values(first, second, into: &text)
    case .program(let first, let second):
      text.string("program")
      values(first, second, into: &text)
    }
  }

  private static func values(
    _ first: String?, _ second: String?, into text: inout JSONByteWriter
  ) {
    text.member("first", orNull: first)
    text.member("second", orNull: second)
  }

  private func timing(into text: inout JSONByteWriter) {
    text.member("timing")
    text.beginObject()
    text.member("factor")
    text.double(timing.factor)
    for (name, items) in [("slower", timing.slower), ("faster", timing.faster)] {
      text.member(name)
      text.beginArray()
      for item in items {
        text.element()
        text.beginObject()
        pair(item.pair, into: &text)
        text.member("first_us")
        text.integer(item.firstUs)
        text.member("second_us")
        text.integer(item.secondUs)
        text.endObject()
      }
      text.endArray()
    }
    text.endObject()
  }
}
