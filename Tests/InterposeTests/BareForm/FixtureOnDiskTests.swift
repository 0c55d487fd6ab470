import Foundation
import Glibc
import Testing

@Suite("The bare form leaves its fixture")
struct FixtureOnDiskTests {
  @Test("It is there when the command returns, 100 times of 100")
  func hundredTimes() throws {
    let bare = try BareForm(in: Sandbox())
    for round in 0..<100 {
      let result = try bare.run("sh", "-c", "/bin/true \(round); exit \(round)")
      #expect(result.ending == .exited(Int32(round)))
      #expect(result.errors.isEmpty)
      // At once: nothing waits here.
      try bare.fixture().expectLines(["true \(round) | exited 0 | < -"])
      try FileManager.default.removeItem(atPath: bare.sandbox.work + "/cmdmox.json")
    }
    #expect(waits { bare.sandbox.sessionDirectories().isEmpty })
  }

  @Test("In any working directory", arguments: ["work", "a wörk dir", "x'y\"z$"])
  func anyDirectory(name: String) throws {
    let bare = try BareForm(in: Sandbox(workingDirectory: name))
    _ = try bare.run("sh", "-c", "mkdir -p inner; cd inner; /bin/true; exit 3")
    try bare.fixture(name + "/cmdmox.json").expectLines(including: ["true | exited 0 | < -"])
  }

  @Test("Where nothing can be written, the program runs and one line says so")
  func unwritable() throws {
    var bare = try BareForm(in: Sandbox())
    // Not even root can make a file there.
    bare.directory = "/proc"
    let result = try bare.run("sh", "-c", "/bin/echo out; exit 3")
    #expect(result.ending == .exited(3))
    #expect(result.output == "out\n")
    let lines = result.errors.split(separator: "\n")
    #expect(lines.count == 1 && lines.first?.hasPrefix("cmdmox: ") == true, "\(result.errors)")
    #expect(result.errors.contains("/proc"), "\(result.errors)")
  }

  @Test("An earlier fixture is kept as .old, and only the last one")
  func keepsOld() throws {
    let bare = try BareForm(in: Sandbox())
    for word in ["first", "second", "third"] {
      _ = try bare.run("sh", "-c", "/bin/true \(word); :")
    }
    try bare.fixture().expectLines(["true third | exited 0 | < -"])
    try bare.fixture("work/cmdmox.json.old").expectLines(["true second | exited 0 | < -"])
    let names = try FileManager.default.contentsOfDirectory(atPath: bare.sandbox.work).sorted()
    #expect(names == ["cmdmox.json", "cmdmox.json.old"])
  }

  @Test("A name can hold the command, the process id and the time")
  func names() throws {
    var bare = try BareForm(in: Sandbox())
    bare.environment["CMDMOX_FIXTURE"] = "../%c-%p-%t.json"
    _ = try bare.run("bash", "-c", "/bin/true $$; :")
    let names = try FileManager.default.contentsOfDirectory(atPath: bare.sandbox.folder)
    let name = try #require(names.first { $0.hasPrefix("bash-") }, "\(names)")
    let fixture = try bare.fixture(name)
    // The root printed its own process id.
    let pid = try #require(fixture.recordings.first?.args.first)
    #expect(name.hasPrefix("bash-\(pid)-20"), "\(name)")
    #expect(name.hasSuffix(".json"))
  }

  @Test("Many at once, each its own")
  func parallel() throws {
    var bare = try BareForm(in: Sandbox())
    bare.environment["CMDMOX_FIXTURE"] = "%c-%p.json"
    bare.environment["LIBRARY"] = bare.library
    var launch = bare.launch([
      "bash", "-c",
      """
      for i in 1 2 3 4 5 6 7 8; do
        LD_PRELOAD=$LIBRARY sh -c "/bin/true $i; /bin/true $i; exit $i" & pids="$pids $!"
      done
      for pid in $pids; do wait $pid; echo $?; done
      """,
    ])
    launch.preload = nil
    launch.output = bare.sandbox.folder + "/stdout"
    #expect(try launch.run() == .exited(0))
    #expect(bare.sandbox.text(of: "stdout") == "1\n2\n3\n4\n5\n6\n7\n8\n")
    let names = try FileManager.default.contentsOfDirectory(atPath: bare.sandbox.work).sorted()
    var lines: [[String]] = []
    for name in names { lines.append(try bare.fixture("work/" + name).lines) }
    let expected = (1...8).map { Array(repeating: "true \($0) | exited 0 | < -", count: 2) }
    #expect(lines.sorted { $0[0] < $1[0] } == expected)
  }

  @Test("Only the commands that were asked for")
  func commands() throws {
    var bare = try BareForm(in: Sandbox())
    bare.environment["CMDMOX_COMMANDS"] = "false,echo"
    bare.environment["CMDMOX_ENV_ALLOW"] = "LETTER"
    bare.environment["LETTER"] = "x"
    _ = try bare.run("sh", "-c", "/bin/true; /bin/false; sh -c '/bin/echo inner; :'; :")
    let fixture = try bare.fixture()
    #expect(fixture.recordings.map(\.command) == ["false", "echo"])
    #expect(fixture.recordings.map(\.envSubset) == [["LETTER": "x"], ["LETTER": "x"]])
  }
}
