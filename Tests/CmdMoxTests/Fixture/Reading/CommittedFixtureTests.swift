import SystemPackage
import Testing

@testable import CmdMox

@Suite struct CommittedFixtureTests {
  @Test(arguments: Checkout.fixtures)
  func `load, save and load is load`(name: String) throws {
    let folder = try TemporaryFolder()
    let copy = folder.path.appending("copy.json")
    let fixture = try FixtureFile.load(Checkout.fixture(name))
    try fixture.save(to: copy)
    #expect(try FixtureFile.load(copy) == fixture)
  }

  @Test(arguments: Checkout.fixtures)
  func `Python's reader takes what we write`(name: String) throws {
    let folder = try TemporaryFolder()
    let copy = folder.path.appending("copy.json")
    try FixtureFile.load(Checkout.fixture(name)).save(to: copy)
    let checker = Checkout.tests.appending("python/cmdmox_fixture.py").string
    let python = try Ran("python3", [checker, Checkout.fixture(name).string, copy.string])
    #expect(python.errors == "")
    #expect(python.status == 0)
  }

  @Test(arguments: Checkout.fixtures)
  func `we take what Python makes of what we write`(name: String) throws {
    let folder = try TemporaryFolder()
    let (copy, back) = (folder.path.appending("copy.json"), folder.path.appending("back.json"))
    let fixture = try FixtureFile.load(Checkout.fixture(name))
    try fixture.save(to: copy)
    let checker = Checkout.tests.appending("python/cmdmox_fixture.py").string
    let python = try Ran("python3", [checker, "--rewrite", copy.string, back.string])
    #expect(python.errors == "")
    let returned = try FixtureFile.load(back)
    #expect(returned.recordings.map(\.command) == fixture.recordings.map(\.command))
    #expect(returned.recordings.map(\.args) == fixture.recordings.map(\.args))
    #expect(returned.recordings.map(\.envSubset) == fixture.recordings.map(\.envSubset))
    #expect(returned.recordings.map(\.stdout) == fixture.recordings.map(\.stdout))
    #expect(returned.recordings.map(\.exitCode) == fixture.recordings.map(\.exitCode))
    #expect(returned.metadata.createdAt == fixture.metadata.createdAt)
  }

  @Test func `the Python reader refuses a fixture without a member that it needs`() throws {
    let folder = try TemporaryFolder()
    let path = folder.path.appending("f.json")
    let text = FixtureReaderTests.whole.replacing("\"stdin\":\"\",", with: "")
    try write(text.utf8, to: path)
    let checker = Checkout.tests.appending("python/cmdmox_fixture.py").string
    let python = try Ran("python3", [checker, path.string])
    #expect(python.status == 1)
    #expect(python.errors.contains("'stdin' is missing"))
  }

  @Test func `our own layout is written back byte for byte`() throws {
    let folder = try TemporaryFolder()
    let copy = folder.path.appending("copy.json")
    let path = Checkout.fixture("cmdmox-trace.json")
    try FixtureFile.load(path).save(to: copy)
    #expect(try contents(of: copy) == contents(of: path))
  }

  @Test func `members that nobody knows are kept at every level`() throws {
    let fixture = try FixtureFile.load(Checkout.fixture("cmdmox-trace.json"))
    #expect(fixture.unknownMembers == ["reviewed_by": "somebody"])
    #expect(fixture.metadata.unknownMembers == ["ci": true])
    #expect(fixture.metadata.session?.unknownMembers == ["host": "builder"])
    #expect(
      fixture.recordings[1].process?.unknownMembers == ["cgroup": [1, 2.5, ["deep": nil]]])
    #expect(fixture.recordings[3].unknownMembers == ["note": "kept"])
    #expect(fixture.scrubbingRules[0].unknownMembers == ["severity": 3])
  }

  @Test func `bytes are those that Python or we recorded`() throws {
    let ours = try FixtureFile.load(Checkout.fixture("cmdmox-trace.json"))
    #expect(ours.recordings[1].argumentBytes[1] == [0xfc] + Array("mlaut.c".utf8))
    let python = try FixtureFile.load(Checkout.fixture("python-scrubbed.json"))
    #expect(python.recordings[1].argumentBytes == [[0xff, 0xe4], Array("caf".utf8) + [0xe9]])
    #expect(python.recordings[1].stdoutBytes == Array("caf".utf8) + [0xe9, 0x0a])
    #expect(python.recordings[0].stdout == "äöü € 😀 na\u{308}her\n")
    #expect(python.recordings[0].envSubset["AWS_PROFILE"] == "müller")
  }
}
