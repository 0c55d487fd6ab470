@testable import CmdMox

/// Everything that looks at a recording, given fixtures in which numbers are anything: it ends, and what
/// is JSON is JSON.
func fuzzViews(_ bytes: UnsafeRawBufferPointer) {
  var choices = Choices(bytes)
  let fixture = choices.inventedFixture()
  let view = SessionView(fixture)
  let own = OwnTime(view)
  _ = CommandTotals.all(view, own)
  _ = Lanes(view)
  _ = Parallelism(view, pieces: choices.one(of: [1, 0, 100]))
  let chains = FailureSearch(view).chains()
  expectJSON { try InvocationsJSON.write(view.tree.depthFirst, of: view, to: $0) }
  expectJSON { try InvocationsJSON.write(chains.unexpected + chains.expected, of: view, to: $0) }
  expectJSON { try ChromeTrace.write(view, to: $0) }
  expectJSON { try CompilationDatabase(view).write(to: $0) }
  expectJSON {
    var data = ReportData(view, CriticalPath(view), own, palette: ["gcc", "<"])
    try data.write(to: $0)
  }
  let other = SessionView(choices.inventedFixture())
  expectJSON { try SessionDifference(view, other).write(to: $0) }
  try? TraceRequests(view).forEachRequest { request in
    expectJSON { try $0(request) }
  }
  try? FlatRecordings.write(view) { _ in }
  try? ShellScript.write(view) { _ in }
  for place in fixture.recordings.indices { _ = view.successor(of: place) }
  for number in [view.whole.lengthUs, view.whole.endUs] {
    _ = Quantities.duration(us: number) + Quantities.seconds(us: number)
  }
  for language in GeneratedTest.Language.allCases {
    _ = try? GeneratedTest(fixture, name: "x", place: .relative("x"), language: language)
  }
}

private func expectJSON(_ write: (PieceWriter) throws -> Void) {
  var text: [UInt8] = []
  do {
    try write { text += $0 }
    _ = try JSONValue(text: text)
  } catch {
    fatalError("\(error): \(String(decoding: text, as: UTF8.self))")
  }
}
