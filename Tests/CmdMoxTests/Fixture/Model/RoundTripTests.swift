import Foundation
import SystemPackage
import Testing

@testable import CmdMox

@Suite struct RoundTripTests {
  @Test(arguments: 0..<300)
  func `a fixture is what its dictionary makes of it`(seed: Int) throws {
    var random = RandomFixture(seed: seed)
    let fixture = random.file()
    #expect(try FixtureFile(dictionary: fixture.toDictionary()) == fixture)
    for recording in fixture.recordings {
      #expect(try RecordedInvocation(dictionary: recording.toDictionary()) == recording)
    }
    let metadata = fixture.metadata
    #expect(try FixtureMetadata(dictionary: metadata.toDictionary()) == metadata)
    for rule in fixture.scrubbingRules {
      #expect(try ScrubbingRule(dictionary: rule.toDictionary()) == rule)
    }
  }

  @Test(arguments: 0..<100)
  func `a fixture is what its file makes of it`(seed: Int) throws {
    let folder = try TemporaryFolder()
    let path = folder.path.appending("fixture.json")
    var random = RandomFixture(seed: seed)
    let fixture = random.file()
    try fixture.save(to: path)
    #expect(try FixtureFile.load(path) == fixture)
  }

  @Test(arguments: 0..<30)
  func `a file says what the dictionary says, in the same order`(seed: Int) throws {
    let folder = try TemporaryFolder()
    let path = folder.path.appending("fixture.json")
    var random = RandomFixture(seed: seed)
    let fixture = random.file()
    try fixture.save(to: path)
    var writer = JSONByteWriter(layout: .indented)
    writer.value(.object(fixture.toDictionary()))
    #expect(try contents(of: path) == Array(writer.bytes) + [0x0a])
  }

  @Test(arguments: 0..<50)
  func `a fixture passes through Foundation's coders`(seed: Int) throws {
    var random = RandomFixture(seed: seed)
    var fixture = random.file()
    // JSONEncoder has no number that fits no Double, and rounds nothing else away.
    fixture = try JSONDecoder().decode(FixtureFile.self, from: JSONEncoder().encode(fixture))
    let again = try JSONDecoder().decode(FixtureFile.self, from: JSONEncoder().encode(fixture))
    #expect(again == fixture)
  }

  @Test func `Foundation reads what we write and the other way round`() throws {
    let fixture = try FixtureFile.load(Checkout.fixture("cmdmox-trace.json"))
    #expect(
      try JSONDecoder().decode(FixtureFile.self, from: JSONEncoder().encode(fixture)) == fixture)
    let bytes = try contents(of: Checkout.fixture("cmdmox-trace.json"))
    #expect(try JSONDecoder().decode(FixtureFile.self, from: Data(bytes)) == fixture)
  }

  @Test func `a member with a place of its own is no unknown member`() throws {
    var recording = RecordedInvocation(sequence: 0, command: "true", timestamp: "")
    recording.unknownMembers = ["command": "false", "mine": 1]
    #expect(recording.unknownMembers == ["mine": 1])
    #expect(try RecordedInvocation(dictionary: recording.toDictionary()) == recording)
  }

  @Test func `texts in different normal forms stay as they are`() throws {
    let folder = try TemporaryFolder()
    let path = folder.path.appending("fixture.json")
    let forms = ["\u{fc}", "u\u{308}", "\u{212b}", "\u{c5}", "A\u{30a}"]
    let recording = RecordedInvocation(sequence: 0, command: "echo", args: forms, timestamp: "")
    try FixtureFile(metadata: .create(), recordings: [recording]).save(to: path)
    let loaded = try FixtureFile.load(path).recordings[0].args
    #expect(loaded.map { Array($0.utf8) } == forms.map { Array($0.utf8) })
  }
}
