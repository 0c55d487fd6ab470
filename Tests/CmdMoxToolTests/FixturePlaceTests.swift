import CmdMox
import Glibc
import SystemPackage
import Testing

@Suite("Where the fixture goes") struct FixturePlaceTests {
  let workspace: Workspace

  init() throws {
    workspace = try Workspace()
  }

  @Test("An earlier fixture is kept")
  func earlier() throws {
    for name in ["true", "false", "ls"] {
      _ = try workspace.trace("-q", shell: "/bin/\(name) >/dev/null; :").run()
    }
    #expect(try workspace.lines() == ["ls: 0 exited"])
    #expect(try workspace.lines("cmdmox.json.old") == ["false: 1 exited"])
  }

  @Test("A symbolic link stays one")
  func link() throws {
    try workspace.write("real.json", "{}")
    #expect(symlink("real.json", workspace.file("cmdmox.json").string) == 0)
    _ = try workspace.trace("-q", shell: "/bin/true; :").run()
    #expect(try workspace.lines("real.json") == ["true: 0 exited"])
    var status = stat()
    #expect(lstat(workspace.file("cmdmox.json").string, &status) == 0)
    #expect(status.st_mode & S_IFMT == S_IFLNK)
  }

  @Test("The name of the command, the process and the time can be in its name")
  func pattern() throws {
    let result = try workspace.cmdmox(
      "trace", "-o", "%c-%%-%x.json", "--", "/bin/sh", "-c", "exit 2"
    ).run()
    #expect(result.status == 2)
    #expect(try workspace.fixture("sh-%-%x.json").recordings.isEmpty)
  }

  @Test(
    "Where no fixture can be written nothing runs",
    arguments: ["nowhere/f.json", "."])
  func obstacle(place: String) throws {
    let result = try workspace.trace("-o", place, shell: "touch ran").run()
    #expect(result.status == 73)
    #expect(result.errorText.contains("\(place): the fixture cannot be written there"))
    #expect(access(workspace.file("ran").string, F_OK) != 0)
  }

  @Test(
    "A full disk keeps the journal, and the program's own status", arguments: [(0, 73), (5, 5)])
  func fullDisk(own: Int32, expected: Int32) throws {
    let result = try workspace.trace("-o", "/dev/full", shell: "/bin/true; exit \(own)").run()
    #expect(result.status == expected)
    let session = try #require(workspace.sessions.first)
    #expect(result.errorText.contains("cmdmox recover \(workspace.file(session))"))
    let command = try #require(
      result.errorText.split(separator: "`").first { $0.hasPrefix("cmdmox recover") })
    let folder = command.dropFirst("cmdmox recover ".count)
    let recovered = try workspace.cmdmox("recover", String(folder), "-o", "again.json").run()
    #expect(recovered.status == 0, "\(recovered.errorText)")
    #expect(try workspace.lines("again.json") == ["true: 0 exited"])
  }

  @Test("What a killed recorder had recorded is recovered")
  func killed() throws {
    let result = try workspace.trace(
      "-q",
      shell: """
        /bin/true
        until grep -q '"true"' "$CMDMOX_SESSION/journal.jsonl"; do :; done
        echo "$CMDMOX_SESSION"
        kill -9 $PPID
        """
    ).run()
    #expect(result.status == 137)
    let folder = result.outputText.dropLast()
    let recovered = try workspace.cmdmox("recover", String(folder)).run()
    #expect(recovered.status == 0, "\(recovered.errorText)")
    #expect(try workspace.lines().first == "true: 0 exited")
  }

  @Test("Recovering needs a journal", arguments: ["nowhere", "."])
  func noJournal(folder: String) throws {
    let result = try workspace.cmdmox("recover", folder).run()
    #expect(result.status == 66)
    #expect(
      result.errorText.hasPrefix("cmdmox: \(folder)/journal.jsonl: the journal cannot be read"))
  }

  @Test("Garbage in the pipe costs no recording and no status")
  func garbage() throws {
    let result = try workspace.trace(
      shell:
        "/bin/true; head -c 300000 /dev/urandom >\"$CMDMOX_SESSION/events\"; ls /nowhere; exit 8"
    ).run()
    #expect(result.status == 8)
    #expect(
      try workspace.lines() == [
        "true: 0 exited", "head -c 300000 /dev/urandom: 0 exited",
        "ls /nowhere: 2 exited",
      ])
    #expect(result.errorText.contains("lost"))
  }
}
