import Foundation
import Glibc
import Testing

@Suite("The bare form, whatever its root is")
struct RootTests {
  @Test("A root that becomes another program")
  func executes() throws {
    let bare = try BareForm(in: Sandbox())
    let result = try bare.run("sh", "-c", "/bin/true; exec /bin/sh -c '/bin/false; exit 4'")
    #expect(result.ending == .exited(4))
    let fixture = try bare.fixture()
    fixture.expectLines([
      "true | exited 0 | < -", "sh -c '/bin/false; exit 4' | exited 4 | < -",
      "false | exited 1 | < sh",
    ])
    #expect(fixture.metadata.session?.exitCode == 4)
    #expect(fixture.metadata.session?.command.first == "sh")
  }

  @Test(
    "A root that is killed, or leaves without libc: the fixture follows",
    arguments: [
      ("/bin/true; kill -9 $$", Ending.signaled(9)), ("/bin/true; kill -TERM $$", .signaled(15)),
      ("/bin/true; exec \"$CALLERS/call_leave\" exit_group 5", .exited(5)),
      ("/bin/true; exec \"$CALLERS/call_leave\" abort 0", .signaled(6)),
      ("/bin/true; exec \"$CALLERS/show_static\" exit=6", .exited(6)),
    ])
  func killed(text: String, ending: Ending) throws {
    var bare = try BareForm(in: Sandbox())
    bare.environment["CALLERS"] = try Callers.folder()
    let result = try bare.run("sh", "-c", text)
    #expect(result.ending == ending)
    #expect(waits { (try? bare.fixture()) != nil }, "no fixture")
    let fixture = try bare.fixture()
    fixture.expectLines(including: ["true | exited 0 | < -"])
    fixture.expectConsistent(with: ending)
    #expect(waits { bare.sandbox.sessionDirectories().isEmpty })
  }

  @Test("A root that leaves by daemon(3): the one that was waited for is the root")
  func daemon() throws {
    let bare = try BareForm(in: Sandbox())
    let result = try bare.run(try Callers.path("call_leave"), "daemon", "0")
    #expect(result.ending == .exited(0))
    #expect(waits { (try? bare.fixture()) != nil }, "no fixture")
    try bare.fixture().expectConsistent(with: .exited(0))
  }

  @Test(
    "Root in a folder that nobody else enters: who drops privileges is recorded all the same",
    .requiresRoot, .requires("setpriv"))
  func privateFolder() throws {
    var bare = try BareForm(in: Sandbox())
    let folder = bare.sandbox.folder + "/private"
    try FileManager.default.createDirectory(
      atPath: folder, withIntermediateDirectories: false, attributes: [.posixPermissions: 0o700])
    bare.environment["XDG_RUNTIME_DIR"] = folder
    bare.environment["TMPDIR"] = folder
    let result = try bare.run(
      "sh", "-c", "setpriv --reuid 65534 --regid 65534 --clear-groups /bin/true; exit 3")
    #expect(result.ending == .exited(3))
    try bare.fixture().expectLines(including: ["true | exited 0 | < setpriv"])
  }

  @Test("With a static root nothing happens: no library can be put into it")
  func staticRoot() throws {
    let bare = try BareForm(in: Sandbox())
    let result = try bare.run(try Callers.path("show_static"), "exit=3")
    #expect(result.ending == .exited(3))
    #expect(result.errors.isEmpty)
    let names = try FileManager.default.contentsOfDirectory(atPath: bare.sandbox.work)
    #expect(names.isEmpty)
    #expect(bare.sandbox.sessionDirectories().isEmpty)
  }

  @Test("Command substitution ends, and gets what the program printed and nothing else")
  func substitution() throws {
    var bare = try BareForm(in: Sandbox())
    bare.environment["LIBRARY"] = bare.library
    var launch = bare.launch([
      "bash", "-c",
      """
      x=$(LD_PRELOAD=$LIBRARY sh -c '/bin/echo inner; exit 3' 2>&1); echo "$? [$x]"
      LD_PRELOAD=$LIBRARY sh -c 'sleep 1000 >/dev/null 2>&1 & echo $!; exit 4' >child; echo $?
      kill $(cat child)
      echo piped | LD_PRELOAD=$LIBRARY sh -c 'cat; sh -c "exit 5"' 2>&1 | cat
      """,
    ])
    launch.preload = nil
    launch.output = bare.sandbox.folder + "/stdout"
    launch.errors = bare.sandbox.folder + "/stderr"
    #expect(try launch.run() == .exited(0))
    #expect(bare.sandbox.text(of: "stdout") == "3 [inner]\n4\npiped\n")
    #expect(bare.sandbox.text(of: "stderr").isEmpty)
  }

  @Test("A relative path of the library, and a program that goes elsewhere")
  func relativeLibrary() throws {
    var bare = try BareForm(in: Sandbox())
    try bare.sandbox.copy(bare.library, to: bare.sandbox.folder + "/libcmdmox.so")
    bare.library = "../libcmdmox.so"
    let result = try bare.run("sh", "-c", "cd /; /bin/true; sh -c '/bin/false; exit 3'")
    #expect(result.ending == .exited(3))
    #expect(result.errors.isEmpty, "\(result.errors)")
    try bare.fixture().expectLines([
      "true | exited 0 | < -", "sh -c '/bin/false; exit 3' | exited 3 | < -",
      "false | exited 1 | < sh",
    ])
  }

  @Test("The tool puts its library where ld.so can load it", arguments: ["a b", "a:b", "ümlaut"])
  func unsafePath(name: String) throws {
    let sandbox = try Sandbox()
    let folder = sandbox.folder + "/" + name
    for part in ["bin", "lib"] {
      try FileManager.default.createDirectory(
        atPath: folder + "/" + part, withIntermediateDirectories: true)
    }
    try sandbox.copy(BuiltParts.tool, to: folder + "/bin/cmdmox")
    try sandbox.copy(BuiltParts.library, to: folder + "/lib/libcmdmox.so")
    var launch = Launch(
      arguments: [
        folder + "/bin/cmdmox", "trace", "-o", sandbox.fixture, "--quiet", "--",
        "sh", "-c", "/bin/true; exit 3",
      ], environment: sandbox.environment, directory: sandbox.work)
    launch.errors = sandbox.folder + "/stderr"
    #expect(try launch.run() == .exited(3))
    #expect(sandbox.text(of: "stderr").isEmpty)
    let data = try #require(FileManager.default.contents(atPath: sandbox.fixture))
    try Fixture(json: data).expectLines(["true | exited 0 | < -"])
    #expect(waits { sandbox.sessionDirectories().isEmpty })
  }
}
