import Glibc
import SystemPackage
import Testing

@testable import CmdMox

/// Whatever happens to the recorder, and whatever the file system can do.
@Suite("An earlier fixture is not lost") struct EarlierFixtureTests {
  typealias Means = EarlierFixture.Means
  static let ways: [[Means]] = [[.link], [.copy], [.move]]

  let folder: TemporaryFolder
  let fixture: FilePath
  let old: FilePath
  let names = DraftNames()

  init() throws {
    folder = try TemporaryFolder()
    fixture = folder.path.appending("f.json")
    old = folder.path.appending("f.json.old")
    try write(Array("earlier".utf8), to: fixture)
    try write(Array("older".utf8), to: old)
  }

  /// The new fixture comes into its place as a whole.
  private func replace() throws {
    let draft = folder.path.appending(names.draft)
    try write(Array("new".utf8), to: draft)
    #expect(rename(draft.string, fixture.string) == 0)
  }

  private func earlier(_ means: [Means]) -> EarlierFixture {
    EarlierFixture(at: fixture, names: names, means: means)
  }

  private func text(_ path: FilePath) throws -> String {
    String(decoding: try contents(of: path), as: UTF8.self)
  }

  private func expect(_ fixture: String, old: String) throws {
    #expect(try text(self.fixture) == fixture)
    #expect(try text(self.old) == old)
    #expect(try CmdMoxTests.names(in: folder.path) == ["f.json", "f.json.old"])
  }

  @Test("The new one is in its place", arguments: ways)
  func kept(means: [Means]) throws {
    let earlier = earlier(means)
    try replace()
    earlier.keep()
    try expect("new", old: "earlier")
  }

  @Test("The new one could not be written", arguments: ways)
  func unwritten(means: [Means]) throws {
    earlier(means).forget()
    try expect("earlier", old: "older")
  }

  @Test("Something failed when the new one was in its place", arguments: ways)
  func failedLate(means: [Means]) throws {
    let earlier = earlier(means)
    try replace()
    earlier.forget()
    try expect("new", old: "earlier")
  }

  @Test("The recorder was killed, with the new one in its place", arguments: ways, ways)
  func killedLate(before: [Means], after: [Means]) throws {
    _ = earlier(before)
    try replace()
    // Its recovery fails; another one does not.
    earlier(after).forget()
    try expect("new", old: "earlier")
    try replace()
    earlier(after).forget()
    #expect(try text(old) == "earlier")
  }

  @Test("The recorder was killed before, and its recovery goes elsewhere", arguments: ways)
  func killedEarly(means: [Means]) throws {
    _ = earlier(means)
    names.tidy(beside: fixture)
    try expect("earlier", old: "older")
  }

  @Test(
    "The recorder was killed before, and its recovery fails, or does not", arguments: ways, ways)
  func killedTwice(before: [Means], after: [Means]) throws {
    _ = earlier(before)
    earlier(after).forget()
    try expect("earlier", old: "older")
    _ = earlier(before)
    let again = earlier(after)
    try replace()
    again.keep()
    try expect("new", old: "earlier")
  }

  @Test("The recorder was killed while it copied")
  func torn() throws {
    try write(Array("ear".utf8), to: folder.path.appending(names.part))
    let earlier = earlier([.copy])
    try replace()
    earlier.keep()
    try expect("new", old: "earlier")
    try write(Array("ear".utf8), to: folder.path.appending(names.part))
    names.tidy(beside: fixture)
    try expect("new", old: "earlier")
  }

  @Test("There is none")
  func none() throws {
    #expect(unlink(fixture.string) == 0)
    let earlier = earlier(Means.allCases)
    try replace()
    earlier.keep()
    try expect("new", old: "older")
  }
}
