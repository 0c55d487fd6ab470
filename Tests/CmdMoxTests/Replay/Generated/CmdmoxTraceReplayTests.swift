// swift-format-ignore-file
// Made by `cmdmox generate-test` of cmdmox-trace; yours to change.

import CmdMox
import SystemPackage
import Testing

@Suite struct CmdmoxTraceReplayTests {
  static let fixture = FilePath(#filePath).removingLastComponent().pushing(FilePath("../../../Fixtures/cmdmox-trace.json"))

  @Test func `replays as recorded`() throws {
    let session = ReplaySession(fixturePath: Self.fixture)
    try session.load()

    do {  // recording 0
      let invocation = Invocation(
        command: "sh",
        args: ["-c", "gcc -c ümlaut.c; ./old"],
        stdin: "",
        env: [:])
      let response = try #require(try session.match(invocation))
      #expect(response.stdout == "")
      #expect(response.stderr == "")
      #expect(response.exitCode == 2)
    }

    try session.verify()
  }
}
