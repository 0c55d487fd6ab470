// swift-format-ignore-file
// Made by `cmdmox generate-test` of python-scrubbed; yours to change.

import CmdMox
import SystemPackage
import Testing

@Suite struct PythonScrubbedReplayTests {
  static let fixture = FilePath(#filePath).removingLastComponent().pushing(FilePath("../../../Fixtures/python-scrubbed.json"))

  @Test func `replays as recorded`() throws {
    let session = ReplaySession(fixturePath: Self.fixture)
    try session.load()

    do {  // recording 0
      let invocation = Invocation(
        command: "aws",
        args: ["s3", "ls", "s3://bucket", "", "a b", "two\nlines", "tab\tquote\"backslash\\slash/"],
        stdin: "",
        env: ["AWS_PROFILE": "müller", "AWS_REGION": "eu-central-1"])
      let response = try #require(try session.match(invocation))
      #expect(response.stdout == "äöü € 😀 na\u{308}her\n")
      #expect(response.stderr == "\u{1b}[31mred\u{1b}[0m\u{0}\u{7f}\u{85}\n")
      #expect(response.exitCode == 254)
    }

    do {  // recording 1
      var invocation = Invocation(
        command: "echo",
        args: ["��", "caf�"],
        stdin: "",
        env: [:])
      invocation.bytes["args", "0"] = [255, 228]
      invocation.bytes["args", "1"] = [99, 97, 102, 233]
      let response = try #require(try session.match(invocation))
      #expect(response.stdout == "caf�\n")
      #expect(response.stderr == "")
      #expect(response.exitCode == 0)
    }

    try session.verify()
  }
}
